"""ProtoJSON: the Python profile is what the runtime shows, and the portable one is never milder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import chain

import pytest

from compatcheck.reads import tables
from compatcheck.reads.effects import Effect, Outcome
from compatcheck.reads.json import JsonSettings, message_reads
from compatcheck.reads.json_elements import NO_PARSE, PARSES
from compatcheck.reads.values import NO_NAME
from reads.kinds import Kind, every_kind, field_of, schema_of, written_by
from reads.leniencies import takes_for_message
from reads.observed import Seen
from reads.observed_json import seen_in_json

KINDS = tuple(kind for kind in every_kind() if not kind.packed and kind.checks_utf8)

_UNKNOWN_NAME = "the reader does not name"
ENUMS = {tables.Kind.OPEN_ENUM, tables.Kind.CLOSED_ENUM}
OBJECTS = {tables.Kind.MESSAGE, tables.Kind.GROUP}


def predicted(writer: Kind, reader: Kind, settings: JsonSettings) -> tuple[Outcome, ...]:
    return message_reads(schema_of(writer).message(), schema_of(reader).message(), settings)


@cache
def observed(writer: Kind, reader: Kind, settings: JsonSettings) -> tuple[frozenset[Seen], ...]:
    """What is seen of each message, in the order in which they are written."""
    made = schema_of(reader)
    return tuple(frozenset(seen_in_json(value, made.new(), settings)) for value in written_by(writer))


def as_seen(outcomes: tuple[Outcome, ...]) -> set[Seen]:
    return {
        (Effect.REJECTED, ())
        if one.effect is Effect.REJECTED
        else (Effect.MISREAD if one.effect is Effect.LOSSY else one.effect, one.path)
        for one in outcomes
    }


def lenient(writer: Kind, reader: Kind, settings: JsonSettings) -> bool:
    return takes_for_message(field_of(writer), field_of(reader), settings)


def difference(writer: Kind, reader: Kind, settings: JsonSettings) -> str:
    outcomes = predicted(writer, reader, settings)
    each = observed(writer, reader, replace(settings, profile="python"))
    seen = frozenset[Seen]().union(*each)
    misread = (Effect.MISREAD, ("f",)) in as_seen(outcomes)
    unforeseen = {one for one in seen - as_seen(outcomes) if not (misread and one[0] < Effect.MISREAD)}
    certain = tuple(one for one in outcomes if one.condition not in (NO_PARSE, PARSES))
    missing = as_seen(certain) - seen
    rejected = [one.condition for one in outcomes if (one.effect, one.path) == (Effect.REJECTED, ("f",))]
    # Values with a name and numbers without one make up all that an enum can be.
    always = "" in rejected or (NO_NAME in rejected and any(_UNKNOWN_NAME in one for one in rejected))
    values = [one for one, value in zip(each, written_by(writer), strict=True) if value.ListFields()]
    if always != all((Effect.REJECTED, ()) in one for one in values):
        return f"{writer} -> {reader}: rejected always or sometimes, {outcomes}"
    if not unforeseen and not missing:
        return ""
    return f"{writer} -> {reader}: not predicted {unforeseen}, not seen {missing}"


@pytest.mark.parametrize("unknown_fields", ["reject", "ignore"])
@pytest.mark.parametrize("writer", KINDS, ids=str)
def test_the_python_profile_is_what_the_runtime_shows(writer: Kind, unknown_fields: str) -> None:
    settings = JsonSettings("ignore" if unknown_fields == "ignore" else "reject", "python")
    judged = [reader for reader in KINDS if not lenient(writer, reader, settings)]
    wrong = list(filter(None, (difference(writer, reader, settings) for reader in judged)))
    assert not wrong, f"{len(wrong)} pairs\n" + "\n".join(wrong)


@pytest.mark.parametrize("unknown_fields", ["reject", "ignore"])
@pytest.mark.parametrize("writer", KINDS, ids=str)
def test_the_portable_profile_is_never_milder_than_the_runtime(writer: Kind, unknown_fields: str) -> None:
    settings = JsonSettings("ignore" if unknown_fields == "ignore" else "reject")
    milder = []
    for reader in KINDS:
        seen = worst(chain.from_iterable(observed(writer, reader, replace(settings, profile="python"))))
        if seen > worst(as_seen(predicted(writer, reader, settings))):
            milder.append(f"{writer} -> {reader}: {seen.label}")
    assert not milder, milder


def worst(seen: Iterable[Seen]) -> Effect:
    return max((effect for effect, _ in seen), default=Effect.SAFE)
