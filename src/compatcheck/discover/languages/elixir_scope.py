"""What reading Elixir keeps in mind on its way, and what its patterns and maps mean."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compatcheck.discover.code import NOTHING, Assign, Call, Do, Member, Name, Several, Statement, Text, Value
from compatcheck.discover.syntax import DEEPEST, line_of

if TYPE_CHECKING:
    from ast_grep_py import SgNode

GRPCBOX = "services of grpcbox"
"""Stands for the map, in the settings of grpcbox, from the full names of services to the modules that serve them."""
_FULL_NAME = re.compile(r"^\w+(?:\.\w+)+$")


@dataclass(frozen=True, slots=True)
class Around:
    """Where an expression stands."""

    out: list[Statement]
    definitions: list[SgNode] = field(default_factory=list)
    """Modules, functions and directives that are met on the way."""
    aliases: dict[str, str] = field(default_factory=dict)
    """What the file calls modules, and their full names."""
    module: str = ""
    grpcbox: bool = False
    """Whether the file speaks of grpcbox."""

    uses: list[tuple[str, str]] = field(default_factory=list)
    """`use GRPC.Server, service: Cart.Service` gives (`GRPC.Server`, `Cart.Service`)."""

    def within(self, out: list[Statement]) -> Around:
        return Around(out, self.definitions, self.aliases, self.module, self.grpcbox)

    def full(self, written: str) -> str:
        """The full name of a module."""
        first, dot, rest = "".join(written.split()).partition(".")
        return (self.module if first == "__MODULE__" else self.aliases.get(first, first)) + dot + rest


def module_value(name: str, given: tuple[Value, ...], line: int) -> Value:
    """A module by its full name; one of generated functions, `Cart.Stub`, is a stub."""
    if name.endswith(".Stub") and name != "GRPC.Stub":
        return Call(Name(name), given, line=line)
    return Name(name)


def do(value: Value, around: Around) -> None:
    """Keeps a value that is computed for its effect."""
    if not isinstance(value, Name | Text) and value != NOTHING:
        around.out.append(Do(value))


def bind(pattern: SgNode, value: Value, around: Around, depth: int) -> None:
    """Assigns a value to the names of a pattern."""
    if depth > DEEPEST:
        return
    kind = pattern.kind()
    if kind == "identifier":
        around.out.append(Assign(Name(pattern.text()), value, line=line_of(pattern)))
    elif kind == "pair":
        key, inside = pattern.field("key"), pattern.field("value")
        if inside is not None:
            name = key.text().strip().rstrip(":") if key is not None else ""
            bind(inside, Several((value, Member(value, name))), around, depth + 1)
    elif kind not in {"call", "unary_operator", "struct"}:
        for part in pattern.named_children():
            bind(part, value, around, depth + 1)


def children_of(node: SgNode, kind: str) -> list[SgNode]:
    """What is in the first child of a kind."""
    found = next((child for child in node.named_children() if child.kind() == kind), None)
    return (
        [child for child in found.named_children() if child.kind() != "comment"] if found is not None else []
    )


def by_name(values: list[Value]) -> list[Value]:
    """Functions that are meant by a module and an atom that follow each other: `Task.async(Stub, :add_item, [x])`."""
    return [
        Member(of, name.value, of.line if isinstance(of, Call) else 0)
        for of, name in itertools.pairwise(values)
        if isinstance(name, Text) and isinstance(of, Name | Call)
    ]


def applied(given: list[Value], line: int) -> Value:
    """`apply(module, :function, arguments)`."""
    method = given[1].value if isinstance(given[1], Text) else ""
    rest = given[2] if len(given) > 2 else NOTHING
    return Call(
        Member(given[0], method, line), rest.parts if isinstance(rest, Several) else (rest,), line=line
    )


def any_of(values: list[Value]) -> Value:
    kept = tuple(value for value in values if value != NOTHING)
    return kept[0] if len(kept) == 1 else Several(kept)


def patterns(clause: SgNode) -> list[SgNode]:
    left = clause.field("left")
    if left is not None and left.kind() == "binary_operator":
        left = left.field("left")
    return [child for child in left.named_children() if child.kind() != "comment"] if left is not None else []


def entered(key: str, value: Value, node: SgNode, around: Around) -> None:
    """What an entry of a map or keyword list registers."""
    if around.grpcbox and _FULL_NAME.match(key):
        around.out.append(Do(Call(Member(Name(GRPCBOX), key), line=line_of(node))))
    elif key in {"servers", "endpoint"}:
        around.out.append(Do(Call(Name("run"), (value,), line=line_of(node))))
