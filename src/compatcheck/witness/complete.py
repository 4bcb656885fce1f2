"""Adds to a message what only its reader requires, so that what else happens to it can be seen."""

from __future__ import annotations

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message as Value

from compatcheck.reads.effects import Surface
from compatcheck.witness.candidates import candidates
from compatcheck.witness.content import descriptor_of, elements, is_map, write
from compatcheck.witness.fill import fill


def fill_for(written: Value, read: Value, surface: Surface) -> bool:
    """Set what the reader requires, missed in `read`, and the writer can write; whether there was anything."""
    done = False
    for field in descriptor_of(read).fields:
        if field.is_required and not elements(read, field):
            own = _meeting(field, descriptor_of(written), surface)
            if own is not None and not elements(written, own):
                write(written, own, next(candidates(own, None, None)))
                done = True
    for field, _ in read.ListFields():
        own = _meeting(field, descriptor_of(written), surface) if field.message_type is not None else None
        if own is not None and not is_map(own):
            for one, another in zip(elements(written, own), elements(read, field), strict=False):
                if isinstance(one, Value) and isinstance(another, Value):
                    done = fill_for(one, another, surface) or done
    if done:
        fill(written)
    return done


def _meeting(reader: FieldDescriptor, writer: Descriptor, surface: Surface) -> FieldDescriptor | None:
    """The writer's field that a field of the reader gets its value from; extensions are left alone."""
    if reader.is_extension:
        return None
    if surface is not Surface.JSON:
        return writer.fields_by_number.get(reader.number)
    return next((one for one in writer.fields if one.json_name == reader.json_name), None)
