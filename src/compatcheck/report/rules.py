"""The list of rules as text and as JSON (`rules.schema.json` beside this file), and one rule explained."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable
from typing import Protocol

from compatcheck.diff.changes import Added, Removed
from compatcheck.report.json_text import dump
from compatcheck.report.rule_pages import element_kind, page_name
from compatcheck.report.terminal import Style, clean, paint
from compatcheck.rules.rule import Rule

_EVENTS = {Added: "added", Removed: "removed"}


class RuleText(Protocol):
    """What a rule says about itself; `explanation` may hold paragraphs, empty lines between them."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def explanation(self) -> str: ...
    @property
    def help(self) -> str: ...


def render_rules(rules: Iterable[RuleText], *, color: bool = False) -> str:
    """A line a rule: its id and its title, in the order given."""
    ink = paint(color)
    known = list(rules)
    longest = max((len(one.id) for one in known), default=0)
    return "".join(
        f"{ink(one.id, Style.STRONG)}{' ' * (longest - len(one.id))}  {one.title}\n" for one in known
    )


def render_rules_json(rules: Iterable[Rule], version: str, pages: str) -> str:
    """All that the rules of compatcheck `version` say of themselves; `pages` is the folder or URL of their pages."""
    return dump(
        {
            "version": version,
            "rules": [
                {
                    "id": one.id,
                    "title": one.title,
                    "explanation": one.explanation,
                    "help": one.help,
                    "element": element_kind(one),
                    "event": _EVENTS.get(one.event, "changed"),
                    "aspect": one.aspect.value if one.aspect else None,
                    "documentation": f"{pages.rstrip('/')}/{page_name(one.id)}",
                }
                for one in rules
            ],
        }
    )


def render_explain(
    rule: RuleText, example_old: str, example_new: str, *, color: bool = False, width: int = 80
) -> str:
    """Title, explanation, help, and the example as what changes between its two files."""
    ink = paint(color)
    blocks = [f"{ink(rule.id, Style.STRONG)}: {rule.title}", *_paragraphs(rule.explanation, width)]
    if rule.help:
        blocks.append(f"{ink('help', Style.GOOD)}: {_filled(rule.help, width, len('help: '))}")
    if example_old or example_new:
        styles = {"-": Style.ERROR, "+": Style.GOOD}
        lines = [
            f"  {ink(line, styles[line[0]]) if line[0] in styles else line}".rstrip()
            for line in _difference(example_old, example_new)
        ]
        blocks.append("\n".join([ink("example", Style.STRONG) + ":", *lines]))
    return "\n\n".join(blocks) + "\n"


def _paragraphs(text: str, width: int) -> list[str]:
    """Paragraphs filled to `width`; lists and indented text stay as they are written."""
    paragraphs = [one for one in textwrap.dedent(text).strip().split("\n\n") if one.strip()]
    return [one if one.startswith((" ", "-", "*")) else _filled(one, width, 0) for one in paragraphs]


def _filled(text: str, width: int, indent: int) -> str:
    """`text` in lines of `width`, the first of which has `indent` columns in use."""
    filled = textwrap.fill(
        text, width, initial_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )
    return filled[indent:]


def _difference(old: str, new: str) -> list[str]:
    """All lines of both files, each once, behind a `-`, a `+` or a space."""
    lines = difflib.unified_diff(_without_edges(old), _without_edges(new), n=len(old) + len(new), lineterm="")
    return list(lines)[3:] or [f" {line}" for line in _without_edges(new)]


def _without_edges(text: str) -> list[str]:
    return [clean(line.expandtabs(2).rstrip()) for line in text.strip("\n").split("\n")]
