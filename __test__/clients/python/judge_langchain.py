"""langchain-aws: ChatBedrockConverse over Converse, ChatBedrock over InvokeModel."""

from functools import reduce
from operator import add

from langchain_aws import BedrockEmbeddings, ChatBedrock, ChatBedrockConverse
from langchain_core.messages import HumanMessage, ToolMessage

import aws
from driver import serve, tokens


def model(kind, job):
    runtime = aws.client(job)
    return kind(model=job.model, client=runtime, region_name=job.region, max_tokens=job.maxTokens)


def chat(job):
    return model(ChatBedrockConverse, job)


def text(job):
    yield from told(chat(job).invoke(job.text))


def image(job):
    picture = {"type": "image", "source_type": "base64", "mime_type": "image/png", "data": job.image}
    content = [picture, {"type": "text", "text": job.text}]
    yield from told(chat(job).invoke([{"role": "user", "content": content}]))


def told(message):
    yield message.text
    yield usage(message)


def usage(message):
    return tokens(message.usage_metadata["input_tokens"], message.usage_metadata["output_tokens"])


def tools(job):
    yield from with_tool(job, lambda model, messages: model.invoke(messages))


def tools_stream(job):
    yield from with_tool(job, lambda model, messages: reduce(add, model.stream(messages)))


def with_tool(job, ask):
    function = {"name": job.tool["name"], "description": job.tool["description"], "parameters": job.tool["schema"]}
    tool = {"type": "function", "function": function}
    messages = [HumanMessage(job.text)]
    message = ask(chat(job).bind_tools([tool], tool_choice=job.tool["name"]), messages)
    (call,) = message.tool_calls
    yield {"call": call["args"]}
    messages += [message, ToolMessage("21 degrees", tool_call_id=call["id"])]
    yield from told(ask(chat(job).bind_tools([tool]), messages))


def stream(job):
    yield from pieces(chat(job).stream(job.text))


def invoke(job):
    yield from told(model(ChatBedrock, job).invoke(job.text))


def invoke_stream(job):
    yield from pieces(model(ChatBedrock, job).stream(job.text))


def pieces(answer):
    for chunk in answer:
        yield chunk.text
        if chunk.usage_metadata and chunk.usage_metadata["output_tokens"]:
            yield usage(chunk)


def embed(job):
    yield {"vector": BedrockEmbeddings(client=aws.client(job), model_id=job.model).embed_query(job.text)}


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
