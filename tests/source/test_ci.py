"""The base that CI and pre-commit name, and what becomes of it in a repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from compatcheck.errors import UndecidedError
from compatcheck.source.choice.ci import Base, base
from compatcheck.source.choice.select import Request
from repositories import Repository, old, texts

ZEROS = 40 * "0"


def github(path: Path, event: object, name: str = "push", **more: str) -> dict[str, str]:
    (path / "event.json").write_text(json.dumps(event))
    return {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(path / "event.json"), **more}


@pytest.mark.parametrize(
    ("env", "candidates", "exact"),
    [
        ({}, (), True),
        (
            {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"},
            ("refs/remotes/origin/main",),
            False,
        ),
        ({"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": "/does/not/exist"}, (), True),
        ({"GITHUB_EVENT_NAME": "schedule", "GITHUB_BASE_REF": ""}, (), True),
        (
            {
                "GITLAB_CI": "true",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": "abc",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "dev",
                "CI_COMMIT_BEFORE_SHA": ZEROS,
            },
            ("abc", "refs/remotes/origin/dev"),
            False,
        ),
        (
            {
                "GITLAB_CI": "true",
                "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "def",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": "abc",
                "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "dev",
            },
            ("def", "abc", "refs/remotes/origin/dev"),
            False,
        ),
        ({"GITLAB_CI": "true", "CI_COMMIT_BEFORE_SHA": "abc"}, ("abc",), True),
        ({"GITLAB_CI": "true", "CI_COMMIT_BEFORE_SHA": ZEROS}, (), True),
        (
            {"BITBUCKET_PR_DESTINATION_BRANCH": "main", "BITBUCKET_PR_DESTINATION_COMMIT": "abc"},
            ("abc", "refs/remotes/origin/main"),
            False,
        ),
        ({"BITBUCKET_BUILD_NUMBER": "7"}, (), False),
        (
            {"TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/release/1"},
            ("refs/remotes/origin/release/1",),
            False,
        ),
        ({"TF_BUILD": "True"}, (), False),
        ({"PRE_COMMIT_FROM_REF": "abc", "PRE_COMMIT_TO_REF": "def", "GITLAB_CI": "true"}, ("abc",), True),
        ({"PRE_COMMIT_FROM_REF": ZEROS, "PRE_COMMIT_TO_REF": "def"}, (), True),
    ],
)
def test_the_variables_name_these_bases(
    env: dict[str, str], candidates: tuple[str, ...], exact: bool
) -> None:
    found = base(env)
    assert (found.candidates, found.exact) == (candidates, exact)


def test_events_of_github_name_the_commit_before(tmp_path: Path) -> None:
    assert base(github(tmp_path, {"before": "abc"})).candidates == ("abc",)
    assert base(github(tmp_path, {"before": ZEROS})).candidates == ()
    group = github(tmp_path, {"merge_group": {"base_sha": "abc"}}, "merge_group")
    assert (base(group).candidates, base(group).exact) == (("abc",), True)
    pull = github(
        tmp_path, {"pull_request": {"base": {"sha": "abc"}}}, "pull_request", GITHUB_BASE_REF="main"
    )
    assert base(pull).candidates == ("refs/remotes/origin/main", "abc")


@pytest.mark.parametrize("text", ["", "[]", "null", '{"before": 7}', '{"before"', 100_000 * "[", "\xff\xfe"])
def test_an_event_that_makes_no_sense_names_nothing(tmp_path: Path, text: str) -> None:
    env = github(tmp_path, {})
    (tmp_path / "event.json").write_text(text, encoding="latin-1")
    assert base(env).candidates == ()


def test_a_pre_commit_push_names_the_new_side_too() -> None:
    assert base({"PRE_COMMIT_FROM_REF": "a", "PRE_COMMIT_TO_REF": "b"}).new == "b"
    assert base({"PRE_COMMIT_LOCAL_BRANCH": "refs/heads/x"}).new == "refs/heads/x"
    assert base({}) == Base()


@pytest.fixture
def clone(repository: Repository, tmp_path: Path) -> Repository:
    """A clone whose branch work left main at "base"; main went on. a.proto: base, work 1, work 2."""
    repository.commit({"a.proto": "base"})
    repository.git("switch", "--quiet", "--create", "work")
    repository.commit({"a.proto": "work 1"})
    repository.commit({"a.proto": "work 2"})
    repository.git("switch", "--quiet", "main")
    repository.commit({"a.proto": "tip"})
    made = repository.clone(tmp_path / "clone")
    made.git("switch", "--quiet", "work")
    return made


def base_text(repository: Repository, env: dict[str, str], request: Request | None = None) -> str:
    return old(repository.select(request, env))


def test_a_pull_request_is_compared_with_the_merge_base(clone: Repository, tmp_path: Path) -> None:
    env = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main"}
    assert base_text(clone, env) == "base"
    assert base_text(clone, env, Request(exact=True)) == "tip"
    clone.git("switch", "--quiet", "--detach", "work")
    clone.git("merge", "--quiet", "--strategy=ours", "origin/main")
    assert base_text(clone, env) == "tip"
    sha = clone.git("rev-parse", "origin/main")
    event = {"pull_request": {"base": {"sha": sha}}}
    assert base_text(clone, github(tmp_path, event, "pull_request", GITHUB_BASE_REF="gone")) == "tip"
    assert base_text(clone, {"GITLAB_CI": "1", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": sha}) == "tip"


def test_a_push_is_compared_with_the_commit_before_it(clone: Repository, tmp_path: Path) -> None:
    before = clone.git("rev-parse", "HEAD~1")
    chosen = clone.select(env=github(tmp_path, {"before": before}))
    assert texts(chosen.old[0]) == {"a.proto": "work 1"}
    assert "the commit before the push" in chosen.old[0].origin.name
    assert chosen.notices == ()
    assert base_text(clone, {"GITLAB_CI": "true", "CI_COMMIT_BEFORE_SHA": before}) == "work 1"


def test_a_named_old_side_wins_over_ci(clone: Repository, tmp_path: Path) -> None:
    env = github(tmp_path, {"before": clone.git("rev-parse", "HEAD~1")})
    assert base_text(clone, env, Request(against=("origin/main~0",))) == "tip"
    assert base_text(clone, env, Request(staged=True)) == "work 2"


def test_a_new_branch_is_compared_with_the_default_branch(clone: Repository, tmp_path: Path) -> None:
    assert base_text(clone, github(tmp_path, {"before": ZEROS})) == "base"


def test_a_push_that_rewrote_history_falls_back_and_says_so(clone: Repository, tmp_path: Path) -> None:
    env = github(tmp_path, {"before": 40 * "a", "forced": True})
    chosen = clone.select(env=env)
    assert texts(chosen.old[0]) == {"a.proto": "base"}
    (notice,) = chosen.notices
    assert "aaaaaaaaaaaa" in notice
    # On main itself nothing is left to compare with, and that is not a pass.
    clone.git("switch", "--quiet", "main")
    with pytest.raises(UndecidedError):
        clone.select(env=env)


def test_a_target_that_is_not_in_the_clone_is_not_decided(clone: Repository) -> None:
    with pytest.raises(UndecidedError) as caught:
        clone.select(env={"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "release"})
    assert "origin/release" in caught.value.message
    assert "fetch-depth: 0" in caught.value.hint


def test_a_shallow_clone_of_a_push_is_not_decided(clone: Repository, tmp_path: Path) -> None:
    env = github(tmp_path, {"before": clone.git("rev-parse", "HEAD~1")})
    shallow = clone.clone(tmp_path / "shallow", "--depth=1")
    with pytest.raises(UndecidedError) as caught:
        shallow.select(env=env)
    assert "fetch-depth: 0" in caught.value.hint


def test_a_pre_push_hook_compares_exactly_what_is_pushed(clone: Repository) -> None:
    start, end = clone.git("rev-parse", "HEAD~1"), clone.git("rev-parse", "HEAD")
    clone.write({"a.proto": "not pushed"})
    env = {"PRE_COMMIT_FROM_REF": start, "PRE_COMMIT_TO_REF": end}
    chosen = clone.select(env=env)
    assert (texts(chosen.new), texts(chosen.old[0])) == ({"a.proto": "work 2"}, {"a.proto": "work 1"})
    assert chosen.new.origin.commit == end
    first = clone.select(env={"PRE_COMMIT_TO_REF": end})
    assert (texts(first.new), texts(first.old[0])) == ({"a.proto": "work 2"}, {"a.proto": "base"})
    branch = clone.select(env={"PRE_COMMIT_LOCAL_BRANCH": "refs/heads/work"})
    assert (texts(branch.new), texts(branch.old[0])) == ({"a.proto": "work 2"}, {"a.proto": "base"})
