"""Calls every operation of the management API that the simulator serves, with boto3, and holds each answer against the
required members of botocore's model. Prints the number of operations as JSON; fails at the first thing that is wrong."""

import json
import time

import boto3
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/Bedrock"
NOVA = "amazon.nova-lite-v1:0"
bedrock = boto3.client("bedrock")
runtime = boto3.client("bedrock-runtime")
agents = boto3.client("bedrock-agent-runtime")
called = set()


def missing(shape, value, path):
    """Paths of required members that are not there."""
    if shape.type_name == "structure":
        required = [member for member in shape.required_members if member not in value]
        found = [f"{path}.{member}" for member in required]
        for name, member in shape.members.items():
            found += missing(member, value[name], f"{path}.{name}") if name in value else []
        return found
    if shape.type_name == "list":
        return [gap for item in value for gap in missing(shape.member, item, path + "[]")]
    return []


def call(name, **parameters):
    answer = getattr(bedrock, name)(**parameters)
    operation = bedrock.meta.method_to_api_mapping[name]
    called.add(operation)
    answer.pop("ResponseMetadata")
    shape = bedrock.meta.service_model.operation_model(operation).output_shape
    gaps = missing(shape, answer, operation) if shape else []
    assert not gaps, gaps
    return answer


def refused(code, name, **parameters):
    try:
        getattr(bedrock, name)(**parameters)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError(f"{name} was not refused")


def converse(model):
    answer = runtime.converse(modelId=model, messages=[{"role": "user", "content": [{"text": "What is 1+1?"}]}])
    assert answer["output"]["message"]["content"][0]["text"] == "1 + 1 = 2"


def models():
    assert len(call("list_foundation_models", byProvider="Anthropic")["modelSummaries"]) > 20
    call("get_foundation_model", modelIdentifier=NOVA)
    call("get_foundation_model_availability", modelId=NOVA)
    refused("ResourceNotFoundException", "get_foundation_model", modelIdentifier="nobody.nothing-v1:0")


def profiles():
    pages = bedrock.get_paginator("list_inference_profiles").paginate(PaginationConfig={"PageSize": 9})
    system = [profile for page in pages for profile in page["inferenceProfileSummaries"]]
    assert len(system) == len(call("list_inference_profiles")["inferenceProfileSummaries"]) > 20
    source = {"copyFrom": system[0]["models"][0]["modelArn"]}
    arn = call("create_inference_profile", inferenceProfileName="mine", modelSource={"copyFrom": foundation(NOVA)},
               tags=[{"key": "a", "value": "1"}])["inferenceProfileArn"]
    refused("ConflictException", "create_inference_profile", inferenceProfileName="mine", modelSource=source)
    call("get_inference_profile", inferenceProfileIdentifier=arn)
    converse(arn)
    call("tag_resource", resourceARN=arn, tags=[{"key": "b", "value": "2"}])
    call("untag_resource", resourceARN=arn, tagKeys=["a"])
    assert call("list_tags_for_resource", resourceARN=arn)["tags"] == [{"key": "b", "value": "2"}]
    call("delete_inference_profile", inferenceProfileIdentifier=arn)
    refused("ResourceNotFoundException", "get_inference_profile", inferenceProfileIdentifier=arn)


def foundation(model):
    return bedrock.get_foundation_model(modelIdentifier=model)["modelDetails"]["modelArn"]


def customisation():
    def job(name):
        return call("create_model_customization_job", jobName=name, customModelName=name, roleArn=ROLE,
                    baseModelIdentifier=NOVA, trainingDataConfig={"s3Uri": "s3://data/train.jsonl"},
                    outputDataConfig={"s3Uri": "s3://data/out"}, hyperParameters={"epochCount": "1"})["jobArn"]

    stopped = job("stopped")
    call("stop_model_customization_job", jobIdentifier=stopped)
    arn = job("tuned")
    wait(lambda: call("get_model_customization_job", jobIdentifier=arn)["status"] == "Completed")
    assert len(call("list_model_customization_jobs", nameContains="tun")["modelCustomizationJobSummaries"]) == 1
    model = call("get_custom_model", modelIdentifier="tuned")["modelArn"]
    assert len(call("list_custom_models", isOwned=True)["modelSummaries"]) == 1

    units = call("create_provisioned_model_throughput", provisionedModelName="units", modelId=model, modelUnits=1)
    units = units["provisionedModelArn"]
    wait(lambda: call("get_provisioned_model_throughput", provisionedModelId=units)["status"] == "InService")
    converse(units)
    assert len(call("list_provisioned_model_throughputs")["provisionedModelSummaries"]) == 1
    call("update_provisioned_model_throughput", provisionedModelId=units, desiredModelId=model)
    wait(lambda: call("get_provisioned_model_throughput", provisionedModelId=units)["status"] == "InService")

    live = call("create_custom_model_deployment", modelDeploymentName="live", modelArn=model)["customModelDeploymentArn"]
    wait(lambda: call("get_custom_model_deployment", customModelDeploymentIdentifier=live)["status"] == "Active")
    converse(live)
    call("update_custom_model_deployment", customModelDeploymentIdentifier=live, modelArn=model)
    call("list_custom_model_deployments")

    copy = call("create_model_copy_job", sourceModelArn=model, targetModelName="copied")["jobArn"]
    wait(lambda: call("get_model_copy_job", jobArn=copy)["status"] == "Completed")
    call("list_model_copy_jobs")
    refused("ConflictException", "delete_custom_model", modelIdentifier=model)
    call("delete_custom_model_deployment", customModelDeploymentIdentifier=live)
    call("delete_provisioned_model_throughput", provisionedModelId=units)
    call("delete_custom_model", modelIdentifier=model)
    source = {"s3DataSource": {"s3Uri": "s3://data/artefacts"}}
    call("create_custom_model", modelName="brought", modelSourceConfig=source)


def imports():
    source = {"s3DataSource": {"s3Uri": "s3://data/weights"}}
    arn = call("create_model_import_job", jobName="in", importedModelName="own", roleArn=ROLE, modelDataSource=source)
    arn = arn["jobArn"]
    wait(lambda: call("get_model_import_job", jobIdentifier=arn)["status"] == "Completed")
    call("list_model_import_jobs")
    call("list_imported_models")
    converse(call("get_imported_model", modelIdentifier="own")["modelArn"])
    call("delete_imported_model", modelIdentifier="own")


def batches():
    job = call("create_model_invocation_job", jobName="many", roleArn=ROLE, modelId=NOVA,
               inputDataConfig={"s3InputDataConfig": {"s3Uri": "s3://data/in.jsonl"}},
               outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://data/out/"}})["jobArn"]
    call("stop_model_invocation_job", jobIdentifier=job)
    call("get_model_invocation_job", jobIdentifier=job)
    call("list_model_invocation_jobs")


def routers():
    target = {"modelArn": foundation(NOVA)}
    arn = call("create_prompt_router", promptRouterName="router", models=[target], fallbackModel=target,
               routingCriteria={"responseQualityDifference": 5.0})["promptRouterArn"]
    call("get_prompt_router", promptRouterArn=arn)
    converse(arn)
    assert len(call("list_prompt_routers", type="custom")["promptRouterSummaries"]) == 1
    call("delete_prompt_router", promptRouterArn=arn)


def logging():
    config = {"s3Config": {"bucketName": "logs"}, "textDataDeliveryEnabled": True}
    call("put_model_invocation_logging_configuration", loggingConfig=config)
    assert call("get_model_invocation_logging_configuration")["loggingConfig"] == config
    call("delete_model_invocation_logging_configuration")
    assert "loggingConfig" not in call("get_model_invocation_logging_configuration")


def reranking():
    text = {"type": "TEXT", "textDocument": {"text": "Trees are green."}}
    paris = {"type": "JSON", "jsonDocument": {"city": "Paris", "of": ["the capital", None]}}
    sources = [{"type": "INLINE", "inlineDocumentSource": document} for document in [text] * 600 + [paris]]
    model = {"modelConfiguration": {"modelArn": foundation("cohere.rerank-v3-5:0")}}
    configuration = {"type": "BEDROCK_RERANKING_MODEL", "bedrockRerankingConfiguration": model}
    request = {"queries": [{"type": "TEXT", "textQuery": {"text": "Paris"}}], "sources": sources}
    pages = list(agents.get_paginator("rerank").paginate(**request, rerankingConfiguration=configuration))
    assert [len(page["results"]) for page in pages] == [500, 101]
    assert pages[0]["results"][0]["index"] == 600


def wait(done):
    for _ in range(500):
        if done():
            return
        time.sleep(0.02)
    raise AssertionError("nothing happened")


for part in (models, profiles, customisation, imports, batches, routers, logging, reranking):
    part()
refused("UnknownOperationException", "list_evaluation_jobs")
print(json.dumps(sorted(called)))
