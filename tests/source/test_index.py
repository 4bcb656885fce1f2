"""Snapshots of the index, and what a real pre-commit hook sees of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from compatcheck.source.snapshot import Unreadable
from repositories import Repository, run, texts

# Runs inside a hook, with the variables that git sets there.
DUMP = """#!{python}
import json, os, pathlib, sys
sys.path[:0] = {path!r}
from compatcheck.source.choice.select import Request, select
chosen = select(Request(staged=True), os.environ, pathlib.Path.cwd())
found = chosen.new.read(chosen.new.files)
held = {{"new": {{path: data.decode() for path, data in found.items()}}, "old": chosen.old[0].origin.commit}}
held["mentions"] = chosen.new.mentions()
other = select(Request(repo={other!r}, staged=True), os.environ, pathlib.Path.cwd())
held["other"] = sorted(other.new.files)
pathlib.Path({out!r}).write_text(json.dumps(held))
"""


def test_the_index_is_what_was_staged_and_not_what_is_on_disk(repository: Repository) -> None:
    repository.commit({"a.proto": "1", "b.proto": "b"})
    repository.write({"a.proto": "staged", "c.proto": 'import "a.proto";'})
    repository.git("add", "a.proto", "c.proto")
    repository.write({"a.proto": "later", "d.proto": "untracked"})
    repository.git("rm", "--quiet", "b.proto")
    found = repository.index()
    assert texts(found) == {"a.proto": "staged", "c.proto": 'import "a.proto";'}
    assert found.mentions() == {"c.proto": ("a.proto",)}


def test_an_entry_that_is_only_intended_to_be_added_is_no_content(repository: Repository) -> None:
    repository.commit({"a.proto": "a"})
    repository.write({"intended.proto": "x", "empty.proto": ""})
    repository.git("add", "--intent-to-add", "intended.proto")
    repository.git("add", "empty.proto")
    assert texts(repository.index()) == {"a.proto": "a", "empty.proto": ""}
    assert texts(repository.work_tree()) == {"a.proto": "a", "empty.proto": "", "intended.proto": "x"}


def test_a_file_with_a_conflict_is_unreadable_and_not_removed(repository: Repository) -> None:
    repository.commit({"a.proto": "base", "b.proto": "b"})
    repository.git("switch", "--quiet", "--create", "side")
    repository.commit({"a.proto": "theirs"})
    repository.git("switch", "--quiet", "main")
    repository.commit({"a.proto": "ours"})
    with pytest.raises(AssertionError):
        repository.git("merge", "side")
    found = repository.index()
    read = found.read(found.files)
    assert isinstance(read["a.proto"], Unreadable)
    assert "merge conflict" in read["a.proto"].reason
    assert read["b.proto"] == b"b"
    assert found.files["a.proto"] != repository.at("main").files["a.proto"]
    assert "<<<<<<<" in texts(repository.work_tree())["a.proto"]


def test_an_unborn_head_compares_with_the_empty_tree(repository: Repository) -> None:
    repository.write({"a.proto": "a"})
    repository.git("add", "a.proto")
    repository.write({"b.proto": "b"})
    assert texts(repository.index()) == {"a.proto": "a"}
    chosen = repository.select()
    assert texts(chosen.new) == {"a.proto": "a", "b.proto": "b"}
    assert [each.origin.kind for each in chosen.old] == ["empty"]
    assert texts(chosen.old[0]) == {}
    assert chosen.notices == ()


@pytest.mark.parametrize("linked", [False, True], ids=["main worktree", "linked worktree"])
def test_a_hook_sees_what_will_be_committed(repository: Repository, tmp_path: Path, linked: bool) -> None:
    head = repository.commit({"a.proto": "1", "dir/b.proto": "1"})
    other = Repository.create(tmp_path / "other")
    other.commit({"other.proto": "x"})
    out = tmp_path / "out.json"
    hook = repository.path / ".git" / "hooks" / "pre-commit"
    source = str(Path(__file__).parents[2] / "src")
    fields = {"python": sys.executable, "path": [source], "out": str(out), "other": str(other.path)}
    hook.write_text(DUMP.format(**fields))
    hook.chmod(0o755)
    here = repository
    if linked:
        repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
        here = Repository(tmp_path / "linked")

    # commit -a: the index is a copy that a variable names.
    here.write({"a.proto": 'import "all.proto";', "dir/b.proto": "2"})
    here.git("commit", "--quiet", "--all", "--message", "all")
    seen = out.read_text()
    assert f'"old": "{head}"' in seen
    assert '{"a.proto": "import \\"all.proto\\";", "dir/b.proto": "2"}' in seen
    assert '"mentions": {"a.proto": ["all.proto"]}' in seen
    assert '"other": ["other.proto"]' in seen

    # commit PATH: what is staged for other files is left out.
    here.write({"a.proto": "3", "dir/b.proto": "3"})
    here.git("add", "a.proto")
    run("git", "commit", "--quiet", "--message", "path", "b.proto", cwd=here.path / "dir")
    assert '{"a.proto": "import \\"all.proto\\";", "dir/b.proto": "3"}' in out.read_text()

    # a partial stage.
    here.write({"dir/b.proto": "4"})
    here.git("commit", "--quiet", "--message", "stage")
    assert '{"a.proto": "3", "dir/b.proto": "3"}' in out.read_text()


def test_the_index_file_that_the_environment_names_is_read(repository: Repository) -> None:
    repository.commit({"a.proto": "a"})
    env = {"GIT_INDEX_FILE": ".git/other-index"}
    repository.write({"b.proto": "b"})
    run("git", "add", "b.proto", cwd=repository.path, env=env)
    assert texts(repository.index(env)) == {"b.proto": "b"}
    assert texts(repository.index()) == {"a.proto": "a"}
    os.environ.pop("GIT_INDEX_FILE", None)
    inside = repository.path / "sub"
    inside.mkdir()
    assert texts(Repository(inside).index(env)) == {"b.proto": "b"}
