"""Asks the surfaces what both directions make of a pair of elements, and keeps what belongs to one fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from compatcheck.diff.settings import Settings
from compatcheck.reads import json, wire
from compatcheck.reads.effects import (
    Aspect,
    DirectedEffect,
    Direction,
    Effect,
    Outcome,
    Outcomes,
    Surface,
)
from compatcheck.reads.generated import elements as generated
from compatcheck.reads.graph import Memo
from compatcheck.schema.model import Enum, Field, Message

T = TypeVar("T")
Effects = tuple[DirectedEffect, ...]


@dataclass(frozen=True, slots=True)
class Reads:
    """The reads of every surface, with what one comparison remembers."""

    settings: Settings
    wire_memo: Memo = field(default_factory=Memo)
    json_memo: Memo = field(default_factory=Memo)

    def fields(self, old: Field, new: Field, keep: Callable[[Outcome], bool]) -> Effects:
        """The effects on a pair of fields, as far as `keep` wants them."""
        return self._fields(old, new, keep, lambda outcomes: outcomes)

    def strangers(self, old: Field, new: Field) -> Effects:
        """The effects on two fields that share nothing but their number."""
        return self._fields(old, new, lambda _: True, _by_name)

    def _fields(
        self,
        old: Field,
        new: Field,
        keep: Callable[[Outcome], bool],
        parsed: Callable[[Outcomes], Outcomes],
    ) -> Effects:
        def read_json(writer: Field, reader: Field) -> Outcomes:
            return parsed(json.field_reads(writer, reader, self.settings.json, self.json_memo))

        effects = (
            *directed(Surface.WIRE, old, new, lambda w, r: wire.field_reads(w, r, self.wire_memo), keep),
            *directed(Surface.JSON, old, new, read_json, keep),
            *_recompiled(generated.field_reads(old, new, self.settings.languages), keep),
        )
        return _told_once(effects)

    def messages(self, old: Message, new: Message, keep: Callable[[Outcome], bool]) -> Effects:
        return (
            *directed(Surface.WIRE, old, new, lambda w, r: wire.message_reads(w, r, self.wire_memo), keep),
            *directed(
                Surface.JSON,
                old,
                new,
                lambda w, r: json.message_reads(w, r, self.settings.json, self.json_memo),
                keep,
            ),
        )

    def oneofs(self, old: Message, new: Message, keep: Callable[[Outcome], bool]) -> Effects:
        return (
            *directed(Surface.WIRE, old, new, wire.oneof_reads, keep),
            *directed(Surface.JSON, old, new, lambda w, r: json.oneof_reads(w, r, self.settings.json), keep),
        )

    def enums(self, old: Enum, new: Enum, keep: Callable[[Outcome], bool]) -> Effects:
        return (
            *directed(Surface.WIRE, old, new, wire.enum_reads, keep),
            *directed(Surface.JSON, old, new, lambda w, r: json.enum_reads(w, r, self.settings.json), keep),
            *_recompiled(generated.enum_reads(old, new, self.settings.languages), keep),
        )

    def unknown_in_json(self, direction: Direction) -> DirectedEffect:
        """What a JSON reader does with a field that its schema lacks."""
        rejects = self.settings.json.unknown_fields == "reject"
        return DirectedEffect(direction, Surface.JSON, Effect.REJECTED if rejects else Effect.IGNORED)


def directed(
    surface: Surface,
    old: T,
    new: T,
    reads: Callable[[T, T], Outcomes],
    keep: Callable[[Outcome], bool],
) -> Iterator[DirectedEffect]:
    """Backward and forward: `reads` is asked as (writer, reader)."""
    for direction, outcomes in (
        (Direction.BACKWARD, reads(old, new)),
        (Direction.FORWARD, reads(new, old)),
    ):
        yield from tied(direction, surface, filter(keep, outcomes))


def tied(direction: Direction, surface: Surface, outcomes: Iterable[Outcome]) -> Iterator[DirectedEffect]:
    for one in outcomes:
        yield DirectedEffect(direction, surface, one.effect, one.condition, one.path)


def _told_once(effects: Effects) -> Effects:
    """Without repetitions, and without the conditions of what happens in any case."""
    always = {replace(one, condition="") for one in effects if not one.condition}
    return tuple(
        one for one in dict.fromkeys(effects) if not one.condition or replace(one, condition="") not in always
    )


def _by_name(outcomes: Outcomes) -> Outcomes:
    """A parser that does not know the name of a field never comes to its value."""
    unknown = tuple(one for one in outcomes if one.aspect in (Aspect.NAME, Aspect.JSON_NAME) and not one.path)
    return unknown or outcomes


def _recompiled(outcomes: Outcomes, keep: Callable[[Outcome], bool]) -> Iterator[DirectedEffect]:
    # Code that was written for the old schema meets the new one; nothing is recompiled the other way round.
    return tied(Direction.BACKWARD, Surface.GENERATED, filter(keep, outcomes))


def no_longer_compiles() -> DirectedEffect:
    """Code that names an element which is gone, or is called otherwise, is rejected by its compiler."""
    return DirectedEffect(Direction.BACKWARD, Surface.GENERATED, Effect.REJECTED)


def of_aspects(*aspects: Aspect) -> Callable[[Outcome], bool]:
    """Keeps the outcomes of these aspects at the element itself, not further down."""
    return lambda outcome: outcome.aspect in aspects and not outcome.path
