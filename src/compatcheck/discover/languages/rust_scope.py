"""What reading Rust keeps in mind on its way, and its paths and texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compatcheck.discover.code import NOTHING, Do, Name, Several, Statement, Text, Value
from compatcheck.discover.syntax import dotted_names

if TYPE_CHECKING:
    from ast_grep_py import SgNode

HERE = frozenset({"crate", "self", "super"})
_PARTS_OF_STRING = frozenset({"string_content", "escape_sequence"})
_NAMED_IN_FORMAT = re.compile(r"\{([a-z_]\w*)(?::[^{}]*)?\}")


@dataclass(frozen=True, slots=True)
class Around:
    """Where an expression stands."""

    out: list[Statement]
    """What happens before the value is there."""
    items: list[SgNode] = field(default_factory=list)
    """Functions, structs and the like that are declared within a block."""
    breaks: list[Value] = field(default_factory=list)
    """What the loop around it gives."""
    owner: str = ""
    """What `Self` is."""
    macros: int = 0


def do(value: Value, around: Around) -> None:
    """Keeps a value that is computed for its effect."""
    if not isinstance(value, Name | Text) and value != NOTHING:
        around.out.append(Do(value))


def dotted(node: SgNode) -> str:
    """A path with dots, without `crate`, `self` and `super`."""
    names = dotted_names(node.text())
    return ".".join(part for part in (names[0].split(".") if names else ()) if part not in HERE)


def any_of(values: tuple[Value, ...]) -> Value:
    kept = tuple(value for value in values if value != NOTHING)
    return kept[0] if len(kept) == 1 else Several(kept)


def text_of(node: SgNode) -> Value:
    text = "".join(child.text() for child in node.named_children() if child.kind() in _PARTS_OF_STRING)
    names = _NAMED_IN_FORMAT.findall(text)
    return Several((Text(text), *map(Name, names))) if names else Text(text)
