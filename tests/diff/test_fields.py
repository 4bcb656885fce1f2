"""Which facts two messages have, and that each fact is told once."""

from __future__ import annotations

import pytest

from checking import compared
from compatcheck.diff.changes import Removed
from compatcheck.reads.effects import Direction, Surface
from diff.facts import facts


def between(old: str, new: str, syntax: str = "proto3") -> list[str]:
    label = "optional " if syntax == "proto2" else ""
    head = (
        f'syntax = "{syntax}";\nmessage A {{ {label}string x = 1; }}\nmessage B {{ {label}int32 x = 1; }}\n'
    )
    found = compared(f"{head}message M {{ {old} }}", f"{head}message M {{ {new} }}")
    return [fact.replace(" M.", " ").removeprefix("changed Field ") for fact in facts(found.changes)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("int32 a = 1;", "int64 a = 1;", ["a (type)"]),
        ("int32 a = 1;", "optional int64 a = 1;", ["a (type)", "a (presence)"]),
        ("int32 a = 1;", "A a = 1;", ["a (type)"]),
        ("A a = 1;", "B a = 1;", ["a (type)"]),
        ("string a = 1;", "repeated string a = 1;", ["a (cardinality)"]),
        ("string a = 1;", "repeated bytes a = 1;", ["a (type)", "a (cardinality)"]),
        ("map<string, A> a = 1;", "map<string, B> a = 1;", ["a (map value)"]),
        ("map<string, A> a = 1;", "map<int32, A> a = 1;", ["a (map key)"]),
        ("map<string, A> a = 1;", "map<int32, B> a = 1;", ["a (map key)", "a (map value)"]),
        ("map<string, A> a = 1;", "repeated A a = 1;", ["a (cardinality)"]),
        ("map<string, A> a = 1;", "map<string, A> b = 1;", ["b (name)"]),
        ("map<string, A> a = 1;", "map<string, B> b = 1;", ["b (number reused)"]),
        ("string a = 1;", "string b = 1;", ["b (name)"]),
        ("string a = 1;", "string b = 1 [json_name = 'a'];", ["b (name)"]),
        ("string a = 1;", "repeated string b = 1;", ["b (name)", "b (cardinality)"]),
        ("string a = 1;", "optional int32 b = 1;", ["b (number reused)"]),
        ("string a = 1;", "bytes a = 2;", ["a (number)"]),
        ("string a = 1;", "string b = 1; string a = 2;", ["a (number)", "added Field b"]),
        ("string a = 1; string b = 2;", "string b = 1;", ["b (number)", "removed Field a"]),
        ("string a = 1;", "oneof o { string a = 1; }", ["a (oneof)"]),
        ("optional string a = 1;", "oneof o { string b = 1; }", ["b (name)", "b (oneof)"]),
        (
            "oneof o { string a = 1; string b = 2; }",
            "oneof p { string a = 1; string b = 2; }",
            ["changed Message M (oneof)"],
        ),
        (
            "oneof o { A a = 1; A b = 2; }",
            "oneof p { A a = 1; A c = 3; }",
            ["removed Field b", "added Field c", "changed Message M (oneof)"],
        ),
        ("oneof o { A a = 1; } oneof p { A b = 2; }", "oneof o { A a = 1; A b = 2; }", ["b (oneof)"]),
        ("oneof o { A a = 1; A b = 2; }", "oneof o { A a = 1; } oneof p { A b = 2; }", ["b (oneof)"]),
    ],
)  # fmt: skip
def test_a_pair_of_messages_has_these_facts(old: str, new: str, expected: list[str]) -> None:
    assert between(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("optional int32 a = 1;", "required int32 a = 1;", ["a (required)"]),
        ("optional int32 a = 1;", "optional int32 a = 1 [default = 1];", ["a (default)"]),
        ("optional int32 a = 1;", "optional int32 a = 1 [default = 0];", []),
        ("optional double a = 1 [default = nan];", "optional double a = 1 [default = nan];", []),
        ("optional double a = 1 [default = nan];", "optional double a = 1 [default = inf];", ["a (default)"]),
        ("repeated int32 a = 1;", "repeated int32 a = 1 [packed = true];", []),
        ("optional group G = 1 {}", "optional group G = 1 { optional int32 x = 1; }", ["added Field G.x"]),
    ],
)
def test_a_pair_of_proto2_messages_has_these_facts(old: str, new: str, expected: list[str]) -> None:
    assert between(old, new, "proto2") == expected


def test_what_happens_in_any_case_is_not_said_with_a_condition_again() -> None:
    found = compared(
        'syntax = "proto3"; message M { string a = 1; }',
        'syntax = "proto3"; message M { N a = 1; } message N { string a = 1; }',
    )
    generated = [
        one for change in found.changes for one in change.effects if one.surface is Surface.GENERATED
    ]
    assert len(generated) == 1


def test_a_required_field_under_another_number_is_missed() -> None:
    head = 'syntax = "proto2"; message M '
    found = compared(head + "{ required string a = 1; }", head + "{ required string a = 2; }")
    (change,) = found.changes
    effects = {(one.direction, one.effect.label) for one in change.effects if one.surface is Surface.WIRE}
    assert effects == {(Direction.BACKWARD, "rejected"), (Direction.FORWARD, "rejected")}


@pytest.mark.parametrize(
    ("kept", "reserved"),
    [
        ('reserved 2; reserved "a";', True),
        ('reserved 1 to 5; reserved "b", "a";', True),
        ("reserved 2;", False),
        ('reserved "a";', False),
        ('reserved 3 to max; reserved "a";', False),
        ("", False),
    ],
)
def test_a_removed_field_is_reserved_by_number_and_by_name(kept: str, reserved: bool) -> None:
    head = 'syntax = "proto3"; message M '
    found = compared(head + "{ string a = 2; }", head + f"{{ {kept} }}")
    removed = [change for change in found.changes if isinstance(change, Removed)]
    assert [change.reserved for change in removed] == [reserved]


@pytest.mark.parametrize(
    ("old", "new", "given_up"),
    [
        ("reserved 2 to 5;", "reserved 2, 3 to 5;", False),
        ("reserved 2 to 5;", "reserved 1 to max;", False),
        ("reserved 2 to 5;", "reserved 2 to 4;", True),
        ('reserved "a", "b";', 'reserved "b";', True),
        ("extensions 100 to max;", "extensions 100 to 199, 200 to max;", False),
        ("extensions 100 to max;", "extensions 101 to max;", True),
    ],
)
def test_what_is_no_longer_reserved_is_given_up(old: str, new: str, given_up: bool) -> None:
    head = 'syntax = "proto2"; message M '
    assert bool(compared(head + f"{{ {old} }}", head + f"{{ {new} }}").changes) is given_up


def test_the_highest_number_of_a_reserved_range_of_an_enum_counts() -> None:
    head = 'syntax = "proto3"; enum E '
    found = compared(head + "{ reserved 5 to 7; X = 0; }", head + "{ reserved 5 to 6; X = 0; }")
    assert facts(found.changes) == ["changed Enum E (reserved)"]
    assert (
        facts(
            compared(head + "{ reserved 5 to max; X = 0; }", head + "{ reserved 5 to max; X = 0; }").changes
        )
        == []
    )
