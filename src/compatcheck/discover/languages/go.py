"""Reads Go: declarations, and how protoc-gen-go-grpc, connect-go and grpc-gateway name what they generate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatcheck.discover.code import Assign, Class, File, Function, Import, Name, Statement
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.languages.go_values import Body, parameters, types_in
from compatcheck.discover.languages.imports import of_go
from compatcheck.discover.syntax import broken_lines, line_of, parse, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_MADE = re.compile(r"New(\w+)Client|Register(\w+)Handler(?:FromEndpoint|Client)?")
_REGISTERED = re.compile(r"Register(\w+)Server")
_HANDLER = re.compile(r"New(\w+)Handler")
_CLIENT = re.compile(r"(\w+)Client")
_SERVER = re.compile(r"(?:Unimplemented|Unsafe)?(\w+)(?:Server|Handler)|_?(\w+)_[sS]erviceDesc")
_VERSION = re.compile(r"v\d+")


def read(text: str) -> File:
    """What a file of Go says."""
    root = parse(text, "go")
    statements: list[Statement] = []
    package = ""
    for node in root.named_children():
        kind = node.kind()
        if kind == "package_clause":
            package = node.named_children()[0].text() if node.named_children() else ""
        elif kind == "import_declaration":
            statements += [_import(spec) for spec in node.find_all(kind="import_spec")]
        else:
            statements += _declaration(node, kind)
    return File(tuple(statements), package, broken_lines(root))


def called(path: tuple[str, ...]) -> Meaning | None:
    """See `Language.called`."""
    for role, pattern in ((Role.STUB, _MADE), (Role.REGISTER, _REGISTERED), (Role.SERVED, _HANDLER)):
        if found := pattern.fullmatch(path[-1]):
            return Meaning(role, found[1] or found[found.lastindex or 0])
    return None


def typed(path: tuple[str, ...]) -> Meaning | None:
    """See `Language.typed`."""
    for role, pattern in ((Role.STUB, _CLIENT), (Role.SERVED, _SERVER)):
        if found := pattern.fullmatch(path[-1]):
            return Meaning(role, found[1] or found[found.lastindex or 0])
    return None


def _import(node: SgNode) -> Import:
    alias, path = node.field("name"), node.field("path")
    module = unquoted(path.text()) if path is not None else ""
    if alias is None:
        return Import(_usual_name(module), module)
    name = alias.text()
    return Import("" if name == "." else name, module)


def _usual_name(module: str) -> str:
    """What a package is called where no alias is given: the last part of its path that is no version."""
    parts = module.split("/")
    last = parts[-2] if len(parts) > 1 and _VERSION.fullmatch(parts[-1]) and "." in parts[0] else parts[-1]
    bare = re.sub(r"\.v\d+$", "", last)
    return bare.removeprefix("go-").removesuffix("-go").replace("-", "_")


def _declaration(node: SgNode, kind: str) -> list[Statement]:
    match kind:
        case "function_declaration" | "method_declaration":
            return [_function(node)]
        case "type_declaration":
            return [made for spec in node.named_children() for made in _type(spec)]
        case "comment":
            return []
        case _:
            body = Body()
            body.statement(node, 0)
            return body.out


def _function(node: SgNode) -> Function:
    name, block, result = node.field("name"), node.field("body"), node.field("result")
    owner = receiver = ""
    held = node.field("receiver")
    if held is not None:
        for parameter in parameters(held):
            receiver = parameter.name
            owner = parameter.types[0].rpartition(".")[2] if parameter.types else ""
    body = Body()
    if block is not None:
        body.block(block, 0)
    return Function(
        name.text() if name is not None else "",
        parameters(node.field("parameters")),
        tuple(body.out),
        types_in(result),
        owner,
        receiver,
        line_of(node),
    )


def _type(node: SgNode) -> list[Statement]:
    name, written = node.field("name"), node.field("type")
    if name is None or written is None:
        return []
    line = line_of(node)
    match written.kind():
        case "struct_type":
            return [_struct(name.text(), written, line)]
        case "interface_type":
            return [_interface(name.text(), written, line)]
        case _:
            return [Class(name.text(), types_in(written)[:1], line=line)]


def _struct(name: str, node: SgNode, line: int) -> Class:
    bases: list[str] = []
    body: list[Statement] = []
    for listed in node.named_children():
        for field in listed.named_children():
            if field.kind() != "field_declaration":
                continue
            written = types_in(field.field("type"))
            names = [each.text() for each in field.field_children("name")]
            if not names and written:  # what is embedded is a field, and its methods are the struct's
                bases.append(written[0])
                names = [written[0].rpartition(".")[2]]
            body += [Assign(Name(each), None, written, line_of(field)) for each in names]
    return Class(name, tuple(bases), tuple(body), line=line)


def _interface(name: str, node: SgNode, line: int) -> Class:
    bases: list[str] = []
    body: list[Statement] = []
    for element in node.named_children():
        if element.kind() == "method_elem":
            body.append(_function(element))
        elif element.kind() == "type_elem":
            bases += types_in(element)[:1]
    return Class(name, tuple(bases), tuple(body), line=line)


GO = Language(
    name="Go",
    suffixes=(".go",),
    read=read,
    called=called,
    typed=typed,
    registrars=frozenset({"Handle", "HandleFunc", "Mount", "Any", "NewService", "RegisterService"}),
    generated=("*.pb.go", "*.pb.gw.go", "*.connect.go", "*.twirp.go"),
    tests=("*_test.go", "testdata/*", "*/mocks/*", "mocks/*", "mock_*.go", "*/mock_*.go"),
    imports=of_go,
)
