"""Parses text with ast-grep's grammars and gets at what every frontend wants of a syntax tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatcheck.discover.code import Member, Name, Value

if TYPE_CHECKING:
    from ast_grep_py import SgNode

DEEPEST = 150
"""How many levels of a syntax tree a frontend goes down; what lies deeper is `Several(())`. Two Python frames
a level stay well below the interpreter's limit, and no hand-written code nests that deep."""

_CLOSING = frozenset(")]}>;\"'`")
_QUOTED = re.compile(
    r"""^(?:[A-Za-z$@&]{0,3}|R|@\$|\$@)(?P<quote>\"{3,}|'''|`|"|')(?P<text>.*)(?P=quote)[a-z]?$""", re.DOTALL
)
_DOTTED = re.compile(r"[A-Za-z_$]\w*(?:\s*(?:\.|::|\?\.)\s*[A-Za-z_$]\w*)*")


def parse(text: str, grammar: str) -> SgNode:
    """The root of the syntax tree. Text that is broken gives a tree with ERROR nodes, see `broken_lines`."""
    from ast_grep_py import SgRoot

    return SgRoot(text.encode("utf-8", "replace").decode(), grammar).root()


def line_of(node: SgNode) -> int:
    """The line on which a node starts, from 1."""
    return node.range().start.line + 1


def broken_lines(root: SgNode) -> tuple[int, ...]:
    """The lines that the grammar does not understand, in order.

    Those are the ones of ERROR nodes and of tokens that the parser made up (they are empty).
    """
    lines: set[int] = set()
    for node in root.find_all(kind="ERROR"):
        where = node.range()
        lines.update(range(where.start.line + 1, where.end.line + 2))
    for node in root.find_all(regex="^$"):
        kind = node.kind()
        if kind in _CLOSING or kind.endswith("identifier"):
            lines.add(line_of(node))
    return tuple(sorted(lines))


def unquoted(literal: str) -> str:
    """What stands between the quotes of a string literal, prefixes left out; escapes stay as written."""
    found = _QUOTED.match(literal)
    return found["text"] if found else literal


def dotted_names(text: str) -> tuple[str, ...]:
    """Every dotted name in a written type, in order: `unique_ptr<Cart::Stub>` gives `unique_ptr`, `Cart.Stub`."""
    return tuple(re.sub(r"\s|\?", "", name).replace("::", ".") for name in _DOTTED.findall(text))


def named(dotted: str, line: int = 0) -> Value:
    """What a dotted name stands for: `a.b` is Member(Name("a"), "b")."""
    first, *rest = dotted.split(".")
    value: Value = Name(first)
    for name in rest:
        value = Member(value, name, line)
    return value


def kinds(words: str) -> frozenset[str]:
    """Kinds of nodes, written in one string with spaces between them."""
    return frozenset(words.split())


def operands(chain: SgNode) -> list[SgNode]:
    """What a chain `a + b + c` joins, in order; as a tree it would nest deeply."""
    found: list[SgNode] = []
    node = chain
    while node.kind() == "binary_expression":
        left, right = node.field("left"), node.field("right")
        if left is None or right is None:
            return found[::-1]
        found.append(right)
        node = left
    return [node, *found[::-1]]
