"""Finds the message on the other side, and the fields of both sides that hold an enum."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from compatcheck.diff.pairing import Pairing
from compatcheck.schema.model import Cardinality, Enum, EnumValue, Field, File, Message, Schema, Type
from compatcheck.schema.walk import messages_of

_Key = tuple[str, str]
"""The path of the file and the full name."""


class Counterparts:
    """How the messages and enums of two schemas meet."""

    def __init__(self, old: Schema, new: Schema, pairing: Pairing) -> None:
        self._old, self._new, self._pairing = old, new, pairing

    def of_old(self, message: Message) -> Message | None:
        """The new message that continues an old one; a file that did not change holds it under its name."""
        return self._after.get(_key(message)) or self._new_names.get(message.full_name)

    def of_new(self, message: Message) -> Message | None:
        return self._before.get(_key(message)) or self._old_names.get(message.full_name)

    def holding(self, old: object, new: object) -> Iterator[tuple[Field, Field]]:
        """The fields of both sides that hold an enum, given by itself or by a value; singular ones first."""
        enums = self._enums_of(old, new)
        if enums is None:
            return
        before, after = (_key(enum) for enum in enums)
        found = []
        for message, field in self._holders.get(before, ()):
            other = self.of_old(message)
            match = other.numbers.get(field.number) if other is not None else None
            if match is not None and _held(match) == after:
                found.append((field, match))
        yield from sorted(found, key=lambda pair: [_rank(field) for field in pair])

    def _enums_of(self, old: object, new: object) -> tuple[Enum, Enum] | None:
        if isinstance(old, Enum) and isinstance(new, Enum):
            return old, new
        for one, other in self._pairing.enums.kept:
            if (isinstance(old, EnumValue) and _declares(one, old)) or (
                old is None and isinstance(new, EnumValue) and _declares(other, new)
            ):
                return one, other
        return None

    @cached_property
    def _after(self) -> dict[_Key, Message]:
        return {_key(one): other for one, other in self._pairing.messages.kept}

    @cached_property
    def _before(self) -> dict[_Key, Message]:
        return {_key(other): one for one, other in self._pairing.messages.kept}

    @cached_property
    def _old_names(self) -> dict[str, Message]:
        return {one.full_name: one for file in self._old.files for one in messages_of(file)}

    @cached_property
    def _new_names(self) -> dict[str, Message]:
        return {one.full_name: one for file in self._new.files for one in messages_of(file)}

    @cached_property
    def _holders(self) -> dict[_Key, list[tuple[Message, Field]]]:
        """The old fields that hold each enum, in the order of their files."""
        holders: dict[_Key, list[tuple[Message, Field]]] = {}
        for file in self._old.files:
            for message in messages_of(file):
                for field in message.fields:
                    held = _held(field)
                    if held is not None:
                        holders.setdefault(held, []).append((message, field))
        return holders


def _key(element: Message | Enum) -> _Key:
    return element.place.file.path, element.full_name


def _held(field: Field) -> _Key | None:
    part = field.value if field.cardinality is Cardinality.MAP else field
    return _key(part.enum) if part.type is Type.ENUM else None


def _rank(field: Field) -> int:
    order = (Cardinality.OPTIONAL, Cardinality.IMPLICIT, Cardinality.REPEATED, Cardinality.MAP)
    return order.index(field.cardinality) if field.cardinality in order else len(order)


def _declares(enum: Enum, value: EnumValue) -> bool:
    file: File = value.place.file
    return enum.place.file is file and any(one is value or one.place == value.place for one in enum.values)
