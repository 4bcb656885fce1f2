"""What compose files, Kubernetes manifests and `.env` files say of addresses."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.discover.manifests import named_in, variables_in, with_values
from compatcheck.discover.uses import Called, Uses
from compatcheck.source.snapshot import Unreadable
from compatcheck.source.tree import Tree

COMPOSE = """
services:
  web:
    environment:
      - CART_ADDR=cart:7070
      - PORT
  api:
    environment:
      STOCK_ADDR: "stock:80"
"""
KUBERNETES = """
spec:
  containers:
    - name: server
      env:
        - name: PAYMENT_ADDR
          value: "payment:50051"
        - {name: QUOTE_ADDR, value: quotes}
"""


NAMES = frozenset(f"{name}_ADDR" for name in ("CART", "STOCK", "PAYMENT", "QUOTE", "AD", "FLAG", "X"))


def tree(**texts: str) -> Tree:
    files = {name.replace("__", "."): text.encode() for name, text in texts.items()}

    def read(paths: Iterable[str]) -> dict[str, bytes | Unreadable]:
        return {path: files[path] for path in paths}

    return Tree({path: path for path in files}, read)


def test_variables_are_found_in_each_kind_of_manifest() -> None:
    env = "# addresses\nAD_ADDR=ads:${AD_PORT}\nexport FLAG_ADDR='flags'\nCART_ADDR=cart-eu\n"
    everything = tree(compose__yaml=COMPOSE, k8s__yml=KUBERNETES, __env=env, code__go="X_ADDR=1")
    found = variables_in(everything, NAMES, {})
    assert {name: set(values) for name, values in found.items()} == {
        "CART_ADDR": {"cart:7070", "cart-eu"},
        "STOCK_ADDR": {"stock:80"},
        "PAYMENT_ADDR": {"payment:50051"},
        "QUOTE_ADDR": {"quotes"},
        "AD_ADDR": {"ads:${AD_PORT}"},
        "FLAG_ADDR": {"flags"},
    }


def test_a_manifest_that_is_no_yaml_says_what_can_be_read_of_it() -> None:
    found = variables_in(
        tree(chart__yaml="{{- if .Values.x }}\nenv:\n  CART_ADDR: cart\n{{ end }}\n\0"), NAMES, {}
    )
    assert found in ({}, {"CART_ADDR": ("cart",)})


def test_only_the_variables_of_the_code_are_looked_for() -> None:
    uses = Uses(calls=(Called("shop.Cart", "Add", addresses=("CART_ADDR", "cart:80")),))
    assert named_in(uses) == {"CART_ADDR"}
    assert variables_in(tree(compose__yaml=COMPOSE), frozenset({"STOCK_ADDR"}), {}) == {
        "STOCK_ADDR": ("stock:80",)
    }


def test_an_address_that_is_a_variable_brings_its_values_along() -> None:
    uses = Uses(calls=(Called("shop.Cart", "Add", addresses=("BASKET",)),))
    (called,) = with_values(uses, {"BASKET": ("cart:7070",)}).calls
    assert called.addresses == ("BASKET", "cart:7070")
