"""What other files can no longer use: through a public import, or because a type is local now."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from checking import checked, compared, schema, source
from compatcheck.config import Config
from compatcheck.schema.loading.load import load
from compatcheck.schema.model import Enum, Message
from compatcheck.usecases.check import check
from diff.facts import facts

P3 = 'syntax = "proto3"; '
MONEY = P3 + "message Money { int64 units = 1; } enum Unit { UNIT_NONE = 0; }"
SHOP = P3 + "message Order { string id = 1; }"


def passing_on(*names: str) -> str:
    imports = "".join(f'import public "{name}"; ' for name in names)
    return P3 + imports + "message Order { string id = 1; }"


def told(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [fact for fact in facts(compared(old, new).changes) if "public import" in fact]


def test_who_imports_a_file_loses_what_it_no_longer_passes_on() -> None:
    old = {"shop.proto": passing_on("money.proto"), "money.proto": MONEY}
    assert told(old, old | {"shop.proto": SHOP}) == ["changed File shop.proto (public import)"]
    assert told(old | {"shop.proto": SHOP}, old) == []


def test_another_way_to_the_same_names_loses_nothing() -> None:
    old = {"shop.proto": passing_on("money.proto"), "money.proto": MONEY}
    all_ = {"all.proto": P3 + 'import public "money.proto";'}
    assert told(old | all_, old | all_ | {"shop.proto": passing_on("all.proto")}) == []
    moved = {"shop.proto": passing_on("coins.proto"), "coins.proto": MONEY}
    assert told(old, moved) == []
    assert told(old, {"shop.proto": SHOP + MONEY.removeprefix(P3)}) == []


def test_what_is_gone_altogether_is_told_there() -> None:
    old = {"shop.proto": passing_on("money.proto"), "money.proto": MONEY}
    found = facts(compared(old, {"shop.proto": SHOP}).changes)
    assert found == ["removed Message Money", "removed Enum Unit"]


def test_a_lost_import_is_told_where_it_went_and_not_in_every_file_above() -> None:
    above = {"top.proto": P3 + 'import public "shop.proto"; message Top { string id = 1; }'}
    old = {"shop.proto": passing_on("money.proto"), "money.proto": MONEY} | above
    new = old | {"shop.proto": SHOP, "top.proto": above["top.proto"] + " message More {}"}
    assert told(old, new) == ["changed File shop.proto (public import)"]


def test_a_file_that_moves_and_loses_its_public_import_is_not_taken_for_the_same() -> None:
    old = {"a/shop.proto": passing_on("money.proto"), "money.proto": MONEY}
    new = {
        "b/shop.proto": P3 + 'import "money.proto"; message Order { string id = 1; }',
        "money.proto": MONEY,
    }
    assert told(old, new) == ["changed File b/shop.proto (public import)"]


DEFAULTS = ("", "EXPORT_ALL", "EXPORT_TOP_LEVEL", "LOCAL_ALL", "STRICT")
CASES = [
    (edition, default, keyword, nested)
    for edition, default, keyword, nested in product(
        ("2023", "2024"), DEFAULTS, ("", "export ", "local "), (False, True)
    )
    if edition == "2024" or not (default or keyword)
    # STRICT does not take a nested type that is exported.
    if not (default == "STRICT" and keyword == "export " and nested)
]


@pytest.mark.parametrize("kind", ["message T { int32 a = 1; }", "enum T { Z = 0; }"], ids=["message", "enum"])
def test_a_type_is_exported_if_protoc_lets_another_file_use_it(kind: str) -> None:
    texts: dict[str, str] = {}
    for number, (edition, default, keyword, nested) in enumerate(CASES):
        feature = f"option features.default_symbol_visibility = {default}; " if default else ""
        type_ = f"message Outer {{ {keyword}{kind} }}" if nested else keyword + kind
        head = f'edition = "{edition}"; package p{number}; {feature}'
        texts[f"t{number}.proto"] = head + type_
        name = f"p{number}.{'Outer.' if nested else ''}T"
        texts[f"u{number}.proto"] = (
            f'syntax = "proto3"; package u{number}; import "t{number}.proto"; message U {{ {name} f = 1; }}'
            if kind.startswith("message")
            else f'edition = "2023"; package u{number}; import "t{number}.proto"; message U {{ {name} f = 1; }}'
        )
    loaded = load(source({}), source(texts))
    refused = {one.path for one in loaded.unknown}
    assert all(path.startswith("u") for path in refused)
    assert 0 < len(refused) < len(CASES)
    types = {path: text for path, text in texts.items() if path.startswith("t")}
    for file in schema(types).files:
        inner = file.messages[0] if file.messages and file.messages[0].name == "Outer" else file
        found: tuple[Message | Enum, ...] = (*inner.messages, *inner.enums)
        (declared,) = found
        assert declared.exported == (f"u{file.path[1:]}" not in refused), types[file.path]


LOCAL = 'edition = "2024"; local message M { int32 a = 1; }'
EXPORTED = 'edition = "2024"; export message M { int32 a = 1; }'


def test_becoming_local_is_told_and_becoming_exported_is_not() -> None:
    assert facts(compared(EXPORTED, LOCAL).changes) == ["changed Message M (visibility)"]
    assert facts(compared(LOCAL, EXPORTED).changes) == []


def test_an_importer_that_the_change_breaks_is_not_passed_over() -> None:
    user = {"user.proto": P3 + 'import "m.proto"; message U { M m = 1; }'}
    done = check(source({"m.proto": EXPORTED} | user), source({"m.proto": LOCAL} | user), Config())
    assert [one.path for one in done.undecided] == ["user.proto"]


def test_a_oneof_that_is_renamed_is_told_once_for_its_message() -> None:
    old = P3 + "message M { oneof a { int32 x = 1; int32 y = 2; } oneof b { int32 z = 3; int32 w = 4; } }"
    new = old.replace("oneof a", "oneof c").replace("oneof b", "oneof d")
    (finding,) = checked(old, new).findings
    assert (finding.rule, finding.severity.label) == ("message-oneof-renamed", "warning")
    assert finding.message == "oneof `a` is called `c` now; oneof `b` is called `d` now"
    assert finding.breaks == ()


def test_a_oneof_that_moved_with_its_message_keeps_its_name() -> None:
    old = P3 + "message M { oneof a { int32 x = 1; int32 y = 2; } }"
    assert [one.rule for one in checked(old, old.replace("message M", "message N")).findings] == [
        "message-renamed"
    ]
