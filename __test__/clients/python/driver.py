"""The loop of a judge: one job a line on standard input, one outcome a line on standard output.

A verb is a generator over what its client gave: pieces of text, which are joined, and dicts, which are merged into the
outcome. What it raises ends the outcome, beside what came before it.
"""

import json
import os
import sys
from types import SimpleNamespace


def serve(verbs):
    """Answers jobs with `verbs`, functions by name, until standard input ends."""
    # Libraries print what they like; the protocol keeps the real standard output for itself.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    out.write(json.dumps({"verbs": list(verbs)}) + "\n")
    for line in sys.stdin:
        job = SimpleNamespace(**json.loads(line))
        out.write(json.dumps(outcome_of(verbs[job.verb], job)) + "\n")


def outcome_of(verb, job):
    outcome = {}
    try:
        for part in verb(job):
            if isinstance(part, str):
                outcome["text"] = outcome.get("text", "") + part
            else:
                outcome.update(part)
    except Exception as error:
        outcome["error"] = {"class": class_of(error), "message": str(error)}
    return outcome


def class_of(error):
    """The class that a program would catch, and the code where botocore has no class of its own for it."""
    name = type(error).__name__
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return name if code in (None, name) else f"{name}({code})"


def tokens(given, told):
    """The usage that a client reports, as the runner reads it."""
    return {"tokens": [given, told]}
