"""litellm on the gateway: `openai/…`, its provider for OpenAI-compatible servers."""

import json

import litellm

from driver import serve, tokens

litellm.suppress_debug_info = True


def settings(job):
    return {
        "api_base": f"{job.endpoint}/v1",
        "api_key": "unused",
        "max_retries": job.attempts - 1,
        "timeout": job.timeout,
    }


def ask(job, messages, **more):
    model = f"openai/{job.model}"
    return litellm.completion(model=model, messages=messages, max_tokens=job.maxTokens, **settings(job), **more)


def user(content):
    return [{"role": "user", "content": content}]


def text(job):
    yield from told(ask(job, user(job.text)))


def image(job):
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{job.image}"}}
    yield from told(ask(job, user([picture, {"type": "text", "text": job.text}])))


def told(answer):
    yield answer.choices[0].message.content
    yield tokens(answer.usage.prompt_tokens, answer.usage.completion_tokens)


def stream(job):
    for chunk in ask(job, user(job.text), stream=True, stream_options={"include_usage": True}):
        if chunk.choices:
            yield chunk.choices[0].delta.content or ""
        if getattr(chunk, "usage", None):
            yield tokens(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)


def tools(job):
    yield from with_tool(job, lambda messages, **more: ask(job, messages, **more))


def tools_stream(job):
    def gathered(messages, **more):
        chunks = ask(job, messages, stream=True, stream_options={"include_usage": True}, **more)
        return litellm.stream_chunk_builder(list(chunks))

    yield from with_tool(job, gathered)


def with_tool(job, ask):
    function = {"name": job.tool["name"], "description": job.tool["description"], "parameters": job.tool["schema"]}
    tool = {"type": "function", "function": function}
    messages = user(job.text)
    forced = {"type": "function", "function": {"name": job.tool["name"]}}
    message = ask(messages, tools=[tool], tool_choice=forced).choices[0].message
    (call,) = message.tool_calls
    yield {"call": json.loads(call.function.arguments)}
    messages += [message.model_dump(), {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}]
    yield from told(ask(messages, tools=[tool]))


def embed(job):
    answer = litellm.embedding(model=f"openai/{job.model}", input=[job.text], encoding_format="float", **settings(job))
    yield {"vector": answer.data[0]["embedding"]}


serve(
    {
        "text": text,
        "stream": stream,
        "image": image,
        "tools": tools,
        "toolsStream": tools_stream,
        "embed": embed,
    }
)
