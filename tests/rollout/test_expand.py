"""Generated versions that split a change in two, judged and asked like versions that exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

import pytest

from compatcheck.config.model import Channel, Deployed
from compatcheck.rollout.blend import blended
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.expand import CONTRACTED, EXPANDED, declared
from compatcheck.rollout.fresh import fresh_of
from compatcheck.rollout.live import Setting, Strategy
from compatcheck.rollout.moves import WayOut
from compatcheck.rollout.pairs import Interface, Judgement, Served, Verdict
from compatcheck.rollout.plan import Plan, plan
from compatcheck.rollout.sources import Sources
from compatcheck.rollout.table import Table, Terms
from compatcheck.schema.model import Cardinality, Message

MakeInterface = Callable[[str], Interface]
EDGE = Edge("checkout", "shipping")

SHOP = """syntax = "{syntax}"; package shop;
service Shipping {{ {methods} }}
message Quote {{ Address address = 1; }}
message Address {{ {fields} }}
message Cost {{ {cost} }}
enum Kind {{ KIND_UNSPECIFIED = 0; {kinds} }}
"""
GET = "rpc Get(Quote) returns (Cost);"


def shop(
    fields: str = "string street = 1; int32 zip_code = 5;",
    cost: str = "int64 cents = 1;",
    methods: str = GET,
    kinds: str = "",
    syntax: str = "proto3",
) -> str:
    return SHOP.format(fields=fields, cost=cost, methods=methods, kinds=kinds, syntax=syntax)


def planned(
    old: Interface,
    new: Interface,
    calls: Mapping[str, str] | None = None,
    *edges: Edge,
    channels: Mapping[str, Channel] | None = None,
    terms: Terms | None = None,
) -> Plan:
    """The plan for all to go from a schema to another; `calls`: version to what is called."""
    edges = edges or (EDGE,)
    table = Table(terms or Terms())
    called = calls or {"1": "shop.Shipping", "2": "shop.Shipping"}
    sources = Sources(
        interface=lambda service, version: {"1": old, "2": new}[version],  # noqa: ARG005
        calls=lambda edge, version: (Call(called[version]),),  # noqa: ARG005
        served=lambda service, version: Served(  # noqa: ARG005
            frozenset(name.rpartition(".")[0] for name in {"1": old, "2": new}[version].methods)
        ),
        table=table,
    )

    def judge(edge: Edge, client: str, provider: str) -> Judgement:
        one, other = sources.interface(edge.client, client), sources.interface(edge.provider, provider)
        if edge.channel:
            return table.judge_values(one, other, "shop.Quote", "wire")
        served = sources.served(edge.provider, provider)
        return table.judge(one, other, sources.calls(edge, client), served)

    setting = Setting(edges, channels or {}, {}, frozenset(), lambda _: ("1", "2"), judge)
    live = {name: (Deployed("1"),) for edge in edges for name in (edge.client, edge.provider)}
    targets = dict.fromkeys(live, "2")
    return plan(setting, live, targets, Strategy.ROLLING, sources)


def way_of(found: Plan) -> WayOut | None:
    conflict = found.conflicts[-1]
    return next((way for way in conflict.ways_out if way.kind == "expand-contract"), None)


def steps(way: WayOut) -> list[list[str]]:
    return [[f"{move.service}@{move.new}" for move in step] for step in way.steps]


def test_a_field_of_another_type_stands_beside_the_old_one_until_nobody_needs_it(
    interface: MakeInterface,
) -> None:
    old, new = interface(shop()), interface(shop("string street = 1; string zip_code = 5;"))
    way = way_of(planned(old, new))
    assert way is not None
    assert steps(way) == [
        ["checkout@<expanded>", "shipping@<expanded>"],
        ["checkout@<contracted>", "shipping@<contracted>"],
    ]
    assert way.changes == (
        "add `string zip_code_2 = 6` to `shop.Address` beside `int32 zip_code = 5`, and write both",
        "then remove `int32 zip_code = 5` from `shop.Address`, and reserve 5 and `zip_code`",
    )


def test_fields_that_do_not_clash_keep_their_numbers_and_the_target_is_reached(
    interface: MakeInterface,
) -> None:
    # Each side demands what the other one lacks, so that no order of the two is safe.
    old = interface(shop(methods=GET))
    new = interface(
        shop("string street = 1; int32 zip_code = 5; bool x = 6;", methods=GET.replace("Get", "Ask"))
    )
    way = way_of(planned(old, new))
    assert way is not None
    assert steps(way) == [["shipping@<expanded>"], ["checkout@2"], ["shipping@2"]]
    assert way.changes == (
        "keep serving `shop.Shipping.Get` in shipping until no version of checkout calls it",
        "serve `shop.Shipping.Ask` in shipping before checkout calls it",
    )


def test_a_fresh_number_is_one_that_no_copy_uses_or_reserves(interface: MakeInterface) -> None:
    old = interface(shop("int32 zip = 5; reserved 6, 7;"))
    new = interface(shop('string zip = 5; string zip_2 = 8; reserved 9; reserved "zip_3";'))
    way = way_of(planned(old, new))
    assert way is not None
    assert (
        way.changes[0] == "add `string zip_4 = 10` to `shop.Address` beside `int32 zip = 5`, and write both"
    )


def test_where_both_differ_the_client_and_the_provider_agree_on_the_fresh_number(
    interface: MakeInterface,
) -> None:
    old = interface(shop(cost="int32 cents = 1; int64 extra = 2;"))
    new = interface(shop(cost="string cents = 1; string extra = 2;"))
    way = way_of(planned(old, new))
    assert way is not None
    assert [one for one in way.changes if one.startswith("add")] == [
        "add `string cents_2 = 3` to `shop.Cost` beside `int32 cents = 1`, and write both",
        "add `string extra_2 = 4` to `shop.Cost` beside `int64 extra = 2`, and write both",
    ]


def test_maps_lists_and_nested_messages(interface: MakeInterface) -> None:
    old = interface(
        shop("map<string, int32> parts = 1; repeated Address inner = 2; repeated int32 list = 3;")
    )
    new = interface(
        shop("map<string, string> parts = 1; repeated Address inner = 2; repeated string list = 3;")
    )
    way = way_of(planned(old, new))
    assert way is not None
    assert [one for one in way.changes if one.startswith("add")] == [
        "add `map<string, string> parts_2 = 4` to `shop.Address` beside `map<string, int32> parts = 1`, "
        "and write both",
        "add `repeated string list_2 = 5` to `shop.Address` beside `repeated int32 list = 3`, and write both",
    ]


def test_a_member_of_a_oneof_stands_beside_it(interface: MakeInterface) -> None:
    old = interface(shop("oneof where { int32 zip = 5; string street = 1; }"))
    new = interface(shop("oneof where { string zip = 5; string street = 1; }"))
    way = way_of(planned(old, new))
    assert way is not None
    assert way.changes[0].startswith("add `string zip_2 = 6` to `shop.Address`")
    # In the oneof, nobody could write both.
    assert {made.oneof for made in fresh_of([old], [new], None).fields.values()} == {""}


@pytest.mark.parametrize("called", ["shop.Shipping", "shop.Shipping.Get"])
def test_a_method_with_another_kind_of_call_gets_another_name(interface: MakeInterface, called: str) -> None:
    old, new = interface(shop()), interface(shop(methods="rpc Get(stream Quote) returns (stream Cost);"))
    way = way_of(planned(old, new, {"1": called, "2": called}))
    assert way is not None
    assert steps(way) == [
        ["shipping@<expanded>"],
        ["checkout@<contracted>"],
        ["shipping@<contracted>"],
    ]
    assert (
        way.changes[0]
        == "add the new form of `shop.Shipping.Get` as `Get2` beside the old one, and serve both"
    )


def test_what_moves_to_another_package_is_served_under_both_names(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop().replace("package shop", "package shop.v2"))
    way = way_of(planned(old, new, {"1": "shop.Shipping", "2": "shop.v2.Shipping"}))
    assert way is not None
    assert steps(way) == [["shipping@<expanded>"], ["checkout@2"], ["shipping@2"]]
    assert way.changes[0].startswith("keep serving `shop.Shipping.Get` in shipping")


def test_a_channel_is_split_in_the_same_way(interface: MakeInterface) -> None:
    def with_values(made: Interface) -> Interface:
        request = made.methods["shop.Shipping.Get"][0].request
        return Interface(made.methods, {}, {"shop.Quote": (request,)})

    old = with_values(interface(shop()))
    new = with_values(interface(shop("string zip_code = 5;")))
    edge = Edge("checkout", "shipping", "quotes")
    since = {"checkout": "live"}
    channels = {"quotes": Channel("quotes", "shop.Quote", ("checkout",), ("shipping",), since)}
    way = way_of(planned(old, new, None, edge, channels=channels))
    assert way is not None
    assert steps(way)[-1] == ["checkout@<contracted>", "shipping@<contracted>"]


def test_a_rename_is_split_where_json_counts(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop("string street = 1; int32 zip = 5;"))
    way = way_of(planned(old, new, terms=Terms(json_counts=True)))
    assert way is not None
    assert way.changes[0].startswith("add `int32 zip = 6` to `shop.Address` beside `int32 zip_code = 5`")


def test_what_the_old_version_requires_in_both_directions_cannot_be_split(interface: MakeInterface) -> None:
    def text(street: str, zip_code: str, cost: str) -> str:
        made = shop(f"{street} string street = 1; optional {zip_code} zip = 5;", cost, syntax="proto2")
        return made.replace("{ Address", "{ optional Address")

    old, new = interface(text("required", "int32", "")), interface(text("optional", "string", ""))
    way = way_of(planned(old, new))
    assert way is not None
    # Who reads lets go of the demand before who writes.
    assert steps(way)[1:] == [["shipping@<contracted>"], ["checkout@<contracted>"]]
    both = "optional Address address = 1;"
    old, new = interface(text("required", "int32", both)), interface(text("optional", "string", both))
    assert way_of(planned(old, new)) is None


@pytest.mark.parametrize("name", ["Address", "Quote"])
def test_what_is_not_known_is_not_split(interface: MakeInterface, name: str) -> None:
    old, new = interface(shop()), interface(shop("string zip_code = 5;"))
    gap = Interface(new.methods, {"": (f"the file of {name}",)})
    assert way_of(planned(old, gap)) is None


def test_an_expanded_version_has_both_and_a_contracted_one_only_the_new(interface: MakeInterface) -> None:
    old = interface(shop("string street = 1; int32 zip = 5;", kinds="OLD = 1;"))
    new = interface(
        shop("string street = 1; string zip = 5; bool more = 3; Kind kind = 4;", kinds="NEW = 2;")
    )
    fresh = fresh_of([old], [new], None)
    made = [blended(old, new, fresh, stage) for stage in (EXPANDED, CONTRACTED)]
    addresses = [one.methods["shop.Shipping.Get"][0].request.names["address"].message for one in made]
    assert [{field.number: field.name for field in one.fields} for one in addresses] == [
        {1: "street", 5: "zip", 3: "more", 4: "kind", 6: "zip_2"},
        {1: "street", 6: "zip_2", 3: "more", 4: "kind"},
    ]
    assert addresses[1].reserves(5, "zip") and not addresses[0].reserved_numbers


def test_what_only_the_new_version_requires_is_optional_until_all_write_it(interface: MakeInterface) -> None:
    def text(fields: str) -> str:
        cost = "optional Address address = 1;"
        return shop(fields, cost, syntax="proto2").replace("{ Address", "{ optional Address")

    old, new = (
        interface(text("optional int32 a = 1;")),
        interface(text("required int32 a = 1; required int32 b = 2;")),
    )
    way = way_of(planned(old, new))
    assert way is not None
    assert steps(way)[-1][-1].endswith("@<contracted>")
    assert way.changes == tuple(
        f"leave field {number} of `shop.Address` optional, not required" for number in (1, 2)
    )


def test_all_that_share_the_change_expand_before_anybody_contracts(interface: MakeInterface) -> None:
    old, new = interface(shop()), interface(shop("string street = 1; string zip_code = 5;"))
    edges = (Edge("frontend", "checkout"), EDGE, Edge("frontend", "shipping"))
    found = planned(old, new, None, *edges)
    assert len(found.conflicts) == 3
    assert len({one.ways_out for one in found.conflicts}) == 1
    way = way_of(found)
    assert way is not None
    assert steps(way) == [
        [f"{name}@{version}" for name in ("checkout", "frontend", "shipping")]
        for version in ("<expanded>", "<contracted>")
    ]


# -- what is generated is a schema


def written(made: Interface) -> str:
    """The schema of a service of proto3 as source."""
    methods, pending, seen = [], [], dict[str, Message]()
    for method in (copies[0] for copies in made.methods.values()):
        sides = [
            ("stream " if streams else "") + f".{name}"
            for streams, name in (
                (method.client_streaming, method.request_name),
                (method.server_streaming, method.response_name),
            )
        ]
        methods.append(f"rpc {method.name}({sides[0]}) returns ({sides[1]});")
        pending += [method.request, method.response]
    for message in pending:
        if message.full_name not in seen:
            seen[message.full_name] = message
            fields = [part for field in message.fields for part in field.parts]
            pending += [field.message for field in fields if field.holds_message]
    return "\n".join(
        ['syntax = "proto3"; package shop;', f"service Shipping {{ {' '.join(methods)} }}"]
        + [f"message {message.name} {{ {declarations(message)} }}" for message in seen.values()]
    )


def declarations(message: Message) -> str:
    oneofs: dict[str, list[str]] = {}
    for field in message.fields:
        label = (
            "optional "
            if field.cardinality is Cardinality.OPTIONAL and not (field.oneof or field.holds_message)
            else ""
        )
        oneofs.setdefault(field.oneof, []).append(f"{label}{declared(field)};")
    reserved = [f"reserved {one.start};" for one in message.reserved_numbers if len(one) == 1]
    reserved += [f'reserved "{name}";' for name in sorted(message.reserved_names)]
    plain = oneofs.pop("", [])
    return " ".join(
        [*plain, *(f"oneof {name} {{ {' '.join(held)} }}" for name, held in oneofs.items()), *reserved]
    )


@pytest.mark.parametrize(
    ("old_fields", "new_fields"),
    [
        ("string street = 1; int32 zip_code = 5;", "string street = 1; string zip_code = 5;"),
        ("int32 zip = 5; reserved 6, 7;", 'string zip = 5; string zip_2 = 8; reserved 9; reserved "zip_3";'),
        ("map<string, int32> parts = 1; Address in = 2;", "map<string, string> parts = 1; Address in = 2;"),
        (
            "oneof where { int32 zip = 5; string street = 1; }",
            "oneof where { string zip = 5; string street = 1; }",
        ),
        ("int32 a = 1; string b = 2;", "string a = 1; int32 b = 2; bool c = 3;"),
        ("int32 a = 1; int32 b = 2;", "int32 b = 1; int32 a = 2;"),
    ],
)
def test_what_is_generated_compiles_and_is_judged_as_what_is_compiled(
    interface: MakeInterface, old_fields: str, new_fields: str
) -> None:
    old, new = interface(shop(old_fields)), interface(shop(new_fields))
    fresh = fresh_of([old], [new], None)
    table, calls, served = Table(), (Call("shop.Shipping"),), Served(frozenset({"shop.Shipping"}))
    made = [blended(old, new, fresh, stage) for stage in (EXPANDED, CONTRACTED)]
    compiled = [interface(written(one)) for one in made]
    known = [(one, one) for one in (old, new)]
    both = [*zip(made, compiled, strict=True), *known]
    verdicts = []
    for (client, client_compiled), (provider, provider_compiled) in product(both, both):
        judged = table.judge(client, provider, calls, served)
        verdicts.append(judged.verdict)
        assert judged.breaks == table.judge(client_compiled, provider_compiled, calls, served).breaks
    # Old, expanded and contracted, in this order, are safe with their neighbours, and the new one is not.
    assert [one.value for one in verdicts[:3]] == ["safe", "safe", "safe"]
    assert Verdict.MISMATCH in verdicts
