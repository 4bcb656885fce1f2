"""One field of every type, cardinality, packing and openness, with boundary values written by the runtime."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from google.protobuf.message import Message as Value

from compatcheck.reads.tables import kind_of
from compatcheck.schema.model import Cardinality, Field, Type
from reads.schemas import UNPACKABLE, EnumSpec, MessageSpec, Schema, Spec, schema

FIELD = "f"
_VALUES = (("ZERO", 0), ("ONE", 1), ("TWO", 2), ("NEG", -1))
_ENUMS = (EnumSpec("Open", _VALUES), EnumSpec("Closed", _VALUES, closed=True))
_INNER = MessageSpec("Inner", (Spec("a", 1, Type.INT32), Spec("b", 2, Type.BYTES)))
_SMALL = (0, 1, 2, -1, 3, 200)
_BORDERS = tuple(
    sign * 2**bits + step for bits in (31, 32, 63, 64) for sign in (1, -1) for step in (-1, 0, 1)
)
_FLOATS = (0.0, 1.0, 1.5, -2.0, math.inf, math.nan, 3e38)
_TEXTS = (
    "",
    "a",
    "abc",
    "abcd",
    "abcdabcd",
    "12",
    "\x80",
    "\n\x01a",
    "\x08\x01",
    "\n\x04\x08\x01\x10\x01",
    "Open_ONE",
    "Closed_ONE",
    "x" * 200,
)
_BYTES = (*(text.encode() for text in _TEXTS), b"\xff", b"\x08\x01\x12\x01\xff")
_KEYS: dict[Type, tuple[object, ...]] = {
    Type.INT32: (1, 2, 3),
    Type.STRING: ("a", "b", "c"),
    Type.BOOL: (False, True),
}


@dataclass(frozen=True)
class Kind:
    """How a field is declared; `holds` names its message or enum."""

    type: Type
    cardinality: Cardinality
    packed: bool = False
    holds: str = ""
    checks_utf8: bool = True
    oneof: str = ""

    def __str__(self) -> str:
        kept = "" if self.checks_utf8 else "unchecked"
        parts = (
            self.oneof or self.cardinality.value,
            "packed" * self.packed,
            self.type.value,
            self.holds,
            kept,
        )
        return "-".join(filter(None, parts))

    def changed(self, cardinality: Cardinality) -> Kind:
        return Kind(self.type, cardinality, False, self.holds, self.checks_utf8)


def every_kind() -> tuple[Kind, ...]:
    return tuple(kind for type_ in Type for cardinality in Cardinality for kind in _kinds(type_, cardinality))


def _kinds(type_: Type, cardinality: Cardinality) -> list[Kind]:
    holds = {Type.ENUM: ("Open", "Closed"), Type.MESSAGE: ("Inner",), Type.GROUP: ("Inner",)}.get(
        type_, ("",)
    )
    if cardinality is Cardinality.IMPLICIT and type_ in (Type.MESSAGE, Type.GROUP):
        return []
    if cardinality is Cardinality.MAP and type_ is Type.GROUP:
        return []
    kinds = [Kind(type_, cardinality, False, name) for name in holds]
    if cardinality is Cardinality.IMPLICIT:
        kinds = [kind for kind in kinds if kind.holds != "Closed"]
    if type_ is Type.STRING:
        kinds += [Kind(type_, cardinality, checks_utf8=False)]
    if cardinality is Cardinality.REPEATED and type_ not in UNPACKABLE:
        kinds += [Kind(type_, cardinality, True, name) for name in holds]
    if cardinality is Cardinality.OPTIONAL:
        kinds += [Kind(type_, cardinality, False, name, oneof="choice") for name in holds]
    return kinds


@cache
def schema_of(kind: Kind, key: Type = Type.INT32) -> Schema:
    field = Spec(
        FIELD,
        1,
        kind.type,
        kind.cardinality,
        kind.packed,
        kind.oneof,
        kind.holds,
        key,
        checks_utf8=kind.checks_utf8,
    )
    return schema((MessageSpec("M", (field,)), _INNER), _ENUMS)


def field_of(kind: Kind) -> Field:
    return schema_of(kind).message().numbers[1]


@cache
def written_by(kind: Kind, key: Type = Type.INT32) -> tuple[Value, ...]:
    """Messages with boundary values, singly and, where the field repeats, in lists; the empty one first."""
    made = schema_of(kind, key)
    empty = made.new()
    elements = _elements(kind, made)
    if kind.cardinality is Cardinality.MAP:
        return (empty, *(_map(made, entries) for entries in _entries(elements, key)), *_raw(kind, made))
    if kind.cardinality is Cardinality.REPEATED:
        return (empty, *(_list(made, some) for some in _lists(elements)), *_raw(kind, made))
    singles = (*(_single(made, element) for element in elements), *_raw(kind, made))
    return singles if kind.cardinality is Cardinality.REQUIRED else (empty, *singles)


def _elements(kind: Kind, made: Schema) -> list[object]:
    if kind.type in (Type.DOUBLE, Type.FLOAT):
        return [*_FLOATS, *((1e300, 16777217.0) if kind.type is Type.DOUBLE else ())]
    if kind.type is Type.BOOL:
        return [False, True]
    if kind.type is Type.STRING:
        return list(_TEXTS)
    if kind.type is Type.BYTES:
        return list(_BYTES)
    if kind.type is Type.ENUM:
        return [0, 1, 2, -1, *((99, -7, 2**24 + 1) if kind.holds == "Open" else ())]
    if kind.type in (Type.MESSAGE, Type.GROUP):
        return [
            _inner(made, a, b)
            for a, b in (
                (None, None),
                (1, None),
                (200, None),
                (None, b"a"),
                (7, b"abc"),
                (7, b"\xff"),
                (7, b"\x08\x01"),
            )
        ]
    unsigned = kind.type.value.startswith(("u", "fixed"))
    bits = int(kind.type.value[-2:])
    lowest, highest = (0, 2**bits) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    return [number for number in (*_SMALL, *_BORDERS) if lowest <= number < highest]


def _inner(made: Schema, a: int | None, b: bytes | None) -> Value:
    inner = made.new("Inner")
    for name, value in (("a", a), ("b", b)):
        if value is not None:
            setattr(inner, name, value)
    return inner


def _lists(elements: list[object]) -> list[list[object]]:
    singles = [[element] for element in elements]
    pairs = [[first, element] for first in elements[:2] for element in elements]
    return [*singles, *pairs, [*elements[:2], *elements[:2]], elements]


def _entries(elements: list[object], key: Type) -> list[dict[object, object]]:
    keys = _KEYS[key]
    return [*({keys[1]: element} for element in elements), dict(zip(keys, elements, strict=False))]


def _single(made: Schema, element: object) -> Value:
    message = made.new()
    if isinstance(element, Value):
        field = getattr(message, FIELD)
        field.CopyFrom(element)
        field.SetInParent()
    else:
        setattr(message, FIELD, element)
    return message


def _list(made: Schema, elements: list[object]) -> Value:
    message = made.new()
    getattr(message, FIELD).extend(elements)
    return message


def _map(made: Schema, entries: dict[object, object]) -> Value:
    message = made.new()
    for key, element in entries.items():
        if isinstance(element, Value):
            getattr(message, FIELD)[key].CopyFrom(element)
        else:
            getattr(message, FIELD)[key] = element
    return message


def _raw(kind: Kind, made: Schema) -> list[Value]:
    """A text that is not UTF-8, which only parsing can put into a string field."""
    if kind.type is not Type.STRING or kind.checks_utf8:
        return []
    message = made.new()
    message.MergeFromString(
        b"\n\x05\x08\x01\x12\x01\xff" if kind.cardinality is Cardinality.MAP else b"\n\x01\xff"
    )
    return [message]


SINGULAR = {
    kind_of(field_of(kind)): kind
    for kind in every_kind()
    if not kind.oneof and kind.checks_utf8
    if (kind.cardinality is Cardinality.OPTIONAL)
    or (kind.cardinality is Cardinality.MAP and kind.type is Type.BYTES)
}
"""For each row of the tables of reads one field."""
