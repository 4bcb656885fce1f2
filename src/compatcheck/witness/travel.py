"""Sends a message from one schema to the other, on the wire or as JSON, through the real runtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from google.protobuf import json_format, text_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import DecodeError
from google.protobuf.message import Message as Value

from compatcheck.reads.effects import Surface
from compatcheck.reads.json import JsonSettings


@dataclass(frozen=True, slots=True)
class Road:
    """How messages travel: the surface, and the pools in which both sides look for extensions and `Any`."""

    surface: Surface
    writer: DescriptorPool
    reader: DescriptorPool
    json: JsonSettings


@dataclass(frozen=True, slots=True)
class Arrival:
    data: bytes | str
    read: Value | None
    """None if the reader took nothing."""
    error: str = ""


def send(written: Value, empty: Value, road: Road) -> Arrival | None:
    """What arrives in `empty`, a new message of the reader; None if the writer itself cannot print the message."""
    if road.surface is Surface.WIRE:
        data = written.SerializeToString(deterministic=True)
        try:
            empty.MergeFromString(data)
        except (DecodeError, UnicodeDecodeError) as error:
            # The latter is how the pure Python runtime rejects a text that is not UTF-8.
            return Arrival(data, None, str(error))
        return Arrival(data, empty)
    try:
        text = json_format.MessageToJson(
            written,
            indent=None,
            preserving_proto_field_name=road.json.names == "proto",
            use_integers_for_enums=road.json.enums == "integers",
            descriptor_pool=road.writer,
        )
    except (json_format.Error, ValueError, TypeError):
        return None
    try:
        json_format.Parse(
            text,
            empty,
            ignore_unknown_fields=road.json.unknown_fields == "ignore",
            descriptor_pool=road.reader,
        )
    except (json_format.Error, ValueError, TypeError) as error:
        return Arrival(text, None, str(error))
    return Arrival(text, empty)


class _Checked(Protocol):
    """What every message has and the stubs leave out."""

    def FindInitializationErrors(self) -> Sequence[str]: ...  # noqa: N802


def what_is_missing(message: Value) -> tuple[str, ...]:
    """The paths of what its schema requires and the message lacks."""
    return tuple(cast(_Checked, message).FindInitializationErrors())


def text_of(message: Value) -> str:
    """The message in text format, on one line, with what is unknown under its number."""
    try:
        return _printed(message)
    except UnicodeDecodeError:
        # A map with a text that is not UTF-8: with nothing but unknown fields there are only bytes to print.
        empty = Empty()
        empty.MergeFromString(message.SerializePartialToString(deterministic=True))
        return _printed(empty)


def _printed(message: Value) -> str:
    text: str = text_format.MessageToString(message, as_one_line=True, print_unknown_fields=True)
    return text.strip()
