"""Compiling without the options that nothing defines, with the real protoc."""

from __future__ import annotations

import time

import pytest
from google.protobuf.descriptor_pb2 import FieldOptions, FileDescriptorProto

from compatcheck.schema.compiling.bundled import bundled
from compatcheck.schema.compiling.compiler import Compiled, compile_files
from compatcheck.schema.compiling.left_out import STAND_IN, Lacking

MISSING = "v/v.proto"


def compiled(**texts: str) -> Compiled:
    """Compile files of which those that import `v/v.proto` lack it."""
    files = {f"{name}.proto": text.encode() for name, text in texts.items()}
    visible = {name: frozenset((MISSING,)) for name, text in files.items() if b'"v/v.proto"' in text}
    return compile_files({**files, MISSING: STAND_IN}, tuple(files), timeout=20, lacking=Lacking(visible))


def descriptor(done: Compiled, name: str) -> FileDescriptorProto:
    return FileDescriptorProto.FromString(done.parts[0].descriptors[f"{name}.proto"])


def lines(*more: str, syntax: str = 'syntax = "proto3";') -> str:
    return "\n".join((syntax, "package p;", 'import "v/v.proto";', *more))


@pytest.mark.parametrize(
    "text",
    [
        lines("option (v.f) = { a: [1, 2] };"),
        lines("message M { option (.v.m).on = true; }"),
        lines("message M { string s = 1 [(v.rules).string.min_len = 1]; }"),
        lines("message M { string s = 1 [(rules).string = { min_len: 1 }, deprecated = true]; }"),
        lines("message M { string s = 1 [deprecated = true, (rules) = 1]; }"),
        lines("message M { string s = 1 [(a) = 1, deprecated = true, (b) = 2, json_name = 'x', (c) = 3]; }"),
        lines("message M { string s = 1 [ ( v . /* ( */ rules ) = '(v.rules)' ]; }"),
        lines("message M { string s = 1 [features.(pb.go).x = A]; }", syntax='edition = "2023";'),
        lines("message M { oneof o { option (v.required) = true; string s = 1; } }"),
        lines("message M { extensions 5 to 9 [(v.r) = 1]; }", syntax='syntax = "proto2";'),
        lines("message M { optional group G = 5 [(v.r) = 1] { } }", syntax='syntax = "proto2";'),
        lines("enum E { option (v.e) = 1; A = 0 [(v.value) = {}]; }"),
        lines("service S { option (v.s) = 1; rpc R(M) returns (M) { option (v.m) = {}; } } message M {}"),
        lines("message M {} extend M { int32 i = 9 [(v.r) = 1]; }", syntax='edition = "2023";').replace(
            "message M {}", "message M { extensions 9; }"
        ),
    ],
)
def test_what_nothing_defines_is_left_out_wherever_it_stands(text: str) -> None:
    done = compiled(x=text)
    assert done.failed == {}
    assert "(" not in str(descriptor(done, "x").options)
    assert done.left_out.keys() == {"x.proto"}


def test_what_stays_of_a_list_keeps_its_value_and_its_place() -> None:
    text = lines(
        "message M {",
        "  string s = 1 [(v.rules).string = {",
        "    min_len: 1 // a comment",
        "\t}, deprecated = true, (v.x) = 1]; string t = 2 [(v.rules) = 1];",
        "}",
    )
    done = compiled(x=text)
    (message,) = descriptor(done, "x").message_type
    assert message.field[0].options == FieldOptions(deprecated=True)
    assert not message.field[1].HasField("options")
    spans = {tuple(one.path): tuple(one.span) for one in descriptor(done, "x").source_code_info.location}
    # A tab counts for 8 columns.
    assert spans[(4, 0, 2, 0, 8, 3)] == (6, 11, 28)
    assert spans[(4, 0, 2, 1)] == (6, 42, 71)


def test_options_that_are_defined_are_kept() -> None:
    definition = 'import "google/protobuf/descriptor.proto"; '
    definition += "extend google.protobuf.FieldOptions { int32 own = 50000; }"
    name = "google/protobuf/descriptor.proto"
    text = lines(definition, "message M { int32 i = 1 [(own) = 7, (v.r) = 1]; }")
    files = {"x.proto": text.encode(), name: bundled(name) or b"", MISSING: STAND_IN}
    done = compile_files(files, ["x.proto"], lacking=Lacking({"x.proto": frozenset((MISSING,))}))
    ((element, (option,)),) = done.left_out["x.proto"].items()
    assert (element, option.name) == (("p", "message M", "field 1"), "(v.r)")
    assert descriptor(done, "x").message_type[0].field[0].options.ByteSize() > 0


def test_options_elements_and_values_are_told_in_the_order_of_the_text() -> None:
    done = compiled(x=lines("message M { int32 i = 1 [(v.r).a=1,(v.r) . b = {c:'}'}, (v.r).a = 2]; }"))
    ((_, found),) = done.left_out["x.proto"].items()
    assert [one.text for one in found] == [
        "( v . r ) . a = 1",
        "( v . r ) . b = { c : '}' }",
        "( v . r ) . a = 2",
    ]


@pytest.mark.parametrize(
    "text",
    [
        lines("message M { v.Rule r = 1; }"),
        lines("message M { int32 i = 1 [(v.r) = 1]; v.Rule r = 2; }"),
        lines("message M { int32 i = 1 [(v.r) = 1, nonsense = 1]; }"),
        lines("message M { int32 i = 1 [(v.r) = 1,]; }"),
        lines("message M { int32 i = 1 [(v.r) = 1] }"),
        lines("message M { int32 i = 1 [(v.r)]; }"),
        lines("option (v.r) = {"),
        'syntax = "proto3"; message M { int32 i = 1 [(v.r) = 1]; }',
    ],
)
def test_what_else_is_wrong_still_fails(text: str) -> None:
    done = compiled(x=text, fine='syntax = "proto3"; message Fine {}')
    assert done.failed.keys() == {"x.proto"}
    assert [part.targets for part in done.parts] == [("fine.proto",)]


def test_a_chain_of_files_with_many_names_takes_few_runs() -> None:
    names = [f"(v.o{number})" for number in range(5)]
    texts = {}
    for number in range(30):
        imports = f'import "f{number - 1}.proto";' if number else ""
        options = ", ".join(f"{name} = {number}" for name in names)
        texts[f"f{number}"] = lines(imports, f"message M{number} {{ int32 i = 1 [{options}]; }}")
    started = time.monotonic()
    done = compiled(**texts)
    assert (done.failed, len(done.parts), len(done.left_out)) == ({}, 1, 30)
    assert time.monotonic() - started < 5


def test_a_file_with_too_many_names_fails_and_the_rest_does_not() -> None:
    options = ", ".join(f"(v.o{number}) = 1" for number in range(2_000))
    fine = lines("message Fine { int32 i = 1 [(v.r) = 1]; }")
    started = time.monotonic()
    done = compiled(fine=fine, x=lines(f"message M {{ int32 i = 1 [{options}]; }}"))
    assert done.failed.keys() == {"x.proto"}
    assert [part.targets for part in done.parts] == [("fine.proto",)]
    assert time.monotonic() - started < 15


def test_many_elements_with_a_name_of_their_own_are_one_round() -> None:
    fields = "".join(f"int32 f{number} = {number} [(v.o{number}) = 1];" for number in range(1, 3_000))
    started = time.monotonic()
    done = compiled(x=lines(f"message M {{ {fields} }}"))
    assert (done.failed, len(done.left_out["x.proto"])) == ({}, 2_999)
    assert time.monotonic() - started < 10
