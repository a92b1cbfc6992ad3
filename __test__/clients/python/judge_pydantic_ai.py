"""pydantic-ai: an agent with BedrockConverseModel."""

import base64

from pydantic_ai import Agent, BinaryContent
from pydantic_ai.models.bedrock import BedrockConverseModel
from pydantic_ai.providers.bedrock import BedrockProvider

import aws
from driver import serve, tokens


def agent(job):
    model = BedrockConverseModel(job.model, provider=BedrockProvider(bedrock_client=aws.client(job)))
    return Agent(model, model_settings={"max_tokens": job.maxTokens})


def text(job):
    yield from told(agent(job).run_sync(job.text))


def image(job):
    picture = BinaryContent(data=base64.b64decode(job.image), media_type="image/png")
    yield from told(agent(job).run_sync([picture, job.text]))


def told(result):
    yield result.output
    yield usage(result)


def usage(result):
    counts = result.usage() if callable(result.usage) else result.usage
    return tokens(counts.input_tokens, counts.output_tokens)


def stream(job):
    result = agent(job).run_stream_sync(job.text)
    yield from result.stream_text(delta=True)
    yield usage(result)


serve({"text": text, "stream": stream, "image": image})
