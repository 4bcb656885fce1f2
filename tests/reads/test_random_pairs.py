"""Random pairs of schemas: nothing that the runtime does to a message was not predicted."""

from __future__ import annotations

import os
from collections.abc import Iterable
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compatcheck.reads import json, wire
from compatcheck.reads.effects import Effect, Outcome
from compatcheck.reads.json import JsonSettings
from reads.observed import Seen, seen_on_wire
from reads.observed_json import seen_in_json
from reads.randomly import Parts, fill, pairs, schemas
from reads.schemas import Schema, schema

_DEFAULT_PAIRS = 300
PAIRS = int(os.environ.get("COMPATCHECK_ORACLE_PAIRS", _DEFAULT_PAIRS))
_VALUES = 6
_RUN = settings(
    max_examples=PAIRS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    derandomize=PAIRS <= 1000,
)


def covered(seen: Seen, outcomes: Iterable[Outcome]) -> bool:
    """Whether an effect was predicted for a field of this name, or a worse one that explains it.

    Each pair of messages shows its outcomes once, by the shortest path, so only the end of a path counts.
    """
    effect, path = seen
    if effect is Effect.REJECTED:
        return any(one.effect is Effect.REJECTED for one in outcomes)
    same = {Effect.MISREAD, Effect.LOSSY} if effect is Effect.MISREAD else {effect}
    explains = (Effect.MISREAD, Effect.LOST)
    for one in outcomes:
        ends = one.path[-1:] == path[-1:]
        if ends and (one.effect in same or (one.effect in explains and one.effect > effect)):
            return True
        # What is inside of a message that merged with another, or was something else, is anybody's guess.
        if one.effect in (Effect.LOSSY, Effect.MISREAD) and one.path[-1] in path[:-1]:
            return True
    return False


@given(pairs(), st.randoms(use_true_random=False))
@_RUN
def test_on_the_wire_nothing_happens_that_is_not_predicted(
    pair: tuple[Schema, Schema], random: Random
) -> None:
    for writer, reader in (pair, pair[::-1]):
        outcomes = wire.message_reads(writer.message(), reader.message())
        for _ in range(_VALUES):
            value = fill(writer.new(), random)
            unforeseen = [one for one in seen_on_wire(value, reader.new()) if not covered(one, outcomes)]
            assert not unforeseen, f"{unforeseen}\n{value}\n{outcomes}\n{writer.file}\n{reader.file}"


@given(pairs(), st.randoms(use_true_random=False), st.booleans())
@_RUN
def test_in_json_nothing_happens_that_is_not_predicted(
    pair: tuple[Schema, Schema], random: Random, ignore: bool
) -> None:
    for writer, reader in (pair, pair[::-1]):
        python = JsonSettings("ignore" if ignore else "reject", "python")
        outcomes = json.message_reads(writer.message(), reader.message(), python)
        worst = max((one.effect for one in outcomes), default=Effect.SAFE)
        portable = json.message_reads(writer.message(), reader.message(), JsonSettings(python.unknown_fields))
        assert worst <= max((one.effect for one in portable), default=Effect.SAFE)
        for _ in range(_VALUES):
            value = fill(writer.new(), random)
            seen = seen_in_json(value, reader.new(), ignore)
            unforeseen = [one for one in seen if not covered_in_json(one, outcomes)]
            assert not unforeseen, f"{unforeseen}\n{value}\n{outcomes}\n{writer.file}\n{reader.file}"


def covered_in_json(seen: Seen, outcomes: Iterable[Outcome]) -> bool:
    """As on the wire; what is rejected by rights may be read in any way by Python's lenient parser."""
    return covered(seen, outcomes) or any(
        one.effect is Effect.REJECTED and one.path[-1:] == seen[1][-1:] for one in outcomes
    )


@given(schemas())
@_RUN
def test_a_schema_reads_itself_without_any_effect(parts: Parts) -> None:
    one, same = schema(*parts), schema(*parts)
    for settings_ in (JsonSettings(), JsonSettings("reject"), JsonSettings("reject", "python")):
        assert json.message_reads(one.message(), same.message(), settings_) == ()
    assert wire.message_reads(one.message(), same.message()) == ()
