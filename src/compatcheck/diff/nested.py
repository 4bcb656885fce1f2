"""Tells the effects of a changed type from those of changes inside types that both schemas have."""

from __future__ import annotations

from compatcheck.diff.effects import Effects
from compatcheck.diff.pairing import Pairing
from compatcheck.reads.effects import DirectedEffect, Direction, Surface
from compatcheck.schema.model import Field, Message


def own_of_field(effects: Effects, old: Field, new: Field, pairing: Pairing) -> Effects:
    """Without what is told where it happens: inside a type that the two fields, or fields below them, share."""
    if _share_a_type(old, new, pairing):
        return tuple(one for one in effects if not one.path)
    if not (old.holds_message and new.holds_message):
        return effects
    return own_of_message(effects, old.message, new.message, pairing)


def own_of_message(effects: Effects, old: Message, new: Message, pairing: Pairing) -> Effects:
    """Without what is told where it happens: inside a type that fields of the two messages share."""
    return tuple(one for one in effects if not _is_told_below(one, old, new, pairing))


def _is_told_below(effect: DirectedEffect, old: Message, new: Message, pairing: Pairing) -> bool:
    for name in effect.path[:-1]:
        one, other = _counterparts(name, old, new, effect)
        if one is None or other is None:
            return False
        if _share_a_type(one, other, pairing):
            return True
        if not (one.holds_message and other.holds_message):
            return False
        old, new = one.message, other.message
    return False


def _counterparts(
    name: str, old: Message, new: Message, effect: DirectedEffect
) -> tuple[Field | None, Field | None]:
    """The two fields that a step of a path stands for; a path names fields as its reader does, if it has them."""
    one, other = old.names.get(name), new.names.get(name)
    if effect.surface is not Surface.WIRE:
        return one, other
    if other is not None and (one is None or effect.direction is Direction.BACKWARD):
        return old.numbers.get(other.number), other
    return one, None if one is None else new.numbers.get(one.number)


def _share_a_type(old: Field, new: Field, pairing: Pairing) -> bool:
    return (
        old.type is new.type
        and bool(old.type_name)
        and pairing.new_name(old.place.file.root, old.type_name) == new.type_name
    )
