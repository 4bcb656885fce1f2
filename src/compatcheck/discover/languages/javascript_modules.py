"""Lowers what files of JavaScript and TypeScript import and export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatcheck.discover.code import Assign, Function, Import, Member, Name, Record, Several, Value
from compatcheck.discover.languages.javascript_bindings import named
from compatcheck.discover.languages.javascript_values import EXPORTS, FUNCTIONS, Values
from compatcheck.discover.syntax import line_of, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode


class Modules(Values):
    """Statements that bind names across files; only Node's `require` and `exports` are values too."""

    def import_required(self, pattern: SgNode, value: SgNode) -> bool:
        """Whether a declaration just names what `require('./cart').client` gives; then it is an import."""
        members: list[str] = []
        while value.kind() in {
            "member_expression",
            "await_expression",
            "parenthesized_expression",
            "as_expression",
        }:
            member, of = value.field("property"), value.field("object") or next(iter(named(value)), None)
            if of is None:
                return False
            if member is not None:
                members.append(member.text())
            value = of
        module = self.required(value) if value.kind() == "call_expression" else ""
        if not module or len(members) > 1:
            return False
        if pattern.kind() == "identifier":
            self.import_whole(pattern.text(), module, members[0] if members else "")
            return True
        if pattern.kind() != "object_pattern" or members:
            return False
        for child in named(pattern):
            if child.kind() == "shorthand_property_identifier_pattern":
                self.sink.append(Import(child.text(), module, child.text()))
            else:
                self.imports[module] = Import(module, module)
                self.bind_part(child, Name(module), is_array=False)
        return True

    def import_whole(self, name: str, module: str, member: str = "") -> None:
        self.sink.append(Import(name, module, member))
        if not member and module.startswith("."):
            self.sink.append(Import(name, module, EXPORTS))

    def import_(self, node: SgNode) -> None:
        source = node.field("source")
        module = unquoted(source.text()) if source is not None else ""
        for clause in named(node):
            if clause.kind() == "import_require_clause":
                name, source = named(clause)[0], clause.field("source")
                if source is not None:
                    self.import_whole(name.text(), unquoted(source.text()))
            elif clause.kind() == "import_clause":
                self.import_clause(clause, module)

    def import_clause(self, clause: SgNode, module: str) -> None:
        for part in named(clause):
            kind = part.kind()
            if kind == "identifier":
                self.sink.append(Import(part.text(), module, EXPORTS))
            elif kind == "namespace_import":
                self.sink.extend(Import(name.text(), module) for name in named(part))
            elif kind == "named_imports":
                for specifier in named(part):
                    name, alias = specifier.field("name"), specifier.field("alias")
                    if name is not None:
                        self.sink.append(Import((alias or name).text(), module, unquoted(name.text())))

    def export(self, node: SgNode) -> None:
        source, exported = node.field("source"), node.field("declaration") or node.field("value")
        module = unquoted(source.text()) if source is not None else ""
        is_default = any(child.kind() in {"default", "="} for child in node.children())
        clauses = [child for child in named(node) if child.kind() in {"export_clause", "namespace_export"}]
        for clause in clauses:
            if clause.kind() == "namespace_export":
                self.sink.extend(Import(name.text(), module) for name in named(clause))
            else:
                self.export_names(clause, module)
        if module and not clauses:
            self.sink.append(Import("", module))
        if exported is None:
            exported = next((child for child in named(node) if child.kind() == "identifier"), None)
        if exported is None or module:
            return
        if not is_default:
            self.statement(exported)
            return
        kind = exported.kind()
        name = exported.field("name")
        if kind in {"class_declaration", "abstract_class_declaration", "class"}:
            value: Value = Name(self.class_(exported, name.text() if name is not None else f"<{EXPORTS}>"))
        elif kind in {"function_declaration", "generator_function_declaration"} and name is not None:
            self.statement(exported)
            value = Name(name.text())
        else:
            value = self.value(exported)
        self.sink.append(Assign(Name(EXPORTS), value, line=line_of(node)))

    def export_names(self, clause: SgNode, module: str) -> None:
        for specifier in named(clause):
            name, alias = specifier.field("name"), specifier.field("alias")
            if name is None:
                continue
            text, called = name.text(), (alias or name).text()
            if module:
                self.sink.append(Import(called, module, text))
            elif text != called:
                self.sink.append(Assign(Name(called), Name(text), line=line_of(specifier)))

    def method_or_export(self, node: SgNode) -> bool:
        """What an assignment adds to a class or to what the file exports."""
        left, right = node.field("left"), node.field("right")
        if left is None or right is None or left.kind() != "member_expression":
            return False
        target = self.value(left)
        match target:
            case Member(Member(Name(owner), "prototype"), name) if right.kind() in FUNCTIONS:
                made = self.function(right)
                self.sink.append(
                    Function(name, made.parameters, made.body, made.returns, owner, line=made.line)
                )
                return True
            case Name(text) if text == EXPORTS:
                value = self.value(right)
                self.sink.append(Assign(target, value, line=line_of(node)))
                for part in value.parts if isinstance(value, Several) else (value,):
                    self.export_parts(part, line_of(node))
                return True
            case Member(Name(text), name) if text == EXPORTS and name:
                if right.kind() in FUNCTIONS:
                    self.sink.append(self.function(right, name))
                    self.sink.append(Assign(target, Name(name), line=line_of(node)))
                else:
                    value = self.value(right)
                    self.sink.append(Assign(target, value, line=line_of(node)))
                    if value != Name(name):
                        self.sink.append(Assign(Name(name), value, line=line_of(node)))
                return True
        return False

    def export_parts(self, value: Value, line: int) -> None:
        """The names that a record gives to what a file exports, or all of a module that it spreads."""
        if isinstance(value, Name) and value.text in self.imports:
            self.sink.append(Import("", value.text))
        elif isinstance(value, Record):
            self.sink.extend(
                Assign(Name(name), held, line=line) for name, held in value.fields if held != Name(name)
            )
