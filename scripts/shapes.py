#!/usr/bin/env python3
"""Writes the requests of Amazon Bedrock from AWS's service model to src/simulator/shapes/model.json, and its answers,
for the tests, to __test__/fixtures/shapes/answers.json.

    pip install botocore==1.44.5
    python3 scripts/shapes.py

botocore (https://github.com/boto/botocore, Apache-2.0) carries the models. Only what a request, or an answer, can
hold is kept, one line for each operation and shape, so that a new version shows as a readable diff.
"""

import gzip
import json
import pathlib
import re

import botocore

ROOT = pathlib.Path(__file__).parent.parent
TARGETS = {"input": ROOT / "src/simulator/shapes/model.json", "output": ROOT / "__test__/fixtures/shapes/answers.json"}
SERVICES = {"bedrock-runtime": "2023-09-30", "bedrock": "2023-04-20", "bedrock-agent-runtime": "2023-07-26"}
# Of a service that is another one but for this.
ONLY = {"bedrock-agent-runtime": {"Rerank"}}
# Whole areas of the management API that the simulator does not play.
LEFT_OUT = re.compile("AutomatedReasoning|Evaluation|Marketplace|AdvancedPrompt|ResourcePolicy|DataRetention"
                      "|EnforcedGuardrail|ModelAgreement|AgreementOffers|UseCaseForModelAccess")
# The service leaves these values out of its messages although the public model does not mark them as sensitive: seen
# for `messages.10.member.content.1.member.toolUse.name` and `messages.1.member.content.2.member.image.format`.
SENSITIVE = {"ContentBlock"}
# Values that the service writes into its own answers, and so has to take back with the next request, although the public
# model does not list them: recordings of Claude, Nova 2.
UNLISTED = {"ToolUseType": ["tool_use"]}
PLAIN = {"string": "String", "integer": "Integer", "long": "Long", "float": "Float", "double": "Double",
         "boolean": "Boolean", "blob": "Blob", "timestamp": "Timestamp"}


def load(service, version):
    path = pathlib.Path(botocore.__file__).parent / "data" / service / version / "service-2.json.gz"
    return json.loads(gzip.decompress(path.read_bytes()))


def describe(name, shape, refer):
    """One shape in our notation; `refer` gives the name of a shape that it uses."""
    if shape.get("document"):
        return {"type": "document"}
    kind = shape["type"]
    row = {"type": kind}
    if kind == "structure":
        required = shape.get("required", [])
        row["members"] = {
            member + ("*" if member in required else ""): member_of(name, shape, member, use, refer)
            for member, use in shape["members"].items()
        }
    elif kind == "list":
        row["member"] = refer(shape["member"]["shape"])
    elif kind == "map":
        row["key"], row["value"] = refer(shape["key"]["shape"]), refer(shape["value"]["shape"])
    row |= {key: shape[key] for key in ("min", "max", "pattern", "enum", "union") if key in shape}
    if name in UNLISTED:
        row["enum"] = row["enum"] + UNLISTED[name]
    if shape.get("sensitive") or name in SENSITIVE:
        row["sensitive"] = True
    return row


def member_of(name, shape, member, use, refer):
    """A member of the body is its shape's name; one from elsewhere is [shape, where, name there]."""
    if shape.get("payload") == member:
        return [refer(use["shape"]), "payload", member]
    if "location" in use:
        return [refer(use["shape"]), use["location"], use["locationName"]]
    assert use.get("locationName", member) == member, (name, member)
    return refer(use["shape"])


def write(side, target):
    operations, shapes = {}, {}

    for service, version in SERVICES.items():
        model = load(service, version)

        def refer(name):
            source = model["shapes"][name]
            if source.get("eventstream"):
                return "Blob"
            row = describe(name, source, lambda inner: inner)
            if row == {"type": source["type"]} and source["type"] in PLAIN:
                name = PLAIN[source["type"]]
            elif row["type"] == "document":
                name = "Document"
            elif shapes.get(name) not in (None, describe(name, source, plain)):
                name = f"{service}.{name}"
            if name not in shapes:
                shapes[name] = None  # the place in the file, and the end of recursion
                shapes[name] = describe(name.split(".")[-1], source, refer)
            return name

        def plain(name):
            """The name that `refer` would give, without following it."""
            source = model["shapes"][name]
            if describe(name, source, lambda inner: inner) == {"type": source["type"]} and source["type"] in PLAIN:
                return PLAIN[source["type"]]
            return "Document" if source.get("document") else name

        for name, operation in sorted(model["operations"].items()):
            if LEFT_OUT.search(name) or name not in ONLY.get(service, {name}):
                continue
            http = operation["http"]
            uri = re.sub(r"(?<=.)/$", "", http["requestUri"])
            row = [service, http["method"], uri, http.get("responseCode", 200)]
            operations[name] = row + ([refer(operation[side]["shape"])] if side in operation else [])

    def lines(rows):
        return ",\n".join(f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in rows.items())

    notice = (f"Made by scripts/shapes.py from botocore {botocore.__version__}, Copyright Amazon.com, Inc. or its "
              "affiliates, Apache License 2.0. Do not edit.")
    target.parent.mkdir(exist_ok=True)
    target.write_text(f'{{"notice": {json.dumps(notice)},\n"operations": {{\n{lines(operations)}\n}},\n'
                      f'"shapes": {{\n{lines(shapes)}\n}}}}\n')
    print(f"{len(operations)} operations, {len(shapes)} shapes, {target.stat().st_size} bytes in {target}")


if __name__ == "__main__":
    for side, target in TARGETS.items():
        write(side, target)
