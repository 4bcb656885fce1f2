"""Generated code: what code written for the old schema meets when it is compiled against the new one.

Only one direction exists: the writer is the old element, the reader the new one. Types are not gone down into: each
is compiled, and judged, by itself.

Unless another source is named, the tables were read off the output of protoc 36.2 (C++, C#, Java, Kotlin,
Objective-C, PHP, Python's `.pyi`, Ruby, Rust): which declarations of the old output the new one lacks. Go, JavaScript
and Swift follow the documentation of protoc-gen-go (protobuf.dev/reference/go/go-generated), protobuf-es and
SwiftProtobuf, Rust that of prost as well, whichever of the two breaks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes
from compatcheck.reads.generated.languages import ALL, only_in
from compatcheck.reads.presence import element
from compatcheck.schema.model import Cardinality, Enum, Field, Type

_ALIKE: Final = {
    Type.SINT32: Type.INT32,
    Type.SFIXED32: Type.INT32,
    Type.SINT64: Type.INT64,
    Type.SFIXED64: Type.INT64,
    Type.FIXED32: Type.UINT32,
    Type.FIXED64: Type.UINT64,
    Type.GROUP: Type.MESSAGE,
}
"""Types that are told apart on the wire and are one type in every generated language."""

_NO_UNSIGNED: Final = (frozenset({Type.INT32, Type.UINT32}), frozenset({Type.INT64, Type.UINT64}))
_ONE_FLOAT: Final = frozenset({Type.FLOAT, Type.DOUBLE})
_ONE_TEXT: Final = frozenset({Type.STRING, Type.BYTES})
_ONE_INTEGER: Final = frozenset({Type.INT32, Type.UINT32, Type.INT64, Type.UINT64})

ONE_TYPE: Final[Mapping[str, tuple[frozenset[Type], ...]]] = {
    # std::string for both.
    "cpp": (_ONE_TEXT,),
    "java": _NO_UNSIGNED,
    "kotlin": _NO_UNSIGNED,
    # `number` for what fits into a double; 64 bits are a bigint.
    "javascript": (
        frozenset({Type.INT32, Type.UINT32, Type.FLOAT, Type.DOUBLE}),
        frozenset({Type.INT64, Type.UINT64}),
    ),
    "php": (*_NO_UNSIGNED, _ONE_FLOAT, _ONE_TEXT),
    "python": (_ONE_INTEGER, _ONE_FLOAT),
    "ruby": (_ONE_INTEGER, _ONE_FLOAT, _ONE_TEXT),
}
"""Types that are one type in a language, beyond those that are alike in all."""

GAINED_PRESENCE: Final = frozenset({"go", "javascript", "rust"})
"""Where a field with presence has another type: a pointer in Go, an optional property in TypeScript, an `Option` in
prost. The others only get accessors more."""

INTO_ONEOF: Final = frozenset({"go", "javascript", "rust"})
"""Where a member of a oneof is reached through the oneof. The others keep the accessors of the field."""

NO_LONGER_REQUIRED: Final = frozenset({"rust"})
"""Where a required field has another type than an optional one: prost."""

CLOSED: Final = frozenset({"java", "kotlin", "objc", "php"})
"""Where code for an enum or its fields goes when it is closed: the accessors of the bare number in Java, Kotlin and
Objective-C, Java's UNRECOGNIZED; PHP generates none for a closed enum. Opening one only adds."""


def field_reads(writer: Field, reader: Field, languages: frozenset[str] | None = None) -> Outcomes:
    """What code that uses the old field meets. A message or enum of another full name is another type."""
    return tuple(
        Outcome(Effect.REJECTED, aspect, condition)
        for aspect, broken in _broken(writer, reader)
        if (condition := only_in(broken, languages)) is not None
    )


def enum_reads(writer: Enum, reader: Enum, languages: frozenset[str] | None = None) -> Outcomes:
    """What code that uses the old enum meets; path = (value name,) for a name that is gone."""
    names = {value.name for value in reader.values}
    gone = tuple(
        Outcome(
            Effect.REJECTED,
            Aspect.NAME if value.number in reader.numbers else Aspect.VALUES,
            path=(value.name,),
        )
        for value in writer.values
        if value.name not in names
    )
    condition = only_in(CLOSED, languages) if reader.closed and not writer.closed else None
    return gone if condition is None else (*gone, Outcome(Effect.REJECTED, Aspect.OPENNESS, condition))


def _broken(old: Field, new: Field) -> Iterator[tuple[Aspect, Collection[str]]]:
    """The aspects that break code, each with the languages in which it does."""
    if element(old) != element(new):
        yield Aspect.NAME, ALL
    if types := _other_type(old, new):
        yield Aspect.TYPE, types
    shapes = _shape(old), _shape(new)
    if shapes[0] is not shapes[1]:
        yield Aspect.CARDINALITY, ALL
    elif old.oneof != new.oneof:
        yield Aspect.ONEOF, ALL if old.oneof else INTO_ONEOF
    elif not (old.repeats or old.holds_message or new.holds_message):
        yield from _presence(old, new)


def _presence(old: Field, new: Field) -> Iterator[tuple[Aspect, Collection[str]]]:
    required = Cardinality.REQUIRED in (old.cardinality, new.cardinality)
    aspect = Aspect.REQUIRED if required else Aspect.PRESENCE
    implicit = old.cardinality is Cardinality.IMPLICIT, new.cardinality is Cardinality.IMPLICIT
    if implicit == (False, True):
        yield aspect, ALL
    elif implicit == (True, False):
        yield aspect, GAINED_PRESENCE
    elif required and old.cardinality is not new.cardinality:
        yield aspect, NO_LONGER_REQUIRED


def _other_type(old: Field, new: Field) -> Collection[str]:
    """The languages in which two fields, or the keys or the values of two maps, have unlike types."""
    if old.cardinality is Cardinality.MAP and new.cardinality is Cardinality.MAP:
        return {*_other_type(old.key, new.key), *_other_type(old.value, new.value)}
    if Cardinality.MAP in (old.cardinality, new.cardinality):
        return ALL
    types = {_ALIKE.get(field.type, field.type) for field in (old, new)}
    if old.type_name != new.type_name:
        return ALL
    if len(types) == 1:
        return ()
    return {one for one in ALL if not any(types <= same for same in ONE_TYPE.get(one, ()))}


def _shape(field: Field) -> Cardinality:
    return field.cardinality if field.repeats else Cardinality.OPTIONAL
