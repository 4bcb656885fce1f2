"""The way from a message down to the field that an effect is about, in what was written and in what was read."""

from __future__ import annotations

from dataclasses import dataclass

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message as Value

from compatcheck.witness.candidates import candidates
from compatcheck.witness.content import down, first_inside, is_map, write
from compatcheck.witness.pools import runtime_field
from compatcheck.witness.targets import Target


@dataclass(frozen=True, slots=True)
class Way:
    """The fields to go through, and the field at the end of it on both sides (None where there is none)."""

    writers: tuple[FieldDescriptor, ...]
    readers: tuple[FieldDescriptor, ...]
    writer: FieldDescriptor | None
    reader: FieldDescriptor | None
    names: tuple[str, ...]
    """All of it as the runtime names it where it tells what is missing."""


def way_of(target: Target, writers: DescriptorPool, readers: DescriptorPool) -> Way:
    """NotTakenError: the runtime does not know one of the fields."""
    through = target.steps[:-1]
    last = target.steps[-1]
    names = [step.reader or step.writer for step in target.steps]
    return Way(
        tuple(runtime_field(step.writer, writers) for step in through if step.writer),
        tuple(runtime_field(step.reader, readers) for step in through if step.reader),
        runtime_field(last.writer, writers) if last.writer else None,
        runtime_field(last.reader, readers) if last.reader else None,
        tuple(f"({one.full_name})" if one.extendee else one.name for one in names if one),
    )


def build(written: Value, way: tuple[FieldDescriptor, ...]) -> Value:
    """The message at the end of the way, which is made."""
    for field in way:
        if not is_map(field):
            written = down(written, field)
            continue
        write(written, field, next(candidates(field, None, None)))
        inside = first_inside(written, field)
        assert inside is not None
        inside.Clear()
        written = inside
    return written


def follow(message: Value, way: tuple[FieldDescriptor, ...]) -> Value | None:
    """The message at the end of the way, through the first element of what repeats; None if it is not there."""
    found: Value | None = message
    for field in way:
        found = first_inside(found, field) if found is not None else None
    return found
