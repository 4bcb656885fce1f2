"""A git that is the same on every machine, and repositories to try it on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from repositories import Repository, settle_git


@pytest.fixture(autouse=True)
def _git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    settle_git(tmp_path_factory.mktemp("home"), monkeypatch)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository on the branch main."""
    return Repository.create(tmp_path / "repository")


@pytest.fixture
def forked(repository: Repository) -> Repository:
    """main went on after the branch work left it; work is checked out."""
    repository.commit({"a.proto": "base"})
    repository.git("switch", "--quiet", "--create", "work")
    repository.commit({"a.proto": "work"})
    repository.git("switch", "--quiet", "main")
    repository.commit({"a.proto": "tip", "others.proto": "x"})
    repository.git("switch", "--quiet", "work")
    return repository
