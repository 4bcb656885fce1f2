"""Rules about messages as a whole, and what they reserve."""

from __future__ import annotations

from compatcheck.diff.changes import Changed, Removed
from compatcheck.diff.oneofs import renamed_oneofs
from compatcheck.diff.reservations import extension_ranges_given_up, reservations_given_up
from compatcheck.reads.effects import Aspect
from compatcheck.rules.rule import rule
from compatcheck.schema.model import Message


@rule(Removed[Message])
def message_removed(change: Removed[Message]) -> str:
    """A message is removed.

    Code that names it does not compile against the new schema. What it does to calls and stored data shows at
    the fields and methods that used it; if nothing did, only code that packs it (in `Any`, on a topic, into a
    file) can still meet it.

    Help: Mark it deprecated first, and remove it when no code names it any more.
    """
    return f"message `{change.old.full_name}` is removed"


@rule(Changed[Message], Aspect.NAME)
def message_renamed(change: Changed[Message]) -> str:
    """A message is renamed or moved and keeps its shape.

    The name of a message is neither in the binary format nor in ProtoJSON, so calls and stored data do not
    notice. Code that names it does, and so does a message packed in `google.protobuf.Any`, which carries the name.

    Help: Keep the old name if the message travels in `Any` or if its generated code is used by others.
    """
    return f"message `{change.old.full_name}` is called `{change.new.full_name}` now"


@rule(Changed[Message], Aspect.ONEOF)
def message_oneof_renamed(change: Changed[Message]) -> str:
    """A oneof is renamed and keeps its members.

    The name of a oneof is neither in the binary format nor in JSON. Generated code has it: the enum or the function
    that says which member is set, in Go, JavaScript and Swift also the way to the members.

    Help: Keep the name if its generated code is used by others.
    """
    names = renamed_oneofs(change.old, change.new)
    return "; ".join(f"oneof `{old}` is called `{new}` now" for old, new in names.items())


@rule(Changed[Message], Aspect.VISIBILITY)
def message_became_local(change: Changed[Message]) -> str:
    """A message that other files could use is local to its file now.

    By `local`, or by the feature `default_symbol_visibility` where it says neither `local` nor `export`. Other files
    that use the message do not compile any more. Messages that are sent and the code for them stay as they are.

    Help: Mark it `export`, or move what others use to a message of its own first.
    """
    return f"message `{change.new.full_name}` is local now: no other file can use it"


@rule(Changed[Message], Aspect.RESERVED)
def message_reservation_removed(change: Changed[Message]) -> str:
    """A message gives up numbers or names that it reserved.

    A reservation keeps the number of a deleted field from being given to another one. Without it nothing stops
    the next change from doing so, and data that was written with the old field is then misread without an error.

    Help: Keep the reservation; it costs nothing.
    """
    given_up = ", ".join(reservations_given_up(change.old, change.new))
    return f"message `{change.new.full_name}` no longer reserves {given_up}"


@rule(Changed[Message], Aspect.EXTENSION_RANGES)
def message_extension_range_removed(change: Changed[Message]) -> str:
    """A message gives up numbers that extensions may use.

    Schemas that extend the message with one of these numbers do not compile any more, and the numbers may be
    given to ordinary fields, which then misread the extensions' data.

    Help: Keep the range, and reserve in it what must not be used.
    """
    given_up = ", ".join(extension_ranges_given_up(change.old, change.new))
    return f"message `{change.new.full_name}` no longer allows extensions with the numbers {given_up}"
