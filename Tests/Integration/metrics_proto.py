# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Google's protobuf library reading the part of io/prometheus/client/metrics.proto that Wingbeat writes."""

import io

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, proto

KINDS = {"double": 1, "uint64": 4, "string": 9, "message": 11, "uint32": 13, "enum": 14, "sint32": 17, "sint64": 18}

# name, number, type; a type with [] is repeated, one with a capital is a message.
MESSAGES = {
    "LabelPair": [("name", 1, "string"), ("value", 2, "string")],
    "Number": [("value", 1, "double")],
    "Timestamp": [("seconds", 1, "uint64"), ("nanos", 2, "uint32")],
    "Exemplar": [("label", 1, "LabelPair[]"), ("value", 2, "double"), ("timestamp", 3, "Timestamp")],
    "Bucket": [("cumulative_count", 1, "uint64"), ("upper_bound", 2, "double"), ("exemplar", 3, "Exemplar")],
    "BucketSpan": [("offset", 1, "sint32"), ("length", 2, "uint32")],
    "Histogram": [
        ("sample_count", 1, "uint64"), ("sample_sum", 2, "double"), ("bucket", 3, "Bucket[]"), ("schema", 5, "sint32"),
        ("zero_threshold", 6, "double"), ("zero_count", 7, "uint64"),
        ("negative_span", 9, "BucketSpan[]"), ("negative_delta", 10, "sint64[]"),
        ("positive_span", 12, "BucketSpan[]"), ("positive_delta", 13, "sint64[]"),
    ],
    "Metric": [
        ("label", 1, "LabelPair[]"), ("gauge", 2, "Number"), ("counter", 3, "Number"), ("histogram", 7, "Histogram"),
    ],
    "MetricFamily": [
        ("name", 1, "string"), ("help", 2, "string"), ("type", 3, "uint32"), ("metric", 4, "Metric[]"),
        ("unit", 5, "string"),
    ],
}


def _family_class():
    file = descriptor_pb2.FileDescriptorProto(name="metrics.proto", package="io.prometheus.client", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            repeated = kind.endswith("[]")
            kind = kind.removesuffix("[]")
            added = message.field.add(name=field, number=number, label=3 if repeated else 1)
            added.type = KINDS.get(kind, KINDS["message"])
            if kind not in KINDS:
                added.type_name = f".io.prometheus.client.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("io.prometheus.client.MetricFamily"))


MetricFamily = _family_class()


def families(body):
    """The families of a delimited exposition by name; every byte must belong to one."""
    stream = io.BytesIO(body)
    found = {}
    while (family := proto.parse_length_prefixed(MetricFamily, stream)) is not None:
        assert family.name not in found
        found[family.name] = family
    assert stream.tell() == len(body)
    return found
