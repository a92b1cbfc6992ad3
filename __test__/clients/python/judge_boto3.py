"""boto3: the operations of bedrock-runtime as they are."""

import base64
import json

from aws import client
from driver import serve, tokens


def converse(job, *content, **more):
    message = {"role": "user", "content": list(content)}
    return dict(modelId=job.model, messages=[message], inferenceConfig={"maxTokens": job.maxTokens}, **more)


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
    for event in client(job).converse_stream(**converse(job, {"text": job.text}))["stream"]:
        if "contentBlockDelta" in event:
            yield event["contentBlockDelta"]["delta"].get("text", "")
        if "metadata" in event:
            usage = event["metadata"]["usage"]
            yield tokens(usage["inputTokens"], usage["outputTokens"])


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


serve({"text": text, "stream": stream, "image": image, "invoke": invoke, "invokeStream": invoke_stream})
