"""Puts what was tried into a witness: texts, bytes, and a note on what those do not show."""

from __future__ import annotations

from compatcheck.reads.effects import DirectedEffect, Effect, Surface
from compatcheck.witness.make import Shown
from compatcheck.witness.observe import Place, default_texts, overwritten
from compatcheck.witness.result import Witness
from compatcheck.witness.targets import Target
from compatcheck.witness.travel import text_of
from compatcheck.witness.way import Way


def told(shown: Shown, effect: DirectedEffect, target: Target, way: Way) -> Witness:
    """The witness that a message is."""
    read = shown.arrival.read
    return Witness(
        effect=effect,
        writer=target.writer.full_name,
        reader=target.reader.full_name,
        written=text_of(shown.written),
        data=shown.arrival.data,
        read=text_of(read) if read is not None else "",
        error=shown.arrival.error,
        missing=shown.missing,
        note=_note(effect, shown.place, way),
    )


def _note(effect: DirectedEffect, place: Place | None, way: Way) -> str:
    if place is None:
        return ""
    name = ".".join(way.names)
    if effect.effect is Effect.DEFAULT_CHANGED:
        theirs, ours = default_texts(place)
        return f"`{name}` is unset, which is {theirs} to the writer and {ours} to the reader"
    if effect.effect is Effect.PRESENCE_LOST:
        return f"`{name}` was set, and the reader cannot tell that from unset"
    if effect.effect is Effect.LOST:
        return f"the reader keeps one field of a oneof: {', '.join(overwritten(place))} is gone"
    if effect.effect in (Effect.DROPPED, Effect.IGNORED) and way.writer is not None:
        if effect.surface is Surface.WIRE:
            return f"to the reader, number {way.writer.number} is an unknown field"
        if effect.effect is Effect.IGNORED:
            return f"the reader passed over `{name}`"
        return "" if way.reader is None or way.reader.is_repeated else f"to the reader, `{name}` is unset"
    return ""
