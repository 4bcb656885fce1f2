"""The facts about a pair of enums and their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compatcheck.diff.changes import Added, Changed, Removed
from compatcheck.diff.effects import Effects, Reads
from compatcheck.diff.reservations import free_again, reservations_given_up
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Effect, Outcome, Surface
from compatcheck.schema.model import Enum, EnumValue

EnumChange = Added[EnumValue] | Removed[EnumValue] | Changed[EnumValue] | Changed[Enum]


def enum_facts(old: Enum, new: Enum, reads: Reads) -> Iterator[EnumChange]:
    """What happened to an enum: its values by name and by number, its first value, whether it is open."""
    yield from _values(old, new, reads)
    if old.closed != new.closed:
        yield Changed(old, new, Aspect.OPENNESS, _openness(old, new, reads))
    if old.values[:1] and new.values[:1] and old.values[0].number != new.values[0].number:
        yield Changed(old, new, Aspect.FIRST_VALUE, _first_value())
    if reservations_given_up(old, new):
        yield Changed(old, new, Aspect.RESERVED, free_again())


def _values(
    old: Enum, new: Enum, reads: Reads
) -> Iterator[Added[EnumValue] | Removed[EnumValue] | Changed[EnumValue]]:
    old_names = {value.name: value for value in old.values}
    new_names = {value.name: value for value in new.values}
    renamed = dict(_renamed(old, new))
    for value in old.values:
        kept = new_names.get(value.name)
        if kept is not None:
            if kept.number != value.number:
                yield Changed(value, kept, Aspect.NUMBER, _renumbered(value, kept, old, new))
        elif value.name in renamed:
            other = new_names[renamed[value.name]]
            yield Changed(value, other, Aspect.NAME, _of_names(old, new, reads, value.name, other.name))
        else:
            effects = _of_names(old, new, reads, value.name)
            reserved = new.reserves(value.number, value.name)
            yield Removed(value, new.place, effects, reserved, new.reserves_number(value.number))
    for value in new.values:
        if value.name not in old_names and value.name not in renamed.values():
            effects = _of_names(old, new, reads, value.name)
            original = _printed_so_far(value, old, new)
            if original is None:
                yield Added(value, old.place, effects, taken_from=_moved_away(value, old, new))
            else:
                yield Changed(original, value, Aspect.JSON_NAME, effects)


def _moved_away(added: EnumValue, old: Enum, new: Enum) -> EnumValue | None:
    """The value that had the number of an added one, and has another one now."""
    kept = {value.name for value in new.values if value.number != added.number}
    return next((value for value in old.values if value.number == added.number and value.name in kept), None)


def _printed_so_far(alias: EnumValue, old: Enum, new: Enum) -> EnumValue | None:
    """The value by whose name the old schema prints the number in JSON, if the new one prints it by the alias."""
    of_number = [value for value in new.values if value.number == alias.number]
    names = {value.name for value in of_number[1:]} if of_number[0] is alias else set()
    return next((value for value in old.values if value.number == alias.number and value.name in names), None)


def _renamed(old: Enum, new: Enum) -> Iterator[tuple[str, str]]:
    """Values that kept their number under a name that the old enum does not know."""
    old_names = {value.name for value in old.values}
    new_names = {value.name for value in new.values}
    taken: set[str] = set()
    for value in old.values:
        if value.name in new_names:
            continue
        for other in new.values:
            if other.number == value.number and other.name not in old_names and other.name not in taken:
                taken.add(other.name)
                yield value.name, other.name
                break


def _of_names(old: Enum, new: Enum, reads: Reads, *names: str) -> Effects:
    """The effects of values; they are about the value itself, so their paths no longer need its name."""
    effects = reads.enums(old, new, lambda outcome: outcome.path[:1] != () and outcome.path[0] in names)
    return tuple(dict.fromkeys(replace(effect, path=effect.path[1:]) for effect in effects))


def _openness(old: Enum, new: Enum, reads: Reads) -> Effects:
    def of_enum(outcome: Outcome) -> bool:
        return outcome.aspect is Aspect.OPENNESS

    found = reads.enums(old, new, of_enum)
    if any(one.surface is not Surface.GENERATED for one in found):
        return found
    # With the same values on both sides it shows only on numbers that neither names.
    direction = Direction.BACKWARD if new.closed else Direction.FORWARD
    unnamed = "only a number that the enum does not name"
    return (DirectedEffect(direction, Surface.WIRE, Effect.DROPPED, unnamed), *found)


def _renumbered(old: EnumValue, new: EnumValue, old_enum: Enum, new_enum: Enum) -> Effects:
    """The old number reads as whatever has it now: another name, or none."""
    effects = []
    for direction, written, reader in (
        (Direction.BACKWARD, old.number, new_enum),
        (Direction.FORWARD, new.number, old_enum),
    ):
        unnamed = Effect.DROPPED if reader.closed else Effect.UNNAMED
        effect = Effect.MISREAD if written in reader.numbers else unnamed
        effects.append(DirectedEffect(direction, Surface.WIRE, effect))
    return tuple(effects)


def _first_value() -> Effects:
    return tuple(
        DirectedEffect(direction, surface, Effect.DEFAULT_CHANGED)
        for direction in Direction
        for surface in (Surface.WIRE, Surface.JSON)
    )
