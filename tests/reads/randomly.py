"""Random schemas of what the three syntaxes can express."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from compatcheck.schema.model import Cardinality, Type
from reads.schemas import (
    EDITION,
    FIRST_EXTENSION,
    SYNTAXES,
    UNPACKABLE,
    EnumSpec,
    MessageSpec,
    Schema,
    Spec,
    camel,
    schema,
)

MESSAGES, ENUMS = ("M", "N", "O"), ("E", "F")
NAMES = ("a_x", "b", "c", "d", "e", "f_y")
NUMBERS = (*range(1, 6), *range(FIRST_EXTENSION, FIRST_EXTENSION + 2))
ONEOFS = ("one", "other")
VALUE_NAMES = ("ZERO", "ONE", "TWO", "TOO", "FAR", "NEG")
VALUE_NUMBERS = (0, 1, 2, 3, -1, 2**31 - 1, -(2**31))
JSON_NAMES = ("jx", "jy", "b", "c", "aX", "a_x")
_NO_KEYS = (Type.BYTES, Type.MESSAGE, Type.GROUP, Type.DOUBLE, Type.FLOAT, Type.ENUM)
KEYS = tuple(type_ for type_ in Type if type_ not in _NO_KEYS)

_STRUCTURES = (Type.MESSAGE, Type.GROUP)
_TYPES = (*Type, *_STRUCTURES, Type.MESSAGE, Type.MESSAGE, Type.ENUM, Type.ENUM)
_CARDINALITIES = (*Cardinality, Cardinality.OPTIONAL, Cardinality.IMPLICIT, Cardinality.REPEATED)
_WHOLE = ("0", "1", "5", "127")
_DEFAULTS = {
    Type.BOOL: ("true", "false"),
    Type.STRING: ("", "a", "12", "é"),
    Type.BYTES: ("", "a", "\\377"),
    Type.DOUBLE: ("0", "1.5", "inf", "-inf", "nan", "5", "1e+300"),
    Type.FLOAT: ("0", "1.5", "inf", "-inf", "nan", "5"),
    Type.ENUM: tuple(f"{enum}_{name}" for enum in ENUMS for name in VALUE_NAMES),
}


@dataclass(frozen=True)
class Parts:
    """What a schema is made of; `build` makes it of what the syntax can express."""

    messages: tuple[MessageSpec, ...]
    enums: tuple[EnumSpec, ...]
    syntax: str = EDITION
    package: str = "p"

    def build(self) -> Schema:
        fitting = expressible(self)
        return schema(fitting.messages, fitting.enums, fitting.syntax, fitting.package)


def random_parts(random: Random) -> Parts:
    syntax = random.choice((*SYNTAXES, EDITION))
    messages = tuple(MessageSpec(name, _fields(random)) for name in MESSAGES)
    return expressible(Parts(messages, tuple(random_enum(random, name) for name in ENUMS), syntax))


def _fields(random: Random) -> tuple[Spec, ...]:
    count = random.randrange(1, 6)
    names, numbers = random.sample(NAMES, count), sorted(random.sample(NUMBERS, count))
    return tuple(random_field(random, number, name) for number, name in zip(numbers, names, strict=True))


def random_field(random: Random, number: int, name: str) -> Spec:
    type_ = random.choice(_TYPES)
    return Spec(
        name,
        number,
        type_,
        random.choice(_CARDINALITIES),
        packed=random.random() < 0.5,
        oneof=random.choice(("", "", *ONEOFS)),
        holds=random_holds(random, type_),
        key=random.choice(KEYS),
        default=random_default(random, type_) if random.random() < 0.3 else None,
        checks_utf8=random.random() < 0.5,
        json_name=random.choice(JSON_NAMES) if random.random() < 0.1 else "",
    )


def random_holds(random: Random, type_: Type) -> str:
    return random.choice(MESSAGES if type_ in _STRUCTURES else ENUMS)


def random_default(random: Random, type_: Type) -> str:
    signed = (*_WHOLE, "-1") if type_ in (Type.INT32, Type.INT64, Type.SINT32, Type.SFIXED64) else _WHOLE
    return random.choice(_DEFAULTS.get(type_, signed))


def random_enum(random: Random, name: str) -> EnumSpec:
    names = random.sample(VALUE_NAMES, random.randrange(1, 6))
    values = tuple((one, random.choice(VALUE_NUMBERS)) for one in names)
    return EnumSpec(name, values, random.random() < 0.5)


def expressible(parts: Parts) -> Parts:
    """What a file of this syntax can say that comes nearest."""
    enums = {enum.name: _enum(enum, parts.syntax) for enum in parts.enums}
    messages = tuple(
        replace(message, fields=_distinct(_field(field, message.name, parts.syntax, enums) for field in kept))
        for message in parts.messages
        for kept in [[one for one in message.fields if parts.syntax != "proto3" or not _extends(one)]]
    )
    return replace(parts, messages=messages, enums=tuple(enums.values()))


def _extends(field: Spec) -> bool:
    return field.number >= FIRST_EXTENSION


def _enum(enum: EnumSpec, syntax: str) -> EnumSpec:
    closed = {"proto2": True, "proto3": False}.get(syntax, enum.closed)
    values = enum.values
    if not closed and values[0][1] != 0:
        # An open enum starts with zero.
        first = next((value for value in values if value[1] == 0), ("FIRST", 0))
        values = (first, *(value for value in values if value[0] != first[0]))
    return EnumSpec(enum.name, values, closed)


def _field(field: Spec, message: str, syntax: str, enums: dict[str, EnumSpec]) -> Spec:
    if syntax == "proto2":
        field = replace(field, checks_utf8=False)
    if syntax == "proto3":
        type_ = Type.MESSAGE if field.type is Type.GROUP else field.type
        field = replace(field, checks_utf8=True, type=type_, default=None)
    if field.type is Type.GROUP and field.cardinality is Cardinality.MAP:
        field = replace(field, type=Type.MESSAGE)
    field = replace(field, cardinality=_cardinality(field, message, syntax, enums))
    repeated, optional = field.cardinality is Cardinality.REPEATED, field.cardinality is Cardinality.OPTIONAL
    return replace(
        field,
        holds=field.holds if field.type in (*_STRUCTURES, Type.ENUM) else "",
        packed=field.packed and repeated and field.type not in UNPACKABLE,
        oneof=field.oneof if optional and not _extends(field) else "",
        default=_default(field, enums),
        json_name="" if _extends(field) else field.json_name,
    )


def _cardinality(field: Spec, message: str, syntax: str, enums: dict[str, EnumSpec]) -> Cardinality:
    cardinality, holds_message = field.cardinality, field.type in _STRUCTURES
    if cardinality is Cardinality.REQUIRED and syntax == "proto3":
        cardinality = Cardinality.IMPLICIT
    if cardinality is Cardinality.MAP and field.type is Type.ENUM and enums[field.holds].values[0][1] != 0:
        # The enum of a map's values starts with zero.
        cardinality = Cardinality.REPEATED
    # A message that requires itself cannot be written.
    endless = cardinality is Cardinality.REQUIRED and holds_message and field.holds <= message
    closed = field.type is Type.ENUM and enums[field.holds].closed
    implicit = cardinality is Cardinality.IMPLICIT and (syntax == "proto2" or holds_message or closed)
    extends = _extends(field) and cardinality not in (Cardinality.OPTIONAL, Cardinality.REPEATED)
    return Cardinality.OPTIONAL if endless or implicit or extends else cardinality


def _default(field: Spec, enums: dict[str, EnumSpec]) -> str | None:
    if field.cardinality not in (Cardinality.OPTIONAL, Cardinality.REQUIRED) or field.type in _STRUCTURES:
        return None
    if field.type is Type.ENUM:
        enum = enums[field.holds]
        return field.default if field.default in {f"{enum.name}_{name}" for name, _ in enum.values} else None
    return field.default


def _distinct(fields: Iterable[Spec]) -> tuple[Spec, ...]:
    """The fields without a chosen JSON name that another field has, or would have, too."""
    kept = list(fields)
    taken = [{field.name, camel(field.name), field.json_name} for field in kept]
    return tuple(
        replace(field, json_name="")
        if any(field.json_name in others for at, others in enumerate(taken) if at != index)
        else field
        for index, field in enumerate(kept)
    )
