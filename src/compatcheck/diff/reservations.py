"""What a message or an enum reserved, or allowed extensions to use, and gives up."""

from __future__ import annotations

from compatcheck.diff.effects import Effects
from compatcheck.diff.spans import span_text, spans_without
from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.schema.model import Enum, Message


def reservations_given_up(old: Message | Enum, new: Message | Enum) -> tuple[str, ...]:
    """Numbers and quoted names that only the old element reserves, as `.proto` source writes them."""
    names = old.reserved_names - new.reserved_names
    numbers = spans_without(old.reserved_numbers, new.reserved_numbers)
    return (*map(span_text, numbers), *sorted(f'"{name}"' for name in names))


def free_again() -> Effects:
    """What is no longer reserved harms nobody until it is used for something else."""
    again = "only if a number or name is used again"
    return (DirectedEffect(Direction.BACKWARD, Surface.WIRE, Effect.RELABELLED, again),)


def extension_ranges_given_up(old: Message, new: Message) -> tuple[str, ...]:
    """Numbers that only the old message leaves to extensions."""
    return tuple(map(span_text, spans_without(old.extension_ranges, new.extension_ranges)))
