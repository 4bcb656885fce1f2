"""Every pair of type, cardinality and packing: the predicted effects are those that the runtime shows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pytest

from compatcheck.reads import tables
from compatcheck.reads.effects import Aspect, Effect, Outcome
from compatcheck.reads.tables import BINARY
from compatcheck.reads.wire import message_reads
from compatcheck.reads.wire_elements import NO_PARSE, PARSES
from compatcheck.schema.model import Type
from reads.kinds import FIELD, SINGULAR, Kind, every_kind, field_of, schema_of, written_by
from reads.leniencies import cannot_skip_groups
from reads.observed import Seen, seen_on_wire

KINDS = every_kind()
_CHANGED = {Effect.LOSSY: Effect.MISREAD}


def predicted(writer: Kind, reader: Kind) -> tuple[Outcome, ...]:
    return message_reads(schema_of(writer).message(), schema_of(reader).message())


@cache
def observed(writer: Kind, reader: Kind) -> tuple[frozenset[Seen], ...]:
    """What is seen of each message that has a value at all."""
    made = schema_of(reader)
    return tuple(
        frozenset(seen_on_wire(value, made.new())) for value in written_by(writer) if value.ListFields()
    )


@cache
def observed_of_nothing(writer: Kind, reader: Kind) -> frozenset[Seen]:
    made = schema_of(reader)
    empty = [value for value in written_by(writer) if not value.ListFields()]
    return frozenset(seen for value in empty for seen in seen_on_wire(value, made.new()))


def as_seen(outcomes: Iterable[Outcome]) -> set[Seen]:
    """Outcomes in the words of what can be observed."""
    return {
        (Effect.REJECTED, ())
        if one.effect is Effect.REJECTED
        else (_CHANGED.get(one.effect, one.effect), one.path)
        for one in outcomes
    }


def certain(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """What the boundary values must show.

    Left out: the part of the cardinality in a joint verdict, which is what it would be for equal types; bytes
    that are taken for another type, of which it is luck whether they parse; and what no message can show.
    """
    typed = any(one.aspect is Aspect.TYPE for one in outcomes)
    return [
        one
        for one in outcomes
        if not (typed and one.aspect is Aspect.CARDINALITY)
        and one.condition not in (NO_PARSE, PARSES)
        and one.effect is not Effect.ABSENT
    ]


def faulty(writer: Kind, reader: Kind) -> bool:
    return cannot_skip_groups(field_of(writer), field_of(reader))


def difference(writer: Kind, reader: Kind) -> str:
    outcomes = predicted(writer, reader)
    each = observed(writer, reader)
    seen = observed_of_nothing(writer, reader).union(*each)
    misread = (Effect.MISREAD, ("f",)) in as_seen(outcomes)
    unforeseen = {one for one in seen - as_seen(outcomes) if not (misread and one[0] < Effect.MISREAD)}
    missing = as_seen(certain(outcomes)) - seen
    if str(writer) == "map-bool" and reader.type is Type.STRING:
        # Small numbers are always UTF-8.
        missing -= {(Effect.REJECTED, ())}
    dropped = {
        not one.condition for one in certain(outcomes) if (one.effect, one.path) == (Effect.DROPPED, ("f",))
    }
    if dropped and (True in dropped) != all((Effect.DROPPED, ("f",)) in one for one in each):
        return f"{writer} -> {reader}: dropped always or sometimes, {outcomes}"
    if not unforeseen and not missing:
        return ""
    return f"{writer} -> {reader}: not predicted {unforeseen}, not seen {missing}"


@pytest.mark.parametrize("writer", KINDS, ids=str)
def test_the_runtime_shows_what_is_predicted_and_nothing_else(writer: Kind) -> None:
    wrong = list(filter(None, (difference(writer, reader) for reader in KINDS if not faulty(writer, reader))))
    assert not wrong, f"{len(wrong)} pairs\n" + "\n".join(wrong)


def test_lossy_keeps_small_numbers_and_misread_keeps_none() -> None:
    """Both change values, so the oracle takes one for the other; this tells them apart."""
    wrong = []
    for (one, other), letter in BINARY.items():
        if letter in "lM" and tables.Kind.MAP not in (one, other):
            made = schema_of(SINGULAR[other])
            written = schema_of(SINGULAR[one]).new()
            setattr(written, FIELD, 1)
            kept = not any(effect is Effect.MISREAD for effect, _ in seen_on_wire(written, made.new()))
            if kept != (letter == "l"):
                wrong.append((one.value, other.value, letter))
    assert not wrong
