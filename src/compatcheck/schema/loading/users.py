"""Finds the files that may import given ones, by the quoted names in their texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from compatcheck.schema.loading import roots
from compatcheck.schema.loading.roots import Root
from compatcheck.source.snapshot import Snapshot


def by_mention(mentions: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Quoted name -> the files that hold it."""
    index: dict[str, list[str]] = {}
    for path, names in mentions.items():
        for name in names:
            index.setdefault(name, []).append(path)
    return index


def cheaper(old: Snapshot, new: Snapshot) -> Snapshot:
    """The side whose mentions to ask for, when only files that are the same on both matter."""
    stored = [one for one in (old, new) if one.files and one.origin.kind in ("revision", "index")]
    return stored[0] if stored else old if old.files else new


def users_of(seeds: Iterable[str], index: Mapping[str, Sequence[str]], links: Mapping[str, str]) -> set[str]:
    """The files that may import one of `seeds`, also through others; a seed only if it may import one."""
    users = direct(index, links)
    stack = list(seeds)
    visited = set(stack)
    found: set[str] = set()
    while stack:
        for user in users(stack.pop()):
            found.add(user)
            if user not in visited:
                visited.add(user)
                stack.append(user)
    return found


def direct(index: Mapping[str, Sequence[str]], links: Mapping[str, str]) -> Callable[[str], Iterator[str]]:
    """Gives the files that may import a path themselves, some more than once."""
    linked: dict[str, list[str]] = {}
    for link, target in links.items():
        linked.setdefault(target, []).append(link)

    def users(path: str) -> Iterator[str]:
        for alias in (path, *linked.get(path, ())):
            for name in _endings(alias):
                yield from index.get(name, ())

    return users


def mentioned_root(path: str, index: Mapping[str, Sequence[str]]) -> Root:
    """The root of `path` by the names under which other files hold it."""
    return roots.infer_from_mentions(
        path, (name for name in _endings(path) for user in index.get(name, ()) if user != path)
    )


def _endings(path: str) -> Iterator[str]:
    """The path, and what is left of it without its first folders: all names that may import it."""
    yield path
    position = path.find("/")
    while position >= 0:
        yield path[position + 1 :]
        position = path.find("/", position + 1)
