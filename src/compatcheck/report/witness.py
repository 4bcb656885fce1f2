"""A witness for people: what was written, what travelled, what was read."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.reads.effects import Direction, Surface
from compatcheck.report.terminal import clean
from compatcheck.report.words import plural
from compatcheck.witness.result import NoWitness, Witness

BYTES_SHOWN = 64
TEXT_SHOWN = 400

_PEERS = {
    Direction.BACKWARD: ("an old writer", "a new reader"),
    Direction.FORWARD: ("a new writer", "an old reader"),
}


def witness_values(witness: Witness | NoWitness) -> list[str]:
    """What stands behind the label `witness`, a line each."""
    if isinstance(witness, NoWitness):
        return [f"none: {witness.reason.value}"]
    return list(_lines(witness))


def _lines(witness: Witness) -> Iterator[str]:
    effect = witness.effect
    writer, reader = _PEERS[effect.direction]
    where = "in JSON" if effect.surface is Surface.JSON else "on the wire"
    read = f" as {clean(witness.reader)}" if witness.reader != witness.writer else ""
    yield f"{effect.effect.label} {where}: {writer} sends {clean(witness.writer)} to {reader}{read}"
    yield f"written: {_text(witness.written)}"
    if isinstance(witness.data, str):
        yield f"sent:    {_text(witness.data)}"
    else:
        yield f"sent:    {hexadecimal(witness.data)}"
    yield f"read:    {_read(witness)}"
    if witness.note:
        yield f"         {clean(witness.note)}"


def hexadecimal(data: bytes) -> str:
    """The first bytes, and how many there are if those are not all."""
    shown = data[:BYTES_SHOWN].hex(" ")
    if not data:
        return "no bytes"
    return (
        f"{shown} ({plural(len(data), 'byte')})"
        if len(data) <= BYTES_SHOWN
        else f"{shown} … {len(data)} bytes"
    )


def _read(witness: Witness) -> str:
    if witness.error:
        return f"rejected: {_text(witness.error)}"
    if witness.missing:
        names = ", ".join(clean(one) for one in witness.missing)
        return (
            f"{_text(witness.read)}, which lacks {names}: Python's parser leaves that to IsInitialized(), "
            "others reject the message"
        )
    return _text(witness.read)


def _text(text: str) -> str:
    """A text on one line, and how long it is if it is cut."""
    shown = clean(text)
    if len(shown) > TEXT_SHOWN:
        return f"{shown[:TEXT_SHOWN]} … {len(shown)} characters"
    return shown or "(nothing is set)"
