"""Questions and answers of OpenAI's chat completions, which several clients share."""

import json

from driver import tokens


def user(content):
    return [{"role": "user", "content": content}]


def picture(job):
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{job.image}"}}
    return [image, {"type": "text", "text": job.text}]


def told(answer):
    yield answer.choices[0].message.content
    yield tokens(answer.usage.prompt_tokens, answer.usage.completion_tokens)


def pieces(answer):
    for chunk in answer:
        if chunk.choices:
            yield chunk.choices[0].delta.content or ""
        if getattr(chunk, "usage", None):
            yield tokens(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)


def with_tool(job, ask, said=lambda message: message.model_dump()):
    """A tool that must be called, its result, and the answer; `said` is a message as it goes back."""
    function = {"name": job.tool["name"], "description": job.tool["description"], "parameters": job.tool["schema"]}
    tool = {"type": "function", "function": function}
    messages = user(job.text)
    forced = {"type": "function", "function": {"name": job.tool["name"]}}
    message = ask(messages, tools=[tool], tool_choice=forced).choices[0].message
    (call,) = message.tool_calls
    yield {"call": json.loads(call.function.arguments)}
    messages += [said(message), {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}]
    yield from told(ask(messages, tools=[tool]))
