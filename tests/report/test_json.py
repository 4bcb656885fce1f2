"""The JSON document, and the schema that is published for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from typing import cast, get_args

import pytest
from jsonschema import Draft202012Validator

from compatcheck.reads.calls import Side
from compatcheck.reads.effects import Direction, Effect, Surface
from compatcheck.report.json import render_json
from compatcheck.report.json_text import Json, dump
from compatcheck.rules.finding import Break, Finding, Order, Severity
from compatcheck.source.snapshot import Kind, Origin
from compatcheck.usecases.results import Check, Role, Undecided

Golden = Callable[[str, str], None]
Object = dict[str, Json]


@pytest.fixture(scope="module")
def schema() -> Object:
    text = files("compatcheck.report").joinpath("check.schema.json").read_text(encoding="utf-8")
    return cast(Object, json.loads(text))


@pytest.fixture(scope="module")
def validator(schema: Object) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def parsed(text: str) -> Object:
    return cast(Object, json.loads(text))


def at(document: Json, *path: str | int) -> Json:
    """The value at a path of keys and indexes."""
    for step in path:
        document = cast(dict[str | int, Json], document)[step]
    return document


def test_a_check_is_the_document_of_the_golden_file(
    full: Check, golden: Golden, validator: Draft202012Validator
) -> None:
    text = render_json([full], "0.1.0")
    validator.validate(parsed(text))
    golden("full.json", text)


def test_one_old_source_has_the_published_keys_in_their_order(full: Check) -> None:
    document = parsed(render_json([full], "0.1.0"))
    assert list(document) == ["version", "old", "new", "findings", "order", "unknown", "summary"]
    assert list(cast(Object, at(document, "findings", 0))) == [
        *("rule", "severity", "element", "path", "line", "column", "end_line", "end_column"),
        *("old_location", "message", "effects", "methods", "fingerprint", "live", "witness"),
    ]


def test_several_old_sources_give_a_comparison_each(
    full: Check, older: Check, validator: Draft202012Validator
) -> None:
    document = parsed(render_json([full, older], "0.1.0"))
    validator.validate(document)
    single = parsed(render_json([older], "0.1.0"))
    assert at(document, "checks", 1) == {key: single[key] for key in single if key != "version"}
    assert list(document) == ["version", "checks"]


def test_an_empty_result_and_a_finding_without_source_are_valid(
    empty: Check, finding: Finding, validator: Draft202012Validator
) -> None:
    blank = replace(finding, location=None, old_location=None, effects=(), methods=())
    for check in (empty, replace(empty, findings=(blank,))):
        validator.validate(parsed(render_json([check], "0.1.0")))


def test_a_path_that_is_not_utf8_and_control_characters_stay_plain_ascii(
    empty: Check, validator: Draft202012Validator
) -> None:
    check = replace(
        empty,
        new=Origin("directory", "\udce9t\u00e9/\x1b[31m\u202e"),
        undecided=(Undecided("caf\udce9.proto", "\ud800"),),
    )
    text = render_json([check], "0.1.0")
    assert text.isascii() and "\x1b" not in text and text.endswith("}\n")
    document = parsed(text)
    validator.validate(document)
    assert at(document, "unknown", 0, "path") == "caf\\xe9.proto"
    assert at(document, "unknown", 0, "reason") == "\ufffd"
    assert at(document, "new", "name") == "\\xe9t\u00e9/\x1b[31m\u202e"


def test_keys_with_surrogates_do_not_crash_either() -> None:
    assert dump({"\udcff": ["\udcff", 1, None, True]}) == (
        '{\n  "\\\\xff": [\n    "\\\\xff",\n    1,\n    null,\n    true\n  ]\n}\n'
    )


def without(key: str) -> Callable[[Object], object]:
    return lambda document: document.pop(key)


def having(value: Json, *path: str | int) -> Callable[[Object], object]:
    def change(document: Object) -> None:
        cast(dict[str | int, Json], at(document, *path[:-1]))[path[-1]] = value

    return change


WRONG = {
    "no version": without("version"),
    "no unknown": without("unknown"),
    "no order": without("order"),
    "another key": having(1, "extra"),
    "both shapes": having([], "checks"),
    "another key in a finding": having("x", "findings", 0, "help"),
    "a severity that is none": having("fatal", "findings", 0, "severity"),
    "line 0": having(0, "findings", 0, "line"),
    "a column as text": having("3", "findings", 0, "column"),
    "a path of null": having(None, "findings", 0, "path"),
    "an old location without an end": having({"path": "a", "line": 1}, "findings", 0, "old_location"),
    "a rule that is no id": having("Field Removed", "findings", 0, "rule"),
    "a short fingerprint": having("abc", "findings", 0, "fingerprint"),
    "an effect that is none": having("broken", "findings", 0, "effects", 0, "effect"),
    "a direction that is none": having("sideways", "findings", 0, "effects", 0, "direction"),
    "a field path as text": having("a.b", "findings", 0, "effects", 0, "path"),
    "a side that is none": having("both", "findings", 0, "methods", 0, "side"),
    "a break that is none": having(["everyone"], "findings", 0, "methods", 0, "breaks"),
    "a role that is none": having("caller", "findings", 1, "live", 0, "role"),
    "a live version that is safe": having("safe", "findings", 1, "live", 0, "verdict"),
    "an order that is none": having("servers_first", "order", 0, "order"),
    "an unknown file without a reason": having({"path": "a"}, "unknown", 0),
    "a negative count": having(-1, "summary", "errors"),
    "a source of no kind": having("tag", "new", "kind"),
    "a short commit": having("3f9a1c2", "old", "commit"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_document_is_not_valid(name: str, full: Check, validator: Draft202012Validator) -> None:
    document = parsed(render_json([full], "0.1.0"))
    validator.validate(document)
    WRONG[name](document)
    assert not validator.is_valid(document)


def test_a_list_of_one_comparison_is_not_valid(full: Check, validator: Draft202012Validator) -> None:
    document = parsed(render_json([full, full], "0.1.0"))
    document["checks"] = cast(list[Json], document["checks"])[:1]
    assert not validator.is_valid(document)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("finding", "properties", "severity", "enum"), [one.label for one in reversed(Severity)]),
        (("effect", "properties", "direction", "enum"), [one.value for one in Direction]),
        (("effect", "properties", "surface", "enum"), [one.value for one in Surface]),
        (("effect", "properties", "effect", "enum"), [one.label for one in Effect]),
        (("reach", "properties", "side", "enum"), list(get_args(Side))),
        (("reach", "properties", "breaks", "items", "enum"), [one.value for one in Break]),
        (("affected", "properties", "role", "enum"), list(get_args(Role))),
        (("order", "enum"), [one.value for one in Order]),
        (("source", "properties", "kind", "enum"), list(get_args(Kind))),
    ],
)
def test_the_schema_has_the_words_of_the_code(
    schema: Object, path: tuple[str, ...], words: list[str]
) -> None:
    values = cast(list[Json], at(schema, "$defs", *path))
    assert sorted(map(str, values)) == sorted(words)


def test_the_schema_describes_every_key_and_allows_no_other(schema: Object) -> None:
    for where, definition in objects(schema):
        assert definition["additionalProperties"] is False, where
        properties = cast(Object, definition["properties"])
        assert sorted(cast(list[str], definition["required"])) == sorted(properties), where
        for key, value in properties.items():
            assert description(cast(Object, value), schema), f"{where}: {key}"


def objects(schema: Object) -> Iterator[tuple[str, Object]]:
    for name, definition in cast(Object, schema["$defs"]).items():
        if "properties" in cast(Object, definition):
            yield name, cast(Object, definition)


def description(value: Object, schema: Object) -> Json:
    """Its own description or title, or that of what it refers to."""
    if "description" in value or "title" in value:
        return value.get("description") or value["title"]
    target = at(schema, *str(value["$ref"]).removeprefix("#/").split("/"))
    return description(cast(Object, target), schema)
