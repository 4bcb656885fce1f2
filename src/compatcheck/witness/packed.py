"""Shows a type that travels in `google.protobuf.Any` to a reader whose schema does not know its name."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.descriptor_pool import DescriptorPool

from compatcheck.diff.changes import Change, Changed, Removed
from compatcheck.reads.effects import DirectedEffect, Direction, Effect
from compatcheck.reads.well_known import ANY
from compatcheck.schema.model import File, Message
from compatcheck.witness.result import Witness
from compatcheck.witness.travel import Road, send, text_of

_PREFIX = "type.googleapis.com/"


def sides_of(change: Change, direction: Direction) -> tuple[Message, str] | None:
    """The type that the writer packs, and the reader's universe; None if the change is not about types."""
    if isinstance(change, Removed) and isinstance(change.old, Message):
        place = change.holder or change.old.place
        return (change.old, place.file.root) if direction is Direction.BACKWARD else None
    if not isinstance(change, Changed):
        return None
    old, new = change.old, change.new
    if isinstance(old, File) and isinstance(new, File) and old.messages and new.messages:
        old, new = old.messages[0], new.messages[0]
    if not isinstance(old, Message) or not isinstance(new, Message):
        return None
    return (old, new.place.file.root) if direction is Direction.BACKWARD else (new, old.place.file.root)


def packed(name: str, effect: DirectedEffect, road: Road) -> Witness | None:
    """An empty message of the type `name`, packed; None if the reader resolves it."""
    if not _knows(road.writer, name) or _knows(road.reader, name):
        return None
    written = Packed(type_url=_PREFIX + name)
    arrival = send(written, Packed(), road)
    if arrival is None or (effect.effect is Effect.REJECTED) != (arrival.read is None):
        return None
    return Witness(
        effect=effect,
        writer=ANY,
        reader=ANY,
        written=text_of(written),
        data=arrival.data,
        read=text_of(arrival.read) if arrival.read is not None else "",
        error=arrival.error,
        missing=(),
        note="" if arrival.error else f"the reader's schema has no `{name}` to unpack it with",
    )


def _knows(pool: DescriptorPool, name: str) -> bool:
    try:
        pool.FindMessageTypeByName(name)
    except KeyError:
        return False
    return True
