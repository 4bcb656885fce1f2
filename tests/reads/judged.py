"""A pair of schemas judged in both directions, on the wire and in JSON, against the runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from random import Random
from typing import cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message as Value

from compatcheck.reads import json, json_elements, wire, wire_elements
from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes
from compatcheck.reads.json import JsonSettings
from compatcheck.schema.model import Message
from reads.contents import all_fields, entry_of, is_map, name_of
from reads.filled import WITHOUT, complete, directed, filled, with_bad_text
from reads.leniencies import is_unwritten_zero, may_be_taken
from reads.mutations import changed
from reads.observed import Seen, seen_on_wire
from reads.observed_json import seen_in_json
from reads.randomly import Parts, random_parts
from reads.schemas import Schema

VALUES = 4
"""Messages that are written for each pair and direction, beside the empty one."""

MOST_DIRECTED = 6
"""Outcomes of a pair and direction for which messages are made that must show them."""

_ATTEMPTS = 8
_LUCK = (json_elements.NO_PARSE, json_elements.PARSES, wire_elements.NO_PARSE, wire_elements.PARSES)
_KEPT_OUT = (Effect.DROPPED, Effect.REJECTED)
_RANGES = ("only below", "only above")
_EXPLAINS = (Effect.MISREAD, Effect.LOST)


@dataclass(frozen=True)
class Pair:
    """A schema, the same after `changes`, and what the JSON writers and readers are."""

    old: Parts
    new: Parts
    changes: tuple[str, ...]
    json: JsonSettings


@dataclass(frozen=True)
class Surface:
    """What is predicted of schemas, what is seen of messages, and whether the one covers the other."""

    name: str
    predict: Callable[[Message, Message], Outcomes]
    see: Callable[[Value, Value], set[Seen]]
    covers: Callable[[Seen, Iterable[Outcome]], bool]
    excuses: Callable[[Outcome, Message], bool]


@dataclass(frozen=True)
class Judged:
    values: int
    """Messages that were written and read."""
    differences: tuple[str, ...]


def random_pair(random: Random) -> Pair:
    """Half of the pairs differ by one change, others by up to five."""
    old = random_parts(random)
    new, names = changed(random, old, random.choice((1, 1, 1, 2, 3, 5)))
    settings = JsonSettings(
        random.choice(("ignore", "reject")),
        "python",
        random.choice(("json", "json", "proto")),
        random.choice(("names", "names", "integers")),
    )
    return Pair(old, new, names, settings)


def judge(pair: Pair, random: Random) -> Judged:
    """Writes random messages, and for what a single change is said to do messages that must show it."""
    old, new = pair.old.build(), pair.new.build()
    surfaces = (
        Surface(
            "wire",
            wire.message_reads,
            lambda value, empty: seen_on_wire(with_bad_text(value), empty),
            covered,
            lambda *_: False,
        ),
        Surface(
            f"{pair.json}",
            lambda writer, reader: json.message_reads(writer, reader, pair.json),
            lambda value, empty: seen_in_json(value, empty, pair.json),
            covered_in_json,
            lambda outcome, message: may_be_taken(outcome, message, pair.json),
        ),
    )
    differences: list[str] = []
    values = 0
    for writer, reader in ((old, new), (new, old)):
        written = [complete(writer.new()), *(filled(writer.new(), random) for _ in range(VALUES))]
        values += len(written)
        for surface in surfaces:
            outcomes = surface.predict(writer.message(), reader.message())
            differences += _unforeseen(surface, outcomes, written, reader)
            if len(pair.changes) == 1:
                for outcome in random.sample(outcomes, min(len(outcomes), MOST_DIRECTED)):
                    if must_show(outcome, outcomes) and not surface.excuses(outcome, reader.message()):
                        for attempt in range(_ATTEMPTS):
                            aimed = aimed_at(outcome, writer, reader, random)
                            values += sum(map(len, aimed))
                            differences += _unforeseen(surface, outcomes, chain(*aimed), reader)
                            missing = list(_not_shown(surface, outcome, outcomes, aimed, reader))
                            if not missing:
                                break
                            # What stands beside it is chosen at random, and can hide it.
                            differences += missing if attempt == _ATTEMPTS - 1 else ()
        differences += _milder(writer, reader, pair.json)
    each_once = {one.partition("\n")[0]: one for one in reversed(differences)}
    return Judged(values, tuple(reversed(each_once.values())))


def _unforeseen(
    surface: Surface, outcomes: Outcomes, written: Iterable[Value], reader: Schema
) -> Iterator[str]:
    for value in written:
        for seen in surface.see(value, reader.new()):
            if not surface.covers(seen, outcomes):
                yield f"{surface.name}: not predicted {seen}\n{value}{_listed(outcomes)}"


def _not_shown(
    surface: Surface, outcome: Outcome, outcomes: Outcomes, aimed: list[list[Value]], reader: Schema
) -> Iterator[str]:
    each = [[surface.see(value, reader.new()) for value in values] for values in aimed]
    shown = any(as_seen(outcome) in seen for seen in chain(*each))
    if aimed and not shown and not any(_hidden(seen[WITHOUT:], outcome) for seen in each):
        yield f"{surface.name}: not seen {outcome}\n{aimed[-1][-1]}{_listed(outcomes)}"


def _hidden(each: list[set[Seen]], outcome: Outcome) -> bool:
    """Whether something worse that is predicted happens to, or above, all that could show the outcome."""

    def hides(seen: Seen) -> bool:
        effect, path = seen
        if path in ((), outcome.path):
            return effect > outcome.effect
        return effect.breaks and path == outcome.path[: len(path)]

    return bool(each) and all(any(map(hides, seen)) for seen in each)


def _milder(writer: Schema, reader: Schema, python: JsonSettings) -> Iterator[str]:
    settings = python, replace(python, profile="portable")
    worst = [
        max((one.effect for one in json.message_reads(writer.message(), reader.message(), one)), default=0)
        for one in settings
    ]
    if worst[1] < worst[0]:
        yield f"the portable profile is milder: {settings[0]}"


def _listed(outcomes: Outcomes) -> str:
    return "".join(f"\n  predicted {one}" for one in outcomes)


def must_show(outcome: Outcome, outcomes: Outcomes) -> bool:
    """Whether directed values have to show it.

    Not: that the writer lacks a field, which nothing shows; bytes and texts of which it is luck whether they
    parse, or wrap to a number that a closed enum names; what the cardinality would do to equal types, where the
    types differ, too; and which of several fields of a oneof is lost, which is that which is written first.
    """
    beside = [one for one in outcomes if one.path == outcome.path and one != outcome]
    changes = outcome.effect is Effect.MISREAD or outcome.condition.startswith(_RANGES)
    wrapped = changes and any(one.effect in _KEPT_OUT and "does not name" in one.condition for one in beside)
    # Whether the bytes of a message are UTF-8 is luck as well.
    as_text = outcome.condition == wire_elements.NOT_UTF8 and any(
        one.effect is Effect.RELABELLED and one.aspect is Aspect.TYPE for one in beside
    )
    # A zero that loses its presence is not seen to lose its name.
    unset = outcome.aspect is Aspect.VALUES and any(one.effect is Effect.PRESENCE_LOST for one in beside)
    # Python takes the last of two that it takes for one field, unless that is a member of a oneof.
    twice = outcome.effect is Effect.REJECTED and outcome.aspect is Aspect.JSON_NAME and outcome.condition
    dropped = any(
        one.effect is Effect.DROPPED and not one.condition and one.path == outcome.path[: len(one.path)]
        for one in outcomes
        if len(one.path) < len(outcome.path)
    )
    return not (
        wrapped
        or dropped
        or unset
        or twice
        or as_text
        or outcome.effect is Effect.ABSENT
        or any(one.condition in _LUCK and one.path == outcome.path[: len(one.path)] for one in outcomes)
        or (outcome.aspect is Aspect.ONEOF and outcome.effect is Effect.LOST)
        or (outcome.aspect is Aspect.CARDINALITY and any(one.aspect is Aspect.TYPE for one in beside))
    )


def aimed_at(outcome: Outcome, writer: Schema, reader: Schema, random: Random) -> list[list[Value]]:
    """Messages that the outcome must happen to, for each field that it may mean.

    None if that cannot be told or, by an exception, seen.
    """
    found = list(_writer_paths(outcome.path, descriptor_of(writer), descriptor_of(reader)))
    paths = [path for path in found if path is not None]
    if len(paths) < len(found) or any(is_unwritten_zero(outcome, path[-1]) for path in paths if path):
        return []
    return [directed(writer.new(), path, random) for path in paths]


def descriptor_of(made: Schema) -> Descriptor:
    # As in `all_fields`.
    return cast(Descriptor, made.new().DESCRIPTOR)


def _writer_paths(
    path: tuple[str, ...], writer: Descriptor, reader: Descriptor
) -> Iterator[tuple[FieldDescriptor, ...] | None]:
    """The writer's fields that a path in the reader's names may mean, as far as the writer has any.

    None where it leads into what one side takes for a map and the other does not.
    """
    if not path:
        yield ()
        return
    other = next((field for field in all_fields(reader) if name_of(field) == path[0]), None)
    found = False
    for field in all_fields(writer):
        if name_of(field) == path[0] or (other is not None and _meet(field, other)):
            found = True
            held = [_held(one) for one in (field, other or field)]
            if is_map(field) != is_map(other or field):
                # What of an entry drops, hides or takes the place of what is for exact tests.
                yield None
                return
            if held[0] is None or held[1] is None:
                yield (field,)
            else:
                for rest in _writer_paths(path[1:], held[0], held[1]):
                    yield None if rest is None else (field, *rest)
    if not found:
        yield ()


def _meet(field: FieldDescriptor, other: FieldDescriptor) -> bool:
    return field.number == other.number or bool({field.name, field.json_name} & {other.name, other.json_name})


def _held(field: FieldDescriptor) -> Descriptor | None:
    if field.message_type is None:
        return None
    return entry_of(field).fields_by_number[2].message_type if is_map(field) else field.message_type


def as_seen(outcome: Outcome) -> Seen:
    """The outcome in the words of what can be observed."""
    if outcome.effect is Effect.REJECTED:
        return outcome.effect, ()
    return Effect.MISREAD if outcome.effect is Effect.LOSSY else outcome.effect, outcome.path


def covered(seen: Seen, outcomes: Iterable[Outcome]) -> bool:
    """Whether an effect was predicted for a field of this name, or a worse one that explains it.

    Each pair of messages shows its outcomes once, by the shortest path, so only the end of a path counts.
    """
    effect, path = seen
    if effect is Effect.REJECTED:
        return any(one.effect is Effect.REJECTED for one in outcomes)
    same = {Effect.MISREAD, Effect.LOSSY} if effect is Effect.MISREAD else {effect}
    several = any(one.effect is Effect.LOSSY and one.path[-1:] == path[-1:] for one in outcomes)
    for one in outcomes:
        # What is told of a map's values is told of the map; a message that is read as an entry has a field `value`.
        ends = one.path[-1:] in (path[-1:], path[-2:-1] if path[-1:] == ("value",) else path[-1:])
        if ends and (one.effect in same or (one.effect in _EXPLAINS and one.effect > effect)):
            return True
        # The default that is set and dropped is not told from unset.
        if ends and effect is Effect.PRESENCE_LOST and one.effect is Effect.DROPPED:
            return True
        # A required field has the last of several elements, or the one before it if that cannot be kept.
        if ends and effect is Effect.DROPPED and one.effect is Effect.REJECTED and one.condition and several:
            return True
        # What is inside of a message that merged with another, or was something else, is anybody's guess.
        if one.effect in (Effect.LOSSY, Effect.MISREAD) and one.path[-1] in path[:-1]:
            return True
    return False


def covered_in_json(seen: Seen, outcomes: Iterable[Outcome]) -> bool:
    """As on the wire; what is rejected by rights may be read in any way by Python's lenient parser.

    It finds an extension of another message by its name, and rejects it only once it has a value for it. What the
    reader has at that number bears another name.
    """
    return covered(seen, outcomes) or any(
        one.effect is Effect.REJECTED
        and (
            one.path[-1:] == seen[1][-1:]
            or (_are_extensions(one.path, seen[1]) and one.path[:-1] == seen[1][:-1])
        )
        for one in outcomes
    )


def _are_extensions(*paths: tuple[str, ...]) -> bool:
    return all(path[-1:] != () and path[-1].startswith("[") for path in paths)
