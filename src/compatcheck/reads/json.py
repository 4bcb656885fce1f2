"""ProtoJSON: what a parser makes of the JSON that a writer printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes
from compatcheck.reads.graph import Memo, Node, Pair, walk
from compatcheck.reads.json_elements import (
    NO_PARSE,
    PARSES,
    key_verdicts,
    missing_names,
    value_verdicts,
)
from compatcheck.reads.json_elements import JsonSettings as JsonSettings
from compatcheck.reads.json_forms import form_verdicts, holds_several, several_verdicts, takes_all, unwrapped
from compatcheck.reads.presence import (
    all_fields,
    can_be_zero,
    cannot_be_empty,
    element,
    oneof_outcomes,
    presence_reads,
    reader_only,
    when_required,
)
from compatcheck.reads.values import NO_NAME, first_declared, listed
from compatcheck.reads.wire import enum_reads as read_by_number
from compatcheck.schema.model import Cardinality, Enum, Field, Message, Type

_DEFAULT = JsonSettings()


def field_reads(
    writer: Field, reader: Field, settings: JsonSettings = _DEFAULT, memo: Memo | None = None
) -> Outcomes:
    """What becomes of the values of the writer's field, if both are one field to who wrote the schemas.

    A name that the reader does not know is an outcome of its own (NAME or JSON_NAME); the others say what
    would become of the values if it did. Nested outcomes have aspects and paths as on the wire.
    """
    memo = Memo() if memo is None else memo
    own, below = _compare(writer, reader, settings)
    nested = (outcome for pair in below for outcome in _walk(pair, settings, memo))
    if writer.type_name != reader.type_name:
        nested = (replace(outcome, aspect=Aspect.TYPE) for outcome in nested)
    return (*_by_name(writer, reader, settings), *own, *nested)


def message_reads(
    writer: Message, reader: Message, settings: JsonSettings = _DEFAULT, memo: Memo | None = None
) -> Outcomes:
    """What becomes of the writer's message and of all that it holds: fields pair by the names in JSON.

    A memo may be shared by calls with equal settings only.
    """
    return _walk((writer, reader), settings, Memo() if memo is None else memo)


def oneof_reads(writer: Message, reader: Message, settings: JsonSettings = _DEFAULT) -> Outcomes:
    """Fields that the writer can print together and of which the reader takes one; path = (field,)."""
    theirs, ours = all_fields(writer), all_fields(reader)
    paired = {other.number: field for field, other in _pairs(theirs, ours, settings)}
    return oneof_outcomes(paired, ours, frozenset(), Effect.REJECTED)


def enum_reads(writer: Enum, reader: Enum, settings: JsonSettings = _DEFAULT) -> Outcomes:
    """What becomes of each value of the writer's enum as it prints it; path = (value,)."""
    if settings.enums == "integers":
        by_number = read_by_number(writer, reader)
        return tuple(
            replace(one, effect=Effect.REJECTED) if one.effect is Effect.DROPPED else one for one in by_number
        )
    outcomes = [
        Outcome(settings.unknown_name, Aspect.VALUES, path=(value.name,))
        for value in missing_names(writer, reader)
    ]
    if reader.closed and not writer.closed:
        outcomes.append(Outcome(Effect.REJECTED, Aspect.OPENNESS, NO_NAME))
    return tuple(outcomes)


def _walk(pair: Pair, settings: JsonSettings, memo: Memo) -> Outcomes:
    return walk(pair, lambda writer, reader: _expand(writer, reader, settings), memo)


def _expand(writer: Message, reader: Message, settings: JsonSettings) -> Node:
    theirs, ours = all_fields(writer), all_fields(reader)
    own: list[Outcome] = []
    below: list[tuple[str, Pair]] = []
    pairs = _pairs(theirs, ours, settings)
    for field, other in pairs:
        name = element(other)
        outcomes, inner = _compare(field, other, settings)
        own.extend(outcome.below(name) for outcome in outcomes)
        below.extend((name, pair) for pair in inner)
    own.extend(_met_twice(pairs))
    printed = {field.number for field, _ in pairs}
    taken = {other.number for _, other in pairs}
    for number, field in theirs.items():
        if number not in printed:
            renamed = None if number in taken else ours.get(number)
            own.append(_foreign(field) if _is_foreign(field, reader) else _unpaired(field, renamed, settings))
    own.extend(
        reader_only(field)
        for number, field in ours.items()
        if number not in taken and (number not in theirs or number in printed or _requires(field))
    )
    own.extend(oneof_reads(writer, reader, settings))
    return Node(tuple(own), tuple(below))


def _requires(field: Field) -> bool:
    return field.cardinality is Cardinality.REQUIRED


def _pairs(
    theirs: dict[int, Field], ours: dict[int, Field], settings: JsonSettings
) -> list[tuple[Field, Field]]:
    """The fields that meet: a parser takes the JSON name, or the name in the schema."""
    originals = {accepted[-1]: field for field in ours.values() for accepted in [_accepted(field)]}
    known = originals | {_accepted(field)[0]: field for field in ours.values()}
    printed = ((field, _printed(field, settings)) for field in theirs.values())
    return [(field, known[name]) for field, name in printed if name in known]


def _met_twice(pairs: list[tuple[Field, Field]]) -> Iterator[Outcome]:
    """Fields that are taken for one, which the reader knows by its JSON name and by its name in the schema.

    Python's parser rejects a member of a oneof that comes twice, others any field.
    """
    for field, other in pairs:
        rivals = [element(one) for one, met in pairs if met is other and one is not field]
        if rivals:
            condition = f"only when {listed(rivals)} is set, too"
            yield Outcome(Effect.REJECTED, Aspect.JSON_NAME, condition, (element(other),))


def _printed(field: Field, settings: JsonSettings) -> str:
    return field.json_name if settings.names == "json" and not field.extendee else element(field)


def _accepted(field: Field) -> tuple[str, ...]:
    return (element(field),) if field.extendee else (field.json_name, field.name)


def _unpaired(writer: Field, renamed: Field | None, settings: JsonSettings) -> Outcome:
    """A field whose printed name the reader does not know; `renamed` is what the reader has at its number."""
    if renamed is not None:
        aspect = Aspect.JSON_NAME if element(writer) == element(renamed) else Aspect.NAME
        return Outcome(settings.unknown_name, aspect, path=(element(renamed),))
    effect = Effect.IGNORED if settings.unknown_fields == "ignore" else Effect.REJECTED
    return Outcome(effect, Aspect.EXISTENCE, path=(element(writer),))


def _is_foreign(field: Field, reader: Message) -> bool:
    """Whether it is an extension that cannot extend the reader's message, or extends another one there.

    Python's parser rejects it, even if unknown fields are ignored.
    """
    if not field.extendee:
        return False
    known = {one.full_name for one in reader.scope.extensions(field.extendee)}
    return not reader.extension_ranges or field.full_name in known


def _foreign(writer: Field) -> Outcome:
    return Outcome(Effect.REJECTED, Aspect.EXISTENCE, path=(element(writer),))


def _by_name(writer: Field, reader: Field, settings: JsonSettings) -> Iterator[Outcome]:
    if _printed(writer, settings) not in _accepted(reader):
        named = replace(_unpaired(writer, reader, settings), path=())
        yield from when_required(reader, (named,))


def _compare(writer: Field, reader: Field, settings: JsonSettings) -> tuple[Outcomes, tuple[Pair, ...]]:
    """What two fields show by themselves, and the messages to compare below them."""
    writer, reader = unwrapped(writer), unwrapped(reader)
    values, below = _compare_values(writer, reader, settings)
    own = list(when_required(reader, values))
    maps = Cardinality.MAP in (writer.cardinality, reader.cardinality)
    told = takes_all(writer, reader) or holds_several(writer, reader)
    if writer.type is not reader.type and writer.repeats != reader.repeats and not (maps or told):
        own.append(Outcome(Effect.REJECTED, Aspect.CARDINALITY))
    own.extend(presence_reads(writer, reader, arrives=_default_arrives(writer, reader, values, settings)))
    return tuple(dict.fromkeys(own)), below


def _default_arrives(writer: Field, reader: Field, values: Outcomes, settings: JsonSettings) -> bool:
    """Whether what the writer prints can be the zero, the empty text or the zero value of the reader."""
    if any(one.effect in (Effect.DROPPED, Effect.REJECTED) and not one.condition for one in values):
        return False
    texts = [field.type in (Type.STRING, Type.BYTES) for field in (writer, reader)]
    if writer.type is Type.ENUM and reader.type is Type.ENUM and settings.enums == "names":
        zeros = {one.name for one in reader.enum.values if one.number == 0}
        return any(one.name in zeros for one in first_declared(writer.enum))
    if writer.type is Type.ENUM:
        return settings.enums == "integers" and can_be_zero(writer) and not texts[1]
    return texts[0] == texts[1]


def _compare_values(
    writer: Field, reader: Field, settings: JsonSettings
) -> tuple[Outcomes, tuple[Pair, ...]]:
    """Type, cardinality and enum values of two fields, those of a map's key and value included."""
    aspect = Aspect.CARDINALITY if writer.type is reader.type else Aspect.TYPE
    maps = [field.cardinality is Cardinality.MAP for field in (writer, reader)]
    if all(maps):
        values, below = _compare_values(unwrapped(writer.value), unwrapped(reader.value), settings)
        keys = (Outcome(effect, Aspect.TYPE, words) for effect, words in key_verdicts(writer.key, reader.key))
        return (*keys, *values), below
    if takes_all(writer, reader):
        return (), ()
    special = form_verdicts(writer, reader, settings)
    if special is None and _are_objects(writer, reader) and any(maps):
        return tuple(_map_and_message(writer, reader, aspect, settings)), ()
    if writer.repeats != reader.repeats or any(maps):
        several = several_verdicts(writer, reader)
        return tuple(Outcome(effect, aspect, words) for effect, words in several), ()
    if special is not None:
        return tuple(Outcome(effect, Aspect.TYPE, words) for effect, words in special), ()
    if writer.holds_message and reader.holds_message:
        return (), ((writer.message, reader.message),)
    values_aspect = Aspect.VALUES if writer.type is reader.type is Type.ENUM else aspect
    verdicts = value_verdicts(writer, reader, settings)
    return tuple(Outcome(effect, values_aspect, words) for effect, words in verdicts), ()


def _are_objects(writer: Field, reader: Field) -> bool:
    return all(
        field.holds_message and field.cardinality is not Cardinality.REPEATED for field in (writer, reader)
    )


def _map_and_message(
    writer: Field, reader: Field, aspect: Aspect, settings: JsonSettings
) -> Iterator[Outcome]:
    """Both are JSON objects: a key of the map is taken for the name of a field, or the other way round."""
    from_map = writer.cardinality is Cardinality.MAP
    if from_map and cannot_be_empty(reader):
        yield Outcome(Effect.REJECTED, Aspect.REQUIRED)
    if from_map and writer.key.type not in (Type.STRING, Type.BOOL):
        yield Outcome(settings.unknown_name, aspect)
        return
    if from_map:
        yield Outcome(settings.unknown_name, aspect, "only a key that names no field")
    yield Outcome(Effect.REJECTED, aspect, NO_PARSE)
    yield Outcome(Effect.MISREAD, aspect, PARSES)
