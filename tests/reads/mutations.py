"""Single changes of a schema, each one that people make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from compatcheck.schema.model import Cardinality, Type
from reads.randomly import (
    JSON_NAMES,
    KEYS,
    NAMES,
    NUMBERS,
    ONEOFS,
    VALUE_NAMES,
    VALUE_NUMBERS,
    Parts,
    expressible,
    random_default,
    random_enum,
    random_field,
    random_holds,
)
from reads.schemas import SYNTAXES, EnumSpec, Spec

_FAMILIES = (
    (Type.INT32, Type.INT64, Type.UINT32, Type.UINT64, Type.SINT32, Type.SINT64, Type.BOOL, Type.ENUM),
    (Type.FIXED32, Type.SFIXED32, Type.FLOAT),
    (Type.FIXED64, Type.SFIXED64, Type.DOUBLE),
    (Type.STRING, Type.BYTES, Type.MESSAGE),
    (Type.MESSAGE, Type.GROUP),
)
"""Types of which a reader may take one for the other on the wire."""

Fields = list[Spec]


def changed(random: Random, parts: Parts, count: int) -> tuple[Parts, tuple[str, ...]]:
    """The schema after so many random changes, with their names."""
    names = []
    for _ in range(count):
        name = random.choice(tuple(_CHANGES))
        parts = expressible(_CHANGES[name](random, parts))
        names.append(name)
    return parts, tuple(names)


def _add(random: Random, fields: Fields) -> None:
    numbers = [one for one in NUMBERS if one not in {field.number for field in fields}]
    if _free_names(fields) and numbers:
        fields.append(random_field(random, random.choice(numbers), random.choice(_free_names(fields))))


def _remove(random: Random, fields: Fields) -> None:
    del fields[random.randrange(len(fields))]


def _swap_numbers(random: Random, fields: Fields) -> None:
    one, other = random.choice(range(len(fields))), random.choice(range(len(fields)))
    numbers = fields[one].number, fields[other].number
    fields[one], fields[other] = (
        replace(fields[one], number=numbers[1]),
        replace(fields[other], number=numbers[0]),
    )
    if one == other:
        fields[one] = replace(fields[one], number=numbers[0])


def _merge(random: Random, fields: Fields) -> None:
    """Two fields come into one oneof."""
    for index in random.sample(range(len(fields)), min(2, len(fields))):
        fields[index] = replace(fields[index], cardinality=Cardinality.OPTIONAL, oneof=ONEOFS[0])


def _one(change: Callable[[Random, Fields, Spec], Spec]) -> Callable[[Random, Fields], None]:
    """A change of one field."""

    def apply(random: Random, fields: Fields) -> None:
        index = random.randrange(len(fields))
        fields[index] = change(random, fields, fields[index])

    return apply


def _rename(random: Random, fields: Fields, field: Spec) -> Spec:
    kept = random.random() < 0.2
    name = random.choice(_free_names(fields) or [field.name])
    return replace(field, name=name, json_name=field.json_name or (field.name if kept else ""))


def _renumber(random: Random, fields: Fields, field: Spec) -> Spec:
    taken = {one.number for one in fields}
    return replace(
        field, number=random.choice([one for one in NUMBERS if one not in taken] or [field.number])
    )


def _retype(random: Random, _: Fields, field: Spec) -> Spec:
    near = [type_ for family in _FAMILIES if field.type in family for type_ in family]
    type_ = random.choice(near or list(Type)) if random.random() < 0.8 else random.choice(list(Type))
    return replace(field, type=type_, holds=random_holds(random, type_), default=None)


def _hold_another(random: Random, _: Fields, field: Spec) -> Spec:
    return replace(field, holds=random_holds(random, field.type), default=None)


def _reshape(random: Random, _: Fields, field: Spec) -> Spec:
    return replace(field, cardinality=random.choice(list(Cardinality)))


def _repack(_: Random, __: Fields, field: Spec) -> Spec:
    return replace(field, packed=not field.packed)


def _toggle_presence(_: Random, __: Fields, field: Spec) -> Spec:
    implicit = field.cardinality is Cardinality.IMPLICIT
    return replace(field, cardinality=Cardinality.OPTIONAL if implicit else Cardinality.IMPLICIT, oneof="")


def _require(_: Random, __: Fields, field: Spec) -> Spec:
    required = field.cardinality is Cardinality.REQUIRED
    return replace(field, cardinality=Cardinality.OPTIONAL if required else Cardinality.REQUIRED)


def _set_default(random: Random, _: Fields, field: Spec) -> Spec:
    return replace(field, default=random.choice((None, random_default(random, field.type))))


def _set_oneof(random: Random, _: Fields, field: Spec) -> Spec:
    return replace(field, cardinality=Cardinality.OPTIONAL, oneof=random.choice(("", *ONEOFS)))


def _set_json_name(random: Random, _: Fields, field: Spec) -> Spec:
    return replace(field, json_name=random.choice(("", *JSON_NAMES)))


def _set_utf8(_: Random, __: Fields, field: Spec) -> Spec:
    return replace(field, checks_utf8=not field.checks_utf8)


def _set_key(random: Random, _: Fields, field: Spec) -> Spec:
    return replace(field, cardinality=Cardinality.MAP, key=random.choice(KEYS))


def _replace(random: Random, _: Fields, field: Spec) -> Spec:
    return random_field(random, field.number, field.name)


def _free_names(fields: Fields) -> list[str]:
    return [name for name in NAMES if name not in {field.name for field in fields}]


def _in_message(change: Callable[[Random, Fields], None]) -> Callable[[Random, Parts], Parts]:
    """A change in the fields of one message."""

    def apply(random: Random, parts: Parts) -> Parts:
        # Most in the message that is read, some in those that it holds.
        index = random.choice((0, 0, 0, 1, 2))
        fields = list(parts.messages[index].fields)
        if fields or change is _add:
            change(random, fields)
        fields.sort(key=lambda field: field.number)
        changed = replace(parts.messages[index], fields=tuple(fields))
        return replace(parts, messages=(*parts.messages[:index], changed, *parts.messages[index + 1 :]))

    return apply


def _in_enum(change: Callable[[Random, EnumSpec], EnumSpec]) -> Callable[[Random, Parts], Parts]:
    def apply(random: Random, parts: Parts) -> Parts:
        index = random.randrange(len(parts.enums))
        changed = change(random, parts.enums[index])
        return replace(parts, enums=(*parts.enums[:index], changed, *parts.enums[index + 1 :]))

    return apply


def _add_value(random: Random, enum: EnumSpec) -> EnumSpec:
    free = [name for name in VALUE_NAMES if name not in dict(enum.values)]
    values = list(enum.values)
    if free:
        values.insert(random.randrange(len(values) + 1), (random.choice(free), random.choice(VALUE_NUMBERS)))
    return replace(enum, values=tuple(values))


def _remove_value(random: Random, enum: EnumSpec) -> EnumSpec:
    removed = random.choice(enum.values)
    return replace(enum, values=tuple(value for value in enum.values if value != removed) or enum.values)


def _renumber_value(random: Random, enum: EnumSpec) -> EnumSpec:
    index = random.randrange(len(enum.values))
    value = enum.values[index][0], random.choice(VALUE_NUMBERS)
    return replace(enum, values=(*enum.values[:index], value, *enum.values[index + 1 :]))


def _rename_value(random: Random, enum: EnumSpec) -> EnumSpec:
    index = random.randrange(len(enum.values))
    free = [name for name in VALUE_NAMES if name not in dict(enum.values)]
    value = random.choice(free or [enum.values[index][0]]), enum.values[index][1]
    return replace(enum, values=(*enum.values[:index], value, *enum.values[index + 1 :]))


def _reorder_values(random: Random, enum: EnumSpec) -> EnumSpec:
    return replace(enum, values=tuple(random.sample(enum.values, len(enum.values))))


def _open_or_close(_: Random, enum: EnumSpec) -> EnumSpec:
    return replace(enum, closed=not enum.closed)


def _another_enum(random: Random, enum: EnumSpec) -> EnumSpec:
    return random_enum(random, enum.name)


def _set_syntax(random: Random, parts: Parts) -> Parts:
    return replace(parts, syntax=random.choice(SYNTAXES))


def _set_package(_: Random, parts: Parts) -> Parts:
    return replace(parts, package="q")


_CHANGES: dict[str, Callable[[Random, Parts], Parts]] = {
    **{change.__name__.strip("_"): _in_message(change) for change in (_add, _remove, _swap_numbers, _merge)},
    **{
        change.__name__.strip("_"): _in_message(_one(change))
        for change in (
            _rename,
            _renumber,
            _retype,
            _hold_another,
            _reshape,
            _repack,
            _toggle_presence,
            _require,
            _set_default,
            _set_oneof,
            _set_json_name,
            _set_utf8,
            _set_key,
            _replace,
        )
    },
    **{
        change.__name__.strip("_"): _in_enum(change)
        for change in (
            _add_value,
            _remove_value,
            _renumber_value,
            _rename_value,
            _reorder_values,
            _open_or_close,
            _another_enum,
        )
    },
    "set_syntax": _set_syntax,
    "set_package": _set_package,
}
