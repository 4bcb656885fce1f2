"""Rust is reduced to what following a stub takes, whatever is fed to the reader."""

from __future__ import annotations

from compatcheck.discover.code import (
    Assign,
    Call,
    Class,
    Do,
    File,
    Function,
    Import,
    Member,
    Name,
    Parameter,
    Return,
    Several,
)
from compatcheck.discover.conventions import Meaning, Role
from compatcheck.discover.languages.rust import RUST


def body(text: str) -> tuple[object, ...]:
    (function,) = RUST.read(f"fn m() {{ {text} }}").statements
    assert isinstance(function, Function)
    return function.body


def test_trees_of_imports_are_laid_flat() -> None:
    text = "use crate::shop::{cart_client::CartClient as C, self, v1::*};\nuse tonic;\nmod other;\n"
    assert RUST.read(text).statements == (
        Import("C", "shop.cart_client", "CartClient"),
        Import("shop", "shop"),
        Import("", "shop.v1"),
        Import("tonic", "tonic"),
        Import("other", "other"),
    )


def test_a_method_belongs_to_its_type_and_self_is_that_type() -> None:
    text = "impl Cart for a::Mine { fn new(c: CartClient<Channel>) -> Self { Self { c } } }"
    (function,) = RUST.read(text).statements
    assert isinstance(function, Function)
    assert (function.owner, function.returns) == ("Mine", ("Mine",))
    assert function.parameters[0].types == ("CartClient", "Channel")
    assert function.body == (Return(Call(Name("Mine"), (), (("c", Name("c")),), line=1)),)


def test_a_method_that_a_trait_adds_to_a_stub_has_the_stub_for_its_self() -> None:
    text = "impl Checks for CartClient<Channel> { fn check(&mut self) { self.get(x); } }"
    method, added = RUST.read(text).statements
    assert isinstance(method, Function)
    assert isinstance(added, Function)
    assert (added.owner, added.parameters) == ("", (Parameter("self", ("CartClient",)),))
    assert added.body == method.body


def test_a_struct_without_names_for_its_fields_is_made_by_a_call() -> None:
    (made,) = RUST.read("struct Kept(CartClient<Channel>, pub u32);").statements
    assert isinstance(made, Class)
    constructor = made.body[-1]
    assert isinstance(constructor, Function)
    assert constructor.body[0] == Assign(Member(Name("self"), "0"), Name("0"))
    assert [each.target for each in made.body if isinstance(each, Assign)] == [Name("0"), Name("1")]


def test_a_loop_gives_what_it_is_left_with() -> None:
    assert body("let c = loop { match f() { Ok(c) => break c, Err(_) => g() } };")[-1] == Assign(
        Name("c"), Name("c"), line=1
    )


def test_calls_within_macros_are_seen_on_their_lines() -> None:
    call = Call(Member(Name("c"), "get", 3), (Name("x"),), line=3)
    (printed,) = body('println!("x",\n\nc.get(x).await?);')
    assert isinstance(printed, Do)
    assert isinstance(printed.value, Several)
    assert printed.value.parts[-1] == call
    (kept,) = body("tokio::select! {\n_ = t() => {}\nr = c.get(x) => {}\n};")[-1:]
    assert kept == Assign(Name("r"), call, line=3)


def test_what_a_pattern_ignores_is_called_nevertheless() -> None:
    call = Call(Member(Name("c"), "get", 1), (Name("x"),), line=1)
    assert body("let _ = c.get(x).await;") == (Do(call),)


def test_what_only_tests_compile_is_left_out() -> None:
    text = (
        "#[cfg(test)]\nmod t { fn a() {} }\n#[tokio::test]\nasync fn b() {}\n#[cfg(not(test))]\nfn c() {}\n"
    )
    assert [each.name for each in RUST.read(text).statements if isinstance(each, Function)] == ["c"]


def test_names_of_generated_code_have_their_meanings() -> None:
    assert RUST.called(("shop", "CartClient", "connect")) == Meaning(Role.STUB, "Cart")
    assert RUST.called(("CartServer", "from_arc")) == Meaning(Role.SERVED, "Cart")
    assert RUST.called(("CartClient", "from_config")) is None
    assert RUST.typed(("shop", "CartClient")) == Meaning(Role.STUB, "Cart")


def test_code_that_is_broken_is_read_but_for_what_is_broken() -> None:
    file = RUST.read("use a::b;\nfn f( {\nfn g() { c.get(x); }\n")
    assert file.broken[:1] == (2,)
    assert Import("b", "a", "b") in file.statements


def test_no_text_makes_the_reader_fail() -> None:
    for text in (
        "",
        "\0",
        "fn f() { " + "(" * 3_000,
        "fn f() { x" + ".a()" * 3_000 + "; }",
        "fn f() { " + "vec![" * 300 + "]" * 300 + " }",
        "fn f() { " + "{" * 1_000 + "}" * 1_000 + " }",
        "mod a { " * 500,
        "use a::{" * 500,
        "impl for {} struct; enum E { A(, } trait match let",
        "m! { => => }} ![] fn f() { let = ; select! { a = } }",
    ):
        assert isinstance(RUST.read(text), File)


def test_a_closure_takes_its_parameters_apart() -> None:
    (made,) = body("f(|(a, b): P| a)")
    assert isinstance(made, Return) and isinstance(made.value, Call)
    (closure,) = made.value.arguments
    assert isinstance(closure, Function)
    assert closure.parameters[0].name == "(a, b)"
    assert closure.body[-1] == Return(Name("a"))
