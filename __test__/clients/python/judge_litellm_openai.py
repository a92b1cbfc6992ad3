"""litellm on the gateway: `openai/…`, its provider for OpenAI-compatible servers."""

import litellm

from chat_answers import pieces, picture, told, user, with_tool
from driver import serve

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


def text(job):
    yield from told(ask(job, user(job.text)))


def image(job):
    yield from told(ask(job, user(picture(job))))


def stream(job):
    yield from pieces(ask(job, user(job.text), stream=True, stream_options={"include_usage": True}))


def tools(job):
    yield from with_tool(job, lambda messages, **more: ask(job, messages, **more))


def tools_stream(job):
    def gathered(messages, **more):
        chunks = ask(job, messages, stream=True, stream_options={"include_usage": True}, **more)
        return litellm.stream_chunk_builder(list(chunks))

    yield from with_tool(job, gathered)


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
