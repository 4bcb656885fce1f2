"""The hooks, installed by the real pre-commit into real repositories, judge what will be committed or pushed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]

ITEM = """syntax = "proto3";
package shop.v1;
message Item {
  string sku = 1;
  int64 price = 2;
}
"""
BREAKING = ITEM.replace("int64 price", "string price")
SAFE = ITEM.replace("}\n", "  string note = 3;\n}\n")


@dataclass(frozen=True)
class Environment:
    """Variables under which git and pre-commit see nothing of the user's, and the hooks' own repository."""

    variables: dict[str, str]
    hooks: Path
    revision: str

    def run(self, *command: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=cwd,
            env={**self.variables, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def must(self, *command: str, cwd: Path) -> str:
        done = self.run(*command, cwd=cwd)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """This checkout as a repository of hooks, and a pre-commit with a store of its own."""
    home = tmp_path_factory.mktemp("home")
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))
    }
    variables |= {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(home / "store"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    identity = "[user]\n\tname = Ann\n\temail = ann@example.com\n[init]\n\tdefaultBranch = main\n"
    (home / ".gitconfig").write_text(identity + '[protocol "file"]\n\tallow = always\n')
    hooks = tmp_path_factory.mktemp("hooks")
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=TOP, capture_output=True, text=True, check=True).stdout.split(
        "\0"
    ):
        if name and (TOP / name).is_file():
            (hooks / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(TOP / name, hooks / name)
    found = Environment(variables, hooks, "")
    found.must("git", "init", "-q", cwd=hooks)
    found.must("git", "add", "--all", cwd=hooks)
    found.must("git", "commit", "-qm", "hooks", cwd=hooks)
    yield Environment(variables, hooks, found.must("git", "rev-parse", "HEAD", cwd=hooks).strip())


@dataclass(frozen=True)
class Shop:
    """A repository with both hooks installed and one committed schema."""

    path: Path
    environment: Environment

    def git(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return self.environment.run("git", *arguments, cwd=cwd or self.path)

    def write(self, text: str, cwd: Path | None = None) -> None:
        ((cwd or self.path) / "item.proto").write_text(text)


@pytest.fixture
def shop(environment: Environment, tmp_path: Path) -> Shop:
    path = tmp_path / "shop"
    path.mkdir()
    environment.must("git", "init", "-q", cwd=path)
    (path / ".pre-commit-config.yaml").write_text(
        "repos:\n"
        f"  - repo: {environment.hooks.as_uri()}\n"
        f"    rev: {environment.revision}\n"
        "    hooks:\n      - id: compatcheck\n      - id: compatcheck-push\n"
    )
    (path / "item.proto").write_text(ITEM)
    (path / "note.txt").write_text("nothing\n")
    environment.must("git", "add", "--all", cwd=path)
    environment.must("git", "commit", "-qm", "first", cwd=path)
    install = ["pre-commit", "install", "--hook-type", "pre-commit", "--hook-type", "pre-push"]
    environment.must(*install, cwd=path)
    return Shop(path, environment)


def blocked(done: subprocess.CompletedProcess[str], rule: str) -> bool:
    said = done.stdout + done.stderr
    assert done.returncode == 0 or f"[{rule}]" in said, said
    return done.returncode != 0


def test_a_breaking_commit_is_blocked_and_a_safe_one_passes(shop: Shop) -> None:
    shop.write(BREAKING)
    shop.git("add", "item.proto")
    assert blocked(shop.git("commit", "-m", "break"), "field-type-changed")
    shop.write(SAFE)
    shop.git("add", "item.proto")
    assert not blocked(shop.git("commit", "-m", "add"), "field-type-changed")


def test_a_commit_that_only_deletes_a_schema_is_judged(shop: Shop) -> None:
    shop.write(ITEM + "service Items { rpc Get(Item) returns (Item); }\n")
    assert not blocked(shop.git("commit", "-am", "serve"), "method-removed")
    shop.git("rm", "-q", "item.proto")
    assert blocked(shop.git("commit", "-m", "delete"), "service-removed")


def test_commit_all_is_judged_by_the_index_that_git_makes_for_it(shop: Shop) -> None:
    shop.write(BREAKING)
    assert blocked(shop.git("commit", "-a", "-m", "break"), "field-type-changed")


def test_commit_of_a_path_leaves_out_what_else_is_staged(shop: Shop) -> None:
    shop.write(BREAKING)
    shop.git("add", "item.proto")
    (shop.path / "note.txt").write_text("changed\n")
    assert not blocked(shop.git("commit", "-m", "note", "note.txt"), "field-type-changed")
    assert blocked(shop.git("commit", "-m", "break", "item.proto"), "field-type-changed")


def test_of_a_partial_stage_only_the_staged_part_counts(shop: Shop) -> None:
    shop.write(SAFE)
    shop.git("add", "item.proto")
    shop.write(BREAKING)
    assert not blocked(shop.git("commit", "-m", "staged is safe"), "field-type-changed")
    shop.git("add", "item.proto")
    shop.write(SAFE)
    assert blocked(shop.git("commit", "-m", "staged breaks"), "field-type-changed")


def test_a_linked_worktree_is_judged_by_its_own_index(shop: Shop, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    assert shop.git("worktree", "add", "-q", "-b", "topic", str(linked)).returncode == 0
    shop.write(BREAKING, linked)
    assert blocked(shop.git("commit", "-a", "-m", "break", cwd=linked), "field-type-changed")
    shop.write(SAFE, linked)
    assert not blocked(shop.git("commit", "-a", "-m", "add", cwd=linked), "field-type-changed")


def test_a_push_is_judged_by_the_range_that_is_pushed(shop: Shop, tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    shop.environment.must("git", "init", "-q", "--bare", str(remote), cwd=tmp_path)
    shop.git("remote", "add", "origin", remote.as_uri())
    first = shop.git("push", "-q", "origin", "main")
    assert first.returncode == 0, first.stdout + first.stderr
    shop.write(BREAKING)
    assert shop.git("commit", "--no-verify", "-qam", "break").returncode == 0
    assert blocked(shop.git("push", "-q", "origin", "main"), "field-type-changed")
    shop.write(SAFE)
    assert shop.git("commit", "--no-verify", "-qam", "mend").returncode == 0
    assert not blocked(shop.git("push", "-q", "origin", "main"), "field-type-changed")
