"""The faults of docs/faults.md: each has a fixture, compatcheck tells of it, and buf does what the page says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from checking import FIXTURES, checked, sides, source
from compatcheck.rules.finding import Severity
from compatcheck.schema.loading.load import load
from differential.test_buf import violations_of

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


@dataclass(frozen=True)
class Fault:
    fixture: str
    buf: str


def faults() -> Iterator[Fault]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "fault":
            yield Fault(cells[2], cells[3])


FAULTS = {fault.fixture: fault for fault in faults()}


@pytest.mark.parametrize("fixture", FAULTS)
def test_a_fault_is_a_warning_at_least(fixture: str) -> None:
    rule = fixture.partition("/")[0]
    found = checked(*sides(FIXTURES / "rules" / fixture)).findings
    assert max(one.severity for one in found if one.rule == rule) >= Severity.WARNING


@pytest.mark.parametrize("fixture", FAULTS)
def test_buf_sees_or_misses_it_as_the_page_says(fixture: str) -> None:
    loaded = load(*(source(texts) for texts in sides(FIXTURES / "rules" / fixture)))
    rules = {one.rule for one in violations_of(loaded)}
    expected = {
        "misses it": not rules,
        "misses what changed inside": rules == {"FILE_SAME_PACKAGE"},
        "sees it": bool(rules),
    }
    assert expected[FAULTS[fixture].buf], rules


def test_the_page_lists_faults() -> None:
    assert len(FAULTS) > 15
