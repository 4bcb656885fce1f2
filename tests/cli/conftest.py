"""A repository with one committed schema, and a git that is the same on every machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from program import SERVED
from repositories import Repository, settle_git


@pytest.fixture(autouse=True)
def _git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    settle_git(tmp_path_factory.mktemp("home"), monkeypatch)


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    repository = Repository.create(tmp_path / "shop")
    repository.commit({"proto/shop/v1/items.proto": SERVED})
    return repository
