"""Snapshots of the work tree and of directories outside git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from compatcheck.errors import UsageError
from compatcheck.source.choice.select import Request
from compatcheck.source.directory import snapshot as directory
from compatcheck.source.snapshot import Unreadable
from repositories import Repository, snapshot, texts

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + 64 * "a" + "\nsize 12\n"


def test_the_work_tree_has_changed_new_and_deleted_files(repository: Repository) -> None:
    repository.commit(
        {"same.proto": "same", "changed.proto": "1", "deleted.proto": "1", ".gitignore": "/ignored"}
    )
    repository.write(
        {"changed.proto": 'import "2.proto";', "new/new.proto": "import 'n.proto';", "ignored/x.proto": "x"}
    )
    (repository.path / "deleted.proto").unlink()
    found = repository.work_tree()
    assert texts(found) == {
        "same.proto": "same",
        "changed.proto": 'import "2.proto";',
        "new/new.proto": "import 'n.proto';",
    }
    assert found.files["changed.proto"] == repository.git("hash-object", "changed.proto")
    assert found.files["same.proto"] == repository.at("HEAD").files["same.proto"]
    assert found.mentions() == {"changed.proto": ("2.proto",), "new/new.proto": ("n.proto",)}


def test_a_file_that_was_only_touched_keeps_its_id(repository: Repository) -> None:
    repository.commit({"a.proto": "a"})
    os.utime(repository.path / "a.proto", (1, 1))
    assert repository.work_tree().files == repository.at("HEAD").files


def test_a_file_outside_a_sparse_checkout_is_still_there(repository: Repository) -> None:
    repository.commit({"in/a.proto": "a", "out/b.proto": "b"})
    repository.git("sparse-checkout", "set", "in")
    assert not (repository.path / "out").exists()
    assert texts(repository.work_tree()) == {"in/a.proto": "a", "out/b.proto": "b"}


def test_an_lfs_pointer_in_a_directory_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.proto").write_text(POINTER)
    assert texts(directory(tmp_path, "here")) == {"a.proto": "a Git LFS pointer stands in its place"}


def test_a_checked_out_lfs_file_is_read_from_disk(repository: Repository) -> None:
    # As a clean filter would leave it: a pointer in git, the text on disk, and git sees no change.
    repository.git("config", "filter.fake.clean", "cat >/dev/null; cat pointer")
    repository.write({"pointer": POINTER, ".gitattributes": "*.proto filter=fake\n"})
    repository.commit({"a.proto": 'import "real.proto";'})
    assert repository.git("show", "HEAD:a.proto").startswith("version https://git-lfs")
    assert texts(repository.work_tree()) == {"a.proto": 'import "real.proto";'}
    assert "LFS" in texts(repository.at("HEAD"))["a.proto"]


def test_a_fifo_in_place_of_a_file_is_unreadable_and_does_not_hang(repository: Repository) -> None:
    repository.commit({"a.proto": "a", "b.proto": "b"})
    (repository.path / "a.proto").unlink()
    os.mkfifo(repository.path / "a.proto")
    for found in (repository.work_tree(), directory(repository.path, "here")):
        assert texts(found) == {"a.proto": "not a regular file", "b.proto": "b"}
        assert found.files["a.proto"] != repository.at("HEAD").files["a.proto"]


def test_a_folder_that_became_a_link_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"dir/a.proto": "a", "b.proto": "b"})
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.proto").write_text("secret")
    (repository.path / "dir" / "a.proto").unlink()
    (repository.path / "dir").rmdir()
    (repository.path / "dir").symlink_to(tmp_path / "outside")
    found = repository.work_tree()
    assert texts(found) == {"b.proto": "b"}
    assert found.lookup("dir/a.proto") is None


def test_a_repository_inside_the_work_tree_is_skipped_and_said(repository: Repository) -> None:
    repository.commit({"a.proto": "a"})
    Repository.create(repository.path / "inner").commit({"b.proto": "b"})
    found = repository.work_tree()
    assert set(found.files) == {"a.proto"}
    assert [each.path for each in found.skipped] == ["inner"]


def test_another_file_can_be_looked_up_in_every_source(repository: Repository) -> None:
    repository.commit({"a.proto": "a", "sub/pyproject.toml": "1"})
    repository.write({"sub/pyproject.toml": "2"})
    repository.git("add", "--all")
    repository.write({"sub/pyproject.toml": "3"})
    outside = directory(repository.path, "here")
    found = [each.lookup("sub/pyproject.toml") for each in (repository.at("HEAD"), repository.index())]
    assert found == [b"1", b"2"]
    assert repository.work_tree().lookup("sub/pyproject.toml") == outside.lookup("sub/pyproject.toml") == b"3"
    for each in (repository.at("HEAD"), repository.index(), repository.work_tree(), outside):
        assert each.lookup("sub/none.toml") is None
        assert each.lookup("sub/py*.toml") is None
        assert each.lookup("sub") is None


def test_a_directory_outside_git_has_the_ids_that_git_gives(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.proto": 'import "b.proto";', "d/b.proto": "b"})
    plain = tmp_path / "plain"
    (plain / "d").mkdir(parents=True)
    for name in ("a.proto", "d/b.proto"):
        (plain / name).write_bytes((repository.path / name).read_bytes())
    (plain / ".git").mkdir()
    (plain / ".git" / "x.proto").write_text("x")
    found = directory(plain, "plain")
    assert found.files == repository.at("HEAD").files
    assert found.mentions() == {"a.proto": ("b.proto",)}


def test_a_directory_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the directory"):
        directory(tmp_path / "none", "none")


def test_two_directories_need_no_repository(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.proto").write_text(name)
    chosen = Repository(tmp_path).select(Request(new="./new", against=("old/",)))
    assert (texts(chosen.new), texts(chosen.old[0])) == ({"a.proto": "new"}, {"a.proto": "old"})
    assert chosen.repository is None


def test_a_file_removed_after_the_listing_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.proto").write_text("a")
    found = snapshot(directory(tmp_path, "here"))
    (tmp_path / "a.proto").unlink()
    assert isinstance(found.read(["a.proto"])["a.proto"], Unreadable)
