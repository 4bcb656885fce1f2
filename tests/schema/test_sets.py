"""Descriptor sets that no compiler wrote."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from compatcheck.schema.build import build
from compatcheck.schema.loading.load import load
from compatcheck.source.snapshot import DescriptorSet, Origin


def _serialised(kind: str) -> bytes:
    """A file that no compiler writes, serialised."""
    file = FileDescriptorProto(name="bad.proto", syntax="proto3")
    message = file.message_type.add(name="Bad")
    if kind == "type":
        message.field.add(name="y", number=1, type=11, label=1, type_name=".Missing")
    elif kind == "oneof":
        message.field.add(name="y", number=1, type=5, label=1, oneof_index=7)
    elif kind == "map":
        message.field.add(name="y", number=1, type=11, label=3, type_name=".Bad.E")
        message.nested_type.add(name="E").options.map_entry = True
    elif kind == "method":
        file.service.add(name="S").method.add(name="M", input_type=".Missing", output_type=".Bad")
    return file.SerializeToString() + (b"\x22\x02\x0a\x50" if kind == "cut off" else b"")


@pytest.mark.parametrize("kind", ["type", "oneof", "map", "method", "cut off"])
def test_a_file_of_a_set_that_no_compiler_wrote_is_unknown_and_the_rest_is_loaded(kind: str) -> None:
    bad = _serialised(kind)
    good = FileDescriptorProto(name="good.proto", syntax="proto3").SerializeToString()
    data = b"".join(b"\x0a" + bytes([len(one)]) + one for one in (bad, good))
    empty_set = DescriptorSet(Origin("descriptor-set", "old.binpb"), b"")
    loaded = load(empty_set, DescriptorSet(Origin("descriptor-set", "new.binpb"), data))
    assert [(one.path, one.cause) for one in loaded.unknown] == [("bad.proto", "does-not-compile")]
    assert [file.path for file in build(loaded.new).files] == ["good.proto"]


def test_options_of_a_set_are_read_in_whatever_order_its_files_stand() -> None:
    options = FileDescriptorProto(
        name="owner.proto", syntax="proto3", dependency=["google/protobuf/descriptor.proto"]
    )
    options.extension.add(
        name="owner", number=50001, type=9, label=1, extendee=".google.protobuf.MessageOptions"
    )
    user = FileDescriptorProto(name="user.proto", syntax="proto3", dependency=["owner.proto"])
    user.message_type.add(name="Cart").options.MergeFromString(b"\x8a\xb5\x18\x02us")
    importer_first = FileDescriptorSet(file=[user, options]).SerializeToString()
    empty_set = DescriptorSet(Origin("descriptor-set", "old.binpb"), b"")
    loaded = load(empty_set, DescriptorSet(Origin("descriptor-set", "new.binpb"), importer_first))
    assert not loaded.unknown
    files = {file.path: file for file in build(loaded.new).files}
    assert files["user.proto"].messages[0].place.options == {"owner": "us"}
