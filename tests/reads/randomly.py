"""Random schemas, mutations of them, and random values."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message as Value
from hypothesis import strategies as st

from compatcheck.schema.model import Cardinality, Type
from reads.observed import entry_of, fields_of, is_map
from reads.schemas import UNPACKABLE, EnumSpec, MessageSpec, Schema, Spec, schema

Parts = tuple[tuple[MessageSpec, ...], tuple[EnumSpec, ...]]

_MESSAGES = ("M", "N", "O")
_NAMES = ("a_x", "b", "c", "d", "e")
_FAMILIES = (
    (Type.INT32, Type.INT64, Type.UINT32, Type.UINT64, Type.SINT32, Type.SINT64, Type.BOOL, Type.ENUM),
    (Type.FIXED32, Type.SFIXED32, Type.FLOAT),
    (Type.FIXED64, Type.SFIXED64, Type.DOUBLE),
    (Type.STRING, Type.BYTES, Type.MESSAGE),
)
"""Types of which a reader may take one for the other on the wire."""
_DEEPEST = 3
_NUMBERS = (0, 1, 2, 5, 127, 128, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, -1, -5, -(2**31), -(2**63))
_KEYS = (Type.INT32, Type.STRING, Type.BOOL, Type.SINT64)


def _fields(draw: st.DrawFn) -> tuple[Spec, ...]:
    numbers = draw(st.lists(st.integers(1, 5), unique=True, min_size=1, max_size=5))
    names = draw(st.permutations(_NAMES))
    return tuple(draw(_field(number, name)) for number, name in zip(sorted(numbers), names, strict=False))


@st.composite
def _field(draw: st.DrawFn, number: int, name: str) -> Spec:
    type_ = draw(st.sampled_from((*Type, Type.MESSAGE, Type.MESSAGE, Type.ENUM)))
    holds = {Type.ENUM: ("Open", "Closed"), Type.MESSAGE: _MESSAGES, Type.GROUP: _MESSAGES}.get(type_, ("",))
    held = draw(st.sampled_from(holds))
    allowed = [one for one in Cardinality if _allowed(type_, one, held)]
    cardinality = draw(st.sampled_from(allowed))
    packed = cardinality is Cardinality.REPEATED and type_ not in UNPACKABLE and draw(st.booleans())
    oneof = draw(st.sampled_from(("", "x", "y"))) if cardinality is Cardinality.OPTIONAL else ""
    return Spec(
        name,
        number,
        type_,
        cardinality,
        packed,
        oneof,
        held,
        draw(st.sampled_from(_KEYS)),
        checks_utf8=draw(st.booleans()),
    )


def _allowed(type_: Type, cardinality: Cardinality, held: str) -> bool:
    is_message = type_ in (Type.MESSAGE, Type.GROUP)
    if cardinality is Cardinality.REQUIRED:
        # A message that requires itself cannot be written.
        return not is_message
    if cardinality is Cardinality.MAP:
        return type_ is not Type.GROUP
    return cardinality is not Cardinality.IMPLICIT or (
        type_ not in (Type.MESSAGE, Type.GROUP) and held != "Closed"
    )


@st.composite
def _enums(draw: st.DrawFn) -> tuple[EnumSpec, ...]:
    names = ("ONE", "TWO", "TOO", "FAR", "NEG")
    enums = []
    for name in ("Open", "Closed"):
        chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=4))
        numbers = draw(st.lists(st.sampled_from((0, 1, 2, 3, -1)), min_size=4, max_size=4))
        enums.append(EnumSpec(name, (("ZERO", 0), *zip(chosen, numbers, strict=False)), name == "Closed"))
    return tuple(enums)


@st.composite
def schemas(draw: st.DrawFn) -> Parts:
    return tuple(MessageSpec(name, _fields(draw)) for name in _MESSAGES), draw(_enums())


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Schema, Schema]:
    """Two schemas, the second made of the first by changing some of its messages' fields or enums."""
    messages, enums = draw(schemas())
    changed = tuple(_mutated(draw, message) for message in messages)
    others = draw(_enums()) if draw(st.booleans()) else enums
    return schema(messages, enums), schema(changed, others)


def _mutated(draw: st.DrawFn, message: MessageSpec) -> MessageSpec:
    fields = {spec.number: spec for spec in message.fields}
    for number in draw(st.lists(st.integers(1, 5), unique=True, max_size=3)):
        free = [name for name in _NAMES if name not in {one.name for one in fields.values()}]
        kept = fields.pop(number, None)
        if kept is None:
            fields[number] = draw(_field(number, draw(st.sampled_from(free))))
            continue
        change = draw(st.sampled_from(("remove", "replace", "rename", "retype", "reshape", "oneof", "oneof")))
        other = draw(_field(number, kept.name))
        if change == "replace":
            fields[number] = other
        elif change == "rename":
            fields[number] = replace(kept, name=draw(st.sampled_from((*free, kept.name))))
        elif change == "retype":
            fields[number] = _fitting(kept, draw(st.sampled_from(_near(kept.type))), kept.cardinality)
        elif change == "reshape":
            fields[number] = _fitting(kept, kept.type, other.cardinality)
        elif change == "oneof":
            fields[number] = replace(kept, cardinality=Cardinality.OPTIONAL, packed=False, oneof="x")
    return MessageSpec(message.name, tuple(fields[number] for number in sorted(fields)))


def _near(type_: Type) -> tuple[Type, ...]:
    return next((family for family in _FAMILIES if type_ in family), tuple(Type))


def _fitting(spec: Spec, type_: Type, cardinality: Cardinality) -> Spec:
    """The field with another type and cardinality, as far as these go together."""
    holds = {Type.ENUM: "Open", Type.MESSAGE: "N", Type.GROUP: "N"}.get(type_, "")
    holds = spec.holds if type_ is spec.type else holds
    fits = cardinality if _allowed(type_, cardinality, holds) else Cardinality.OPTIONAL
    packed = spec.packed and fits is Cardinality.REPEATED and type_ not in UNPACKABLE
    oneof = spec.oneof if fits is Cardinality.OPTIONAL else ""
    return replace(spec, type=type_, cardinality=fits, holds=holds, packed=packed, oneof=oneof)


def fill(message: Value, random: Random, depth: int = 0) -> Value:
    """Sets fields at random; required ones always."""
    for field in fields_of(message):
        if field.message_type is not None and depth == _DEEPEST:
            continue
        if field.is_required or random.random() < 0.7:
            _set(message, field, random, depth)
    return message


def _set(message: Value, field: FieldDescriptor, random: Random, depth: int) -> None:
    if is_map(field):
        _set_entries(message, field, random, depth)
    elif field.is_repeated and field.message_type is not None:
        for _ in range(random.randrange(3)):
            fill(getattr(message, field.name).add(), random, depth + 1)
    elif field.is_repeated:
        getattr(message, field.name).extend(_scalar(field, random) for _ in range(random.randrange(3)))
    elif field.message_type is not None:
        inner = getattr(message, field.name)
        inner.SetInParent()
        fill(inner, random, depth + 1)
    else:
        setattr(message, field.name, _scalar(field, random))


def _set_entries(message: Value, field: FieldDescriptor, random: Random, depth: int) -> None:
    key, value = (entry_of(field).fields_by_number[number] for number in (1, 2))
    entries = getattr(message, field.name)
    for _ in range(random.randrange(3)):
        if value.message_type is not None:
            fill(entries[_scalar(key, random)], random, depth + 1)
        else:
            entries[_scalar(key, random)] = _scalar(value, random)


def _scalar(field: FieldDescriptor, random: Random) -> object:
    if field.enum_type is not None:
        known = [one.number for one in field.enum_type.values]
        return random.choice(known if field.enum_type.is_closed else [*known, 77])
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return random.random() < 0.5
    if field.type == FieldDescriptor.TYPE_STRING:
        return random.choice(("", "a", "12", "ab\x08\x01", "é"))
    if field.type == FieldDescriptor.TYPE_BYTES:
        return random.choice((b"", b"a", b"\xff", b"\x08\x01", b"\n\x00"))
    if field.cpp_type in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
        return random.choice((0.0, 1.0, 1.5, -2.0, 1e30))
    bits = 32 if field.cpp_type in (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_UINT32) else 64
    signed = field.cpp_type in (FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64)
    lowest, highest = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if signed else (0, 2**bits)
    return random.choice([number for number in _NUMBERS if lowest <= number < highest])
