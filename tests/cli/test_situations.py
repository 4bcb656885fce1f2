"""What a user's repository can look like: `compatcheck check` finds the right thing and writes nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from program import GROWN, OTHER, OTHER_RETYPED, RETYPED, SERVED, check, compatcheck, refused, untouched
from repositories import Repository

ITEMS = "proto/shop/v1/items.proto"
MORE = "proto/shop/v2/items.proto"


@pytest.fixture
def forked(shop: Repository) -> Repository:
    """main grew by a file after the branch work left it; work breaks a field and is checked out."""
    shop.git("switch", "--quiet", "--create", "work")
    shop.commit({ITEMS: RETYPED})
    shop.git("switch", "--quiet", "main")
    shop.commit({MORE: OTHER})
    shop.git("switch", "--quiet", "work")
    return shop


@pytest.fixture
def clone(forked: Repository, tmp_path: Path) -> Repository:
    """A clone in which work is checked out and main is only a branch of the remote."""
    forked.git("switch", "--quiet", "main")
    cloned = forked.clone(tmp_path / "clone")
    cloned.git("switch", "--quiet", "work")
    cloned.git("branch", "--quiet", "--delete", "--force", "main")
    return cloned


def test_in_a_linked_worktree_its_own_files_and_index_count(shop: Repository, tmp_path: Path) -> None:
    linked = Repository(tmp_path / "linked")
    shop.git("worktree", "add", "--quiet", str(linked.path), "-b", "work")
    linked.write({ITEMS: RETYPED})
    with untouched(shop.path, linked.path):
        assert check(linked).code == 1
        assert check(linked, "--staged").code == 0
        assert check(shop).code == 0
    linked.git("add", "--all")
    assert check(linked, "--staged", "--against", "HEAD").code == 1
    assert check(shop, "--staged", "--against", "HEAD").code == 0


def test_from_a_subdirectory_the_whole_index_is_checked(shop: Repository) -> None:
    shop.write({"services/README": "x", ITEMS: RETYPED})
    shop.git("add", "--all")
    for arguments in (["--staged"], ["--staged", "--against", "HEAD"], ["--against", "HEAD"]):
        done = check(shop, *arguments, "--format", "json", cwd="services")
        assert (done.code, done.rules) == (1, ["field-type-changed"])


@pytest.mark.parametrize("spelled", ["absolute", "relative"])
def test_the_index_that_a_hook_names_is_the_one_that_is_checked(shop: Repository, spelled: str) -> None:
    other = ".git/next-index.lock"
    shop.write({ITEMS: RETYPED})
    shop.git("add", "--all")
    (shop.path / ".git/index").rename(shop.path / other)
    shop.git("reset", "--quiet")
    env = {"GIT_INDEX_FILE": str(shop.path / other) if spelled == "absolute" else other}
    with untouched(shop.path):
        assert check(shop, "--staged", "--against", "HEAD").code == 0
        assert check(shop, "--staged", "--against", "HEAD", env=env).code == 1


def test_a_hook_judges_what_a_commit_of_one_path_will_hold(shop: Repository) -> None:
    shop.commit({MORE: OTHER})
    shop.write({ITEMS: RETYPED, MORE: OTHER_RETYPED})
    shop.git("add", "--all")
    hook = shop.path / ".git/hooks/pre-commit"
    seen = shop.path.parent / "seen.json"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\n'{sys.executable}' -m compatcheck check --staged --exit-zero --format json > '{seen}'\n"
    )
    hook.chmod(0o755)
    shop.git("commit", "--quiet", "--message", "one of two", MORE)
    (found,) = json.loads(seen.read_text())["findings"]
    assert found["path"] == MORE


def test_blanks_and_letters_of_any_language_in_paths(tmp_path: Path) -> None:
    folder, name = "über uns/größen und preise", "über uns/größen und preise/価格 1.proto"
    repository = Repository.create(tmp_path / "Läden, alt & neu")
    using = f'syntax = "proto3";\npackage u;\nimport "{name}";\nmessage Use {{ shop.v1.Item item = 1; }}\n'
    repository.commit({name: SERVED, "use.proto": using})
    repository.write({name: RETYPED})
    for cwd in (".", folder):
        done = check(repository, "--format", "json", cwd=cwd)
        assert (done.code, done.rules, done.unknown) == (1, ["field-type-changed"], [])
        assert [one["path"] for one in done.findings] == [name]
    assert f"--> {name}:11:3" in check(repository).out
    elsewhere = compatcheck(
        "check", f"{repository.path}#HEAD", "--against", str(repository.path), cwd=tmp_path
    )
    assert elsewhere.code == 1


def test_links_are_followed_inside_and_never_out_of_a_source(shop: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.proto").write_text("secret")
    (shop.path / "secret.proto").symlink_to("../outside/secret.proto")
    (shop.path / "inside.proto").symlink_to(ITEMS)
    shop.commit()
    shop.write({ITEMS: RETYPED})
    done = check(shop)
    assert done.code == 1
    assert done.out.count("error[field-type-changed]") == 1
    assert "skipped: secret.proto: a link that leads out of the source" in done.out


def test_a_submodule_is_skipped_and_said(shop: Repository, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    other.commit({"other.proto": OTHER})
    shop.git("submodule", "--quiet", "add", other.path.as_uri(), "vendor")
    shop.commit({ITEMS: RETYPED})
    for arguments in (["HEAD"], ["--staged"], []):
        done = check(shop, *arguments, "--against", "HEAD~1")
        assert done.code == 1
        assert "skipped: vendor: a submodule; its files are not read" in done.out
    for format_ in ("json", "github"):
        assert "submodule" in check(shop, "--against", "HEAD~1", "--format", format_).out


def test_an_lfs_pointer_is_unknown_and_the_rest_is_checked(shop: Repository) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12\n"
    shop.commit({MORE: OTHER})
    shop.commit({MORE: pointer})
    done = check(shop, "HEAD", "--against", "HEAD~1")
    assert done.code == 3
    assert f"unknown: {MORE}: a Git LFS pointer stands in its place; run `git lfs pull`" in done.out
    shop.write({ITEMS: RETYPED})
    both = check(shop, "--against", "HEAD~1", "--format", "json")
    assert (both.code, both.rules, both.unknown) == (1, ["field-type-changed"], [MORE])


def test_a_missing_object_is_unknown_and_the_rest_is_checked(shop: Repository) -> None:
    shop.commit({MORE: OTHER})
    lost = shop.git("rev-parse", f"HEAD:{MORE}")
    shop.commit({MORE: OTHER_RETYPED})
    (shop.path / ".git/objects" / lost[:2] / lost[2:]).unlink()
    done = check(shop, "HEAD", "--against", "HEAD~1")
    assert done.code == 3
    assert f"unknown: {MORE}: its object is missing from the repository; `git fetch --refetch`" in done.out
    shop.write({ITEMS: RETYPED})
    both = check(shop, "--against", "HEAD~1", "--format", "json")
    assert (both.code, both.rules, both.unknown) == (1, ["field-type-changed"], [MORE])


def test_a_partial_clone_fetches_nothing_and_says_how_to(shop: Repository, tmp_path: Path) -> None:
    shop.commit({ITEMS: RETYPED})
    shop.git("config", "uploadpack.allowFilter", "true")
    partial = shop.clone(tmp_path / "partial", "--filter=blob:none")
    with untouched(partial.path):
        done = check(partial, "--against", "HEAD~1")
    assert done.code == 3
    assert f"unknown: {ITEMS}" in done.out
    assert "`git fetch --refetch --no-filter`" in done.out


def test_a_shallow_clone_without_the_base_is_undecided_and_names_the_command(
    forked: Repository, tmp_path: Path
) -> None:
    forked.git("switch", "--quiet", "main")
    shallow = forked.clone(tmp_path / "shallow", "--depth=1", "--no-single-branch", "--branch=work")
    actions = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}
    runs = [
        (check(shallow), "`git fetch --unshallow`"),
        (check(shallow, "--against", "HEAD~1"), "`git fetch --unshallow`"),
        (check(shallow, "--against", "origin/main"), "`git fetch --unshallow`"),
        (check(shallow, "HEAD", env=actions), "`fetch-depth: 0`"),
        (
            check(shallow, "HEAD", env={"GITLAB_CI": "true", "CI_COMMIT_BEFORE_SHA": "1" * 40}),
            "`GIT_DEPTH: 0`",
        ),
    ]
    for done, remedy in runs:
        assert (done.code, done.out) == (3, ""), done
        assert remedy in done.err
        assert len(done.err.splitlines()) == 2


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    young = Repository.create(tmp_path / "young")
    young.write({"a.proto": SERVED})
    done = check(young, "--format", "json")
    assert (done.code, done.rules) == (0, ["service-added"])
    refused(check(young, "HEAD"), "no commit yet")


@pytest.mark.parametrize("format_", ["text", "json", "github"])
def test_a_commit_compared_with_itself_is_said_in_every_format(clone: Repository, format_: str) -> None:
    clone.git("switch", "--quiet", "--detach", "origin/main")
    for arguments in (["HEAD"], ["HEAD", "--against", "HEAD"], []):
        done = check(clone, *arguments, "--format", format_)
        assert done.code == 0
        assert "nothing to compare" in done.out


def test_a_branch_means_its_merge_base_unless_its_tip_is_asked_for(forked: Repository) -> None:
    based = check(forked, "HEAD", "--against", "main", "--format", "json")
    exact = check(forked, "HEAD", "--against", "main", "--exact", "--format", "json")
    assert (based.code, based.rules) == (1, ["field-type-changed"])
    assert exact.code == 1
    assert "service-removed" in exact.rules


def test_without_a_word_the_base_is_where_the_branch_left_the_remote(clone: Repository) -> None:
    done = check(clone)
    assert done.code == 1
    assert "against the merge base of HEAD and origin/main" in done.out
    assert "service-removed" not in done.out


def test_the_latest_release_is_the_base_if_asked_for(shop: Repository) -> None:
    shop.git("tag", "v1.9.0")
    shop.commit({ITEMS: GROWN})
    shop.git("tag", "v1.10.0")
    shop.commit({ITEMS: GROWN.replace("string note", "bytes note")})
    done = check(shop, "HEAD", "--against-released", "v*")
    assert done.code == 1
    assert "against the latest release v1.10.0 (" in done.out
    refused(check(shop, "--against-released", "w*"), "no tag matches w*")


def github_push(clone: Repository) -> dict[str, str]:
    event = clone.path.parent / "event.json"
    event.write_text(json.dumps({"before": clone.git("rev-parse", "HEAD~1"), "forced": False}))
    return {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(event)}


def gitlab_merge_request(clone: Repository) -> dict[str, str]:
    base = clone.git("merge-base", "HEAD", "origin/main")
    return {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
    }


def gitlab_push(clone: Repository) -> dict[str, str]:
    return {"GITLAB_CI": "true", "CI_COMMIT_BEFORE_SHA": clone.git("rev-parse", "HEAD~1")}


def pushed_range(clone: Repository) -> dict[str, str]:
    return {"PRE_COMMIT_FROM_REF": clone.git("rev-parse", "HEAD~1"), "PRE_COMMIT_TO_REF": "work"}


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            lambda _: {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"},
            "pull request's target main",
        ),
        (github_push, "the commit before the push"),
        (gitlab_merge_request, "merge request's target main"),
        (gitlab_push, "the commit before the push"),
        (
            lambda _: {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_PR_DESTINATION_BRANCH": "main"},
            "pull request's target main",
        ),
        (
            lambda _: {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"},
            "pull request's target main",
        ),
        (pushed_range, "PRE_COMMIT_FROM_REF"),
    ],
    ids=["GitHub pull", "GitHub push", "GitLab merge", "GitLab push", "Bitbucket", "Azure", "pre-commit"],
)
def test_the_base_is_the_one_that_the_surroundings_name(
    clone: Repository, variables: Callable[[Repository], dict[str, str]], said: str
) -> None:
    env = variables(clone)
    clone.git("checkout", "--quiet", "--detach", "work")
    with untouched(clone.path):
        done = check(clone, env=env)
    assert done.code == 1, done
    assert said in done.out
    assert done.out.count("error[") == 1
    assert "field-type-changed" in done.out


@pytest.mark.parametrize("text", ["{", "[]", '{"before": 3}', "[" * 100_000, "none at all"])
def test_an_event_that_cannot_be_read_is_said_and_never_a_pass(clone: Repository, text: str) -> None:
    event = clone.path.parent / "event.json"
    if text != "none at all":
        event.write_text(text)
    env = {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(event)}
    done = check(clone, "HEAD", env=env)
    assert done.code == 1
    assert "notice: GITHUB_EVENT_PATH holds no event that names the commit before the push" in done.out
    on_main = check(clone, "origin/main", env=env)
    assert (on_main.code, on_main.out) == (3, "")


@pytest.mark.parametrize("options", [["--bare"], ["--mirror"]])
def test_a_bare_repository_is_checked_from_inside_and_from_outside(
    forked: Repository, tmp_path: Path, options: list[str]
) -> None:
    bare = forked.clone(tmp_path / "bare.git", *options)
    with untouched(bare.path):
        runs = [
            check(bare, "work", "--against", "main"),
            compatcheck("check", "work", "--against", "main", "--repo", str(bare.path), cwd=tmp_path),
            compatcheck("check", "bare.git#work", "--against", "bare.git#main~1", cwd=tmp_path),
        ]
    for done in runs:
        assert done.code == 1, done
        assert done.out.count("error[") == 1
    refused(check(bare, "--staged"), "bare repository")


def test_revisions_of_another_repository_are_a_side(shop: Repository, tmp_path: Path) -> None:
    other = shop.clone(tmp_path / "other")
    other.commit({ITEMS: RETYPED})
    with untouched(shop.path, other.path):
        done = check(shop, "../other#HEAD", "--against", "HEAD", "--format", "json")
        assert (done.code, done.rules) == (1, ["field-type-changed"])
        assert check(shop, "--against", "../other#HEAD~1").code == 0
        assert check(shop, "--repo", "../other", "HEAD", "--against", "HEAD~1").code == 1
    refused(check(shop, "--against", "../other#nowhere"), "nowhere")
    refused(check(shop, "--repo", "../nowhere"), "nowhere")


def test_a_repository_with_long_object_ids_is_no_different(tmp_path: Path, shop: Repository) -> None:
    modern = Repository.create(tmp_path / "modern", "--object-format=sha256")
    modern.commit({ITEMS: SERVED})
    modern.write({ITEMS: RETYPED})
    assert check(modern, "--format", "json").rules == ["field-type-changed"]
    assert check(modern, "--against", str(shop.path / "proto"), "--format", "json").code == 1


def test_nothing_is_written_whatever_is_compared(shop: Repository) -> None:
    shop.commit({MORE: OTHER})
    shop.write({ITEMS: RETYPED, "new.proto": OTHER_RETYPED.replace("v2", "v3")})
    shop.git("add", MORE)
    (shop.path / ITEMS).touch()
    with untouched(shop.path):
        for arguments in ([], ["--staged"], ["HEAD", "--against", "HEAD~1"], ["--against", "./proto"]):
            check(shop, *arguments)
