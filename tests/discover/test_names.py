"""What code calls a gRPC service is linked to its full name, or to none if that is not clear."""

from __future__ import annotations

import pytest

from compatcheck.discover.names import is_infrastructure, method_of, services_named

SHOP = {"shop.v1.Cart": ("GetCart",), "shop.v1.PaymentService": ("Charge",)}
VERSIONS = {"shop.v1.Cart": ("GetCart",), "shop.v2.Cart": ("GetCart",), "other.Stock": ()}


@pytest.mark.parametrize("symbol", ["Cart", "cart", "shop.v1.Cart", "Shop.V1.Cart", "Anything.Cart"])
def test_a_name_that_one_service_has_is_that_service(symbol: str) -> None:
    assert services_named(SHOP, symbol, []) == ("shop.v1.Cart",)


def test_case_and_underscores_are_not_told_apart() -> None:
    assert services_named(SHOP, "payment_service", []) == ("shop.v1.PaymentService",)


@pytest.mark.parametrize("symbol", ["Payment", "CartService", "Car"])
def test_a_name_that_no_service_has_is_none(symbol: str) -> None:
    assert services_named(SHOP, symbol, []) == ()


@pytest.mark.parametrize(
    "hint",
    [
        "example.com/gen/shop/v2",
        "shopv2",
        "Shop.V2",
        "com.example.v2",
        "shop_v2_pb2_grpc",
        "a.b\nshop.v2.Cart x",
    ],
)
def test_a_hint_tells_services_of_one_name_apart(hint: str) -> None:
    assert services_named(VERSIONS, "Cart", ["main.go", hint]) == ("shop.v2.Cart",)


def test_the_first_hint_that_fits_one_decides() -> None:
    assert services_named(VERSIONS, "Cart", ["shop/v1", "shop/v2"]) == ("shop.v1.Cart",)


@pytest.mark.parametrize("hints", [[], ["shop"], ["shop/v1\nshop/v2"]])
def test_without_a_hint_all_of_the_name_are_told(hints: list[str]) -> None:
    assert services_named(VERSIONS, "Cart", hints) == ("shop.v1.Cart", "shop.v2.Cart")


def test_what_the_symbol_says_of_the_package_is_the_best_hint() -> None:
    assert services_named(VERSIONS, "v2.Cart", ["shop/v1"]) == ("shop.v2.Cart",)


def test_a_service_named_as_one_of_infrastructure_is_not_taken_for_it() -> None:
    known = {"shop.v1.Health": ("Check",)}
    assert services_named(known, "Health", ["google.golang.org/grpc/health/grpc_health_v1"]) == ()
    assert services_named(known, "Health", ["shop/v1"]) == ("shop.v1.Health",)
    assert services_named(known, "Health", []) == ("shop.v1.Health",)


def test_infrastructure_is_known_by_its_package() -> None:
    names = [
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
        "envoy.service.auth.v3.Auth",
    ]
    assert all(map(is_infrastructure, names))
    assert not is_infrastructure("shop.grpc.health.Cart")


@pytest.mark.parametrize("written", ["GetCart", "getCart", "get_cart", "GetCartAsync", "PrepareAsyncGetCart"])
def test_a_method_may_wear_an_affix(written: str) -> None:
    assert method_of(("GetCart",), written, [("", "Async"), ("PrepareAsync", "")]) == "GetCart"


def test_a_method_that_has_the_name_with_its_affix_comes_first() -> None:
    assert method_of(("Get", "GetAsync"), "GetAsync", [("", "Async")]) == "GetAsync"
    assert method_of(("Get",), "GetAll", [("", "Async")]) is None
