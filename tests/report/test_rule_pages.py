"""The pages of the rules in docs/rules: `make docs` writes them, and they are what the rules make of them now."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import cast

import pytest
from jsonschema import Draft202012Validator

from checking import ALONE, FIXTURES, checked, config_of, sides
from compatcheck.config.model import Preset
from compatcheck.report.json_text import Json
from compatcheck.report.rule_pages import Example, page_name, render_index, render_page
from compatcheck.report.rules import render_rules_json
from compatcheck.rules.registry import BY_ID, RULES
from compatcheck.rules.rule import Rule
from compatcheck.usecases.results import Check
from program import compatcheck

PAGES = Path(__file__).parents[2] / "docs" / "rules"
PRESETS: tuple[Preset, ...] = ("rollout", "strict", "wire")


def page_of(rule: Rule) -> str:
    folder = FIXTURES / "rules" / rule.id
    old, new = sides(folder)
    config, file = config_of(folder), folder / "compatcheck.toml"
    configuration = file.read_text(encoding="utf-8") if file.exists() else ""
    checks: dict[str, Check] = {
        preset: checked(old, new, replace(config, preset=preset)) for preset in PRESETS
    }
    return render_page(rule, Example(old[ALONE], new[ALONE], configuration, checks))


def keep(name: str, text: str, rewrites: bool) -> None:
    """The page has this text, or gets it."""
    if rewrites:
        (PAGES / name).write_text(text, encoding="utf-8")
    assert (PAGES / name).read_text(encoding="utf-8") == text, "`make docs` writes the pages anew"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_says_what_its_rule_and_its_example_say(rule: Rule, rewrites: bool) -> None:
    keep(page_name(rule.id), page_of(rule), rewrites)


def test_the_index_lists_every_rule(rewrites: bool) -> None:
    keep("README.md", render_index(RULES), rewrites)


def test_there_is_no_page_without_a_rule(rewrites: bool) -> None:
    known = {"README.md", *map(page_name, BY_ID)}
    for path in PAGES.iterdir():
        if rewrites and path.name not in known:
            path.unlink()
    assert {path.name for path in PAGES.iterdir()} == known


def test_a_page_shows_the_check_its_severity_and_its_effects() -> None:
    page = page_of(BY_ID["field-type-changed"])
    assert "\nerror[field-type-changed]: " in page
    assert "\n| rollout | strict | wire |\n| --- | --- | --- |\n| error | error | error |\n" in page
    assert "\n| wire | dropped | dropped |\n" in page


def test_a_preset_without_a_surface_has_no_severity() -> None:
    assert "\n| error | error | – |\n" in page_of(BY_ID["method-removed"])


def test_the_rules_are_a_document_of_the_published_schema(tmp_path: Path) -> None:
    schema = json.loads(files("compatcheck.report").joinpath("rules.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    ended = compatcheck("rules", "--format", "json", cwd=tmp_path)
    document = cast("dict[str, Json]", json.loads(ended.out))
    Draft202012Validator(schema).validate(document)
    assert ended.out == render_rules_json(RULES, str(document["version"]), "docs/rules")
    listed = cast("list[dict[str, Json]]", document["rules"])
    assert [one["id"] for one in listed] == list(BY_ID)
    assert all((PAGES.parents[1] / str(one["documentation"])).is_file() for one in listed)
    kinds = {one["id"]: (one["element"], one["event"], one["aspect"]) for one in listed}
    assert kinds["enum-value-removed"] == ("enum value", "removed", None)
    assert kinds["field-json-name-changed"] == ("field", "changed", "json name")
