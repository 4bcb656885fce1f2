"""Descriptors out of generated Python code, of every format that protoc has written."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc  # type: ignore[import-untyped]  # it has no types
from hypothesis import given
from hypothesis import strategies as st

from compatcheck.schema.generated_python import descriptors_in

PROTO = """
syntax = "proto3";
package shop;
service Cart { rpc AddItem(Item) returns (Item); }
message Item { int32 unit_price = 1; Part part = 2; message Part { string öther_name = 1; } }
""".replace("ö", "o")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[FileDescriptorProto, bytes]:
    """What protoc puts into a descriptor set, and the Python module that it generates of the same file."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "cart.proto").write_text(PROTO)
    out = ["--descriptor_set_out=" + str(folder / "set"), "--python_out=" + str(folder)]
    assert protoc.main(["protoc", f"-I{folder}", *out, "cart.proto"]) == 0
    (file,) = FileDescriptorSet.FromString((folder / "set").read_bytes()).file
    return file, (Path(folder) / "cart_pb2.py").read_bytes()


def parsed(text: bytes) -> list[FileDescriptorProto]:
    return [FileDescriptorProto.FromString(one) for one in descriptors_in(text)]


def test_what_this_protoc_generates_holds_the_whole_descriptor(
    compiled: tuple[FileDescriptorProto, bytes],
) -> None:
    file, module = compiled
    assert parsed(module) == [file]


@pytest.mark.parametrize(
    "form",
    [
        "DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile({literal!r})",
        "DESCRIPTOR = _descriptor.FileDescriptor(name='cart.proto', package='shop', serialized_pb={literal!r})",
        "DESCRIPTOR = _descriptor.FileDescriptor(name='cart.proto', serialized_pb=_b({text!r}))",
        "pool.AddSerializedFileDescriptor({literal!r})",
    ],
)
def test_every_format_is_read(compiled: tuple[FileDescriptorProto, bytes], form: str) -> None:
    file, _ = compiled
    data = FileDescriptorProto.FromString(file.SerializeToString())
    for message in (data.message_type[0], data.message_type[0].nested_type[0]):
        for field in message.field:
            field.ClearField("json_name")
    literal = data.SerializeToString()
    module = form.format(literal=literal, text=literal.decode("latin-1"))
    assert parsed(module.encode()) == [file]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"AddSerializedFile(",
        b"x.AddSerializedFile(b'\\xff\\xff')",
        b"x.AddSerializedFile(open('/etc/passwd').read())",
        b"f(serialized_pb=_b('\\u20ac'))",
        b"x.AddSerializedFile(" + b"(" * 5000,
        b"x.AddSerializedFile(b'')\0",
        b"x.AddSerializedFile(" + b"-" * 100_000 + b"1)",
    ],
)
def test_what_holds_no_descriptor_is_none(text: bytes) -> None:
    assert descriptors_in(text) == ()


@given(st.binary(max_size=200))
def test_any_text_is_read_or_passed_over(text: bytes) -> None:
    descriptors_in(b"AddSerializedFile(" + text)
    descriptors_in(b"x.AddSerializedFile(" + repr(text).encode() + b")")
