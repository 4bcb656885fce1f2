"""Reads C++, and knows what the code that protoc and gRPC's plugin generate for C++ is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import NOTHING, Assign, Do, File, Import, Name, Return, Statement, Value
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.languages.cpp_declarations import (
    read_class,
    read_declaration,
    read_function,
)
from compatcheck.discover.languages.cpp_names import (
    Around,
    declared,
    is_library,
    is_trivial,
    path_of,
    types_in,
    without_macros,
)
from compatcheck.discover.languages.cpp_values import assignment, value_of, values_in
from compatcheck.discover.syntax import DEEPEST, broken_lines, kinds, line_of, parse

if TYPE_CHECKING:
    from ast_grep_py import SgNode

_STUBS = frozenset({"Stub", "StubInterface"})
_SERVICES = kinds(
    "Service AsyncService CallbackService ExperimentalCallbackService StreamedService SplitStreamedService "
    "StreamedUnaryService"
)
_CLASSES = frozenset({"class_specifier", "struct_specifier"})
_DECLARATIONS = frozenset({"declaration", "field_declaration"})
_RETURNS = frozenset({"return_statement", "co_return_statement", "co_yield_statement"})
_CONTAINERS = kinds(
    "translation_unit namespace_definition declaration_list linkage_specification template_declaration "
    "field_declaration_list friend_declaration compound_statement else_clause catch_clause condition_clause "
    "preproc_if preproc_ifdef preproc_else preproc_elif preproc_elifdef init_statement export_declaration"
)
_PASSED_OVER = kinds(
    "comment preproc_include preproc_def preproc_function_def preproc_call access_specifier enum_specifier "
    "template_parameter_list namespace_identifier nested_namespace_specifier string_literal parameter_list "
    "static_assert_declaration attribute_declaration concept_definition identifier goto_statement break_statement "
    "continue_statement template_instantiation requires_clause preproc_arg"
)


def read(text: str) -> File:
    """What a file of C++ says."""
    root = parse(without_macros(text), "cpp")
    out: list[Statement] = []
    _statement(root, Around(out, _statement, value_of), 0)
    namespace = root.find(kind="namespace_definition")
    package = ".".join(path_of(namespace.field("name"))) if namespace is not None else ""
    return File(tuple(out), package, broken_lines(root))


def called(path: tuple[str, ...]) -> Meaning | None:
    """`Cart::NewStub(channel)`, `Cart::Stub(channel)` and `Cart::AsyncService()`."""
    names = ".".join(path).split(".")
    if len(names) > 1 and names[-1] == "NewStub":
        return Meaning(Role.STUB, names[-2])
    return typed(path)


def typed(path: tuple[str, ...]) -> Meaning | None:
    """`Cart::Stub`, `Cart::Service`, `Cart::WithCallbackMethod_Add<..>`."""
    names = ".".join(path).split(".")
    if len(names) < 2:
        return None
    last = names[-1]
    if last in _STUBS:
        return Meaning(Role.STUB, names[-2])
    if last in _SERVICES or (last.startswith("With") and "Method_" in last):
        return Meaning(Role.SERVED, names[-2])
    return None


def _statement(node: SgNode, around: Around, depth: int) -> None:
    kind = node.kind()
    if kind in _PASSED_OVER or depth > DEEPEST:
        return
    if kind in _CLASSES:
        read_class(node, around, depth)
    elif kind == "function_definition":
        read_function(node, around, depth)
    elif kind in _DECLARATIONS:
        read_declaration(node, around, depth)
    elif kind == "for_range_loop":
        _ranged(node, around, depth)
    elif kind == "using_declaration":
        _using(node, around.out)
    elif kind == "namespace_alias_definition":
        parts = node.named_children()
        if len(parts) > 1:
            around.out.append(Import(parts[0].text(), ".".join(path_of(parts[-1]))))
    elif kind in ("alias_declaration", "type_definition"):
        _alias(node, around, depth)
    elif kind == "assignment_expression":
        assignment(node, around, depth)
    elif kind in _RETURNS:
        around.out.extend(Return(value) for value in values_in(node, around, depth))
    elif kind in _CONTAINERS or kind.endswith("_statement") or kind == "ERROR":
        for part in node.named_children():
            _statement(part, around, depth + 1)
    else:
        value = value_of(node, around, depth)
        if not is_trivial(value):
            around.out.append(Do(value))


def _using(node: SgNode, out: list[Statement]) -> None:
    """`using a::Cart` and `using namespace a::b`."""
    parts = node.named_children()
    path = path_of(parts[-1]) if parts else ()
    if any(part.kind() == "namespace" for part in node.children()):
        out.append(Import("", ".".join(path)))
    elif len(path) > 1 and path[-1] != path[-2]:
        out.append(Import(path[-1], ".".join(path[:-1]), path[-1]))


def _alias(node: SgNode, around: Around, depth: int) -> None:
    """`using Stub = Cart::Stub`, and for what holds one: `typedef std::unique_ptr<Cart::Stub> StubPtr`."""
    written, name = node.field("type"), node.field("name") or node.field("declarator")
    if written is None or name is None:
        return
    if written.kind() in _CLASSES:
        read_class(written, around, depth)
    names = [found for found in types_in(written) if not is_library(found)]
    alias = declared(name)[0].text()
    if names and names[0] != alias:
        module, _, member = names[0].rpartition(".")
        around.out.append(Import(alias, module, member) if module else Import(alias, member))


def _ranged(node: SgNode, around: Around, depth: int) -> None:
    """`for (auto& [name, stub] : stubs)`: each name may be any of it."""
    declarator, right, body = node.field("declarator"), node.field("right"), node.field("body")
    value: Value = value_of(right, around, depth + 1) if right is not None else NOTHING
    if declarator is not None:
        target, _ = declared(declarator)
        types = types_in(node.field("type"))
        for name in target.named_children() or [target]:
            around.out.append(Assign(Name(name.text()), value, types, line_of(name)))
    if body is not None:
        _statement(body, around, depth + 1)


CPP = Language(
    name="C++",
    suffixes=(".cc", ".cpp", ".cxx", ".h", ".hpp", ".hh"),
    read=read,
    called=called,
    typed=typed,
    registrars=frozenset({"RegisterService", "RegisterAsyncService"}),
    affixes=(("Async", ""), ("PrepareAsync", "")),
    generated=("*.pb.h", "*.pb.cc"),
    tests=("*_test.cc", "*_test.cpp", "*_tests.cc", "*_tests.cpp", "*Test.cpp", "*/test/*", "*/tests/*"),
)
