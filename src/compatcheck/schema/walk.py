"""Walks over everything that a file declares, nested declarations included."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.schema.model import Enum, Field, File, Message, Method


def messages_of(file: File) -> Iterator[Message]:
    """Every message of a file, outer before inner; map entries are left out."""
    for message in file.messages:
        yield from messages_within(message)


def messages_within(outermost: Message) -> Iterator[Message]:
    """A message and all that are nested in it, outer before inner; map entries are left out."""
    pending = [outermost]
    while pending:
        message = pending.pop()
        if not message.is_map_entry:
            yield message
        pending.extend(reversed(message.messages))


def enums_of(file: File) -> Iterator[Enum]:
    """Every enum of a file."""
    yield from file.enums
    for message in messages_of(file):
        yield from message.enums


def extensions_of(file: File) -> Iterator[Field]:
    """Every extension that a file declares, of whatever message."""
    yield from file.extensions
    for message in messages_of(file):
        yield from message.extensions


def fields_of(file: File) -> Iterator[Field]:
    """Every field of the messages of a file, and every extension that it declares."""
    for message in messages_of(file):
        yield from message.fields
    yield from extensions_of(file)


def methods_of(file: File) -> Iterator[Method]:
    """Every method of the services of a file."""
    for service in file.services:
        yield from service.methods
