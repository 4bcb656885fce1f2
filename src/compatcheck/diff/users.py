"""The fields that hold an enum, where a value that it lacks does more harm than in a plain field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from compatcheck.diff.effects import Effects
from compatcheck.diff.pairing import Pairing
from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.reads.presence import element
from compatcheck.reads.values import listed
from compatcheck.schema.model import Cardinality, Enum, Field, Schema
from compatcheck.schema.walk import fields_of

ONLY_ELSEWHERE = "only in messages of other schemas: no field here holds the enum on both sides"

_Key = tuple[str, str]


class Users:
    """The fields of both schemas by the enum that they hold, directly or as the value of a map."""

    def __init__(self, old: Schema, new: Schema, pairing: Pairing) -> None:
        self._old, self._new, self._pairing = old, new, pairing

    @cached_property
    def _of_reader(self) -> Mapping[Direction, Mapping[_Key, list[Field]]]:
        return {Direction.BACKWARD: _by_enum(self._new), Direction.FORWARD: _by_enum(self._old)}

    def carried_up(self, effects: Effects, old: Enum, new: Enum) -> Effects:
        """With what a dropped value does to the message around it: the reader's schema decides.

        Measured on the runtimes: a required field that is dropped is missing, which rejects the message; a map
        drops the whole entry with its key.
        """
        return tuple(dict.fromkeys(told for one in effects for told in self._told(one, old, new)))

    def _told(self, one: DirectedEffect, old: Enum, new: Enum) -> Iterator[DirectedEffect]:
        if one.surface in (Surface.WIRE, Surface.JSON) and not self._is_held(old, new, one.surface):
            yield replace(one, condition=_joined(one.condition, ONLY_ELSEWHERE))
            return
        reader = new if one.direction is Direction.BACKWARD else old
        dropped = one.effect is Effect.DROPPED and one.surface in (Surface.WIRE, Surface.JSON)
        holders = self._of_reader[one.direction].get(_key(reader), ()) if dropped else ()
        required = [field for field in holders if field.cardinality is Cardinality.REQUIRED]
        maps = [field for field in holders if field.cardinality is Cardinality.MAP]
        if not holders or len(required) + len(maps) < len(holders):
            yield one
        if required:
            where = "" if len(required) == len(holders) else f"where {_names(required)} requires it"
            yield replace(one, effect=Effect.REJECTED, condition=_joined(one.condition, where))
        if maps:
            yield replace(one, condition=_joined(one.condition, f"the whole entry of {_names(maps)}"))

    def _is_held(self, old: Enum, new: Enum, surface: Surface) -> bool:
        """Whether values of the one ever come to a field of the other."""
        before = self._of_reader[Direction.FORWARD].get(_key(old), ())
        after = self._of_reader[Direction.BACKWARD].get(_key(new), ())
        new_name = self._pairing.new_name
        old_places = {(new_name(one.place.file.root, _owner(one)), _label(one, surface)) for one in before}
        return any((_owner(one), _label(one, surface)) in old_places for one in after)


def _owner(field: Field) -> str:
    return field.extendee or field.full_name.rpartition(".")[0]


def _label(field: Field, surface: Surface) -> int | str:
    """What a reader knows the field by."""
    return field.number if surface is Surface.WIRE or field.extendee else field.json_name


def _by_enum(schema: Schema) -> dict[_Key, list[Field]]:
    fields: dict[_Key, list[Field]] = {}
    for field in (one for file in schema.files for one in fields_of(file)):
        held = field.value if field.cardinality is Cardinality.MAP else field
        if held.type_name and not held.holds_message:
            fields.setdefault(_key(held.enum), []).append(field)
    return fields


def _key(enum: Enum) -> _Key:
    return enum.place.file.path, enum.full_name


def _names(fields: Iterable[Field]) -> str:
    names = (element(field) if field.extendee else field.full_name for field in fields)
    return listed(dict.fromkeys(names))


def _joined(*conditions: str) -> str:
    return ", ".join(filter(None, conditions))
