"""Findings and checks of a small shop, and golden files that `pytest tests/report --golden` writes anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.rollout.pairs import Verdict
from compatcheck.rules.finding import Break, Finding, Order, Reached, Severity
from compatcheck.schema.locations import Location
from compatcheck.source.snapshot import Origin, Skipped
from compatcheck.usecases.results import Affected, Check, Liveness, MethodOrder, Undecided

GOLDEN = Path(__file__).parent / "golden"
BACKWARD, FORWARD = Direction.BACKWARD, Direction.FORWARD
WIRE, JSON, GRPC, GENERATED = Surface.WIRE, Surface.JSON, Surface.GRPC, Surface.GENERATED
OLD_CLIENT, NEW_CLIENT = Break.OLD_CLIENT_NEW_SERVER, Break.NEW_CLIENT_OLD_SERVER


@pytest.fixture
def golden(rewrites: bool) -> Callable[[str, str], None]:
    """`golden(name, text)`: asserts that the golden file holds `text`, or writes it there."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if rewrites:
            path.write_bytes(text.encode())
        assert path.read_bytes().decode() == text

    return compare


TYPE_CHANGED = Finding(
    rule="field-type-changed",
    severity=Severity.ERROR,
    element="shop.cart.v1.Item.price",
    path="proto/shop/cart/v1/cart.proto",
    location=Location("proto/shop/cart/v1/cart.proto", 14, 3, 14, 9),
    old_location=Location("proto/shop/cart/v1/cart.proto", 13, 3, 13, 8),
    source_line="  string price = 3;  // in the currency of the cart",
    old_source="int64 price = 3;  // in cents",
    message="the type of field 3 changed from `int64` to `string`",
    help="Keep this field as it was, and add one with a new number and a new name for the new type.",
    effects=(
        DirectedEffect(BACKWARD, WIRE, Effect.DROPPED),
        DirectedEffect(BACKWARD, JSON, Effect.REJECTED, "unless it is written as a JSON string"),
        DirectedEffect(FORWARD, WIRE, Effect.DROPPED),
        DirectedEffect(FORWARD, JSON, Effect.REJECTED, "unless it holds a decimal number"),
        DirectedEffect(BACKWARD, GENERATED, Effect.REJECTED),
    ),
    methods=(
        Reached("shop.cart.v1.Cart.AddItem", "request", (OLD_CLIENT, NEW_CLIENT)),
        Reached("shop.cart.v1.Cart.AddItem", "response", (OLD_CLIENT, NEW_CLIENT)),
        Reached("shop.cart.v1.Cart.GetCart", "response", (OLD_CLIENT, NEW_CLIENT)),
        Reached("shop.cart.v1.Cart.ListCarts", "response", (OLD_CLIENT, NEW_CLIENT)),
        Reached("shop.order.v1.Orders.Place", "request", (OLD_CLIENT, NEW_CLIENT)),
        Reached("shop.order.v1.Orders.Preview", "request", (OLD_CLIENT, NEW_CLIENT)),
    ),
    breaks=(OLD_CLIENT, NEW_CLIENT),
    fingerprint="5f0c2f1b9f3d7a10",
)

METHOD_REMOVED = Finding(
    rule="method-removed",
    severity=Severity.ERROR,
    element="shop.order.v1.Orders.Cancel",
    path="proto/shop/order/v1/orders.proto",
    location=Location("proto/shop/order/v1/orders.proto", 9, 1, 12, 2),
    old_location=Location("proto/shop/order/v1/orders.proto", 12, 3, 12, 53),
    source_line="service Orders {",
    old_source="rpc Cancel(CancelRequest) returns (CancelResponse);",
    message="method `Cancel` was removed",
    help="Keep the method until no live client calls it; mark it `deprecated = true` before that.",
    effects=(DirectedEffect(BACKWARD, GRPC, Effect.UNROUTABLE),),
    methods=(Reached("shop.order.v1.Orders.Cancel", "call", (OLD_CLIENT,)),),
    breaks=(OLD_CLIENT,),
    fingerprint="a2d4c6e8f0123456",
)

FIELD_REMOVED = Finding(
    rule="field-removed",
    severity=Severity.ERROR,
    element="shop.stock.v1.Level.warehouse",
    path="proto/shop/stock/v1/level.proto",
    location=Location("proto/shop/stock/v1/level.proto", 5, 9, 5, 14),
    old_location=Location("proto/shop/stock/v1/level.proto", 7, 3, 7, 24),
    source_line="message Level {",
    old_source="string warehouse = 2;",
    message="field 2 was removed, and neither its number nor its name is reserved",
    help='Write `reserved 2; reserved "warehouse";` in the message.',
    effects=(DirectedEffect(FORWARD, WIRE, Effect.ABSENT), DirectedEffect(FORWARD, JSON, Effect.ABSENT)),
    methods=(),
    breaks=(),
    fingerprint="00112233445566ff",
)

FIELD_RENAMED = Finding(
    rule="field-renamed",
    severity=Severity.WARNING,
    element="shop.cart.v1.Item.article_id",
    path="proto/shop/cart/v1/cart.proto",
    location=Location("proto/shop/cart/v1/cart.proto", 12, 10, 12, 20),
    old_location=Location("proto/shop/cart/v1/cart.proto", 12, 10, 12, 13),
    source_line="  string article_id = 1;",
    old_source="string sku = 1;",
    message="field 1 was renamed from `sku` to `article_id`",
    help='Add `json_name = "sku"` to keep JSON as it was.',
    effects=(
        DirectedEffect(BACKWARD, WIRE, Effect.RELABELLED),
        DirectedEffect(BACKWARD, GENERATED, Effect.REJECTED),
        DirectedEffect(FORWARD, WIRE, Effect.RELABELLED),
        DirectedEffect(FORWARD, GENERATED, Effect.REJECTED),
    ),
    methods=(
        Reached("shop.cart.v1.Cart.AddItem", "request", ()),
        Reached("shop.cart.v1.Cart.GetCart", "response", ()),
    ),
    breaks=(),
    fingerprint="7777888899990000",
)

METHOD_ADDED = Finding(
    rule="method-added",
    severity=Severity.NOTE,
    element="shop.order.v1.Orders.Preview",
    path="proto/shop/order/v1/orders.proto",
    location=Location("proto/shop/order/v1/orders.proto", 11, 3, 11, 56),
    old_location=None,
    source_line="  rpc Preview(PreviewRequest) returns (PreviewResponse);",
    old_source="",
    message="method `Preview` was added",
    help="",
    effects=(DirectedEffect(FORWARD, GRPC, Effect.UNROUTABLE),),
    methods=(Reached("shop.order.v1.Orders.Preview", "call", (NEW_CLIENT,)),),
    breaks=(NEW_CLIENT,),
    fingerprint="1234567890abcdef",
)

FIELD_ADDED = replace(
    METHOD_ADDED,
    rule="field-added",
    element="shop.cart.v1.Item.note",
    path="proto/shop/cart/v1/cart.proto",
    location=Location("proto/shop/cart/v1/cart.proto", 15, 3, 15, 19),
    source_line="  string note = 4;",
    message="field 4 was added",
    effects=(DirectedEffect(FORWARD, WIRE, Effect.IGNORED), DirectedEffect(FORWARD, JSON, Effect.IGNORED)),
    methods=(),
    breaks=(),
    fingerprint="fedcba0987654321",
)

OLD = Origin("revision", "v1.2.0", "v1.2.0", "3f9a1c2e01b4d5f60718293a4b5c6d7e8f901234")
OLDER = Origin("revision", "v1.1.0", "v1.1.0", "90ab12cd34ef567890ab12cd34ef567890ab12cd")
NEW = Origin("work-tree", "work tree")


ADD, GET, PLACE = "shop.cart.v1.Cart.AddItem", "shop.cart.v1.Cart.GetCart", "shop.order.v1.Orders.Place"
BOTH, STAGING = ("production", "staging"), ("staging",)
MISMATCH = Verdict.MISMATCH

LIVE = Liveness(
    environments=BOTH,
    affected={
        TYPE_CHANGED.fingerprint: (
            Affected("checkout", "1.0", BOTH, "client", (ADD, GET), MISMATCH, ""),
            Affected("checkout", "1.1", STAGING, "client", (ADD, GET), MISMATCH, ""),
            Affected("web", "7", STAGING, "client", (GET,), MISMATCH, ""),
            Affected("cart", "3", BOTH, "provider", (ADD, GET), MISMATCH, ""),
            Affected("orders", "2", BOTH, "provider", (PLACE,), Verdict.UNKNOWN, "the revision of orders 2"),
            Affected("web", "7", STAGING, "writer", ("clicks",), MISMATCH, ""),
            Affected("ledger", "4", STAGING, "reader", ("clicks",), MISMATCH, ""),
        ),
        METHOD_REMOVED.fingerprint: (),
        METHOD_ADDED.fingerprint: (
            Affected("orders", "2", BOTH, "provider", ("shop.order.v1.Orders.Preview",), MISMATCH, ""),
        ),
    },
    is_complete=False,
)


@pytest.fixture
def finding() -> Finding:
    """An error with everything that a finding can say."""
    return TYPE_CHANGED


@pytest.fixture
def empty() -> Check:
    """Two sources whose files are the same."""
    return Check(OLD, NEW, (), (), (), (), (), 0)


@pytest.fixture
def full() -> Check:
    """A check in which everything happens."""
    return Check(
        old=OLD,
        new=NEW,
        findings=(FIELD_RENAMED, TYPE_CHANGED, FIELD_ADDED, METHOD_REMOVED, METHOD_ADDED, FIELD_REMOVED),
        orders=(
            MethodOrder("shop.cart.v1.Cart.AddItem", Order.NONE),
            MethodOrder("shop.cart.v1.Cart.GetCart", Order.NONE),
            MethodOrder("shop.cart.v1.Cart.ListCarts", Order.NONE),
            MethodOrder("shop.order.v1.Orders.Cancel", Order.CLIENTS_FIRST),
            MethodOrder("shop.order.v1.Orders.Place", Order.NONE),
            MethodOrder("shop.order.v1.Orders.Preview", Order.SERVERS_FIRST),
        ),
        undecided=(
            Undecided(
                "proto/shop/pay/v1/pay.proto",
                "imports `shop/pay/v1/money.proto`, which is nowhere in the work tree\n"
                'proto/shop/pay/v1/pay.proto:3:1: import "shop/pay/v1/money.proto";\n'
                "add the file, or name its folder under `roots`",
            ),
        ),
        skipped=(Skipped("third_party/vendor", "a submodule"),),
        notices=("the configuration is weaker than that of v1.2.0: fail-on went up from warning to error",),
        changed_files=4,
        live=LIVE,
    )


@pytest.fixture
def quiet() -> Check:
    """An added method and an added field: notes, and yet servers go first."""
    orders = (MethodOrder("shop.order.v1.Orders.Preview", Order.SERVERS_FIRST),)
    return Check(OLD, NEW, (FIELD_ADDED, METHOD_ADDED), orders, (), (), (), 2)


@pytest.fixture
def older(full: Check) -> Check:
    """The same new source against an older one, of which less is left to say."""
    orders = (MethodOrder("shop.order.v1.Orders.Cancel", Order.CLIENTS_FIRST),)
    return replace(full, old=OLDER, findings=(METHOD_REMOVED,), orders=orders, undecided=(), notices=())
