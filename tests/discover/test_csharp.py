"""C# is lowered so that stubs can be followed; nothing that is written makes reading it fail."""

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
    Record,
    Return,
    Several,
    Statement,
    Text,
)
from compatcheck.discover.conventions import Meaning, Role
from compatcheck.discover.languages.csharp import CSHARP


def lowered(text: str) -> tuple[Statement, ...]:
    return CSHARP.read(text).statements


def test_an_alias_and_a_static_using_name_what_is_nested_in_a_service() -> None:
    alias, everything, client, *_ = lowered(
        "using C = Shop.V1.Cart.CartClient;\nusing static Shop.V1.Cart;\n"
    )
    assert alias == Import("C", "Shop.V1.Cart", "CartClient")
    assert everything == Import("", "Shop.V1.Cart")
    assert client == Import("CartClient", "Shop.V1.Cart", "CartClient")


def test_a_primary_constructors_parameter_is_a_field() -> None:
    (made,) = lowered("class Page(Cart.CartClient client) : Base(client), IPage { }")
    assert isinstance(made, Class)
    assert made.bases == ("Base", "IPage")
    field, constructor = made.body
    assert field == Assign(Name("client"), None, ("Cart.CartClient",), 1)
    assert isinstance(constructor, Function)
    assert constructor.name == "<init>"
    assert constructor.body == (
        Assign(Member(Name(SELF), "client"), Name("client"), line=1),
        Do(Call(Name("Base"), (Name("client"),), line=1)),
    )


def test_new_without_a_type_makes_what_is_declared() -> None:
    (made,) = lowered("Cart.CartClient client = new(channel);")
    assert made == Assign(
        Name("client"),
        Call(Member(Name("Cart"), "CartClient"), (Name("channel"),), line=1),
        ("Cart.CartClient",),
        1,
    )


def test_a_property_holds_what_it_returns() -> None:
    (made,) = lowered("class A { Cart.CartClient Client => client ??= Make(); }")
    assert isinstance(made, Class)
    getter, held = made.body
    assert isinstance(getter, Function)
    assert getter.body == (Assign(Name("client"), Call(Name("Make"), line=1), line=1), Return(Name("client")))
    assert held == Assign(
        Name("Client"), Several((Call(Name("get_Client"), line=1),)), ("Cart.CartClient",), 1
    )


def test_a_call_keeps_its_line_over_several_lines_and_through_a_question_mark() -> None:
    (made,) = lowered(
        "await client\n    ?.GetCartAsync(request, deadline: soon)\n    .ConfigureAwait(false);"
    )
    get = Member(Name("client"), "GetCartAsync", 2)
    call = Call(get, (Name("request"),), (("deadline", Name("soon")),), line=2)
    assert made == Do(Call(Member(call, "ConfigureAwait", 3), (Several(),), line=3))


def test_patterns_and_tuples_name_what_they_find() -> None:
    statements = lowered(
        "if (o is Cart.CartClient c) { }\nvar (a, b) = (x, y);\nforeach (var (k, v) in all) { }"
    )
    both = Record((("Item1", Name("x")), ("Item2", Name("y"))))
    assert statements == (
        Assign(Name("c"), Name("o"), ("Cart.CartClient",), 1),
        Assign(Name("a"), Member(both, "Item1", 2), (), 2),
        Assign(Name("b"), Member(both, "Item2", 2), (), 2),
        Assign(Name("k"), Name("all"), (), 3),
        Assign(Name("v"), Name("all"), (), 3),
    )


def test_the_address_of_an_injected_stub_is_kept() -> None:
    first, *_ = lowered('services.AddGrpcClient<Cart.CartClient>(o => o.Address = new Uri("http://cart"));')
    address = Call(Name("Uri"), (Text("http://cart"),), line=1)
    assert first == Do(Call(Member(Name("Cart"), "CartClient"), (address,), line=1))


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        (("Cart", "CartClient"), Meaning(Role.STUB, "Cart")),
        (("Shop.V1", "Cart", "CartClient"), Meaning(Role.STUB, "Cart")),
        (("Cart", "BindService"), Meaning(Role.REGISTER, "Cart")),
        (("Cart", "CartBase"), Meaning(Role.SERVED, "Cart")),
        (("Cart", "PaymentClient"), None),
        (("CartClient",), None),
        (("Cart",), None),
    ],
)
def test_calls_of_generated_code_are_known_by_their_names(
    path: tuple[str, ...], meaning: Meaning | None
) -> None:
    assert CSHARP.called(path) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "class",
        "class A : { B(C c) : base( { } }",
        "x" + ".A()" * 400 + ";",
        "(" * 5_000,
        "a" + " + a" * 5_000 + ";",
        "if (a) " * 500 + "b();",
        "class A {" * 500,
        "var x = y is { A: { B: " * 200,
        'f($"{a} {b:x} {$"{c}',
        "@page\n@code",
        "foreach (var (a, in b) switch { => new { = ; using = ; typeof( ) => ; x?. ; new() { [ ",
    ],
)
def test_broken_and_hostile_text_is_read_as_far_as_it_goes(text: str) -> None:
    CSHARP.read(text)


def test_the_first_broken_line_is_told_and_the_rest_is_kept() -> None:
    file = CSHARP.read("var a = f();\nclass ? { }\nvar b = g();\n")
    assert file.broken[:1] == (2,)
    names = {item.target for item in file.statements if isinstance(item, Assign)}
    assert {Name("a"), Name("b")} <= names
