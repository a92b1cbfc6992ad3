"""boto3 clients as the clients built on boto3 share them."""

import os

import boto3
from botocore.config import Config


def config(job):
    return Config(
        retries={"mode": "standard", "total_max_attempts": job.attempts},
        connect_timeout=job.timeout,
        read_timeout=job.timeout,
    )


def session(job):
    """The keys of a job. botocore reads API keys from the environment only, when it makes a client."""
    os.environ.pop("AWS_BEARER_TOKEN_BEDROCK", None)
    if job.apiKey:
        os.environ["AWS_BEARER_TOKEN_BEDROCK"] = job.apiKey
    return boto3.Session(
        region_name=job.region,
        aws_access_key_id=job.accessKeyId,
        aws_secret_access_key=job.secretAccessKey,
        aws_session_token=job.sessionToken,
    )


def client(job, service="bedrock-runtime"):
    return session(job).client(service, endpoint_url=job.endpoint, config=config(job))
