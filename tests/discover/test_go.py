"""Go is lowered to what following a stub takes."""

from __future__ import annotations

import time

import pytest

from compatcheck.discover.code import (
    Assign,
    Call,
    Class,
    Function,
    Import,
    Member,
    Name,
    Parameter,
    Return,
    Several,
)
from compatcheck.discover.conventions import Meaning, Role
from compatcheck.discover.languages.go import GO


def statements(text: str) -> tuple[object, ...]:
    return GO.read(f"package main\n{text}").statements


def test_imports_are_called_by_their_alias_or_last_part() -> None:
    text = 'import (\n"a.com/x/cart"\npb "a.com/gen"\n"a.com/go-redis/v9"\n. "a.com/dot"\n)'
    assert statements(text) == (
        Import("cart", "a.com/x/cart"),
        Import("pb", "a.com/gen"),
        Import("redis", "a.com/go-redis/v9"),
        Import("", "a.com/dot"),
    )


def test_a_struct_has_fields_and_what_it_embeds_is_a_field_and_a_base() -> None:
    assert statements("type S struct {\n*pb.C\na, b map[string]pb.D\n}") == (
        Class(
            "S",
            ("pb.C",),
            (Assign(Name("C"), None, ("pb.C",), 3), *(Assign(Name(n), None, ("pb.D",), 4) for n in "ab")),
            line=2,
        ),
    )


def test_a_method_names_its_owner_and_receiver() -> None:
    (method,) = statements("func (s *S[T]) F(a, b pb.C) (pb.D, error) { return s.c.Get, nil }")
    assert method == Function(
        "F",
        (Parameter("a", ("pb.C",)), Parameter("b", ("pb.C",))),
        (Return(Several((Member(Member(Name("s"), "c", 2), "Get", 2), Several()))),),
        ("pb.D",),
        "S",
        "s",
        2,
    )


def test_a_variable_whose_address_is_given_holds_what_comes_of_the_rest() -> None:
    (main,) = statements('func main() { env(&s.addr, "CART_ADDR") }')
    assert isinstance(main, Function)
    filled = main.body[0]
    assert isinstance(filled, Assign) and filled.target == Member(Name("s"), "addr", 2)


def test_an_error_beside_a_result_does_not_hold_it() -> None:
    (main,) = statements("func main() { c, err := dial() }")
    assert isinstance(main, Function)
    made = Call(Name("dial"), line=2)
    assert main.body == (Assign(Name("c"), made, (), 2), Assign(Name("err"), None, (), 2))


@pytest.mark.parametrize(
    ("name", "role", "service"),
    [
        ("NewCartServiceClient", Role.STUB, "CartService"),
        ("RegisterCartServer", Role.REGISTER, "Cart"),
        ("NewCartHandler", Role.SERVED, "Cart"),
        ("RegisterCartHandlerFromEndpoint", Role.STUB, "Cart"),
    ],
)
def test_names_of_generated_functions(name: str, role: Role, service: str) -> None:
    assert GO.called(("a.com/pb", name)) == Meaning(role, service)


@pytest.mark.parametrize(
    ("name", "role"),
    [("CartClient", Role.STUB), ("UnimplementedCartServer", Role.SERVED), ("Cart_ServiceDesc", Role.SERVED)],
)
def test_names_of_generated_types(name: str, role: Role) -> None:
    assert GO.typed(("a.com/pb", name)) == Meaning(role, "Cart")


@pytest.mark.parametrize("name", ["Client", "Server", "CartRequest"])
def test_other_names_mean_nothing(name: str) -> None:
    assert GO.typed((name,)) is None
    assert GO.called((name,)) is None


def test_broken_code_keeps_what_is_whole_and_says_where_it_breaks() -> None:
    file = GO.read("package main\nfunc f() { g() }\nfunc {{{\n")
    assert file.broken[:1] == (3,)
    assert any(isinstance(item, Function) and item.name == "f" for item in file.statements)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "package",
        "\ud800",
        "package a\nvar x = " + "(" * 20_000 + ")" * 20_000,
        "package a\nfunc f() {" + "if x {" * 5_000,
        "package a\nvar x = " + "f(" * 5_000,
        "x." * 20_000,
        "package a\nvar x = " + "[]T{{" * 3_000,
        "package a\nvar x = a" + ".b()" * 5_000,
    ],
)
def test_no_text_makes_it_fail_or_slow(text: str) -> None:
    start = time.perf_counter()
    GO.read(text)
    assert time.perf_counter() - start < 5
