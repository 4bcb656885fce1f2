"""Questions about a repository's history: what a revision names, merge bases, branches, release tags."""

from __future__ import annotations

from fnmatch import fnmatchcase

from compatcheck.source.content import decode
from compatcheck.source.git.commands import ask, demand, line
from compatcheck.source.git.place import Place
from compatcheck.source.git.released import latest

_SUGGESTED_FROM = 2000  # names; more would cost more than a suggestion is worth


def commit_of(place: Place, revision: str) -> str | None:
    """The full id of the commit that `revision` names (anything that `git rev-parse` takes), or None."""
    return _peeled(place, revision, "commit")


def tree_of(place: Place, revision: str) -> str | None:
    """The full id of the tree that `revision` names, itself or through a commit or tag, or None."""
    return _peeled(place, revision, "tree")


def _peeled(place: Place, revision: str, kind: str) -> str | None:
    # In ":/text" and "HEAD:path" the suffix would be taken for a part of the text or the path.
    named = _verified(place, revision) if ":" in revision else revision
    return _verified(place, f"{named}^{{{kind}}}") if named else None


def _verified(place: Place, expression: str) -> str | None:
    return line(place, "rev-parse", "--verify", "--quiet", "--end-of-options", expression)


def branch_of(place: Place, revision: str) -> str:
    """The full name of the branch, local or remote-tracking, that `revision` names; empty if it is none.

    HEAD stands for a commit here and not for the branch that it is on.
    """
    if revision in ("HEAD", "@"):
        return ""
    name = line(
        place, "rev-parse", "--verify", "--quiet", "--symbolic-full-name", "--end-of-options", revision
    )
    return name if name and name.startswith(("refs/heads/", "refs/remotes/")) else ""


def merge_base(place: Place, one: str, other: str) -> str | None:
    """The best common ancestor of two commits (full ids), or None."""
    found = line(place, "merge-base", one, other)
    return found.split("\n")[0] if found else None


def is_unborn(place: Place) -> bool:
    """Whether HEAD is on a branch that has no commit yet."""
    return commit_of(place, "HEAD") is None and line(place, "symbolic-ref", "--quiet", "HEAD") is not None


def default_branch(place: Place) -> str | None:
    """The default branch of the remote as this repository knows it (`refs/remotes/origin/main`), or None.

    `origin`, or the only remote if it has another name: where its HEAD points, else main, else master.
    """
    names = demand(place, "for-each-ref", "--format=%(refname) %(symref)", *_heads("origin")).splitlines()
    if not names:
        remotes = (line(place, "remote") or "").split("\n")
        if len(remotes) != 1 or not remotes[0]:
            return None
        names = demand(
            place, "for-each-ref", "--format=%(refname) %(symref)", *_heads(remotes[0])
        ).splitlines()
    known = dict(decode(name).split(" ", 1) for name in names)
    for name, target in known.items():
        if name.endswith("/HEAD") and target and commit_of(place, target):
            return target
    return next((name for end in ("/main", "/master") for name in known if name.endswith(end)), None)


def _heads(remote: str) -> list[str]:
    return [f"refs/remotes/{remote}/{name}" for name in ("HEAD", "main", "master")]


def released(place: Place, pattern: str, near: str | None, passed_over: str | None) -> str | None:
    """The latest release tag that matches the glob, or None.

    If `near` (a commit) can reach matching tags, only those count: a maintenance branch is compared with its
    own line of releases. Tags of the commit `passed_over` count only if there is no other.
    """
    tags = (_tags(place, pattern, f"--merged={near}") if near else {}) or _tags(place, pattern)
    others = [name for name, commit in tags.items() if commit != passed_over]
    return latest(others or list(tags))


def _tags(place: Place, pattern: str, *only: str) -> dict[str, str]:
    """Matching tags and the commits that they lead to."""
    layout = "--format=%(refname:strip=2)%00%(objectname)%00%(*objectname)"
    tags = {}
    # Not splitlines: a name may hold what Unicode takes for the end of a line.
    for record in decode(demand(place, "for-each-ref", layout, *only, "refs/tags")).split("\n")[:-1]:
        name, named, peeled = record.split("\0")
        if fnmatchcase(name, pattern):
            tags[name] = peeled or named
    return tags


def similar(place: Place, revision: str) -> str | None:
    """A branch or tag whose name is close to one that does not exist, or the remote's branch of that name."""
    from difflib import get_close_matches

    layout = "--format=%(refname:short)"
    answer = ask(
        place, "for-each-ref", f"--count={_SUGGESTED_FROM}", layout, "refs/heads", "refs/tags", "refs/remotes"
    )
    names = decode(answer.output).split("\n")[:-1]
    remote = next((name for name in names if name.partition("/")[2] == revision), None)
    return remote or next(iter(get_close_matches(revision, names, n=1, cutoff=0.7)), None)
