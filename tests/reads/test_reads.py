"""The rows of the semantics, one by one, and the laws of the walk through messages."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from compatcheck.reads import graph, json, wire
from compatcheck.reads.effects import Aspect, Effect, Outcomes
from compatcheck.reads.generated import elements as generated
from compatcheck.reads.json import JsonSettings
from compatcheck.schema.model import Cardinality, Message, Type
from reads.schemas import EnumSpec, MessageSpec, Schema, Spec, schema

REJECT = JsonSettings("reject")
INT = Spec("a", 1, Type.INT32)
REPEATED, MAP, REQUIRED = Cardinality.REPEATED, Cardinality.MAP, Cardinality.REQUIRED
COLORS = EnumSpec("Open", (("RED", 0), ("BLUE", 1)))
MORE_COLORS = EnumSpec("Open", (("RED", 0), ("BLUE", 1), ("GOLD", 2)))


def of(*fields: Spec, enums: tuple[EnumSpec, ...] = ()) -> Message:
    return schema((MessageSpec("M", fields), MessageSpec("N", (INT,))), enums).message()


def effects(outcomes: Outcomes) -> set[tuple[str, str]]:
    return {(one.effect.label, ".".join(one.path)) for one in outcomes}


def test_an_added_field_is_ignored_forward_and_absent_backward() -> None:
    old, new = of(INT), of(INT, Spec("b", 2, Type.STRING))
    assert effects(wire.message_reads(new, old)) == {("ignored", "b")}
    assert effects(wire.message_reads(old, new)) == {("absent", "b")}
    assert effects(json.message_reads(new, old, REJECT)) == {("rejected", "b")}
    assert effects(json.message_reads(new, old)) == {("ignored", "b")}


def test_a_rename_is_relabelled_on_the_wire_and_not_found_in_json() -> None:
    old, new = of(INT), of(replace(INT, name="b"))
    assert effects(wire.message_reads(old, new)) == {("relabelled", "b")}
    for settings, effect in ((REJECT, "rejected"), (JsonSettings(), "dropped")):
        assert effects(json.message_reads(old, new, settings)) == {(effect, "b")}
        assert effects(json.field_reads(old.numbers[1], new.numbers[1], settings)) == {(effect, "")}


def test_a_rename_that_keeps_the_json_name_is_safe_in_json() -> None:
    assert json.message_reads(of(INT), of(replace(INT, name="b", json_name="a")), REJECT) == ()


def test_a_parser_of_json_takes_the_original_name_but_a_printer_does_not_print_it() -> None:
    plain, named = of(replace(INT, name="a_b", json_name="a_b")), of(replace(INT, name="a_b", json_name="x"))
    assert json.message_reads(plain, named, REJECT) == ()
    (outcome,) = json.message_reads(named, plain, REJECT)
    assert (outcome.effect, outcome.aspect) == (Effect.REJECTED, Aspect.JSON_NAME)


def test_two_fields_that_swap_numbers_are_misread_on_the_wire_and_safe_in_json() -> None:
    old = of(INT, Spec("b", 2, Type.INT32))
    new = of(replace(INT, name="b"), Spec("a", 2, Type.INT32))
    assert effects(wire.message_reads(old, new)) == {("misread", "a"), ("misread", "b")}
    assert json.message_reads(old, new, REJECT) == ()


def test_a_required_field_that_one_side_lacks_is_rejected_one_way_only() -> None:
    old, new = of(), of(replace(INT, cardinality=REQUIRED))
    assert effects(wire.message_reads(old, new)) == {("rejected", "a")}
    assert effects(wire.message_reads(new, old)) == {("ignored", "a")}
    (outcome,) = wire.message_reads(of(INT), new)
    assert (outcome.aspect, outcome.condition) == (Aspect.REQUIRED, "only when it is not set")


def test_presence_is_lost_by_the_reader_that_does_not_track_it() -> None:
    optional, implicit = of(INT), of(replace(INT, cardinality=Cardinality.IMPLICIT))
    assert effects(wire.message_reads(optional, implicit)) == {("presence-lost", "a")}
    assert wire.message_reads(implicit, optional) == ()


def test_another_default_changes_what_an_unset_field_reads_as() -> None:
    old, new = of(replace(INT, default="5")), of(replace(INT, default="6"))
    assert effects(wire.message_reads(old, new)) == {("default-changed", "a")}
    assert effects(json.message_reads(old, new)) == {("default-changed", "a")}
    assert wire.message_reads(of(replace(INT, default="0")), of(INT)) == ()


def test_another_first_value_is_another_default() -> None:
    field = Spec("e", 1, Type.ENUM, holds="Open")
    closed = EnumSpec("Open", (("RED", 0), ("BLUE", 1)), closed=True)
    swapped = EnumSpec("Open", (("BLUE", 1), ("RED", 0)), closed=True)
    outcomes = wire.message_reads(of(field, enums=(closed,)), of(field, enums=(swapped,)))
    assert effects(outcomes) == {("default-changed", "e")}


@pytest.mark.parametrize(
    ("closed", "field", "effect"),
    [
        (False, Spec("e", 1, Type.ENUM, holds="Open"), Effect.UNNAMED),
        (True, Spec("e", 1, Type.ENUM, holds="Open"), Effect.DROPPED),
        (True, Spec("e", 1, Type.ENUM, REQUIRED, holds="Open"), Effect.REJECTED),
        (True, Spec("e", 1, Type.ENUM, MAP, holds="Open"), Effect.DROPPED),
    ],
    ids=["open", "closed", "closed and required", "closed and a map's value"],
)
def test_a_value_that_the_reader_does_not_name(closed: bool, field: Spec, effect: Effect) -> None:
    enums = (replace(COLORS, closed=closed), replace(MORE_COLORS, closed=closed))
    old, new = (of(field, enums=(enum,)) for enum in enums)
    (outcome,) = wire.message_reads(new, old)
    assert (outcome.effect, outcome.aspect) == (effect, Aspect.VALUES)
    assert outcome.condition.endswith("only a value that the reader does not name: Open_GOLD")
    assert outcome.condition.startswith("the whole entry") == (field.cardinality is MAP)
    assert wire.message_reads(old, new) == ()


def test_an_entry_without_a_value_lacks_what_the_value_requires() -> None:
    needy = MessageSpec("N", (replace(INT, cardinality=REQUIRED),))
    entry = MessageSpec("Entry", (Spec("key", 1, Type.INT32), Spec("value", 2, Type.MESSAGE, holds="N")))
    old = schema((MessageSpec("M", (Spec("a", 1, Type.MESSAGE, REPEATED, holds="Entry"),)), entry, needy))
    new = schema((MessageSpec("M", (Spec("a", 1, Type.MESSAGE, MAP, holds="N"),)), needy))
    assert ("rejected", "a") in effects(wire.message_reads(old.message(), new.message()))
    assert wire.message_reads(new.message(), old.message()) == ()


def test_enum_reads_names_each_value() -> None:
    old = schema((), (COLORS,)).enum("Open")
    new = schema((), (MORE_COLORS,)).enum("Open")
    assert effects(wire.enum_reads(new, old)) == {("unnamed", "Open_GOLD")}
    assert effects(json.enum_reads(new, old, REJECT)) == {("rejected", "Open_GOLD")}
    assert effects(json.enum_reads(new, old)) == {("dropped", "Open_GOLD")}
    assert wire.enum_reads(old, new) == json.enum_reads(old, new) == ()


def test_an_alias_declared_before_its_original_is_what_json_prints() -> None:
    old = schema((), (COLORS,)).enum("Open")
    new = schema((), (EnumSpec("Open", (("RED", 0), ("AZURE", 1), ("BLUE", 1))),)).enum("Open")
    assert effects(json.enum_reads(new, old, REJECT)) == {("rejected", "Open_AZURE")}
    assert wire.enum_reads(new, old) == ()


def test_fields_merged_into_a_oneof_lose_values_of_a_writer_that_sets_both() -> None:
    apart = of(INT, Spec("b", 2, Type.INT32))
    merged = of(replace(INT, oneof="x"), Spec("b", 2, Type.INT32, oneof="x"))
    assert effects(wire.message_reads(apart, merged)) == {("lost", "a"), ("lost", "b")}
    assert effects(json.message_reads(apart, merged)) == {("rejected", "a"), ("rejected", "b")}
    assert wire.message_reads(merged, apart) == ()


def test_one_field_moved_into_a_new_oneof_is_safe() -> None:
    assert wire.message_reads(of(INT), of(replace(INT, oneof="x"))) == ()


def test_a_type_change_is_one_joint_verdict_and_what_the_cardinality_would_do_alone() -> None:
    packed = of(Spec("a", 1, Type.INT32, REPEATED, packed=True)).numbers[1]
    for type_, joint, alone in (
        (Type.BYTES, Effect.MISREAD, Effect.LOSSY),
        (Type.INT64, Effect.DROPPED, Effect.DROPPED),
    ):
        outcomes = wire.field_reads(packed, of(Spec("a", 1, type_)).numbers[1])
        assert {(one.aspect, one.effect) for one in outcomes} == {
            (Aspect.TYPE, joint),
            (Aspect.CARDINALITY, alone),
        }


def test_a_condition_names_the_range() -> None:
    (outcome,) = wire.message_reads(of(replace(INT, type=Type.INT64)), of(INT))
    assert outcome.condition == "only below -2147483648 or above 2147483647"


def nested(depth: int, leaf: Spec) -> Schema:
    """M holds M1 holds M2 …, and each holds M again; the last has the leaf, too."""
    messages = [
        MessageSpec(
            "M" + str(level) * (level > 0),
            (
                Spec("up", 1, Type.MESSAGE, holds="M"),
                Spec("down", 2, Type.MESSAGE, holds=f"M{level + 1}"),
                Spec("also", 3, Type.MESSAGE, holds=f"M{level + 1}"),
            ),
        )
        for level in range(depth)
    ]
    return schema([*messages, MessageSpec(f"M{depth}", (leaf,))])


def test_a_nested_effect_is_carried_up_once_by_its_shortest_path() -> None:
    old, new = nested(3, Spec("x", 1, Type.INT32)), nested(3, Spec("x", 1, Type.STRING))
    (outcome,) = wire.message_reads(old.message(), new.message())
    assert (outcome.effect, outcome.path) == (Effect.DROPPED, ("down", "down", "down", "x"))
    (inside,) = wire.field_reads(old.message().numbers[1], new.message().numbers[1])
    assert inside.path == ("down", "down", "down", "x")


def test_thousands_of_messages_with_an_exponential_number_of_paths_take_a_moment() -> None:
    old, new = nested(2_000, Spec("x", 1, Type.INT32)), nested(2_000, Spec("x", 1, Type.STRING))
    memo = graph.Memo()
    start = time.perf_counter()
    for level in range(0, 2_000, 100):
        outcomes = wire.message_reads(old.message(f"M{level or ''}"), new.message(f"M{level or ''}"), memo)
        assert len(outcomes) == 1
    assert time.perf_counter() - start < 10


def test_of_many_outcomes_the_worst_are_kept() -> None:
    fields = [Spec(f"f{number}", number, Type.INT32) for number in range(1, 1001)]
    changed = [replace(field, type=Type.STRING) if field.number == 900 else field for field in fields]
    outcomes = wire.message_reads(
        of(*fields, INT), of(*(replace(one, name=one.name + "x") for one in changed))
    )
    assert len(outcomes) == graph.MOST_OUTCOMES
    assert (Effect.DROPPED, ("f900x",)) in {(one.effect, one.path) for one in outcomes}


def test_the_type_of_a_field_may_be_renamed_and_keeps_its_shape() -> None:
    field = Spec("m", 1, Type.MESSAGE, holds="N")
    other = schema((MessageSpec("M", (replace(field, holds="P"),)), MessageSpec("P", (INT,))))
    assert wire.message_reads(of(field), other.message()) == ()


def test_a_field_of_another_message_is_judged_by_structure_as_a_change_of_type() -> None:
    field = Spec("m", 1, Type.MESSAGE, holds="N")
    other = schema(
        (MessageSpec("M", (replace(field, holds="P"),)), MessageSpec("P", (replace(INT, type=Type.STRING),)))
    )
    (outcome,) = wire.field_reads(of(field).numbers[1], other.message().numbers[1])
    assert (outcome.effect, outcome.aspect, outcome.path) == (Effect.DROPPED, Aspect.TYPE, ("a",))


def test_extensions_that_both_know_are_read_and_one_that_is_renumbered_is_dropped() -> None:
    def extended(number: int, type_: FieldDescriptorProto.Type.ValueType) -> Message:
        made = schema((MessageSpec("M"),))
        file = made.file
        file.package = "ext"
        file.message_type[0].extension_range.add(start=100, end=200)
        file.extension.add(
            name="note",
            number=number,
            type=type_,
            label=FieldDescriptorProto.LABEL_OPTIONAL,
            extendee=".ext.M",
        )
        return made.message()

    text, number = FieldDescriptorProto.TYPE_STRING, FieldDescriptorProto.TYPE_INT32
    assert effects(wire.message_reads(extended(100, text), extended(100, number))) == {
        ("dropped", "[ext.note]")
    }
    assert effects(wire.message_reads(extended(100, text), extended(101, text))) == {
        ("dropped", "[ext.note]"),
        ("absent", "[ext.note]"),
    }


@pytest.mark.parametrize(
    ("old", "new", "aspects"),
    [
        (INT, replace(INT, name="b"), {Aspect.NAME}),
        (INT, replace(INT, type=Type.STRING), {Aspect.TYPE}),
        (INT, replace(INT, type=Type.SINT32), set()),
        (INT, replace(INT, cardinality=REPEATED), {Aspect.CARDINALITY}),
        (INT, replace(INT, cardinality=Cardinality.IMPLICIT), {Aspect.PRESENCE}),
        (INT, replace(INT, oneof="x"), {Aspect.ONEOF}),
        (INT, replace(INT, default="3"), set()),
    ],
    ids=["name", "type", "same generated type", "cardinality", "presence", "oneof", "default"],
)
def test_what_a_recompile_breaks(old: Spec, new: Spec, aspects: set[Aspect]) -> None:
    outcomes = generated.field_reads(of(old).numbers[1], of(new).numbers[1])
    assert {one.aspect for one in outcomes} == aspects
    assert all(one.effect is Effect.REJECTED for one in outcomes)


def test_code_that_names_a_removed_or_renamed_value_does_not_compile() -> None:
    old = schema((), (MORE_COLORS,)).enum("Open")
    new = schema((), (EnumSpec("Open", (("RED", 0), ("NAVY", 1))),)).enum("Open")
    found = {(one.path, one.aspect) for one in generated.enum_reads(old, new)}
    assert found == {(("Open_BLUE",), Aspect.NAME), (("Open_GOLD",), Aspect.VALUES)}
    assert generated.enum_reads(new, new) == ()
