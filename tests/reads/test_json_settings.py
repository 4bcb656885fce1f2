"""The options of JSON writers: names as in the schema, enums as integers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compatcheck.reads import json
from compatcheck.reads.effects import Aspect, Effect
from compatcheck.reads.json import JsonSettings
from compatcheck.schema.model import Message, Type
from reads.kinds import Kind, every_kind
from reads.schemas import EnumSpec, MessageSpec, Spec, schema
from reads.test_json_oracle import difference, lenient

NUMBER = Spec("a_b", 1, Type.INT32)
PROTO_NAMES = JsonSettings("reject", names="proto")
INTEGERS = JsonSettings("reject", enums="integers")
COLORS = EnumSpec("E", (("RED", 0), ("BLUE", 1)))


def of(field: Spec, enum: EnumSpec = COLORS) -> Message:
    return schema((MessageSpec("M", (field,)),), (enum,)).message()


@pytest.mark.parametrize("unknown_fields", ["reject", "ignore"])
@pytest.mark.parametrize(
    "writer", [one for one in every_kind() if one.type is Type.ENUM and not one.packed], ids=str
)
def test_enums_printed_as_integers_are_what_the_runtime_shows(writer: Kind, unknown_fields: str) -> None:
    settings = JsonSettings(
        "ignore" if unknown_fields == "ignore" else "reject", "python", "proto", "integers"
    )
    readers = [one for one in every_kind() if not one.packed and one.checks_utf8]
    judged = [reader for reader in readers if not lenient(writer, reader, settings)]
    assert not [wrong for reader in judged if (wrong := difference(writer, reader, settings))]


def test_another_json_name_is_safe_where_writers_print_the_names_of_the_schema() -> None:
    named = of(replace(NUMBER, json_name="x"))
    assert json.message_reads(named, of(NUMBER), PROTO_NAMES) == ()
    assert json.field_reads(named.numbers[1], of(NUMBER).numbers[1], PROTO_NAMES) == ()
    (outcome,) = json.message_reads(named, of(NUMBER), replace(PROTO_NAMES, names="json"))
    assert outcome.aspect is Aspect.JSON_NAME


def test_a_rename_that_keeps_the_json_name_is_rejected_where_writers_print_the_names_of_the_schema() -> None:
    renamed = of(replace(NUMBER, name="c", json_name="aB"))
    assert json.message_reads(of(NUMBER), renamed, replace(PROTO_NAMES, names="json")) == ()
    (outcome,) = json.message_reads(of(NUMBER), renamed, PROTO_NAMES)
    assert (outcome.effect, outcome.path) == (Effect.REJECTED, ("c",))


def test_values_of_an_enum_printed_as_integers_are_known_by_number() -> None:
    renamed = EnumSpec("E", (("RED", 0), ("NAVY", 1)))
    more = EnumSpec("E", (*COLORS.values, ("GOLD", 2)))
    enums = [schema((), (enum,)).enum() for enum in (COLORS, renamed, more, replace(COLORS, closed=True))]
    colors, other, added, closed = enums
    (outcome,) = json.enum_reads(colors, other, INTEGERS)
    assert (outcome.effect, outcome.path) == (Effect.RELABELLED, ("E_BLUE",))
    assert [one.effect for one in json.enum_reads(added, colors, INTEGERS)] == [Effect.UNNAMED]
    assert {one.effect for one in json.enum_reads(added, closed, INTEGERS)} == {Effect.REJECTED}


def test_an_enum_printed_as_integers_reads_as_a_number_and_not_as_text() -> None:
    held = Spec("a_b", 1, Type.ENUM, holds="E")
    assert json.message_reads(of(held), of(NUMBER), INTEGERS) == ()
    (outcome,) = json.message_reads(of(held), of(replace(NUMBER, type=Type.STRING)), INTEGERS)
    assert (outcome.effect, outcome.condition) == (Effect.REJECTED, "")
