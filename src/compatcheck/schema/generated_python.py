"""Reads file descriptors out of Python code that protoc generated, without running it."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message import DecodeError

SUFFIX = "_pb2.py"
_MARKS = (b"AddSerializedFile", b"serialized_pb")
_CALLS = ("AddSerializedFile", "AddSerializedFileDescriptor", "AddSerializedFileDescriptorPure")
_LARGEST = 8 << 20
"""In bytes; no generated module comes near it, and the syntax tree of a larger text takes gigabytes."""


def descriptors_in(text: bytes) -> tuple[bytes, ...]:
    """The serialised FileDescriptorProtos that a generated module holds, in order; none if it is no such module.

    Modules of protoc 3.20 and later give a literal to `AddSerializedFile`, older ones to `serialized_pb=`, and
    those that also run on Python 2 wrap it in `_b(...)`, as text in latin-1.
    """
    if len(text) > _LARGEST or not any(mark in text for mark in _MARKS):
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text)
        literals = list(_literals(module))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(found for one in literals if (found := _descriptor(one)) is not None)


def _literals(module: ast.Module) -> Iterator[bytes]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name in _CALLS and node.args:
                yield from _bytes(node.args[0])
            for keyword in node.keywords:
                if keyword.arg == "serialized_pb":
                    yield from _bytes(keyword.value)


def _bytes(node: ast.expr) -> Iterator[bytes]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_b" and node.args:
        node = node.args[0]
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bytes):
            yield node.value
        elif isinstance(node.value, str):
            try:
                yield node.value.encode("latin-1")
            except UnicodeEncodeError:
                return


def _descriptor(data: bytes) -> bytes | None:
    """What protoc would have put into a descriptor set: generated code leaves out the JSON names."""
    try:
        file = FileDescriptorProto.FromString(data)
    except DecodeError:
        return None
    if not file.name:
        return None
    for message in file.message_type:
        _name_fields(message)
    for extension in file.extension:
        _name(extension)
    return file.SerializeToString(deterministic=True)


def _name_fields(outermost: DescriptorProto) -> None:
    pending = [outermost]
    while pending:
        message = pending.pop()
        pending.extend(message.nested_type)
        for field in (*message.field, *message.extension):
            _name(field)


def _name(field: FieldDescriptorProto) -> None:
    if not field.HasField("json_name"):
        first, *rest = field.name.split("_")
        field.json_name = first + "".join(part[:1].upper() + part[1:] for part in rest)
