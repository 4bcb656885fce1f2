"""Everything that goes through GitPython: running git commands on a repository and reading its objects."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import IO, TYPE_CHECKING

from compatcheck.errors import UndecidedError, UsageError
from compatcheck.source.content import decode
from compatcheck.source.disk import own_text, too_large
from compatcheck.source.git.objects import Missing, TooLarge, answers
from compatcheck.source.git.place import Place
from compatcheck.source.snapshot import Unreadable

if TYPE_CHECKING:
    from git import Git

_DEATHS = 50  # corrupt objects each end one cat-file; after so many the rest is given up

# The user's configuration must change neither the shape of the answers nor run a program of its own.
_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "submodule.recurse=false")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a git command said: exit status, output, and its complaint in one line."""

    status: int
    output: bytes
    complaint: str


@contextmanager
def _opened(place: Place, environment: Mapping[str, str]) -> Iterator[Git]:
    import configparser

    from git import GitError, Repo

    try:
        # An older GitPython refuses a linked worktree's own directory; the variables name that one anyway.
        opened = Repo(place.common_dir, expand_vars=False)
    except (GitError, OSError, configparser.Error) as error:
        raise UsageError(f"the repository {place.folder} cannot be opened: {error}") from error
    with opened as repo:
        repo.git.update_environment(**environment)
        yield repo.git


def ask(place: Place, *arguments: str) -> Answer:
    """Run one git command at the top of the repository. Only the caller's own words may be options."""
    with _opened(place, place.environment) as git:
        status, output, complaint = git.execute(
            ["git", "-C", place.folder, *_SETTINGS, *arguments],
            with_extended_output=True,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            with_exceptions=False,
        )
    return Answer(status, output, complaint.strip().split("\n")[-1])


def demand(place: Place, *arguments: str) -> bytes:
    """The output of a git command that has to work; what it cannot read ends in an UndecidedError."""
    answer = ask(place, *arguments)
    if answer.status != 0:
        complaint = answer.complaint.removeprefix("fatal: ") or f"status {answer.status}"
        raise UndecidedError(
            f"git {arguments[0]} failed in {place.folder}: {complaint}", remedy_for_missing(place)
        )
    return answer.output


def line(place: Place, *arguments: str) -> str | None:
    """The one line that a git command prints; None if it fails or prints nothing."""
    answer = ask(place, *arguments)
    return decode(answer.output).rstrip("\n") or None if answer.status == 0 else None


def remedy_for_missing(place: Place) -> str:
    """The command that brings back objects that a repository lacks, in words."""
    if is_partial(place):
        return "this is a partial clone: `git fetch --refetch --no-filter` brings what it left out"
    return "`git fetch --refetch` brings back missing objects, and so does a new clone"


def is_partial(place: Place) -> bool:
    """Whether the repository was cloned with a filter and expects git to fetch what it lacks."""
    pattern = r"^(remote\..*\.promisor|extensions\.partialclone)$"
    return line(place, "config", "--get-regexp", pattern) is not None


def read_objects(place: Place, ids: Sequence[str]) -> dict[str, bytes | Unreadable]:
    """The content of blobs by id, read in the order given. What is not here is Unreadable, never fetched."""
    missing = cache(
        lambda: Unreadable("its object is missing from the repository", remedy_for_missing(place))
    )
    wanted = list(dict.fromkeys(ids))
    found: dict[str, bytes | Unreadable] = {}
    environment = place.environment
    deaths = 0
    with ExitStack() as stack:
        while len(found) < len(wanted) and deaths < _DEATHS:
            rest = wanted[len(found) :]
            for answer in _batch(place, environment, rest):
                found[wanted[len(found)]] = missing() if isinstance(answer, Missing) else _content(answer)
            if len(found) == len(wanted):
                break
            if environment is place.environment:
                environment = {**environment, **stack.enter_context(_without_promisor(place))}
            else:
                found[wanted[len(found)]] = Unreadable(
                    "its object is corrupt", "`git fsck` tells more; clone again"
                )
                deaths += 1
    gone = Unreadable("too many corrupt objects before it", "`git fsck` tells more; clone again")
    return {each: found.get(each, gone) for each in wanted}


def _batch(
    place: Place, environment: Mapping[str, str], ids: Sequence[str]
) -> Iterator[bytes | Missing | TooLarge]:
    with _opened(place, environment) as git:
        command = ["git", "-C", place.folder, "cat-file", "--batch"]
        process = git.execute(command, istream=subprocess.PIPE, as_process=True)
        requests: IO[bytes] = process.stdin
        replies: IO[bytes] = process.stdout
        complaints: IO[bytes] = process.stderr
        # Read and forgotten, so that git never waits for room to complain.
        drain = threading.Thread(target=complaints.read, daemon=True)
        drain.start()
        try:
            yield from answers(ids, requests, replies)
        finally:
            with suppress(BrokenPipeError):
                requests.close()
            replies.close()
            drain.join()
            complaints.close()
            if process.proc is not None:
                process.proc.wait()


def _content(answer: bytes | TooLarge) -> bytes | Unreadable:
    return too_large(answer.size) if isinstance(answer, TooLarge) else own_text(answer)


@contextmanager
def _without_promisor(place: Place) -> Iterator[dict[str, str]]:
    """Variables for a throw-away repository that borrows the objects of this one.

    In a partial clone cat-file stops at the first missing blob, since it may not fetch it. A repository that
    has the same objects and no promisor says "missing" and goes on.
    """
    import tempfile

    with tempfile.TemporaryDirectory(prefix="compatcheck-") as folder:
        for name in ("refs", "objects"):
            os.mkdir(os.path.join(folder, name))
        version = 0 if place.algorithm == "sha1" else 1
        extension = "" if version == 0 else f"[extensions]\n\tobjectformat = {place.algorithm}\n"
        for name, text in (
            ("HEAD", "ref: refs/heads/main\n"),
            ("config", f"[core]\n\trepositoryformatversion = {version}\n\tbare = true\n{extension}"),
        ):
            with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                file.write(text)
        yield {"GIT_DIR": folder, "GIT_COMMON_DIR": folder, "GIT_WORK_TREE": folder}
