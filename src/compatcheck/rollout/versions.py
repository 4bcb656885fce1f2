"""What a version of a service is: the tags and templates that turn versions into revisions and back."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from compatcheck.config.model import Service
from compatcheck.source.git.released import Key, version_key
from compatcheck.source.git.tags import Tag

_PLACEHOLDER = "{version}"
_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Release:
    """A version of a service and the revision it was built from."""

    service: str
    version: str
    revision: str


def version_of(pattern: str, tag: str) -> str | None:
    """The version that a tag stands for, or None if the pattern is about other tags.

    Of a glob, the version is what is left of the tag without the fixed text at both ends of the glob:
    `cart-v*` makes `1.0` of `cart-v1.0`, `v[0-9]*` makes `1.0` of `v1.0`.
    """
    if _PLACEHOLDER in pattern:
        before, _, after = pattern.partition(_PLACEHOLDER)
    elif fnmatchcase(tag, pattern):
        before, after = _fixed_ends(pattern)
    else:
        return None
    if len(tag) <= len(before) + len(after) or not (tag.startswith(before) and tag.endswith(after)):
        return None
    return tag[len(before) : len(tag) - len(after)]


def _fixed_ends(glob: str) -> tuple[str, str]:
    first = _MAGIC.search(glob)
    if first is None:
        return glob, ""
    last = max(glob.rfind(sign) for sign in "*?]")
    return glob[: first.start()], glob[last + 1 :] if last >= first.start() else ""


def releases(service: Service, tags: Sequence[Tag]) -> tuple[Release, ...]:
    """The tagged versions of a service in the order of history; of two tags the first pattern's counts.

    `tags` are sorted by name.
    """
    # Where history has no order, between versions of one moment, their numbers have one.
    found: dict[str, tuple[int, Key, Release]] = {}
    for pattern in service.versions:
        for tag in _beginning_with(_fixed_start(pattern), tags):
            version = version_of(pattern, tag.name)
            if version is not None and version not in found:
                release = Release(service.name, version, f"refs/tags/{tag.name}")
                found[version] = (tag.time, version_key(version), release)
    return tuple(release for *_, release in sorted(found.values(), key=lambda one: one[:2]))


def _fixed_start(pattern: str) -> str:
    """What every tag of a pattern begins with."""
    return pattern.partition(_PLACEHOLDER)[0] if _PLACEHOLDER in pattern else _fixed_ends(pattern)[0]


def _beginning_with(start: str, tags: Sequence[Tag]) -> Iterator[Tag]:
    """Of a thousand services in one repository, each looks at its own tags only."""
    for place in range(bisect_left(tags, start, key=lambda tag: tag.name), len(tags)):
        if not tags[place].name.startswith(start):
            return
        yield tags[place]


def templates(service: Service, version: str) -> tuple[str, ...]:
    """The revisions that a version may be by the templates of a service, whether or not it is a tag."""
    return tuple(
        pattern.replace(_PLACEHOLDER, version) for pattern in service.versions if _PLACEHOLDER in pattern
    )


def find_release(known: Sequence[Release], version: str) -> Release | None:
    """The release of a version, which may also be called by the whole name of its tag."""
    for release in known:
        if version in (release.version, release.revision.removeprefix("refs/tags/")):
            return release
    return None
