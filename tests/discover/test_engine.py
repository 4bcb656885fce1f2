"""Stubs are followed through what frontends lower, in any language."""

from __future__ import annotations

import time

import pytest

from compatcheck.discover.code import (
    SELF,
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
    Record,
    Return,
    Several,
    Statement,
    Text,
    Value,
)
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.found import Found
from compatcheck.discover.service import follow

KNOWN = {"shop.v1.Cart": ("GetCart", "AddItem"), "shop.v1.Stock": ("Get",), "shop.v2.Stock": ("Get",)}


def called(path: tuple[str, ...]) -> Meaning | None:
    name = path[-1]
    if name.endswith("Stub"):
        return Meaning(Role.STUB, name.removesuffix("Stub"))
    return Meaning(Role.REGISTER, name.removeprefix("add_")) if name.startswith("add_") else None


def typed(path: tuple[str, ...]) -> Meaning | None:
    if path[-1].endswith("Base"):
        return Meaning(Role.SERVED, path[-1].removesuffix("Base"))
    return called(path)


def read(_text: str) -> File:
    return File(())


TOY = Language("Toy", (".toy",), read, called, typed, frozenset({"serve"}), (("", "Async"),))


def found_in(*statements: Statement, **others: tuple[Statement, ...]) -> Found:
    files = [("main.toy", TOY, File(statements))]
    files += [(f"{name}.toy", TOY, File(code)) for name, code in others.items()]
    found, complete = follow(files, KNOWN)
    assert complete
    return found


def uses(*statements: Statement, **others: tuple[Statement, ...]) -> list[str]:
    """Methods that are used; `*` where they are not known."""
    found = found_in(*statements, **others)
    used = {f"{stub.service}.{name or '*'}" for stub, names in found.uses.items() for name in names}
    return sorted(used | {f"{stub.service}.*" for stub in found.given_away if stub not in found.uses})


def call(function: str, *arguments: Value) -> Call:
    return Call(Name(function), arguments, line=1)


def get(of: Value) -> Do:
    return Do(Call(Member(of, "get_cart", 7)))


STUB = call("CartStub", Text("cart:7070"))
GET = ["shop.v1.Cart.GetCart"]


def test_a_member_of_a_stub_is_a_use_where_it_is_written() -> None:
    found = found_in(Assign(Name("stub"), STUB), Do(Member(Name("stub"), "GetCartAsync", 7)))
    ((stub, methods),) = found.uses.items()
    assert methods == {"GetCart": {("main.toy", 7): None}}
    assert list(found.addresses[stub]) == ["cart:7070"]


def test_a_stub_that_is_made_and_not_used_is_none() -> None:
    assert uses(Assign(Name("stub"), STUB), Return(Name("stub"))) == []


@pytest.mark.parametrize("name", ["with_deadline", "clone"])
def test_members_that_are_no_methods_pass_the_stub_on(name: str) -> None:
    assert uses(get(Call(Member(STUB, name), (Text("x"),)))) == GET


def test_a_member_that_is_chosen_at_run_time_leaves_the_methods_unknown() -> None:
    assert uses(Do(Call(Member(STUB, "")))) == ["shop.v1.Cart.*"]


def test_a_stub_goes_through_a_library_and_is_unknown_if_it_comes_out_unused() -> None:
    traced = Call(Member(Name("tracing"), "wrap"), (STUB,))
    module = Import("tracing", "some.tracing")
    assert uses(module, get(traced)) == GET
    assert uses(module, Do(traced)) == ["shop.v1.Cart.*"]


def test_what_a_response_holds_is_of_no_concern() -> None:
    response = Call(Member(STUB, "GetCart"))
    assert uses(Do(Call(Member(response, "AddItem")))) == GET


def test_parameters_results_and_closures_hold_stubs() -> None:
    wrapper = Function("wrapper", (Parameter("made"),), (Return(Function("", (), (Return(Name("made")),))),))
    assert uses(wrapper, get(Call(call("wrapper", STUB)))) == GET


def test_a_function_of_a_library_hands_a_stub_to_a_closure() -> None:
    closure = Function("", (Parameter("it"),), (get(Name("it")),))
    assert uses(Do(Call(Member(Call(Member(Name("Optional"), "of"), (STUB,)), "map"), (closure,)))) == GET


def test_fields_are_those_of_the_class_and_of_what_it_extends() -> None:
    base = Class(
        "Base0", (), (Function("<init>", (Parameter("x"),), (Assign(Member(Name(SELF), "c"), Name("x")),)),)
    )
    derived = Class("Derived", ("Base0",), (Function("run", (), (get(Member(Name(SELF), "c")),)),))
    assert uses(base, derived, Do(call("Derived", STUB))) == GET


def test_without_a_constructor_arguments_are_fields_in_their_order() -> None:
    made = Class("Made", (), (Assign(Name("a")), Assign(Name("b"))))
    assert uses(made, get(Member(call("Made", Text("x"), STUB), "b"))) == GET
    assert uses(made, get(Member(call("Made", Text("x"), STUB), "a"))) == []


def test_records_and_collections_hold_stubs() -> None:
    record = Record((("cart", STUB), ("other", Text("x"))))
    assert uses(get(Member(record, "cart"))) == GET
    assert uses(get(Member(record, ""))) == GET
    assert uses(get(Member(record, "other"))) == []
    many = Assign(Name("many"), call("list"))
    add = Do(Call(Member(Name("many"), "append"), (STUB,)))
    assert uses(many, add, Assign(Name("one"), Name("many")), get(Name("one"))) == GET


def test_get_of_a_collection_is_not_taken_for_a_method_of_what_it_holds() -> None:
    known = Assign(Name("many"), call("list"))
    add = Do(Call(Member(Name("many"), "append"), (Call(Member(Name("v1"), "StockStub")),)))
    module = Import("v1", "shop.v1")
    taken = Call(Member(Name("many"), "get"))
    assert uses(module, known, add, Do(taken)) == ["shop.v1.Stock.*"]
    assert uses(module, known, add, Do(Call(Member(taken, "get")))) == ["shop.v1.Stock.Get"]


def test_imports_lead_to_other_files() -> None:
    clients = (Assign(Name("cart"), STUB), Function("make", (), (Return(Name("cart")),)))
    assert uses(Import("c", "clients"), get(Member(Name("c"), "cart")), clients=clients) == GET
    assert uses(Import("m", "clients", "make"), get(call("m")), clients=clients) == GET
    passing = (Import("make", "clients", "make"),)
    assert uses(Import("m", "passing", "make"), get(call("m")), passing=passing, clients=clients) == GET


def test_a_declared_type_is_a_stub_and_a_class_of_the_code_is_none() -> None:
    run = Function("run", (Parameter("it", ("list", "CartStub")),), (get(Name("it")),))
    assert uses(run) == GET
    own = Class("CartStub", (), (Function("GetCart"),))
    assert uses(own, run, get(call("CartStub"))) == []


def test_what_cannot_be_resolved_is_looked_for_by_its_name() -> None:
    holder = Class("Holder", (), (Function("client", (), (Return(STUB),)),))
    run = Function("run", (Parameter("context"),), (get(Call(Member(Name("context"), "client"))),))
    assert uses(holder, run) == GET


def test_of_services_of_one_name_the_import_decides() -> None:
    stub = Call(Member(Name("pb"), "StockStub", 3), line=3)
    code = Do(Call(Member(stub, "Get", 3), line=3))
    assert uses(Import("pb", "gen.shop.v2"), code) == ["shop.v2.Stock.Get"]
    found = found_in(Import("pb", "gen"), code)
    assert not found.uses
    assert list(found.unclear) == [("main.toy", 3, ("shop.v1.Stock", "shop.v2.Stock"))]


def test_what_is_given_to_a_registrar_is_served() -> None:
    server = Class("Server", ("CartBase",))
    assert list(found_in(server).provided) == []
    assert list(found_in(server, Do(call("serve", call("Server")))).provided) == ["shop.v1.Cart"]
    by_type = Call(Name("serve"), types=("Server",))
    assert list(found_in(server, Do(by_type)).provided) == ["shop.v1.Cart"]
    assert list(found_in(Class("Server", ("CartBase",), marks=("serve",))).provided) == ["shop.v1.Cart"]
    assert list(found_in(Do(call("add_Cart"))).provided) == ["shop.v1.Cart"]


def test_a_base_in_between_serves_too() -> None:
    between, server = Class("Between", ("CartBase",)), Class("Server", ("Between",))
    assert list(found_in(between, server, Do(call("serve", call("Server")))).provided) == ["shop.v1.Cart"]


def test_one_variable_holds_one_address_after_the_other() -> None:
    def client(name: str) -> tuple[Statement, ...]:
        made = Assign(Name("channel"), call("dial", Text(name)))
        return made, get(Call(Name("CartStub"), (Name("channel"),), line=len(name)))

    found = found_in(Function("main", (), (*client("A"), *client("BB"), *client("CCC"))))
    assert {stub.line: list(texts) for stub, texts in found.addresses.items()} == {
        2: ["BB"],
        3: ["CCC"],
        1: [],
    }


def test_circles_end() -> None:
    loop = (
        Import("b", "b", "b"),
        Function("a", (Parameter("x"),), (Return(call("b", Name("x"), Name("a"))),)),
        Class("K", ("K", "L"), (Assign(Name("k"), call("K")),)),
        Class("L", ("K",)),
        Assign(Name("r"), Record((("r", Name("r")),))),
        Assign(Name("f"), Function("", (), (Return(Name("f")),))),
        get(Member(Call(Name("f")), "r")),
    )
    back = (
        Import("a", "main", "a"),
        Import("b", "b", "b"),
        Function("b", (Parameter("x"),), (Return(Several((Name("x"), call("a", Name("x"))))),)),
    )
    assert uses(*loop, get(call("a", STUB)), b=back) == GET


def test_deep_values_end() -> None:
    deep: Value = STUB
    for _ in range(5_000):
        deep = Several((deep,))
    assert uses(Do(deep)) == []


def test_a_stub_in_what_a_variable_has_no_room_for_is_one_whose_methods_are_unknown() -> None:
    made = [Class(f"C{number}", body=(Assign(Name("stub"), STUB),)) for number in range(40)]
    kept: list[Statement] = [Assign(Name("all"), Call(Name(one.name))) for one in made]
    assert uses(*made, *kept) == ["shop.v1.Cart.*"]


def test_entangled_code_takes_no_long_time() -> None:
    names = [f"f{number}" for number in range(150)]
    code: list[Statement] = []
    for name in names:
        calls = [
            call(other, Name("x"), Record((("x", Name("x")), (name, Name(name))))) for other in names[::10]
        ]
        listed = Do(Call(Member(Name("x"), "append"), (Name("x"), STUB)))
        code.append(Function(name, (Parameter("x"), Parameter("y")), (listed, Return(Several(tuple(calls))))))
    start = time.perf_counter()
    follow([("main.toy", TOY, File(tuple(code)))], KNOWN)
    assert time.perf_counter() - start < 20
