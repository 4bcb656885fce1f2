"""The valid values of a field in one normal form, and what its type allows by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from compatcheck.reads.validation import ranges
from compatcheck.reads.validation.ranges import Number, Ranges
from compatcheck.reads.well_known import ANY, WRAPPERS
from compatcheck.schema.model import Cardinality, Field, Type

Text = str | bytes


class Kind(Enum):
    """What the values of a field are, as far as constraints are concerned."""

    NUMBER = "number"
    """Also a bool, an enum, a duration and a timestamp; the last two in nanoseconds."""
    TEXT = "text"
    BYTES = "bytes"
    LIST = "list"
    MAP = "map"
    ANY = "any"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Constraints:
    """The values that are valid. Each property narrows them; the defaults allow everything."""

    kind: Kind
    presence: bool
    """Whether unset can be told from set to zero."""
    unset: bool = True
    """Whether it may be unset; without presence, zero is what counts."""
    unchecked: bool = False
    """Whether a value may be whatever it likes: not even the message in it is checked."""
    skips_zero: bool = False
    """Whether zero, or the empty text, is valid whatever the rules say."""
    numbers: Ranges = field(default_factory=ranges.everything)
    type_range: Ranges = field(default_factory=ranges.everything, compare=False)
    """What the type can hold."""
    nan: bool = False
    sizes: Ranges = field(default_factory=lambda: ranges.at_least(0))
    """Characters of a text, bytes, elements of a list, entries of a map."""
    octets: Ranges = field(default_factory=lambda: ranges.at_least(0))
    """Bytes of a text in UTF-8."""
    allowed: frozenset[Text] | None = None
    """The only texts, bytes or type URLs that are valid, if they are listed."""
    excluded: frozenset[Text] = frozenset()
    parts: frozenset[tuple[str, Text]] = frozenset()
    """`prefix`, `suffix`, `contains` and `not_contains`, each with its text."""
    opaque: frozenset[tuple[str, str]] = frozenset()
    """Rules whose valid values are not known here, by name (of a well-known format, too) and value."""
    key: Constraints | None = None
    element: Constraints | None = None
    """Of the elements of a list and of the values of a map."""
    names: Mapping[Number, str] = field(default_factory=dict, compare=False)
    """What numbers are called."""
    unit: str = ""
    """`duration` or `timestamp` if the numbers are nanoseconds."""


_WHOLE = {
    **dict.fromkeys((Type.INT32, Type.SINT32, Type.SFIXED32, Type.ENUM), ranges.between(-(2**31), 2**31 - 1)),
    **dict.fromkeys((Type.INT64, Type.SINT64, Type.SFIXED64), ranges.between(-(2**63), 2**63 - 1)),
    **dict.fromkeys((Type.UINT32, Type.FIXED32), ranges.between(0, 2**32 - 1)),
    **dict.fromkeys((Type.UINT64, Type.FIXED64), ranges.between(0, 2**64 - 1)),
    Type.BOOL: ranges.between(0, 1),
}
_SECOND = 10**9
_TIMES = {
    # As far as their own definitions let them go.
    "google.protobuf.Duration": ("duration", ranges.between(-315576000000 * _SECOND, 315576000000 * _SECOND)),
    "google.protobuf.Timestamp": (
        "timestamp",
        ranges.between(-62135596800 * _SECOND, 253402300800 * _SECOND - 1),
    ),
}


def unconstrained(held: Field) -> Constraints:
    """What a field without rules allows."""
    presence = held.cardinality in (Cardinality.OPTIONAL, Cardinality.REQUIRED)
    if held.cardinality is Cardinality.MAP:
        return Constraints(Kind.MAP, presence, key=of_type(held.key), element=of_type(held.value))
    if held.cardinality is Cardinality.REPEATED:
        return Constraints(Kind.LIST, presence, element=of_type(held))
    return of_type(held, presence)


def of_type(held: Field, presence: bool = False) -> Constraints:
    """What a type allows: of a field itself, or of an element, a key or a value."""
    if held.type_name in WRAPPERS:
        return of_type(held.message.numbers[1], True)
    if held.type_name in _TIMES:
        unit, times = _TIMES[held.type_name]
        return Constraints(Kind.NUMBER, presence, numbers=times, type_range=times, unit=unit)
    if held.type_name == ANY:
        return Constraints(Kind.ANY, presence)
    if held.holds_message:
        return Constraints(Kind.MESSAGE, presence)
    if held.type is Type.STRING:
        return Constraints(Kind.TEXT, presence)
    if held.type is Type.BYTES:
        return Constraints(Kind.BYTES, presence)
    if held.type in (Type.FLOAT, Type.DOUBLE):
        reals = ranges.everything(whole=False)
        return Constraints(Kind.NUMBER, presence, numbers=reals, type_range=reals, nan=True)
    names: dict[Number, str] = {0: "false", 1: "true"} if held.type is Type.BOOL else {}
    if held.type is Type.ENUM:
        names = {one.number: one.name for one in reversed(held.enum.values)}
    whole = _WHOLE[held.type]
    return Constraints(Kind.NUMBER, presence, numbers=whole, type_range=whole, names=names)
