"""`compatcheck check` names the live versions that a change breaks, judged by their own copies of the schema."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import cast

import pytest

from commands import Run, valid
from shops import Shop


def cart(
    price: str = "int64 price = 1;", note: str = "", call: str = "rpc Count(Note) returns (Note);"
) -> str:
    """`Cart.Add` takes and `Cart.Get` returns an item, each in a message of its own."""
    return (
        'syntax = "proto3"; package shop; '
        f"service Cart {{ rpc Add(Item) returns (Note); rpc Get(Note) returns (Note); {call} }} "
        f"message Item {{ {price} {note} }} message Note {{ string text = 1; }}"
    )


CONFIG = """
[services.web]
versions = "web-*"
consumes = ["shop.Cart/Add"]
[services.app]
versions = "app-*"
consumes = ["shop.Cart/Get"]
[services.cart]
versions = "cart-*"
provides = ["shop.Cart"]
[environments.production]
web = "1"
app = "1"
cart = "1"
[environments.staging]
web = ["1", "2"]
app = "1"
cart = "2"
"""
FIRST = ("web-1", "app-1", "cart-1")

Named = dict[str, list[str]]
"""Element -> `role service version in environments: methods`, with `?` before what is not known."""


def named(run: Run, shop: Shop, *arguments: str) -> Named:
    document = valid(run(shop, "check", *arguments, "--format", "json").stdout, "check.schema.json")
    findings = cast(list[Mapping[str, object]], document["findings"])
    found: Named = {}
    for one in findings:
        live = cast(list[Mapping[str, list[str]]] | None, one["live"])
        if live is not None:
            found[str(one["element"])] = [
                f"{'?' if it['datum'] else ''}{it['role']} {it['service']} {it['version']} "
                f"in {','.join(it['environments'])}: {','.join(it['methods'])}"
                for it in live
            ]
    return found


def test_the_pull_request_of_the_demo_names_who_calls_the_smaller_amount(run: Run, demo_shop: Shop) -> None:
    done = run(demo_shop, "check", "--against", "main")
    assert done.returncode == 1
    said = "= live: checkout 1.0 in production and staging calls shop.v1.Payment.Charge"
    assert said in " ".join(done.stdout.split())
    assert done.stdout.count("= live:") == 1
    annotated = run(demo_shop, "check", "--against", "main", "--format", "github")
    assert (
        "%0Alive: checkout 1.0 in production and staging calls shop.v1.Payment.Charge%0A" in annotated.stdout
    )
    assert named(run, demo_shop, "--against", "main") == {
        "shop.v1.ChargeRequest.amount_cents": [
            "client checkout 1.0 in production,staging: shop.v1.Payment.Charge"
        ]
    }


def test_clients_and_providers_are_named_where_they_meet_what_changed(run: Run, shop: Shop) -> None:
    shop.release({"compatcheck.toml": CONFIG, "shop.proto": cart()}, *FIRST, "web-2", "cart-2")
    shop.write({"shop.proto": cart("string price = 1;")})
    expected = {
        "shop.Item.price": [
            "client web 1 in production,staging: shop.Cart.Add",
            "client web 2 in staging: shop.Cart.Add",
            "provider cart 1 in production: shop.Cart.Add",
            "provider cart 2 in staging: shop.Cart.Add",
        ]
    }
    assert named(run, shop) == expected
    said = run(shop, "check").stdout
    assert "web 1 in production and staging and 2 in staging call shop.Cart.Add" in said
    assert "cart 1 in production and 2 in staging serve shop.Cart.Add" in said
    shop.git("add", "--all")
    assert named(run, shop, "--staged") == expected
    shop.release({})
    assert named(run, shop, "HEAD", "--against", "HEAD~1") == expected


def test_a_live_version_that_has_the_change_already_is_not_named(run: Run, shop: Shop) -> None:
    shop.release({"compatcheck.toml": CONFIG, "shop.proto": cart()}, *FIRST)
    shop.release({"shop.proto": cart("string price = 1;")}, "web-2", "cart-2")
    assert named(run, shop, "HEAD", "--against", "web-1") == {
        "shop.Item.price": [
            "client web 1 in production,staging: shop.Cart.Add",
            "provider cart 1 in production: shop.Cart.Add",
        ]
    }


def test_a_method_that_nobody_calls_breaks_no_live_version(run: Run, shop: Shop) -> None:
    shop.release({"compatcheck.toml": CONFIG, "shop.proto": cart()}, *FIRST, "web-2", "cart-2")
    shop.write({"shop.proto": cart(call="")})
    assert named(run, shop) == {"shop.Cart.Count": []}
    assert "= live:    no live version breaks\n" in run(shop, "check").stdout


def test_a_method_that_is_new_is_not_served_by_live_versions(run: Run, shop: Shop) -> None:
    shop.release({"compatcheck.toml": CONFIG, "shop.proto": cart(call="")}, *FIRST, "web-2", "cart-2")
    shop.write({"shop.proto": cart()})
    done = run(shop, "check")
    assert done.returncode == 0
    assert "  = live:    cart 1 in production and 2 in staging do not serve shop.Cart.Count" in done.stdout


def test_each_finding_on_a_method_has_its_own_live_versions(run: Run, shop: Shop) -> None:
    """web 1 is older than `note`, and web 2 is not."""
    config = CONFIG.replace('cart = "2"', 'cart = "1"')
    shop.release({"compatcheck.toml": config, "shop.proto": cart()}, *FIRST)
    shop.release({"shop.proto": cart(note="int64 note = 2;")}, "web-2")
    shop.write({"shop.proto": cart("string price = 1;", "bytes note = 2;")})
    clients = {
        element: [one for one in found if one.startswith("client")]
        for element, found in named(run, shop).items()
    }
    assert clients == {
        "shop.Item.price": [
            "client web 1 in production,staging: shop.Cart.Add",
            "client web 2 in staging: shop.Cart.Add",
        ],
        "shop.Item.note": ["client web 2 in staging: shop.Cart.Add"],
    }


def test_what_was_broken_before_is_not_the_finding_s_doing(run: Run, shop: Shop) -> None:
    """`price` changed its type some commits ago, which nobody has released; now it is the note's turn."""
    config = CONFIG.replace('web = ["1", "2"]', 'web = "1"').replace('cart = "2"', 'cart = "1"')
    shop.release({"compatcheck.toml": config, "shop.proto": cart()}, *FIRST)
    shop.release({"shop.proto": cart("string price = 1;", "int64 note = 2;")})
    shop.write({"shop.proto": cart("string price = 1;", "bytes note = 2;")})
    assert named(run, shop) == {"shop.Item.note": []}


VENDORED = """
[services.web]
path = "web"
versions = "web-*"
provides = []
consumes = ["shop.Cart"]
[services.app]
path = "app"
versions = "app-*"
provides = []
consumes = ["shop.Cart"]
[services.cart]
schema = "proto"
versions = "cart-*"
provides = ["shop.Cart"]
[environments.production]
web = "1"
app = "1"
cart = "1"
"""


def test_a_service_s_own_copy_concerns_its_neighbours_alone(run: Run, shop: Shop) -> None:
    """web has a copy of its own, app takes that of cart."""
    files = {"proto/shop.proto": cart(), "web/proto/shop.proto": cart(), "app/main.txt": ""}
    shop.release({"compatcheck.toml": VENDORED, **files}, *FIRST)
    changed = cart("string price = 1;")
    shop.write({"web/proto/shop.proto": changed})
    assert named(run, shop) == {"shop.Item.price": ["provider cart 1 in production: shop.Cart.Add"]}
    shop.git("checkout", "--quiet", ".")
    shop.write({"proto/shop.proto": changed})
    assert named(run, shop) == {
        "shop.Item.price": [
            "client app 1 in production: shop.Cart.Add",
            "client web 1 in production: shop.Cart.Add",
            "provider cart 1 in production: shop.Cart.Add",
        ]
    }


def test_who_serves_a_service_that_is_gone_is_known_by_where_it_was(run: Run, shop: Shop) -> None:
    files = {"proto/shop.proto": cart(), "web/proto/shop.proto": cart(), "app/main.txt": ""}
    shop.release({"compatcheck.toml": VENDORED, **files}, *FIRST)
    shop.write({"proto/shop.proto": 'syntax = "proto3"; package shop;'})
    clients = [one.partition(":")[0] for one in named(run, shop)["shop.Cart"]]
    assert clients == ["client app 1 in production", "client web 1 in production"]


def test_clients_of_a_renamed_package_call_what_it_was_called(run: Run, shop: Shop) -> None:
    shop.release({"compatcheck.toml": CONFIG, "shop.proto": cart()}, *FIRST, "web-2", "cart-2")
    shop.write({"shop.proto": cart().replace("package shop;", "package store;")})
    (found,) = named(run, shop).values()
    assert "client web 1 in production,staging: shop.Cart.Add" in found
    assert "client app 1 in production,staging: shop.Cart.Get" in found
    assert "provider cart 1 in production: store.Cart.Add,store.Cart.Get" in found


def test_clients_of_a_provider_that_is_not_configured_are_named_too(run: Run, shop: Shop) -> None:
    config = '[services.web]\nversions = "web-*"\nconsumes = ["shop.Cart"]\n[environments.live]\nweb = "1"\n'
    shop.release({"compatcheck.toml": config, "shop.proto": cart()}, "web-1")
    shop.write({"shop.proto": cart("string price = 1;")})
    assert named(run, shop) == {"shop.Item.price": ["client web 1 in live: shop.Cart.Add"]}


CHANNEL = """
[services.shop]
schema = "shop"
versions = "shop-*"
provides = []
[services.ledger]
schema = "ledger"
versions = "ledger-*"
provides = []
[channels.orders]
message = "shop.Placed"
writers = "shop"
readers = "ledger"
[environments.production]
shop = "1"
ledger = "1"
"""


def placed(total: str = "int64 total = 1;", state: str = "OPEN = 1;") -> str:
    return (
        'syntax = "proto3"; package shop; message Placed { Sum sum = 1; State state = 2; } '
        f"message Sum {{ {total} }} message Other {{ {total} }} enum State {{ NEW = 0; {state} }}"
    )


def test_readers_and_writers_of_a_channel_are_named(run: Run, shop: Shop) -> None:
    files = {"shop/events.proto": placed(), "ledger/events.proto": placed()}
    shop.release({"compatcheck.toml": CHANNEL, **files}, "shop-1", "ledger-1")
    changed = placed("string total = 1;")
    shop.write({"shop/events.proto": changed})
    assert named(run, shop) == {"shop.Sum.total": ["reader ledger 1 in production: orders"]}
    assert "ledger 1 in production reads from channel orders" in run(shop, "check").stdout
    shop.git("checkout", "--quiet", ".")
    shop.write({"ledger/events.proto": changed})
    assert named(run, shop) == {"shop.Sum.total": ["writer shop 1 in production: orders"]}
    assert "shop 1 in production wrote to channel orders" in run(shop, "check").stdout


def test_a_live_version_that_is_not_found_is_named_and_fails_nothing(run: Run, shop: Shop) -> None:
    shop.release({"compatcheck.toml": CONFIG, "shop.proto": cart(call="")}, *FIRST, "web-2")
    shop.write({"shop.proto": cart()})
    done = run(shop, "check")
    assert done.returncode == 0
    assert "not known whether cart 2 in staging breaks on shop.Cart.Count: " in " ".join(done.stdout.split())
    assert "the revision of cart 2: no tag of `cart-*`" in " ".join(done.stdout.split())


DISCOVERED = """
[services.web]
path = "web"
versions = "web-*"
[services.cart]
versions = "cart-*"
provides = ["shop.Cart"]
[environments.production]
web = "1"
cart = "1"
"""


def test_without_the_grammars_only_what_is_declared_counts(
    run: Run, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import shop_pb2_grpc\nshop_pb2_grpc.CartStub(channel).Add(item)\n"
    shop.release(
        {"compatcheck.toml": DISCOVERED, "shop.proto": cart(), "web/main.py": code}, "web-1", "cart-1"
    )
    shop.write({"shop.proto": cart("string price = 1;")})
    assert named(run, shop)["shop.Item.price"] == [
        "client web 1 in production: shop.Cart.Add",
        "provider cart 1 in production: shop.Cart.Add",
    ]
    monkeypatch.setitem(sys.modules, "ast_grep_py", None)
    done = run(shop, "check")
    said = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert (
        "notice: it is not known in full what web 1 in production calls and serves: discovery needs" in said
    )
    assert "= live: no live version that is known breaks" in said


def test_a_constraint_is_not_judged_between_versions_and_said_so(run: Run, shop: Shop) -> None:
    """What new servers reject, no pair of schemas shows; the client is named all the same."""
    validate = (
        'syntax = "proto2"; package buf.validate; import "google/protobuf/descriptor.proto"; '
        "extend google.protobuf.FieldOptions { optional FieldRules field = 1159; } "
        "message FieldRules { oneof type { Int64Rules int64 = 4; } } "
        "message Int64Rules { optional int64 lte = 3; }"
    )
    head = 'package shop; import "buf/validate/validate.proto";'
    first = cart().replace("package shop;", head)
    files = {"shop.proto": first, "buf/validate/validate.proto": validate}
    shop.release({"compatcheck.toml": CONFIG, **files}, *FIRST, "web-2", "cart-2")
    shop.write(
        {
            "shop.proto": first.replace(
                "int64 price = 1;", "int64 price = 1 [(buf.validate.field).int64.lte = 5];"
            )
        }
    )
    found = {line for lines in named(run, shop).values() for line in lines}
    assert found == {
        "?client web 1 in production,staging: shop.Cart.Add",
        "?client web 2 in staging: shop.Cart.Add",
    }


def test_without_environments_nothing_is_asked_or_loaded(shop: Shop) -> None:
    config = CONFIG.partition("[environments")[0]
    shop.release({"compatcheck.toml": config, "shop.proto": cart()}, *FIRST)
    shop.write({"shop.proto": cart("string price = 1;")})
    code = (
        "from click.testing import CliRunner\nfrom compatcheck.cli.main import cli\n"
        "result = CliRunner().invoke(cli, ['check', '--against', 'HEAD'])\n"
        "import sys; print(result.exit_code, 'live' in result.output, 'compatcheck.usecases.fleet' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=shop.path,
        env={"PATH": shop.env["PATH"], "HOME": shop.env["HOME"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1 False False\n"


def test_services_of_one_group_meet_only_what_is_deployed_with_them(run: Run, shop: Shop) -> None:
    config = CONFIG
    for name in ("web", "cart"):
        config = config.replace(f"[services.{name}]", f'[services.{name}]\ngroup = "pod"')
    shop.release({"compatcheck.toml": config, "shop.proto": cart()}, *FIRST, "web-2", "cart-2")
    shop.write({"shop.proto": cart("string price = 1;")})
    assert named(run, shop) == {"shop.Item.price": []}


def test_a_copy_that_did_not_change_is_not_what_breaks(run: Run, shop: Shop) -> None:
    """web's copy says `string` already: it broke before, and the change of cart's copy mends that."""
    config = VENDORED.replace('app = "1"\n', "").replace('consumes = ["shop.Cart"]', "consumes = []", 2)
    config = config.replace("consumes = []", 'consumes = ["shop.Cart"]', 1)
    changed = cart("string price = 1;")
    shop.release({"compatcheck.toml": config, "proto/shop.proto": cart(), "web/shop.proto": changed}, *FIRST)
    shop.write({"proto/shop.proto": changed})
    assert named(run, shop) == {"shop.Item.price": []}


def test_what_a_copy_imports_from_elsewhere_belongs_to_it(run: Run, shop: Shop) -> None:
    """web's copy takes `Money` from a folder that all share, and so does cart's."""
    money = 'syntax = "proto3"; package shop; message Money { int64 units = 1; }'
    priced = cart("Money price = 1;").replace("package shop;", 'package shop; import "common/money.proto";')
    config = VENDORED.replace('schema = "proto"\n', 'path = "proto"\nconsumes = []\n')
    files = {"proto/shop.proto": priced, "web/shop.proto": priced, "common/money.proto": money}
    shop.release({"compatcheck.toml": config.replace('app = "1"\n', ""), **files}, *FIRST)
    shop.write({"common/money.proto": money.replace("int64", "string")})
    assert named(run, shop)["shop.Money.units"] == [
        "client web 1 in production: shop.Cart.Add",
        "provider cart 1 in production: shop.Cart.Add",
    ]


def test_each_change_of_a_channel_s_message_has_its_own_readers(run: Run, shop: Shop) -> None:
    """ledger 1 does not know the tax."""
    total = "int64 total = 1;"
    files = {"shop/events.proto": placed(f"{total} int64 tax = 2;"), "ledger/events.proto": placed()}
    shop.release({"compatcheck.toml": CHANNEL, **files}, "shop-1", "ledger-1")
    shop.write({"shop/events.proto": placed("string total = 1; bytes tax = 2;")})
    assert named(run, shop) == {
        "shop.Sum.total": ["reader ledger 1 in production: orders"],
        "shop.Sum.tax": [],
    }


def test_a_version_that_knows_the_field_by_another_name_is_named(run: Run, shop: Shop) -> None:
    """What breaks there is called otherwise than what changed, and yet it broke because of the change."""
    config = CONFIG.replace('web = ["1", "2"]', 'web = "1"').replace('cart = "2"', 'cart = "1"')
    shop.release({"compatcheck.toml": config, "shop.proto": cart("int64 cost = 1;")}, *FIRST)
    shop.release({"shop.proto": cart()})
    shop.write({"shop.proto": cart("string price = 1;")})
    assert named(run, shop) == {
        "shop.Item.price": [
            "client web 1 in production,staging: shop.Cart.Add",
            "provider cart 1 in production,staging: shop.Cart.Add",
        ]
    }
