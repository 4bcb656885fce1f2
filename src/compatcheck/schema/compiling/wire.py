"""Takes serialised file descriptors apart without the protobuf runtime, which costs more to load."""

from __future__ import annotations

from collections.abc import Iterator

# Field numbers of FileDescriptorSet and FileDescriptorProto in descriptor.proto.
_SET_FILE = 1
_NAME, _DEPENDENCY, _SOURCE_INFO = 1, 3, 9
_PUBLIC_DEPENDENCY, _WEAK_DEPENDENCY, _OPTION_DEPENDENCY = 10, 11, 15
# Tools keep their own notes in extensions of FileDescriptorProto (buf: 8042), which define nothing.
_FIRST_EXTENSION = 1000
_PLACE = frozenset(
    {_NAME, _DEPENDENCY, _PUBLIC_DEPENDENCY, _WEAK_DEPENDENCY, _OPTION_DEPENDENCY, _SOURCE_INFO}
)


def split_set(data: bytes) -> list[tuple[str, bytes]]:
    """(import name, serialised FileDescriptorProto) of each file of a FileDescriptorSet, or ValueError."""
    view = memoryview(data)
    files = []
    for number, wire_type, _, content, end in _fields(view):
        if number == _SET_FILE:
            if wire_type != 2:
                raise ValueError("not a FileDescriptorSet")
            descriptor = bytes(view[content:end])
            files.append((name_of(descriptor), descriptor))
    return files


def name_of(descriptor: bytes) -> str:
    """The import name of a serialised FileDescriptorProto; ValueError if it has none."""
    for number, wire_type, _, content, end in _fields(memoryview(descriptor)):
        if number == _NAME and wire_type == 2:
            return descriptor[content:end].decode("utf-8")
    raise ValueError("a file without a name")


def imports_of(descriptor: bytes) -> tuple[str, ...]:
    """The import names that a serialised FileDescriptorProto depends on."""
    return tuple(
        descriptor[content:end].decode("utf-8")
        for number, wire_type, _, content, end in _fields(memoryview(descriptor))
        if number in (_DEPENDENCY, _OPTION_DEPENDENCY) and wire_type == 2
    )


def without_positions(descriptor: bytes) -> bytes:
    """The descriptor without its source positions and comments."""
    return _without(descriptor, frozenset({_SOURCE_INFO}))


def body(descriptor: bytes) -> bytes:
    """What a file defines: the descriptor without positions, its own name and its imports' names.

    That it passes on what it imports is part of it; how many files that are stands for which they are.
    """
    public = sum(number == _PUBLIC_DEPENDENCY for number, *_ in _fields(memoryview(descriptor)))
    return _without(descriptor, _PLACE) + bytes(public)


def _without(descriptor: bytes, numbers: frozenset[int]) -> bytes:
    view = memoryview(descriptor)
    kept = [
        view[start:end]
        for number, _, start, _, end in _fields(view)
        if number not in numbers and number < _FIRST_EXTENSION
    ]
    return b"".join(kept)


def _fields(view: memoryview) -> Iterator[tuple[int, int, int, int, int]]:
    """(number, wire type, start of the field, start of its content, end) of each field at the top level."""
    position, size = 0, len(view)
    while position < size:
        start = position
        tag, position = _varint(view, position)
        number, wire_type = tag >> 3, tag & 7
        content = position
        if wire_type == 0:
            _, position = _varint(view, position)
        elif wire_type == 1:
            position += 8
        elif wire_type == 2:
            length, content = _varint(view, position)
            position = content + length
        elif wire_type == 5:
            position += 4
        else:
            raise ValueError("a field of an unknown wire type")
        if position > size or number == 0:
            raise ValueError("a field that is cut off")
        yield number, wire_type, start, content, position


def _varint(view: memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(view) and shift < 70:
        byte = view[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
    raise ValueError("a number that is cut off")
