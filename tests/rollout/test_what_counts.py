"""What an answer must neither pass over nor make up: services that are gone, old versions that are still felt."""

from __future__ import annotations

import pytest

from commands import Run, valid
from compatcheck.errors import UsageError
from compatcheck.rollout.live import Strategy
from compatcheck.rollout.order import StepOrder
from compatcheck.usecases.deploy import can_i_deploy
from compatcheck.usecases.graph import graph
from compatcheck.usecases.pairs import all_pairs
from compatcheck.usecases.plan import plan
from compatcheck.usecases.who_uses import who_uses
from rollout.retyping import (
    CALLS,
    CHANNEL,
    LIVE,
    MISMATCH,
    SAFE,
    SERVES,
    UNKNOWN,
    bad,
    configured,
    names,
    retyping,
    schema,
    service,
)
from shops import Shop


@pytest.fixture(name="retyped")
def _retyped(shop: Shop) -> Shop:
    return retyping(shop)


# -- services that are gone, or never were


def test_a_version_at_which_a_service_is_gone_is_shown_once_and_only_as_who_is_called(
    run: Run, shop: Shop
) -> None:
    config = '[services.web]\npath = "web"\n' + CALLS + '\n[services.cart]\npath = "cart"\n' + SERVES
    shop.release({"compatcheck.toml": config, "web/cart.proto": schema("int32")}, "1")
    shop.release({"cart/cart.proto": schema("int32")}, "2")
    shop.git("rm", "--quiet", "-r", "cart")
    for version in ("3", "4"):
        shop.release({}, version)
    answer = all_pairs(shop.ground())
    assert (answer.matrices[0].client_versions, answer.matrices[0].provider_versions) == (
        ("1", "2", "3", "4"),
        ("2", "3"),
    )
    assert (answer.matrices[0].gone, answer.matrices[0].step) == (("3",), None)
    assert bad(answer.pairs) == [f"web {one} > cart 3" for one in "1234"]
    assert "  3 gone\n" in run(shop, "pairs").stdout
    document = valid(run(shop, "pairs", "--format", "json").stdout, "pairs.schema.json")
    assert isinstance(pairs := document["pairs"], list) and len(pairs) == 8


def test_a_deployment_after_which_a_service_is_gone_says_so_and_forwards_nothing_to_it(retyped: Shop) -> None:
    retyped.git("rm", "--quiet", "-r", "cart")
    retyped.release({}, "cart-3")
    answer = can_i_deploy(retyped.ground(), "cart@3", "live")
    assert (answer.verdict, answer.advisories) == (MISMATCH, ())
    assert answer.notices == ("there is no code of cart at 3: it would be gone",)
    assert (
        "there is no code of cart at 3: it would be gone"
        in plan(retyped.ground(), ["cart@3"], environment="live").notices
    )


def test_a_service_whose_folder_no_version_has_is_never_safe(retyped: Shop) -> None:
    wrong = service("web", CALLS).replace('path = "web"', 'path = "wbe"')
    ground = configured(retyped, wrong, service("cart", SERVES), LIVE)
    for answer in (all_pairs(ground), can_i_deploy(ground, "web@2", "live"), graph(ground)):
        assert answer.verdict is UNKNOWN
        assert any("no version of it has `wbe`" in gap.datum for gap in answer.gaps)


def test_a_live_version_without_code_is_unknown(retyped: Shop) -> None:
    retyped.git("rm", "--quiet", "-r", "web")
    retyped.release({}, "web-3")
    answer = can_i_deploy(retyped.ground(), "cart@2", live=["web=3,cart=1"])
    assert answer.verdict is UNKNOWN
    assert [gap.datum for gap in answer.gaps] == [
        "what web 3 serves and calls: there is no code of it at that version"
    ]


def test_a_reader_without_code_reads_all_the_same(retyped: Shop) -> None:
    reader = '[services.cart]\nschema = "cart"\nversions = "cart-*"\n'
    answer = can_i_deploy(configured(retyped, service("web"), reader, CHANNEL, LIVE), "cart@2", "live")
    assert (answer.verdict, bad(answer.pairs)) == (MISMATCH, ["web 1 > cart 2"])


# -- what is live


def test_nothing_live_is_no_pass(retyped: Shop) -> None:
    ground = configured(retyped, service("web", CALLS), service("cart", SERVES), "[environments.empty]\n")
    assert graph(ground, environment="empty").verdict is UNKNOWN
    assert all_pairs(ground, environment="empty").verdict is UNKNOWN
    assert plan(ground, ["cart@2"], environment="empty").verdict is UNKNOWN
    found = who_uses(ground, "shop.Item.id", environment="empty")
    assert [gap.datum for gap in found.gaps] == ["nothing is live in empty"]


def test_who_is_nowhere_live_is_called_by_its_last_version_with_code(retyped: Shop) -> None:
    retyped.git("rm", "--quiet", "-r", "cart")
    retyped.release({}, "cart-3")
    assert [gap.datum for gap in all_pairs(retyped.ground(), live=["web=1"]).gaps] == [
        "no version of cart is said to be live"
    ]


def test_old_versions_that_nobody_can_drain_count_as_live(retyped: Shop) -> None:
    ground = configured(retyped, service("web", CALLS, "external = true"), service("cart", SERVES))
    (link,) = graph(ground, live=["web=2,cart=2"]).links
    assert bad(link.mismatched) == ["web 1 > cart 2"]
    answer = all_pairs(ground, live=["web=2,cart=2"])
    assert names(answer.pairs) == ["web 1 > cart 2", "web 2 > cart 2"]
    assert answer.matrices[0].step is not None and answer.matrices[0].step.order is StepOrder.NONE
    users = who_uses(ground, "shop.Cart.Add", live=["web=2,cart=2"]).users
    assert [(one.service, one.version, bool(one.environments)) for one in users] == [
        ("cart", "2", True),
        ("web", "1", True),
        ("web", "2", True),
    ]


def test_what_old_writers_have_stored_counts_where_something_is_live(retyped: Shop) -> None:
    ground = configured(retyped, service("web"), service("cart"), CHANNEL)
    assert graph(ground, live=["web=2,cart=2"]).verdict is MISMATCH
    assert bad(all_pairs(ground, live=["web=2,cart=2"]).pairs) == ["web 1 > cart 2"]
    kept = configured(retyped, service("web"), service("cart"), CHANNEL, 'since = "2"\n')
    assert graph(kept, live=["web=2,cart=2"]).verdict is SAFE
    assert all_pairs(kept, live=["web=2,cart=2"]).verdict is SAFE


def test_blue_and_green_never_meet_in_the_graph_nor_on_the_way_back(retyped: Shop) -> None:
    ground = configured(
        retyped,
        service("web"),
        service("cart", SERVES, CALLS),
        '[environments.live]\ncart = [{version = "1", phase = "blue"}, {version = "2", phase = "green"}]\n',
    )
    assert graph(ground, environment="live").verdict is SAFE
    switched = can_i_deploy(ground, "cart@2", live=["cart=1"], strategy=Strategy.BLUE_GREEN)
    assert (switched.verdict, switched.rollback.verdict) == (SAFE, SAFE)
    rolled = can_i_deploy(ground, "cart@2", live=["cart=1"])
    assert (rolled.verdict, rolled.rollback.verdict) == (MISMATCH, MISMATCH)


def test_a_draining_version_that_is_deployed_again_gets_new_calls(retyped: Shop) -> None:
    ground = configured(
        retyped,
        service("web", CALLS),
        service("cart", SERVES),
        '[environments.live]\nweb = "2"\ncart = [{version = "1", phase = "draining"}, "2"]\n',
    )
    assert bad(can_i_deploy(ground, "cart@1", "live").pairs) == ["web 2 > cart 1"]
    assert plan(ground, ["cart@1"], environment="live").verdict is MISMATCH


@pytest.mark.parametrize("said", ["cart", "cartservice"])
def test_an_environment_may_call_a_service_by_the_name_of_its_folder_then_or_now(
    shop: Shop, said: str
) -> None:
    shop.release({"src/cart/Dockerfile": "FROM x", "src/web/Dockerfile": "FROM x"}, "1")
    shop.git("mv", "src/cart", "src/cartservice")
    shop.release({}, "2")
    answer = graph(configured(shop, f'[environments.live]\nweb = "1"\n{said} = "1"\n'), environment="live")
    assert [one.name for one in answer.nodes] == [said, "web"]
    answer = graph(configured(shop, f'[environments.live]\nweb = "2"\n{said} = "2"\n'), environment="live")
    assert [one.name for one in answer.nodes] == [said, "web"]


def test_a_deployment_may_call_a_service_by_the_other_name_of_its_folder(shop: Shop) -> None:
    shop.release({"src/cart/Dockerfile": "FROM x", "src/web/Dockerfile": "FROM x"}, "1")
    shop.git("mv", "src/cart", "src/cartservice")
    shop.release({}, "2")
    for said, live, name in (
        ("cartservice@2", "cart=1", "cart"),
        ("cart@2", "cartservice=1", "cartservice"),
        ("cart@1", "cartservice=2", "cartservice"),
        ("cart@2", "web=1", "cart"),
    ):
        answer = can_i_deploy(shop.ground(), said, live=[live])
        assert (answer.service, len(answer.live)) == (name, 1 if live != "web=1" else 0)
        (move,) = plan(shop.ground(), [said], live=[live]).targets
        assert move.service == name
    assert [one.name for one in graph(shop.ground(), ["cart"]).nodes] == ["cartservice"]


def test_a_name_that_may_be_two_folders_is_none_of_them(shop: Shop) -> None:
    shop.release({f"src/{one}/Dockerfile": "FROM x" for one in ("cart", "cart-api", "web")}, "1")
    with pytest.raises(UsageError, match="there is no service `cartservice`"):
        graph(shop.ground(), live=["web=1,cartservice=1"])


# -- who uses what no live version has


def test_an_element_that_no_live_version_has_is_used_by_none(run: Run, shop: Shop) -> None:
    shop.write({"compatcheck.toml": service("web", CALLS) + service("cart", SERVES) + LIVE})
    shop.release({"web/cart.proto": schema("int32"), "cart/cart.proto": schema("int32")}, "web-1", "cart-1")
    shop.release({"cart/cart.proto": schema("int32", "Kind kind = 2; enum Kind { NONE = 0; }")}, "cart-2")
    for element, kind in (
        ("shop.Item.kind", "field"),
        ("shop.Item.Kind", "enum"),
        ("shop.Item.Kind.NONE", "enum value"),
    ):
        done = run(shop, "who-uses", element, "--env", "live")
        assert (done.returncode, done.stdout) == (0, f"{kind} {element}: no live version uses it in live\n")
        document = valid(run(shop, "who-uses", element, "--format", "json").stdout, "who_uses.schema.json")
        assert document["kind"] == kind and document["users"]
    done = run(shop, "who-uses", "shop.Item.Kind.NOME", "--env", "live")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean `shop.Item.Kind.NONE`?" in done.stderr


def test_who_calls_what_nobody_serves_uses_it_all_the_same(retyped: Shop) -> None:
    users = who_uses(retyped.ground(), "shop.Item.id", live=["web=1"]).users
    assert [(one.service, one.version, one.uses[0]) for one in users] == [
        ("web", "1", "shop.Cart.Add request.id")
    ]
