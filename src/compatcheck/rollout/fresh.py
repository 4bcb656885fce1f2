"""What cannot be added to a schema as it stands in another one, and the free numbers and names for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from compatcheck.reads import json as json_reads
from compatcheck.reads import wire
from compatcheck.reads.json import JsonSettings
from compatcheck.rollout.pairs import Interface
from compatcheck.schema.model import Cardinality, Field, Message, Method

_GREATEST = 2**29 - 1
_KEPT_BACK = range(19000, 20000)
"""Numbers that protobuf keeps for itself."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """What has to stand beside the old under another number or name."""

    fields: Mapping[tuple[str, Field], Field] = field(default_factory=dict)
    """Full name of a message and a new field of it -> the field as it can be added."""
    beside: Mapping[tuple[str, Field], Field] = field(default_factory=dict)
    """The same -> the old field that it cannot take the place of."""
    methods: Mapping[str, str] = field(default_factory=dict)
    """Full name of a method -> the simple name for its new form."""
    required: frozenset[tuple[str, int]] = frozenset()
    """Full names of messages with numbers of fields that are required in the new schema only."""


def fresh_of(old: Sequence[Interface], new: Sequence[Interface], json: JsonSettings | None) -> Fresh:
    """What the new schemas of some services cannot simply add to their old ones, seen over all copies together."""
    before, after = (_messages(interfaces) for interfaces in (old, new))
    fields: dict[tuple[str, Field], Field] = {}
    beside: dict[tuple[str, Field], Field] = {}
    required = set()
    for name in sorted(before.keys() & after.keys()):
        copies = (*before[name], *after[name])
        for wanted in _once(one for message in after[name] for one in message.fields):
            met = [
                one
                for message in before[name]
                for one in message.fields
                if one.number == wanted.number or one.name == wanted.name
            ]
            clash = next((one for one in met if not _fits(one, wanted, json)), None)
            if clash is not None and not copies[0].is_map_entry:
                made = [one for (holder, _), one in fields.items() if holder == name]
                fields[name, wanted] = _renumbered(wanted, before[name], copies, made)
                beside[name, wanted] = clash
            elif wanted.cardinality is Cardinality.REQUIRED and not any(
                one.cardinality is Cardinality.REQUIRED for one in met
            ):
                required.add((name, wanted.number))
    methods = {}
    for one, other in zip(old, new, strict=True):
        for full_name in sorted(one.methods.keys() & other.methods.keys()):
            if full_name not in methods and not _same_call(
                one.methods[full_name][0], other.methods[full_name][0]
            ):
                simple = full_name.rpartition(".")[2]
                taken = {name for interface in (*old, *new) for name in interface.methods}
                prefix = full_name.rpartition(".")[0]
                methods[full_name] = _free(simple, lambda name: f"{prefix}.{name}" in taken, "")  # noqa: B023
    return Fresh(fields, beside, methods, frozenset(required))


def _messages(interfaces: Iterable[Interface]) -> dict[str, list[Message]]:
    """Full name -> what the interfaces make of the message, of all that their methods and channels reach."""
    found: dict[str, list[Message]] = {}
    for interface in interfaces:
        pending = [copies[0] for copies in interface.messages.values()]
        pending += [
            message
            for copies in interface.methods.values()
            for message in (copies[0].request, copies[0].response)
        ]
        seen: set[str] = set()
        for message in pending:
            if message.full_name not in seen:
                seen.add(message.full_name)
                found.setdefault(message.full_name, []).append(message)
                pending.extend(one.message for one in message.fields if one.holds_message)
    return found


def _fits(old: Field, new: Field, json: JsonSettings | None) -> bool:
    """Whether one field can be both: each reads what the other wrote. What is inside of messages does not count."""
    if (old.number, old.name) != (new.number, new.name) and (json is not None or old.number != new.number):
        return False
    if old.cardinality is new.cardinality is Cardinality.MAP:
        return old.key.type is new.key.type and _fits(old.value, new.value, json)
    same_type = (old.type, old.type_name, old.repeats) == (new.type, new.type_name, new.repeats)
    if same_type and old.type_name and (not old.holds_message or old.cardinality is new.cardinality):
        return True
    one, other = _alone(old), _alone(new)
    for writer, reader in ((one, other), (other, one)):
        found = wire.message_reads(writer, reader)
        if json is not None:
            found += json_reads.message_reads(writer, reader, json)
        # A field can be optional where it is required, as far as the field itself goes.
        if any(outcome.effect.breaks for outcome in found):
            return False
    return True


def _alone(one: Field) -> Message:
    """A message with that field and nothing else."""
    cardinality = Cardinality.OPTIONAL if one.cardinality is Cardinality.REQUIRED else one.cardinality
    kept = replace(one, cardinality=cardinality, oneof="")
    return Message(
        full_name="",
        name="",
        fields=(kept,),
        messages=(),
        enums=(),
        extensions=(),
        reserved_numbers=(),
        reserved_names=frozenset(),
        extension_ranges=(),
        is_map_entry=False,
        exported=True,
        place=one.place,
        scope=one.scope,
        numbers={kept.number: kept},
        names={kept.name: kept},
    )


def _renumbered(
    wanted: Field, before: Sequence[Message], copies: Sequence[Message], made: Sequence[Field]
) -> Field:
    """The field under a number that no copy of the message uses or reserves, and a name that no old one does."""
    names = {one.name for message in copies for one in message.fields} | {one.name for one in made}
    used = {one.json_name for message in copies for one in message.fields} | {one.json_name for one in made}
    reserved = {name for message in copies for name in message.reserved_names}
    own = wanted.name not in {one.name for one in made} | reserved and not any(
        wanted.name == one.name or wanted.json_name == one.json_name
        for message in before
        for one in message.fields
    )
    name = wanted.name
    if not own:
        name = _free(wanted.name, lambda one: one in names | reserved or camel(one) in used, "_")
    number = _free_number(copies, {one.number for one in made})
    single = wanted.cardinality is Cardinality.REQUIRED or wanted.oneof
    return replace(
        wanted,
        full_name=f"{wanted.full_name.rpartition('.')[0]}.{name}",
        name=name,
        number=number,
        json_name=camel(name) if not own else wanted.json_name,
        cardinality=Cardinality.OPTIONAL if single else wanted.cardinality,
        # Who writes both needs both set at once.
        oneof="",
        type_name=wanted.type_name,
    )


def _free_number(copies: Sequence[Message], taken: set[int]) -> int:
    used = taken | {number for message in copies for number in message.numbers}
    blocked = [_KEPT_BACK]
    for message in copies:
        blocked += [*message.reserved_numbers, *message.extension_ranges]
    for start in (max(used) + 1, 1):
        number = start
        while number <= _GREATEST:
            inside = next((one for one in blocked if number in one), None)
            if inside is None and number not in used:
                return number
            number = inside.stop if inside is not None else number + 1
    raise ValueError("a message without a free number")


def _free(name: str, is_taken: Callable[[str], bool], joint: str) -> str:
    count = 2
    while is_taken(f"{name}{joint}{count}"):
        count += 1
    return f"{name}{joint}{count}"


def _same_call(old: Method, new: Method) -> bool:
    """Whether one method can be both, but for what is inside of its messages."""
    streams = (old.client_streaming, old.server_streaming) == (new.client_streaming, new.server_streaming)
    return streams and (old.request_name, old.response_name) == (new.request_name, new.response_name)


def _once(fields: Iterable[Field]) -> Iterator[Field]:
    return iter(dict.fromkeys(fields))


def camel(name: str) -> str:
    """The JSON name that protoc gives a field."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
