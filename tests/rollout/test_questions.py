"""Pairs and deployments, asked of real repositories."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from compatcheck.errors import UsageError
from compatcheck.reads.effects import Effect
from compatcheck.rollout.order import StepOrder
from compatcheck.rollout.pairs import Pair, Verdict
from compatcheck.usecases.deploy import can_i_deploy
from compatcheck.usecases.fleet import fleet_of
from compatcheck.usecases.pairs import all_pairs
from compatcheck.usecases.rollouts import Deployment, Pairs
from shops import Shop

SAFE, MISMATCH, UNKNOWN = Verdict.SAFE, Verdict.MISMATCH, Verdict.UNKNOWN


def verdicts(pairs: Iterable[Pair]) -> dict[tuple[str, str], Verdict]:
    return {
        (f"{one.edge.client} {one.client_version}", f"{one.edge.provider} {one.provider_version}"): (
            one.judgement.verdict
        )
        for one in pairs
    }


def cart(id_type: str = "int32", methods: str = "", package: str = "shop") -> str:
    return (
        f'syntax = "proto3"; package {package}; service Cart {{ rpc Add(Item) returns (Item); {methods} }} '
        f"message Item {{ {id_type} id = 1; }}"
    )


CONFIG = """
[services.web]
versions = "web-*"
consumes = ["shop.Cart"]
[services.cart]
versions = "cart-*"
provides = ["shop.Cart"]
[environments.live]
web = "1"
cart = "1"
"""


# -- the demo's shop: every situation once


def test_the_demo_shows_every_situation_of_a_pair(demo_shop: Shop) -> None:
    answer = all_pairs(demo_shop.ground())
    found = verdicts(answer.pairs)
    assert answer.verdict is MISMATCH and not answer.gaps
    assert {pair for pair, verdict in found.items() if verdict is MISMATCH} == {
        ("checkout 1.1", "payment 1.0"),
        ("checkout 2.0", "payment 1.0"),
        ("checkout 1.0", "shipping 2.0"),
        ("checkout 1.1", "shipping 2.0"),
        ("checkout 2.0", "shipping 1.0"),
    }
    assert {pair for pair, verdict in found.items() if verdict is UNKNOWN} == {
        ("storefront 1.1", f"checkout {version}") for version in ("1.0", "1.1", "2.0")
    }
    assert len(found) == 36
    steps = {(one.edge.client, one.edge.provider): one.step and one.step.order for one in answer.matrices}
    assert steps["checkout", "payment"] is StepOrder.PROVIDER_FIRST
    assert steps["checkout", "shipping"] is StepOrder.NONE
    assert steps["cart", "catalog"] is StepOrder.ANY


def test_pairs_can_be_narrowed_to_a_client_a_provider_and_what_is_live(demo_shop: Shop) -> None:
    ground = demo_shop.ground()
    assert {one.edge.provider for one in all_pairs(ground, client="cart").pairs} == {"catalog"}
    assert {one.edge.client for one in all_pairs(ground, provider="cart").pairs} == {"checkout", "storefront"}
    live = all_pairs(ground, environment="production")
    assert set(verdicts(live.pairs)) == {
        ("cart 1.0", "catalog 1.0"),
        ("cart 1.1", "catalog 1.0"),
        ("checkout 1.0", "cart 1.0"),
        ("checkout 1.0", "cart 1.1"),
        ("checkout 1.0", "payment 1.0"),
        ("checkout 1.0", "shipping 1.0"),
        ("storefront 1.0", "cart 1.0"),
        ("storefront 1.0", "cart 1.1"),
        ("storefront 1.0", "catalog 1.0"),
        ("storefront 1.0", "checkout 1.0"),
    }
    assert live.verdict is SAFE


@pytest.mark.parametrize(
    ("target", "environment", "verdict"),
    [
        ("catalog@1.1", "production", SAFE),
        ("checkout@1.1", "production", MISMATCH),
        ("checkout@1.1", "staging", SAFE),
        ("payment@1.1", "production", SAFE),
        ("shipping@2.0", "production", MISMATCH),
        ("storefront@1.1", "production", UNKNOWN),
        ("storefront@0.9", "production", UNKNOWN),
        ("catalog@catalog-v1.1", "production", SAFE),
    ],
)
def test_a_deployment_is_judged_against_what_is_live(
    demo_shop: Shop, target: str, environment: str, verdict: Verdict
) -> None:
    assert can_i_deploy(demo_shop.ground(), target, environment).verdict is verdict


def test_the_service_that_has_to_go_first_is_named(demo_shop: Shop) -> None:
    (way,) = can_i_deploy(demo_shop.ground(), "checkout@1.1", "production").ways_out
    assert (way.service, way.instead_of, way.version) == ("payment", ("1.0",), "1.1")


def test_where_no_version_of_a_neighbour_suits_that_is_said(demo_shop: Shop) -> None:
    (way,) = can_i_deploy(demo_shop.ground(), "shipping@2.0", "production").ways_out
    assert (way.service, way.instead_of, way.version) == ("checkout", ("1.0",), None)


def test_a_version_without_a_tag_is_read_as_a_revision_and_said(demo_shop: Shop) -> None:
    answer = can_i_deploy(demo_shop.ground(), "payment@HEAD", "production")
    assert answer.notices == ("no tag stands for payment HEAD: `HEAD` is read as a revision",)
    (pair,) = answer.pairs
    (reason,) = pair.judgement.breaks
    assert (reason.method, reason.path, reason.effect) == (
        "shop.v1.Payment.Charge",
        ("amount_cents",),
        Effect.LOSSY,
    )


# -- what keeps an answer from being a pass


def test_unknown_names_are_refused_with_a_suggestion(demo_shop: Shop) -> None:
    ground = demo_shop.ground()
    for ask, message, hint in (
        (lambda: can_i_deploy(ground, "chekout@1.0", "production"), "`chekout`", "did you mean `checkout`?"),
        (lambda: can_i_deploy(ground, "cart@1.0", "prodution"), "`prodution`", "did you mean `production`?"),
        (lambda: can_i_deploy(ground, "cart", "production"), "`cart`", "write it as SERVICE@VERSION"),
        (lambda: all_pairs(ground, client="card"), "`card`", "did you mean `cart`?"),
        (lambda: all_pairs(ground, environment="stagin"), "`stagin`", "did you mean `staging`?"),
    ):
        with pytest.raises(UsageError) as caught:
            ask()
        assert message in caught.value.message
        assert caught.value.hint == hint


def test_without_services_there_is_no_answer(shop: Shop) -> None:
    shop.release({"cart.proto": cart()}, "cart-1")
    answer = all_pairs(shop.ground())
    assert (answer.verdict, list(answer.pairs)) == (UNKNOWN, [])
    assert "no service consumes" in answer.gaps[0].datum


def test_services_without_calls_are_unknown(shop: Shop) -> None:
    lonely = CONFIG.replace('consumes = ["shop.Cart"]', "")
    shop.release({"cart.proto": cart(), "compatcheck.toml": lonely}, "cart-1", "web-1")
    assert all_pairs(shop.ground()).verdict is UNKNOWN
    answer = can_i_deploy(shop.ground(), "cart@1", "live")
    assert answer.verdict is UNKNOWN
    hint = "no version of it has code under its name: say its `path`, or what it `provides` and `consumes`"
    assert [one.datum for one in answer.gaps] == [f"what web 1 serves and calls: {hint}"]


def test_a_neighbour_that_is_nowhere_live_is_never_a_pass(shop: Shop) -> None:
    config = CONFIG.replace('web = "1"', "")
    shop.release({"cart.proto": cart(), "compatcheck.toml": config}, "cart-1", "web-1")
    answer = can_i_deploy(shop.ground(), "cart@1", "live")
    assert (answer.verdict, answer.pairs) == (UNKNOWN, ())
    assert [one.datum for one in answer.gaps] == ["no version of web is live in live"]
    assert all_pairs(shop.ground(), environment="live").verdict is UNKNOWN


def test_a_service_without_tags_is_unknown(shop: Shop) -> None:
    config = CONFIG.partition("[environments")[0]
    shop.release({"cart.proto": cart(), "compatcheck.toml": config}, "cart-1")
    answer = all_pairs(shop.ground())
    assert answer.verdict is UNKNOWN
    assert [one.datum for one in answer.gaps] == ["no version of web is known"]


def test_a_live_version_that_no_tag_has_is_unknown_and_named(shop: Shop) -> None:
    config = CONFIG.replace('web = "1"', 'web = ["1", "0"]')
    shop.release({"cart.proto": cart(), "compatcheck.toml": config}, "cart-1", "web-1")
    answer = can_i_deploy(shop.ground(), "cart@1", "live")
    assert verdicts(answer.pairs) == {("web 1", "cart 1"): SAFE, ("web 0", "cart 1"): UNKNOWN}
    missing = [one.datum for pair in answer.pairs for one in pair.judgement.missing]
    assert missing == ["the revision of web 0: no tag of `web-*` is that version (known: `1`)"]


def test_a_revision_without_schema_is_unknown_and_named(shop: Shop) -> None:
    shop.release({"notes.txt": "nothing yet"}, "web-1")
    shop.release({"cart.proto": cart(), "compatcheck.toml": CONFIG}, "cart-1")
    (pair,) = all_pairs(shop.ground()).pairs
    assert pair.judgement.verdict is UNKNOWN
    assert "no .proto file is in the repository" in pair.judgement.missing[0].datum


def test_what_nobody_provides_is_unknown(shop: Shop) -> None:
    config = CONFIG.replace('consumes = ["shop.Cart"]', 'consumes = ["shop.Cart", "shop.Stock"]')
    stock = 'syntax = "proto3"; package shop; service Stock { rpc Get(S) returns (S); } message S {}'
    shop.release({"cart.proto": cart(), "stock.proto": stock, "compatcheck.toml": config}, "cart-1", "web-1")
    answer = all_pairs(shop.ground())
    assert (answer.verdict, verdicts(answer.pairs)) == (UNKNOWN, {("web 1", "cart 1"): SAFE})
    assert [one.datum for one in answer.gaps] == [
        "no declared service provides shop.Stock, which web consumes"
    ]
    assert can_i_deploy(shop.ground(), "web@1", "live").verdict is UNKNOWN
    assert can_i_deploy(shop.ground(), "cart@1", "live").verdict is SAFE


@pytest.mark.parametrize(
    ("consumed", "hint"),
    [("shop.Cart.Ad", "did you mean `shop.Cart.Add`?"), ("shop.Card", "did you mean `shop.Cart`?")],
)
def test_what_no_version_of_anybody_has_is_a_mistake(shop: Shop, consumed: str, hint: str) -> None:
    config = CONFIG.replace('consumes = ["shop.Cart"]', f'consumes = ["{consumed}"]')
    shop.release({"cart.proto": cart(), "compatcheck.toml": config}, "cart-1", "web-1")
    for ask in (lambda: all_pairs(shop.ground()), lambda: can_i_deploy(shop.ground(), "web@1", "live")):
        with pytest.raises(UsageError) as caught:
            ask()
        assert f"no version of any schema has `{consumed}`" in caught.value.message
        assert caught.value.hint == hint


# -- windows


def test_what_is_live_already_and_does_not_suit_is_told_and_hides_nothing(shop: Shop) -> None:
    config = CONFIG.replace('cart = "1"', 'cart = ["1", "2"]')
    shop.release({"cart.proto": cart(), "compatcheck.toml": config}, "cart-1", "web-1")
    shop.release({"cart.proto": cart("string")}, "cart-2", "web-2")
    shop.release({"cart.proto": cart("int32", "rpc Get(Item) returns (Item);")}, "cart-3")
    added = can_i_deploy(shop.ground(), "cart@3", "live")
    assert (added.verdict, verdicts(added.pairs)) == (SAFE, {("web 1", "cart 3"): SAFE})
    assert verdicts(added.existing) == {("web 1", "cart 1"): SAFE, ("web 1", "cart 2"): MISMATCH}
    web = can_i_deploy(shop.ground(), "web@2", "live")
    assert web.verdict is MISMATCH
    assert verdicts(web.pairs) == {("web 2", "cart 1"): MISMATCH, ("web 2", "cart 2"): SAFE}


def test_a_service_that_calls_itself_meets_its_old_version_both_ways(shop: Shop) -> None:
    config = """
    [services.cart]
    provides = ["shop.Cart"]
    consumes = ["shop.Cart"]
    [environments.live]
    cart = "1"
    """
    shop.release({"cart.proto": cart(), "compatcheck.toml": config}, "1")
    shop.release({"cart.proto": cart(methods="rpc Get(Item) returns (Item);")}, "2")
    answer = can_i_deploy(shop.ground(), "cart@2", "live")
    assert answer.verdict is MISMATCH
    assert verdicts(answer.pairs) == {
        ("cart 1", "cart 2"): SAFE,
        ("cart 2", "cart 1"): MISMATCH,
        ("cart 2", "cart 2"): SAFE,
    }


def test_which_of_two_providers_is_called_is_not_known_without_evidence(shop: Shop) -> None:
    config = """
    [services.web]
    versions = "web-*"
    consumes = ["shop.Cart"]
    [services.cart]
    schema = "cart"
    versions = "*-cart"
    provides = ["shop.Cart"]
    [services.basket]
    schema = "basket"
    versions = "*-cart"
    provides = ["shop.Cart"]
    [environments.live]
    cart = "1"
    basket = "1"
    web = "1"
    """.replace("[services.web]", '[services.web]\nschema = "cart"')
    files = {"cart/cart.proto": cart(), "basket/cart.proto": cart("string"), "compatcheck.toml": config}
    shop.release(files, "1-cart", "web-1")
    answer = can_i_deploy(shop.ground(), "web@1", "live")
    assert verdicts([*answer.pairs]) == {("web 1", "basket 1"): UNKNOWN, ("web 1", "cart 1"): SAFE}
    (unsuited,) = (one for one in answer.pairs if one.edge.provider == "basket")
    assert "which of basket, cart web calls" in unsuited.judgement.missing[-1].datum


# -- schemas


def test_copies_in_one_schema_that_differ_are_unknown_until_a_folder_is_named(shop: Shop) -> None:
    files = {"a/cart.proto": cart(), "b/cart.proto": cart("string"), "compatcheck.toml": CONFIG}
    shop.release(files, "cart-1", "web-1")
    (pair,) = all_pairs(shop.ground()).pairs
    assert pair.judgement.verdict is UNKNOWN
    assert "name its folder as `schema`" in pair.judgement.missing[0].datum
    declared = CONFIG.replace("[services.cart]", '[services.cart]\nschema = "a"')
    shop.write({"compatcheck.toml": declared.replace("[services.web]", '[services.web]\nschema = "b"')})
    (pair,) = all_pairs(shop.ground()).pairs
    assert pair.judgement.verdict is MISMATCH


def test_a_folder_may_import_what_is_beside_it(shop: Shop) -> None:
    money = 'syntax = "proto3"; package shop; message Item { int32 id = 1; }'
    importing = (
        'syntax = "proto3"; package shop; import "proto/common/money.proto"; '
        "service Cart { rpc Add(Item) returns (Item); }"
    )
    config = CONFIG.replace("[services.cart]", '[services.cart]\nschema = "proto/cart"')
    config = config.replace("[services.web]", '[services.web]\nschema = "proto/cart"')
    files = {"proto/cart/cart.proto": importing, "proto/common/money.proto": money}
    shop.release({**files, "compatcheck.toml": config}, "cart-1", "web-1")
    shop.release({"proto/common/money.proto": money.replace("int32", "string")}, "cart-2")
    assert verdicts(all_pairs(shop.ground()).pairs) == {
        ("web 1", "cart 1"): SAFE,
        ("web 1", "cart 2"): MISMATCH,
    }


def test_versions_share_what_was_compiled_where_the_files_that_matter_are_the_same(shop: Shop) -> None:
    shop.release({"cart.proto": cart(), "compatcheck.toml": CONFIG}, "cart-1", "web-1")
    shop.release({"unrelated.proto": 'syntax = "proto3"; message Other {}'}, "cart-2")
    shop.release({"cart.proto": cart("string")}, "cart-3")
    fleet = fleet_of(shop.ground())
    fleet.show({"cart": "123", "web": "1"})
    first, second, third = (fleet.interface("cart", version) for version in "123")
    assert first is second is fleet.interface("web", "1")
    assert third is not first and third.methods.keys() == first.methods.keys()


def test_a_broken_file_beside_the_service_does_not_matter(shop: Shop) -> None:
    files = {"cart.proto": cart(), "broken.proto": "service Broken {", "compatcheck.toml": CONFIG}
    shop.release(files, "cart-1", "web-1")
    assert all_pairs(shop.ground()).verdict is SAFE


def test_a_broken_file_of_the_service_is_unknown_and_named(shop: Shop) -> None:
    shop.release({"cart.proto": cart(), "compatcheck.toml": CONFIG}, "web-1")
    shop.release({"cart.proto": cart("Missing")}, "cart-1")
    (pair,) = all_pairs(shop.ground()).pairs
    assert pair.judgement.verdict is UNKNOWN
    (missing,) = pair.judgement.missing
    assert missing.party == "provider"
    assert "cart.proto" in missing.datum and "Missing" in missing.datum


def test_a_service_that_moved_to_another_package_cannot_be_called(shop: Shop) -> None:
    shop.release({"cart.proto": cart(), "compatcheck.toml": CONFIG}, "cart-1", "web-1")
    shop.release({"cart.proto": cart(package="shop.v2")}, "cart-2")
    answer: Pairs = all_pairs(shop.ground())
    assert verdicts(answer.pairs) == {("web 1", "cart 1"): SAFE, ("web 1", "cart 2"): MISMATCH}
    (_, moved) = answer.pairs
    assert [one.effect for one in moved.judgement.breaks] == [Effect.UNROUTABLE]


def test_a_template_finds_branches_too(shop: Shop) -> None:
    config = CONFIG.replace('"cart-*"', '"release/{version}"')
    shop.release({"cart.proto": cart(), "compatcheck.toml": config}, "web-1")
    shop.git("branch", "release/1")
    answer: Deployment = can_i_deploy(shop.ground(), "web@1", "live")
    assert verdicts(answer.pairs) == {("web 1", "cart 1"): SAFE}


def test_annotated_tags_and_tags_of_other_things(shop: Shop) -> None:
    shop.release({"cart.proto": cart(), "compatcheck.toml": CONFIG}, "web-1")
    shop.git("tag", "--annotate", "--message", "release", "cart-1")
    shop.git("tag", "cart-blob", "HEAD:cart.proto")
    assert verdicts(all_pairs(shop.ground()).pairs) == {("web 1", "cart 1"): SAFE}
