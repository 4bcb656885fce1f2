"""`pairs` and `can-i-deploy` on the demo's shop, and what all commands about services have in common."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commands import Run, valid
from compatcheck.usecases import demo
from shops import Shop


def test_pairs_as_text(run: Run, demo_shop: Shop) -> None:
    done = run(demo_shop, "pairs", "--client", "checkout", "--provider", "payment")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "6 pairs of versions: 4 safe, 2 mismatch",
        "",
        "checkout -> payment  shop.v1.Payment",
        "                 1.0   1.1",
        "  checkout 1.0    ok    ok",
        "  checkout 1.1    x1    ok",
        "  checkout 2.0    x1    ok",
        "  x1 checkout 1.1, 2.0 with payment 1.0",
        "     shop.v1.Payment.Refund: the call fails, for payment does not serve it (unroutable)",
        "  order checkout 1.1 to 2.0 and payment 1.0 to 1.1: payment first",
        "",
        "ok safe   x mismatch   ? unknown   . no call   (rows call columns)",
    ]
    assert done.stderr == ""


def test_pairs_as_json(run: Run, demo_shop: Shop) -> None:
    done = run(demo_shop, "pairs", "--format", "json")
    document = valid(done.stdout, "pairs.schema.json")
    assert (done.returncode, document["verdict"]) == (1, "mismatch")
    assert document["summary"] == {"safe": 28, "mismatch": 5, "unknown": 3}
    pairs = document["pairs"]
    assert isinstance(pairs, list)
    (mismatch,) = (
        one
        for one in pairs
        if (one["client_version"], one["provider_version"]) == ("2.0", "1.0")
        and one["provider"] == "shipping"
    )
    assert mismatch["reasons"][0] == {
        "kind": "break",
        "method": "shop.v1.Shipping.Quote",
        "side": "request",
        "writer": "checkout@2.0",
        "reader": "shipping@1.0",
        "path": ["address", "postal_code"],
        "effect": "dropped",
        "surface": "wire",
        "condition": "",
        "evidence": [],
    }


@pytest.mark.parametrize(
    ("target", "environment", "code", "verdict"),
    [
        ("catalog@1.1", "production", 0, "safe"),
        ("checkout@1.1", "production", 1, "mismatch"),
        ("storefront@1.1", "production", 3, "unknown"),
    ],
)
def test_a_deployment_ends_in_the_exit_code_of_its_verdict(
    run: Run, demo_shop: Shop, target: str, environment: str, code: int, verdict: str
) -> None:
    done = run(demo_shop, "can-i-deploy", target, "--env", environment, "--format", "json")
    assert (done.returncode, valid(done.stdout, "deploy.schema.json")["verdict"]) == (code, verdict)


def test_a_deployment_as_text_says_what_goes_first(run: Run, demo_shop: Shop) -> None:
    done = run(demo_shop, "can-i-deploy", "checkout@1.1", "--env", "production")
    lines = done.stdout.splitlines()
    assert lines[0] == "Can checkout 1.1 be deployed to production? no, there is a mismatch"
    assert "  checkout 1.1 -> payment 1.0     mismatch" in lines
    assert (
        "order payment first: once payment 1.1 has taken the place of 1.0, checkout 1.1 can follow" in lines
    )
    assert lines[-1].startswith("the way back: ")


def test_what_is_live_may_be_said_on_the_command_line(run: Run, demo_shop: Shop) -> None:
    live = ("--live", "payment=1.1", "--live", "cart=1.1,shipping=1.0,storefront=1.0,checkout=1.0")
    done = run(demo_shop, "can-i-deploy", "checkout@1.1", *live, "--format", "json")
    document = valid(done.stdout, "deploy.schema.json")
    assert (done.returncode, document["verdict"], document["environment"]) == (0, "safe", "the command line")
    over = run(demo_shop, "can-i-deploy", "checkout@1.1", "--env", "production", "--live", "payment=1.1")
    assert over.returncode == 0


def test_pairs_of_some_versions_only(run: Run, demo_shop: Shop) -> None:
    arguments = ("pairs", "--client", "checkout", "--provider", "payment", "--versions", "1.*")
    lines = run(demo_shop, *arguments).stdout.splitlines()
    assert lines[0] == "4 pairs of versions: 3 safe, 1 mismatch"


@pytest.mark.parametrize(
    "arguments",
    [
        ("can-i-deploy", "basket@1.0", "--env", "production"),
        ("can-i-deploy", "cart@1.0", "--env", "nowhere"),
        ("can-i-deploy", "cart@1.0"),
        ("can-i-deploy", "cart@1.0", "--live", "cart"),
        ("can-i-deploy", "cart@1.0", "--env", "production", "--strategy", "big-bang"),
        ("plan", "--env", "production"),
        ("plan", "cart", "--env", "production"),
        ("plan", "cart@1.0"),
        ("graph", "basket"),
        ("graph", "--depth", "-1"),
        ("who-uses", "shop.v1.Nothing", "--env", "production"),
        ("who-uses",),
        ("pairs", "--client", "basket"),
        ("pairs", "--config", "nowhere.toml"),
    ],
)
def test_wrong_usage_ends_in_2_without_a_traceback(
    run: Run, demo_shop: Shop, arguments: tuple[str, ...]
) -> None:
    done = run(demo_shop, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr and done.stderr


def test_nothing_to_judge_is_unknown_in_every_format(run: Run, shop: Shop) -> None:
    shop.release({"compatcheck.toml": "[services.cart]\n[environments.live]\ncart = '1'\n"}, "1")
    for arguments, schema in (
        (("pairs",), "pairs.schema.json"),
        (("can-i-deploy", "cart@1", "--env", "live"), "deploy.schema.json"),
        (("graph",), "graph.schema.json"),
    ):
        done = run(shop, *arguments, "--format", "json")
        assert (done.returncode, valid(done.stdout, schema)["verdict"]) == (3, "unknown")
        assert run(shop, *arguments).returncode == 3
    for command in ("pairs", "graph"):
        assert run(shop, command, "--exit-zero").returncode == 0


def test_colour_changes_no_letter(run: Run, demo_shop: Shop) -> None:
    for arguments in (
        ("pairs",),
        ("graph",),
        ("can-i-deploy", "checkout@1.1", "--env", "production"),
        ("plan", "checkout@2.0", "shipping@2.0", "--env", "production"),
        ("who-uses", "shop.v1.Payment.Refund"),
    ):
        plain = run(demo_shop, *arguments, "--color", "never").stdout
        coloured = run(demo_shop, *arguments, "--color", "always").stdout
        assert "\x1b[" in coloured and "\x1b" not in plain
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_names_from_a_repository_cannot_steer_the_terminal(run: Run, shop: Shop) -> None:
    proto = 'syntax = "proto3"; service S { rpc Get(M) returns (M); } message M {}'
    config = (
        '[services."a\\u001b[31m"]\nconsumes = ["S"]\n[services.b]\nprovides = ["S"]\n'
        '[environments."e\\u0007"]\nb = "1"\n"a\\u001b[31m" = "1"\n'
    )
    shop.release({"s.proto": proto, "compatcheck.toml": config}, "1")
    env = ("--env", "e\x07")
    asked = (
        ("pairs",),
        ("graph",),
        ("can-i-deploy", "b@1", *env),
        ("plan", "b@1", *env),
        ("who-uses", "S", *env),
    )
    text = "".join(run(shop, *one).stdout for one in asked)
    assert text.count("e\u2407") >= 3
    assert "\x1b" not in text and "\x07" not in text


def test_the_demo_plays_all_its_scenes_on_the_same_shop_every_time(
    run: Run, shop: Shop, demo_shop: Shop
) -> None:
    done = run(shop, "demo", "--keep", "kept")
    assert (done.returncode, done.stderr) == (0, "")
    commands = [line for line in done.stdout.splitlines() if line.startswith("$ ")]
    asked = [line.split()[2] for line in commands]
    assert asked == ["check", "pairs", "can-i-deploy", "can-i-deploy", "plan"]
    assert re.findall(r"^\(exit code (\d)\)$", done.stdout, re.MULTILINE) == ["1", "1", "0", "1", "0"]
    assert "field-type-changed" in done.stdout and "field-removed-reserved" in done.stdout
    heads = [
        (path / ".git/refs/heads/smaller-amounts").read_text()
        for path in (shop.path / "kept", demo_shop.path)
    ]
    assert heads[0] == heads[1]
    again = run(shop, "demo", "--keep", "kept")
    assert again.returncode == 2 and "not empty" in again.stderr


def test_the_demo_ignores_the_git_configuration_and_variables_of_the_user(
    tmp_path: Path, demo_shop: Shop
) -> None:
    home, target = tmp_path / "home", tmp_path / "shop"
    home.mkdir()
    target.mkdir()
    hooks = home / "hooks"
    hooks.mkdir()
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    (home / ".gitconfig").write_text(f"[core]\n\thooksPath = {hooks}\n[commit]\n\tgpgSign = true\n")
    env = {**demo_shop.env, "HOME": str(home), "GIT_DIR": str(tmp_path / "elsewhere"), "GIT_INDEX_FILE": "x"}
    demo.build(target, env)
    heads = [(path / ".git/refs/heads/smaller-amounts").read_text() for path in (target, demo_shop.path)]
    assert heads[0] == heads[1]
