"""Builds real git repositories for the tests of the sources."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from compatcheck.source.choice.select import Request, Selection, select
from compatcheck.source.snapshot import Snapshot, Source, Unreadable

_CI = ("CI_", "GITHUB_", "GITLAB_", "BITBUCKET_", "SYSTEM_PULLREQUEST", "TF_BUILD")


def settle_git(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration but our own, no variable of a hook or a CI that runs the tests."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT", *_CI))]:
        monkeypatch.delenv(name)
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ann\n\temail = ann@example.com\n"
        "[init]\n\tdefaultBranch = main\n"
        '[protocol "file"]\n\tallow = always\n'
        "[advice]\n\tdetachedHead = false\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def run(*command: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """The output of a command, which has to work."""
    done = subprocess.run(
        command, cwd=cwd, env=env and {**os.environ, **env}, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return os.fsdecode(done.stdout)


@dataclass(frozen=True)
class Repository:
    """A repository (or a folder in one) and short ways to fill it."""

    path: Path

    @staticmethod
    def create(path: Path, *options: str) -> Repository:
        path.mkdir(parents=True)
        run("git", "init", "--quiet", *options, cwd=path)
        return Repository(path)

    def git(self, *arguments: str) -> str:
        return run("git", *arguments, cwd=self.path).rstrip("\n")

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, files: Mapping[str, str] | None = None, message: str = "change") -> str:
        """Write and commit everything; the id of the commit."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def clone(self, path: Path, *options: str) -> Repository:
        run("git", "clone", "--quiet", *options, self.path.as_uri(), str(path), cwd=self.path)
        return Repository(path)

    def select(self, request: Request | None = None, env: Mapping[str, str] | None = None) -> Selection:
        """What `select` makes of a request here; `env` comes on top of the process's variables."""
        return select(request or Request(), {**os.environ, **(env or {})}, self.path)

    def at(self, revision: str) -> Snapshot:
        return snapshot(self.select(Request(new=revision, against=(revision,))).new)

    def index(self, env: Mapping[str, str] | None = None) -> Snapshot:
        return snapshot(self.select(Request(staged=True), env).new)

    def work_tree(self) -> Snapshot:
        return snapshot(self.select(Request(against=(":index",))).new)


def snapshot(source: Source) -> Snapshot:
    assert isinstance(source, Snapshot)
    return source


def texts(source: Source) -> dict[str, str]:
    """Path -> text, or what is said in its place; links included."""
    held = snapshot(source)
    found = held.read([*held.files, *held.links])
    return {
        path: data.reason if isinstance(data, Unreadable) else data.decode() for path, data in found.items()
    }


def against(*names: str, new: str | None = None, exact: bool = False) -> Request:
    return Request(new=new, against=names, exact=exact)


def old(chosen: Selection) -> str:
    """The text of a.proto on the only old side."""
    (source,) = chosen.old
    return texts(source)["a.proto"]
