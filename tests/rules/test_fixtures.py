"""Every rule on every example: what must be found, all of it and nothing else, and what must not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from checking import FIXTURES, Compared, checked, config_of, differences, examples, schema, sides
from compatcheck.diff.changes import Change, Changed, Removed
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Surface
from compatcheck.rules.finding import Break, Finding, Order, Severity
from compatcheck.rules.registry import BY_ID, RULES
from compatcheck.rules.severity import TABLE
from compatcheck.schema.locations import Location
from compatcheck.schema.model import Message, Schema
from compatcheck.usecases.results import Check

RULE_EXAMPLES = tuple(examples("rules"))
OK_EXAMPLES = tuple(examples("ok"))
EVERY_EXAMPLE = (*RULE_EXAMPLES, *OK_EXAMPLES)


def name_of(folder: Path) -> str:
    return folder.relative_to(FIXTURES).as_posix()


@cache
def check_of(folder: Path) -> Check:
    return checked(*sides(folder), config_of(folder))


@cache
def schemas_of(folder: Path) -> tuple[Schema, Schema]:
    old, new = sides(folder)
    return schema(old), schema(new)


@cache
def comparison_of(folder: Path) -> Compared:
    return differences(*schemas_of(folder), config=config_of(folder))


def every_change() -> Iterator[tuple[str, Change]]:
    for folder in EVERY_EXAMPLE:
        for change in comparison_of(folder).changes:
            yield name_of(folder), change


def effect_text(effect: DirectedEffect) -> str:
    where = f" at {'.'.join(effect.path)}" if effect.path else ""
    when = f", {effect.condition}" if effect.condition else ""
    return f"{effect.direction.value} {effect.surface.value} {effect.effect.label}{where}{when}"


def shown(location: Location | None, texts: Mapping[str, str]) -> str | None:
    """What stands at a location, by its own definition: code points, lines and columns from 1, end exclusive."""
    if location is None:
        return None
    lines = texts[location.path].split("\n")[location.line - 1 : location.end_line]
    lines[-1] = lines[-1][: location.end_column - 1]
    return "\n".join((lines[0][location.column - 1 :], *lines[1:]))


def finding_facts(finding: Finding, new: Mapping[str, str]) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.label,
        "element": finding.element,
        "line": finding.location.line if finding.location else None,
        "shows": shown(finding.location, new),
        "effects": [effect_text(one) for one in finding.effects],
        "breaks": [one.value for one in finding.breaks],
        "methods": [f"{'.'.join((one.side, *one.path))} {one.method}" for one in finding.methods],
    }


@pytest.mark.parametrize("folder", RULE_EXAMPLES, ids=name_of)
def test_an_example_has_the_findings_that_stand_beside_it_and_no_others(folder: Path, rewrites: bool) -> None:
    check, (_, new) = check_of(folder), sides(folder)
    found: dict[str, object] = {
        "findings": [finding_facts(one, new) for one in check.findings],
        "order": {one.method: one.order.value for one in check.orders},
    }
    expected = folder / "expected.json"
    if rewrites:
        expected.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", OK_EXAMPLES, ids=name_of)
def test_what_must_not_fire_does_not(folder: Path) -> None:
    """`allowed.json` lists the notes and warnings that a change which breaks nothing may cause."""
    allowed = folder / "allowed.json"
    found = [f"{one.severity.label} {one.rule} {one.element}" for one in check_of(folder).findings]
    assert found == (json.loads(allowed.read_text(encoding="utf-8")) if allowed.exists() else [])
    assert not any(one.startswith("error") for one in found)


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    folders = {path.name for path in (FIXTURES / "rules").iterdir()}
    assert folders == set(BY_ID)
    assert all((FIXTURES / "rules" / rule / "old.proto").is_file() for rule in BY_ID)


@pytest.mark.parametrize("rule", BY_ID)
def test_a_rule_fires_on_its_examples_first_of_all(rule: str) -> None:
    """The main example has one change, so nothing but its rule."""
    main = FIXTURES / "rules" / rule
    assert {one.rule for one in check_of(main).findings} == {rule}
    variants = [folder for folder in RULE_EXAMPLES if main in folder.parents]
    assert all(rule in {one.rule for one in check_of(folder).findings} for folder in variants)


@pytest.mark.parametrize("folder", EVERY_EXAMPLE, ids=name_of)
def test_a_schema_equals_itself(folder: Path) -> None:
    for side in schemas_of(folder):
        assert differences(side, side).changes == ()


@pytest.mark.parametrize("folder", EVERY_EXAMPLE, ids=name_of)
def test_what_is_backward_is_forward_the_other_way_round(folder: Path) -> None:
    old, new = schemas_of(folder)
    there, back = (
        carried(comparison_of(folder).changes),
        carried(differences(new, old, config=config_of(folder)).changes),
    )
    assert there == Counter({mirrored(effect): count for effect, count in back.items()})


def carried(changes: tuple[Change, ...]) -> Counter[DirectedEffect]:
    """The effects on what is written and read.

    Giving up a reservation has no counterpart, nor has the removal of a message: an added one is not told.
    """
    return Counter(
        effect
        for change in changes
        if not (isinstance(change, Changed) and change.aspect is Aspect.RESERVED)
        if not (isinstance(change, Removed) and isinstance(change.old, Message))
        for effect in change.effects
        if effect.surface in (Surface.WIRE, Surface.JSON)
    )


def mirrored(effect: DirectedEffect) -> DirectedEffect:
    other = {Direction.BACKWARD: Direction.FORWARD, Direction.FORWARD: Direction.BACKWARD}
    return replace(effect, direction=other[effect.direction])


def test_every_change_is_judged_by_exactly_one_rule() -> None:
    changes = list(every_change())
    judges = [
        (where, [rule.id for rule in RULES if rule.message(change) is not None]) for where, change in changes
    ]
    assert [(where, rules) for where, rules in judges if len(rules) != 1] == []
    assert len(changes) > 100


def test_every_row_of_the_table_of_severities_is_used() -> None:
    rows = [
        next(row for row, (fits, _) in enumerate(TABLE) if fits(change, effect))
        for _, change in every_change()
        for effect in change.effects
    ]
    assert set(rows) == set(range(len(TABLE)))


@pytest.mark.parametrize("folder", EVERY_EXAMPLE, ids=name_of)
def test_findings_are_sorted_and_unlike_each_other(folder: Path) -> None:
    findings = check_of(folder).findings
    assert len({one.fingerprint for one in findings}) == len(findings)
    lines = [(one.path, one.location.line if one.location else 0) for one in findings]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    "rule", ["field-removed", "field-type-changed", "enum-value-renamed", "method-removed"]
)
def test_a_finding_stays_the_same_when_lines_move(rule: str) -> None:
    folder = FIXTURES / "rules" / rule
    old, new = sides(folder)
    moved = {path: f"// A comment.\n\n{text}" for path, text in new.items()}
    before, after = check_of(folder).findings, checked(old, moved).findings
    assert [one.fingerprint for one in after] == [one.fingerprint for one in before]
    assert [one.location.line - 2 if one.location else None for one in after] == [
        one.location.line if one.location else None for one in before
    ]


@pytest.mark.parametrize("folder", EVERY_EXAMPLE, ids=name_of)
def test_the_order_suits_everybody_whom_a_finding_breaks(folder: Path) -> None:
    check = check_of(folder)
    orders = {one.method: one.order for one in check.orders}
    allowed = {
        Break.OLD_CLIENT_NEW_SERVER: (Order.CLIENTS_FIRST, Order.NONE),
        Break.NEW_CLIENT_OLD_SERVER: (Order.SERVERS_FIRST, Order.NONE),
    }
    for finding in check.findings:
        for reached in finding.methods:
            assert all(orders[reached.method] in allowed[one] for one in reached.breaks)


def test_who_breaks_follows_from_the_effects_on_calls() -> None:
    """Nobody breaks where no method carries the element, on JSON alone, and by a field that is merely missed."""
    for folder in RULE_EXAMPLES:
        for finding in check_of(folder).findings:
            validated = any(one.side == "request" for one in finding.methods)
            counted = {Surface.WIRE, Surface.GRPC, *([Surface.VALIDATION] if validated else [])}
            on_calls = [one for one in finding.effects if one.surface in counted]
            breaks = finding.methods and any(one.effect.breaks for one in on_calls)
            assert bool(finding.breaks) == bool(breaks), name_of(folder)
            # Those who use what was added know of it; a constraint may depend on values that nobody sends yet.
            milder = ("service-added", "method-added", "constraints-loosened", "constraints-tightened")
            if finding.breaks and finding.rule not in milder:
                assert finding.severity is Severity.ERROR, name_of(folder)
