"""Lowers the expressions of JavaScript and TypeScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from compatcheck.discover.code import (
    NOTHING,
    Assign,
    Call,
    Do,
    Import,
    Member,
    Name,
    Record,
    Return,
    Several,
    Text,
    Value,
)
from compatcheck.discover.languages.javascript_bindings import (
    Bindings,
    member,
    named,
    place,
    several,
)
from compatcheck.discover.languages.javascript_idioms import call
from compatcheck.discover.languages.javascript_types import type_names
from compatcheck.discover.syntax import DEEPEST, kinds, line_of, unquoted

if TYPE_CHECKING:
    from ast_grep_py import SgNode

EXPORTS = "default"
"""What a file exports as a whole: by `export default`, and by `module.exports =`."""

_IGNORED = kinds(
    "comment number regex true false null undefined type_arguments type_annotation type_parameters predefined_type "
    "type_identifier nested_type_identifier generic_type object_type union_type optional_chain jsx_text "
    "jsx_closing_element decorator accessibility_modifier override_modifier hash_bang_line"
)
FUNCTIONS = kinds("arrow_function function_expression generator_function")
"""Functions that are values."""
_WITH_OWN_THIS = kinds("function_expression generator_function method_definition")
_MODULES = frozenset({"require", "import"})


class Values(Bindings):
    """Lowers values, and gathers the statements that they hold: `return (this.client = make())`."""

    def value(self, node: SgNode | None) -> Value:
        if node is None or self.depth >= DEEPEST:
            return NOTHING
        kind = node.kind()
        if kind in _IGNORED:
            return NOTHING
        self.depth += 1
        try:
            return _EXPRESSIONS.get(kind, Values.parts)(self, node)
        finally:
            self.depth -= 1

    def do(self, value: Value) -> None:
        """Keep a value that nothing holds, if it may do something."""
        match value:
            case Name() | Text():
                return
            case Several(parts):
                for part in parts:
                    self.do(part)
            case _:
                self.sink.append(Do(value))

    def parts(self, node: SgNode) -> Value:
        return several([self.value(child) for child in named(node)])

    def operand(self, node: SgNode) -> Value:
        """The value of what passes its first operand on: parentheses, `await`, a cast."""
        return next((value for child in named(node) if (value := self.value(child)) != NOTHING), NOTHING)

    def name(self, node: SgNode) -> Value:
        text = node.text()
        return Name(EXPORTS if text == "exports" else text)

    def self_(self) -> Value:
        self.this_is_used = True
        return Name(self.this)

    def text(self, node: SgNode) -> Value:
        return Text(unquoted(node.text()))

    def template(self, node: SgNode) -> Value:
        return several(
            [
                Text(child.text()) if child.kind() == "string_fragment" else self.value(child)
                for child in named(node)
            ]
        )

    def member(self, node: SgNode) -> Value:
        of, name = node.field("object"), node.field("property")
        text = name.text() if name is not None else ""
        if text == "exports" and of is not None and of.kind() == "identifier" and of.text() == "module":
            return Name(EXPORTS)
        return member(self.value(of), text, line_of(name or node))

    def subscript(self, node: SgNode) -> Value:
        of, index = self.value(node.field("object")), node.field("index")
        if index is None or index.kind() == "number":
            return of
        key = self.value(index)
        if isinstance(key, Text):
            return member(of, key.value, line_of(index))
        self.do(key)
        return Member(of, "", line_of(index))

    def call(self, node: SgNode) -> Value:
        module = self.required(node)
        if module:
            self.imports[module] = Import(module, module)
            return Name(module)
        callee = node.field("function") or node.field("constructor")
        function = self.value(callee)
        promised = self.promise(node) if function == Name("Promise") else ""
        given = node.field("arguments")
        arguments: tuple[Value, ...] = ()
        if given is not None:
            arguments = tuple(
                self.value(child) for child in (named(given) if given.kind() == "arguments" else [given])
            )
        line = function.line if isinstance(function, Member) else line_of(node)
        made = call(Call(function, arguments, (), type_names(node.field("type_arguments")), line))
        if isinstance(function, Name) and function.text in self.promises and arguments:
            self.sink.append(Assign(Name(self.promises[function.text]), arguments[0], line=line))
        return Several((made, Name(promised))) if promised else made

    def promise(self, node: SgNode) -> str:
        """A name for what `new Promise((resolve) => resolve(it))` holds, which calls of `resolve` assign."""
        given = node.field("arguments")
        executor = next(iter(named(given)), None) if given is not None else None
        if executor is None or executor.kind() not in FUNCTIONS:
            return ""
        listed = executor.field("parameter") or executor.field("parameters")
        first = next(iter(named(listed)), listed) if listed is not None else None
        if first is None:
            return ""
        name = f"<promise {place(node)}>"
        self.promises[first.text()] = name
        self.sink.append(Assign(Name(name), line=line_of(node)))
        return name

    def required(self, node: SgNode) -> str:
        """The module that `require('./cart')` or `import('./cart')` gives; empty if it is another call."""
        callee, given = node.field("function"), node.field("arguments")
        if callee is None or given is None or callee.kind() not in {"identifier", "import"}:
            return ""
        arguments = named(given) if callee.text() in _MODULES else []
        return unquoted(arguments[0].text()) if arguments and arguments[0].kind() == "string" else ""

    def assignment(self, node: SgNode) -> Value:
        left, right = node.field("left"), node.field("right")
        if left is None:
            return self.value(right)
        value = self.value(right)
        self.bind(left, value)
        return self.value(left) if left.kind() in {"identifier", "member_expression"} else value

    def sequence(self, node: SgNode) -> Value:
        value: Value = NOTHING
        for child in named(node):
            self.do(value)
            value = self.value(child)
        return value

    def ternary(self, node: SgNode) -> Value:
        self.do(self.value(node.field("condition")))
        return several([self.value(node.field("consequence")), self.value(node.field("alternative"))])

    def produced(self, node: SgNode) -> Value:
        value = self.operand(node)
        self.sink.append(Return(value))
        return value

    def array(self, node: SgNode) -> Value:
        return Several(tuple(self.value(child) for child in named(node)))

    def object(self, node: SgNode) -> Value:
        """A record; methods that use `this` mean the record, which then gets a name."""
        around, used = self.this, self.this_is_used
        self.this, self.this_is_used = f"<object {place(node)}>", False
        fields: list[tuple[str, Value]] = []
        others: list[Value] = []
        for child in named(node):
            kind = child.kind()
            if kind == "shorthand_property_identifier":
                fields.append((child.text(), self.name(child)))
                continue
            is_method = kind == "method_definition"
            value = child if is_method else child.field("value")
            if value is None or value.kind() not in _WITH_OWN_THIS:
                own, self.this = self.this, around
                lowered = self.value(value if value is not None else child)
                used, self.this = used or self.this_is_used, own
            else:
                lowered = self.function(value)
            key = self.key(child.field("name" if is_method else "key"))
            if key:
                fields.append((key, lowered))
            else:
                others.append(lowered)
        record: Value = Record(tuple(fields))
        own, needed = self.this, self.this_is_used
        self.this, self.this_is_used = around, used or needed
        if needed:
            self.sink.append(Assign(Name(own), record))
            record = Name(own)
        return several([record, *others]) if others else record

    def element(self, node: SgNode) -> Value:
        """A component is a function that is called with its attributes."""
        opening = node if node.kind() == "jsx_self_closing_element" else node.field("open_tag")
        inner = [self.value(child) for child in named(node) if child.kind() != "jsx_opening_element"]
        if opening is None:
            return several(inner)
        fields: list[tuple[str, Value]] = []
        spread: list[Value] = []
        tag = opening.field("name")
        for attribute in opening.field_children("attribute"):
            parts = named(attribute)
            if attribute.kind() == "jsx_attribute" and len(parts) == 2:
                fields.append((parts[0].text(), self.value(parts[1])))
            else:
                spread.append(self.value(attribute))
        if opening is not node:
            fields.append(("children", several(inner)))
        properties = several([Record(tuple(fields)), *spread])
        return Call(self.value(tag), (properties,), line=line_of(node))

    def class_value(self, node: SgNode) -> Value:
        name = node.field("name")
        return Name(self.class_(node, name.text() if name is not None else f"<class {place(node)}>"))


_EXPRESSIONS: dict[str, Callable[[Values, SgNode], Value]] = {
    "identifier": Values.name,
    "shorthand_property_identifier": Values.name,
    "this": lambda values, _: values.self_(),
    "super": lambda values, _: values.self_(),
    "meta_property": lambda _, __: Name("import.meta"),
    "string": Values.text,
    "template_string": Values.template,
    "member_expression": Values.member,
    "subscript_expression": Values.subscript,
    "call_expression": Values.call,
    "new_expression": Values.call,
    "assignment_expression": Values.assignment,
    "augmented_assignment_expression": Values.assignment,
    "sequence_expression": Values.sequence,
    "ternary_expression": Values.ternary,
    "parenthesized_expression": Values.operand,
    "await_expression": Values.operand,
    "non_null_expression": Values.operand,
    "as_expression": Values.operand,
    "satisfies_expression": Values.operand,
    "type_assertion": Values.operand,
    "yield_expression": Values.produced,
    "array": Values.array,
    "object": Values.object,
    "class": Values.class_value,
    "jsx_element": Values.element,
    "jsx_self_closing_element": Values.element,
} | dict.fromkeys((*FUNCTIONS, "method_definition"), Values.function)
