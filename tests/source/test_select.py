"""Which sources a request selects: the sides by name, merge bases, releases, what is said and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from compatcheck.errors import UndecidedError, UsageError
from compatcheck.source.choice.select import Request
from compatcheck.source.snapshot import DescriptorSet
from repositories import Repository, against, old, texts


def test_a_branch_means_the_merge_base_unless_exact(forked: Repository) -> None:
    base = forked.git("merge-base", "main", "work")
    chosen = forked.select(against("main"))
    assert old(chosen) == "base"
    assert (chosen.old[0].origin.commit, chosen.old[0].origin.revision) == (base, "main")
    assert chosen.old[0].origin.name == "the merge base of HEAD and main"
    assert old(forked.select(against("main", exact=True))) == "tip"
    assert old(forked.select(against("refs/heads/main"))) == "base"
    assert old(forked.select(Request(staged=True, against=("main",)))) == "base"
    assert old(forked.select(against("main", new="work"))) == "base"


def test_what_is_no_branch_is_taken_as_it_is(forked: Repository) -> None:
    forked.git("tag", "v1", "main")
    for name in ("v1", "main~0", forked.git("rev-parse", "main"), ":/change"):
        assert old(forked.select(against(name))) == "tip" or name == ":/change"
    assert old(forked.select(against("HEAD"))) == "work"
    assert old(forked.select(against("@"))) == "work"


def test_several_old_sides_keep_their_order(forked: Repository) -> None:
    forked.git("tag", "v1", "work~1")
    chosen = forked.select(against("main~0", "v1", "HEAD"))
    assert [texts(each)["a.proto"] for each in chosen.old] == ["tip", "base", "work"]


def test_the_default_is_the_work_tree_and_the_merge_base_with_the_remotes_default_branch(
    forked: Repository, tmp_path: Path
) -> None:
    forked.git("switch", "--quiet", "main")
    clone = forked.clone(tmp_path / "clone")
    clone.git("switch", "--quiet", "work")
    clone.write({"a.proto": "edited"})
    for _ in range(3):
        chosen = clone.select()
        assert chosen.new.origin.kind == "work-tree"
        assert (texts(chosen.new)["a.proto"], old(chosen)) == ("edited", "base")
        assert chosen.old[0].origin.name == "the merge base of HEAD and origin/main"
        assert chosen.repository == clone.path
        assert chosen.notices == ()
        # Some checkouts do not set it; then main is tried.
        clone.git("remote", "set-head", "origin", "--delete")
    assert old(clone.select(Request(exact=True))) == "tip"
    clone.git("remote", "rename", "origin", "upstream")
    assert old(clone.select()) == "base"


def test_without_a_remote_the_default_is_head(forked: Repository) -> None:
    forked.write({"a.proto": "edited"})
    chosen = forked.select()
    assert (texts(chosen.new)["a.proto"], old(chosen)) == ("edited", "work")
    assert chosen.notices == ()


def test_the_default_for_the_index_is_head(forked: Repository, tmp_path: Path) -> None:
    forked.git("switch", "--quiet", "main")
    clone = forked.clone(tmp_path / "clone")
    clone.git("switch", "--quiet", "work")
    clone.write({"a.proto": "staged"})
    clone.git("add", "--all")
    chosen = clone.select(Request(staged=True))
    assert (texts(chosen.new)["a.proto"], old(chosen)) == ("staged", "work")


def test_a_commit_compared_with_itself_is_said(forked: Repository, tmp_path: Path) -> None:
    forked.git("switch", "--quiet", "main")
    clone = forked.clone(tmp_path / "clone")
    commit = clone.git("rev-parse", "--short=12", "HEAD")
    (notice,) = clone.select().notices
    assert "nothing to compare" in notice
    assert commit in notice
    (notice,) = clone.select(against("main", new="main")).notices
    assert f"the same commit {commit}" in notice
    (notice,) = clone.select(against("HEAD", "HEAD~1", new="HEAD")).notices
    assert "nothing to compare" in notice
    # With a change of its own the work tree is another matter.
    clone.write({"a.proto": "edited"})
    assert clone.select().notices == ()
    assert clone.select(against("HEAD~1", new="HEAD")).notices == ()


def test_a_revision_wins_over_a_folder_of_its_name_unless_written_as_a_path(forked: Repository) -> None:
    forked.write({"main/a.proto": "folder", "plain/a.proto": "plain"})
    assert old(forked.select(against("main", exact=True))) == "tip"
    for name in ("./main", "main/", str(forked.path / "main")):
        chosen = forked.select(against(name))
        assert old(chosen) == "folder"
        assert chosen.old[0].origin.kind == "directory"
    assert old(forked.select(against("plain"))) == "plain"


def test_the_index_and_the_work_tree_can_be_old_sides(forked: Repository) -> None:
    forked.write({"a.proto": "staged"})
    forked.git("add", "--all")
    forked.write({"a.proto": "edited"})
    chosen = forked.select(against(":index", ":worktree", new="HEAD"))
    assert [texts(each)["a.proto"] for each in chosen.old] == ["staged", "edited"]


def test_a_descriptor_set_is_taken_as_it_is(forked: Repository) -> None:
    (forked.path / "image.binpb").write_bytes(b"\n\x00")
    chosen = forked.select(against("image.binpb"))
    (source,) = chosen.old
    assert isinstance(source, DescriptorSet)
    assert (source.data, source.origin.kind, source.origin.name) == (b"\n\0", "descriptor-set", "image.binpb")


def test_another_repository_is_named_with_its_revision(forked: Repository, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other # one")
    other.commit({"a.proto": "other 1"})
    other.git("branch", "odd#name")
    other.commit({"a.proto": "other 2"})
    bare = other.clone(tmp_path / "bare.git", "--bare")
    assert old(forked.select(against(f"{other.path}#main"))) == "other 2"
    assert old(forked.select(against(f"{other.path}#odd#name"))) == "other 1"
    assert old(forked.select(against("../bare.git#HEAD~1"))) == "other 1"
    assert old(forked.select(against("../bare.git#"))) == "other 2"
    assert old(Repository(tmp_path).select(against("repository#main", new="repository#work"))) == "base"
    with pytest.raises(UsageError, match="without a work tree"):
        forked.select(against(str(bare.path)))
    with pytest.raises(UsageError, match="nope"):
        forked.select(against(f"{other.path}#nope"))


def test_repo_names_the_repository_for_everything(forked: Repository, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    chosen = Repository(elsewhere).select(Request(repo="../repository", against=("main",)))
    assert (texts(chosen.new)["a.proto"], old(chosen)) == ("work", "base")
    assert chosen.repository == forked.path
    with pytest.raises(UsageError, match="not a git repository"):
        Repository(tmp_path).select(Request(repo="elsewhere"))


def test_a_named_repository_is_not_mistaken_for_the_hooks(forked: Repository, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    other.commit({"a.proto": "other"})
    hook = {"GIT_DIR": str(forked.path / ".git"), "GIT_INDEX_FILE": str(forked.path / ".git" / "index")}
    chosen = forked.select(Request(repo=str(other.path), staged=True), hook)
    assert texts(chosen.new) == {"a.proto": "other"}
    forked.write({"a.proto": "staged"})
    forked.git("add", "--all")
    assert texts(forked.select(Request(repo=".", staged=True), hook).new)["a.proto"] == "staged"


def test_settings_for_one_git_command_do_not_reach_another_repository(
    forked: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repository.create(tmp_path / "other")
    ignored = tmp_path / "ignored"
    ignored.write_text("*.proto\n")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.excludesfile={ignored}'")
    for repository in (forked, other):
        repository.write({"untracked.proto": "x"})
    assert "untracked.proto" in texts(forked.select(Request(repo=str(other.path))).new)
    assert "untracked.proto" not in texts(forked.select(Request()).new)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (against("nope"), "nope is neither a revision"),
        (against("mian"), "unknown revision mian"),
        (against("--all"), "--all is neither"),
        (against("main..work"), "is a range"),
        (against(""), "empty"),
        (against("a\0b"), "unusable"),
        (against("HEAD:a.proto"), "neither a revision"),
        (against("./a.proto"), "neither a directory"),
        (Request(new="./"), "nothing says what to compare ./ with"),
        (Request(new="main", staged=True), "--staged"),
        (Request(against_released="v*"), "no tag matches"),
    ],
)
def test_what_names_nothing_is_refused_in_one_line(forked: Repository, request_: Request, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        forked.select(request_)
    assert said in caught.value.message
    assert "\n" not in caught.value.message + caught.value.hint


def test_a_name_that_is_nearly_right_is_suggested(forked: Repository, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        forked.select(against("mian"))
    assert caught.value.hint == "did you mean main?"
    clone = forked.clone(tmp_path / "clone")
    with pytest.raises(UsageError) as caught:
        clone.select(against("main"))
    assert caught.value.hint == "did you mean origin/main?"


def test_outside_a_repository_it_is_said_what_to_do(tmp_path: Path) -> None:
    for request in (Request(), Request(staged=True), against("main", new="./")):
        with pytest.raises(UsageError) as caught:
            Repository(tmp_path).select(request)
        assert "--repo" in caught.value.hint


def test_histories_without_a_common_ancestor_are_not_decided(forked: Repository) -> None:
    forked.git("switch", "--quiet", "--orphan", "alone")
    forked.commit({"a.proto": "alone"})
    with pytest.raises(UndecidedError) as caught:
        forked.select(against("main"))
    assert "--exact" in caught.value.hint
