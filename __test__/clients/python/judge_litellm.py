"""litellm: `bedrock/converse/…` over Converse, `bedrock/invoke/…` over InvokeModel."""

import litellm

from chat_answers import pieces, picture, told, user, with_tool
from driver import serve

litellm.suppress_debug_info = True


def completion(job, route, content, **more):
    return conversation(job, route, user(content), **more)


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
    yield from told(completion(job, "converse", picture(job)))


def invoke(job):
    yield from told(completion(job, "invoke", job.text))


def tools(job):
    yield from with_tool(job, lambda messages, **more: conversation(job, "converse", messages, **more))


def tools_stream(job):
    def gathered(messages, **more):
        chunks = conversation(job, "converse", messages, stream=True, stream_options={"include_usage": True}, **more)
        return litellm.stream_chunk_builder(list(chunks))

    yield from with_tool(job, gathered)


def stream(job):
    yield from pieces(completion(job, "converse", job.text, stream=True, stream_options={"include_usage": True}))


def invoke_stream(job):
    yield from pieces(completion(job, "invoke", job.text, stream=True, stream_options={"include_usage": True}))


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
