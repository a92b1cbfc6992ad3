"""litellm: `bedrock/converse/…` over Converse, `bedrock/invoke/…` over InvokeModel."""

import litellm

from driver import serve, tokens

litellm.suppress_debug_info = True


def completion(job, route, content, **more):
    api_key = {"api_key": job.apiKey} if job.apiKey else {}
    return litellm.completion(
        model=f"bedrock/{route}/{job.model}",
        messages=[{"role": "user", "content": content}],
        max_tokens=job.maxTokens,
        aws_bedrock_runtime_endpoint=job.endpoint,
        aws_region_name=job.region,
        aws_access_key_id=job.accessKeyId,
        aws_secret_access_key=job.secretAccessKey,
        aws_session_token=job.sessionToken,
        num_retries=job.attempts - 1,
        timeout=job.timeout,
        **api_key,
        **more,
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


serve({"text": text, "stream": stream, "image": image, "invoke": invoke, "invokeStream": invoke_stream})
