"""A severity never drops when a change is added to another."""

from __future__ import annotations

from functools import cache

import pytest

from compatcheck.rules.finding import Severity
from compatcheck.usecases.results import Check
from laws.combined import combined
from laws.compiled import EXAMPLES, Files, compiled, fit, inside, name_of
from laws.generated import SEEDS, checked, file_of

PARTNERS = 6
"""With how many other examples each one is put side by side."""
Found = dict[tuple[str, str], Severity]


def found(check: Check) -> Found:
    """The worst severity by rule and element, but of routes: one that a method loses another one can serve."""
    worst: Found = {}
    for one in check.findings:
        if one.rule.startswith("http-route-"):
            continue
        key = one.rule, one.element
        worst[key] = max(one.severity, worst.get(key, one.severity))
    return worst


def together(one: Files, other: Files) -> Files | None:
    """The files of both; None if no compiler takes them together, for they define one thing twice."""
    made = {file.name: file for file in one}
    if any(made.setdefault(file.name, file) != file for file in other) or not fit(made.values()):
        return None
    return tuple(made.values())


def dropped(single: Found, merged: Found, only_here: Found) -> Found:
    """What was found in one change alone and is milder or gone beside another.

    What one example removes and the other adds in the same shape is one thing that moved: another finding, that
    must be as severe. Where no field holds an enum on both sides any more, none of its values comes to a reader of
    it: what happened to the field must be as severe. `only_here` are the findings that no change has alone.
    """
    of_fields = max(
        (severity for (rule, _), severity in merged.items() if rule.startswith("field-")), default=0
    )
    moved = max(
        (severity for (rule, _), severity in only_here.items() if rule.endswith("-renamed")), default=0
    )
    return {
        (rule, element): severity
        for (rule, element), severity in single.items()
        if merged.get((rule, element), 0) < severity
        and not (rule.endswith(("-added", "-removed")) and moved >= severity)
        and not (rule.startswith("enum-") and of_fields >= severity)
    }


@cache
def alone(index: int) -> tuple[Files, Files, Found]:
    old, new = (inside(files, f"example{index}") for files in compiled(EXAMPLES[index]))
    return old, new, found(checked(old, new))


@pytest.mark.parametrize("index", range(len(EXAMPLES)), ids=lambda index: name_of(EXAMPLES[index]))
def test_an_example_beside_another_keeps_its_findings(index: int) -> None:
    for step in range(1, PARTNERS + 1):
        one, other = alone(index), alone((index + step) % len(EXAMPLES))
        old, new = together(one[0], other[0]), together(one[1], other[1])
        if old is None or new is None:
            continue
        merged = found(checked(old, new))
        single = one[2] | other[2]
        only_here = {key: severity for key, severity in merged.items() if key not in single}
        assert not dropped(single, merged, only_here), name_of(EXAMPLES[(index + step) % len(EXAMPLES)])


def test_a_generated_change_beside_another_in_one_schema_keeps_its_findings() -> None:
    telling = 0
    for seed in range(2 * len(SEEDS)):
        four = combined(seed)
        if four is None:
            continue
        base, one, other, both = ((file_of(parts),) for parts in four)
        singles = [found(checked(base, new)) for new in (one, other)]
        merged = found(checked(base, both))
        for single in singles:
            assert not dropped(single, merged, {}), seed
        telling += all(singles)
    assert telling > len(SEEDS) // 8
