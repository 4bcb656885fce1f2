"""`compatcheck check` as a user runs it: a process, its exit code and what it prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from program import GROWN, RETYPED, SERVED, check, refused
from repositories import Repository

BROKEN = SERVED.replace("string sku = 1;", "strin sku = 1;")


def test_nothing_changed_is_fine_and_says_what_was_compared(shop: Repository) -> None:
    done = check(shop)
    assert done.code == 0, done.err
    assert "work tree against HEAD" in done.out
    assert "no .proto file differs" in done.out


def test_a_break_fails_and_names_place_methods_and_order(shop: Repository) -> None:
    shop.write({"proto/shop/v1/items.proto": RETYPED})
    done = check(shop)
    assert done.code == 1, done.err
    assert "error[field-type-changed]: shop.v1.Item.price" in done.out
    assert "proto/shop/v1/items.proto:11:3" in done.out
    assert "shop.v1.Items.Get (response.price)" in done.out
    assert "rollout order: no order is safe" in done.out
    assert done.err == ""


def test_a_break_that_no_method_reaches_is_counted_beside_the_order(shop: Repository) -> None:
    event = 'syntax = "proto3";\nmessage Moved { int64 at = 1; }\n'
    shop.commit({"proto/events.proto": event})
    shop.write({"proto/events.proto": event.replace("int64", "string")})
    done = check(shop)
    assert done.code == 1, done.err
    assert "= breaks:" not in done.out
    assert "not counted: 1 finding that no method here reaches; users elsewhere may break" in done.out


def test_dry_runs_exit_with_zero(shop: Repository) -> None:
    shop.write({"proto/shop/v1/items.proto": RETYPED})
    assert check(shop, "--exit-zero").code == 0


def test_what_fails_can_be_chosen(shop: Repository) -> None:
    shop.write({"proto/shop/v1/items.proto": GROWN})
    assert check(shop).code == 0
    assert check(shop, "--fail-on", "note").code == 1


def test_what_no_release_had_may_change(shop: Repository) -> None:
    shop.git("tag", "v1.0.0")
    shop.commit({"proto/shop/v1/items.proto": GROWN})
    shop.write({"proto/shop/v1/items.proto": GROWN.replace("string note", "int64 note")})
    unreleased = check(shop, "--against-released", "v*")
    assert (unreleased.code, unreleased.err) == (0, "")
    assert "field-added" in unreleased.out
    assert check(shop).code == 1
    shop.write({"proto/shop/v1/items.proto": RETYPED})
    assert check(shop, "--against-released", "v*").code == 1


def test_a_file_that_does_not_compile_is_unknown_and_never_fine(shop: Repository) -> None:
    shop.write({"proto/shop/v1/items.proto": BROKEN})
    done = check(shop)
    assert done.code == 3
    assert "unknown: proto/shop/v1/items.proto" in done.out
    assert '"strin" is not defined' in done.out


def test_findings_count_more_than_what_is_unknown(shop: Repository) -> None:
    shop.commit({"proto/shop/v1/other.proto": SERVED.replace("shop.v1", "shop.v2")})
    shop.write(
        {
            "proto/shop/v1/items.proto": BROKEN,
            "proto/shop/v1/other.proto": RETYPED.replace("shop.v1", "shop.v2"),
        }
    )
    done = check(shop)
    assert done.code == 1
    assert "field-type-changed" in done.out
    assert "unknown: proto/shop/v1/items.proto" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--against", "nowhere"], "nowhere"),
        (["--against", "HEAD", "--fail-on", "sometimes"], "sometimes"),
        (["nothing/here", "--staged"], "--staged"),
        (["HEAD", "--staged", "--against", "HEAD"], "--staged"),
        (["--staged", "--against", "HEAD", "--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_wrong_usage_is_told_without_a_traceback(shop: Repository, arguments: list[str], said: str) -> None:
    refused(check(shop, *arguments), said)


def test_outside_a_repository_the_mistake_is_named(tmp_path: Path) -> None:
    refused(check(Repository(tmp_path)), "not in a git repository", "--repo")


def test_a_wrong_key_of_the_configuration_is_named_with_a_suggestion(shop: Repository) -> None:
    shop.write({"compatcheck.toml": 'presett = "wire"\n'})
    refused(check(shop), "compatcheck.toml: unknown key `presett`", "did you mean `preset`?")


def test_the_first_commit_is_compared_with_nothing(tmp_path: Path) -> None:
    young = Repository.create(tmp_path / "young")
    young.write({"a.proto": SERVED})
    young.git("add", "--all")
    done = check(young, "--staged", "--against", "HEAD")
    assert done.code == 0, done.out + done.err
    assert "service-added" in done.out


def test_a_weakened_configuration_is_said_and_can_be_refused(shop: Repository) -> None:
    shop.commit({"compatcheck.toml": 'fail-on = "error"\n'})
    shop.write(
        {
            "compatcheck.toml": '[severity]\n"field-type-changed" = "off"\n',
            "proto/shop/v1/items.proto": RETYPED,
        }
    )
    lenient = check(shop)
    assert lenient.code == 0
    assert "the configuration is weaker than that of HEAD" in lenient.out
    assert check(shop, "--config-from", "old").code == 1


def test_several_old_versions_are_all_judged(shop: Repository) -> None:
    shop.git("tag", "v1")
    shop.commit({"proto/shop/v1/items.proto": GROWN})
    shop.git("tag", "v2")
    shop.write({"proto/shop/v1/items.proto": GROWN.replace("string note", "bytes note")})
    done = check(shop, "--against", "v1", "--against", "v2", "--format", "json")
    assert done.code == 1, done.err
    against = {
        one["old"]["revision"]: [found["rule"] for found in one["findings"]]
        for one in json.loads(done.out)["checks"]
    }
    assert against == {"v1": ["field-added"], "v2": ["field-type-changed"]}


def test_a_subdirectory_sees_the_whole_repository(shop: Repository) -> None:
    shop.write({"proto/shop/v1/items.proto": RETYPED})
    assert check(shop, cwd="proto").code == 1


def test_colour_is_for_terminals_unless_it_is_asked_for(shop: Repository) -> None:
    shop.write({"proto/shop/v1/items.proto": RETYPED})
    assert "\x1b[" not in check(shop).out
    assert "\x1b[" in check(shop, "--color", "always").out


def test_descriptor_sets_and_directories_are_sources(shop: Repository, tmp_path: Path) -> None:
    old = tmp_path / "old"
    (old / "shop/v1").mkdir(parents=True)
    (old / "shop/v1/items.proto").write_text(SERVED)
    image = tmp_path / "old.binpb"
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{old}", f"-o{image}", "shop/v1/items.proto"]
    subprocess.run(command, check=True)
    shop.write({"proto/shop/v1/items.proto": RETYPED})
    for source in (str(old), str(image)):
        done = check(shop, "--against", source)
        assert done.code == 1, done.out + done.err
        assert "error[field-type-changed]" in done.out


def test_a_bug_of_ours_keeps_its_traceback_and_is_no_finding() -> None:
    code = (
        "import compatcheck.cli.main as program, compatcheck.usecases.gate as gate\n"
        "def fail(*_): raise ZeroDivisionError('ours')\n"
        "gate.run = fail\n"
        "import sys; sys.argv = ['compatcheck', 'check']\n"
        "program.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "Traceback" in done.stderr


def test_a_configuration_is_named_or_looked_for(shop: Repository) -> None:
    shop.write({"own.toml": 'preset = "wire"\n'})
    done = check(shop, "--config", "own.toml", "--config-from", "old")
    assert done.code == 2
    assert "--config-from" in done.err


def test_a_descriptor_set_cannot_be_asked_for_its_configuration(shop: Repository) -> None:
    shop.write({"old.binpb": ""})
    done = check(shop, "--against", "./old.binpb", "--config-from", "old")
    assert done.code == 2
    assert "no configuration" in done.err
