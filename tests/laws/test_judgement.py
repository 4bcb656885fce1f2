"""A direction or a row of the judgement that is changed shows in the expectations of at least one example."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from checking import config_of
from compatcheck.config import Config
from compatcheck.diff import effects, services
from compatcheck.reads.calls import Side, streaming_reads
from compatcheck.reads.effects import DirectedEffect, Direction, Outcome, Outcomes, Surface
from compatcheck.rules import judge, orders, severity
from compatcheck.rules.finding import Break, Order, Severity
from compatcheck.schema.model import Method
from laws.compiled import EXAMPLES, compiled, name_of
from laws.generated import checked
from rules.test_fixtures import finding_facts

RULES = [folder for folder in EXAMPLES if (folder / "expected.json").is_file()]
ON_THE_WIRE = {
    "rules/field-removed-reserved": Severity.WARNING,
    "rules/message-removed/packed-in-any": Severity.WARNING,
}
"""What the wire alone says where code that no longer compiles is a warning as well."""
ROWS = range(len(severity.TABLE))
_BY_TEXT = ("line", "shows")
"""What stands in an expectation and needs the source text."""


@cache
def expected(folder: Path) -> tuple[list[str], Mapping[str, str]]:
    document = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return sorted(map(_without_text, document["findings"])), document["order"]


def _without_text(facts: Mapping[str, object]) -> str:
    return json.dumps({key: value for key, value in facts.items() if key not in _BY_TEXT})


def as_expected(folder: Path) -> bool:
    check = checked(*compiled(folder), config_of(folder))
    found = sorted(_without_text(finding_facts(one, {})) for one in check.findings)
    if (found, {one.method: one.order.value for one in check.orders}) != expected(folder):
        return False
    alone = ON_THE_WIRE.get(name_of(folder))
    return alone is None or alone in {
        one.severity for one in checked(*compiled(folder), Config(preset="wire")).findings
    }


@pytest.fixture(scope="module")
def agreed() -> tuple[Path, ...]:
    """The examples of rules that are as expected while nothing is changed."""
    return tuple(folder for folder in RULES if as_expected(folder))


def noticed(agreed: tuple[Path, ...]) -> bool:
    try:
        # A generator, for it turns a StopIteration, which a table without an answer raises, into an error.
        return any(not as_expected(folder) for folder in agreed)
    except RuntimeError:
        return True


def test_examples_without_their_texts_are_judged_as_with_them(agreed: tuple[Path, ...]) -> None:
    assert list(map(name_of, agreed)) == list(map(name_of, RULES))


@pytest.mark.parametrize("row", ROWS)
def test_a_missing_row_of_the_table_of_severities_is_noticed(
    row: int, monkeypatch: pytest.MonkeyPatch, agreed: tuple[Path, ...]
) -> None:
    monkeypatch.setattr(severity, "TABLE", (*severity.TABLE[:row], *severity.TABLE[row + 1 :]))
    assert noticed(agreed)


@pytest.mark.parametrize("other", Severity)
@pytest.mark.parametrize("row", ROWS)
def test_another_severity_in_a_row_of_the_table_is_noticed(
    row: int, other: Severity, monkeypatch: pytest.MonkeyPatch, agreed: tuple[Path, ...]
) -> None:
    fits, level = severity.TABLE[row]
    changed = (*severity.TABLE[:row], (fits, other), *severity.TABLE[row + 1 :])
    monkeypatch.setattr(severity, "TABLE", changed)
    assert noticed(agreed) == (other is not level)


@pytest.mark.parametrize("key", judge._BREAKS, ids=lambda key: f"{key[0]}-{key[1].value}")
def test_another_pair_that_breaks_is_noticed(
    key: tuple[Side, Direction], monkeypatch: pytest.MonkeyPatch, agreed: tuple[Path, ...]
) -> None:
    (other,) = set(Break) - {judge._BREAKS[key]}
    monkeypatch.setattr(judge, "_BREAKS", {**judge._BREAKS, key: other})
    assert noticed(agreed)


def test_swapped_directions_of_reads_are_noticed(
    monkeypatch: pytest.MonkeyPatch, agreed: tuple[Path, ...]
) -> None:
    asked = effects.directed

    def swapped(
        surface: Surface,
        old: effects.T,
        new: effects.T,
        reads: Callable[[effects.T, effects.T], Outcomes],
        keep: Callable[[Outcome], bool],
    ) -> Iterator[DirectedEffect]:
        return asked(surface, new, old, reads, keep)

    monkeypatch.setattr(effects, "directed", swapped)
    assert noticed(agreed)


def test_swapped_sides_of_a_stream_are_noticed(
    monkeypatch: pytest.MonkeyPatch, agreed: tuple[Path, ...]
) -> None:

    def swapped(client: Method, provider: Method) -> Outcomes:
        return streaming_reads(provider, client)

    monkeypatch.setattr(services, "streaming_reads", swapped)
    assert noticed(agreed)


@pytest.mark.parametrize("kept", [Order.CLIENTS_FIRST, Order.SERVERS_FIRST, Order.NONE, Order.ANY])
def test_an_order_that_is_given_whatever_breaks_is_noticed(
    kept: Order, monkeypatch: pytest.MonkeyPatch, agreed: tuple[Path, ...]
) -> None:
    monkeypatch.setattr(orders, "_order", lambda _: kept)
    assert noticed(agreed)


def test_swapped_orders_are_noticed(monkeypatch: pytest.MonkeyPatch, agreed: tuple[Path, ...]) -> None:
    other = {Order.CLIENTS_FIRST: Order.SERVERS_FIRST, Order.SERVERS_FIRST: Order.CLIENTS_FIRST}
    asked = orders._order

    def swapped(broken: set[Break]) -> Order:
        return other.get(asked(broken), asked(broken))

    monkeypatch.setattr(orders, "_order", swapped)
    assert noticed(agreed)
