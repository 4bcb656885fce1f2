"""Generated code: what code written for the old schema meets when it is compiled against the new one.

Only one direction exists: the writer is the old element, the reader the new one. Judged is what the strictest
of the usual languages makes of it. Types are not gone down into: each is compiled, and judged, by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes
from compatcheck.reads.presence import element
from compatcheck.schema.model import Cardinality, Enum, Field, Type

_ALIKE: Final = {
    Type.SINT32: Type.INT32,
    Type.SFIXED32: Type.INT32,
    Type.SINT64: Type.INT64,
    Type.SFIXED64: Type.INT64,
    Type.FIXED32: Type.UINT32,
    Type.FIXED64: Type.UINT64,
    Type.GROUP: Type.MESSAGE,
}
"""Types that are told apart on the wire and are one type in every generated language."""


def field_reads(writer: Field, reader: Field) -> Outcomes:
    """What code that uses the old field meets. A message or enum of another full name is another type."""
    return tuple(Outcome(Effect.REJECTED, aspect, condition) for aspect, condition in _broken(writer, reader))


def enum_reads(writer: Enum, reader: Enum) -> Outcomes:
    """What code that names values of the old enum meets; path = (value name,)."""
    names = {value.name for value in reader.values}
    return tuple(
        Outcome(
            Effect.REJECTED,
            Aspect.NAME if value.number in reader.numbers else Aspect.VALUES,
            path=(value.name,),
        )
        for value in writer.values
        if value.name not in names
    )


def _broken(old: Field, new: Field) -> Iterator[tuple[Aspect, str]]:
    if element(old) != element(new):
        yield Aspect.NAME, ""
    if _type(old) != _type(new):
        yield Aspect.TYPE, ""
    shapes = _shape(old), _shape(new)
    if shapes[0] is not shapes[1]:
        yield Aspect.CARDINALITY, ""
    elif old.oneof != new.oneof:
        yield Aspect.ONEOF, ""
    elif not old.repeats and not old.holds_message:
        yield from _presence(old, new)


def _presence(old: Field, new: Field) -> Iterator[tuple[Aspect, str]]:
    implicit = old.cardinality is Cardinality.IMPLICIT, new.cardinality is Cardinality.IMPLICIT
    if implicit == (False, True):
        yield Aspect.PRESENCE, ""
    elif implicit == (True, False):
        yield Aspect.PRESENCE, "only in languages where the field becomes a pointer or an option, as in Go"


def _type(field: Field) -> tuple[object, ...]:
    if field.cardinality is Cardinality.MAP:
        return _type(field.key), _type(field.value)
    return _ALIKE.get(field.type, field.type), field.type_name


def _shape(field: Field) -> Cardinality:
    return field.cardinality if field.repeats else Cardinality.OPTIONAL
