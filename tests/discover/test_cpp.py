"""C++ is lowered so that stubs can be followed; nothing that is written makes reading it fail."""

from __future__ import annotations

import pytest

from compatcheck.discover.code import (
    SELF,
    Assign,
    Call,
    Class,
    Do,
    Function,
    Import,
    Member,
    Name,
    Several,
    Statement,
)
from compatcheck.discover.conventions import Meaning, Role
from compatcheck.discover.languages.cpp import CPP

NEW_STUB = Call(Member(Name("Cart"), "NewStub", 1), (Name("ch"),), line=1)


def lowered(text: str) -> tuple[Statement, ...]:
    return CPP.read(text).statements


def body_of(text: str) -> tuple[Statement, ...]:
    (function,) = lowered(f"void f() {{ {text} }}")
    assert isinstance(function, Function)
    return function.body


def test_aliases_name_types_and_what_smart_pointers_hold() -> None:
    assert lowered(
        "using shop::v1::Cart; namespace pb = shop::v1; using namespace shop;"
        "using Ptr = std::unique_ptr<pb::Cart::Stub>; typedef pb::Cart::Stub Stub;"
    ) == (
        Import("Cart", "shop.v1", "Cart"),
        Import("pb", "shop.v1"),
        Import("", "shop"),
        Import("Ptr", "pb.Cart", "Stub"),
        Import("Stub", "pb.Cart", "Stub"),
    )


def test_an_initialiser_list_assigns_fields_and_calls_the_base() -> None:
    (made,) = lowered("class A : public Base { A(Ch ch) : Base(ch), stub_(Cart::NewStub(ch)) {} };")
    assert isinstance(made, Class)
    (constructor,) = made.body
    assert isinstance(constructor, Function)
    assert constructor.name == "<init>"
    assert constructor.body == (
        Do(Call(Name("Base"), (Name("ch"),), line=1)),
        Assign(Member(Name(SELF), "stub_"), NEW_STUB, line=1),
    )


def test_methods_outside_of_their_class_say_whose_they_are() -> None:
    (method, constructor) = lowered("Stub* ns::A::get_stub(int x) { return stub_; }\nns::A::A(Ch c) {}")
    assert isinstance(method, Function)
    assert isinstance(constructor, Function)
    assert (method.name, method.owner, method.returns) == ("get_stub", "A", ("Stub",))
    assert (constructor.name, constructor.owner, constructor.line) == ("<init>", "A", 2)


@pytest.mark.parametrize(
    "written", ["st(Cart::NewStub(ch))", "st{Cart::NewStub(ch)}", "st = Cart::NewStub(ch)"]
)
def test_a_variable_that_looks_like_a_function_is_one_all_the_same(written: str) -> None:
    (made,) = body_of(f"std::unique_ptr<Cart::Stub> {written};")
    assert isinstance(made, Assign)
    assert made.types == ("std.unique_ptr", "Cart.Stub")
    assert made.value in (NEW_STUB, Several((NEW_STUB,)))


def test_what_makes_and_what_moves_an_object_is_left_out() -> None:
    (made,) = body_of("auto c = std::make_unique<Client>(std::move(stub));")
    assert made == Assign(Name("c"), Call(Name("Client"), (Name("stub"),), line=1), (), 1)


def test_get_of_a_smart_pointer_is_not_a_method_of_a_stub() -> None:
    (made,) = body_of("use(stub_.get());")
    held = Call(Member(Name("stub_"), "get()", 1), line=1)
    assert made == Do(Call(Name("use"), (Several((held, Name("stub_"))),), line=1))


def test_a_stubs_method_taken_as_a_value_is_a_member_of_a_stub() -> None:
    (made,) = body_of("auto m = &shop::Cart::Stub::GetCart;")
    assert isinstance(made, Assign)
    assert isinstance(made.value, Member)
    assert made.value.name == "GetCart"
    assert isinstance(made.value.of, Call)


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        (("shop", "v1", "Cart", "NewStub"), Meaning(Role.STUB, "Cart")),
        (("Cart", "Stub"), Meaning(Role.STUB, "Cart")),
        (("Cart", "AsyncService"), Meaning(Role.SERVED, "Cart")),
        (("Cart", "WithCallbackMethod_Add"), Meaning(Role.SERVED, "Cart")),
        (("NewStub",), None),
        (("Cart", "GetCart"), None),
    ],
)
def test_calls_of_generated_code_are_known_by_their_names(
    path: tuple[str, ...], meaning: Meaning | None
) -> None:
    assert CPP.called(path) == meaning


def test_macros_that_the_grammar_cannot_place_are_left_out() -> None:
    file = CPP.read(
        "SHOP_NAMESPACE_BEGIN\nnamespace a {\nclass SHOP_EXPORT B : public C {\n  Q_OBJECT\n public:\n};\n}\n"
    )
    assert not file.broken
    (made,) = file.statements
    assert isinstance(made, Class)
    assert (made.name, made.bases, made.line) == ("B", ("C",), 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "class A : public { A( : b({ }",
        "void f() { x" + "->a()" * 400 + "; }",
        "void f() { x" + ".get()" * 400 + "; }",
        "(" * 5_000,
        "void f() { a" + " << a" * 5_000 + "; }",
        "namespace a {" * 500,
        "T x(" * 300,
        "auto f = [a = [b = " * 100,
        "int " + "*" * 500 + "x;",
        "template <typename T<T<T::x using = ; typedef ; for (auto& [ : ) new ; X::~X( ) : y{} {",
    ],
)
def test_broken_and_hostile_text_is_read_as_far_as_it_goes(text: str) -> None:
    CPP.read(text)
