"""Whatever a repository, a file or a user holds or says: a clear line, the right exit code, never a pass."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from program import OTHER, OTHER_RETYPED, RETYPED, SERVED, check, compatcheck, refused
from repositories import Repository, run

ITEMS = "proto/shop/v1/items.proto"
MORE = "proto/shop/v2/items.proto"
RAW = "\x1b]0;owned\x07\x1b[2J\r\n::error::owned"
"""Steers a terminal, and a runner of GitHub, if it is printed as it is."""

HEAD = b'syntax = "proto3";\n'
GARBAGE = {
    "random bytes": random.Random(7).randbytes(4096),
    "a NUL byte": HEAD + b"message A { int32 a\0 = 1; }",
    "NUL bytes": bytes(100),
    "UTF-16": 'syntax = "proto3"; message A {}'.encode("utf-16"),
    "not UTF-8": HEAD + b"message \xff\xfe {}",
    "an open string": HEAD + b'import "x.proto',
    "an open comment": HEAD + b"message A {} /* and so on",
    "an open brace": HEAD + b"message A {",
    "messages nested deep": HEAD + b"message A { " * 20_000 + b"}" * 20_000,
    "an option nested deep": HEAD + b"option x = " + b"{ a: " * 20_000 + b"1" + b"}" * 20_000 + b";",
    "itself imported": HEAD + b'import "proto/bad.proto";',
    "a number that is too large": HEAD + b"message A { int32 a = 99999999999999999999; }",
    "escape sequences": HEAD + b"message \x1b[31mA\x1b[0m { \r::error::x\x07 }",
    "an unknown edition": b'edition = "2099";\nmessage A {}',
}


@pytest.mark.parametrize("text", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_unknown_and_the_rest_is_checked(shop: Repository, text: bytes) -> None:
    bad = shop.path / "proto/bad.proto"
    bad.write_bytes(text)
    alone = check(shop, "--format", "json")
    assert (alone.code, alone.findings, alone.unknown) == (3, [], ["proto/bad.proto"])
    shop.write({ITEMS: RETYPED})
    both = check(shop)
    assert both.code == 1, both
    assert "error[field-type-changed]" in both.out
    assert "unknown: proto/bad.proto: " in both.out


def test_imports_in_a_circle_are_unknown_and_the_rest_is_checked(shop: Repository) -> None:
    circle = {f"c{at}.proto": f'syntax = "proto3";\nimport "c{(at + 1) % 3}.proto";\n' for at in range(3)}
    shop.write(circle)
    alone = check(shop, "--format", "json")
    assert (alone.code, alone.findings, alone.unknown) == (3, [], sorted(circle))
    shop.write({ITEMS: RETYPED})
    assert check(shop, "--format", "json").rules == ["field-type-changed"]


NAMES = (
    *("-I.proto", "@args.proto", "--version.proto", "a b.proto", '"quoted".proto', "$(id).proto", "'.proto"),
    *("#.proto", "%41.proto", "a;b.proto", "*.proto", ":(top).proto", "a:1:2: b.proto", ".proto"),
)


def test_a_file_may_have_any_name(shop: Repository) -> None:
    named = {name: f"v{at}" for at, name in enumerate(NAMES)}
    shop.commit({name: SERVED.replace("v1", package) for name, package in named.items()})
    shop.write({name: RETYPED.replace("v1", package) for name, package in named.items()})
    shop.git("add", "--all")
    for arguments in ([], ["--staged"]):
        done = check(shop, *arguments, "--against", "HEAD", "--format", "json")
        assert sorted(str(one["path"]) for one in done.findings) == sorted(NAMES)
        assert (done.code, done.unknown) == (1, [])


@pytest.mark.parametrize("name", [f"a{RAW}.proto", "a\x7f\x9b31m.proto", "a\u202egpj.proto", b"a\xff.proto"])
@pytest.mark.parametrize("format_", ["text", "json", "github"])
def test_names_that_steer_a_terminal_do_not(shop: Repository, name: str | bytes, format_: str) -> None:
    path = Path(os.fsdecode(os.fsencode(name).replace(b"/", b"_")))
    (shop.path / path).write_bytes(OTHER.encode())
    shop.commit()
    for text, code in ((OTHER_RETYPED, 1), ("garbage", 3)):
        (shop.path / path).write_bytes(text.encode())
        done = check(shop, "--format", format_)
        assert done.code in (code, 3), done
        assert "\u202e" not in done.out or format_ == "json"
        assert not any(line.startswith("::error::") for line in done.out.splitlines())
        if format_ == "json":
            assert done.document


@pytest.mark.parametrize("format_", ["text", "json", "github"])
def test_texts_that_steer_a_terminal_do_not(shop: Repository, format_: str) -> None:
    quoted = "".join(f"\\x{ord(char):02x}" for char in RAW)
    body = f'message A {{ optional string a = 1 [default = "{quoted}", json_name = "{quoted}"]; }}'
    shop.commit({"a.proto": f'syntax = "proto2";\n{body}'})
    shop.write({"a.proto": 'syntax = "proto2";\nmessage A { optional string a = 1 [json_name = "b"]; }'})
    done = check(shop, "--format", format_, "--preset", "strict")
    assert done.code == 1, done
    assert not any(line.startswith("::error::") for line in done.out.splitlines())
    if format_ == "github":
        assert all(line.startswith("::") for line in done.out.splitlines())


def test_every_line_for_github_is_a_command(shop: Repository) -> None:
    shop.write({ITEMS: RETYPED, "bad.proto": "garbage"})
    lines = check(shop, "--format", "github").out.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::error", "::notice"]


def test_a_huge_file_is_unknown_with_a_remedy(shop: Repository) -> None:
    with (shop.path / "huge.proto").open("wb") as file:
        file.truncate((64 << 20) + 1)
    done = check(shop)
    assert done.code == 3
    assert "unknown: huge.proto: 67,108,865 bytes are more than the 64 MiB that are read" in done.out


def test_a_name_that_the_compiler_refuses_is_unknown(shop: Repository) -> None:
    shop.write({"back\\slash.proto": OTHER, ITEMS: RETYPED})
    done = check(shop, "--format", "json")
    assert (done.code, done.rules, done.unknown) == (1, ["field-type-changed"], ["back\\slash.proto"])


def test_what_is_no_regular_file_holds_nothing_up(shop: Repository, tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name / "folder.proto").mkdir(parents=True)
        os.mkfifo(tmp_path / name / "pipe.proto")
    done = check(shop, "../new", "--against", "../old")
    assert (done.code, done.err) == (3, "")
    assert "unknown: pipe.proto: not a regular file" in done.out


@pytest.mark.parametrize(
    "data", [b"garbage", b"\x0a\xff\xff\xff\xff\x0f", b"\x0a\x05abc", b"\x0a\x02\x0a\x63"]
)
def test_a_broken_descriptor_set_is_undecided_and_said(shop: Repository, data: bytes) -> None:
    (shop.path / "old.binpb").write_bytes(data)
    done = check(shop, "--against", "old.binpb")
    assert (done.code, done.out) == (3, "")
    assert "old.binpb is not a descriptor set" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--against", "./none"], "./none"),
        (["--against", "none/"], "none/"),
        (["--against", "./none.binpb"], "none.binpb"),
        (["--against", ITEMS], "neither a directory nor a .binpb file"),
        (["--against", ""], "empty"),
        (["--against", "HEAD..HEAD"], "range"),
        (["--against", "-x"], "-x"),
        (["--against", "--output=x"], "--output=x"),
        (["--against", "HEAD\n::error::x"], "HEAD?::error::x"),
        (["--against", "\x1b[2J"], "?[2J"),
        (["--against", 5000 * "x"], "xxx..."),
        (["--against", 5000 * "x" + "#HEAD"], "xxx..."),
        (["--repo", "none"], "none"),
        (["--repo", 5000 * "x"], "xxx"),
        (["--config", 5000 * "x"], "xxx"),
        (["--config", "none.toml"], "none.toml"),
        (["--config", "."], "directory"),
        (["--bogus"], "--bogus"),
        (["--fail-on"], "--fail-on"),
        (["a", "b"], "b"),
    ],
)
def test_what_names_nothing_is_refused(shop: Repository, arguments: list[str], said: str) -> None:
    refused(check(shop, *arguments), said)
    assert sorted(path.name for path in shop.path.iterdir()) == [".git", "proto"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chek"],
        ["explain"],
        ["explain", "no-such-rule"],
        ["pairs", "--client", "x"],
        ["can-i-deploy", "x", "--env", "y"],
        ["can-i-deploy", "x@1", "--env", "y"],
        ["plan"],
        ["plan", "x@1", "--env", "y"],
        ["who-uses", "no such name"],
        ["who-uses", "no.such.Name"],
        ["graph", "x"],
        ["graph", "--live", "x"],
    ],
)
def test_each_command_refuses_in_the_same_way(shop: Repository, arguments: list[str]) -> None:
    refused(compatcheck(*arguments, cwd=shop.path))


@pytest.mark.parametrize("arguments", [["pairs"], ["graph"]])
def test_a_repository_without_services_is_no_pass(shop: Repository, arguments: list[str]) -> None:
    done = compatcheck(*arguments, cwd=shop.path)
    assert done.code == 3, done
    assert "unknown" in done.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"preset = ", "is not valid TOML"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"\0", "is not valid TOML"),
        (b"x = " + b"[" * 5000, "nested too deep"),
        (b"preset = 1", "preset: must be a string, not a number"),
        (b'exclude = "a"', "exclude: must be a list of strings, not a string"),
        (b"roots = [1]", "roots: must be a list of strings, not a list with a number"),
        (b'roots = ["../.."]', "not a folder inside the repository"),
        (b"severity = []", "severity: must be a table, not a list"),
        (b'[severity]\n"field-*ed" = "of"', "`of` is not one of"),
        (b'[severity]\n"no-such-rule" = "off"', "there is no rule `no-such-rule`"),
        (b"services = 1979-05-27", "services: must be a table, not a date or time"),
        (b'"\\u001b[2J" = 1', "unknown key"),
        (b'against = ["nowhere"]', "nowhere"),
    ],
)
def test_a_wrong_configuration_is_refused(shop: Repository, text: bytes, said: str) -> None:
    (shop.path / "compatcheck.toml").write_bytes(text)
    refused(check(shop), said)


def test_without_git_the_message_says_so(shop: Repository, tmp_path: Path) -> None:
    refused(check(shop, env={"PATH": str(tmp_path)}), "git is not installed, or not on the PATH")


def test_a_repository_that_git_does_not_trust_is_named_with_the_remedy(shop: Repository) -> None:
    env = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    refused(check(shop, env=env), "dubious ownership", "git config --global --add safe.directory")


def test_a_current_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    program = "from compatcheck.cli.main import main; main()"
    shell = 'cd "$1"; mkdir gone; cd gone; rmdir ../gone; exec "$0" -P -c "$2" check'
    command = ["sh", "-c", shell, sys.executable, str(tmp_path), program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("compatcheck: the current folder cannot be used: No such file")


def test_a_tracked_file_that_cannot_be_looked_at_is_no_deleted_one(shop: Repository) -> None:
    name = 300 * "x" + ".proto"
    blob = shop.git("rev-parse", f"HEAD:{ITEMS}")
    shop.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    shop.git("commit", "--quiet", "--message", "a name that this disk does not take")
    done = check(shop, "--format", "json")
    assert (done.code, done.findings, set(done.unknown)) == (3, [], {name})


def test_a_reader_that_has_seen_enough_ends_it_quietly(shop: Repository) -> None:
    shop.write({f"many/{at}.proto": OTHER.replace("v2", f"w{at}") for at in range(400)})
    read, write = os.pipe()
    command = [sys.executable, "-m", "compatcheck", "check", "--format", "json"]
    # Without a buffer, Python takes a write that was cut short for a whole one.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, cwd=shop.path, env=env, stdout=write, stderr=subprocess.PIPE) as process:
        os.close(write)
        os.read(read, 1)
        os.close(read)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, b"")


def test_without_any_standard_output_the_exit_code_still_tells(shop: Repository) -> None:
    shop.write({ITEMS: RETYPED})
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        shell = ["sh", "-c", f'exec "$0" -m compatcheck check {closed}', sys.executable]
        done = subprocess.run(shell, cwd=shop.path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (1, "")


def test_an_interrupt_ends_it_without_a_traceback_and_leaves_nothing_behind(
    shop: Repository, tmp_path: Path
) -> None:
    values = "".join(f"V{at} = {at};" for at in range(400_000))
    shop.write({"slow.proto": f'syntax = "proto3"; enum E {{ {values} }}'})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "compatcheck", "check"],
        cwd=shop.path,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    patience = time.monotonic() + 30
    while not list(scratch.glob("*/*/slow.proto")) and time.monotonic() < patience:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err.strip() == b""
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    "variables", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "LANG": ""}, {"PYTHONIOENCODING": "ascii"}]
)
def test_a_terminal_without_unicode_is_no_reason_to_fail(
    shop: Repository, variables: Mapping[str, str]
) -> None:
    name = "größe/価格.proto"
    shop.commit({name: OTHER})
    shop.write({name: OTHER_RETYPED})
    done = check(shop, env=variables)
    assert (done.code, done.err) == (1, "")
    assert "error[field-type-changed]" in done.out
    assert "PYTHONIOENCODING" in variables or name in done.out


def test_where_paths_are_ascii_all_is_checked_too(shop: Repository) -> None:
    name = "größe/価格.proto"
    shop.commit({name: OTHER})
    shop.write({name: OTHER_RETYPED, ITEMS: RETYPED})
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = check(shop, "--format", "json", env=ascii_only)
    assert (done.code, done.rules) == (1, ["field-type-changed", "field-type-changed"])


def test_real_output_is_as_the_published_schema_says(shop: Repository, tmp_path: Path) -> None:
    old = tmp_path / "old.binpb"
    protoc = [sys.executable, "-m", "grpc_tools.protoc", f"-I{shop.path}/proto", f"-o{old}"]
    run(*protoc, "shop/v1/items.proto", cwd=tmp_path)
    shop.git("tag", "v1")
    shop.commit({MORE: OTHER, "bad.proto": "garbage"})
    shop.write({ITEMS: RETYPED, "compatcheck.toml": 'fail-on = "warning"\n'})
    for against in (["v1"], [str(old)], ["./proto"], ["v1", "HEAD"]):
        named = [word for one in against for word in ("--against", one)]
        done = check(shop, *named, "--format", "json")
        assert done.code in (1, 3)
        assert ("checks" in done.document) == (len(against) > 1)
