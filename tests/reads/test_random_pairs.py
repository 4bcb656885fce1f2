"""Random pairs of schemas: what is predicted happens, and nothing else (any number of them: `make oracle`)."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compatcheck.reads import json, wire
from compatcheck.reads.json import JsonSettings
from reads.judged import judge, random_pair
from reads.oracle import judge_numbered
from reads.randomly import random_parts

_RUN = settings(
    max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
)


# The builders take a Random; Hypothesis hands in one that it can shrink.
@given(st.randoms(use_true_random=False))
@_RUN
def test_what_is_predicted_happens_and_nothing_else(random: Random) -> None:
    pair = random_pair(random)
    judged = judge(pair, random)
    assert not judged.differences, "\n".join((*judged.differences, str(pair.old), str(pair.new)))


def test_a_pair_is_known_by_its_number() -> None:
    """Whatever is judged beside it, so that one of a hundred thousand can be shown again."""
    first, alone = judge_numbered(0, range(40)), judge_numbered(0, range(30, 40))
    rest = judge_numbered(0, range(30))
    assert (first.pairs, first.values) == (40, rest.values + alone.values)
    assert first.differences == ()


@given(st.randoms(use_true_random=False))
@_RUN
def test_a_schema_reads_itself_without_any_effect(random: Random) -> None:
    parts = random_parts(random)
    one, same = parts.build(), parts.build()
    for settings_ in (
        JsonSettings(),
        JsonSettings("reject"),
        JsonSettings("reject", "python", "proto", "integers"),
    ):
        assert json.message_reads(one.message(), same.message(), settings_) == ()
    assert wire.message_reads(one.message(), same.message()) == ()
