"""Builds enums and services, which need no symbols but their own, from descriptors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.descriptor_pb2 import EnumDescriptorProto, MethodDescriptorProto, ServiceDescriptorProto
from google.protobuf.unknown_fields import UnknownFieldSet

from compatcheck.schema.features import Features, is_exported
from compatcheck.schema.model import Enum, EnumValue, Method, Place, Scope, Service

# Field numbers of descriptor.proto, of which protoc builds the paths of its source positions.
_ENUM_VALUE, _SERVICE_METHOD = 2, 2

_HTTP_OPTION = 72295728
"""The number of the extension `google.api.http` of MethodOptions (google/api/annotations.proto)."""

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Found(Generic[D]):
    """A descriptor and where its full name was found."""

    descriptor: D
    full_name: str
    place: Place
    features: Features


def build_enum(found: Found[EnumDescriptorProto]) -> Enum:
    enum, full_name, place = found.descriptor, found.full_name, found.place
    return Enum(
        full_name=full_name,
        name=enum.name,
        values=tuple(
            EnumValue(
                full_name=f"{full_name}.{one.name}",
                name=one.name,
                number=one.number,
                place=place.down(_ENUM_VALUE, index),
            )
            for index, one in enumerate(enum.value)
        ),
        closed=found.features.closed_enums,
        exported=is_exported(enum.visibility, place.nested, found.features),
        reserved_numbers=tuple(range(one.start, one.end + 1) for one in enum.reserved_range),
        reserved_names=frozenset(enum.reserved_name),
        place=place,
        numbers=frozenset(one.number for one in enum.value),
    )


def build_service(service: ServiceDescriptorProto, full_name: str, place: Place, symbols: Scope) -> Service:
    return Service(
        full_name=full_name,
        name=service.name,
        methods=tuple(
            Method(
                full_name=f"{full_name}.{one.name}",
                name=one.name,
                request_name=one.input_type.removeprefix("."),
                response_name=one.output_type.removeprefix("."),
                client_streaming=one.client_streaming,
                server_streaming=one.server_streaming,
                has_http=_has_http(one),
                place=place.down(_SERVICE_METHOD, index),
                scope=symbols,
            )
            for index, one in enumerate(service.method)
        ),
        place=place,
    )


def _has_http(method: MethodDescriptorProto) -> bool:
    # The option is an unknown field, unless somebody imported its definition into the same process.
    known = any(field.number == _HTTP_OPTION for field, _ in method.options.ListFields())
    unknown = UnknownFieldSet(method.options)
    return known or any(unknown[index].field_number == _HTTP_OPTION for index in range(len(unknown)))


def join(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent else name
