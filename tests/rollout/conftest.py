"""Interfaces made of source text by the real protoc, and scratch repositories with services in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc  # type: ignore[import-untyped]  # it has no types

from commands import Run, player
from compatcheck.rollout.pairs import Interface
from compatcheck.schema.build import Symbols
from compatcheck.schema.loaded import Universe
from compatcheck.usecases import demo
from shops import Shop, clean_environment

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
