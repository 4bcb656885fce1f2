"""The documentation of the rules as Markdown: a page a rule, made of its docstring and its example, and an index."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compatcheck.reads.effects import DirectedEffect, Direction, Surface
from compatcheck.report.text import render_text
from compatcheck.rules.finding import Finding
from compatcheck.rules.rule import Rule
from compatcheck.usecases.results import Check

_WIDTH = 100
"""Columns of the output that a page shows."""


@dataclass(frozen=True, slots=True)
class Example:
    """A rule's main example, and what a check of it says under each preset."""

    old: str
    new: str
    configuration: str
    """The `compatcheck.toml` that judges it; empty for the defaults."""
    checks: Mapping[str, Check]
    """By preset, the default first."""


def render_page(rule: Rule, example: Example) -> str:
    """The page of one rule."""
    shown = next(iter(example.checks.values()))
    blocks = [
        f"# {rule.id}",
        rule.title,
        *_paragraphs(rule.explanation),
        f"**Instead:** {rule.help}",
        "## Example",
        "Old:",
        _fenced(example.old, "proto"),
        "New:",
        _fenced(example.new, "proto"),
        *_configuration(example.configuration),
        "`compatcheck check` says:",
        _fenced(render_text([shown], color=False, width=_WIDTH), "text"),
        "## Severity",
        "\n".join(_table(list(example.checks), [_severities(rule, example.checks.values())])),
        "## Effects",
        *_effects(rule, shown),
        "[All rules](README.md)",
    ]
    return "\n\n".join(blocks) + "\n"


def render_index(rules: Iterable[Rule]) -> str:
    """The list of all pages, by the kind of element that a rule is about, both in the order of `rules`."""
    kinds: dict[str, list[Rule]] = {}
    for rule in rules:
        kinds.setdefault(element_kind(rule), []).append(rule)
    blocks = [
        "# Rules",
        "Made from the rules and their examples by `make docs`; `compatcheck explain RULE` shows the same.",
    ]
    for kind, listed in kinds.items():
        rows = [[f"[{rule.id}]({page_name(rule.id)})", _cell(rule.title)] for rule in listed]
        blocks += [f"## {kind.capitalize()}", "\n".join(_table(["rule", "what happens"], rows))]
    return "\n\n".join(blocks) + "\n"


def page_name(rule_id: str) -> str:
    return f"{rule_id}.md"


def element_kind(rule: Rule) -> str:
    """`field`, `enum value`: what the rule is about, in words; `option` for options of any element."""
    if rule.element is None:
        return "option"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", rule.element.__name__).lower()


def _paragraphs(text: str) -> list[str]:
    return [one.strip("\n") for one in textwrap.dedent(text).strip().split("\n\n") if one.strip()]


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text.strip(chr(10))}\n```"


def _configuration(text: str) -> list[str]:
    return ["`compatcheck.toml`:", _fenced(text, "toml")] if text else []


def _severities(rule: Rule, checks: Iterable[Check]) -> list[str]:
    worst = (max((one.severity for one in _found(rule, check)), default=None) for check in checks)
    return ["–" if severity is None else severity.label for severity in worst]


def _found(rule: Rule, check: Check) -> Iterator[Finding]:
    return (one for one in check.findings if one.rule == rule.id)


def _effects(rule: Rule, check: Check) -> list[str]:
    effects = list(dict.fromkeys(effect for one in _found(rule, check) for effect in one.effects))
    if not effects:
        return ["None by itself."]
    rows = [
        [surface.value, *(_effect_cell(effects, surface, direction) for direction in Direction)]
        for surface in Surface
        if any(one.surface is surface for one in effects)
    ]
    return ["\n".join(_table(["surface", "backward: new reads old", "forward: old reads new"], rows))]


def _effect_cell(effects: Iterable[DirectedEffect], surface: Surface, direction: Direction) -> str:
    """The effects of one direction on one surface, the worst first; `safe` if there are none."""
    own = [one for one in effects if one.surface is surface and one.direction is direction]
    worst_first = sorted(own, key=lambda one: -one.effect)
    return _cell("; ".join(map(_phrase, worst_first))) or "safe"


def _phrase(effect: DirectedEffect) -> str:
    where = f" at `{'.'.join(effect.path)}`" if effect.path else ""
    return f"{effect.effect.label}{where}" + (f" ({effect.condition})" if effect.condition else "")


def _table(heads: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    for row in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(row)} |"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
