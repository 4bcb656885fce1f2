"""Gets at the names in C++: of types and of what is declared; blanks macros that the grammar cannot place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from compatcheck.discover.code import NOTHING, Name, Statement, Value
from compatcheck.discover.syntax import DEEPEST, dotted_names, kinds

if TYPE_CHECKING:
    from ast_grep_py import SgNode

FUNCTION = "function_declarator"

_WORDS = kinds(
    "const volatile typename struct class enum union unsigned signed auto void bool int char long short float double"
)
_WRAPPED = kinds(
    "pointer_declarator reference_declarator array_declarator parenthesized_declarator attributed_declarator "
    "init_declarator variadic_declarator pointer_type_declarator"
)
_NAMES = kinds(
    "identifier field_identifier type_identifier namespace_identifier operator_name destructor_name"
)
_OUTER = frozenset({"std", "absl", "boost", "folly", "gsl", "grpc", "google"})
_GENERATED = re.compile(r"NewStub$|Stub$|StubInterface$|\w*Service$|With\w+Method_")
_MACRO_BEFORE_NAME = re.compile(
    r"\b(?P<word>class|struct)(?P<macro>\s+[A-Z][A-Z0-9_]{2,}(?:\([^()\n]*\))?)(?=\s+[A-Za-z_]\w*\s*(?:final\s*)?[:{])"
)
_MACRO_LINE = re.compile(
    r"^[ \t]*[A-Z][A-Z0-9_]*(?:BEGIN|END|NAMESPACE)[A-Z0-9_]*[ \t]*$|"
    r"^[ \t]*[A-Z][A-Z0-9]*_[A-Z0-9_]*[ \t]*(?:\([^()\n]*\)[ \t]*)?$"
    r"(?=\s*(?:namespace|class|struct|public|private|protected|template|using|static|virtual|explicit|//)\b)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Around:
    """Where a value stands: `out` takes what happens before, `read` and `value` go on with what it holds."""

    out: list[Statement]
    read: Callable[[SgNode, Around, int], None]
    value: Callable[[SgNode, Around, int], Value]
    owner: str = ""
    """The class that it is written in."""
    bases: tuple[str, ...] = ()
    in_function: bool = False

    def within(self, out: list[Statement]) -> Around:
        """The same, for the body of a function."""
        return replace(self, out=out, in_function=True)


def without_macros(text: str) -> str:
    """Blanks macros that the grammar cannot place: `class EXPORT Client : ...`, `FOO_NAMESPACE_BEGIN`."""
    text = _MACRO_BEFORE_NAME.sub(lambda found: found["word"] + re.sub(r"\S", " ", found["macro"]), text)
    return _MACRO_LINE.sub(lambda found: " " * len(found[0]), text)


def types_in(node: SgNode | None) -> tuple[str, ...]:
    """The dotted names in a type, outermost first."""
    names = dotted_names(node.text()) if node is not None else ()
    return tuple(".".join(local(tuple(name.split(".")))) for name in names if name not in _WORDS)


def local(path: tuple[str, ...]) -> tuple[str, ...]:
    """A name without the namespaces before it, for what is not of a library and not of generated code.

    Namespaces of the code are not followed; they are written in lower case, and classes are not.
    """
    if path[:1] and (path[0] in _OUTER or _GENERATED.match(path[-1]) or _GENERATED.match(path[-2:][0])):
        return path
    while len(path) > 1 and path[0][:1].islower():
        path = path[1:]
    return path


def is_library(dotted: str) -> bool:
    return dotted.partition(".")[0] in _OUTER


def path_of(node: SgNode | None, depth: int = 0) -> tuple[str, ...]:
    """The names in `a::B<T>::c`, without type arguments."""
    if node is None or depth > DEEPEST:
        return ()
    kind = node.kind()
    if kind in _NAMES:
        return (node.text(),)
    if kind in ("qualified_identifier", "nested_namespace_specifier", "dependent_name"):
        return tuple(name for part in node.named_children() for name in path_of(part, depth + 1))
    return path_of(node.field("name"), depth + 1)


def type_arguments(node: SgNode, depth: int = 0) -> tuple[str, ...]:
    """The names in the type arguments of what is called: `T` of `std::make_unique<T>`."""
    listed = node.field("arguments") if node.kind().startswith("template_") else None
    if listed is not None:
        return types_in(listed)
    parts = node.named_children() if node.kind() in ("qualified_identifier", "dependent_name") else []
    return type_arguments(parts[-1], depth + 1) if parts and depth <= DEEPEST else ()


def declared(node: SgNode) -> tuple[SgNode, bool]:
    """What names a thing in a declarator (a name, or a function's declarator), and whether it is a pointer."""
    pointer = False
    for _ in range(DEEPEST):
        kind = node.kind()
        if kind not in _WRAPPED:
            break
        pointer = pointer or kind in ("pointer_declarator", "reference_declarator")
        parts = node.named_children()
        inner = node.field("declarator") or (parts[-1] if parts else None)
        if inner is None:
            break
        node = inner
    return node, pointer


def is_trivial(value: Value) -> bool:
    return isinstance(value, Name) or value == NOTHING
