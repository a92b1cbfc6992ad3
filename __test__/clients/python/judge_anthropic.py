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
    return dict(model=job.model, max_tokens=job.maxTokens, messages=[{"role": "user", "content": list(content)}])


def text(job):
    yield from told(client(job).messages.create(**request(job, {"type": "text", "text": job.text})))


def image(job):
    source = {"type": "base64", "media_type": "image/png", "data": job.image}
    content = {"type": "image", "source": source}, {"type": "text", "text": job.text}
    yield from told(client(job).messages.create(**request(job, *content)))


def told(message):
    for block in message.content:
        yield block.text
    yield tokens(message.usage.input_tokens, message.usage.output_tokens)


def stream(job):
    with client(job).messages.stream(**request(job, {"type": "text", "text": job.text})) as answer:
        yield from answer.text_stream
        usage = answer.get_final_message().usage
        yield tokens(usage.input_tokens, usage.output_tokens)


serve({"text": text, "stream": stream, "image": image})
