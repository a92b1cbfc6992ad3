"""strands-agents: an agent over ConverseStream, which is all that its Bedrock model uses unless told not to."""

import base64

from strands import Agent
from strands.models import BedrockModel
from strands.tools import PythonAgentTool

import aws
from driver import serve, tokens


def agent(job, streaming, **more):
    model = BedrockModel(
        boto_session=aws.session(job),
        boto_client_config=aws.config(job),
        endpoint_url=job.endpoint,
        model_id=job.model,
        streaming=streaming,
        max_tokens=job.maxTokens,
    )
    return Agent(model=model, callback_handler=None, retry_strategy=None, **more)


def text(job):
    yield from told(agent(job, streaming=False)(job.text))


def stream(job):
    yield from told(agent(job, streaming=True)(job.text))


def image(job):
    picture = {"image": {"format": "png", "source": {"bytes": base64.b64decode(job.image)}}}
    yield from told(agent(job, streaming=False)([picture, {"text": job.text}]))


def tools(job):
    yield from with_tool(job, streaming=False)


def tools_stream(job):
    yield from with_tool(job, streaming=True)


def with_tool(job, streaming):
    calls = []

    def weather(use, **_):
        calls.append(use["input"])
        return {"toolUseId": use["toolUseId"], "status": "success", "content": [{"text": "21 degrees"}]}

    spec = {"name": job.tool["name"], "description": job.tool["description"], "inputSchema": {"json": job.tool["schema"]}}
    result = agent(job, streaming, tools=[PythonAgentTool(spec["name"], spec, weather)])(job.text)
    yield {"call": calls[0]}
    yield from told(result)


def told(result):
    yield str(result).removesuffix("\n")
    usage = result.metrics.accumulated_usage
    yield tokens(usage["inputTokens"], usage["outputTokens"])


serve({"text": text, "stream": stream, "image": image, "tools": tools, "toolsStream": tools_stream})
