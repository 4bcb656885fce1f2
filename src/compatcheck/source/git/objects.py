"""Reads many objects through one `git cat-file --batch`: the protocol, on two open pipes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from compatcheck.source.content import LARGEST

# Ids on their way. So few fit into any pipe: writing them never waits for a git that waits to be read.
_WINDOW = 32
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Missing:
    """The object is not in the repository."""


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The object is larger than what is read; `size` in bytes."""

    size: int


Answer = bytes | Missing | TooLarge


def answers(ids: Sequence[str], requests: IO[bytes], replies: IO[bytes]) -> Iterator[Answer]:
    """One answer for each id, in order; ends early if git does (a corrupt object makes it stop).

    Ids are fed, never names: a name with a newline would put requests and replies out of step.
    """
    sent = 0
    for done in range(len(ids)):
        if sent - done <= _WINDOW // 2 and sent < len(ids):
            batch = ids[sent : done + _WINDOW]
            try:
                requests.write("".join(f"{each}\n" for each in batch).encode("ascii"))
                requests.flush()
            except BrokenPipeError:
                return
            sent += len(batch)
        answer = _answer(replies)
        if answer is None:
            return
        yield answer


def _answer(replies: IO[bytes]) -> Answer | None:
    header = replies.readline().split()
    if len(header) == 2 and header[1] == b"missing":
        return Missing()
    if len(header) != 3:
        return None
    size = int(header[2])
    if size > LARGEST:
        left = size + 1
        while left > 0:
            chunk = replies.read(min(left, _CHUNK))
            if not chunk:
                return None
            left -= len(chunk)
        return TooLarge(size)
    data = replies.read(size + 1)
    if len(data) != size + 1:
        return None
    return data[:-1] if header[1] == b"blob" else Missing()
