"""Turns what was asked for into the sources to compare, and says when they are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compatcheck.errors import UndecidedError, UsageError
from compatcheck.source.choice import ci
from compatcheck.source.choice.bases import Old, default, holds_its_commit, latest_release, named
from compatcheck.source.choice.sides import (
    INDEX,
    WORK_TREE,
    Ground,
    Side,
    label,
    make,
    needed,
    revision,
    side,
    unknown,
)
from compatcheck.source.git.place import locate, locate_other
from compatcheck.source.snapshot import Snapshot, Source


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for. `new` None: the index if `staged`, else the work tree (HEAD in a bare repository).

    `against`: the old sides; none: the default. `against_released`: a glob of tags. `exact`: a branch is
    compared at its tip. `repo`: the repository for everything, not the one of the current folder.
    """

    new: str | None = None
    against: tuple[str, ...] = ()
    staged: bool = False
    against_released: str | None = None
    exact: bool = False
    repo: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The sources, what has to be said about the choice, and the repository of the new side, if any."""

    new: Source
    old: tuple[Source, ...]
    notices: tuple[str, ...]
    repository: Path | None


def select(
    request: Request,
    env: Mapping[str, str],
    cwd: Path,
    configured: Callable[[Source], Sequence[str]] = lambda _: (),
) -> Selection:
    """Find both sides and list them. UsageError: an unknown name. UndecidedError: a base that is not here.

    `configured` is asked, with the new side, for old sides where the request names none.
    """
    if request.staged and request.new is not None:
        raise UsageError("--staged is a new side of its own", "leave out either the revision or --staged")
    surroundings = ci.base(env)
    place = locate_other(str(cwd / request.repo), env, str(cwd)) if request.repo else locate(str(cwd), env)
    ground = Ground(place, env, cwd, surroundings.mend)
    chosen = _new(request, surroundings, ground)
    own = chosen.place or place
    algorithm = own.algorithm if own else "sha1"
    new = make(chosen, label(chosen), algorithm)
    against = request.against
    if not against and request.against_released is None:
        against = tuple(configured(new))
    olds = [named(text, chosen, request.exact, ground) for text in against]
    if request.against_released is not None:
        olds.append(latest_release(request.against_released, chosen, new, ground))
    if not olds:
        olds.append(default(chosen, request.exact, surroundings, ground))
    sources = tuple(make(old.side, old.name, algorithm) for old in olds)
    said = [_notice(old, source, chosen, new) for old, source in zip(olds, sources, strict=True)]
    notices = tuple(dict.fromkeys(line for line in (*(old.notice for old in olds), *said) if line))
    return Selection(new, sources, notices, Path(own.folder) if own else None)


def _new(request: Request, surroundings: ci.Base, ground: Ground) -> Side:
    if request.new is not None:
        found = side(request.new, ground, old=False)
    elif request.staged:
        found = side(INDEX, ground, old=False)
    elif surroundings.new or needed(ground).top is None:
        text = surroundings.new or "HEAD"
        known = revision(text, needed(ground))
        if known is None:
            raise unknown(text, ground.place, ground, old=False)
        found = known
    else:
        found = side(WORK_TREE, ground, old=False)
    if found.kind == "empty":
        raise UsageError(
            "HEAD has no commit yet: there is nothing to check", "check the work tree or --staged"
        )
    return found


def _notice(old: Old, source: Source, chosen: Side, new: Source) -> str:
    """What is said if both sides are the same commit, since a check of nothing would look like a pass."""
    commit = source.origin.commit
    if not commit or commit != chosen.commit or source.origin.kind != "revision":
        return ""
    if chosen.kind != "revision" and not (isinstance(new, Snapshot) and holds_its_commit(source, new)):
        return ""
    if old.stopgap:
        raise UndecidedError(
            f"{old.notice}, which is the very commit that is checked", "name the old side with --against"
        )
    same = f"{new.origin.name} and {old.name} are the same commit {commit[:12]}"
    if chosen.kind != "revision":
        same = f"{new.origin.name} has no change of a .proto file since {old.name} ({commit[:12]})"
    return f"{same}: nothing to compare; name an older version with --against"
