"""What continuous integration (or pre-commit) says about the base of a change. Reads variables, never git."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LOCAL_HINT = "`git fetch --unshallow` brings the history that is missing"
_LARGEST_EVENT = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Base:
    """The base that the surroundings name.

    `candidates`: revisions, best first; the first that this clone has is taken. Empty: none is named.
    `exact`: compare with that commit itself; else with its merge base with what is checked.
    `why`: where the candidates come from, in words. `mend`: how full history is had here, in words.
    `new`: the revision to check, if the surroundings name it. `doubt`: why no candidate is named
    although there should be one, in words.
    """

    candidates: tuple[str, ...] = ()
    exact: bool = True
    why: str = ""
    mend: str = _LOCAL_HINT
    new: str = ""
    doubt: str = ""


def base(env: Mapping[str, str]) -> Base:
    """The base that `env` names, without a look at any repository."""
    if _pre_commit_pushes(env):
        return _pre_commit(env)
    if env.get("GITHUB_EVENT_NAME"):
        return _github(env)
    if env.get("GITLAB_CI"):
        return _gitlab(env)
    if env.get("BITBUCKET_BUILD_NUMBER") or env.get("BITBUCKET_PR_DESTINATION_BRANCH"):
        return _bitbucket(env)
    if env.get("TF_BUILD") or env.get("SYSTEM_PULLREQUEST_TARGETBRANCH"):
        return _azure(env)
    return Base()


def _pre_commit_pushes(env: Mapping[str, str]) -> bool:
    return any(env.get(f"PRE_COMMIT_{name}") for name in ("FROM_REF", "TO_REF", "LOCAL_BRANCH"))


def _pre_commit(env: Mapping[str, str]) -> Base:
    # A push of history of which the remote has nothing comes without both refs, with the branch alone.
    start = env.get("PRE_COMMIT_FROM_REF", "")
    end = env.get("PRE_COMMIT_TO_REF") or env.get("PRE_COMMIT_LOCAL_BRANCH", "")
    return Base(candidates=_present(start), why="PRE_COMMIT_FROM_REF", new=end)


def _github(env: Mapping[str, str]) -> Base:
    mend = "set `fetch-depth: 0` for actions/checkout"
    event = _event(env.get("GITHUB_EVENT_PATH", ""))
    target = env.get("GITHUB_BASE_REF", "")
    if target:
        candidates = (*_remote_branch(target), *_present(_text(event, "pull_request", "base", "sha")))
        return Base(candidates, exact=False, why=f"the pull request's target {target}", mend=mend)
    if env["GITHUB_EVENT_NAME"] == "merge_group":
        start = _text(event, "merge_group", "base_sha")
        return Base(_present(start), why="the merge group's base", mend=mend)
    if env["GITHUB_EVENT_NAME"] == "push":
        before = _text(event, "before")
        if not before:
            return Base(
                mend=mend, doubt="GITHUB_EVENT_PATH holds no event that names the commit before the push"
            )
        return Base(_present(before), why="the commit before the push", mend=mend)
    return Base(mend=mend)


def _gitlab(env: Mapping[str, str]) -> Base:
    mend = "set `GIT_DEPTH: 0` for the job"
    target = env.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "")
    start = env.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    if target or start:
        # The target's tip is set for merged results only, where the base of the difference would be too old.
        tip = env.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "")
        candidates = (*_present(tip), *_present(start), *_remote_branch(target))
        return Base(candidates, exact=False, why=f"the merge request's target {target}".rstrip(), mend=mend)
    before = env.get("CI_COMMIT_BEFORE_SHA", "")
    return Base(_present(before), why="the commit before the push", mend=mend)


def _bitbucket(env: Mapping[str, str]) -> Base:
    mend = "set `clone: depth: full` for the step"
    target = env.get("BITBUCKET_PR_DESTINATION_BRANCH", "")
    commit = env.get("BITBUCKET_PR_DESTINATION_COMMIT", "")
    candidates = (*_present(commit), *_remote_branch(target))
    return Base(candidates, exact=False, why=f"the pull request's target {target}".rstrip(), mend=mend)


def _azure(env: Mapping[str, str]) -> Base:
    mend = "set `fetchDepth: 0` for the checkout step"
    target = env.get("SYSTEM_PULLREQUEST_TARGETBRANCH", "").removeprefix("refs/heads/")
    return Base(_remote_branch(target), exact=False, why=f"the pull request's target {target}", mend=mend)


def _remote_branch(name: str) -> tuple[str, ...]:
    return (f"refs/remotes/origin/{name}",) if name else ()


def _present(revision: str) -> tuple[str, ...]:
    """The revision, unless it is empty or the row of zeros that stands for "there was none"."""
    return (revision,) if revision.strip("0") else ()


def _event(path: str) -> object:
    """The event that GitHub wrote to a file; None if it cannot be read."""
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            document: object = json.loads(file.read(_LARGEST_EVENT))
    except (OSError, ValueError, RecursionError):
        return None
    return document


def _text(document: object, *keys: str) -> str:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, str) else ""
