"""Snapshots of git revisions."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from compatcheck.errors import UsageError
from compatcheck.source.choice.select import Request
from compatcheck.source.content import LARGEST, blob_id
from compatcheck.source.git.place import locate
from compatcheck.source.snapshot import Skipped, Unreadable
from repositories import Repository, run, texts


def test_a_revision_holds_only_its_proto_files_under_their_blob_ids(repository: Repository) -> None:
    commit = repository.commit({"a/one.proto": "1", "two.proto": "2", "README": "x", "proto": "x"})
    found = repository.at("HEAD")
    assert dict(found.files) == {
        "a/one.proto": repository.git("rev-parse", "HEAD:a/one.proto"),
        "two.proto": repository.git("rev-parse", "HEAD:two.proto"),
    }
    assert found.origin.commit == commit
    assert texts(found) == {"a/one.proto": "1", "two.proto": "2"}


def test_a_subdirectory_as_the_current_folder_sees_the_whole_tree(repository: Repository) -> None:
    repository.commit({"a/one.proto": 'import "b/two.proto";', "b/two.proto": 'import "x.proto";'})
    found = Repository(repository.path / "a").at("HEAD")
    assert set(found.files) == {"a/one.proto", "b/two.proto"}
    assert found.mentions() == {"a/one.proto": ("b/two.proto",), "b/two.proto": ("x.proto",)}
    (repository.path / "b" / "new.proto").write_text("new")
    assert set(Repository(repository.path / "a").work_tree().files) == {
        "a/one.proto",
        "b/two.proto",
        "b/new.proto",
    }
    assert set(Repository(repository.path / "a").index().files) == {"a/one.proto", "b/two.proto"}


STRANGE = (
    "with space.proto",
    "grüße.proto",
    "new\nline.proto",
    "-dash.proto",
    'quo"te.proto',
    "tab\t.proto",
    ":x.proto",
)


def test_strange_names_are_read_and_searched(repository: Repository) -> None:
    repository.commit({f"d d/{name}": f'import "{number}.proto";' for number, name in enumerate(STRANGE)})
    expected = {f"d d/{name}": f'import "{number}.proto";' for number, name in enumerate(STRANGE)}
    mentions = {f"d d/{name}": (f"{number}.proto",) for number, name in enumerate(STRANGE)}
    for found in (repository.at("HEAD"), repository.index(), repository.work_tree()):
        assert texts(found) == expected
        assert found.mentions() == mentions
    for name in STRANGE:
        assert repository.at("HEAD").lookup(f"d d/{name}") == expected[f"d d/{name}"].encode()
        assert repository.index().lookup(f"d d/{name}") == expected[f"d d/{name}"].encode()


def test_names_that_are_not_utf_8_survive(repository: Repository) -> None:
    name = b"caf\xe9.proto"
    (Path(os.fsdecode(os.path.join(os.fsencode(repository.path), name)))).write_bytes(b"x")
    repository.commit()
    for found in (repository.at("HEAD"), repository.index(), repository.work_tree()):
        (path,) = found.files
        assert path.encode("utf-8", "surrogateescape") == name
        assert found.read([path]) == {path: b"x"}


def test_a_linked_worktree_has_its_own_head_and_index(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.proto": "main"})
    repository.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    side = Repository(tmp_path / "side")
    side.commit({"a.proto": "side"})
    side.write({"b.proto": "staged"})
    side.git("add", "b.proto")
    side.write({"c.proto": "untracked"})
    assert texts(side.at("HEAD")) == {"a.proto": "side"}
    assert texts(side.index()) == {"a.proto": "side", "b.proto": "staged"}
    assert texts(side.work_tree()) == {"a.proto": "side", "b.proto": "staged", "c.proto": "untracked"}
    assert texts(repository.work_tree()) == {"a.proto": "main"}


def test_a_submodule_is_skipped_and_said(repository: Repository, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    other.commit({"inner.proto": "inner"})
    repository.commit({"a.proto": "a"})
    repository.git("submodule", "--quiet", "add", other.path.as_uri(), "third party")
    repository.commit()
    for found in (repository.at("HEAD"), repository.index(), repository.work_tree()):
        assert set(found.files) == {"a.proto"}
        assert [each.path for each in found.skipped] == ["third party"]
    inside = Repository(repository.path / "third party")
    assert texts(inside.work_tree()) == texts(inside.at("HEAD")) == {"inner.proto": "inner"}


def test_a_bare_repository_is_read_and_its_default_is_head(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit({"a.proto": 'import "b.proto";'})
    repository.commit({"a.proto": "2"})
    bare = repository.clone(tmp_path / "bare", "--bare")
    chosen = bare.select(Request(against=(first,)))
    assert texts(chosen.new) == {"a.proto": "2"}
    assert texts(chosen.old[0]) == {"a.proto": 'import "b.proto";'}
    assert bare.at(first).mentions() == {"a.proto": ("b.proto",)}
    with pytest.raises(UsageError, match="no index"):
        bare.index()


def test_a_missing_object_is_unreadable_and_hides_no_other_file(repository: Repository) -> None:
    repository.commit({f"{name}.proto": f'import "{name}{name}.proto";' for name in "abcde"})
    blob = repository.git("rev-parse", "HEAD:c.proto")
    (repository.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = repository.at("HEAD")
    read = found.read(found.files)
    assert isinstance(read["c.proto"], Unreadable)
    assert "git fetch --refetch" in read["c.proto"].remedy
    assert read["e.proto"] == b'import "ee.proto";'
    assert set(found.mentions()) == {"a.proto", "b.proto", "d.proto", "e.proto"}
    # The file itself is still there: the work tree can be read, the index cannot.
    assert repository.work_tree().read(["c.proto"]) == {"c.proto": b'import "cc.proto";'}
    assert isinstance(repository.index().read(["c.proto"])["c.proto"], Unreadable)


def test_a_corrupt_object_is_unreadable_and_hides_no_other_file(repository: Repository) -> None:
    repository.commit({"a.proto": "a", "b.proto": random_text(100_000), "c.proto": "c", "d.proto": "d"})
    for name, keep in (("b", 20_000), ("c", 0)):
        blob = repository.git("rev-parse", f"HEAD:{name}.proto")
        loose = repository.path / ".git" / "objects" / blob[:2] / blob[2:]
        loose.chmod(0o644)
        loose.write_bytes(loose.read_bytes()[:keep])
    found = texts(repository.at("HEAD"))
    assert (found["a.proto"], found["d.proto"]) == ("a", "d")
    assert found["b.proto"] == "its object is corrupt"
    assert found["c.proto"] == "its object is missing from the repository"


def random_text(size: int) -> str:
    return "".join(chr(33 + letter % 90) for letter in random.Random(1).randbytes(size))


def test_a_partial_clone_fetches_nothing_and_names_the_command_that_does(
    repository: Repository, tmp_path: Path
) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.commit({"a.proto": 'import "old.proto";', "b.proto": 'import "same.proto";'})
    repository.commit({"a.proto": 'import "new.proto";'})
    partial = repository.clone(tmp_path / "partial", "--filter=blob:none")
    old = partial.at("HEAD~1")
    read = old.read(old.files)
    assert isinstance(read["a.proto"], Unreadable)
    assert "--no-filter" in read["a.proto"].remedy
    assert read["b.proto"] == b'import "same.proto";'
    assert old.mentions() == {"b.proto": ("same.proto",)}
    partial.git("fetch", "--quiet", "--refetch", "--no-filter")
    assert texts(partial.at("HEAD~1"))["a.proto"] == 'import "old.proto";'


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + 64 * "a" + "\nsize 12\n"


def test_a_git_lfs_pointer_is_unreadable_with_the_remedy(repository: Repository) -> None:
    repository.commit({"a.proto": POINTER, "b.proto": "b"})
    for found in (repository.at("HEAD"), repository.index(), repository.work_tree()):
        read = found.read(found.files)
        assert isinstance(read["a.proto"], Unreadable)
        assert "git lfs pull" in read["a.proto"].remedy
        assert read["b.proto"] == b"b"


def test_a_file_above_the_limit_is_unreadable_and_hides_no_other_file(repository: Repository) -> None:
    repository.commit({"a.proto": "a", "c.proto": "c"})
    with (repository.path / "b.proto").open("wb") as file:
        file.truncate(LARGEST + 1)
    untracked = repository.work_tree()
    assert "MiB" in texts(untracked)["b.proto"]
    repository.commit()
    for found in (repository.at("HEAD"), repository.work_tree()):
        read = texts(found)
        assert (read["a.proto"], read["c.proto"]) == ("a", "c")
        assert "MiB" in read["b.proto"]


def test_hundreds_of_files_are_read_through_one_process_without_a_deadlock(repository: Repository) -> None:
    expected = {f"{number % 7}/{number}.proto": f"{number}" * 1000 for number in range(500)}
    repository.commit(expected)
    assert texts(repository.at("HEAD")) == expected


def test_a_sha256_repository_has_the_ids_of_its_own_hash(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "sha256", "--object-format=sha256")
    repository.commit({"a.proto": 'import "b.proto";', "empty.proto": ""})
    repository.write({"new.proto": "new"})
    found = repository.work_tree()
    assert found.files["a.proto"] == repository.git("rev-parse", "HEAD:a.proto")
    assert found.files["new.proto"] == repository.git("hash-object", "new.proto") == blob_id(b"new", "sha256")
    assert repository.at("HEAD").mentions() == {"a.proto": ("b.proto",)}
    assert set(repository.index().files) == {"a.proto", "empty.proto"}
    loose = repository.git("rev-parse", "HEAD:a.proto")
    (repository.path / ".git" / "objects" / loose[:2] / loose[2:]).unlink()
    assert "missing" in texts(repository.at("HEAD"))["a.proto"]


def test_a_tree_is_a_revision_too(repository: Repository) -> None:
    repository.commit({"protos/a.proto": 'import "b.proto";', "c.proto": "c"})
    found = repository.at("HEAD:protos")
    assert set(found.files) == {"a.proto"}
    assert found.mentions() == {"a.proto": ("b.proto",)}


def test_a_name_that_leads_upward_is_not_taken_from_a_tree(repository: Repository) -> None:
    blob = run("sh", "-c", "echo x | git hash-object -w --stdin", cwd=repository.path).strip()
    tree = f"100644 blob {blob}\ta.proto\n"
    inner = subprocess.run(["git", "mktree"], cwd=repository.path, input=tree.encode(), stdout=-1, check=True)
    outer = f"040000 tree {inner.stdout.decode().strip()}\t..\n".encode()
    made = subprocess.run(["git", "mktree"], cwd=repository.path, input=outer, stdout=-1, check=True)
    found = repository.at(made.stdout.decode().strip())
    assert dict(found.files) == {}
    assert found.skipped == (Skipped("../a.proto", "not a path that git would check out"),)


def test_replaced_settings_do_not_change_what_is_seen(repository: Repository) -> None:
    repository.commit({"a.proto": 'import "b.proto";', "d/b.proto": "b"})
    before = repository.at("HEAD"), repository.work_tree()
    for setting in (
        "color.ui=always",
        "grep.lineNumber=true",
        "grep.column=true",
        "grep.patternType=fixed",
        "grep.fullName=false",
        "diff.noprefix=true",
        "diff.relative=true",
        "core.quotePath=true",
        "submodule.recurse=true",
        "core.fsmonitor=/does/not/exist",
    ):
        name, _, value = setting.partition("=")
        repository.git("config", name, value)
    (repository.path / ".gitattributes").write_text("*.proto binary\n")
    after = repository.at("HEAD"), repository.work_tree()
    assert [each.files for each in after] == [each.files for each in before]
    assert [each.mentions() for each in after] == [{"a.proto": ("b.proto",)}] * 2


def test_nothing_is_written_into_the_repository(repository: Repository) -> None:
    repository.commit({"a.proto": 'import "b.proto";', "b.proto": "b"})
    repository.commit({"a.proto": "2"})
    # Same content, new time: a git that refreshes its index would write it.
    os.utime(repository.path / "b.proto", (1, 1))
    repository.write({"c.proto": "c"})
    before = listing(repository.path)
    for found in (repository.at("HEAD~1"), repository.index(), repository.work_tree()):
        found.read(found.files)
        found.mentions()
        found.lookup("a.proto")
    repository.select()
    assert listing(repository.path) == before


def listing(path: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for each in sorted(path.rglob("*")):
        status = each.lstat()
        found[str(each)] = (status.st_mtime_ns, status.st_size)
    return found


def test_a_repository_of_someone_else_is_refused_in_one_line(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"a.proto": "a"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError, match="dubious ownership") as caught:
        locate(str(repository.path), os.environ)
    assert "safe.directory" in caught.value.hint
