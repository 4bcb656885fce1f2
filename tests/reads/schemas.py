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
_LABELS = {
    Cardinality.REQUIRED: FieldDescriptorProto.LABEL_REQUIRED,
    Cardinality.REPEATED: FieldDescriptorProto.LABEL_REPEATED,
    Cardinality.MAP: FieldDescriptorProto.LABEL_REPEATED,
}
NAMED = (Type.MESSAGE, Type.GROUP, Type.ENUM)
UNPACKABLE = (Type.STRING, Type.BYTES, Type.MESSAGE, Type.GROUP)


@dataclass(frozen=True)
class Spec:
    """A field; `holds` is the name of its message or enum, `key` the type of a map's key."""

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
    """One file of edition 2023, in which features express what the older syntaxes can."""

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


def schema(messages: Iterable[MessageSpec], enums: Iterable[EnumSpec] = ()) -> Schema:
    package = f"p{next(_PACKAGES)}"
    file = FileDescriptorProto(
        name=f"{package}.proto", package=package, syntax="editions", edition=Edition.EDITION_2023
    )
    for enum in enums:
        _add_enum(file.enum_type.add(), enum)
    for message in messages:
        _add_message(file.message_type.add(), message, f".{package}")
    return Schema(file)


def _add_enum(into: EnumDescriptorProto, enum: EnumSpec) -> None:
    into.name = enum.name
    into.options.features.enum_type = FeatureSet.CLOSED if enum.closed else FeatureSet.OPEN
    if len({number for _, number in enum.values}) < len(enum.values):
        into.options.allow_alias = True
    for name, number in enum.values:
        into.value.add(name=f"{enum.name}_{name}", number=number)


def _add_message(into: DescriptorProto, message: MessageSpec, package: str) -> None:
    into.name = message.name
    oneofs = list(dict.fromkeys(spec.oneof for spec in message.fields if spec.oneof))
    for oneof in oneofs:
        into.oneof_decl.add(name=oneof)
    for spec in message.fields:
        field = into.field.add(name=spec.name, number=spec.number)
        field.json_name = spec.json_name or camel(spec.name)
        field.label = _LABELS.get(spec.cardinality, FieldDescriptorProto.LABEL_OPTIONAL)
        if spec.oneof:
            field.oneof_index = oneofs.index(spec.oneof)
        if spec.cardinality is Cardinality.MAP:
            field.type = FieldDescriptorProto.TYPE_MESSAGE
            field.type_name = f"{package}.{message.name}.{_add_entry(into, spec, package)}"
        else:
            _set_type(field, spec, package)
            _set_features(field, spec)
        if spec.default is not None:
            field.default_value = spec.default


def _add_entry(into: DescriptorProto, spec: Spec, package: str) -> str:
    entry = into.nested_type.add(name=camel(spec.name)[0].upper() + camel(spec.name)[1:] + "Entry")
    entry.options.map_entry = True
    key = entry.field.add(name="key", number=1, json_name="key", label=FieldDescriptorProto.LABEL_OPTIONAL)
    key.type = FieldDescriptorProto.Type.Value(f"TYPE_{spec.key.name}")
    value = entry.field.add(
        name="value", number=2, json_name="value", label=FieldDescriptorProto.LABEL_OPTIONAL
    )
    _set_type(value, spec, package)
    if not spec.checks_utf8:
        for field in (key, value):
            if field.type == FieldDescriptorProto.TYPE_STRING:
                field.options.features.utf8_validation = FeatureSet.NONE
    return entry.name


def _set_type(field: FieldDescriptorProto, spec: Spec, package: str) -> None:
    proto = Type.MESSAGE if spec.type is Type.GROUP else spec.type
    field.type = FieldDescriptorProto.Type.Value(f"TYPE_{proto.name}")
    if spec.type in NAMED:
        field.type_name = f"{package}.{spec.holds}"
    if spec.type is Type.GROUP:
        field.options.features.message_encoding = FeatureSet.DELIMITED


def _set_features(field: FieldDescriptorProto, spec: Spec) -> None:
    features = field.options.features
    if spec.cardinality is Cardinality.REQUIRED:
        field.label = FieldDescriptorProto.LABEL_OPTIONAL
        features.field_presence = FeatureSet.LEGACY_REQUIRED
    if spec.cardinality is Cardinality.IMPLICIT:
        features.field_presence = FeatureSet.IMPLICIT
    if spec.cardinality is Cardinality.REPEATED and spec.type not in UNPACKABLE:
        features.repeated_field_encoding = FeatureSet.PACKED if spec.packed else FeatureSet.EXPANDED
    if spec.type is Type.STRING and not spec.checks_utf8:
        features.utf8_validation = FeatureSet.NONE


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
