"""Kotlin is reduced to the names, calls and assignments that stubs go through."""

from __future__ import annotations

import pytest

from compatcheck.discover.code import (
    SELF,
    Assign,
    Call,
    Class,
    Function,
    Import,
    Member,
    Name,
    Parameter,
    Return,
    Statement,
    Text,
)
from compatcheck.discover.languages.kotlin import KOTLIN


def _class(text: str) -> Class:
    return next(each for each in KOTLIN.read(text).statements if isinstance(each, Class))


def _constructor(made: Class) -> tuple[Statement, ...]:
    return next(each.body for each in made.body if isinstance(each, Function) and each.name == "<init>")


def _value(text: str) -> object:
    """What a function returns whose body is an expression."""
    function = KOTLIN.read(f"fun f(stub: Stub) = {text}").statements[-1]
    assert isinstance(function, Function)
    returned = function.body[-1]
    assert isinstance(returned, Return)
    return returned.value


def test_imports_say_what_is_imported_under_which_name() -> None:
    file = KOTLIN.read("package shop\nimport a.B as C\nimport a.b.*\n")
    assert file.package == "shop"
    assert file.statements == (Import("C", "a", "B"), Import("", "a.b"))


def test_properties_in_the_head_of_a_class_are_fields_that_its_constructor_sets() -> None:
    made = _class("class A(private val stub: CartStub, plain: Int) : Base(plain), Other")
    assert made.bases == ("Base", "Other")
    assert Assign(Name("stub"), None, ("CartStub",), 1) in made.body
    kept = _constructor(made)[0]
    assert isinstance(kept, Assign)
    assert kept.target == Member(Name(SELF), "stub")
    assert "Base" in repr(_constructor(made)[1])


def test_what_a_field_starts_with_sees_the_parameters_of_the_constructor() -> None:
    (kept,) = _constructor(_class("class A(channel: Channel) { val stub by lazy { CartStub(channel) } }"))
    assert isinstance(kept, Assign)
    assert kept.target == Member(Name(SELF), "stub")
    assert "Name(text='channel')" in repr(kept.value)


def test_an_annotation_of_a_stub_is_an_argument_of_its_making() -> None:
    made = _class('class A { @GrpcClient("cart") lateinit var stub: CartBlockingStub }')
    (kept,) = _constructor(made)
    assert isinstance(kept, Assign)
    assert kept.value == Call(Name("CartBlockingStub"), (Text("cart"),), line=1)


def test_members_of_companions_are_members_of_their_class() -> None:
    made = _class("class A {\n companion object {\n  fun create() = A()\n }\n}")
    assert [each.name for each in made.body if isinstance(each, Function)] == ["create"]


def test_an_object_on_one_line_is_a_class() -> None:
    file = KOTLIN.read("fun f() {}\nobject Carts { val stub = make() }\n")
    assert any(isinstance(each, Class) and each.name == "Carts" for each in file.statements)


def test_a_lambda_gets_what_stands_before_the_dot_as_it_or_as_this() -> None:
    given = _value("stub.let { it.getCart(r) }")
    assert isinstance(given, Call)
    assert given.arguments[0] == Name("stub")
    assert isinstance(given.arguments[1], Function)
    assert given.arguments[1].parameters == (Parameter("it"),)
    own = _value("stub.apply { getCart(r) }")
    assert isinstance(own, Call)
    assert isinstance(own.arguments[1], Function)
    (parameter,) = own.arguments[1].parameters
    assert f"Name(text='{parameter.name}'), name='getCart'" in repr(own.arguments[1].body)


def test_what_branches_give_is_their_last_expression() -> None:
    value = repr(_value("if (a) { b(); c() } else when (d) { 1 -> e() else -> { g() } }"))
    assert all(f"'{name}'" in value for name in "ceg")
    assert "'b'" not in value


def test_text_with_expressions_in_it_keeps_their_calls() -> None:
    assert "name='getCart'" in repr(_value('"Cart: ${stub.getCart(r).id}"'))


def test_a_function_of_what_is_not_of_the_code_is_called_with_it() -> None:
    file = KOTLIN.read("fun Channel.cart() = CartStub(this)\nfun f(c: Channel) = c.cart().getCart(r)\n")
    cart, used = file.statements
    assert isinstance(cart, Function)
    assert f"Call(function=Name(text='{cart.name}'), arguments=(Name(text='c'),)" in repr(used)


def test_clients_of_wire_are_told_from_others_by_how_they_are_called() -> None:
    wire = _class("class A(val cart: CartClient) { fun f() = cart.GetCart().execute(r) }")
    other = _class("class A(val cart: CartClient) { fun f() = cart.getCart(r) }")
    assert "GrpcCartClient" in repr(wire)
    assert "GrpcCartClient" not in repr(other)


@pytest.mark.parametrize(
    "text", ["(" * 3000, "class A {" * 400, "f {" * 1000, 'val x = "a"' + ' + "b"' * 3000, '"${' * 500, "\0"]
)
def test_no_text_is_too_hostile_to_read(text: str) -> None:
    assert KOTLIN.read(f"fun f() {{\n{text}\n}}").broken is not None


def test_the_first_line_that_is_broken_is_told_and_the_rest_is_kept() -> None:
    file = KOTLIN.read("fun f() {\n    val = = 1\n}\n\nfun g() = stub.getCart()\n")
    assert file.broken[:1] == (2,)
    assert "getCart" in repr(file)
