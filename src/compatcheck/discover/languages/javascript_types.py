"""The names in a type of TypeScript that say what a value of that type may hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatcheck.discover.languages.javascript_idioms import CONNECTED

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_CONNECTED = re.compile(r"(?:\w+\.)?(?:Promise|Callback)?Client<typeof(?P<definition>[\w.$]+)>")
"""`Client<typeof CartService>`: how Connect and nice-grpc write the type of a stub."""
_LEAVES = frozenset({"type_identifier", "nested_type_identifier"})
_LEFT_OUT = frozenset(
    {"formal_parameters", "type_parameters", "method_signature", "call_signature", "type_query"}
)
_LONGEST = 2000
"""Characters of a type; no type that is written by hand is longer."""


def type_names(node: SgNode | None) -> tuple[str, ...]:
    """Every dotted name, outermost first. Of a type of functions only what they return counts."""
    if node is None:
        return ()
    text = node.text()
    if len(text) > _LONGEST:
        return ()
    names: list[str] = []
    waiting = [node]
    while waiting:
        node = waiting.pop()
        kind = node.kind()
        if kind in _LEAVES:
            names.append(re.sub(r"\s", "", node.text()))
        elif kind == "generic_type" and (found := _CONNECTED.fullmatch(re.sub(r"\s", "", node.text()))):
            names.append(f"{found['definition']}.{CONNECTED}")
        elif kind not in _LEFT_OUT:
            waiting.extend(reversed(node.children()))
    return tuple(names)
