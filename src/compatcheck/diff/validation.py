"""The facts about constraints: on fields that stay, come or go, and on messages."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.diff.changes import OptionChanged
from compatcheck.diff.effects import Effects, directed, tied
from compatcheck.diff.extensions import Extensions
from compatcheck.diff.fields import kept_fields
from compatcheck.diff.pairing import Pairing
from compatcheck.reads.effects import Aspect, Direction, Surface
from compatcheck.reads.validation.fields import field_reads, lacking_reads
from compatcheck.reads.validation.messages import MESSAGE_OPTION, message_reads
from compatcheck.reads.validation.options import FIELD_OPTIONS, PREDEFINED, disabled
from compatcheck.schema.model import Field, Message


def validation_facts(pairing: Pairing, extensions: Extensions) -> Iterator[OptionChanged]:
    """Which values one side's validator rejects although the other side's lets them pass.

    Not only where an option changed: a new member of a required oneof is news to an old validator, too.
    """
    for old, new in pairing.messages.kept:
        yield from _of_message(old, new)
        if not (disabled(old) or disabled(new)):
            yield from _of_fields(old, new)
    for before, after in extensions.values():
        for old_field, new_field in kept_fields(before, after):
            yield from _of_kept(old_field, new_field)


def _of_message(old: Message, new: Message) -> Iterator[OptionChanged]:
    effects = tuple(directed(Surface.VALIDATION, old, new, message_reads, lambda _: True))
    if effects:
        yield OptionChanged(old, new, Aspect.CONSTRAINTS, MESSAGE_OPTION, effects)


def _of_fields(old: Message, new: Message) -> Iterator[OptionChanged]:
    kept = tuple(kept_fields(old.numbers, new.numbers))
    stayed = {id(field) for pair in kept for field in pair}
    for before, after in kept:
        yield from _of_kept(before, after)
    for field in new.fields:
        if id(field) not in stayed:
            outcomes = tied(Direction.BACKWARD, Surface.VALIDATION, lacking_reads(field))
            yield from _of_one_sided(old, field, field, tuple(outcomes))
    for field in old.fields:
        if id(field) not in stayed:
            outcomes = tied(Direction.FORWARD, Surface.VALIDATION, lacking_reads(field))
            yield from _of_one_sided(field, new, field, tuple(outcomes))


def _of_kept(old: Field, new: Field) -> Iterator[OptionChanged]:
    if not (old.place.written_options or new.place.written_options):
        return
    effects = tuple(directed(Surface.VALIDATION, old, new, field_reads, lambda _: True))
    if effects:
        yield OptionChanged(old, new, Aspect.CONSTRAINTS, _option(old, new), effects)


def _of_one_sided(
    old: Message | Field, new: Message | Field, field: Field, effects: Effects
) -> Iterator[OptionChanged]:
    """About a field that one side lacks: there stands the message that would hold it."""
    if effects:
        yield OptionChanged(old, new, Aspect.CONSTRAINTS, _option(field), effects)


def _option(*fields: Field) -> str:
    names = (*FIELD_OPTIONS, PREDEFINED)
    return next(name for name in names if any(name in one.place.options for one in fields))
