"""Messages that show what is hard to see, and schemas that are made to be a burden."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compatcheck.config import Config
from compatcheck.reads.effects import Direction, Effect
from compatcheck.witness.result import NoWitness, Reason, Witness
from witness.asking import Runtime, witnesses

PROTO2 = 'syntax = "proto2";\npackage p;\n'
PROTO3 = 'syntax = "proto3";\npackage p;\n'


def only(old: str, new: str, rule: str) -> Witness | NoWitness:
    found = [witness for name, witness in witnesses(old, new).items() if name.startswith(f"{rule} ")]
    assert len(found) == 1
    return found[0]


def shown(old: str, new: str, rule: str) -> Witness:
    witness = only(old, new, rule)
    assert isinstance(witness, Witness)
    return witness


def test_a_number_is_the_first_that_no_longer_fits() -> None:
    old = PROTO3 + "message M { int64 cents = 1; }"
    witness = shown(old, old.replace("int64", "int32"), "field-type-changed")
    assert witness.effect.effect is Effect.LOSSY
    assert (witness.written, witness.read) == ("cents: 2147483648", "cents: -2147483648")
    assert witness.data == bytes.fromhex("0880808080 08")


def test_what_a_reader_requires_is_named_since_python_takes_the_message() -> None:
    old = PROTO2 + "message M { optional string a = 1; }"
    witness = shown(old, old.replace("optional", "required"), "field-became-required")
    assert (witness.data, witness.error, witness.missing) == (b"", "", ("a",))


def test_a_text_that_is_not_utf8_can_be_written_and_is_rejected() -> None:
    old = PROTO2 + "message M { map<string, string> words = 1; }"
    witness = shown(old, old.replace("proto2", "proto3"), "field-utf8-validation-changed")
    assert witness.effect.effect is Effect.REJECTED
    assert b"\xff" in witness.data
    assert witness.error


def test_an_effect_inside_of_other_messages_is_reached_through_them() -> None:
    old = PROTO3 + (
        "service S { rpc Get(Old) returns (Old); }\n"
        "message Old { map<string, Part> parts = 1; }\nmessage Part { repeated Pin pins = 1; }\n"
        "message Pin { int64 size = 1; }\n"
    )
    new = old.replace("Get(Old)", "Get(New)") + (
        "message New { map<string, Piece> parts = 1; }\nmessage Piece { repeated Nail pins = 1; }\n"
        "message Nail { int32 size = 1; }\n"
    )
    witness = shown(old, new, "method-request-type-changed")
    assert witness.effect.path == ("parts", "pins", "size")
    assert (witness.writer, witness.reader) == ("p.Old", "p.New")
    assert witness.written == 'parts { key: "a" value { pins { size: 2147483648 } } }' or (
        witness.written == 'parts { key: "" value { pins { size: 2147483648 } } }'
    )


def test_the_new_writer_meets_the_old_reader_where_only_that_breaks() -> None:
    old = PROTO3 + "message M { string a = 1; }"
    witness = shown(old, old.replace("string", "bytes"), "field-type-changed")
    assert witness.effect.direction is Direction.FORWARD
    assert witness.written == 'a: "\\377"'


def test_a_value_of_an_enum_is_written_in_a_field_that_holds_it() -> None:
    old = PROTO3 + "enum E { ZERO = 0; }\nmessage Many { repeated E es = 1; }\nmessage One { E e = 1; }"
    witness = shown(old, old.replace("ZERO = 0;", "ZERO = 0; TWO = 2;"), "enum-value-added")
    assert (witness.writer, witness.written, witness.read) == ("p.One", "e: TWO", "e: 2")


def test_an_enum_that_no_field_holds_has_no_witness() -> None:
    old = PROTO3 + "enum E { ZERO = 0; }\nmessage M { int32 e = 1; }"
    found = only(old, old.replace("ZERO = 0;", "ZERO = 0; TWO = 2;"), "enum-value-added")
    assert found == NoWitness(Reason.NOT_HELD)


def test_a_message_that_is_rejected_anyway_is_completed_first() -> None:
    """Without the other required field the reader would reject it, whatever became of the number."""
    old = PROTO2 + "message M { optional int64 a = 1; optional string b = 2; }"
    new = PROTO2 + "message M { optional int32 a = 1; required string b = 2; }"
    witness = shown(old, new, "field-type-changed")
    assert (witness.effect.effect, witness.missing) == (Effect.LOSSY, ())
    assert witness.read == 'a: -2147483648 b: "a"'


def test_a_value_that_is_dropped_where_it_is_required_is_written_and_nothing_else_is_missing() -> None:
    old = PROTO2 + "enum E { ONE = 1; }\nmessage M { required E e = 1; required int32 n = 2; }"
    new = PROTO2 + "enum E { ONE = 1; TWO = 2; }\nmessage M { optional E e = 1; optional int32 n = 2; }"
    witness = shown(old, new, "enum-value-added")
    assert (witness.effect.effect, witness.missing) == (Effect.REJECTED, ("e",))
    assert (witness.written, witness.read) == ("e: TWO n: 1", "n: 1 1: 2")


def test_an_effect_that_another_change_hides_is_shown_in_the_direction_that_it_is_not_hidden_in() -> None:
    """Every message that the new reader gets lacks what it requires, and what happens beside that never shows."""
    old = PROTO2 + "message M { optional int64 a = 1; }"
    new = PROTO2 + "message M { optional sint64 a = 1; required string b = 2; }"
    witness = shown(old, new, "field-type-changed")
    assert witness.effect.direction is Direction.FORWARD
    # Nothing tells an empty text from an empty message, so text format shows what is unknown as the latter.
    assert (witness.written, witness.read) == ('a: 1 b: ""', "a: 2 2 { }")


def test_a_message_that_requires_itself_ends_the_search() -> None:
    old = PROTO2 + "message Node { required Node next = 1; optional int64 a = 2; }"
    found = only(old, old.replace("int64", "string"), "field-type-changed")
    assert found == NoWitness(Reason.REQUIRES_ITSELF)


@pytest.mark.parametrize("field", ["map<string, Node> m = 2", "repeated Node m = 2", "optional Node m = 2"])
def test_nor_can_a_message_that_holds_one_be_shown_with_it(field: str) -> None:
    node = "message Node { required Node next = 1; }\n"
    old = PROTO2 + node + f"message M {{ {field}; }}"
    new = PROTO2 + node + "message M { optional int32 m = 2; }"
    found = witnesses(old, new)
    assert found
    for witness in found.values():
        assert not isinstance(witness, Witness) or "m {" not in witness.written


def test_a_oneof_with_a_member_that_requires_itself_does_not_end_the_search() -> None:
    node = "message Node { required Node next = 1; }\n"
    old = f"{PROTO2}{node}message M {{ optional Node a = 1; optional string b = 2; optional string c = 3; }}"
    new = f"{PROTO2}{node}message M {{ oneof o {{ Node a = 1; string b = 2; string c = 3; }} }}"
    found = witnesses(old, new)
    assert found["field-oneof-changed p.M.a"] == NoWitness(Reason.REQUIRES_ITSELF)
    witness = found["field-oneof-changed p.M.b"]
    assert isinstance(witness, Witness) and witness.written == 'b: "a" c: "a"'


def test_a_reader_that_requires_without_end_does_not_end_the_search() -> None:
    old = PROTO2 + "message Node { optional Node next = 1; optional int64 a = 2; }"
    new = PROTO2 + "message Node { required Node next = 1; optional string a = 2; }"
    found = witnesses(old, new)
    required = found["field-became-required p.Node.next"]
    assert isinstance(required, Witness) and required.missing == ("next",)
    assert found["field-type-changed p.Node.a"] == NoWitness(Reason.HIDDEN)


def test_a_message_that_requires_too_much_is_not_written() -> None:
    levels = "".join(
        f"message L{level} {{ required L{level + 1} a = 1; required L{level + 1} b = 2; }}\n"
        for level in range(30)
    )
    old = PROTO2 + levels + "message L30 {}\nmessage M { required L0 a = 1; optional int64 b = 2; }"
    found = only(old, old.replace("int64", "string"), "field-type-changed")
    assert found == NoWitness(Reason.TOO_LARGE)


@pytest.mark.parametrize(("depth", "is_shown"), [(20, True), (90, False)])
def test_a_path_can_be_too_deep_to_be_written(depth: int, is_shown: bool) -> None:
    def chain(name: str, type_: str) -> str:
        steps = "".join(f"message {name}{step} {{ {name}{step + 1} down = 1; }}\n" for step in range(depth))
        return f"{steps}message {name}{depth} {{ {type_} a = 1; }}\n"

    old = PROTO3 + "service S { rpc Get(A0) returns (Empty); }\nmessage Empty {}\n" + chain("A", "int64")
    new = old.replace("Get(A0)", "Get(B0)") + chain("B", "string")
    found = only(old, new, "method-request-type-changed")
    assert isinstance(found, Witness) if is_shown else found == NoWitness(Reason.TOO_LARGE)


def test_a_recursive_message_is_written_once() -> None:
    old = PROTO3 + "message Tree { Tree left = 1; Tree right = 2; int64 leaf = 3; }"
    witness = shown(old, old.replace("int64", "string"), "field-type-changed")
    assert witness.written == "leaf: 1"


def test_json_readers_are_as_configured() -> None:
    old = PROTO3 + "message M {}"
    new = PROTO3 + "message M { string a = 1; }"
    strict = Config(preset="strict", json_unknown_fields="reject")
    witness = witnesses(old, new, strict)["field-added p.M.a"]
    assert isinstance(witness, Witness)
    assert (witness.effect.effect, witness.data, witness.read) == (Effect.REJECTED, '{"a": "a"}', "")
    assert 'no field named "a"' in witness.error


def test_json_writers_are_as_configured() -> None:
    old = PROTO3 + "enum E { ZERO = 0; ONE = 1; }\nmessage M { E some_e = 1; }"
    new = old.replace("E some_e", "string some_e")
    plain = Config(surfaces=("json",))
    by_name, by_number = (
        witnesses(old, new, one)["field-type-changed p.M.some_e"]
        for one in (plain, replace(plain, json_names="proto", json_enums="integers"))
    )
    assert isinstance(by_name, Witness) and isinstance(by_number, Witness)
    assert by_number.data == '{"some_e": 1}'
    assert isinstance(by_name.data, str) and by_name.data.startswith('{"someE": ')


def test_extensions_are_written_and_read_by_their_names() -> None:
    old = PROTO2 + "message M { extensions 100 to 200; }\nextend M { optional int64 e = 100; }"
    new = old.replace("int64", "int32")
    witness = shown(old, new, "field-type-changed")
    assert (witness.written, witness.read) == ("[p.e]: 2147483648", "[p.e]: -2147483648")
    assert Effect.MISREAD in Runtime(old, new).seen(witness)


@pytest.mark.parametrize("name", ["ListFields", "DESCRIPTOR", "CopyFrom"])
def test_a_field_that_hides_a_method_of_the_runtime_does_not_end_the_check(name: str) -> None:
    old = (
        PROTO3 + f"message Odd {{ int64 {name} = 1; }} message M {{ repeated Odd odd = 1; int64 other = 2; }}"
    )
    found = witnesses(old, old.replace("int64", "int32"))
    assert found == dict.fromkeys(found, NoWitness(Reason.RUNTIME))
    assert set(found) == {f"field-type-changed p.Odd.{name}", "field-type-changed p.M.other"}
