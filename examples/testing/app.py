"""The program under test: it asks a model, and says so when the answer broke off."""

import boto3


def ask(question):
    message = {"role": "user", "content": [{"text": question}]}
    client = boto3.client("bedrock-runtime")
    answer, stop_reason = "", None
    for event in client.converse_stream(modelId="us.amazon.nova-micro-v1:0", messages=[message])["stream"]:
        if "contentBlockDelta" in event:
            answer += event["contentBlockDelta"]["delta"].get("text", "")
        if "messageStop" in event:
            stop_reason = event["messageStop"]["stopReason"]
    if stop_reason is None:
        raise RuntimeError("The answer broke off.")
    return answer
