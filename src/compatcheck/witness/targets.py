"""What a witness has to write: the two messages that meet, and the way down to where an effect happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from compatcheck.diff.changes import Added, Change, Changed, Removed
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Surface
from compatcheck.reads.json import JsonSettings
from compatcheck.reads.presence import all_fields, element
from compatcheck.schema.model import Cardinality, Enum, EnumValue, Field, Message, Method
from compatcheck.witness.counterparts import Counterparts


@dataclass(frozen=True, slots=True)
class Step:
    """A field of the writer and the field of the reader that gets its value; None where there is none."""

    writer: Field | None
    reader: Field | None


@dataclass(frozen=True, slots=True)
class Target:
    writer: Message
    reader: Message
    steps: tuple[Step, ...]
    """Down to the field that the effect is about; at least one, and all but the last have both fields."""
    number: int | None = None
    """The number of the enum value that the effect is about, if it is about one."""


Meets = Callable[[Field, Message], Field | None]
"""The reader's field that gets what the writer's field holds, if there is one."""


def targets(
    change: Change, effect: DirectedEffect, counterparts: Counterparts, json: JsonSettings
) -> Iterator[Target]:
    """Where an effect of a change can be shown, the simplest place first."""
    meets = partial(_met_by_name, json) if effect.surface is Surface.JSON else _met_by_number
    old, new = _sides(change)
    if isinstance(old, Field) or isinstance(new, Field):
        yield from _of_fields(
            old if isinstance(old, Field) else None,
            new if isinstance(new, Field) else None,
            effect,
            counterparts,
            meets,
        )
    elif isinstance(old, Method) and isinstance(new, Method) and isinstance(change, Changed):
        messages = (
            (old.request, new.request) if change.aspect is Aspect.REQUEST else (old.response, new.response)
        )
        yield from _down(_directed(*messages, effect), (), effect.path, meets, None)
    elif isinstance(old, EnumValue | Enum) or isinstance(new, EnumValue | Enum):
        yield from _of_enum(change, effect, counterparts, meets)


def _sides(change: Change) -> tuple[object, object]:
    if isinstance(change, Added):
        return None, change.new
    if isinstance(change, Removed):
        return change.old, None
    return change.old, change.new


def _directed(old: Message, new: Message, effect: DirectedEffect) -> tuple[Message, Message]:
    return (old, new) if effect.direction is Direction.BACKWARD else (new, old)


def _of_fields(
    old: Field | None,
    new: Field | None,
    effect: DirectedEffect,
    counterparts: Counterparts,
    meets: Meets,
) -> Iterator[Target]:
    before = _parent(old) if old else None
    after = _parent(new) if new else None
    before = before or (counterparts.of_new(after) if after else None)
    after = after or (counterparts.of_old(before) if before else None)
    if before is None or after is None:
        return
    messages = _directed(before, after, effect)
    writer, reader = (old, new) if effect.direction is Direction.BACKWARD else (new, old)
    if writer is None:
        yield from _below(messages, Step(None, reader), effect, None, meets)
        return
    met = meets(writer, messages[1])
    yield from _below(messages, Step(writer, met or reader), effect, None, meets)


def _of_enum(
    change: Change, effect: DirectedEffect, counterparts: Counterparts, meets: Meets
) -> Iterator[Target]:
    """Through the fields that hold the enum; the number is that of the writer's value."""
    old, new = _sides(change)
    written, other = (old, new) if effect.direction is Direction.BACKWARD else (new, old)
    value = written if isinstance(written, EnumValue) else other
    number = value.number if isinstance(value, EnumValue) else None
    for before, after in counterparts.holding(old, new):
        messages = _directed(_parent(before), _parent(after), effect)
        writer, reader = (before, after) if effect.direction is Direction.BACKWARD else (after, before)
        yield from _below(messages, Step(writer, reader), effect, number, meets)


def _below(
    messages: tuple[Message, Message], step: Step, effect: DirectedEffect, number: int | None, meets: Meets
) -> Iterator[Target]:
    """The target at a step, or below it if the effect has a path."""
    if not effect.path:
        yield Target(*messages, (step,), number)
        return
    inside = inner(step)
    if inside is not None:
        yield from _down(messages, (step,), effect.path, meets, inside)


def _down(
    messages: tuple[Message, Message],
    steps: tuple[Step, ...],
    path: tuple[str, ...],
    meets: Meets,
    start: tuple[Message, Message] | None,
) -> Iterator[Target]:
    """The target at the end of a path that starts at `start`, or at the messages themselves."""
    inside: tuple[Message, Message] | None = start or messages
    for name in path:
        if inside is None:
            return
        step = _named(name, *inside, meets)
        steps = (*steps, step)
        inside = inner(step)
    if steps:
        yield Target(*messages, steps)


def inner(step: Step) -> tuple[Message, Message] | None:
    """The messages that the two fields of a step hold; of maps what their values hold."""
    if step.writer is None or step.reader is None:
        return None
    maps = all(field.cardinality is Cardinality.MAP for field in (step.writer, step.reader))
    fields = (step.writer.value, step.reader.value) if maps else (step.writer, step.reader)
    if not all(field.holds_message for field in fields):
        return None
    return fields[0].message, fields[1].message


def _named(name: str, writer: Message, reader: Message, meets: Meets) -> Step:
    """The fields that a step of a path stands for: the reader's name of a field, if the reader has it."""
    theirs = {element(field): field for field in all_fields(writer).values()}
    ours = {element(field): field for field in all_fields(reader).values()}
    field = ours.get(name)
    if field is not None:
        for one in theirs.values():
            if meets(one, reader) is field:
                return Step(one, field)
        return Step(all_fields(writer).get(field.number) or theirs.get(name), field)
    one_sided = theirs.get(name)
    return Step(one_sided, meets(one_sided, reader) if one_sided else None)


def _met_by_number(writer: Field, reader: Message) -> Field | None:
    return all_fields(reader).get(writer.number)


def _met_by_name(json: JsonSettings, writer: Field, reader: Message) -> Field | None:
    """A parser takes the JSON name, or the name in the schema."""
    ours = all_fields(reader).values()
    known = {element(field): field for field in ours}
    known |= {field.json_name: field for field in ours if not field.extendee}
    by_schema = writer.extendee or json.names == "proto"
    return known.get(element(writer) if by_schema else writer.json_name)


def _parent(field: Field) -> Message:
    return field.scope.message(field.extendee or field.full_name.rpartition(".")[0])
