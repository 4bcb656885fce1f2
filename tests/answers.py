"""Answers about the services of a small shop, made by hand: what the reports about services render."""

from __future__ import annotations

from dataclasses import replace

from compatcheck.config.model import Deployed
from compatcheck.discover.uses import Evidence, Provided
from compatcheck.reads.effects import Effect, Surface
from compatcheck.rollout.edges import Call, Edge
from compatcheck.rollout.forwarding import Forwarded
from compatcheck.rollout.live import Strategy
from compatcheck.rollout.moves import Conflict, Move, NoReturn, WayOut
from compatcheck.rollout.order import StepOrder
from compatcheck.rollout.pairs import Judgement, Missing, Pair, Reason, Verdict
from compatcheck.usecases.rollouts import (
    ClosedBy,
    Deployment,
    Gap,
    GraphAnswer,
    Link,
    Matrix,
    Neighbour,
    Node,
    Pairs,
    PlanAnswer,
    Rollback,
    Step,
    User,
    Users,
)

CART, PAYMENT = "shop.v1.Cart", "shop.v1.Payment"
TO_CART, TO_PAYMENT = Edge("checkout", "cart"), Edge("checkout", "payment")
ORDERS = Edge("checkout", "accounting", "orders")
ADD = Call(
    f"{CART}.AddItem",
    evidence=(
        Evidence("src/checkout/main.go", 210, "resp, err := carts.AddItem(ctx, req)"),
        Evidence("src/checkout/retry.go", 12, "return carts.AddItem(ctx, req)"),
    ),
)
GET = Call(
    f"{CART}.GetCart", evidence=(Evidence("src/checkout/main.go", 188, "cart, err := carts.GetCart("),)
)
ANY_PAYMENT = Call(
    PAYMENT,
    doubt=f"which methods of {PAYMENT} checkout 2.0 calls: its stub (src/checkout/pay.go:31) cannot be followed",
    evidence=(Evidence("src/checkout/pay.go", 31, "pay := pb.NewPaymentClient(conn)"),),
)
PLACED = Call("shop.v1.OrderPlaced")

SAFE = Judgement(Verdict.SAFE)
NEVER_SEEN = Judgement(
    Verdict.MISMATCH,
    (
        Reason(ADD.name, "request", Effect.DROPPED, Surface.WIRE, "", ("item", "price")),
        Reason(ADD.name, "response", Effect.MISREAD, Surface.JSON, "above 2^53", ("total",)),
        Reason(GET.name, "response", Effect.IGNORED, Surface.WIRE, "", ("note",)),
    ),
)
NO_ROUTE = Judgement(
    Verdict.MISMATCH, (Reason(f"{PAYMENT}.Refund", "call", Effect.UNROUTABLE, Surface.GRPC, "", ()),)
)
DOUBTFUL = Judgement(
    Verdict.UNKNOWN, NO_ROUTE.reasons, (Missing("client", ANY_PAYMENT.doubt, ANY_PAYMENT.name),)
)
UNREADABLE = Judgement(
    Verdict.UNKNOWN, missing=(Missing("provider", "cart.proto does not compile at cart-v1.2"),)
)
RENAMED = Judgement(
    Verdict.SAFE, (Reason(PLACED.name, "message", Effect.RELABELLED, Surface.WIRE, "", ("lines", "sku")),)
)


def pair(edge: Edge, client: str, provider: str, judgement: Judgement, *calls: Call) -> Pair:
    return Pair(edge, client, provider, judgement, calls)


BROKEN = pair(TO_CART, "2.0", "1.1", NEVER_SEEN, ADD, GET)
CHANNEL_PAIR = pair(ORDERS, "1.0", "1.0", RENAMED, PLACED)

GRAPH = GraphAnswer(
    environment="production",
    nodes=(
        Node("accounting", "src/accounting", "", (Deployed("1.0"),), ()),
        Node(
            "cart",
            "src/cart",
            "",
            (Deployed("1.0"), Deployed("1.1", "canary", 0.1)),
            (Provided(CART, (Evidence("src/cart/Program.cs", 40, "app.MapGrpcService<CartService>();"),)),),
        ),
        Node("checkout", "src/checkout", "", (Deployed("2.0"),), (), group="web"),
        Node("mobile", "", "../mobile", tuple(Deployed(f"{n}.0") for n in range(1, 8)), (), external=True),
        Node(
            "payment", "src/payment", "", (Deployed("1.0"),), (Provided(PAYMENT), Provided("shop.v1.Refunds"))
        ),
    ),
    links=(
        Link(ORDERS, (PLACED,), Verdict.SAFE, ()),
        Link(
            TO_CART,
            (ADD, GET),
            Verdict.MISMATCH,
            (BROKEN, pair(TO_CART, "2.0", "1.0", NEVER_SEEN, ADD, GET)),
        ),
        Link(
            TO_PAYMENT,
            (ANY_PAYMENT,),
            Verdict.UNKNOWN,
            (pair(TO_PAYMENT, "2.0", "1.0", DOUBTFUL, ANY_PAYMENT),),
        ),
    ),
    gaps=(Gap("mobile", "no service provides shop.v1.Search, which mobile 7.0 calls"),),
)

MATRIX = Matrix(
    edge=TO_CART,
    client_versions=("0.9", "1.0", "2.0"),
    provider_versions=("1.0", "1.1", "1.2"),
    cells=((SAFE, SAFE, SAFE), (SAFE, SAFE, UNREADABLE), (NEVER_SEEN, NEVER_SEEN, UNREADABLE)),
    calls={"1.0": (GET,), "2.0": (ADD, GET)},
    step=Step(("1.0", "2.0"), ("1.1", "1.2"), StepOrder.PROVIDER_FIRST),
)
PAIRS = Pairs(
    matrices=(
        MATRIX,
        Matrix(TO_PAYMENT, ("2.0",), ("1.0",), ((DOUBTFUL,),), {"2.0": (ANY_PAYMENT,)}, None),
        Matrix(
            ORDERS,
            ("1.0", "2.0"),
            ("1.0",),
            ((RENAMED,), (SAFE,)),
            {"1.0": (PLACED,), "2.0": (PLACED,)},
            None,
        ),
    ),
    gaps=(Gap("search", "no version of search is known"),),
)

ADVISORY = Forwarded(
    client="storefront",
    client_version="3.1",
    provider="cart",
    returned_by="1.2",
    received_by="1.1",
    message="shop.v1.Item",
    response=f"{CART}.GetCart response.items",
    request=f"{CART}.AddItem request.item",
    reasons=(Reason(ADD.name, "request", Effect.DROPPED, Surface.WIRE, "", ("item", "gift")),),
)
DEPLOYMENT = Deployment(
    service="checkout",
    version="2.0",
    environment="production",
    strategy=Strategy.ROLLING,
    live=(Deployed("1.0"),),
    pairs=(
        pair(TO_PAYMENT, "2.0", "1.0", SAFE, ANY_PAYMENT),
        BROKEN,
        pair(ORDERS, "2.0", "1.0", RENAMED, PLACED),
    ),
    existing=(pair(TO_PAYMENT, "1.0", "1.0", NO_ROUTE), CHANNEL_PAIR),
    gaps=(),
    ways_out=(Neighbour("cart", ("1.1",), "1.2"), Neighbour("payment", ("1.0",), None)),
    rollback=Rollback(
        Verdict.SAFE, (ClosedBy("cart", "1.3", (pair(TO_CART, "1.0", "1.3", NEVER_SEEN, ADD),)),)
    ),
    advisories=(ADVISORY,),
    notices=("no tag stands for checkout 2.0: `2.0` is read as a revision",),
)
CLOSED = replace(
    DEPLOYMENT,
    pairs=DEPLOYMENT.pairs[:1],
    existing=(),
    ways_out=(),
    advisories=(),
    strategy=Strategy.BLUE_GREEN,
    rollback=Rollback(
        Verdict.MISMATCH,
        (
            ClosedBy(
                "checkout",
                "2.0",
                (pair(Edge("checkout", "checkout", "drafts"), "2.0", "1.0", NEVER_SEEN, PLACED),),
            ),
        ),
    ),
)

CHECKOUT, CARTS = Move("checkout", ("1.0",), "2.0"), Move("cart", ("1.0", "1.1"), "2.0")
PLAN = PlanAnswer(
    environment="production",
    strategy=Strategy.ROLLING,
    targets=(Move("payment", ("1.0",), "1.1"), Move("ads", (), "1.0"), CHECKOUT),
    waves=((Move("payment", ("1.0",), "1.1"), Move("ads", (), "1.0")), (CHECKOUT,)),
    conflicts=(),
    existing=(),
    no_return=(NoReturn(2, "payment", "1.0", (pair(TO_PAYMENT, "2.0", "1.0", NO_ROUTE),)),),
    advisories=(),
    gaps=(),
    notices=(),
)
BLOCKED = PlanAnswer(
    environment="production",
    strategy=Strategy.ROLLING,
    targets=(Move("payment", ("1.0",), "1.1"), CARTS, CHECKOUT),
    waves=((Move("payment", ("1.0",), "1.1"),),),
    conflicts=(
        Conflict(
            Verdict.MISMATCH,
            ("cart", "checkout"),
            (BROKEN, pair(TO_CART, "1.0", "2.0", NEVER_SEEN, ADD)),
            (
                WayOut("switch-together", ("cart", "checkout"), ((CARTS, CHECKOUT),)),
                WayOut("intermediate", ("cart",), ((Move("cart", ("1.0", "1.1"), "1.5"),), (CHECKOUT,))),
                WayOut(
                    "expand-contract",
                    ("cart",),
                    (
                        (Move("cart", ("1.0", "1.1"), "<expanded>"),),
                        (CHECKOUT,),
                        (Move("cart", ("<expanded>",), "2.0"),),
                    ),
                    (
                        "keep field 3 `price` of shop.v1.Item and add `price_units` beside it with the number 7",
                    ),
                ),
            ),
            ("ads", "search"),
        ),
        Conflict(Verdict.UNKNOWN, ("ads",), (pair(TO_PAYMENT, "2.0", "1.0", DOUBTFUL, ANY_PAYMENT),), ()),
    ),
    existing=(pair(TO_PAYMENT, "1.0", "1.0", NO_ROUTE),),
    no_return=(),
    advisories=(ADVISORY,),
    gaps=(Gap("search", "no version of search is live in production"),),
    notices=(),
)

USERS = Users(
    element="shop.v1.Item.price",
    kind="field",
    environment="production",
    users=(
        User("cart", "1.0", "provider", (f"{CART}.AddItem request.item.price",), ("production",)),
        User("cart", "1.1", "provider", (f"{CART}.AddItem request.item.price",), ("production",), "canary"),
        User(
            "checkout",
            "2.0",
            "client",
            (f"{CART}.AddItem request.item.price",),
            ("production",),
            "stable",
            ADD.evidence,
        ),
        User(
            "payment",
            "1.0",
            "client",
            (f"{CART}.AddItem request.item.price",),
            (),
            doubt="which methods it calls",
        ),
    ),
    gaps=(),
)
