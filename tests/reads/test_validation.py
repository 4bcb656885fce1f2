"""The real validator is asked: what the writer's rules let pass and the reader's reject is what was predicted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, product
from random import Random

import protovalidate
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message as ProtoMessage
from google.protobuf.message_factory import GetMessageClass

from checking import IMPORTS, source
from compatcheck.reads.validation.fields import field_reads, lacking_reads
from compatcheck.reads.validation.messages import message_reads
from compatcheck.schema.build import build
from compatcheck.schema.loading.load import load
from compatcheck.schema.model import Field, Message
from compatcheck.source.snapshot import empty
from reads.constraint_kinds import KINDS, Kind, Value

DEFINITION = "buf/validate/validate.proto"
COMBINATIONS = 12
"""How many combinations of rules there are at most, beside each rule alone, for each kind of field."""

MAY_SAY_TOO_MUCH = ("unique", "not_contains")
"""Rules of the reader that what the writer demands may rule out in ways that the engine does not follow up."""


@dataclass(frozen=True)
class Rules:
    """One set of rules: the field as the engine has it, and the message as the runtime has it."""

    text: str
    field: Field
    message: type[ProtoMessage]


def rule_sets(name: str, kind: Kind) -> list[tuple[str, ...]]:
    """Every rule alone, and random combinations without two values of one rule."""
    random = Random(name)
    sets: dict[tuple[str, ...], None] = {(): None} | dict.fromkeys((rule,) for rule in kind.rules)
    while len(sets) < min(len(kind.rules) + COMBINATIONS, 3 * len(kind.rules)):
        chosen = random.sample(kind.rules, random.choice((2, 2, 3)))
        if len({slot(rule) for rule in chosen}) == len(chosen):
            sets[tuple(sorted(chosen))] = None
    return list(sets)


def slot(rule: str) -> str:
    """What a rule sets: the two upper bounds exclude each other, and so do the two lower ones."""
    return rule.split(" = ")[0].replace("lte", "lt").replace("gte", "gt")


@cache
def compiled(name: str) -> tuple[Rules, ...]:
    kind = KINDS[name]
    declared = f"optional {kind.declared}" if name.startswith("optional") else kind.declared
    messages = []
    for index, rules in enumerate(rule_sets(name, kind)):
        options = ", ".join(f"(buf.validate.field).{rule}" for rule in rules)
        messages.append(f"message M{index} {{ {declared}{f' [{options}]' if options else ''}; }}")
    text = "\n".join(
        (
            f'syntax = "proto3"; package p; import "{DEFINITION}"; import "google/protobuf/duration.proto";',
            "enum Color { RED = 0; GREEN = 1; BLUE = 2; }",
            *messages,
        )
    )
    return tuple(
        Rules(" ".join(messages[index].split()[4:]), message.fields[0], runtime)
        for index, (message, runtime) in enumerate(loaded_messages(text))
    )


def loaded_messages(text: str) -> list[tuple[Message, type[ProtoMessage]]]:
    """The messages of a file, each as the engine and as the runtime has it."""
    texts = {"p.proto": text, DEFINITION: (IMPORTS / DEFINITION).read_text()}
    loaded = load(empty("nothing"), source(texts))
    assert not loaded.unknown, loaded.unknown
    pool = DescriptorPool()
    (universe,) = loaded.new.universes
    for descriptor in universe.descriptors.values():
        pool.AddSerializedFile(descriptor)
    file = next(file for file in build(loaded.new).files if file.path == "p.proto")
    return [
        (message, GetMessageClass(pool.FindMessageTypeByName(message.full_name))) for message in file.messages
    ]


def filled(message: type[ProtoMessage], value: Value | None) -> ProtoMessage:
    made = message()
    if isinstance(value, Mapping):
        held = getattr(made, "x")  # noqa: B009
        held.SetInParent()
        for name, number in value.items():
            setattr(held, name, number)
    elif isinstance(value, tuple):
        getattr(made, "x").extend(value)  # noqa: B009
    elif value is not None:
        setattr(made, "x", value)  # noqa: B010
    return made


@cache
def verdicts(name: str) -> tuple[tuple[bool, ...], ...]:
    """For each set of rules, which of the kind's values are valid; the first is the unset field."""
    values = (None, *KINDS[name].values)
    # A validator knows the messages that it has met by their names.
    validator = protovalidate.Validator()
    return tuple(
        tuple(not validator.collect_violations(filled(rules.message, value)) for value in values)
        for rules in compiled(name)
    )


@pytest.mark.parametrize("name", KINDS)
def test_what_one_validator_lets_pass_and_another_rejects_is_predicted(name: str) -> None:
    """Every set of rules as the writer's against every one as the reader's."""
    wrong = []
    judged = list(zip(compiled(name), verdicts(name), strict=True))
    for (writer, passes), (reader, takes) in product(judged, judged):
        predicted = field_reads(writer.field, reader.field)
        seen = any(sent and not taken for sent, taken in zip(passes, takes, strict=True))
        too_much = predicted and any(rule in reader.text for rule in MAY_SAY_TOO_MUCH)
        if seen != bool(predicted) and not too_much:
            wrong.append((writer.text, reader.text, [one.condition for one in predicted]))
    assert wrong == []
    assert len(judged) > 5


@pytest.mark.parametrize("name", KINDS)
def test_what_a_validator_says_to_a_message_without_the_field_is_predicted(name: str) -> None:
    for rules, (takes_unset, *_) in zip(compiled(name), verdicts(name), strict=True):
        assert bool(lacking_reads(rules.field)) != takes_unset, rules.text


XYZ = tuple(f"optional string {name} = {number};" for number, name in enumerate("xyz", start=1))
TOGETHER = (
    "".join(XYZ),
    *(
        f"option (buf.validate.message).oneof = {{fields: [{fields}]{required}}}; {''.join(XYZ)}"
        for fields in ("'x', 'y'", "'x', 'y', 'z'", "'y', 'z'")
        for required in ("", ", required: true")
    ),
    *(
        f"oneof o {{ {option} string x = 1; string y = 2; }} {XYZ[2]}"
        for option in ("", "option (buf.validate.oneof).required = true;")
    ),
    f"{XYZ[0]} {XYZ[1]} optional string z = 3 [(buf.validate.field).required = true];",
    "optional string x = 1;",
)
"""What may be demanded of the fields of a message together."""


def test_what_a_validator_demands_of_fields_together_is_predicted() -> None:
    bodies = [f"message M{index} {{ {body} }}" for index, body in enumerate(TOGETHER)]
    text = "\n".join((f'syntax = "proto3"; package p; import "{DEFINITION}";', *bodies))
    validator = protovalidate.Validator()
    judged = loaded_messages(text)
    wrong = []
    for (writer, sent), (reader, taken) in product(judged, judged):
        kept = [
            (field, reader.numbers[number])
            for number, field in writer.numbers.items()
            if number in reader.numbers
        ]
        lacking = (
            lacking_reads(field) for number, field in reader.numbers.items() if number not in writer.numbers
        )
        predicted = any((message_reads(writer, reader), *(field_reads(*pair) for pair in kept), *lacking))
        made = [sent(**dict.fromkeys(names, "a")) for names in subsets(writer.names)]
        passed = [one.SerializeToString() for one in made if not validator.collect_violations(one)]
        if predicted != any(validator.collect_violations(taken.FromString(one)) for one in passed):
            wrong.append((writer.name, reader.name))
    assert wrong == []
    assert len(judged) == len(TOGETHER)


def subsets(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    known = tuple(names)
    return chain.from_iterable(combinations(known, size) for size in range(len(known) + 1))
