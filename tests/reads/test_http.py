"""What a REST client meets at a gateway: pairs of methods, each with its annotation."""

from __future__ import annotations

from functools import cache

import pytest

from checking import schema
from compatcheck.reads.effects import Effect
from compatcheck.reads.http.bindings import Gateway, bindings, http_reads
from compatcheck.reads.http.options import operation_types
from compatcheck.schema.model import Method
from compatcheck.schema.walk import methods_of

RULES = {
    "get": 'get: "/v1/carts/{id}"',
    "get_starred": 'get: "/v1/carts/{id=*}"',
    "get_renamed": 'get: "/v1/carts/{key}"',
    "get_other": 'get: "/v1/carts/{owner}"',
    "get_unbound": 'get: "/v1/carts/*"',
    "get_with_carts": 'get: "/v1/{id=carts/*}"',
    "get_deep": 'get: "/v1/carts/{id=**}"',
    "get_v2": 'get: "/v2/carts/{id}"',
    "head": 'custom: { kind: "HEAD" path: "/v1/carts/{id}" }',
    "any_verb": 'custom: { kind: "*" path: "/v1/carts/{id}" }',
    "two": 'get: "/v1/carts/{id}" additional_bindings { get: "/v2/carts/{id}" }',
    "two_turned": 'get: "/v2/carts/{id}" additional_bindings { get: "/v1/carts/{id}" }',
    "by_owner": 'get: "/v1/{owner}/carts/{id}"',
    "by_owner_swapped": 'get: "/v1/{id}/carts/{owner}"',
    "put": 'put: "/v1/carts/{id}"',
    "put_all": 'put: "/v1/carts/{id}" body: "*"',
    "put_cart": 'put: "/v1/carts/{id}" body: "cart"',
    "put_basket": 'put: "/v1/carts/{id}" body: "basket"',
    "put_spare": 'put: "/v1/carts/{id}" body: "spare"',
    "put_items": 'put: "/v1/carts/{id}" body: "items"',
    "only_items": 'get: "/v1/carts/{id}" response_body: "items"',
    "only_goods": 'get: "/v1/carts/{id}" response_body: "goods"',
    "only_owner": 'get: "/v1/carts/{id}" response_body: "owner"',
}
NEWER = frozenset({"get_renamed", "put_basket", "only_goods"})
"""Methods whose messages have the same fields under other names."""

MESSAGES = """
message Ask { string id = 1; string owner = 2; Cart cart = 3; repeated string items = 4; Cart spare = 5; }
message NewerAsk { string key = 1; string owner = 2; Cart basket = 3; repeated string items = 4; Cart spare = 5; }
message Cart { string id = 1; string owner = 2; repeated string items = 3; }
message NewerCart { string id = 1; string owner = 2; repeated string goods = 3; }
message Id { string id = 1; }
message OtherAsk { int32 id = 1; }
"""
HEAD = 'syntax = "proto3"; package shop.v1; import "google/api/annotations.proto";'


@cache
def methods() -> dict[str, Method]:
    """The methods of RULES; `id_...` are the same with nothing in the request but the id."""
    lines = [
        f"rpc {name}({'NewerAsk' if name in NEWER else 'Ask'}) returns ({'NewerCart' if name in NEWER else 'Cart'})"
        for name in RULES
    ]
    rules = [f"{{ option (google.api.http) = {{ {rule} }}; }}" for rule in RULES.values()]
    same = [f"rpc id_{name}(Id) returns (Cart)" for name in ("put", "put_all")]
    rules += [f"{{ option (google.api.http) = {{ {RULES[name]} }}; }}" for name in ("put", "put_all")]
    body = "\n".join(map("".join, zip((*lines, *same), rules, strict=True)))
    body += "\nrpc bare(Ask) returns (Cart);"
    body += f"\nrpc other(OtherAsk) returns (Cart) {{ option (google.api.http) = {{ {RULES['get']} }}; }}"
    made = schema(f"{HEAD}\n{MESSAGES}\nservice Carts {{\n{body}\n}}\n")
    return {method.name: method for file in made.files for method in methods_of(file)}


def seen(client: str, provider: str) -> set[tuple[str, Effect, bool]]:
    """Part, effect and whether it has a condition."""
    outcomes = http_reads(methods()[client], methods()[provider])
    return {(one.part, one.outcome.effect, bool(one.outcome.condition)) for one in outcomes}


LOST = {("pattern", Effect.UNROUTABLE, False)}
LOST_IN_PART = {("pattern", Effect.UNROUTABLE, True)}
RELABELLED = {("pattern", Effect.RELABELLED, True)}


@pytest.mark.parametrize(
    ("client", "provider"),
    [
        ("get", "get_starred"),
        ("get", "get_renamed"),
        ("get", "get_deep"),
        ("get", "any_verb"),
        ("get", "two"),
        ("two", "two_turned"),
        ("put_cart", "put_basket"),
        ("only_items", "only_goods"),
        ("id_put", "id_put_all"),
        ("id_put_all", "id_put"),
        ("bare", "get"),
    ],
)
def test_the_same_or_a_wider_route_is_safe(client: str, provider: str) -> None:
    assert seen(client, provider) == set()


@pytest.mark.parametrize(
    ("client", "provider", "expected"),
    [
        ("get", "get_v2", LOST),
        ("get", "head", LOST),
        ("get", "put", LOST),
        ("get", "bare", LOST),
        ("two", "get", LOST_IN_PART),
        ("get_deep", "get", LOST_IN_PART),
        ("any_verb", "get", LOST_IN_PART),
        ("get", "get_other", RELABELLED),
        ("get_with_carts", "get", RELABELLED),
        ("get", "get_unbound", {("pattern", Effect.DROPPED, True)}),
        ("by_owner", "by_owner_swapped", {("pattern", Effect.MISREAD, True)}),
    ],
)
def test_a_route_that_is_not_served_as_before(
    client: str, provider: str, expected: set[tuple[str, Effect, bool]]
) -> None:
    assert seen(client, provider) == expected


@pytest.mark.parametrize(
    ("client", "provider", "effect", "conditional"),
    [
        ("put", "put_all", Effect.DROPPED, True),
        ("put", "put_cart", Effect.DROPPED, True),
        ("put_all", "put", Effect.DROPPED, False),
        ("put_cart", "put", Effect.DROPPED, False),
        ("put_all", "put_cart", Effect.REJECTED, False),
        ("put_cart", "put_all", Effect.REJECTED, False),
        ("put_cart", "put_items", Effect.REJECTED, False),
        ("put_cart", "put_spare", Effect.RELABELLED, False),
    ],
)
def test_a_body_that_is_looked_for_elsewhere(
    client: str, provider: str, effect: Effect, conditional: bool
) -> None:
    assert seen(client, provider) == {("body", effect, conditional)}


def test_another_part_of_the_response_is_not_what_the_client_reads() -> None:
    rejected = {("response_body", Effect.REJECTED, False)}
    assert (
        seen("get", "only_items") == seen("only_items", "get") == seen("only_items", "only_owner") == rejected
    )


def gateway_of(method: Method) -> Gateway:
    return lambda key: [(method, one) for one in bindings(method) if one.key == key]


def test_another_method_may_answer_on_the_route() -> None:
    get, stranger, twin = (methods()[name] for name in ("get", "other", "two"))
    by_stranger = http_reads(get, None, gateway_of(stranger))
    assert [one.outcome.effect for one in by_stranger] == [Effect.REJECTED]
    assert http_reads(get, None, gateway_of(twin)) == ()
    assert [one.outcome.effect for one in http_reads(get, methods()["bare"], gateway_of(twin))] == [
        Effect.RELABELLED
    ]
    assert [one.outcome.effect for one in http_reads(get, None)] == [Effect.UNROUTABLE]


def test_a_wider_route_of_another_method_is_no_route_of_this_one() -> None:
    get, deep = methods()["get"], methods()["get_deep"]
    lost = http_reads(get, None, gateway_of(deep))
    assert [one.outcome.effect for one in lost] == [Effect.UNROUTABLE]


OPERATION = """
syntax = "proto3"; package shop.v1;
import "google/longrunning/operations.proto"; import "google/protobuf/empty.proto";
message Merged { message Part {} }
message Ask {}
service Carts {
  rpc Near(Ask) returns (google.longrunning.Operation) {
    option (google.longrunning.operation_info) = { response_type: "Merged" metadata_type: "Merged.Part" };
  }
  rpc Far(Ask) returns (google.longrunning.Operation) {
    option (google.longrunning.operation_info) = {
      response_type: "google.protobuf.Empty" metadata_type: "shop.v1.Merged"
    };
  }
  rpc Missing(Ask) returns (google.longrunning.Operation) {
    option (google.longrunning.operation_info) = { response_type: "Gone" metadata_type: "shop.v2.Gone" };
  }
  rpc Once(Ask) returns (google.longrunning.Operation) {
    option (google.longrunning.operation_info) = { response_type: "Merged" metadata_type: ".shop.v1.Merged" };
  }
  rpc Plain(Ask) returns (google.longrunning.Operation);
}
"""


def test_the_types_of_an_operation_have_their_full_names() -> None:
    made = schema(OPERATION)
    types = {
        method.name: operation_types(method)
        for file in made.files
        for method in methods_of(file)
        if file.package == "shop.v1"
    }
    assert types == {
        "Near": ("shop.v1.Merged", "shop.v1.Merged.Part"),
        "Far": ("google.protobuf.Empty", "shop.v1.Merged"),
        "Missing": ("shop.v1.Gone", "shop.v2.Gone"),
        "Once": ("shop.v1.Merged",),
        "Plain": (),
    }
