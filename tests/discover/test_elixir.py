"""Elixir is reduced to what following a stub takes, whatever is fed to the reader."""

from __future__ import annotations

from compatcheck.discover.code import Assign, Call, Class, Do, File, Function, Member, Name, Return, Statement
from compatcheck.discover.conventions import Meaning, Role
from compatcheck.discover.languages.elixir import ELIXIR


def body(text: str) -> tuple[Statement, ...]:
    (made,) = ELIXIR.read(f"defmodule M do\n def f(c, r) do\n{text}\n end\nend\n").statements
    assert isinstance(made, Class)
    functions = [each for each in made.body if isinstance(each, Function)]
    return functions[0].body


def stub(line: int, *channel: Name) -> Call:
    return Call(Name("Shop.Cart.Stub"), channel, line=line)


def test_aliases_are_written_out() -> None:
    call = Call(Member(stub(4, Name("c")), "get", 4), (Name("c"), Name("r")), line=4)
    for alias, name in (
        ("alias Shop.Cart.Stub", "Stub"),
        ("alias Shop.Cart.Stub, as: Api", "Api"),
        ("alias Shop.{Stock, Cart}", "Cart.Stub"),
        ("alias Shop.Cart", "Cart.Stub"),
    ):
        made = ELIXIR.read(
            f"defmodule M do\n{alias}\ndef f(c, r) do\n{name}.get(c, r)\nend\nend\n"
        ).statements[0]
        assert isinstance(made, Class)
        (function,) = made.body
        assert isinstance(function, Function)
        assert function.body == (Return(call),)


def test_what_is_piped_is_the_first_argument() -> None:
    call = Call(Member(stub(3, Name("c")), "get", 3), (Name("c"), Name("r")), line=3)
    assert body("c |> Shop.Cart.Stub.get(r)") == (Return(call),)


def test_a_function_is_meant_by_capture_and_by_name() -> None:
    assert body("&Shop.Cart.Stub.get/2") == (Return(Member(stub(3), "get", 3)),)
    assert body("apply(Shop.Cart.Stub, :get, [c])") == (
        Return(Call(Member(stub(3), "get", 3), (Name("c"),), line=3)),
    )
    (asynchronous,) = body("Task.async(Shop.Cart.Stub, :get, [c])")
    assert isinstance(asynchronous, Return) and isinstance(asynchronous.value, Call)
    assert Member(stub(3), "get", 3) in asynchronous.value.arguments


def test_a_method_that_is_chosen_at_run_time_has_no_name() -> None:
    assert body("apply(Shop.Cart.Stub, r, [c])") == (
        Return(Call(Member(stub(3), "", 3), (Name("c"),), line=3)),
    )


def test_a_pattern_of_a_match_names_what_it_matches() -> None:
    assert body("{:ok, x} = c.g(r)")[0] == Assign(
        Name("x"), Call(Member(Name("c"), "g", 3), (Name("r"),), line=3), line=3
    )


def test_a_module_that_implements_a_service_extends_it() -> None:
    text = "defmodule A.B do\nalias Shop.Cart\nuse GRPC.Server, service: Cart.Service\nend\n"
    (made,) = ELIXIR.read(text).statements
    assert isinstance(made, Class)
    assert (made.name, made.bases) == ("A.B", ("Shop.Cart.Service",))


def test_a_server_in_a_supervision_tree_is_started() -> None:
    starts = [
        each.value
        for each in body("[{GRPC.Server.Supervisor, {Impl, 1}}]")
        if isinstance(each, Do) and isinstance(each.value, Call)
    ]
    assert starts == [Call(Member(Name("GRPC.Server"), "Supervisor"), (Name("Impl"),), line=3)]


def test_services_are_named_in_settings_of_grpcbox_only() -> None:
    services = 'servers: [%{grpc_opts: %{services: %{:"shop.v1.Cart" => :cart}}}]'

    def registered(settings: str) -> list[Meaning | None]:
        return [
            ELIXIR.called((each.value.function.of.text, each.value.function.name))
            for each in ELIXIR.read(settings).statements
            if isinstance(each, Do) and isinstance(each.value, Call)
            if isinstance(each.value.function, Member) and isinstance(each.value.function.of, Name)
        ]

    assert registered(f"config :grpcbox, {services}") == [Meaning(Role.REGISTER, "shop.v1.Cart")]
    assert registered(f"config :other, {services}") == []


def test_names_of_generated_code_have_their_meanings() -> None:
    assert ELIXIR.called(("Shop.V1.Cart.Stub",)) == Meaning(Role.STUB, "Shop.V1.Cart")
    assert ELIXIR.typed(("Shop", "V1", "Cart", "Service")) == Meaning(Role.SERVED, "Shop.V1.Cart")
    assert ELIXIR.called(("GRPC.Stub",)) is None


def test_code_that_is_broken_is_read_but_for_what_is_broken() -> None:
    file = ELIXIR.read("defmodule A do\n def f, do: 1\nend\ndefmodule B do\n x = = 2\nend\n")
    assert file.broken[:1] == (5,)
    assert any(isinstance(each, Class) and each.name == "A" for each in file.statements)


def test_no_text_makes_the_reader_fail() -> None:
    for text in (
        "",
        "\0",
        "(" * 3_000,
        "f(" * 1_000 + ")" * 1_000,
        "x" + " |> f()" * 2_000,
        "defmodule A do\n" * 300,
        "[" * 500 + "]" * 500,
        "alias\nuse\nimport\ndef\ndefmodule do end\n&\n@\nalias .{A}\n%{a | }\nfn -> end",
    ):
        assert isinstance(ELIXIR.read(text), File)
