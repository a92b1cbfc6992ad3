"""openai on the gateway: chat completions, embeddings, images, models."""

import base64
import struct

from openai import OpenAI
from pydantic import BaseModel

from chat_answers import picture, told, user, with_tool
from driver import serve, tokens


class Country(BaseModel):
    """What structured output is asked for."""

    name: str
    capital: str


def client(job):
    return OpenAI(
        base_url=f"{job.endpoint}/v1", api_key="unused", max_retries=job.attempts - 1, timeout=job.timeout
    )


def ask(job, messages, **more):
    return client(job).chat.completions.create(model=job.model, messages=messages, max_tokens=job.maxTokens, **more)


def text(job):
    yield from told(ask(job, user(job.text)))


def image(job):
    yield from told(ask(job, user(picture(job))))


def stream(job):
    finished = False
    for chunk in ask(job, user(job.text), stream=True, stream_options={"include_usage": True}):
        for choice in chunk.choices:
            yield choice.delta.content or ""
            finished = finished or choice.finish_reason is not None
        if chunk.usage:
            yield tokens(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
    if not finished:
        raise EOFError("the stream ended without a finish reason")


def tools(job):
    yield from with_tool(job, lambda messages, **more: ask(job, messages, **more), said)


def tools_stream(job):
    def gathered(messages, **more):
        chat = client(job).chat.completions
        more |= {"stream_options": {"include_usage": True}}
        with chat.stream(model=job.model, messages=messages, max_tokens=job.maxTokens, **more) as events:
            return events.get_final_completion()

    yield from with_tool(job, gathered, said)


def said(message):
    return message.model_dump(exclude_none=True, exclude={"parsed"})


def structured(job):
    answer = client(job).chat.completions.parse(
        model=job.model, messages=user(job.text), max_tokens=job.maxTokens, response_format=Country
    )
    country = answer.choices[0].message.parsed
    yield f"{country.name}: {country.capital}"
    yield tokens(answer.usage.prompt_tokens, answer.usage.completion_tokens)


def embed(job):
    # The package asks for base64 by itself.
    answer = client(job).embeddings.create(model=job.model, input=[job.text])
    yield {"vector": answer.data[0].embedding}


def draw(job):
    answer = client(job).images.generate(model=job.model, prompt=job.text, size="512x512", response_format="b64_json")
    # The head of a PNG: signature, then the chunk IHDR with width and height (PNG specification, 11.2.2).
    width, height = struct.unpack(">II", base64.b64decode(answer.data[0].b64_json)[16:24])
    yield f"{width} x {height}"


def models(job):
    listed = [model.id for model in client(job).models.list()]
    (known,) = [model for model in listed if model == job.model]
    yield client(job).models.retrieve(known).id


serve(
    {
        "text": text,
        "stream": stream,
        "image": image,
        "tools": tools,
        "toolsStream": tools_stream,
        "structured": structured,
        "embed": embed,
        "draw": draw,
        "listed": models,
    }
)
