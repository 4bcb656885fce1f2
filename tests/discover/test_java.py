"""Java is reduced to the names, calls and assignments that stubs go through."""

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
    Statement,
    Text,
)
from compatcheck.discover.conventions import Meaning, Role
from compatcheck.discover.languages.java import JAVA


def _class(text: str) -> dict[str, Statement]:
    """Members of the first class, by name."""
    made = next(each for each in JAVA.read(text).statements if isinstance(each, Class))
    found: dict[str, Statement] = {}
    for each in made.body:
        if isinstance(each, Function | Class):
            found[each.name] = each
        elif isinstance(each, Assign) and isinstance(each.target, Name):
            found[each.target.text] = each
    return found


def _body(text: str) -> tuple[Statement, ...]:
    function = _class(f"class A {{ Cart stub; void f(Cart given) {{ {text} }} }}")["f"]
    assert isinstance(function, Function)
    return function.body


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        (("shop", "v1", "CartGrpc", "newBlockingStub"), Meaning(Role.STUB, "Cart")),
        (("shop.v1.CartGrpc", "newBlockingV2Stub"), Meaning(Role.STUB, "Cart")),
        (("ReactorCartGrpc", "newReactorStub"), Meaning(Role.STUB, "Cart")),
        (("MutinyCartGrpc", "MutinyCartStub"), Meaning(Role.STUB, "Cart")),
        (("CartGrpcKt", "CartCoroutineStub"), Meaning(Role.STUB, "Cart")),
        (("CartFutureStub",), Meaning(Role.STUB, "Cart")),
        (("ReactorGrpc", "newStub"), Meaning(Role.STUB, "Reactor")),
        (("CartGrpc", "bindService"), Meaning(Role.SERVED, "Cart")),
        (("CartGrpc", "CartImplBase"), Meaning(Role.SERVED, "Cart")),
        (("CartGrpc", "AsyncService"), Meaning(Role.SERVED, "Cart")),
        (("Servers", "newStub"), None),
        (("Stub",), None),
        (("CartClient",), None),
    ],
)
def test_generated_names_say_what_they_stand_for(path: tuple[str, ...], meaning: Meaning | None) -> None:
    assert JAVA.called(path) == meaning


def test_imports_say_what_is_imported_from_where() -> None:
    file = JAVA.read("package shop; import a.B; import static a.CartGrpc.newStub; import a.b.*;")
    assert file.package == "shop"
    assert file.statements == (
        Import("B", "a", "B"),
        Import("newStub", "a.CartGrpc", "newStub"),
        Import("", "a.b"),
    )


def test_what_makes_stubs_is_imported_with_everything_of_a_generated_class_unless_it_is_imported_by_name() -> (
    None
):
    file = JAVA.read("import static a.CartGrpc.*; import static a.StockGrpc.newStub;")
    assert Import("newBlockingStub", "a.CartGrpc", "newBlockingStub") in file.statements
    assert Import("newStub", "a.CartGrpc", "newStub") not in file.statements


def test_an_annotation_of_a_stub_is_an_argument_of_its_making() -> None:
    field = _class('class A { @GrpcClient("cart") CartGrpc.CartBlockingStub stub; }')["stub"]
    assert isinstance(field, Assign)
    assert field.value == Call(Member(Name("CartGrpc"), "CartBlockingStub", 1), (Text("cart"),), line=1)


def test_an_assignment_to_a_bare_name_sets_the_variable_or_the_field_that_is_declared() -> None:
    field, variable = _body("stub = given; Cart own; own = given;")[::2]
    assert isinstance(field, Assign)
    assert field.target == Member(Name(SELF), "stub")
    assert isinstance(variable, Assign)
    assert variable.target == Name("own")


def test_members_of_the_object_around_are_found_by_their_bare_names() -> None:
    (done,) = _body("A.this.stub.getCart(r);")
    assert "Name(text='stub'), name='getCart'" in repr(done)


def test_a_body_behind_new_is_a_class_in_whose_methods_calls_are_kept() -> None:
    made, done = _body("run(new Task(given) { void go() { stub.getCart(); } });")
    assert isinstance(made, Class)
    assert made.bases == ("Task",)
    assert "getCart" in repr(made.body)
    assert made.name in repr(done)


def test_what_a_switch_gives_is_the_value_of_its_arms_and_of_its_yields() -> None:
    kept = _body("var x = switch (k) { case 1 -> f(); default -> { h(); yield g(); } };")[-1]
    assert isinstance(kept, Assign)
    assert "'f'" in repr(kept.value)
    assert "'g'" in repr(kept.value)
    assert "'h'" not in repr(kept.value)


def test_the_class_of_a_stub_that_is_passed_on_makes_one() -> None:
    (done,) = _body("make(CartBlockingStub.class, Other.class);")
    assert "Call(function=Name(text='CartBlockingStub')" in repr(done)
    assert "Call(function=Name(text='Other')" not in repr(done)


@pytest.mark.parametrize(
    "text", ["(" * 3000, "class A {" * 400, "f(" * 2000, 'int x = "a"' + '+ "b"' * 3000 + ";", "\0"]
)
def test_no_text_is_too_hostile_to_read(text: str) -> None:
    file = JAVA.read(f"class A {{ void f() {{ {text}\n}} }}")
    assert file.broken is not None


def test_the_first_line_that_is_broken_is_told_and_the_rest_is_kept() -> None:
    file = JAVA.read("class A {\n  void f() { g(; }\n  void h() { stub.getCart(); }\n}\n")
    assert file.broken[:1] == (2,)
    assert "getCart" in repr(file)


def test_generated_code_says_nothing() -> None:
    header = '@javax.annotation.Generated(value = "by gRPC proto compiler (version 1.0)")'
    assert JAVA.read(f"package a;\n{header}\nclass CartGrpc {{ int f() {{ return g(); }} }}").statements == ()
