"""The early way out of a hook: never taken when something that matters differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from compatcheck.source.unchanged import nothing_relevant
from repositories import Repository


@pytest.fixture
def started(repository: Repository) -> Repository:
    repository.commit({"a.proto": "a", "main.py": "1", "sub/x.py": "1"})
    return repository


def test_a_commit_without_protos_is_passed_over(started: Repository) -> None:
    started.write({"main.py": "2", "b.proto": "untracked", "a b\nc.txt": "x"})
    started.git("add", "main.py", "a b\nc.txt")
    for cwd in (started.path, started.path / "sub"):
        assert nothing_relevant("HEAD", None, cwd)
        assert nothing_relevant(None, None, str(cwd))
    started.git("commit", "--quiet", "--message", "x")
    assert nothing_relevant("HEAD~1", "HEAD", started.path)
    assert nothing_relevant("HEAD", "HEAD", started.path)


@pytest.mark.parametrize("name", ["a.proto", "deep/new.proto", "compatcheck.toml", "sub/pyproject.toml"])
def test_a_proto_or_a_configuration_is_relevant(started: Repository, name: str) -> None:
    started.write({name: "changed"})
    started.git("add", "--all")
    # Seen from a subdirectory that does not hold it, even if git is told to look at that one alone.
    started.git("config", "diff.relative", "true")
    assert not nothing_relevant("HEAD", None, started.path / "sub")
    started.git("commit", "--quiet", "--message", "x")
    assert not nothing_relevant("HEAD~1", "HEAD", started.path / "sub")


def test_a_deleted_or_renamed_proto_is_relevant(started: Repository) -> None:
    started.git("mv", "a.proto", "a.txt")
    assert not nothing_relevant("HEAD", None, started.path)
    started.git("rm", "--quiet", "--force", "a.txt")
    assert not nothing_relevant("HEAD", None, started.path)


def test_a_link_or_a_submodule_is_relevant(started: Repository, tmp_path: Path) -> None:
    (started.path / "folder").symlink_to("sub")
    started.git("add", "folder")
    assert not nothing_relevant("HEAD", None, started.path)
    started.commit()
    other = Repository.create(tmp_path / "other")
    other.commit({"inner.proto": "1"})
    started.git("submodule", "--quiet", "add", other.path.as_uri(), "other")
    started.git("config", "--file", ".gitmodules", "submodule.other.ignore", "all")
    started.git("config", "diff.ignoreSubmodules", "all")
    started.commit()
    inner = Repository(started.path / "other")
    inner.commit({"inner.proto": "2"})
    started.git("add", "--force", "other")
    assert not nothing_relevant("HEAD", None, started.path)
    (started.path / "folder").unlink()
    started.commit()
    assert not nothing_relevant("HEAD~1", "HEAD", started.path)


def test_the_index_that_the_environment_names_is_the_one_that_counts(
    started: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index")
    started.git("read-tree", "HEAD")
    assert nothing_relevant("HEAD", None, started.path)
    started.write({"b.proto": "b"})
    started.git("add", "b.proto")
    assert not nothing_relevant("HEAD", None, started.path)
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert nothing_relevant("HEAD", None, started.path)


def test_any_doubt_means_that_something_may_differ(
    started: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("nope", "--quiet", "", "-", "a\0b", "HEAD..HEAD"):
        assert not nothing_relevant(name or "none", None, started.path)
        assert not nothing_relevant("HEAD", name, started.path)
    assert not nothing_relevant("HEAD", None, tmp_path)
    assert not nothing_relevant("HEAD", None, tmp_path / "none")
    assert not nothing_relevant("HEAD", None, Repository.create(tmp_path / "unborn").path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not nothing_relevant("HEAD", None, started.path)
