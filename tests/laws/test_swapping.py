"""A schema equals itself, and old and new swapped swaps backward and forward."""

from __future__ import annotations

from pathlib import Path

import pytest

import checking
from compatcheck.usecases.results import Check
from laws.compiled import EXAMPLES, compiled, name_of
from laws.facts import broken, broken_mirrored, carried, effects_mirrored, orders, orders_mirrored
from laws.generated import SEEDS, checked, file_of, mutated


def told_nothing(check: Check) -> bool:
    return not (check.findings or check.orders or check.undecided)


def assert_mirrored(there: Check, back: Check) -> None:
    assert carried(there) == effects_mirrored(carried(back))
    assert broken(there) == broken_mirrored(broken(back))
    assert orders(there) == orders_mirrored(orders(back))


@pytest.mark.parametrize("folder", EXAMPLES, ids=name_of)
def test_an_example_equals_itself_and_its_mirror_image_mirrors_it(folder: Path) -> None:
    old, new = compiled(folder)
    assert told_nothing(checked(old, old))
    assert told_nothing(checked(new, new))
    assert_mirrored(checked(old, new), checked(new, old))


def test_a_generated_schema_equals_itself_and_changes_of_it_have_a_mirror_image() -> None:
    telling = 0
    for seed in SEEDS:
        made = mutated(seed, 1 + seed % 3)
        if made is None:
            continue
        old, new = ([file_of(parts)] for parts in made)
        assert told_nothing(checked(old, old))
        there = checked(old, new)
        assert_mirrored(there, checked(new, old))
        telling += bool(carried(there))
    assert telling > len(SEEDS) // 3


def test_a_oneof_renamed_while_a_field_joins_it_has_a_mirror_image() -> None:
    head = 'syntax = "proto3";\n'
    old = head + "message M { oneof one { int32 a = 1; } optional int32 b = 2; }\n"
    new = head + "message M { oneof other { int32 a = 1; int32 b = 2; } }\n"
    assert_mirrored(checking.checked(old, new), checking.checked(new, old))
