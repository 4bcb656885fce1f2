"""Paths: what is still served after something of it got another name, another file or another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import grpc
import pytest

from calls.said import follows, said
from calls.talk import Version, talk, version
from compatcheck.reads.calls import CallOutcome, call_reads
from compatcheck.reads.effects import Effect
from compatcheck.rules.finding import Break

OLD = """syntax = "proto3";
package shop.v1;
service Carts {
  rpc Put(Item) returns (Cart);
  rpc Get(Item) returns (Cart);
}
message Item { int32 number = 1; }
message Cart { repeated Item items = 1; }
"""
BOTH = frozenset(Break)
NOBODY = frozenset[Break]()
OLD_CLIENTS = frozenset({Break.OLD_CLIENT_NEW_SERVER})
NEW_CLIENTS = frozenset({Break.NEW_CLIENT_OLD_SERVER})

ROWS: Mapping[str, tuple[str, frozenset[Break]]] = {
    "package renamed": (OLD.replace("shop.v1", "shop.v2"), BOTH),
    "service renamed": (OLD.replace("Carts", "Baskets"), BOTH),
    "method renamed": (OLD.replace("rpc Get", "rpc Fetch"), BOTH),
    "method removed": (OLD.replace("  rpc Get(Item) returns (Cart);\n", ""), OLD_CLIENTS),
    "method added": (OLD.replace("  rpc Get", "  rpc Fetch(Item) returns (Cart);\n  rpc Get"), NEW_CLIENTS),
    "service removed": (OLD[: OLD.index("service")] + OLD[OLD.index("message") :], OLD_CLIENTS),
    "service added": (OLD + "service Stock { rpc Count(Item) returns (Item); }\n", NEW_CLIENTS),
    "request renamed": (OLD.replace("Item", "Article"), NOBODY),
    "response renamed": (OLD.replace("Cart)", "Basket)").replace("message Cart", "message Basket"), NOBODY),
    "request of another type of one shape": (
        OLD.replace("Get(Item)", "Get(Thing)") + "message Thing { int32 number = 1; }\n",
        NOBODY,
    ),
    "idempotency declared": (
        OLD.replace("returns (Cart);", "returns (Cart) { option idempotency_level = NO_SIDE_EFFECTS; }"),
        NOBODY,
    ),
}


def calls(client: Version, server: Version) -> Iterator[tuple[grpc.StatusCode, tuple[CallOutcome, ...]]]:
    """Every method of the client called: how it ends and what is predicted."""
    for name, method in client.methods.items():
        request = client.message(method.request_name)()
        request.MergeFromString(b"\x08\x07")
        served = server.methods.get(name)
        answers = [server.message(served.response_name)()] if served else []
        call = talk(client, server, name, [request], answers)
        if served:
            assert [one.SerializeToString() for one in call.received] == [b"\x08\x07"]
        yield call.code, call_reads(method, served)


def broken(old: Version, new: Version) -> Iterator[Break]:
    for who, client, server in (
        (Break.OLD_CLIENT_NEW_SERVER, old, new),
        (Break.NEW_CLIENT_OLD_SERVER, new, old),
    ):
        for code, predicted in calls(client, server):
            assert code in (grpc.StatusCode.OK, grpc.StatusCode.UNIMPLEMENTED)
            effects = [one.outcome.effect for one in predicted]
            assert effects == ([] if code is grpc.StatusCode.OK else [Effect.UNROUTABLE])
            if effects:
                yield who


@pytest.mark.parametrize("row", ROWS)
def test_what_is_not_served_under_its_path_is_unimplemented_and_all_else_works(row: str) -> None:
    new, expected = ROWS[row]
    assert frozenset(broken(version(OLD), version(new))) == expected
    assert said(OLD, new) == follows(expected)


def test_a_file_may_move() -> None:
    old, new = {"shop/v1/carts.proto": OLD}, {"shop/carts/v1/all.proto": OLD}
    assert not list(broken(version(old), version(new)))
    assert said(old, new) == follows(NOBODY)


def test_a_package_renamed_with_changes_inside_breaks_all_its_calls() -> None:
    new = OLD.replace("shop.v1", "shop.v2").replace("int32 number", "string number")
    assert frozenset(broken(version(OLD), version(new))) == BOTH
    assert said(OLD, new) == follows(BOTH)
