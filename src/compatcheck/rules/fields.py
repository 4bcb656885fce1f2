"""Rules about fields and extensions that are added, removed, renamed or given another number."""

from __future__ import annotations

from compatcheck.diff.changes import Added, Changed, Removed
from compatcheck.reads.effects import Aspect
from compatcheck.rules.rule import rule
from compatcheck.rules.words import is_demanded, kind_of, left_open, numbered, type_of
from compatcheck.schema.model import Cardinality, Field


@rule(Added[Field])
def field_added(change: Added[Field]) -> str | None:
    """A field is added.

    Old readers keep it as an unknown field and new readers find it unset in old messages. This is how schemas are
    meant to grow.

    Help: Nothing to do, as long as new code copes with old messages that lack it.
    """
    if change.new.cardinality is Cardinality.REQUIRED or is_demanded(change):
        return None
    added = f"{kind_of(change.new)} {numbered(change.new)} of type `{type_of(change.new)}` is added"
    before = change.taken_from
    return added if before is None else f"{added}; the number was that of `{before.name}`"


@rule(Added[Field])
def field_required_added(change: Added[Field]) -> str | None:
    """A required field is added.

    Every message that old code writes lacks it, and a new reader rejects such a message as a whole (Python's
    parser lets it through and leaves it to `IsInitialized()`).

    Help: Add it as `optional` and check for it in code.
    """
    if change.new.cardinality is not Cardinality.REQUIRED:
        return None
    return f"required {kind_of(change.new)} {numbered(change.new)} is added: messages of old writers lack it"


@rule(Removed[Field])
def field_removed(change: Removed[Field]) -> str | None:
    """A field is removed and its number or its name can be used again.

    Old readers find the field unset from now on. And nothing keeps the next change from giving the number to a
    field of another meaning, which data and programs that still use the old one then misread without an error.

    Help: Reserve both the number and the name where the field was.
    """
    if change.reserved:
        return None
    field = change.old
    removed = f"{kind_of(field)} {numbered(field)} of type `{type_of(field)}` is removed"
    if change.taken_by is not None:
        return f"{removed}; `{change.taken_by.name}` has the number now"
    return f"{removed}{left_open(change.number_reserved)}"


@rule(Removed[Field])
def field_removed_reserved(change: Removed[Field]) -> str | None:
    """A field is removed and its number and name are reserved.

    Nothing can misread its number. Old readers still expect the field and find it unset, which they cannot tell
    from a writer who meant that.

    Help: Remove it only when no live reader needs the value any more.
    """
    if not change.reserved:
        return None
    return f"{kind_of(change.old)} {numbered(change.old)} is removed; its number and name are reserved"


@rule(Changed[Field], Aspect.NAME)
def field_renamed(change: Changed[Field]) -> str:
    """A field keeps its number and its type and has another name.

    The binary format does not hold the name: the value arrives, and means what the new name says. If this is a
    rename, nothing breaks but JSON and code that uses the old name. If it is a removed field and a new one that
    got its number, every reader on the other side misreads it; a schema cannot tell the two apart.

    Help: Keep the old name, at least as `json_name`; for a new meaning take a new number.
    """
    old, new = (one.full_name if one.extendee else one.name for one in (change.old, change.new))
    return f"{kind_of(change.new)} number {change.new.number} was `{old}`, it is `{new}` now"


@rule(Changed[Field], Aspect.NUMBER_REUSED)
def field_number_reused(change: Changed[Field]) -> str:
    """The number of a field is used again, with another name and another type.

    What one side writes as the old field, the other side reads as the new one: dropped, misread or rejected,
    depending on the types.

    Help: Take a number that was never used, and reserve the old number and name.
    """
    old, new = change.old, change.new
    return f"number {new.number} was `{type_of(old)} {old.name}`, it is `{type_of(new)} {new.name}` now"


@rule(Changed[Field], Aspect.NUMBER)
def field_renumbered(change: Changed[Field]) -> str:
    """A field keeps its name and gets another number.

    The binary format knows fields by their number only. Whatever was written under the old number is not found
    under the new one; if another field has the old number now, it reads the value as its own.

    Help: Keep the number; the order of fields in the source does not matter.
    """
    old, new = change.old, change.new
    moved = f"{kind_of(new)} `{new.name}` had number {old.number}, it has {new.number} now"
    types = type_of(old), type_of(new)
    return moved if types[0] == types[1] else f"{moved}, and type `{types[1]}` instead of `{types[0]}`"
