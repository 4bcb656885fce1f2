"""Rules about enums and their values."""

from __future__ import annotations

from compatcheck.diff.changes import Added, Changed, Removed
from compatcheck.diff.reservations import reservations_given_up
from compatcheck.reads.effects import Aspect
from compatcheck.rules.rule import rule
from compatcheck.rules.words import left_open
from compatcheck.schema.model import Enum, EnumValue


@rule(Removed[Enum])
def enum_removed(change: Removed[Enum]) -> str:
    """An enum is removed.

    Code that names it does not compile against the new schema. What it does to calls and stored data shows at
    the fields that used it.

    Help: Mark it deprecated first, and remove it when no code names it any more.
    """
    return f"enum `{change.old.full_name}` is removed"


@rule(Changed[Enum], Aspect.NAME)
def enum_renamed(change: Changed[Enum]) -> str:
    """An enum is renamed or moved and keeps its values.

    The name of an enum is neither in the binary format nor in ProtoJSON. Code that names it does not compile.

    Help: Keep the old name if its generated code is used by others.
    """
    return f"enum `{change.old.full_name}` is called `{change.new.full_name}` now"


@rule(Changed[Enum], Aspect.VISIBILITY)
def enum_became_local(change: Changed[Enum]) -> str:
    """An enum that other files could use is local to its file now.

    By `local`, or by the feature `default_symbol_visibility` where it says neither `local` nor `export`. Other files
    that use the enum do not compile any more. Messages that are sent and the code for them stay as they are.

    Help: Mark it `export`.
    """
    return f"enum `{change.new.full_name}` is local now: no other file can use it"


@rule(Added[EnumValue])
def enum_value_added(change: Added[EnumValue]) -> str:
    """A value is added to an enum.

    Old readers have no name for it. An open enum (proto3, editions) keeps the number; a closed one (proto2)
    treats the field as unset, and where it is a map's value or a required field the whole entry or message is gone.

    Help: Let every reader know the value before any writer sends it; for a closed enum this is the only safe way.
    """
    added = f"value `{change.new.name}` = {change.new.number} is added"
    before = change.taken_from
    return added if before is None else f"{added}; the number was that of `{before.name}`"


@rule(Removed[EnumValue])
def enum_value_removed(change: Removed[EnumValue]) -> str | None:
    """A value of an enum is removed, and its number or its name can be used again.

    Readers of the new schema have no name for what old writers send and what is stored: an open enum keeps the
    bare number, a closed one treats the field as unset, JSON rejects or ignores the name.

    Help: Keep the value and mark it deprecated; if it has to go, reserve its number and its name.
    """
    if change.reserved:
        return None
    return f"value `{change.old.name}` = {change.old.number} is removed{left_open(change.number_reserved)}"


@rule(Removed[EnumValue])
def enum_value_removed_reserved(change: Removed[EnumValue]) -> str | None:
    """A value of an enum is removed, and its number and name are reserved.

    Nothing can give the number another meaning. Readers of the new schema still have no name for what old writers
    send and what is stored.

    Help: Remove it only when nothing sends or stores the value any more.
    """
    if not change.reserved:
        return None
    return f"value `{change.old.name}` = {change.old.number} is removed; its number and name are reserved"


@rule(Changed[EnumValue], Aspect.NAME)
def enum_value_renamed(change: Changed[EnumValue]) -> str:
    """A value of an enum keeps its number and has another name.

    The binary format does not hold the name. JSON does, and so does code that uses the old name.

    Help: Declare the new name as an alias (`allow_alias`) and keep the old one first.
    """
    return f"value {change.new.number} was `{change.old.name}`, it is `{change.new.name}` now"


@rule(Changed[EnumValue], Aspect.NUMBER)
def enum_value_renumbered(change: Changed[EnumValue]) -> str:
    """A value of an enum keeps its name and gets another number.

    The binary format holds the number only: what one side writes means another value, or none, to the other.

    Help: Keep the number, and give new values new ones.
    """
    return f"value `{change.new.name}` was {change.old.number}, it is {change.new.number} now"


@rule(Changed[EnumValue], Aspect.JSON_NAME)
def enum_value_json_name_changed(change: Changed[EnumValue]) -> str:
    """JSON prints a value by another name, since an alias is declared before it.

    Of several names of one number, JSON printers write the one that is declared first. Readers take any name that
    they know, and old ones do not know the new one. Binary data has the number only.

    Help: Declare the alias after the name that is there.
    """
    return f"value `{change.old.name}` = {change.old.number} is printed as `{change.new.name}` in JSON now"


@rule(Changed[Enum], Aspect.FIRST_VALUE)
def enum_first_value_changed(change: Changed[Enum]) -> str:
    """The first value of an enum changes its number.

    An unset field of this enum reads as the first value. It is not written, so each side reads its own.

    Help: Add new values behind the first one.
    """
    old, new = change.old.values[0], change.new.values[0]
    return (
        f"unset fields of `{change.new.full_name}` read as `{new.name}` = {new.number} now, "
        f"they read as `{old.name}` = {old.number}"
    )


@rule(Changed[Enum], Aspect.OPENNESS)
def enum_opened(change: Changed[Enum]) -> str | None:
    """A closed enum is open now.

    New writers can send numbers that the enum does not name, which old readers treat as unset.

    Help: Let new writers send only values that the old enum names until no old reader is left.
    """
    if change.new.closed:
        return None
    return f"enum `{change.new.full_name}` is open now: it keeps unnamed numbers"


@rule(Changed[Enum], Aspect.OPENNESS)
def enum_closed(change: Changed[Enum]) -> str | None:
    """An open enum is closed now.

    Numbers that the enum does not name, which old writers can send and stored data can hold, are treated as unset.

    Help: Keep the enum open.
    """
    if not change.new.closed:
        return None
    return f"enum `{change.new.full_name}` is closed now: it drops unnamed numbers"


@rule(Changed[Enum], Aspect.RESERVED)
def enum_reservation_removed(change: Changed[Enum]) -> str:
    """An enum gives up numbers or names that it reserved.

    A reservation keeps the number of a deleted value from getting another meaning. Without it data that was
    written with the old value can be misread without an error.

    Help: Keep the reservation; it costs nothing.
    """
    given_up = ", ".join(reservations_given_up(change.old, change.new))
    return f"enum `{change.new.full_name}` no longer reserves {given_up}"
