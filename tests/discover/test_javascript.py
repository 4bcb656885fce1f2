"""JavaScript and TypeScript are lowered to what following a stub takes, whatever the text is."""

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
    Statement,
    Text,
)
from compatcheck.discover.conventions import Language, Meaning, Role
from compatcheck.discover.languages.javascript import JAVASCRIPT, TYPESCRIPT


def lowered(code: str, language: Language = TYPESCRIPT) -> tuple[Statement, ...]:
    file = language.read(code)
    assert not file.broken
    return file.statements


def test_a_variable_of_the_environment_keeps_its_name() -> None:
    held = Member(Member(Name("process"), "env", 1), "X_ADDR", 1)
    assert lowered("const { X_ADDR = 'x:1' } = process.env;") == (
        Assign(Name("X_ADDR"), Several((Several((held, Text("X_ADDR"))), Text("x:1"))), (), 1),
    )
    assert lowered("const a = process.env['X_ADDR'];", JAVASCRIPT) == (
        Assign(Name("a"), Several((held, Text("X_ADDR"))), (), 1),
    )


def test_require_is_an_import_wherever_it_stands() -> None:
    assert lowered("const { a, b: c } = require('./x'), d = require('util').promisify;", JAVASCRIPT) == (
        Import("./x", "./x"),
        Import("a", "./x", "a"),
        Assign(Name("c"), Member(Name("./x"), "b", 1), (), 1),
        Import("d", "util", "promisify"),
    )
    assert lowered("require('./y').run", JAVASCRIPT)[0] == Import("./y", "./y")


def test_what_a_file_exports_has_its_name_and_is_part_of_the_whole() -> None:
    assert lowered("module.exports = { a, b: c };", JAVASCRIPT)[1:] == (Assign(Name("b"), Name("c"), (), 1),)
    assert lowered("export { a as default }; export * from './x'; export { b as c } from './y';") == (
        Assign(Name("default"), Name("a"), (), 1),
        Import("", "./x"),
        Import("c", "./y", "b"),
    )


def test_a_parameter_that_is_a_property_is_a_field_with_its_types() -> None:
    (made,) = lowered("class A { constructor(private readonly cart: pb.CartClient, other: B) {} }")
    cart = Assign(Member(Name("self"), "cart"), Name("cart"), ("pb.CartClient",), 1)
    constructor = Function(
        "<init>", (Parameter("cart", ("pb.CartClient",)), Parameter("other", ("B",))), (cart,), line=1
    )
    assert made == Class("A", (), (constructor, Assign(Name("cart"), None, ("pb.CartClient",), 1)), (), 1)


def test_a_function_that_is_named_by_a_variable_has_that_name() -> None:
    assert lowered("const f = async ({ a }) => a?.b;") == (
        Function(
            "f",
            (Parameter("<parameter 1:17>"),),
            (
                Assign(Name("a"), Member(Name("<parameter 1:17>"), "a", 1), (), 1),
                Return(Member(Name("a"), "b", 1)),
            ),
            line=1,
        ),
    )


def test_this_within_the_methods_of_an_object_is_the_object() -> None:
    held, made = lowered("const a = { b: 1, c() { return this.b } };")
    assert isinstance(held, Assign) and isinstance(held.target, Name)
    assert made == Assign(Name("a"), held.target, (), 1)
    assert "self" not in repr(held)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("createClient(Cart, transport)", ("Cart", "<connected>")),
        ("createClientFactory().create(CartDefinition, channel)", ("CartDefinition", "<connected>")),
        ("client.getService<Mine>('Cart')", (".CartClient",)),
        ("client.getService<CartClient>(CART_NAME)", (".CartClient",)),
    ],
)
def test_a_call_that_names_its_service_in_an_argument_has_a_path_that_names_it(
    code: str, path: tuple[str, ...]
) -> None:
    (statement,) = lowered(f"x = {code};")
    assert isinstance(statement, Assign)
    value = statement.value.parts[0] if isinstance(statement.value, Several) else statement.value
    assert isinstance(value, Call)
    function = value.function
    found = (function.of, function.name) if isinstance(function, Member) else (function,)
    assert tuple(part.text if isinstance(part, Name) else part for part in found) == path
    assert TYPESCRIPT.called(path) == Meaning(Role.STUB, "Cart")


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        (("./shop_grpc_pb", "CartServiceClient"), Meaning(Role.STUB, "CartService")),
        (("./shop_grpc_web_pb", "CartServicePromiseClient"), Meaning(Role.STUB, "CartService")),
        (("./protos/demo", "CartServiceClientImpl"), Meaning(Role.STUB, "CartService")),
        (
            ("@grpc/grpc-js", "loadPackageDefinition", "shop", "v1", "Cart"),
            Meaning(Role.STUB, "shop.v1.Cart"),
        ),
        (("grpc", "load", "shop", "Cart"), Meaning(Role.STUB, "shop.Cart")),
        (("./pb", "CartServiceService", "<served statically>"), Meaning(Role.SERVED, "CartService")),
        (("./pb", "CartService", "<served statically>"), Meaning(Role.SERVED, "Cart")),
        (("./pb", "CartService", "<served>"), Meaning(Role.SERVED, "CartService")),
        (
            ("./pb", "CartServiceClient", "service", "<served statically>"),
            Meaning(Role.SERVED, "CartService"),
        ),
        (("x", "shop", "Cart", "service", "<served statically>"), Meaning(Role.SERVED, "Cart")),
        (("@grpc/grpc-js", "loadPackageDefinition"), None),
        (("./pb", "Cart"), None),
        (("Client",), None),
        ((), None),
    ],
)
def test_names_of_generated_code_mean_stubs_and_what_is_served(
    path: tuple[str, ...], meaning: Meaning | None
) -> None:
    assert JAVASCRIPT.called(path) == meaning


def test_a_message_of_the_name_of_a_service_is_no_stub() -> None:
    assert TYPESCRIPT.typed(("./protos/shop", "Cart")) is None
    assert TYPESCRIPT.typed(("./protos/shop", "ICartClient")) == Meaning(Role.STUB, "Cart")
    assert TYPESCRIPT.typed(("./protos/shop", "CartController")) is None


def test_ampersands_in_markup_are_no_fault() -> None:
    code = "const a = (b: A & B) => <p title='R&D'>Fish & chips {b.c()}</p>;"
    assert "name='c'" in repr(lowered(code))


@pytest.mark.parametrize("language", [JAVASCRIPT, TYPESCRIPT], ids=lambda language: language.name)
@pytest.mark.parametrize(
    "code",
    [
        "(" * 3000,
        "a" + ".b()" * 3000,
        "a?b:" * 2000,
        "x=>" * 2000 + "1",
        "const " + "{a:" * 1000,
        "@a() " * 1000,
        "import from; export {,}; import {a as} from 'x'",
        "class A { x = " * 500,
        "<a>" * 900,
        "\0\ud800`${",
    ],
)
def test_hostile_text_is_read_without_raising(code: str, language: Language) -> None:
    assert isinstance(hash(language.read(code)), int)


def test_the_line_of_a_fault_is_told_and_the_rest_is_kept() -> None:
    file = TYPESCRIPT.read("const a = b.c();\nconst = ;\nconst d = e.f();\n")
    assert file.broken[:1] == (2,)
    assert {"c", "f"} <= {
        item.value.function.name
        for item in file.statements
        if isinstance(item, Assign)
        and isinstance(item.value, Call)
        and isinstance(item.value.function, Member)
    }


def test_a_thousand_lines_are_read_in_little_time() -> None:
    code = (
        "export const f = async (a) => { const { b } = await this.client.getCart({ a }); return b; };\n"
        * 1000
    )
    started = time.process_time()
    TYPESCRIPT.read(code)
    assert time.process_time() - started < 1.0
