"""Pairs the files, types and services of two schemas: by (root, full name), through renamed packages, by shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from compatcheck.diff.shape import Shapes, outline
from compatcheck.schema.model import Enum, File, Message, Schema, Service
from compatcheck.schema.walk import enums_of, messages_of

T = TypeVar("T", Message, Enum, Service)

_MOST_ALIKE = 50
"""Of more types that look alike none can be told to be another's new name, and each would be held against each."""


@dataclass(frozen=True, slots=True)
class Pairs(Generic[T]):
    """Elements of one kind: those of both sides, and the outermost of those that only one side has."""

    kept: tuple[tuple[T, T], ...]
    removed: tuple[T, ...]
    added: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """How the elements of an old schema stand to those of a new one."""

    files: tuple[tuple[File, File], ...]
    messages: Pairs[Message]
    enums: Pairs[Enum]
    services: Pairs[Service]
    roots: Mapping[str, str]
    """New roots to the old ones that they continue, where the two differ."""
    packages: Mapping[str, str]
    """Paths of old files to the package that they have now, where it is another one."""
    renamed: Mapping[tuple[str, str], str]
    """Old root and full name of types that are called otherwise now, to the new name; nested ones included."""

    def old_root(self, new_root: str) -> str:
        return self.roots.get(new_root, new_root)

    def new_name(self, old_root: str, old_name: str) -> str:
        """What a type is called now."""
        return self.renamed.get((old_root, old_name), old_name)

    def new_parent(self, file: File, parent: str) -> str:
        """What a package or a message of an old file is called now."""
        if parent == file.package:
            return self.packages.get(file.path, parent)
        return self.new_name(file.root, parent)

    def keeps_its_name(self, old: Message | Enum | Service, new: Message | Enum | Service) -> bool:
        """Whether it is called as before, but for what happened to the package or the message around it."""
        parent, _, name = old.full_name.rpartition(".")
        return new.full_name == f"{self.new_parent(old.place.file, parent)}.{name}".lstrip(".")


def pair(old: Schema, new: Schema, roots: Mapping[str, str]) -> Pairing:
    """Pair the compared files of two schemas; `roots` maps new roots to the old ones that they continue."""
    old_files = [file for file in old.files if file.compared]
    new_files = [file for file in new.files if file.compared]
    files = list(_same_files(old_files, new_files, roots))
    shapes = Shapes()
    messages, enums, services = _elements(old_files, new_files, roots, files, shapes)
    # A file that moved is not found by its path, but its elements tell where it went; with its package, they
    # are then found by name.
    files += _moved_files(old_files, new_files, files, (*_paths(messages), *_paths(enums), *_paths(services)))
    messages, enums, services = _elements(old_files, new_files, roots, files, shapes)
    return Pairing(
        files=tuple(files),
        messages=messages,
        enums=enums,
        services=services,
        roots=roots,
        packages=_new_packages(files),
        renamed=dict((*_new_names(messages), *_new_names(enums))),
    )


def _elements(
    old: list[File],
    new: list[File],
    roots: Mapping[str, str],
    files: Sequence[tuple[File, File]],
    shapes: Shapes,
) -> tuple[Pairs[Message], Pairs[Enum], Pairs[Service]]:
    return (
        _pair(_messages(old), _messages(new), roots, files, shapes),
        _pair(_enums(old), _enums(new), roots, files, shapes),
        _pair(_services(old), _services(new), roots, files, shapes),
    )


def _messages(files: Iterable[File]) -> list[Message]:
    return [message for file in files for message in messages_of(file)]


def _enums(files: Iterable[File]) -> list[Enum]:
    return [enum for file in files for enum in enums_of(file)]


def _services(files: Iterable[File]) -> list[Service]:
    return [service for file in files for service in file.services]


def _new_names(pairs: Pairs[T]) -> Iterator[tuple[tuple[str, str], str]]:
    for one, other in pairs.kept:
        if one.full_name != other.full_name:
            yield (one.place.file.root, one.full_name), other.full_name


def _name_in_root(file: File) -> str:
    return file.path[len(file.root) :].lstrip("/") if file.path.startswith(file.root) else file.name


def _same_files(
    old: Iterable[File], new: Iterable[File], roots: Mapping[str, str]
) -> Iterator[tuple[File, File]]:
    """Files of the same name in the same root."""
    by_name = {(file.root, _name_in_root(file)): file for file in old}
    for file in new:
        other = by_name.get((roots.get(file.root, file.root), _name_in_root(file)))
        if other is not None:
            yield other, file


def _moved_files(
    old: Iterable[File],
    new: Iterable[File],
    pairs: Iterable[tuple[File, File]],
    moves: Iterable[tuple[str, str]],
) -> Iterator[tuple[File, File]]:
    """Files without a partner go with the one that most of their elements went to, if that has none either."""
    paired = list(pairs)
    gone = {file.path for file in old} - {one.path for one, _ in paired}
    come = {file.path: file for file in new if file.path not in {other.path for _, other in paired}}
    votes = Counter((before, after) for before, after in moves if before in gone and after in come)
    old_by_path = {file.path: file for file in old}
    for (before, after), _ in votes.most_common():
        if before in gone and after in come:
            gone.remove(before)
            yield old_by_path[before], come.pop(after)


def _paths(pairs: Pairs[T]) -> Iterator[tuple[str, str]]:
    for before, after in pairs.kept:
        yield before.place.file.path, after.place.file.path


def _new_packages(files: Iterable[tuple[File, File]]) -> dict[str, str]:
    return {one.path: other.package for one, other in files if one.package != other.package}


def _pair(
    old: list[T], new: list[T], roots: Mapping[str, str], files: Sequence[tuple[File, File]], shapes: Shapes
) -> Pairs[T]:
    kept: list[tuple[T, T]] = []

    def take(pairs: Iterable[tuple[T, T]]) -> None:
        nonlocal old, new
        found = list(pairs)
        kept.extend(found)
        gone = {id(element) for two in found for element in two}
        old = [element for element in old if id(element) not in gone]
        new = [element for element in new if id(element) not in gone]

    take(_by_name(old, new, roots, {}))
    take(_by_name(old, new, roots, _new_packages(files)))
    take(_by_shape(old, new, shapes))
    take(_renamed(old, new, {one.path: other.path for one, other in files}, shapes))
    return Pairs(tuple(kept), tuple(outside_of(old, old)), tuple(outside_of(new, new)))


def _by_name(
    old: list[T], new: list[T], roots: Mapping[str, str], packages: Mapping[str, str]
) -> Iterator[tuple[T, T]]:
    candidates: dict[tuple[str, str], list[T]] = {}
    for element in old:
        file = element.place.file
        full_name = element.full_name
        if file.path in packages:
            relative = full_name.removeprefix(f"{file.package}.") if file.package else full_name
            full_name = f"{packages[file.path]}.{relative}".lstrip(".")
        candidates.setdefault((file.root, full_name), []).append(element)
    for element in new:
        root = element.place.file.root
        same_name = candidates.get((roots.get(root, root), element.full_name))
        if same_name:
            # Files that never import each other can define one name twice: the file decides, then the order.
            best = next(_nearest_first(element, same_name))
            same_name.remove(best)
            yield best, element


def _by_shape(old: list[T], new: list[T], shapes: Shapes) -> Iterator[tuple[T, T]]:
    """Types that moved with their short name and their shape."""
    remaining = _grouped(new, lambda element: (element.name, outline(element)))
    for element in old:
        candidates = remaining.get((element.name, outline(element)), [])
        best = next((one for one in _nearest_first(element, candidates) if shapes.same(element, one)), None)
        if best is not None:
            candidates.remove(best)
            yield element, best


def _renamed(old: list[T], new: list[T], files: Mapping[str, str], shapes: Shapes) -> Iterator[tuple[T, T]]:
    """Types that kept their shape under another name: the only two of that shape in one file.

    `files` maps old paths to the new ones that they continue as.
    """
    remaining = _grouped(filter(_telling, new), lambda one: (one.place.file.path, outline(one)))
    before = _grouped(
        filter(_telling, old),
        lambda one: (files.get(one.place.file.path, one.place.file.path), outline(one)),
    )
    for key, elements in before.items():
        candidates = remaining.get(key, [])
        if not candidates or max(len(elements), len(candidates)) > _MOST_ALIKE:
            continue
        for element in elements:
            matches = [one for one in candidates if shapes.same(element, one)]
            twins = [one for one in elements if shapes.same(one, element)]
            if len(matches) == len(twins) == 1:
                yield element, matches[0]


def _grouped(elements: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, list[T]]:
    groups: dict[Hashable, list[T]] = {}
    for element in elements:
        groups.setdefault(key(element), []).append(element)
    return groups


def _nearest_first(element: T, candidates: list[T]) -> Iterator[T]:
    path = element.place.file.path
    yield from (one for one in candidates if one.place.file.path == path)
    yield from (one for one in candidates if one.place.file.path != path)


def _telling(element: Message | Enum | Service) -> bool:
    """Whether it holds enough that an equal shape is no coincidence."""
    if isinstance(element, Message):
        return len(element.fields) > 0
    return len(element.values if isinstance(element, Enum) else element.methods) > 1


def outside_of(holders: Iterable[Message | Enum | Service], elements: Iterable[T]) -> Iterator[T]:
    """The elements that are not declared inside of one of the holders, however deep."""
    places = {(holder.place.file.path, holder.full_name) for holder in holders}
    for element in elements:
        parts = element.full_name.split(".")
        around = ((element.place.file.path, ".".join(parts[:end])) for end in range(1, len(parts)))
        if places.isdisjoint(around):
            yield element
