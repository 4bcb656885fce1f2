"""Reads Elixir: modules and functions, and how protoc-gen-elixir and grpcbox name what they generate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    Assign,
    Call,
    Class,
    Do,
    File,
    Function,
    Member,
    Name,
    Record,
    Return,
    Statement,
)
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.languages.elixir_scope import (
    GRPCBOX,
    Around,
    children_of,
    do,
    module_value,
)
from compatcheck.discover.languages.elixir_values import block_of, parameters_of, value_of
from compatcheck.discover.syntax import DEEPEST, broken_lines, line_of, parse

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_MODULES = frozenset({"defmodule", "defprotocol", "defimpl"})


def read(text: str) -> File:
    """What a file of Elixir says. Names of modules are global, so all files are of one package."""
    root = parse(text, "elixir")
    around = Around([], grpcbox=":grpcbox" in text)
    _definitions(root, around, 0)
    return File(tuple(around.out), "Elixir", broken_lines(root))


def called(path: tuple[str, ...]) -> Meaning | None:
    """See `Language.called`."""
    if path[0] == GRPCBOX and len(path) > 1:
        return Meaning(Role.REGISTER, ".".join(path[1:]))
    return _generated(path, "Stub", Role.STUB)


def typed(path: tuple[str, ...]) -> Meaning | None:
    """See `Language.typed`."""
    return _generated(path, "Service", Role.SERVED)


def _generated(path: tuple[str, ...], name: str, role: Role) -> Meaning | None:
    service, _, last = ".".join(path).rpartition(".")
    return Meaning(role, service) if last == name and service not in {"", "GRPC"} else None


def _definitions(node: SgNode, around: Around, depth: int) -> None:
    """Appends what a block says and defines. Aliases count from where they are written."""
    for child in node.named_children() if depth <= DEEPEST else ():
        do(value_of(child, around, depth + 1), around)
        while around.definitions:
            _definition(around.definitions.pop(0), around, depth + 1)


def _definition(node: SgNode, around: Around, depth: int) -> None:
    target = node.field("target")
    what = target.text() if target is not None else ""
    arguments = children_of(node, "arguments")
    if not arguments:
        return
    if what in _MODULES:
        _module(node, arguments, around, depth)
    elif what in {"alias", "require"}:
        _alias(arguments, around)
    elif what == "import":
        _import(arguments[0], around)
    elif what == "use":
        _use(arguments, around, depth)
    else:
        _function(node, arguments, around, depth)


def _module(node: SgNode, arguments: list[SgNode], around: Around, depth: int) -> None:
    written = around.full(arguments[0].text())
    name = f"{around.module}.{written}" if around.module else written
    if around.module:
        around.aliases[written.partition(".")[0]] = f"{around.module}.{written.partition('.')[0]}"
    inner = Around([], [], dict(around.aliases), name, around.grpcbox)
    for child in node.named_children():
        if child.kind() == "do_block":
            _definitions(child, inner, depth)
    bases = tuple(service for what, service in inner.uses if what == "GRPC.Server")
    around.out.append(Class(name, bases, tuple(inner.out), line=line_of(node)))
    for what, service in inner.uses:
        if what == "GRPC.Stub":
            stub = module_value(service.removesuffix("Service") + "Stub", (), line_of(node))
            around.out.append(Assign(Name(name), stub, line=line_of(node)))


def _alias(arguments: list[SgNode], around: Around) -> None:
    """`alias A.B`, `alias A.B, as: C`, `alias A.{B, C.D}`."""
    first = arguments[0]
    within, several = first.field("left"), first.field("right")
    if first.kind() == "dot" and within is not None and several is not None and several.kind() == "tuple":
        for child in several.named_children():
            name = child.text()
            around.aliases[name.rpartition(".")[2]] = f"{around.full(within.text())}.{name}"
        return
    full = around.full(first.text())
    for keywords in arguments[1:]:
        for pair in keywords.named_children():
            value = pair.field("value")
            if value is not None and pair.text().startswith("as:"):
                around.aliases[value.text()] = full
                return
    if first.kind() in {"alias", "dot"}:
        around.aliases[full.rpartition(".")[2]] = full


def _import(node: SgNode, around: Around) -> None:
    """The functions of a stub that is imported have no module before them: which are called is not known."""
    value = value_of(node, around, 0)
    if isinstance(value, Call):
        around.out.append(Do(Member(value, "", line_of(node))))


def _use(arguments: list[SgNode], around: Around, depth: int) -> None:
    for keywords in arguments[1:]:
        for pair in keywords.named_children():
            value = pair.field("value")
            if value is not None and pair.text().startswith("service:"):
                around.uses.append((around.full(arguments[0].text()), around.full(value.text())))
    for argument in arguments[1:]:
        do(value_of(argument, around, depth), around)


def _function(node: SgNode, arguments: list[SgNode], around: Around, depth: int) -> None:
    head = arguments[0]
    operator, left = head.field("operator"), head.field("left")
    if operator is not None and operator.text() == "when" and left is not None:
        head = left
    named = head.field("target") if head.kind() == "call" else head
    inner = Around([], [], around.aliases, around.module, around.grpcbox)
    parameters = parameters_of(children_of(head, "arguments"), inner, depth)
    values = [value_of(argument, inner, depth) for argument in arguments[1:]]
    for child in node.named_children():
        if child.kind() == "do_block":
            values.append(block_of(child, inner, depth))
    for definition in inner.definitions:
        _definition(definition, inner, depth + 1)
    results: list[Statement] = []
    for value in values:
        parts = tuple(part for _, part in value.fields) if isinstance(value, Record) else (value,)
        results += [Return(part) for part in parts if part != NOTHING]
    name = named.text() if named is not None else ""
    around.out.append(Function(name, parameters, (*inner.out, *results), line=line_of(node)))


ELIXIR = Language(
    "Elixir",
    (".ex", ".exs"),
    read,
    called,
    typed,
    registrars=frozenset(
        {"run", "start", "start_link", "start_child", "child_spec", "Supervisor", "supervisor", "worker"}
    ),
    generated=("*.pb.ex",),
    tests=("test/**", "**/test/**", "*_test.exs"),
)
