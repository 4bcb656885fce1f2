"""What could pass as safe because something was left out: versions, files, calls and messages that are not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compatcheck.reads.effects import Effect, Surface
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.live import came_before
from compatcheck.rollout.pairs import Judgement, Reason, Verdict
from compatcheck.usecases.deploy import can_i_deploy
from compatcheck.usecases.fleet import fleet_of
from compatcheck.usecases.pairs import all_pairs
from compatcheck.usecases.plan import plan
from compatcheck.usecases.who_uses import who_uses
from rollout.systems import System
from shops import Shop

SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN
DROP = "rpc Drop(Item) returns (Item);"
SERVER = """
import cart_pb2_grpc, grpc

class Servicer(cart_pb2_grpc.CartServicer):
    def Add(self, request, context):
        return request

server = grpc.server(None)
cart_pb2_grpc.add_CartServicer_to_server(Servicer(), server)
"""
CLIENT = """
import cart_pb2_grpc, grpc, os

stub = cart_pb2_grpc.CartStub(grpc.insecure_channel(os.environ["CART_ADDR"]))
print(stub.Drop(None))
"""
CODE = {"src/cart/server.py": SERVER, "src/web/main.py": CLIENT}
CALLERS = '[services.web]\npath = "src/web"\n[services.cart]\npath = "src/cart"\n'
CHANNEL = """
[services.web]
versions = "web-*"
provides = []
consumes = []
[services.mail]
versions = "mail-*"
provides = []
consumes = []
[channels.orders]
message = "shop.Order"
writers = "web"
readers = "mail"
"""


def cart(methods: str = "") -> str:
    return (
        f'syntax = "proto3"; package shop; service Cart {{ rpc Add(Item) returns (Item); {methods} }} '
        "message Item { int32 id = 1; }"
    )


def order(type_: str) -> str:
    return f'syntax = "proto3"; package shop; message Order {{ {type_} id = 1; }}'


def test_a_call_that_the_clients_own_copy_does_not_have_is_unknown_and_still_a_use(shop: Shop) -> None:
    files = {**CODE, "compatcheck.toml": CALLERS, "protos/cart.proto": cart(DROP)}
    shop.release({**files, "src/web/cart.proto": cart(), "src/cart/cart.proto": cart(DROP)}, "1")
    (found,) = all_pairs(shop.ground()).pairs
    assert found.judgement.verdict is UNKNOWN
    assert [one.datum for one in found.judgement.missing] == [
        "shop.Cart.Drop, which its code calls: its schema at that version does not have it"
    ]
    users = who_uses(shop.ground(), "shop.Cart.Drop").users
    assert [(one.service, one.role) for one in users] == [("cart", "provider"), ("web", "client")]


def test_a_configured_schema_that_does_not_declare_what_the_code_calls_is_unknown(shop: Shop) -> None:
    config = CALLERS.replace('"src/web"\n', '"src/web"\nschema = "other"\n')
    other = 'syntax = "proto3"; package other; service Other {}'
    shop.release(
        {**CODE, "compatcheck.toml": config, "protos/cart.proto": cart(DROP), "other/x.proto": other}, "1"
    )
    (found,) = all_pairs(shop.ground()).pairs
    assert found.judgement.verdict is UNKNOWN


def test_a_version_that_nothing_has_is_never_safe_whatever_half_of_it_is_declared(shop: Shop) -> None:
    config = CALLERS.replace('"src/web"\n', '"src/web"\nprovides = []\n')
    config = config.replace('"src/cart"\n', '"src/cart"\nconsumes = []\n')
    shop.release({**CODE, "compatcheck.toml": config, "protos/cart.proto": cart(DROP)}, "1")
    live = ["web=1", "cart=1"]
    for service in ("web", "cart"):
        answer = can_i_deploy(shop.ground(), f"{service}@9", live=live)
        assert answer.verdict is UNKNOWN
        assert f"the revision of {service} 9" in answer.gaps[0].datum
    assert plan(shop.ground(), ["web@9"], live=live).verdict is UNKNOWN


def test_a_message_that_no_version_of_its_writer_has_is_a_gap(shop: Shop) -> None:
    config = CHANNEL.replace("shop.Order", "shop.Ordr")
    shop.release({"order.proto": order("int32"), "compatcheck.toml": config}, "web-1", "mail-1")
    shop.release({"order.proto": order("string")}, "mail-2")
    datum = "what web writes to orders: none of its versions has a schema with shop.Ordr"
    assert [one.datum for one in all_pairs(shop.ground()).gaps] == [datum]
    answer = can_i_deploy(shop.ground(), "mail@2", live=["web=1", "mail=1"])
    assert (answer.verdict, [one.datum for one in answer.gaps]) == (UNKNOWN, [datum])


def test_what_older_versions_stored_is_read_although_the_live_one_has_no_tag(shop: Shop) -> None:
    shop.release({"order.proto": order("string"), "compatcheck.toml": CHANNEL}, "web-1")
    shop.release({"order.proto": order("int32")}, "mail-1")
    shop.release({"order.proto": order("int64")}, "mail-2")
    answer = can_i_deploy(shop.ground(), "mail@2", live=["web=HEAD", "mail=1"])
    assert {one.client_version: one.judgement.verdict for one in answer.pairs} == {
        "1": MISMATCH,
        "HEAD": SAFE,
    }


def test_a_version_without_a_place_in_history_comes_after_all_that_have_one() -> None:
    assert came_before(("1", "2", "3"), {"2"}) == ["1"]
    assert came_before(("1", "2", "3"), {"2", "HEAD"}) == ["1", "3"]
    assert came_before(("1", "2"), set()) == []


def test_files_that_may_import_each_other_by_their_names_are_all_compiled(shop: Shop) -> None:
    config = """
    [services.web]
    schema = "w"
    consumes = ["cart.A", "orders.B"]
    [services.cart]
    schema = "c"
    provides = ["cart.A", "orders.B"]
    """

    def files(top: str, type_: str) -> dict[str, str]:
        start = 'syntax = "proto3"; import "common.proto"; '
        return {
            f"{top}/common.proto": 'syntax = "proto3"; package top; message T { int32 a = 1; }',
            f"{top}/cart/common.proto": f"{start} package cart; service A {{ rpc Get(top.T) returns (top.T); }}",
            f"{top}/orders/common.proto": (
                f"{start} package orders; message M {{ {type_} x = 1; }} "
                "service B { rpc Get(M) returns (top.T); }"
            ),
        }

    shop.release({**files("w", "int32"), **files("c", "string"), "compatcheck.toml": config}, "1")
    (found,) = all_pairs(shop.ground()).pairs
    assert {one.method for one in found.judgement.breaks} == {"orders.B.Get"}


def test_a_copy_further_away_adds_no_method_to_a_service_of_the_own_copy(shop: Shop) -> None:
    push = " service Push { rpc Send(Item) returns (Item); }"
    config = """
    [services.web]
    schema = "w"
    consumes = ["shop.Cart", "shop.Push"]
    [services.cart]
    path = "src/cart"
    provides = ["shop.Cart", "shop.Push"]
    consumes = []
    """
    files = {"w/cart.proto": cart(DROP) + push, "protos/cart.proto": cart(DROP) + push}
    shop.release({**files, "src/cart/cart.proto": cart(), "compatcheck.toml": config}, "1")
    (found,) = all_pairs(shop.ground()).pairs
    assert [(one.method, one.effect) for one in found.judgement.breaks] == [
        ("shop.Cart.Drop", Effect.UNROUTABLE)
    ]
    fleet = fleet_of(shop.ground())
    fleet.show({"web": ["1"], "cart": ["1"]})
    assert sorted(fleet.interface("cart", "1").methods) == ["shop.Cart.Add", "shop.Push.Send"]


@pytest.mark.parametrize("asked_first", ["web", "cart"])
def test_a_schema_in_another_repository_is_known_whoever_is_asked_first(
    shop: Shop, new_shop: Callable[[str], Shop], asked_first: str
) -> None:
    new_shop("cart").release({"server.py": SERVER, "cart.proto": cart(DROP)}, "v1")
    sections = {
        "web": '[services.web]\npath = "src/web"\n',
        "cart": '[services.cart]\nrepo = "../cart"\npath = "."\nversions = "v*"\n',
    }
    config = "".join(sections[name] for name in sorted(sections, key=lambda name: name != asked_first))
    shop.release({"src/web/main.py": CLIENT, "compatcheck.toml": config}, "1")
    fleet = fleet_of(shop.ground())
    fleet.show({asked_first: ["1"]})
    fleet.show({"web": ["1"], "cart": ["1"]})
    assert fleet.graph.edges == (Edge("web", "cart"),)


def test_an_old_client_calls_what_the_latest_schema_of_another_repository_does_not_have(
    shop: Shop, new_shop: Callable[[str], Shop]
) -> None:
    protos = new_shop("protos")
    protos.release({"cart.proto": cart(DROP)}, "v1")
    protos.release({"cart.proto": cart()}, "v2")
    more = 'schema = "../protos"\nversions = "v*"\n'
    config = CALLERS.replace('"src/web"\n', f'"src/web"\n{more}').replace(
        '"src/cart"\n', f'"src/cart"\n{more}'
    )
    shop.release({**CODE, "compatcheck.toml": config}, "v1")
    shop.release({"src/web/main.py": CLIENT.replace("Drop", "Add")}, "v2")
    found = {
        (one.client_version, one.provider_version): one.judgement for one in all_pairs(shop.ground()).pairs
    }
    assert {key for key, one in found.items() if one.verdict is not SAFE} == {("1", "2")}
    assert [(one.method, one.effect) for one in found["1", "2"].breaks] == [
        ("shop.Cart.Drop", Effect.UNROUTABLE)
    ]


def test_the_same_effect_on_other_values_is_worse_than_what_happens_already() -> None:
    def lossy(condition: str) -> Judgement:
        reason = Reason("shop.Cart.Add", "request", Effect.LOSSY, Surface.WIRE, condition, ("id",))
        return Judgement(MISMATCH, (reason,))

    bad = {("web 1", "cart 1"): lossy("only above 2147483647"), ("web 2", "cart 1"): lossy("")}
    system = System([Edge("web", "cart")], bad)
    assert [one.services for one in system.plan(web="2").conflicts] == [("cart", "web")]
    same = System([Edge("web", "cart")], {key: lossy("only above 2147483647") for key in bad})
    assert same.plan(web="2").conflicts == ()
