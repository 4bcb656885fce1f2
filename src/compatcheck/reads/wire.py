"""The binary wire format: what a reader makes of the bytes of a writer."""

from __future__ import annotations

from dataclasses import replace

from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes
from compatcheck.reads.graph import Memo, Node, Pair, walk
from compatcheck.reads.presence import (
    all_fields,
    can_be_zero,
    cannot_be_empty,
    element,
    oneof_outcomes,
    presence_reads,
    reader_only,
    renumbered,
    when_required,
    writer_only,
)
from compatcheck.reads.values import NO_NAME, enum_verdicts, is_misread, relabelled_values, unnamed_values
from compatcheck.reads.wire_elements import NOT_UTF8, SCALARS_THAT_PACK, descends, verdicts
from compatcheck.schema.model import Cardinality, Enum, Field, Message, Type


def field_reads(writer: Field, reader: Field, memo: Memo | None = None) -> Outcomes:
    """What becomes of the values of the writer's field, both fields at one number; () means safe.

    Outcomes inside of a message have its path, without the name of the field itself. They keep their own
    aspects if both fields hold a message of one full name, and have TYPE if the fields hold different ones.
    """
    memo = Memo() if memo is None else memo
    own, below = _compare(writer, reader)
    nested = (outcome for pair in below for outcome in walk(pair, _expand, memo))
    if writer.type_name != reader.type_name:
        nested = (replace(outcome, aspect=Aspect.TYPE) for outcome in nested)
    return (*own, *nested)


def message_reads(writer: Message, reader: Message, memo: Memo | None = None) -> Outcomes:
    """What becomes of the writer's message and of all that it holds; () means safe.

    Each outcome of a pair of messages appears once, by its shortest path; a path has the reader's name of a
    field that the reader has, and of an extension the full name in brackets.
    """
    return walk((writer, reader), _expand, Memo() if memo is None else memo)


def oneof_reads(writer: Message, reader: Message) -> Outcomes:
    """Fields that the writer can set together and of which the reader keeps one; path = (field,)."""
    theirs, ours = all_fields(writer), all_fields(reader)
    dropped = (
        number
        for number, field in theirs.items()
        if number in ours and (Effect.DROPPED, "") in verdicts(field, ours[number])
    )
    return oneof_outcomes(theirs, ours, frozenset(dropped), Effect.LOST)


def enum_reads(writer: Enum, reader: Enum) -> Outcomes:
    """What becomes of each value of the writer's enum in a field that is not required; path = (value,)."""
    effect = Effect.DROPPED if reader.closed else Effect.UNNAMED
    outcomes = [
        Outcome(effect, Aspect.VALUES, path=(value.name,)) for value in unnamed_values(writer, reader)
    ]
    for value, other in relabelled_values(writer, reader):
        misread = is_misread(value, other, writer, reader)
        effect, aspect = (Effect.MISREAD, Aspect.NUMBER) if misread else (Effect.RELABELLED, Aspect.NAME)
        outcomes.append(Outcome(effect, aspect, f"as {other.name}", (value.name,)))
    if reader.closed and not writer.closed:
        outcomes.append(Outcome(Effect.DROPPED, Aspect.OPENNESS, NO_NAME))
    return tuple(outcomes)


def _expand(writer: Message, reader: Message) -> Node:
    theirs, ours = all_fields(writer), all_fields(reader)
    own: list[Outcome] = []
    below: list[tuple[str, Pair]] = []
    moved = renumbered(theirs, ours)
    for number in sorted(theirs.keys() | ours.keys()):
        if number not in ours:
            own.append(_unread(theirs[number], moved))
        elif number not in theirs:
            own.append(reader_only(ours[number]))
        else:
            name = element(ours[number])
            outcomes, pairs = _compare(theirs[number], ours[number])
            if {element(theirs[number]), name} & moved:
                outcomes = _mistaken(outcomes)
            own.extend(outcome.below(name) for outcome in outcomes)
            below.extend((name, pair) for pair in pairs)
    own.extend(oneof_reads(writer, reader))
    return Node(tuple(own), tuple(below))


def _unread(field: Field, moved: frozenset[str]) -> Outcome:
    """A number that the reader lacks: nothing to it, unless it looks for the value under another one."""
    if element(field) in moved:
        return Outcome(Effect.DROPPED, Aspect.NUMBER, path=(element(field),))
    return writer_only(field)


def _mistaken(outcomes: Outcomes) -> Outcomes:
    """Another name at a number is a mere rename, unless one of the two names lives at another number."""
    renamed = Outcome(Effect.RELABELLED, Aspect.NAME)
    misread = () if _always_dropped(outcomes) else (Outcome(Effect.MISREAD, Aspect.NUMBER),)
    return (*misread, *(outcome for outcome in outcomes if outcome != renamed))


def _compare(writer: Field, reader: Field) -> tuple[Outcomes, tuple[Pair, ...]]:
    """What two fields show by themselves, and the messages to compare below them."""
    own: list[Outcome] = []
    if element(writer) != element(reader):
        own.append(Outcome(Effect.RELABELLED, Aspect.NAME))
    values, below = _compare_values(writer, reader)
    own.extend(when_required(reader, values))
    own.extend(_by_cardinality(writer, reader))
    own.extend(presence_reads(writer, reader, arrives=_can_read_zero(writer, values)))
    return tuple(dict.fromkeys(own)), below


def _can_read_zero(writer: Field, values: Outcomes) -> bool:
    # Neither a packed list nor an entry of a map is ever written empty, and some closed enums have no zero.
    empty = not writer.packed and writer.cardinality is not Cardinality.MAP
    return empty and can_be_zero(writer) and not _always_dropped(values)


def _always_dropped(values: Outcomes) -> bool:
    return any(one.effect is Effect.DROPPED and not one.condition for one in values)


def _compare_values(writer: Field, reader: Field) -> tuple[Outcomes, tuple[Pair, ...]]:
    """Type, cardinality, enum values and UTF-8 of two fields, those of a map's key and value included."""
    values = (
        set(enum_verdicts(writer.enum, reader.enum)) if writer.type is reader.type is Type.ENUM else set()
    )
    otherwise = Aspect.CARDINALITY if writer.type is reader.type else Aspect.TYPE
    own = [
        Outcome(verdict[0], Aspect.VALUES if verdict in values else otherwise, verdict[1])
        for verdict in verdicts(writer, reader)
    ]
    if writer.type is Type.STRING and reader.checks_utf8 and not writer.checks_utf8:
        own.append(Outcome(Effect.REJECTED, Aspect.UTF8, NOT_UTF8))
    if not descends(writer, reader):
        return tuple(own), ()
    if reader.cardinality is not Cardinality.MAP:
        return tuple(own), ((writer.message, reader.message),)
    entries, below = _compare_entries(writer.message, reader)
    return (*own, *entries), below


def _compare_entries(writer: Message, reader: Field) -> tuple[Outcomes, tuple[Pair, ...]]:
    """A message, mostly the entry of a map, read as an entry of the reader's map.

    The Python runtime keeps an entry with anything unknown in it as an unknown field, whole.
    """
    own: list[Outcome] = []
    below: tuple[Pair, ...] = ()
    for number, theirs in sorted(all_fields(writer).items()):
        ours = reader.message.numbers.get(number)
        if ours is None:
            own.append(_whole_entry(Outcome(Effect.DROPPED, Aspect.CARDINALITY), theirs, False))
            continue
        values, pairs = _compare_values(theirs, ours)
        if theirs.name != ours.name and not _always_dropped(values):
            own.append(Outcome(Effect.RELABELLED, Aspect.NAME, path=(ours.name,)))
        own.extend(_whole_entry(outcome, theirs, writer.is_map_entry) for outcome in values)
        below += pairs
    own.extend(
        Outcome(Effect.ABSENT, Aspect.CARDINALITY, path=(ours.name,))
        for number, ours in reader.message.numbers.items()
        if number not in writer.numbers
    )
    if writer.is_map_entry and _always_dropped(tuple(own)):
        own = [one for one in own if one.effect in (Effect.DROPPED, Effect.REJECTED)]
    # A value that is not written is an empty message to the reader.
    if not writer.is_map_entry and cannot_be_empty(reader.value):
        own.append(Outcome(Effect.REJECTED, Aspect.REQUIRED, "only when an entry has no value"))
    return tuple(own), below


def _whole_entry(outcome: Outcome, field: Field, always_set: bool) -> Outcome:
    """What drops one field of an entry drops the entry."""
    if outcome.effect is not Effect.DROPPED or (always_set and not outcome.condition):
        return outcome
    condition = outcome.condition or f"only when its {element(field)} is set"
    return replace(outcome, condition=f"the whole entry, {condition}")


def _by_cardinality(writer: Field, reader: Field) -> Outcomes:
    """Where type and cardinality both differ: what the cardinality would do to equal types."""
    shapes = (writer.cardinality, writer.packed), (reader.cardinality, reader.packed)
    if (
        writer.type is reader.type
        or shapes[0] == shapes[1]
        or Cardinality.MAP in (shapes[0][0], shapes[1][0])
    ):
        return ()
    packed = writer.packed and reader.type in SCALARS_THAT_PACK
    alike = replace(reader, cardinality=writer.cardinality, packed=packed)
    return tuple(replace(one, aspect=Aspect.CARDINALITY) for one in _compare_values(alike, reader)[0])
