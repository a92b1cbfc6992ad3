"""langchain-openai on the gateway: `ChatOpenAI`, `OpenAIEmbeddings`."""

from langchain_core.messages import AIMessageChunk, HumanMessage, ToolMessage
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel

from driver import serve, tokens


class Country(BaseModel):
    """A country and its capital."""

    name: str
    capital: str


def settings(job):
    return {"base_url": f"{job.endpoint}/v1", "api_key": "unused", "max_retries": job.attempts - 1}


def model(job):
    return ChatOpenAI(
        model=job.model, max_tokens=job.maxTokens, timeout=job.timeout, stream_usage=True, **settings(job)
    )


def text(job):
    yield from told(model(job).invoke(job.text))


def image(job):
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{job.image}"}}
    yield from told(model(job).invoke([HumanMessage([picture, {"type": "text", "text": job.text}])]))


def told(answer):
    yield answer.text
    if answer.usage_metadata:
        yield tokens(answer.usage_metadata["input_tokens"], answer.usage_metadata["output_tokens"])


def stream(job):
    whole = AIMessageChunk("")
    for chunk in model(job).stream(job.text):
        yield chunk.text
        whole += chunk
    if whole.response_metadata.get("finish_reason") is None:
        raise EOFError("the stream ended without a finish reason")
    yield tokens(whole.usage_metadata["input_tokens"], whole.usage_metadata["output_tokens"])


def tools(job):
    yield from with_tool(job, lambda bound, messages: bound.invoke(messages))


def tools_stream(job):
    def gathered(bound, messages):
        whole = None
        for chunk in bound.stream(messages):
            whole = chunk if whole is None else whole + chunk
        return whole

    yield from with_tool(job, gathered)


def with_tool(job, ask):
    tool = {"name": job.tool["name"], "description": job.tool["description"], "parameters": job.tool["schema"]}
    messages = [HumanMessage(job.text)]
    called = ask(model(job).bind_tools([tool], tool_choice=job.tool["name"]), messages)
    (call,) = called.tool_calls
    yield {"call": call["args"]}
    messages += [called, ToolMessage("21 degrees", tool_call_id=call["id"])]
    yield from told(ask(model(job).bind_tools([tool]), messages))


def structured(job):
    answer = model(job).with_structured_output(Country, include_raw=True).invoke(job.text)
    country = answer["parsed"]
    yield f"{country.name}: {country.capital}"
    usage = answer["raw"].usage_metadata
    yield tokens(usage["input_tokens"], usage["output_tokens"])


def embed(job):
    embeddings = OpenAIEmbeddings(model=job.model, check_embedding_ctx_length=False, **settings(job))
    yield {"vector": embeddings.embed_query(job.text)}


serve(
    {
        "text": text,
        "stream": stream,
        "image": image,
        "tools": tools,
        "toolsStream": tools_stream,
        "structured": structured,
        "embed": embed,
    }
)
