"""How messages of findings name elements."""

from __future__ import annotations

from compatcheck.diff.changes import Added
from compatcheck.reads.effects import Surface
from compatcheck.schema.model import Cardinality, Field, Type


def type_of(field: Field) -> str:
    """The type of a field as `.proto` source would say it, without its cardinality."""
    if field.cardinality is Cardinality.MAP:
        return f"map<{type_of(field.key)}, {type_of(field.value)}>"
    if not field.type_name:
        return field.type.value
    return f"group {field.type_name}" if field.type is Type.GROUP else field.type_name


def cardinality_of(field: Field) -> str:
    """How often it occurs, in a reader's words."""
    return {
        Cardinality.IMPLICIT: "singular",
        Cardinality.OPTIONAL: "optional",
        Cardinality.REQUIRED: "required",
        Cardinality.REPEATED: "repeated",
        Cardinality.MAP: "a map",
    }[field.cardinality]


def numbered(field: Field) -> str:
    return f"`{field.name}` (number {field.number})"


def kind_of(field: Field) -> str:
    return f"extension of `{field.extendee}`" if field.extendee else "field"


def is_demanded(change: Added[Field]) -> bool:
    """Whether servers demand the added field by `google.api.field_behavior` alone."""
    on_rest = any(one.surface is Surface.HTTP for one in change.effects)
    return on_rest and change.new.cardinality is not Cardinality.REQUIRED


def left_open(number_reserved: bool) -> str:
    """What of a removed element can be used again."""
    return ", its number is reserved, its name is not" if number_reserved else " and not reserved"
