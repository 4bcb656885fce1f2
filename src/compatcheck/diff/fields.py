"""The facts about the fields of a pair of messages."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from compatcheck.diff.changes import Added, Changed, Removed
from compatcheck.diff.effects import Effects, Reads, no_longer_compiles, of_aspects
from compatcheck.diff.nested import own_of_field
from compatcheck.diff.oneofs import oneof_facts
from compatcheck.diff.pairing import Pairing
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Effect, Outcome, Surface
from compatcheck.reads.presence import default_of, element
from compatcheck.schema.model import Cardinality, Field, Message, Place

FieldChange = Added[Field] | Removed[Field] | Changed[Field]


def message_fields(old: Message, new: Message, pairing: Pairing, reads: Reads) -> Iterator[FieldChange]:
    """What happened to the fields of one message."""
    yield from numbered_facts(old.numbers, new.numbers, new, (old.place, new.place), pairing, reads)
    moved = {field.number for pair in _moved(old.numbers, new.numbers) for field in pair}
    yield from oneof_facts(old, new, moved, reads)


def numbered_facts(
    old: Mapping[int, Field],
    new: Mapping[int, Field],
    reserving: Message | None,
    holders: tuple[Place | None, Place | None],
    pairing: Pairing,
    reads: Reads,
) -> Iterator[FieldChange]:
    """What happened to fields that are told apart by their numbers; `reserving` can reserve those that went."""
    moved = _moved(old, new)
    gone_elsewhere = {one.number for one, _ in moved}
    come_from_elsewhere = {other.number for _, other in moved}
    for before, after in moved:
        effects = own_of_field(_renumbered(before, after, old, new, reads), before, after, pairing)
        yield Changed(before, after, Aspect.NUMBER, effects)
    for number in sorted(old.keys() | new.keys()):
        one, other = old.get(number), new.get(number)
        stays, stayed = number not in gone_elsewhere, number not in come_from_elsewhere
        if one is not None and other is not None and stays and stayed:
            yield from _kept(one, other, pairing, reads)
        elif one is not None and stays:
            reserved = reserving is not None and reserving.reserves(number, one.name)
            number_reserved = reserving is not None and reserving.reserves_number(number)
            effects = _removed(one, other, reads)
            yield Removed(one, holders[1], effects, reserved, number_reserved, taken_by=other)
        elif other is not None and stayed:
            yield Added(other, holders[0], _added(other, one, reads), taken_from=one)


def kept_fields(old: Mapping[int, Field], new: Mapping[int, Field]) -> Iterator[tuple[Field, Field]]:
    """The fields that both have: under the same number, unless one of the two names has moved to another."""
    moved = _moved(old, new)
    yield from moved
    gone, come = {one.number for one, _ in moved}, {other.number for _, other in moved}
    for number, field in old.items():
        if number in new and number not in gone and number not in come:
            yield field, new[number]


def _moved(old: Mapping[int, Field], new: Mapping[int, Field]) -> list[tuple[Field, Field]]:
    """Fields that kept their name, extensions that kept their full name, and got another number."""
    names = {element(field): field for field in new.values()}
    pairs = []
    for field in old.values():
        other = names.get(element(field))
        if other is not None and other.number != field.number:
            pairs.append((field, other))
    return pairs


def _kept(old: Field, new: Field, pairing: Pairing, reads: Reads) -> Iterator[Changed[Field]]:
    if old == new and old.cardinality is not Cardinality.MAP:
        return
    facts = [aspect for aspect, differs in _differences(old, new, pairing) if differs]
    if Aspect.NAME in facts and _holds_another_type(old, new, facts):
        effects = own_of_field(reads.strangers(old, new), old, new, pairing)
        yield Changed(old, new, Aspect.NUMBER_REUSED, effects)
        return
    for aspect in facts:
        effects = own_of_field(_effects_of(aspect, old, new, reads, facts), old, new, pairing)
        yield Changed(old, new, aspect, effects)


def _holds_another_type(old: Field, new: Field, facts: Container[Aspect]) -> bool:
    maps = [field.cardinality is Cardinality.MAP for field in (old, new)]
    return Aspect.TYPE in facts or Aspect.MAP_KEY in facts or Aspect.MAP_VALUE in facts or maps[0] != maps[1]


def _effects_of(aspect: Aspect, old: Field, new: Field, reads: Reads, facts: Container[Aspect]) -> Effects:
    """The effects of one fact, without those that another of the `facts` about the two fields has."""
    if aspect is Aspect.NAME:
        return reads.fields(old, new, of_aspects(Aspect.NAME, Aspect.JSON_NAME))
    map_or_not = aspect is Aspect.CARDINALITY and Cardinality.MAP in (old.cardinality, new.cardinality)
    if not map_or_not and aspect not in (Aspect.TYPE, Aspect.MAP_KEY, Aspect.MAP_VALUE):
        return reads.fields(old, new, of_aspects(aspect))
    aspects = {Aspect.TYPE, Aspect.VALUES}
    if aspect is Aspect.CARDINALITY or Aspect.CARDINALITY not in facts:
        aspects.add(Aspect.CARDINALITY)
    if old.holds_message != new.holds_message and not (old.repeats or new.repeats):
        aspects.add(Aspect.PRESENCE)
    goes_down = aspect is not Aspect.MAP_KEY
    return reads.fields(old, new, lambda one: goes_down if one.path else one.aspect in aspects)


def _differences(old: Field, new: Field, pairing: Pairing) -> Iterator[tuple[Aspect, bool]]:
    maps = (old.cardinality is Cardinality.MAP, new.cardinality is Cardinality.MAP)
    required = (old.cardinality is Cardinality.REQUIRED, new.cardinality is Cardinality.REQUIRED)
    called_otherwise = _called_otherwise(old, new, pairing)
    yield Aspect.NAME, called_otherwise
    if all(maps):
        yield Aspect.MAP_KEY, _type_differs(old.key, new.key, pairing)
        yield Aspect.MAP_VALUE, _type_differs(old.value, new.value, pairing)
    else:
        yield Aspect.TYPE, not any(maps) and _type_differs(old, new, pairing)
    yield Aspect.CARDINALITY, old.repeats != new.repeats or maps[0] != maps[1]
    yield Aspect.REQUIRED, required[0] != required[1]
    yield Aspect.PRESENCE, not any(required) and _presence_differs(old, new)
    yield Aspect.DEFAULT, old.default != new.default and default_of(old) != default_of(new)
    yield Aspect.JSON_NAME, not called_otherwise and not old.extendee and old.json_name != new.json_name
    yield Aspect.UTF8, maps[0] == maps[1] and any(map(_utf8_differs, old.parts, new.parts))


def _called_otherwise(old: Field, new: Field, pairing: Pairing) -> bool:
    """An extension goes by its full name, an ordinary field by its own."""
    if not old.extendee:
        return old.name != new.name
    file = old.place.file
    parent = pairing.new_parent(file, old.full_name.rpartition(".")[0])
    return new.full_name != f"{parent}.{old.name}".lstrip(".")


def _type_differs(old: Field, new: Field, pairing: Pairing) -> bool:
    if old.type is not new.type:
        return True
    return bool(old.type_name) and pairing.new_name(old.place.file.root, old.type_name) != new.type_name


def _presence_differs(old: Field, new: Field) -> bool:
    """Whether only the presence differs: a message has presence, and so has a member of a oneof."""
    return (
        not (old.repeats or new.repeats)
        and old.cardinality is not new.cardinality
        and old.holds_message == new.holds_message
        and bool(old.oneof) == bool(new.oneof)
    )


def _utf8_differs(old: Field, new: Field) -> bool:
    return old.type is new.type and old.checks_utf8 != new.checks_utf8


def _of_type(outcome: Outcome) -> bool:
    return bool(outcome.path) or outcome.aspect in (Aspect.TYPE, Aspect.CARDINALITY, Aspect.VALUES)


def _added(field: Field, before: Field | None, reads: Reads) -> Effects:
    """`before` is what had the number, if that has another one now."""
    unseen = Effect.IGNORED if before is None else _by_stranger(Direction.FORWARD, before, field, reads)
    return _on_one_side(field, unseen, Direction.FORWARD, Direction.BACKWARD, reads)


def _removed(field: Field, after: Field | None, reads: Reads) -> Effects:
    """`after` is what has the number now, if that had another one."""
    unseen = Effect.IGNORED if after is None else _by_stranger(Direction.BACKWARD, field, after, reads)
    effects = _on_one_side(field, unseen, Direction.BACKWARD, Direction.FORWARD, reads)
    return (*effects, no_longer_compiles())


def _on_one_side(field: Field, unseen: Effect, sent: Direction, missed: Direction, reads: Reads) -> Effects:
    """`unseen` is what becomes of its value in the direction `sent`; in the direction `missed` it never comes."""
    lacking = Effect.REJECTED if field.cardinality is Cardinality.REQUIRED else Effect.ABSENT
    return (
        DirectedEffect(sent, Surface.WIRE, unseen),
        reads.unknown_in_json(sent),
        DirectedEffect(missed, Surface.WIRE, lacking),
        DirectedEffect(missed, Surface.JSON, lacking),
    )


def _renumbered(
    old: Field, new: Field, old_fields: Mapping[int, Field], new_fields: Mapping[int, Field], reads: Reads
) -> Effects:
    """The value that was written under one number is looked for under another one.

    Whoever holds the number in the reader's schema misreads it, if it can parse it; otherwise it is dropped.
    JSON and generated code go by the name and see what else changed.
    """
    effects: list[DirectedEffect] = []
    for direction, written, read, readers in (
        (Direction.BACKWARD, old, new, new_fields),
        (Direction.FORWARD, new, old, old_fields),
    ):
        impostor = readers.get(written.number)
        effect = Effect.REJECTED if read.cardinality is Cardinality.REQUIRED else Effect.DROPPED
        if impostor is not None:
            one, other = (written, impostor) if direction is Direction.BACKWARD else (impostor, written)
            effect = _by_stranger(direction, one, other, reads)
        effects.append(DirectedEffect(direction, Surface.WIRE, effect))
    by_name = reads.fields(old, new, lambda _: True)
    return (*effects, *(effect for effect in by_name if effect.surface is not Surface.WIRE))


def _by_stranger(direction: Direction, old: Field, new: Field, reads: Reads) -> Effect:
    """What becomes of a value that another field of the same number reads: misread, unless it cannot parse it."""
    worst = max(
        (
            one.effect
            for one in reads.fields(old, new, _of_type)
            if one.direction is direction
            and one.surface is Surface.WIRE
            and not one.condition
            # What is dropped inside of a message is not the message; what is rejected there is all of it.
            and (not one.path or one.effect is Effect.REJECTED)
        ),
        default=Effect.MISREAD,
    )
    return worst if worst.breaks else Effect.MISREAD
