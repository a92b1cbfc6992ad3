"""AnthropicBedrock: Anthropic's own client, over InvokeModel."""

from anthropic import AnthropicBedrock

from driver import serve, tokens


def client(job):
    keys = dict(aws_access_key=job.accessKeyId, aws_secret_key=job.secretAccessKey, aws_session_token=job.sessionToken)
    return AnthropicBedrock(
        base_url=job.endpoint,
        aws_region=job.region,
        **(dict(api_key=job.apiKey) if job.apiKey else keys),
        max_retries=job.attempts - 1,
        timeout=job.timeout,
    )


def request(job, *content):
    return conversation(job, [{"role": "user", "content": list(content)}])


def conversation(job, messages, **more):
    return dict(model=job.model, max_tokens=job.maxTokens, messages=messages, **more)


def text(job):
    yield from told(client(job).messages.create(**request(job, {"type": "text", "text": job.text})))


def image(job):
    source = {"type": "base64", "media_type": "image/png", "data": job.image}
    content = {"type": "image", "source": source}, {"type": "text", "text": job.text}
    yield from told(client(job).messages.create(**request(job, *content)))


def told(message):
    for block in message.content:
        yield block.text
    yield usage(message)


def stream(job):
    with client(job).messages.stream(**request(job, {"type": "text", "text": job.text})) as answer:
        yield from answer.text_stream
        yield usage(answer.get_final_message())


def usage(message):
    return tokens(message.usage.input_tokens, message.usage.output_tokens)


def tools(job):
    yield from with_tool(job, client(job).messages.create)


def tools_stream(job):
    def final(**request):
        with client(job).messages.stream(**request) as answer:
            return answer.get_final_message()

    yield from with_tool(job, final)


def with_tool(job, ask):
    tool = {"name": job.tool["name"], "description": job.tool["description"], "input_schema": job.tool["schema"]}
    messages = [{"role": "user", "content": job.text}]
    forced = {"type": "tool", "name": job.tool["name"]}
    message = ask(**conversation(job, messages, tools=[tool], tool_choice=forced))
    use = next(block for block in message.content if block.type == "tool_use")
    yield {"call": use.input}
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "21 degrees"}
    messages += [{"role": "assistant", "content": message.content}, {"role": "user", "content": [result]}]
    yield from told(ask(**conversation(job, messages, tools=[tool])))


serve({"text": text, "stream": stream, "image": image, "tools": tools, "toolsStream": tools_stream})
