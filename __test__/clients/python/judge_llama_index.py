"""llama-index on the gateway: `OpenAILike`, `OpenAILikeEmbedding`."""

from llama_index.core.base.llms.types import ChatMessage, ImageBlock, MessageRole, TextBlock
from llama_index.core.tools import FunctionTool, ToolMetadata
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike
from pydantic import create_model

from driver import serve, tokens


def model(job):
    return OpenAILike(
        model=job.model,
        api_base=f"{job.endpoint}/v1",
        api_key="unused",
        max_tokens=job.maxTokens,
        max_retries=job.attempts - 1,
        timeout=job.timeout,
        is_chat_model=True,
        is_function_calling_model=True,
    )


def user(*blocks):
    return ChatMessage(role=MessageRole.USER, blocks=list(blocks))


def text(job):
    yield from told(model(job).chat([user(TextBlock(text=job.text))]))


def image(job):
    picture = ImageBlock(image=job.image.encode(), image_mimetype="image/png")
    yield from told(model(job).chat([user(picture, TextBlock(text=job.text))]))


def told(answer):
    yield answer.message.content
    yield tokens(answer.raw.usage.prompt_tokens, answer.raw.usage.completion_tokens)


def stream(job):
    for part in model(job).stream_chat([user(TextBlock(text=job.text))], stream_options={"include_usage": True}):
        yield part.delta or ""
        if getattr(part.raw, "usage", None):
            yield tokens(part.raw.usage.prompt_tokens, part.raw.usage.completion_tokens)


def tools(job):
    arguments = create_model("Arguments", city=(str, ...), days=(int | None, None))
    metadata = ToolMetadata(name=job.tool["name"], description=job.tool["description"], fn_schema=arguments)
    tool = FunctionTool(fn=lambda **_: "21 degrees", metadata=metadata)
    llm = model(job)
    messages = [user(TextBlock(text=job.text))]
    called = llm.chat_with_tools([tool], chat_history=messages, tool_required=True)
    (call,) = llm.get_tool_calls_from_response(called)
    yield {"call": call.tool_kwargs}
    result = ChatMessage(role=MessageRole.TOOL, content="21 degrees", additional_kwargs={"tool_call_id": call.tool_id})
    yield from told(llm.chat_with_tools([tool], chat_history=[*messages, called.message, result]))


def embed(job):
    embedding = OpenAILikeEmbedding(
        model_name=job.model,
        api_base=f"{job.endpoint}/v1",
        api_key="unused",
        max_retries=job.attempts - 1,
        timeout=job.timeout,
    )
    yield {"vector": embedding.get_text_embedding(job.text)}


serve(
    {
        "text": text,
        "stream": stream,
        "image": image,
        "tools": tools,
        "embed": embed,
    }
)
