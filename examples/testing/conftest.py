"""One simulator for the whole run, and for every test an account of its own in it."""

import json
import os
import signal
import subprocess
import urllib.request

import boto3
import pytest


@pytest.fixture(scope="session")
def simulator():
    command = ["npx", "bedrock-wrapper", "simulate", "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        started = json.loads(process.stdout.readline())
        yield started
        os.kill(started["pid"], signal.SIGTERM)


@pytest.fixture
def bedrock(simulator, monkeypatch):
    """Adds rules: `bedrock({"match": …, "answer": …})`."""

    def post(path, body):
        request = urllib.request.Request(f"{simulator['url']}/_simulator/{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    # Credentials of a shell that is set up for AWS would be sent instead.
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK"):
        monkeypatch.delenv(name, raising=False)
    session = post("sessions", {})
    for name, value in {**simulator["env"], **session["env"]}.items():
        monkeypatch.setenv(name, value)
    # boto3 keeps the keys that it has read once.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    return lambda *rules: post(f"rules?account={session['account']}", rules)
