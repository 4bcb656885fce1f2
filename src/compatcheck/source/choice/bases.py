"""Chooses the old side: merge bases, what CI names, the remote's default branch, the latest release."""

from __future__ import annotations

from dataclasses import dataclass, replace

from compatcheck.errors import UndecidedError, UsageError
from compatcheck.source.choice.ci import Base
from compatcheck.source.choice.sides import Ground, Side, at, label, needed, revision, side
from compatcheck.source.content import shown
from compatcheck.source.git.history import (
    branch_of,
    commit_of,
    default_branch,
    is_unborn,
    merge_base,
    released,
)
from compatcheck.source.git.place import Place
from compatcheck.source.snapshot import Snapshot, Source


@dataclass(frozen=True, slots=True)
class Old:
    """An old side, its name for people, what has to be said about it; `stopgap`: another was wanted."""

    side: Side
    name: str
    notice: str = ""
    stopgap: bool = False


def named(text: str, new: Side, exact: bool, ground: Ground) -> Old:
    """The old side of that name; where it names a branch, the merge base of the branch and the new side.

    `exact` takes the branch's tip, and so does a new side without a commit in the same repository.
    """
    found = side(text, ground, old=True)
    place = found.place
    # A text such as REPO#REV is no name within that repository; what stands after its "#" is.
    if place is None or found.kind != "revision" or exact or not _shares_history(place, new):
        return Old(found, label(found))
    branch = branch_of(place, found.revision)
    return (
        _at_merge_base(place, found.commit, _short(branch), new, ground.mend)
        if branch
        else Old(found, label(found))
    )


def _shares_history(place: Place, new: Side) -> bool:
    return new.place is not None and bool(new.commit) and place.common_dir == new.place.common_dir


def _at_merge_base(place: Place, tip: str, name: str, new: Side, mend: str) -> Old:
    """The merge base of the new side and the commit `tip`, which people know as `name`."""
    commit = merge_base(place, tip, new.commit)
    if commit is None:
        message = f"no common ancestor of {_start(new)} and {shown(name)} is known"
        if place.shallow:
            raise UndecidedError(f"{message}: this clone is shallow", mend)
        raise UndecidedError(message, "--exact compares with that commit itself")
    chosen = Side("revision", name, place, commit, commit, revision=name)
    return Old(chosen, f"the merge base of {_start(new)} and {name}")


def _start(new: Side) -> str:
    return new.text if new.kind == "revision" else "HEAD"


def _short(branch: str) -> str:
    return branch.removeprefix("refs/heads/").removeprefix("refs/remotes/")


def latest_release(pattern: str, new: Side, source: Source, ground: Ground) -> Old:
    """The latest release tag that matches the glob. If the new side is that release, the one before."""
    place = new.place or needed(ground)
    own = ""
    if new.kind == "revision":
        own = new.commit
    elif new.commit and isinstance(source, Snapshot):
        head = replace(new, kind="revision", text="HEAD", tree=new.commit)
        own = new.commit if holds_its_commit(at(place, head, "HEAD"), source) else ""
    tag = released(place, pattern, new.commit or None, own or None)
    found = revision(f"refs/tags/{tag}", place, tag) if tag else None
    if found is not None:
        return Old(found, f"the latest release {tag}")
    if place.shallow:
        raise UndecidedError(f"no tag matches {shown(pattern)} in this shallow clone", ground.mend)
    raise UsageError(f"no tag matches {shown(pattern)}", "`git fetch --tags` brings those of the remote")


def holds_its_commit(committed: Source, source: Snapshot) -> bool:
    """Whether an index or a work tree holds the `.proto` files of that commit and no others."""
    return (
        isinstance(committed, Snapshot)
        and committed.files == source.files
        and committed.links == source.links
    )


def default(new: Side, exact: bool, surroundings: Base, ground: Ground) -> Old:
    """The default old side: HEAD for the index, else what CI says, the remote's default branch, HEAD."""
    if new.place is None:
        raise UsageError(
            f"nothing says what to compare {shown(new.text)} with", "name the old side with --against"
        )
    place = new.place
    if new.kind == "index" or (not new.commit and is_unborn(place)):
        return _head(place)
    if not surroundings.candidates:
        usual = _default_branch(place, new, exact, ground)
        if not surroundings.doubt:
            return usual
        return replace(usual, notice=f"{surroundings.doubt}: compared with {usual.name}", stopgap=True)
    found = _from_surroundings(place, new, exact, surroundings)
    if found is not None:
        return found
    first = surroundings.candidates[0]
    # A commit that a forced push left behind is nobody's ancestor: no clone has it, however deep.
    if place.shallow or not surroundings.exact:
        missing = f"{surroundings.why} ({shown(_short(first))}) is not in this clone"
        raise UndecidedError(f"{missing}, or nothing links it to {_start(new)}", surroundings.mend)
    instead = _default_branch(place, new, exact, ground)
    said = f"{surroundings.why} ({shown(first[:12])}) is not in this clone: compared with {instead.name}"
    return replace(instead, notice=said, stopgap=True)


def _from_surroundings(place: Place, new: Side, exact: bool, surroundings: Base) -> Old | None:
    """The first of the candidates that this clone has."""
    for candidate in surroundings.candidates:
        tip = commit_of(place, candidate)
        if tip is None:
            continue
        name = f"{surroundings.why} ({_short(candidate) if '/' in candidate else tip[:12]})"
        commit = tip if exact or surroundings.exact else merge_base(place, tip, new.commit)
        if commit is None:
            continue
        before = "" if commit == tip else f"the merge base of {_start(new)} and "
        return Old(
            Side("revision", _short(candidate), place, commit, commit, revision=candidate), before + name
        )
    return None


def _default_branch(place: Place, new: Side, exact: bool, ground: Ground) -> Old:
    branch = default_branch(place) if new.commit else None
    tip = commit_of(place, branch) if branch else None
    if branch is None or tip is None:
        if place.shallow:
            message = "this clone is shallow and knows no default branch of its remote to compare with"
            raise UndecidedError(message, f"{ground.mend}; or name the old side with --against")
        return _head(place)
    if exact:
        return Old(Side("revision", _short(branch), place, tip, tip, revision=branch), _short(branch))
    return _at_merge_base(place, tip, _short(branch), new, ground.mend)


def _head(place: Place) -> Old:
    head = revision("HEAD", place)
    if head is None:
        raise UndecidedError("the commit of HEAD is not in the repository", "`git fsck` tells more")
    return Old(head, label(head))
