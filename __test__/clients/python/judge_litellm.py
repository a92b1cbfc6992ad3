"""litellm: `bedrock/converse/…` over Converse, `bedrock/invoke/…` over InvokeModel."""

import json

import litellm

from driver import serve, tokens

litellm.suppress_debug_info = True


def completion(job, route, content, **more):
    return conversation(job, route, [{"role": "user", "content": content}], **more)


def conversation(job, route, messages, **more):
    model = f"bedrock/{route}/{job.model}"
    return litellm.completion(model=model, messages=messages, max_tokens=job.maxTokens, **settings(job), **more)


def settings(job):
    api_key = {"api_key": job.apiKey} if job.apiKey else {}
    return dict(
        aws_bedrock_runtime_endpoint=job.endpoint,
        aws_region_name=job.region,
        aws_access_key_id=job.accessKeyId,
        aws_secret_access_key=job.secretAccessKey,
        aws_session_token=job.sessionToken,
        num_retries=job.attempts - 1,
        timeout=job.timeout,
        **api_key,
    )


def text(job):
    yield from told(completion(job, "converse", job.text))


def image(job):
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{job.image}"}}
    yield from told(completion(job, "converse", [picture, {"type": "text", "text": job.text}]))


def invoke(job):
    yield from told(completion(job, "invoke", job.text))


def told(answer):
    yield answer.choices[0].message.content
    yield tokens(answer.usage.prompt_tokens, answer.usage.completion_tokens)


def tools(job):
    yield from with_tool(job, lambda messages, **more: conversation(job, "converse", messages, **more))


def tools_stream(job):
    def gathered(messages, **more):
        chunks = conversation(job, "converse", messages, stream=True, stream_options={"include_usage": True}, **more)
        return litellm.stream_chunk_builder(list(chunks))

    yield from with_tool(job, gathered)


def with_tool(job, ask):
    function = {"name": job.tool["name"], "description": job.tool["description"], "parameters": job.tool["schema"]}
    tool = {"type": "function", "function": function}
    messages = [{"role": "user", "content": job.text}]
    forced = {"type": "function", "function": {"name": job.tool["name"]}}
    message = ask(messages, tools=[tool], tool_choice=forced).choices[0].message
    (call,) = message.tool_calls
    yield {"call": json.loads(call.function.arguments)}
    messages += [message.model_dump(), {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}]
    yield from told(ask(messages, tools=[tool]))


def stream(job):
    yield from pieces(completion(job, "converse", job.text, stream=True, stream_options={"include_usage": True}))


def invoke_stream(job):
    yield from pieces(completion(job, "invoke", job.text, stream=True, stream_options={"include_usage": True}))


def pieces(answer):
    for chunk in answer:
        if chunk.choices:
            yield chunk.choices[0].delta.content or ""
        if getattr(chunk, "usage", None):
            yield tokens(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)


def embed(job):
    answer = litellm.embedding(model=f"bedrock/{job.model}", input=[job.text], **settings(job))
    yield {"vector": answer.data[0]["embedding"]}


serve(
    {
        "text": text,
        "stream": stream,
        "image": image,
        "tools": tools,
        "toolsStream": tools_stream,
        "invoke": invoke,
        "invokeStream": invoke_stream,
        "embed": embed,
    }
)
