"""Fixtures as compiled descriptors, which tests can rename, reorder and put side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool

from checking import FIXTURES, IMPORTS, examples, sides, source
from compatcheck.schema.loading.load import load
from compatcheck.source.snapshot import empty

Files = tuple[FileDescriptorProto, ...]
EXAMPLES = (*examples("rules"), *examples("ok"))


def compiled(folder: Path) -> tuple[Files, Files]:
    """Both sides of an example, imports before importers."""
    index = EXAMPLES.index(folder)
    return _every_side()[f"{index}/old"], _every_side()[f"{index}/new"]


@cache
def _every_side() -> dict[str, Files]:
    """All examples, compiled in one go: each side is a root of its own."""
    texts = {
        f"{index}/{side}/{path}": text
        for index, folder in enumerate(EXAMPLES)
        for side, files in zip(("old", "new"), sides(folder), strict=True)
        for path, text in files.items()
    }
    roots = tuple(f"{index}/{side}" for index in range(len(EXAMPLES)) for side in ("old", "new"))
    loaded = load(empty("nothing"), source(texts), roots=roots)
    assert not loaded.unknown, loaded.unknown
    found = {
        universe.root: tuple(map(_file, universe.descriptors.values())) for universe in loaded.new.universes
    }
    assert len(found) == len(loaded.new.universes)
    return {root: found.get(root, ()) for root in roots}


def _file(data: bytes) -> FileDescriptorProto:
    file = FileDescriptorProto.FromString(data)
    # Lines and columns of a text that is not there.
    file.ClearField("source_code_info")
    return file


def is_own(file: FileDescriptorProto) -> bool:
    """Whether it is of the example itself, not one that many import."""
    return not file.name.startswith("google/") and not (IMPORTS / file.name).exists()


def imports_of(file: FileDescriptorProto) -> tuple[str, ...]:
    """What it imports, those that it needs for its options only included."""
    return (*file.dependency, *file.option_dependency)


def fit(files: Iterable[FileDescriptorProto]) -> bool:
    """Whether the files can stand in one pool."""
    pool = DescriptorPool()
    try:
        for file in files:
            pool.AddSerializedFile(file.SerializeToString())
    except TypeError:
        return False
    return True


def renamed(files: Iterable[FileDescriptorProto], rename: Callable[[str], str]) -> Files:
    """The files under other paths; those that others import, too, keep theirs."""
    made = []
    names = {file.name: rename(file.name) for file in files if is_own(file)}
    for file in files:
        other = FileDescriptorProto()
        other.CopyFrom(file)
        other.name = names.get(file.name, file.name)
        for names_of in (other.dependency, other.option_dependency):
            names_of[:] = [names.get(name, name) for name in names_of]
        made.append(other)
    return tuple(made)


def inside(files: Iterable[FileDescriptorProto], package: str) -> Files:
    """The files with all that they define below one more package, in a folder of its name."""
    made = renamed(files, lambda name: f"{package}/{name}")
    foreign = (".google.", *(f".{file.package}." for file in made if not is_own(file)))

    def moves(name: str) -> bool:
        return name != "" and not name.startswith(foreign)

    for file in filter(is_own, made):
        file.package = f"{package}.{file.package}" if file.package else package
        fields = [field for message in _messages(file) for field in (*message.field, *message.extension)]
        for field in (*fields, *file.extension):
            if moves(field.type_name):
                field.type_name = f".{package}{field.type_name}"
            if moves(field.extendee):
                field.extendee = f".{package}{field.extendee}"
        for method in (method for service in file.service for method in service.method):
            if moves(method.input_type):
                method.input_type = f".{package}{method.input_type}"
            if moves(method.output_type):
                method.output_type = f".{package}{method.output_type}"
    return made


def _messages(holder: FileDescriptorProto | DescriptorProto) -> Iterator[DescriptorProto]:
    for message in holder.message_type if isinstance(holder, FileDescriptorProto) else holder.nested_type:
        yield message
        yield from _messages(message)


def name_of(folder: Path) -> str:
    return folder.relative_to(FIXTURES).as_posix()
