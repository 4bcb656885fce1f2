"""Rules about fields that keep their number and change what they hold."""

from __future__ import annotations

from compatcheck.diff.changes import Changed
from compatcheck.reads.effects import Aspect
from compatcheck.rules.rule import rule
from compatcheck.rules.words import cardinality_of, numbered, type_of
from compatcheck.schema.model import Cardinality, Field


@rule(Changed[Field], Aspect.TYPE)
def field_type_changed(change: Changed[Field]) -> str:
    """A field keeps its number and changes its type.

    The binary format holds no types, only a wire type of three bits. Types that share one are read as each other,
    with or without loss; the others are dropped as unknown fields, or the whole message is rejected.

    Help: Add a field with a new number, fill both until every reader knows the new one, then remove the old one.
    """
    old, new = type_of(change.old), type_of(change.new)
    if old == new and change.old.type is not change.new.type:
        old, new = f"{change.old.type.value} {old}", f"{change.new.type.value} {new}"
    return f"field {numbered(change.new)} changes its type from `{old}` to `{new}`"


@rule(Changed[Field], Aspect.MAP_KEY)
def map_key_type_changed(change: Changed[Field]) -> str:
    """A map changes the type of its keys.

    A map travels as repeated entries whose field 1 is the key. An entry whose key has another wire type is dropped
    as a whole, or gets the default key, depending on the runtime; entries that then share a key replace each other.

    Help: Add a map with a new number, and fill both until every reader knows the new one.
    """
    old, new = type_of(change.old.key), type_of(change.new.key)
    return f"the keys of map {numbered(change.new)} are `{new}`, they were `{old}`"


@rule(Changed[Field], Aspect.MAP_VALUE)
def map_value_type_changed(change: Changed[Field]) -> str:
    """A map changes the type of its values.

    A map travels as repeated entries whose field 2 is the value, which is read like a singular field of that type.

    Help: Add a map with a new number, and fill both until every reader knows the new one.
    """
    old, new = type_of(change.old.value), type_of(change.new.value)
    return f"the values of map {numbered(change.new)} are `{new}`, they were `{old}`"


@rule(Changed[Field], Aspect.CARDINALITY)
def field_cardinality_changed(change: Changed[Field]) -> str:
    """A field changes between singular, repeated and map.

    In the binary format one value is a list of one, but a list read as one value keeps the last, and a packed
    list is not read as a single number at all. In JSON a list and a value are different things.

    Help: Add a field with a new number for the list, and keep the old one until every reader knows the new one.
    """
    old, new = cardinality_of(change.old), cardinality_of(change.new)
    if "singular" not in (old, new):
        old, new = (_plain(one) for one in (old, new))
    return f"field {numbered(change.new)} is {new} now, it was {old}"


def _plain(cardinality: str) -> str:
    return "singular" if cardinality in ("optional", "required") else cardinality


@rule(Changed[Field], Aspect.REQUIRED)
def field_became_required(change: Changed[Field]) -> str | None:
    """A field becomes required.

    Old writers may leave it out, and a new reader rejects such a message as a whole.

    Help: Leave it optional and check for it in code.
    """
    if change.new.cardinality is not Cardinality.REQUIRED:
        return None
    return f"field {numbered(change.new)} is required now: messages that lack it are rejected"


@rule(Changed[Field], Aspect.REQUIRED)
def field_no_longer_required(change: Changed[Field]) -> str | None:
    """A required field is no longer required.

    New writers may leave it out, and an old reader, to whom it is required, rejects such a message as a whole.

    Help: Let new writers set it until no old reader is left.
    """
    if change.new.cardinality is Cardinality.REQUIRED:
        return None
    return f"field {numbered(change.new)} is no longer required: readers of the old schema reject messages without it"


@rule(Changed[Field], Aspect.PRESENCE)
def field_presence_changed(change: Changed[Field]) -> str:
    """A singular field changes between implicit and explicit presence.

    With implicit presence a field that was set to its default is not written, so a reader that distinguishes
    "unset" from "default" is told "unset" where the writer meant a value.

    Help: Do not give a meaning to "unset" while writers without presence are live.
    """
    if change.new.cardinality is Cardinality.OPTIONAL:
        return f"field {numbered(change.new)} tracks whether it is set now; it did not before"
    return f"field {numbered(change.new)} no longer tracks whether it is set"


@rule(Changed[Field], Aspect.ONEOF)
def field_oneof_changed(change: Changed[Field]) -> str:
    """A field moves into a oneof, out of one, or to another one.

    Of the members of a oneof a reader keeps the one that comes last and destroys the others. A writer for whom
    the fields are independent sets several of them.

    Help: Put only new fields into a oneof; a single existing field may become the first member of a new oneof.
    """
    old, new = change.old.oneof, change.new.oneof
    renamed = "" if change.old.name == change.new.name else f", `{change.old.name}` before,"
    field = f"field {numbered(change.new)}{renamed}"
    if old and new:
        return f"{field} moves from oneof `{old}` to oneof `{new}`"
    return f"{field} moves into oneof `{new}`" if new else f"{field} moves out of oneof `{old}`"


@rule(Changed[Field], Aspect.DEFAULT)
def field_default_changed(change: Changed[Field]) -> str:
    """A field changes its declared default.

    An unset field is not written; each reader fills in the default of its own schema. The two sides then read
    different values from the same message.

    Help: Keep the default, and let the writer set the new value.
    """
    old, new = (f"`{one}`" if one is not None else "none" for one in (change.old.default, change.new.default))
    return f"the default of field {numbered(change.new)} is {new} now, it was {old}"


@rule(Changed[Field], Aspect.JSON_NAME)
def field_json_name_changed(change: Changed[Field]) -> str:
    """A field changes its name in JSON.

    ProtoJSON knows fields by this name (parsers also accept the name of the field itself). Under the old name the
    new side does not find it, and the other way round. The binary format does not hold it.

    Help: Keep the JSON name.
    """
    old, new = change.old.json_name, change.new.json_name
    return f"field {numbered(change.new)} is called `{new}` in JSON now, it was `{old}`"


@rule(Changed[Field], Aspect.UTF8)
def field_utf8_validation_changed(change: Changed[Field]) -> str:
    """A string field changes whether it has to be valid UTF-8.

    A reader that checks rejects a whole message for one string that is not UTF-8; a writer that does not check
    can send one.

    Help: Use `bytes` for what is not text, and keep the check on.
    """
    no_longer = "" if any(part.checks_utf8 for part in change.new.parts) else "no longer "
    return f"field {numbered(change.new)} {no_longer}has to be valid UTF-8"
