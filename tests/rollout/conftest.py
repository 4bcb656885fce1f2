"""Interfaces made of source text by the real protoc, and scratch repositories with services in them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc  # type: ignore[import-untyped]  # it has no types

from commands import Run, player
from compatcheck.rollout.pairs import Interface
from compatcheck.schema.build import Symbols
from compatcheck.schema.loaded import Universe
from compatcheck.usecases import demo
from compatcheck.usecases.ask import ground
from compatcheck.usecases.ground import Ground

MakeInterface = Callable[[str], Interface]


@pytest.fixture(scope="session")
def interface(tmp_path_factory: pytest.TempPathFactory) -> MakeInterface:
    """`interface(text)`: what is known of a schema of one file, compiled by protoc."""
    folder = tmp_path_factory.mktemp("protos")

    def make(text: str) -> Interface:
        (folder / "one.proto").write_text(text)
        arguments = ["protoc", f"-I{folder}", f"--descriptor_set_out={folder}/out", "one.proto"]
        assert protoc.main(arguments) == 0
        compiled = FileDescriptorSet.FromString((folder / "out").read_bytes()).file
        descriptors = {file.name: file.SerializeToString() for file in compiled}
        files = Symbols(Universe("", "", descriptors, {}, frozenset()), {}).files.values()
        methods = (method for file in files for service in file.services for method in service.methods)
        return Interface({method.full_name: (method,) for method in methods})

    return make


def clean_environment(home: Path) -> dict[str, str]:
    """The variables of a user without git configuration, outside of any hook or CI."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    person = {"NAME": "Ann", "EMAIL": "ann@example.com", "DATE": "2026-01-01T00:00:00Z"}
    git = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    return {**kept, **git, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True)
class Shop:
    """A repository in a folder, with short ways to fill it and to ask about it."""

    path: Path
    env: Mapping[str, str]

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.path, env=self.env, check=True, capture_output=True)

    def write(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def release(self, files: Mapping[str, str], *tags: str) -> None:
        """Write files, commit everything and tag it."""
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", " ".join(tags) or "step")
        for tag in tags:
            self.git("tag", tag)

    def ground(self) -> Ground:
        return ground(None, None, {name: self.env[name] for name in ("PATH", "HOME")}, self.path)


@pytest.fixture
def new_shop(tmp_path: Path) -> Callable[[str], Shop]:
    """`new_shop(name)`: an empty repository."""

    def make(name: str) -> Shop:
        (tmp_path / name).mkdir()
        made = Shop(tmp_path / name, clean_environment(tmp_path))
        made.git("init", "--quiet", "--initial-branch=main")
        return made

    return make


@pytest.fixture
def shop(new_shop: Callable[[str], Shop]) -> Shop:
    """An empty repository."""
    return new_shop("shop")


@pytest.fixture(scope="session")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The shop of `compatcheck demo`; tests only read it."""
    home = tmp_path_factory.mktemp("demo")
    path = home / "shop"
    path.mkdir()
    env = clean_environment(home)
    demo.build(path, env)
    return Shop(path, env)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run(shop, "pairs", ...)`: the program as its entry point starts it, in the folder of the shop."""
    return player(monkeypatch, capsys)
