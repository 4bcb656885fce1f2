"""Types that are packed in `google.protobuf.Any`, which carries their full name to the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from compatcheck.diff.effects import Effects
from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.reads.http.options import operation_types
from compatcheck.reads.well_known import ANY
from compatcheck.schema.model import File, Message, Schema
from compatcheck.schema.walk import fields_of, messages_within, methods_of

IF_PACKED = "only if it is packed in google.protobuf.Any"


class Packed:
    """Which types of two schemas are packed in `Any`, as far as one can know.

    No field says which: `known` is what the configuration does, and the options of methods name those of their
    long-running operations. Of the others any may be, if there is a field of the type `Any` at all.
    """

    def __init__(self, old: Schema, new: Schema, known: Callable[[str], bool]) -> None:
        self._schemas = (old, new)
        self._known = known

    def gone(self, messages: Iterable[Message]) -> Effects:
        """Old writers pack types of a name that new readers do not know."""
        return self._unresolvable(messages, (Direction.BACKWARD,))

    def renamed(self, messages: Iterable[Message]) -> Effects:
        """Neither side knows the name that the other one packs; `messages` are the old ones."""
        return self._unresolvable(messages, tuple(Direction))

    def _unresolvable(self, messages: Iterable[Message], directions: tuple[Direction, ...]) -> Effects:
        names = [one.full_name for message in messages for one in messages_within(message)]
        known = any(self._known(name) or name in self._of_operations for name in names)
        condition = "" if known else IF_PACKED
        if not names or (condition and not self._may_be):
            return ()
        return tuple(
            DirectedEffect(direction, surface, effect, condition)
            for direction in directions
            # A binary reader keeps what it cannot resolve; a JSON parser needs the type to read on.
            for surface, effect in ((Surface.WIRE, Effect.UNRESOLVABLE), (Surface.JSON, Effect.REJECTED))
        )

    @cached_property
    def _of_operations(self) -> frozenset[str]:
        methods = (one for schema in self._schemas for file in schema.files for one in methods_of(file))
        return frozenset(name for method in methods for name in operation_types(method))

    @cached_property
    def _may_be(self) -> bool:
        return any(_holds_any(file) for schema in self._schemas for file in schema.files)


def _holds_any(file: File) -> bool:
    return any(held.type_name == ANY for field in fields_of(file) for held in field.parts)
