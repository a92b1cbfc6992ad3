"""pydantic-ai: an agent with BedrockConverseModel."""

import base64

from pydantic_ai import Agent, BinaryContent, Tool
from pydantic_ai.models.bedrock import BedrockConverseModel
from pydantic_ai.providers.bedrock import BedrockProvider

import aws
from driver import serve, tokens


def agent(job, **more):
    model = BedrockConverseModel(job.model, provider=BedrockProvider(bedrock_client=aws.client(job)))
    return Agent(model, model_settings={"max_tokens": job.maxTokens}, **more)


def text(job):
    yield from told(agent(job).run_sync(job.text))


def image(job):
    picture = BinaryContent(data=base64.b64decode(job.image), media_type="image/png")
    yield from told(agent(job).run_sync([picture, job.text]))


def weather(job, calls):
    """The job's tool as a function, which keeps what it was called with."""

    def run(**arguments):
        calls.append(arguments)
        return "21 degrees"

    return Tool.from_schema(run, job.tool["name"], job.tool["description"], job.tool["schema"])


def tools(job):
    calls = []
    result = agent(job, tools=[weather(job, calls)]).run_sync(job.text)
    yield {"call": calls[0]}
    yield from told(result)


def tools_stream(job):
    calls = []
    result = agent(job, tools=[weather(job, calls)]).run_stream_sync(job.text)
    yield from result.stream_text(delta=True)
    yield {"call": calls[0]}
    yield usage(result)


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


serve({"text": text, "stream": stream, "image": image, "tools": tools, "toolsStream": tools_stream})
