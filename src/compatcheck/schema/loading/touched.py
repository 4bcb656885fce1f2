"""Narrows the users of a changed file to those that name something of it that the change touches.

Thousands of files may import one for the sake of an option; a new field of another message is nothing to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto

Names = frozenset[str] | None
"""First names of what can be referred to, None for all there may be."""

_DECLARED = re.compile(rb"\b(?:message|enum|group)\s+([A-Za-z_][A-Za-z0-9_]*)")
_EXTENDS = re.compile(rb"\bextend\b")
_PUBLIC = re.compile(rb"\bimport\s+public\b")


def touched(old: bytes, new: bytes) -> Names:
    """What differs between two serialised FileDescriptorProtos, and the messages of the file that hold it."""
    from google.protobuf.descriptor_pb2 import FileDescriptorProto

    before, after = FileDescriptorProto.FromString(old), FileDescriptorProto.FromString(new)
    if _frame(before) != _frame(after) or before.public_dependency or after.public_dependency:
        return None
    one, other = _elements(before), _elements(after)
    names = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    holders = [message for file in (before, after) for message in file.message_type]
    package = f".{before.package}." if before.package else "."
    growing = True
    while growing:
        more = {
            message.name
            for message in holders
            if message.name not in names and not names.isdisjoint(_used(message, package))
        }
        names |= more
        growing = bool(more)
    return frozenset(names)


def narrowed(
    seeds: Mapping[str, Names],
    users: Callable[[str], Iterable[str]],
    read: Callable[[Iterable[str]], Iterator[tuple[str, bytes | None]]],
) -> set[str]:
    """The files that may refer to what `seeds` (path -> names) touch, also through others.

    `users` gives the files that may import a path; `read` their texts, None for one that cannot be read.
    """
    found: set[str] = set()
    frontier = dict(seeds)
    while frontier:
        wanted: dict[str, Names] = {}
        for path, names in frontier.items():
            for user in users(path):
                if user not in found:
                    wanted[user] = _both(wanted[user], names) if user in wanted else names
        frontier = {}
        for user, text in read(wanted):
            if _may_name(text, wanted[user]):
                found.add(user)
                frontier[user] = _declared(text)
    return found


def _frame(file: FileDescriptorProto) -> tuple[object, ...]:
    return (
        file.package,
        file.syntax,
        file.edition,
        file.options.features.SerializeToString(deterministic=True),
    )


def _elements(file: FileDescriptorProto) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, data in (
        *((one.name, one.SerializeToString(deterministic=True)) for one in file.message_type),
        *((one.name, one.SerializeToString(deterministic=True)) for one in file.enum_type),
        *((one.name, one.SerializeToString(deterministic=True)) for one in file.extension),
    ):
        found[name] = found.get(name, b"") + data
    return found


def _used(message: DescriptorProto, package: str) -> Iterator[str]:
    """The first names, below the package, of the types that a message holds."""
    for field in (*message.field, *message.extension):
        if field.type_name.startswith(package):
            yield field.type_name[len(package) :].partition(".")[0]
    for nested in message.nested_type:
        yield from _used(nested, package)


def _both(one: Names, other: Names) -> Names:
    return None if one is None or other is None else one | other


def _may_name(text: bytes | None, names: Names) -> bool:
    if text is None or names is None or _PUBLIC.search(text):
        return True
    words = b"|".join(re.escape(name.encode()) for name in sorted(names))
    return bool(names) and re.search(rb"\b(?:%s)\b" % words, text) is not None


def _declared(text: bytes | None) -> Names:
    """What others may refer to; a file that extends or passes on what it imports may be used for any of it."""
    if text is None or _PUBLIC.search(text) or _EXTENDS.search(text):
        return None
    return frozenset(name.decode() for name in _DECLARED.findall(text))
