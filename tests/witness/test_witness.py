"""Every finding on wire or JSON shows in a message, or says why it does not; the runtime is asked again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from google.protobuf import text_format
from google.protobuf.message import Message as Value

from checking import FIXTURES, checked, examples, sides
from compatcheck.reads.effects import Direction, Effect, Surface
from compatcheck.rules.finding import Finding
from compatcheck.usecases.results import Check
from compatcheck.witness.result import NoWitness, Reason, Witness
from witness.asking import Runtime, with_witnesses

EXAMPLES = tuple(examples("rules"))

WITHOUT = {
    ("enum-reservation-removed", "shop.v1.Method", Reason.LATER),
    ("enum-value-added/held-by-no-field", "shop.v1.PayRequest.Method.METHOD_INVOICE", Reason.NOT_HELD),
    ("message-reservation-removed", "accounts.v1.Account", Reason.LATER),
    ("message-reservation-removed/number-taken", "accounts.v1.Account", Reason.LATER),
}
"""Fixture, element and reason of every finding on wire or JSON that no message shows."""

SEEN_AS = {
    Effect.LOSSY: {Effect.MISREAD},
    # The oracle calls it relabelled if a number of an enum has another name, whatever became of the old name.
    Effect.MISREAD: {Effect.MISREAD, Effect.RELABELLED},
}
"""What the oracle of the tests may call an effect, if not by its own name."""


def name_of(folder: Path) -> str:
    return folder.relative_to(FIXTURES / "rules").as_posix()


@cache
def check_of(folder: Path) -> Check:
    return with_witnesses(*sides(folder))


@cache
def runtime_of(folder: Path) -> Runtime:
    return Runtime(*sides(folder))


def shown(folder: Path) -> list[tuple[Finding, Witness]]:
    check = check_of(folder)
    found = ((one, check.witnesses[one.fingerprint]) for one in check.findings)
    return [(one, witness) for one, witness in found if isinstance(witness, Witness)]


@pytest.mark.parametrize("folder", EXAMPLES, ids=name_of)
def test_what_a_witness_shows_is_what_was_predicted_and_what_happens(folder: Path) -> None:
    for finding, witness in shown(folder):
        runtime = runtime_of(folder)
        assert witness.effect in finding.effects
        if witness.effect.effect is Effect.UNRESOLVABLE:
            name = witness.written.removesuffix('"').rpartition("/")[2]
            other = (
                Direction.FORWARD if witness.effect.direction is Direction.BACKWARD else Direction.BACKWARD
            )
            assert runtime.knows(witness.effect.direction, name) and not runtime.knows(other, name)
            continue
        wanted = SEEN_AS.get(witness.effect.effect, {witness.effect.effect})
        assert runtime.seen(witness) & wanted, witness


def test_findings_without_a_witness_are_these() -> None:
    without = set()
    for folder in EXAMPLES:
        check = check_of(folder)
        for finding in check.findings:
            witness = check.witnesses[finding.fingerprint]
            on_values = any(one.surface in (Surface.WIRE, Surface.JSON) for one in finding.effects)
            if isinstance(witness, NoWitness) and on_values:
                without.add((name_of(folder), finding.element, witness.reason))
    assert without == WITHOUT


@pytest.mark.parametrize("folder", EXAMPLES, ids=name_of)
def test_a_finding_that_no_message_can_show_says_so(folder: Path) -> None:
    check = check_of(folder)
    for finding in check.findings:
        if not any(one.surface in (Surface.WIRE, Surface.JSON) for one in finding.effects):
            witness = check.witnesses[finding.fingerprint]
            assert isinstance(witness, NoWitness)
            surfaces = {one.surface for one in finding.effects}
            assert (witness.reason is Reason.ROUTING) == (Surface.GRPC in surfaces)


@pytest.mark.parametrize("folder", EXAMPLES, ids=name_of)
def test_the_text_is_that_of_the_bytes(folder: Path) -> None:
    for _, witness in shown(folder):
        written = runtime_of(folder).written(witness)
        if "\\3" not in witness.written:
            assert text_format.Parse(witness.written, type(written)()) == written


@pytest.mark.parametrize("folder", EXAMPLES, ids=name_of)
def test_no_more_is_written_than_shows_it(folder: Path) -> None:
    """One field, two of a oneof; beside what the writer's schema requires, and what leads down to the field."""
    for _, witness in shown(folder):
        most = 2 if witness.effect.effect is Effect.LOST else 1
        assert leaves(runtime_of(folder).written(witness)) <= most, witness
        assert len(witness.data) < 100


def leaves(message: Value) -> int:
    """The fields that are set and hold no message with a field set; those that are required do not count."""
    count = 0
    for field, value in message.ListFields():
        inside = [value] if isinstance(value, Value) else []
        below = sum(map(leaves, inside))
        count += below or not field.is_required
    return count


def test_a_second_look_finds_the_same() -> None:
    folder = FIXTURES / "rules" / "field-type-changed" / "message-to-message"
    assert with_witnesses(*sides(folder)).witnesses == check_of(folder).witnesses


def test_nothing_is_looked_for_unless_it_is_asked_for() -> None:
    assert not checked(*sides(FIXTURES / "rules" / "field-type-changed")).witnesses
