"""Schemas built from descriptors, as the model and as classes of the real runtime."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumDescriptorProto,
    FeatureSet,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message as Value
from google.protobuf.message_factory import GetMessageClass

from compatcheck.schema.build import Symbols
from compatcheck.schema.loaded import Universe
from compatcheck.schema.model import Cardinality, Enum, Message, Type

_PACKAGES = count()
FIRST_EXTENSION = 5000
"""Fields from this number on are extensions."""
_PROTO2, _PROTO3, EDITION = SYNTAXES = ("proto2", "proto3", "2023")
_LABELS = {
    Cardinality.REQUIRED: FieldDescriptorProto.LABEL_REQUIRED,
    Cardinality.REPEATED: FieldDescriptorProto.LABEL_REPEATED,
    Cardinality.MAP: FieldDescriptorProto.LABEL_REPEATED,
}
NAMED = (Type.MESSAGE, Type.GROUP, Type.ENUM)
UNPACKABLE = (Type.STRING, Type.BYTES, Type.MESSAGE, Type.GROUP)


@dataclass(frozen=True)
class Spec:
    """A field; `holds` is the name of its message or enum, `key` the type of a map's key.

    A number of FIRST_EXTENSION or more makes it an extension.
    """

    name: str
    number: int
    type: Type
    cardinality: Cardinality = Cardinality.OPTIONAL
    packed: bool = False
    oneof: str = ""
    holds: str = ""
    key: Type = Type.INT32
    default: str | None = None
    checks_utf8: bool = True
    json_name: str = ""


@dataclass(frozen=True)
class MessageSpec:
    name: str
    fields: tuple[Spec, ...] = ()


@dataclass(frozen=True)
class EnumSpec:
    name: str
    values: tuple[tuple[str, int], ...]
    closed: bool = False


@dataclass(frozen=True)
class Schema:
    """One file, by default of edition 2023, in which features express what the older syntaxes can."""

    file: FileDescriptorProto

    @cached_property
    def universe(self) -> Symbols:
        return Symbols(Universe("", "", {self.file.name: self.file.SerializeToString()}, {}, frozenset()), {})

    @cached_property
    def pool(self) -> DescriptorPool:
        pool = DescriptorPool()
        pool.AddSerializedFile(self.file.SerializeToString())
        return pool

    def message(self, name: str = "M") -> Message:
        return self.universe.message(f"{self.file.package}.{name}")

    def enum(self, name: str = "E") -> Enum:
        return self.universe.enum(f"{self.file.package}.{name}")

    def new(self, name: str = "M") -> Value:
        return GetMessageClass(self.pool.FindMessageTypeByName(f"{self.file.package}.{name}"))()


def schema(
    messages: Iterable[MessageSpec],
    enums: Iterable[EnumSpec] = (),
    syntax: str = EDITION,
    package: str | None = None,
) -> Schema:
    """A file of what the syntax can express; by default in a package of its own."""
    package = f"p{next(_PACKAGES)}" if package is None else package
    file = FileDescriptorProto(name=f"{package}.proto", package=package)
    if syntax == EDITION:
        file.syntax, file.edition = "editions", Edition.EDITION_2023
    elif syntax == _PROTO3:
        file.syntax = syntax
    for enum in enums:
        _add_enum(file.enum_type.add(), enum, syntax)
    for message in messages:
        _add_message(file, message)
    return Schema(file)


def _add_enum(into: EnumDescriptorProto, enum: EnumSpec, syntax: str) -> None:
    into.name = enum.name
    if syntax == EDITION:
        into.options.features.enum_type = FeatureSet.CLOSED if enum.closed else FeatureSet.OPEN
    if len({number for _, number in enum.values}) < len(enum.values):
        into.options.allow_alias = True
    for name, number in enum.values:
        into.value.add(name=f"{enum.name}_{name}", number=number)


def _add_message(file: FileDescriptorProto, message: MessageSpec) -> None:
    into, package = file.message_type.add(name=message.name), f".{file.package}"
    oneofs = list(dict.fromkeys(spec.oneof for spec in message.fields if spec.oneof))
    for oneof in oneofs:
        into.oneof_decl.add(name=oneof)
    if any(spec.number >= FIRST_EXTENSION for spec in message.fields):
        into.extension_range.add(start=FIRST_EXTENSION, end=2 * FIRST_EXTENSION)
    for spec in message.fields:
        if spec.number >= FIRST_EXTENSION:
            field = file.extension.add(
                name=f"{message.name}_{spec.name}", extendee=f"{package}.{message.name}"
            )
        else:
            field = into.field.add(name=spec.name)
            field.json_name = spec.json_name or camel(spec.name)
        field.number = spec.number
        field.label = _LABELS.get(spec.cardinality, FieldDescriptorProto.LABEL_OPTIONAL)
        if spec.oneof:
            field.oneof_index = oneofs.index(spec.oneof)
        if spec.cardinality is Cardinality.MAP:
            field.type = FieldDescriptorProto.TYPE_MESSAGE
            field.type_name = f"{package}.{message.name}.{_add_entry(file, into, spec)}"
        else:
            _set_type(file, field, spec)
            _set_features(file, field, spec)
        if spec.default is not None:
            field.default_value = spec.default
    if file.syntax == _PROTO3:
        _mark_optional(into, message)


def _mark_optional(into: DescriptorProto, message: MessageSpec) -> None:
    """An `optional` of proto3 is the only member of a oneof that comes after those of the source."""
    for field, spec in zip(into.field, message.fields, strict=True):
        if spec.cardinality is Cardinality.OPTIONAL and not spec.oneof:
            field.proto3_optional = True
            field.oneof_index = len(into.oneof_decl)
            into.oneof_decl.add(name=f"_{spec.name}")


def _add_entry(file: FileDescriptorProto, into: DescriptorProto, spec: Spec) -> str:
    entry = into.nested_type.add(name=camel(spec.name)[0].upper() + camel(spec.name)[1:] + "Entry")
    entry.options.map_entry = True
    key = entry.field.add(name="key", number=1, json_name="key", label=FieldDescriptorProto.LABEL_OPTIONAL)
    key.type = FieldDescriptorProto.Type.Value(f"TYPE_{spec.key.name}")
    value = entry.field.add(
        name="value", number=2, json_name="value", label=FieldDescriptorProto.LABEL_OPTIONAL
    )
    _set_type(file, value, spec)
    if not spec.checks_utf8 and file.syntax == "editions":
        for field in (key, value):
            if field.type == FieldDescriptorProto.TYPE_STRING:
                field.options.features.utf8_validation = FeatureSet.NONE
    return entry.name


def _set_type(file: FileDescriptorProto, field: FieldDescriptorProto, spec: Spec) -> None:
    delimited = spec.type is Type.GROUP and file.syntax == "editions"
    proto = Type.MESSAGE if delimited else spec.type
    field.type = FieldDescriptorProto.Type.Value(f"TYPE_{proto.name}")
    if spec.type in NAMED:
        field.type_name = f".{file.package}.{spec.holds}"
    if delimited:
        field.options.features.message_encoding = FeatureSet.DELIMITED


def _set_features(file: FileDescriptorProto, field: FieldDescriptorProto, spec: Spec) -> None:
    packable = spec.cardinality is Cardinality.REPEATED and spec.type not in UNPACKABLE
    if file.syntax != "editions":
        if packable:
            field.options.packed = spec.packed
        return
    features = field.options.features
    if spec.cardinality is Cardinality.REQUIRED:
        field.label = FieldDescriptorProto.LABEL_OPTIONAL
        features.field_presence = FeatureSet.LEGACY_REQUIRED
    if spec.cardinality is Cardinality.IMPLICIT:
        features.field_presence = FeatureSet.IMPLICIT
    if packable:
        features.repeated_field_encoding = FeatureSet.PACKED if spec.packed else FeatureSet.EXPANDED
    if spec.type is Type.STRING and not spec.checks_utf8:
        features.utf8_validation = FeatureSet.NONE


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
