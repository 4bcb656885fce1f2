"""Verdicts of pairs, on schemas that the real protoc compiled."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compatcheck.reads.effects import Effect, Surface
from compatcheck.rollout.edges import Call
from compatcheck.rollout.pairs import Interface, Judgement, Served, Verdict, overall
from compatcheck.rollout.table import Table, Terms

MakeInterface = Callable[[str], Interface]
SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN

SHOP = """syntax = "proto3"; package shop;
service Cart {{ rpc Add(AddRequest) returns (Content); {methods} }}
message AddRequest {{ {request} }}
message Content {{ {response} }}
"""


def shop(request: str = "int32 id = 1;", response: str = "int32 count = 1;", methods: str = "") -> str:
    return SHOP.format(request=request, response=response, methods=methods)


EVERYTHING = Served(frozenset({"shop.Cart", "shop.Stock"}))


def judged(
    client: Interface,
    provider: Interface,
    *calls: str | Call,
    json_counts: bool | None = None,
    served: Served = EVERYTHING,
) -> Judgement:
    wanted = [one if isinstance(one, Call) else Call(one) for one in calls or ("shop.Cart",)]
    return Table(Terms(json_counts)).judge(client, provider, wanted, served)


def test_a_request_is_written_by_the_client_and_read_by_the_provider(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(request="string id = 1;"))
    found = judged(old, new)
    assert found.verdict is MISMATCH
    (reason,) = found.breaks
    assert (reason.method, reason.side, reason.path) == ("shop.Cart.Add", "request", ("id",))
    assert (reason.effect, reason.surface) == (Effect.DROPPED, Surface.WIRE)
    assert (reason.writer, reason.reader) == ("client", "provider")


def test_a_response_is_written_by_the_provider_and_read_by_the_client(interface: MakeInterface) -> None:
    old, new = interface(shop(response="int64 count = 1;")), interface(shop())
    assert judged(old, new).verdict is SAFE
    found = judged(new, old)
    assert found.verdict is MISMATCH
    (reason,) = found.breaks
    assert (reason.side, reason.effect, reason.writer, reason.reader) == (
        "response",
        Effect.LOSSY,
        "provider",
        "client",
    )
    assert reason.condition


def test_a_method_that_the_provider_lacks_cannot_be_called(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(methods="rpc Empty(AddRequest) returns (Content);"))
    found = judged(new, old)
    assert [(one.method, one.effect) for one in found.breaks] == [("shop.Cart.Empty", Effect.UNROUTABLE)]
    assert judged(old, new).verdict is SAFE


def test_only_what_the_client_consumes_counts(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(methods="rpc Empty(AddRequest) returns (Content);"))
    assert judged(new, old, "shop.Cart.Add").verdict is SAFE
    assert judged(new, old, "shop.Cart.Empty").verdict is MISMATCH


def test_a_client_does_not_call_what_its_own_schema_lacks(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(methods="rpc Empty(AddRequest) returns (Content);"))
    found = judged(old, new, "shop.Cart.Empty")
    assert (found.verdict, found.not_called) == (SAFE, ("shop.Cart.Empty",))


def test_milder_effects_are_cautions_of_a_safe_pair(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(response="int32 total = 1;"))
    found = judged(old, new)
    assert found.verdict is SAFE
    assert [one.effect for one in found.cautions] == [Effect.RELABELLED]
    assert found.breaks == ()


def test_json_counts_where_it_is_asked_for(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(request="int32 ident = 1;"))
    assert judged(old, new).verdict is SAFE
    assert judged(old, new, json_counts=False).verdict is SAFE
    found = judged(old, new, json_counts=True)
    assert {one.surface for one in found.reasons} >= {Surface.JSON}


def test_what_is_missing_makes_a_pair_unknown_and_is_named(interface: MakeInterface) -> None:
    whole = interface(shop())
    nothing = Interface({}, {"": ("the revision of cart 9",)})
    for found in (judged(nothing, whole), judged(whole, nothing), judged(nothing, nothing)):
        assert found.verdict is UNKNOWN
        assert {one.datum for one in found.missing} == {"the revision of cart 9"}
    assert {one.party for one in judged(whole, nothing).missing} == {"provider"}


def test_what_is_missing_of_another_service_does_not_matter(interface: MakeInterface) -> None:
    whole = interface(shop())
    partial = Interface(whole.methods, {"shop.Stock": ("what `stock.proto` says",)})
    assert judged(partial, partial).verdict is SAFE
    assert judged(partial, partial, "shop.Cart", "shop.Stock.Reserve").verdict is UNKNOWN


def test_a_mismatch_is_one_whatever_else_is_unknown(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(request="string id = 1;"))
    partial = Interface(new.methods, {"shop.Stock": ("x",)})
    found = judged(Interface(old.methods, {"shop.Stock": ("x",)}), partial, "shop.Cart", "shop.Stock")
    assert found.verdict is MISMATCH
    assert found.missing


def test_copies_that_agree_are_one_and_copies_that_differ_are_unknown(interface: MakeInterface) -> None:
    old, same, new = interface(shop()), interface(shop()), interface(shop(request="string id = 1;"))
    name = "shop.Cart.Add"
    agreeing = Interface({name: old.methods[name] + same.methods[name]})
    assert judged(agreeing, agreeing).verdict is SAFE
    assert judged(agreeing, new).verdict is MISMATCH
    differing = Interface({name: old.methods[name] + new.methods[name]})
    found = judged(old, differing)
    assert (found.verdict, [one.party for one in found.missing]) == (UNKNOWN, ["provider"])
    assert "schema" in found.missing[0].datum


def test_what_the_provider_does_not_register_cannot_be_called_whatever_its_schema_says(
    interface: MakeInterface,
) -> None:
    one = interface(shop())
    found = judged(one, one, served=Served(frozenset()))
    assert [(reason.method, reason.effect) for reason in found.breaks] == [
        ("shop.Cart.Add", Effect.UNROUTABLE)
    ]
    assert judged(one, one, served=Served(frozenset({"shop.Cart.Add"}))).verdict is SAFE
    unread = judged(one, one, served=Served(frozenset(), ("what `main.go` says",)))
    assert (unread.verdict, [one.datum for one in unread.missing]) == (UNKNOWN, ["what `main.go` says"])


def test_nobody_answers_a_client_whatever_its_unknown_schema_says(interface: MakeInterface) -> None:
    nothing = Interface({}, {"": ("the schema of web 9",)})
    assert judged(nothing, interface(shop()), served=Served(frozenset())).verdict is MISMATCH
    assert judged(nothing, interface(shop())).verdict is UNKNOWN


def test_a_break_on_a_call_in_doubt_is_unknown_and_names_the_doubt(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(request="string id = 1;"))
    doubtful = Call("shop.Cart", doubt="which methods of shop.Cart web calls")
    found = judged(old, new, doubtful)
    assert (found.verdict, [one.datum for one in found.missing]) == (UNKNOWN, [doubtful.doubt])
    assert judged(old, old, doubtful).verdict is SAFE
    assert judged(old, new, doubtful, "shop.Cart.Add").verdict is MISMATCH


def test_a_client_that_calls_nothing_breaks_nothing(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop(request="string id = 1;"))
    found = Table().judge(old, new, (), EVERYTHING)
    assert (found.verdict, found.reasons) == (SAFE, ())


def with_message(made: Interface) -> Interface:
    (method,) = made.methods["shop.Cart.Add"]
    return Interface({}, messages={"shop.AddRequest": (method.request,)})


def test_what_goes_through_a_channel_is_written_by_one_side_only(interface: MakeInterface) -> None:
    narrow, wide = (with_message(interface(shop(request=f"{type_} id = 1;"))) for type_ in ("int32", "int64"))
    table = Table()
    assert table.judge_values(narrow, wide, "shop.AddRequest", "wire").verdict is SAFE
    (reason,) = table.judge_values(wide, narrow, "shop.AddRequest", "wire").breaks
    assert (reason.method, reason.side, reason.path) == ("shop.AddRequest", "message", ("id",))
    assert (reason.effect, reason.writer, reason.reader) == (Effect.LOSSY, "client", "provider")


def test_a_channel_in_json_follows_names(interface: MakeInterface) -> None:
    one, renamed = (with_message(interface(shop(request=f"int32 {name} = 1;"))) for name in ("id", "ident"))
    assert Table().judge_values(one, renamed, "shop.AddRequest", "wire").verdict is SAFE
    assert Table().judge_values(one, renamed, "shop.AddRequest", "json").verdict is MISMATCH


def test_a_message_that_a_version_lacks_is_not_known(interface: MakeInterface) -> None:
    found = Table().judge_values(Interface({}), with_message(interface(shop())), "shop.AddRequest", "wire")
    assert (found.verdict, [one.party for one in found.missing]) == (UNKNOWN, ["client"])


def test_nothing_is_never_safe() -> None:
    assert overall([]) is UNKNOWN
    assert overall([SAFE, UNKNOWN]) is UNKNOWN
    assert overall([SAFE, UNKNOWN, MISMATCH]) is MISMATCH
    assert overall([SAFE, SAFE]) is SAFE


TYPES = ["int32", "int64", "string", "bytes", "bool", "double", "sint32", "fixed32", "Content", "Kind"]
fields = st.dictionaries(st.integers(1, 9), st.sampled_from(TYPES), max_size=5)


def declared(chosen: dict[int, str]) -> str:
    return " ".join(f"{type_} f{number} = {number};" for number, type_ in chosen.items())


def with_fields(request: dict[int, str], response: dict[int, str]) -> str:
    return shop(declared(request), declared(response)) + "enum Kind { KIND_UNSPECIFIED = 0; }"


relaxed = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@relaxed
@given(request=fields, response=fields)
def test_a_version_suits_itself(
    interface: MakeInterface, request: dict[int, str], response: dict[int, str]
) -> None:
    one, same = interface(with_fields(request, response)), interface(with_fields(request, response))
    found = judged(one, same, json_counts=True)
    assert (found.verdict, found.reasons) == (SAFE, ())


@relaxed
@given(before=fields, added=fields)
def test_added_fields_and_methods_are_no_mismatch_while_only_old_methods_are_called(
    interface: MakeInterface, before: dict[int, str], added: dict[int, str]
) -> None:
    old = interface(with_fields(before, before))
    more = {**added, **before}
    new = interface(
        with_fields(more, more).replace(
            "service Cart {", "service Cart { rpc Get(Content) returns (Content);"
        )
    )
    assert judged(old, new).verdict is SAFE
    assert judged(new, old, "shop.Cart.Add").verdict is SAFE
    assert judged(new, old).verdict is MISMATCH


@relaxed
@given(one=fields, other=fields)
def test_each_party_is_judged_as_the_other_one_with_request_and_response_exchanged(
    interface: MakeInterface, one: dict[int, str], other: dict[int, str]
) -> None:
    """(client c, provider p) of a method is (client p, provider c) of the method that answers what it was asked."""
    c, p = interface(with_fields(one, {})), interface(with_fields(other, {}))
    mirrored_c, mirrored_p = interface(with_fields({}, one)), interface(with_fields({}, other))
    there, back = judged(c, p), judged(mirrored_p, mirrored_c)
    assert there.verdict is back.verdict
    assert [(r.effect, r.path, r.condition) for r in there.reasons] == [
        (r.effect, r.path, r.condition) for r in back.reasons
    ]


@pytest.mark.parametrize("copies", [3, 5])
def test_more_copies_than_can_be_combined_are_unknown_and_not_endless(
    interface: MakeInterface, copies: int
) -> None:
    method = interface(shop()).methods["shop.Cart.Add"]
    many = Interface({"shop.Cart.Add": method * copies})
    assert judged(many, many).verdict is (SAFE if copies * copies <= 16 else UNKNOWN)
