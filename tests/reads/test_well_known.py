"""Well-known types in JSON: what is predicted of their pairs is what Python's runtime does."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

import pytest
from google.protobuf import (
    any_pb2,
    duration_pb2,
    empty_pb2,
    field_mask_pb2,
    json_format,
    struct_pb2,
    timestamp_pb2,
    wrappers_pb2,
)
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass

from compatcheck.reads.effects import Effect, Outcomes
from compatcheck.reads.json import JsonSettings, message_reads
from compatcheck.schema.build import Symbols
from compatcheck.schema.loaded import Universe
from compatcheck.schema.model import Message

_FILES = tuple(
    module.DESCRIPTOR
    for module in (any_pb2, duration_pb2, empty_pb2, field_mask_pb2, struct_pb2, timestamp_pb2, wrappers_pb2)
)
_ANY = '{"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}'
_FORMS = {
    "google.protobuf.Timestamp": ('"1970-01-01T00:00:00Z"', '"2020-01-01T00:00:00.5Z"'),
    "google.protobuf.Duration": ('"0s"', '"1.5s"', '"-3s"'),
    "google.protobuf.FieldMask": ('""', '"a"', '"a,bC"'),
    "google.protobuf.Struct": ("{}", '{"a": 1}', '{"b": "x"}', '{"a": null}', '{"a": "x"}'),
    "google.protobuf.Value": (
        *("null", "1", '"a"', "1.5", "true", "[]", "[1]", "{}", '{"a": 1}', "-1", "1e300"),
        *('"1s"', '"2020-01-01T00:00:00Z"', '"12"', '"NaN"', '"YQ=="'),
    ),
    "google.protobuf.ListValue": ("[]", "[1]", '["a", "b"]'),
    "google.protobuf.Any": ("{}", _ANY),
    "google.protobuf.Empty": ("{}",),
    "Inner": ("{}", '{"a": 1}'),
    # What is empty is not printed.
    "repeated int32": ("[1]", "[1, -2]"),
    "map<string, int32>": ('{"a": 1}', '{"b": 2, "c": 3}'),
}
_NUMBERS = (
    *("0", "1", "-1", "1.5", "2147483648", "-2147483649", "4294967296", "9223372036854775808", "16777217"),
    *("9007199254740993", "18446744073709551615", "1e300", "3e38", '"NaN"', '"Infinity"'),
)
_SCALARS = tuple(
    name.removeprefix("TYPE_").lower()
    for name in FieldDescriptorProto.Type.DESCRIPTOR.values_by_name
    if name not in ("TYPE_GROUP", "TYPE_MESSAGE", "TYPE_ENUM")
)
_WRAPPERS = tuple(message.full_name for message in wrappers_pb2.DESCRIPTOR.message_types_by_name.values())
_KINDS = (*_FORMS, *_WRAPPERS, *_SCALARS)
_EMPTY: tuple[object, ...] = ("", [], {})
_OBJECTS = ("Inner", "google.protobuf.Empty")


@cache
def schema_of(kind: str) -> tuple[Value, Message]:
    """A message with a field of the kind, for the runtime and as the model."""
    package = "well_known_" + re.sub(r"\W", "_", kind)
    file = FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    file.dependency.extend(one.name for one in _FILES)
    message = file.message_type.add(name="M")
    field = message.field.add(name="f", number=1, json_name="f", label=FieldDescriptorProto.LABEL_OPTIONAL)
    if kind in _SCALARS:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
        field.proto3_optional, field.oneof_index = True, 0
        message.oneof_decl.add(name="_f")
    elif kind == "repeated int32":
        field.type, field.label = FieldDescriptorProto.TYPE_INT32, FieldDescriptorProto.LABEL_REPEATED
    elif kind == "map<string, int32>":
        field.type, field.label = FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.LABEL_REPEATED
        field.type_name = f".{package}.M.FEntry"
        entry = message.nested_type.add(name="FEntry")
        entry.options.map_entry = True
        key = entry.field.add(name="key", number=1, label=FieldDescriptorProto.LABEL_OPTIONAL)
        value = entry.field.add(name="value", number=2, label=FieldDescriptorProto.LABEL_OPTIONAL)
        key.type, value.type = FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.TYPE_INT32
    else:
        field.type = FieldDescriptorProto.TYPE_MESSAGE
        field.type_name = f".{package}.Inner" if kind == "Inner" else f".{kind}"
    inner = file.message_type.add(name="Inner").field.add(name="a", number=1, json_name="a")
    inner.type, inner.label = FieldDescriptorProto.TYPE_INT32, FieldDescriptorProto.LABEL_OPTIONAL
    # The runtime finds what is inside of `Any` in the default pool only.
    Default().AddSerializedFile(file.SerializeToString())
    descriptors = {one.name: one.serialized_pb for one in _FILES} | {file.name: file.SerializeToString()}
    name = f"{package}.M"
    made = GetMessageClass(Default().FindMessageTypeByName(name))()
    return made, Symbols(Universe("", "", descriptors, {}, frozenset()), {}).message(name)


@cache
def printed_by(kind: str) -> tuple[str, ...]:
    """What the runtime prints of each value that the kind can have."""
    texts = []
    for text in _candidates(kind):
        message = type(schema_of(kind)[0])()
        try:
            json_format.Parse(f'{{"f": {text}}}', message)
        except json_format.ParseError:
            continue
        texts.append(json_format.MessageToJson(message))
    return tuple(texts)


def _candidates(kind: str) -> tuple[str, ...]:
    if kind in _FORMS:
        return _FORMS[kind]
    if "string" in kind.lower():
        return ('""', '"a"', '"1s"', '"2020-01-01T00:00:00Z"', '"12"', '"a,b"', '"a_b"')
    if "bytes" in kind.lower():
        return ('""', '"YQ=="', '"YWJj"', '"/w=="')
    return ("true", "false") if "bool" in kind.lower() else _NUMBERS


def read(text: str, kind: str, ignore_unknown: bool) -> str | None:
    """What the reader prints of it, None if it rejects the text."""
    message = type(schema_of(kind)[0])()
    try:
        json_format.Parse(text, message, ignore_unknown_fields=ignore_unknown)
    except json_format.ParseError:
        return None
    return json_format.MessageToJson(message)


def predicted(writer: str, reader: str, settings: JsonSettings) -> Outcomes:
    return message_reads(schema_of(writer)[1], schema_of(reader)[1], settings)


def lenient(text: str, reader: str, settings: JsonSettings) -> bool:
    """As `leniencies.takes_for_message`: with unknown fields ignored, text and lists make an empty message."""
    return (
        settings.unknown_fields == "ignore"
        and reader in _OBJECTS
        and isinstance(json.loads(text).get("f"), str | list)
    )


def difference(writer: str, reader: str, settings: JsonSettings) -> str:
    outcomes = predicted(writer, reader, settings)
    rejections = [one.condition for one in outcomes if one.effect is Effect.REJECTED]
    ignores = settings.unknown_fields == "ignore"
    results = [
        (text, read(text, reader, ignores))
        for text in printed_by(writer)
        if not lenient(text, reader, settings)
    ]
    rejected = [result is None for _, result in results]
    if any(rejected) and not rejections:
        return f"{writer} -> {reader}: rejects what is not said to be"
    if results and "" in rejections and not all(rejected):
        return f"{writer} -> {reader}: takes what is said to be rejected"
    if rejections and not any(rejected) and results and "parse" not in "".join(rejections):
        return f"{writer} -> {reader}: never rejected, but {rejections}"
    others = [text for text, result in results if result is not None and not same(text, result)]
    if others and all(one.effect is Effect.REJECTED for one in outcomes):
        return f"{writer} -> {reader}: {others[0]} changes without a word"
    return ""


def same(text: str, other: str) -> bool:
    """Whether both are one value; a number in quotes is that number, and empty is empty."""
    one, another = json.loads(text).get("f"), json.loads(other).get("f")
    if one == another or (one in _EMPTY and (another in _EMPTY or another is None)):
        return True
    try:
        return float(one) == float(another) and not isinstance(one, bool)
    except (TypeError, ValueError):
        return False


@pytest.mark.parametrize("unknown_fields", ["reject", "ignore"])
@pytest.mark.parametrize("writer", _KINDS)
def test_the_python_profile_of_well_known_types_is_what_the_runtime_does(
    writer: str, unknown_fields: str
) -> None:
    settings = JsonSettings("ignore" if unknown_fields == "ignore" else "reject", "python")
    # Scalars and plain messages among themselves are other tests' affair.
    readers = [
        one for one in _KINDS if not ({writer, one} <= set(_SCALARS) or {writer, one} <= set(_OBJECTS))
    ]
    assert len(printed_by(writer)) > 0
    assert not [found for reader in readers if (found := difference(writer, reader, settings))]


@pytest.mark.parametrize("writer", _KINDS)
def test_the_portable_profile_of_well_known_types_is_never_milder(writer: str) -> None:
    for reader in _KINDS:
        for settings in (JsonSettings("ignore", "python"), JsonSettings("reject", "python")):
            python, portable = (
                max((one.effect for one in predicted(writer, reader, each)), default=Effect.SAFE)
                for each in (settings, replace(settings, profile="portable"))
            )
            assert python <= portable, reader
