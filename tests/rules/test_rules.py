"""Rules as they are listed and explained, and what presets and configurations make of them."""

from __future__ import annotations

import re
from functools import cache

import pytest

from checking import FIXTURES, Compared, checked, compared, judged, sides
from compatcheck.config import Config
from compatcheck.config.model import Preset
from compatcheck.diff.changes import Changed
from compatcheck.rules.registry import BY_ID, RULES
from compatcheck.rules.rule import Rule, rule
from compatcheck.schema.model import Message


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_documented_in_whole_sentences(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
    assert re.fullmatch(r"[A-Z][^.\n]*\.", rule.title)
    assert len(rule.explanation) > 60 and rule.explanation.endswith(".")
    assert re.fullmatch(r"[A-Z].*\.", rule.help) and "\n" not in rule.help


def test_the_names_of_rules_are_told_apart() -> None:
    assert len(BY_ID) == len(RULES)
    assert len({one.title for one in RULES}) == len(RULES)


def test_a_rule_without_help_is_refused() -> None:
    def message_painted(_: Changed[Message]) -> str:
        """A message is painted.

        Nobody knows what to do about it.
        """
        return "painted"

    with pytest.raises(ValueError, match="message_painted"):
        rule(Changed[Message])(message_painted)


def severity(example: str, config: Config) -> str | None:
    """The severity that the finding of a rule has on its example, None if there is no finding."""
    rule_id = example.split("/")[0]
    found = judged(comparison_of(example), config)
    return next((one.severity.label for one in found if one.rule == rule_id), None)


@cache
def comparison_of(example: str) -> Compared:
    return compared(*sides(FIXTURES / "rules" / example))


PRESETS: dict[str, tuple[str | None, str | None, str | None]] = {
    # example: rollout, strict, wire
    "field-type-changed": ("error", "error", "error"),
    "field-added": ("note", "note", "note"),
    "field-removed": ("error", "error", "error"),
    "field-removed-reserved": ("warning", "error", "warning"),
    "field-renamed": ("warning", "error", "warning"),
    "field-renamed/with-http": ("error", "error", "warning"),
    "field-json-name-changed": ("error", "error", None),
    "field-json-name-changed/without-http": ("note", "error", None),
    "field-presence-changed": ("warning", "error", "warning"),
    "message-renamed": ("warning", "error", None),
    "file-syntax-changed": ("note", "note", "note"),
    "enum-value-added": ("note", "note", "note"),
    "enum-value-added/closed": ("error", "error", "error"),
    "enum-value-removed": ("warning", "error", "warning"),
    "method-added": ("note", "note", None),
    "method-removed": ("error", "error", None),
}


@pytest.mark.parametrize("example", PRESETS)
def test_a_preset_decides_which_surfaces_gate(example: str) -> None:
    presets: tuple[Preset, ...] = ("rollout", "strict", "wire")
    assert tuple(severity(example, Config(preset=one)) for one in presets) == PRESETS[example]


def test_named_surfaces_gate_and_no_others() -> None:
    assert severity("field-renamed", Config(surfaces=("json",))) == "error"
    assert severity("field-renamed", Config(surfaces=("grpc",))) is None
    assert severity("method-removed", Config(surfaces=("grpc", "wire"))) == "error"


def test_a_json_reader_that_rejects_unknown_fields_breaks_on_a_new_one() -> None:
    strict = Config(json_unknown_fields="reject")
    old, _ = sides(FIXTURES / "rules" / "field-renamed" / "with-http")
    grown = {
        path: text.replace("string mail = 2;", "string mail = 2;\n  bool vip = 3;")
        for path, text in old.items()
    }
    assert [one.severity.label for one in checked(old, grown).findings] == ["note"]
    assert [one.severity.label for one in checked(old, grown, strict).findings] == ["error"]


def test_the_configuration_sets_severities_by_rule_and_by_glob() -> None:
    assert severity("field-type-changed", Config(severity={"field-type-changed": "warning"})) == "warning"
    assert severity("field-type-changed", Config(severity={"field-*": "off"})) is None
    assert severity("message-renamed", Config(severity={"message-*": "error"})) == "error"
    assert severity("message-renamed", Config(severity={"field-*": "error"})) == "warning"
