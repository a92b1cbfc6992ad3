"""Reads telemetry as its own projects do: Prometheus' text with prometheus_client, OTLP with OpenTelemetry's protobuf.

On standard input {"metrics": text, "traces": [body], "histograms": [body]}; on standard output what they hold.
"""

import base64
import json
import sys

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

IDS = ("traceId", "spanId", "parentSpanId")


def with_protobuf_ids(value):
    """OTLP's JSON has ids in hexadecimal where protobuf's has base64; nothing else differs."""
    if isinstance(value, list):
        return [with_protobuf_ids(one) for one in value]
    if not isinstance(value, dict):
        return value
    as_base64 = lambda hexadecimal: base64.b64encode(bytes.fromhex(hexadecimal)).decode()
    return {key: as_base64(one) if key in IDS else with_protobuf_ids(one) for key, one in value.items()}


def read(bodies, message):
    """Unknown fields and wrong types are errors."""
    return [ParseDict(with_protobuf_ids(body), message()) for body in bodies]


given = json.load(sys.stdin)
families = list(text_string_to_metric_families(given["metrics"]))
spans = [
    span
    for request in read(given["traces"], ExportTraceServiceRequest)
    for resource in request.resource_spans
    for scope in resource.scope_spans
    for span in scope.spans
]
metrics = [
    metric
    for request in read(given["histograms"], ExportMetricsServiceRequest)
    for resource in request.resource_metrics
    for scope in resource.scope_metrics
    for metric in scope.metrics
]
for metric in metrics:
    for point in metric.histogram.data_points:
        assert point.count == sum(point.bucket_counts), metric.name
        assert len(point.bucket_counts) == len(point.explicit_bounds) + 1, metric.name
json.dump(
    {
        "families": {family.name: {"type": family.type, "samples": len(family.samples)} for family in families},
        "spans": [{"name": span.name, "kind": span.kind, "traceId": span.trace_id.hex()} for span in spans],
        "metrics": sorted({metric.name for metric in metrics}),
    },
    sys.stdout,
)
