"""Gets at the names in C#: of types, of what is called, and those that patterns give to values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from compatcheck.discover.code import Assign, Member, Name, Statement, Value
from compatcheck.discover.syntax import DEEPEST, dotted_names, line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_NAMED = frozenset({"declaration_pattern", "recursive_pattern", "var_pattern", "list_pattern"})


@dataclass(frozen=True, slots=True)
class Around:
    """Where a value stands: `out` takes what happens before, `read` and `value` go on with what it holds."""

    out: list[Statement]
    read: Callable[[SgNode, Around, int], None]
    value: Callable[[SgNode, Around, int], Value]
    base: str = ""
    """The first base of the class that it is in."""

    def within(self, out: list[Statement]) -> Around:
        return replace(self, out=out)


def types_in(node: SgNode | None) -> tuple[str, ...]:
    """The dotted names in a type, outermost first."""
    names = dotted_names(node.text()) if node is not None else ()
    return tuple(_local(name.removeprefix("global.")) for name in names if name != "var")


def _local(dotted: str) -> str:
    """A name without its namespaces, which are not followed in the code, unless it is of generated code."""
    *_, within, last = ["", *dotted.split(".")]
    return dotted if within and last in (f"{within}Client", f"{within}Base") else last


def text_of(node: SgNode, name: str) -> str:
    part = node.field(name)
    return "" if part is None else part.text()


def last_name(called: SgNode) -> SgNode:
    """The node of the last name of what is called: `B<T>` of `a.B<T>`."""
    name = called.field("name")
    if name is None and called.kind() == "conditional_access_expression":
        name = called.named_children()[-1].field("name")
    return called if name is None else name


def simple_name(name: SgNode) -> str:
    if name.kind() == "generic_name":
        return name.named_children()[0].text()
    if name.kind() == "alias_qualified_name":
        return text_of(name, "name")
    return name.text() if name.kind() == "identifier" else ""


def bind(
    target: SgNode, value: Value, out: list[Statement], types: tuple[str, ...] = (), depth: int = 0
) -> None:
    """Takes a value apart for the names of a pattern: `(a, b)`."""
    if depth > DEEPEST:
        return
    line = line_of(target)
    if target.kind() == "identifier":
        out.append(Assign(Name(target.text()), value, types, line))
        return
    for index, part in enumerate(target.named_children(), 1):
        bind(part, Member(value, f"Item{index}", line), out, depth=depth + 1)


def match(node: SgNode, value: Value, out: list[Statement], depth: int) -> None:
    """Names what a pattern finds: `is Cart.CartClient client`."""
    if depth > DEEPEST:
        return
    name = node.field("name") if node.kind() in _NAMED else None
    if name is not None:
        out.append(Assign(Name(name.text()), value, types_in(node.field("type")), line_of(node)))
    for part in node.named_children():
        if part.kind().endswith(("_pattern", "_clause")) or part.kind() == "subpattern":
            match(part, value, out, depth + 1)
