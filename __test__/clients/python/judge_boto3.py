"""boto3: the operations of bedrock-runtime as they are."""

import base64
import json

from aws import client
from driver import serve, tokens


def converse(job, *content):
    return conversation(job, [{"role": "user", "content": list(content)}])


def conversation(job, messages, **more):
    return dict(modelId=job.model, messages=messages, inferenceConfig={"maxTokens": job.maxTokens}, **more)


def text(job):
    answer = client(job).converse(**converse(job, {"text": job.text}))
    yield from told(answer)


def image(job):
    source = {"bytes": base64.b64decode(job.image)}
    answer = client(job).converse(**converse(job, {"image": {"format": "png", "source": source}}, {"text": job.text}))
    yield from told(answer)


def told(answer):
    for block in answer["output"]["message"]["content"]:
        yield block.get("text", "")
    yield tokens(answer["usage"]["inputTokens"], answer["usage"]["outputTokens"])


def stream(job):
    yield from pieces(client(job).converse_stream(**converse(job, {"text": job.text}))["stream"])


def pieces(events):
    for event in events:
        if "contentBlockDelta" in event:
            yield event["contentBlockDelta"]["delta"].get("text", "")
        if "metadata" in event:
            usage = event["metadata"]["usage"]
            yield tokens(usage["inputTokens"], usage["outputTokens"])


def asked_for_tool(job):
    spec = {"name": job.tool["name"], "description": job.tool["description"], "inputSchema": {"json": job.tool["schema"]}}
    return [{"role": "user", "content": [{"text": job.text}]}], {"tools": [{"toolSpec": spec}]}


def result_of(use):
    result = {"toolUseId": use["toolUseId"], "content": [{"text": "21 degrees"}]}
    return {"role": "user", "content": [{"toolResult": result}]}


def tools(job):
    runtime, (messages, config) = client(job), asked_for_tool(job)
    forced = config | {"toolChoice": {"tool": {"name": job.tool["name"]}}}
    message = runtime.converse(**conversation(job, messages, toolConfig=forced))["output"]["message"]
    use = next(block["toolUse"] for block in message["content"] if "toolUse" in block)
    yield {"call": use["input"]}
    messages += [message, result_of(use)]
    yield from told(runtime.converse(**conversation(job, messages, toolConfig=config)))


def tools_stream(job):
    runtime, (messages, config) = client(job), asked_for_tool(job)
    forced = config | {"toolChoice": {"tool": {"name": job.tool["name"]}}}
    use, arguments = {}, ""
    for event in runtime.converse_stream(**conversation(job, messages, toolConfig=forced))["stream"]:
        if "contentBlockStart" in event:
            use = event["contentBlockStart"]["start"]["toolUse"]
        if "contentBlockDelta" in event:
            arguments += event["contentBlockDelta"]["delta"].get("toolUse", {}).get("input", "")
    use["input"] = json.loads(arguments)
    yield {"call": use["input"]}
    messages += [{"role": "assistant", "content": [{"toolUse": use}]}, result_of(use)]
    yield from pieces(runtime.converse_stream(**conversation(job, messages, toolConfig=config))["stream"])


def claude(job):
    messages = [{"role": "user", "content": job.text}]
    return json.dumps({"anthropic_version": "bedrock-2023-05-31", "max_tokens": job.maxTokens, "messages": messages})


def invoke(job):
    answer = client(job).invoke_model(modelId=job.model, body=claude(job))
    for block in json.loads(answer["body"].read())["content"]:
        yield block["text"]
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    yield tokens(int(headers["x-amzn-bedrock-input-token-count"]), int(headers["x-amzn-bedrock-output-token-count"]))


def invoke_stream(job):
    for event in client(job).invoke_model_with_response_stream(modelId=job.model, body=claude(job))["body"]:
        chunk = json.loads(event["chunk"]["bytes"])
        if chunk["type"] == "content_block_delta":
            yield chunk["delta"]["text"]
        if chunk["type"] == "message_stop":
            metrics = chunk["amazon-bedrock-invocationMetrics"]
            yield tokens(metrics["inputTokenCount"], metrics["outputTokenCount"])


def embed(job):
    answer = client(job).invoke_model(modelId=job.model, body=json.dumps({"inputText": job.text}))
    yield {"vector": json.loads(answer["body"].read())["embedding"]}


def count(job):
    asked = {"messages": [{"role": "user", "content": [{"text": job.text}]}]}
    answer = client(job).count_tokens(modelId=job.model, input={"converse": asked})
    yield f"{answer['inputTokens']} tokens"


def models(job):
    summaries = client(job, "bedrock").list_foundation_models(byProvider="anthropic")["modelSummaries"]
    yield next(summary["modelArn"] for summary in summaries if summary["modelId"] == job.model)


def guardrail(job):
    bedrock = client(job, "bedrock")
    identifier = bedrock.create_guardrail(**job.guardrail)["guardrailId"]
    config = {"guardrailIdentifier": identifier, "guardrailVersion": "DRAFT"}
    messages = [{"role": "user", "content": [{"text": job.text}]}]
    yield from told(client(job).converse(**conversation(job, messages, guardrailConfig=config)))
    bedrock.delete_guardrail(guardrailIdentifier=identifier)


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
        "count": count,
        "models": models,
        "guardrail": guardrail,
    }
)
