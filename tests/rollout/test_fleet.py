"""What a question finds out of code and repositories: services, versions, schemas, and what is live."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from grpc_tools import protoc  # type: ignore[import-untyped]  # it has no types

from compatcheck.errors import UsageError
from compatcheck.reads.effects import Effect
from compatcheck.rollout.live import Strategy
from compatcheck.rollout.pairs import Pair, Verdict
from compatcheck.usecases.ask import ground
from compatcheck.usecases.deploy import can_i_deploy
from compatcheck.usecases.graph import graph
from compatcheck.usecases.pairs import all_pairs
from compatcheck.usecases.plan import plan
from compatcheck.usecases.who_uses import who_uses
from shops import Shop

SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN


def cart(id_type: str = "int32", methods: str = "") -> str:
    return (
        f'syntax = "proto3"; package shop; service Cart {{ rpc Add(Item) returns (Item); {methods} }} '
        f"message Item {{ {id_type} id = 1; }}"
    )


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
print(stub.Add(None))
"""
IMAGE = {"src/cart/Dockerfile": "FROM python", "src/web/Dockerfile": "FROM python"}
CODE = {**IMAGE, "src/cart/server.py": SERVER, "src/web/main.py": CLIENT}


def verdicts(pairs: Iterable[Pair]) -> dict[tuple[str, str], Verdict]:
    return {
        (f"{one.edge.client} {one.client_version}", f"{one.edge.provider} {one.provider_version}"): (
            one.judgement.verdict
        )
        for one in pairs
    }


def generated(tmp_path: Path, text: str) -> str:
    """What protoc makes of `cart.proto`."""
    folder = tmp_path / "generated"
    folder.mkdir(exist_ok=True)
    (folder / "cart.proto").write_text(text)
    assert protoc.main(["protoc", f"-I{folder}", f"--python_out={folder}", "cart.proto"]) == 0
    return (folder / "cart_pb2.py").read_text()


# -- without any configuration


def test_services_and_calls_are_discovered_at_every_version(shop: Shop) -> None:
    shop.release({**CODE, "protos/cart.proto": cart()}, "1")
    shop.release({"protos/cart.proto": cart("string")}, "2")
    answer = all_pairs(shop.ground())
    assert verdicts(answer.pairs) == {
        ("web 1", "cart 1"): SAFE,
        ("web 1", "cart 2"): MISMATCH,
        ("web 2", "cart 1"): MISMATCH,
        ("web 2", "cart 2"): SAFE,
    }
    (call,) = answer.matrices[0].calls["1"]
    assert (call.name, call.evidence[0].path) == ("shop.Cart.Add", "src/web/main.py")


def test_a_provider_whose_folder_is_gone_serves_nothing_whatever_the_schemas_say(shop: Shop) -> None:
    shop.release({**CODE, "protos/cart.proto": cart()}, "1")
    shop.git("rm", "--quiet", "-r", "src/cart")
    shop.release({}, "2")
    found = {
        (pair.client_version, pair.provider_version): pair.judgement
        for pair in all_pairs(shop.ground()).pairs
    }
    assert found["1", "1"].verdict is SAFE
    assert [one.effect for one in found["1", "2"].breaks] == [Effect.UNROUTABLE]


def test_a_folder_that_was_renamed_is_the_same_service(shop: Shop) -> None:
    shop.release({**CODE, "protos/cart.proto": cart()}, "1")
    shop.git("mv", "src/cart", "src/cart-service")
    shop.release({}, "2")
    answer = all_pairs(shop.ground())
    assert set(verdicts(answer.pairs).values()) == {SAFE}
    assert {one.edge.provider for one in answer.matrices} == {"cart-service"}
    assert any("cart is cart-service" in notice for notice in answer.notices)


def test_only_the_latest_tags_and_head_are_shown_unless_others_are_named(shop: Shop) -> None:
    shop.release({**CODE, "protos/cart.proto": cart()}, "1")
    for version in ("2", "3"):
        shop.release({"protos/cart.proto": cart(methods=f"rpc M{version}(Item) returns (Item);")}, version)
    shop.release({"notes": "later"})
    answer = all_pairs(shop.ground())
    assert answer.matrices[0].client_versions == ("2", "3", "HEAD")
    assert "2, 3, HEAD are shown of 3 tags" in answer.notices[0]
    named = all_pairs(shop.ground(), versions=["[12]", "HEAD"])
    assert named.matrices[0].client_versions == ("1", "2", "HEAD")
    with pytest.raises(UsageError, match="`nowhere` is no version of any service, and no revision"):
        all_pairs(shop.ground(), versions=["nowhere"])


def test_what_is_live_is_written_on_the_command_line(shop: Shop) -> None:
    shop.release({**CODE, "protos/cart.proto": cart()}, "1")
    shop.release({"protos/cart.proto": cart("string")}, "2")
    answer = can_i_deploy(shop.ground(), "cart@2", live=["web=1", "cart=1"])
    assert (answer.verdict, answer.environment) == (MISMATCH, "the command line")
    assert can_i_deploy(shop.ground(), "cart@1", live=["web=1"]).verdict is SAFE
    for live, message in (
        (["web"], "`web` does not say"),
        ([], "no environment"),
        (["wep=1"], "no service `wep`"),
    ):
        with pytest.raises(UsageError, match=message):
            can_i_deploy(shop.ground(), "cart@2", live=live)


def test_a_deployment_leaves_services_alone_that_are_nowhere_live_but_never_passes(shop: Shop) -> None:
    shop.release({**CODE, "protos/cart.proto": cart()}, "1")
    answer = can_i_deploy(shop.ground(), "cart@1", live=["cart=1"])
    assert answer.verdict is UNKNOWN
    assert [one.datum for one in answer.gaps] == ["no version of web is said to be live"]


def test_the_graph_is_that_of_head_with_evidence(shop: Shop) -> None:
    shop.release({**CODE, "protos/cart.proto": cart()}, "1")
    answer = graph(shop.ground())
    assert [(one.name, one.path) for one in answer.nodes] == [("cart", "src/cart"), ("web", "src/web")]
    (link,) = answer.links
    assert (link.edge.client, link.edge.provider, link.verdict) == ("web", "cart", SAFE)
    assert [one.name for one in link.calls] == ["shop.Cart.Add"]
    assert [one.service for one in answer.nodes[0].provides] == ["shop.Cart"]
    assert [one.name for one in graph(shop.ground(), ["web"], depth=0).nodes] == ["web"]


# -- which copy of a schema counts


def test_a_vendored_copy_counts_before_the_shared_one(shop: Shop) -> None:
    shop.release({**CODE, "protos/cart.proto": cart(), "src/web/cart.proto": cart("string")}, "1")
    assert verdicts(all_pairs(shop.ground()).pairs) == {("web 1", "cart 1"): MISMATCH}


def test_copies_of_other_services_do_not_count(shop: Shop) -> None:
    files = {
        "protos/cart.proto": cart(),
        "src/mail/cart.proto": cart("string"),
        "src/mail/Dockerfile": "FROM x",
    }
    shop.release({**CODE, **files}, "1")
    assert verdicts(all_pairs(shop.ground()).pairs) == {("web 1", "cart 1"): SAFE}


def test_generated_code_is_a_schema_and_a_stale_one_is_told(shop: Shop, tmp_path: Path) -> None:
    shop.release({**CODE, "src/web/cart_pb2.py": generated(tmp_path, cart("string"))}, "1")
    shop.release({"protos/cart.proto": cart()}, "2")
    shop.release({"src/web/cart_pb2.py": generated(tmp_path, cart())}, "3")
    answer = all_pairs(shop.ground(), versions=["2", "3"])
    found = verdicts(answer.pairs)
    assert found["web 2", "cart 2"] is MISMATCH and found["web 3", "cart 3"] is SAFE
    assert [notice for notice in answer.notices if "was not generated" in notice] == [
        "web 2: `src/web/cart_pb2.py` was not generated from `protos/cart.proto` as it is there: "
        "shop.Item.id differ"
    ]


def test_comments_and_options_make_no_copy_stale(shop: Shop, tmp_path: Path) -> None:
    made = generated(tmp_path, cart())
    text = 'syntax = "proto3"; option go_package = "x"; // new' + "\n" + cart().partition(";")[2]
    shop.release({**CODE, "src/web/cart_pb2.py": made, "protos/cart.proto": text}, "1")
    assert all_pairs(shop.ground()).notices == ()


# -- declared services


def test_a_declared_service_without_names_takes_them_from_the_code_in_its_path(shop: Shop) -> None:
    config = (
        '[services.shopfront]\npath = "src/web"\n[services.cart]\nprovides = "shop.Cart"\nconsumes = []\n'
    )
    shop.release({**CODE, "protos/cart.proto": cart(), "compatcheck.toml": config}, "1")
    answer = all_pairs(shop.ground())
    assert verdicts(answer.pairs) == {("shopfront 1", "cart 1"): SAFE}
    assert answer.matrices[0].calls["1"][0].evidence[0].path == "src/web/main.py"


def test_a_service_of_another_repository_brings_its_own_versions_and_schema(
    shop: Shop, new_shop: Callable[[str], Shop]
) -> None:
    other = new_shop("cart")
    other.release({"server.py": SERVER, "cart.proto": cart()}, "v1")
    other.release({"cart.proto": cart("string")}, "v2")
    config = '[services.web]\npath = "src/web"\nversions = "web-*"\n'
    config += '[services.cart]\nrepo = "../cart"\npath = "."\nversions = "v*"\n'
    shop.release({**CODE, "protos/cart.proto": cart(), "compatcheck.toml": config}, "web-1")
    assert verdicts(all_pairs(shop.ground()).pairs) == {
        ("web 1", "cart 1"): SAFE,
        ("web 1", "cart 2"): MISMATCH,
    }
    shop.write({"compatcheck.toml": config.replace("../cart", "../nowhere")})
    with pytest.raises(UsageError, match=r"services.cart.repo: there is no repository"):
        all_pairs(shop.ground())


def test_what_a_writer_stored_is_read_by_every_live_reader(shop: Shop) -> None:
    config = """
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
    [environments.live]
    web = "2"
    mail = "1"
    """

    def order(type_: str) -> str:
        return f'syntax = "proto3"; package shop; message Order {{ {type_} id = 1; }}'

    shop.release({"order.proto": order("string"), "compatcheck.toml": config}, "web-1")
    shop.release({"order.proto": order("int32")}, "web-2", "mail-1")
    shop.release({"order.proto": order("int64")}, "mail-2")
    answer = can_i_deploy(shop.ground(), "mail@2", "live")
    assert verdicts(answer.pairs) == {("web 1", "mail 2"): MISMATCH, ("web 2", "mail 2"): SAFE}
    shop.write({"compatcheck.toml": config.replace('readers = "mail"', 'readers = "mail"\nsince = "live"')})
    assert verdicts(can_i_deploy(shop.ground(), "mail@2", "live").pairs) == {("web 2", "mail 2"): SAFE}


# -- the other questions, on the demo's shop


def test_an_order_is_found_for_two_services_that_depend_on_each_other(demo_shop: Shop) -> None:
    answer = plan(demo_shop.ground(), ["checkout@1.1", "payment@1.1"], environment="production")
    assert [[move.service for move in wave] for wave in answer.waves] == [["payment"], ["checkout"]]
    assert answer.verdict is SAFE
    blocked = plan(demo_shop.ground(), ["checkout@2.0", "shipping@2.0"], environment="production")
    assert blocked.verdict is MISMATCH and blocked.conflicts


def test_the_way_back_is_closed_by_whom_it_leaves_behind(demo_shop: Shop) -> None:
    answer = can_i_deploy(demo_shop.ground(), "payment@1.1", "production", Strategy.ROLLING)
    assert answer.rollback.verdict is SAFE
    assert [(one.service, one.version) for one in answer.rollback.closed_by] == [("checkout", "1.1")]


def test_who_uses_a_field_a_method_and_a_service(demo_shop: Shop) -> None:
    ground = demo_shop.ground()
    answer = who_uses(ground, "shop.v1.Address.postal_code", environment="staging")
    assert [(one.service, one.version, one.role) for one in answer.users] == [
        ("checkout", "1.0", "client"),
        ("shipping", "1.0", "provider"),
    ]
    assert "shop.v1.Shipping.Quote request.address.postal_code" in answer.users[0].uses
    method = who_uses(ground, "shop.v1.Catalog/GetProduct", environment="production")
    assert (method.kind, method.element) == ("method", "shop.v1.Catalog.GetProduct")
    assert {one.service for one in method.users} == {"cart", "catalog", "storefront"}
    assert who_uses(ground, "shop.v1.Cart", environment="production").kind == "service"
    with pytest.raises(UsageError, match=r"no version of any schema has `shop\.v1\.Address\.zip`"):
        who_uses(ground, "shop.v1.Address.zip", environment="staging")


def test_a_bare_repository_is_asked_without_any_configuration(shop: Shop, tmp_path: Path) -> None:
    shop.release({**CODE, "protos/cart.proto": cart()}, "1")
    shop.git("clone", "--quiet", "--bare", ".", "../bare.git")
    env = {name: shop.env[name] for name in ("PATH", "HOME")}
    answer = all_pairs(ground("bare.git", None, env, tmp_path))
    assert verdicts(answer.pairs) == {("web 1", "cart 1"): SAFE}
