"""What a validator rejects of what another lets pass, in words: each condition names the values."""

from __future__ import annotations

from functools import cache

import pytest

from checking import IMPORTS, source
from compatcheck.reads.validation import ranges
from compatcheck.reads.validation.fields import field_reads, lacking_reads
from compatcheck.schema.build import build
from compatcheck.schema.loading.load import load
from compatcheck.schema.model import Field
from compatcheck.source.snapshot import empty

DEFINITIONS = ("buf/validate/validate.proto", "validate/validate.proto")
OWN_RULE = """
    syntax = "proto2"; package p; import "buf/validate/validate.proto";
    extend buf.validate.Int32Rules {
      optional bool even = 1161 [(buf.validate.predefined).cel = {expression: "this % 2 == 0"}];
    }
"""
BESIDE = """
    syntax = "proto3"; package p;
    import "buf/validate/validate.proto"; import "validate/validate.proto"; import "even.proto";
    import "google/protobuf/timestamp.proto"; import "google/protobuf/any.proto";
    enum E { A = 0; B = 1; }
    message N {}
"""
PV, PGV = "(buf.validate.field)", "(validate.rules)"
CONDITIONS = [
    # What the writer declares, what the reader declares, and the values that the reader rejects.
    ("string x = 1;", f"string x = 1 [{PV}.string.max_len = 10];", ["only text longer than 10 characters"]),
    (
        f"string x = 1 [{PV}.string.max_len = 40];",
        f"string x = 1 [{PV}.string.len = 20];",
        ["only text shorter than 20 characters or of 21 to 40 characters"],
    ),
    ("bytes x = 1;", f"bytes x = 1 [{PV}.bytes.min_len = 1];", ["only empty values"]),
    (
        "string x = 1;",
        f'string x = 1 [{PV}.string.prefix = "a"];',
        ["only empty text", 'only text that does not begin with "a"'],
    ),
    (
        f'string x = 1 [{PV}.string = {{in: ["a", "b", "c"]}}];',
        f'string x = 1 [{PV}.string.not_in = "b"];',
        ['only "b"'],
    ),
    (
        f'string x = 1 [{PV}.string.pattern = "a"];',
        f'string x = 1 [{PV}.string.pattern = "b"];',
        ["only text that does not match `b`"],
    ),
    (
        f"string x = 1 [{PV}.string.uuid = true];",
        f"string x = 1 [{PV}.string = {{uuid: true, max_len: 40}}];",
        [],
    ),
    (f"string x = 1 [{PV}.string.uuid = true];", f"string x = 1 [{PV}.string.max_len = 40];", []),
    (f"string x = 1 [{PV}.string.ipv4 = true];", f"string x = 1 [{PV}.string.ip = true];", []),
    (
        f"string x = 1 [{PV}.string.ip = true];",
        f"string x = 1 [{PV}.string.ipv4 = true];",
        ["only text that is not an IPv4 address"],
    ),
    (f"int32 x = 1 [{PV}.int32.lt = 5];", f"int64 x = 1 [{PV}.int64.lt = 5];", []),
    ("int64 x = 1;", f"int32 x = 1 [{PV}.int32.gte = -2147483648];", []),
    ("int32 x = 1;", f"int32 x = 1 [{PV}.int32 = {{gt: 10, lt: 3}}];", ["only values from 3 to 10"]),
    (
        "double x = 1;",
        f"double x = 1 [{PV}.double.finite = true];",
        ["only the values -inf and inf", "only NaN"],
    ),
    ("E x = 1;", f"E x = 1 [{PV}.enum.not_in = 1];", ["only the value B"]),
    (f"E x = 1 [{PV}.enum.in = 1];", f"E x = 1 [{PV}.enum.defined_only = true];", []),
    ("optional string x = 1;", f"optional string x = 1 [{PV}.required = true];", ["only when it is not set"]),
    ("string x = 1;", f"optional string x = 1 [{PV}.required = true];", ["only when it is not set"]),
    ("optional int32 x = 1;", f"int32 x = 1 [{PV}.int32.gt = 0];", ["only values below 1"]),
    (f"optional int32 x = 1 [{PV}.int32.gt = 0];", f"int32 x = 1 [{PV}.int32.gt = 0];", ["only the value 0"]),
    (
        "map<string, int32> x = 1;",
        f"map<string, int32> x = 1 [{PV}.map.keys.string.min_len = 1];",
        ["only empty text as keys"],
    ),
    (
        "repeated string x = 1;",
        f"repeated string x = 1 [{PV}.repeated.unique = true];",
        ["only lists with equal elements"],
    ),
    (
        f"repeated string x = 1 [{PV}.repeated.max_items = 1];",
        f"repeated string x = 1 [{PV}.repeated.unique = true];",
        [],
    ),
    (
        "google.protobuf.Any x = 1;",
        f'google.protobuf.Any x = 1 [{PV}.any.in = "t/a"];',
        ['only values other than "t/a"'],
    ),
    (
        "google.protobuf.Timestamp x = 1;",
        f"google.protobuf.Timestamp x = 1 [{PV}.timestamp.gt = {{seconds: 0}}];",
        ["only values up to 1970-01-01T00:00:00Z"],
    ),
    ("N x = 1;", f"N x = 1 [{PV}.required = true];", ["only when it is not set"]),
    (
        f"N x = 1 [{PV}.ignore = IGNORE_ALWAYS];",
        f"N x = 1 [{PV}.required = false];",
        ["only values that the constraints of its type reject"],
    ),
    (
        "int32 x = 1;",
        f"int32 x = 1 [{PV}.cel = {{expression: 'this > 1'}}];",
        ["only values for which `this > 1` does not hold"],
    ),
    (
        "int32 x = 1;",
        f"int32 x = 1 [{PV}.int32.(p.even) = true];",
        ["only values that the rule `p.even` rejects"],
    ),
    (f"int32 x = 1 [{PV}.int32.(p.even) = true];", f"int32 x = 1 [{PV}.int32.(p.even) = true];", []),
    (f"string x = 1 [{PGV}.string.min_len = 2];", f"string x = 1 [{PV}.string.min_len = 2];", []),
    (
        "string x = 1;",
        f"string x = 1 [{PGV}.string = {{min_len: 2, ignore_empty: true}}];",
        ["only text shorter than 2 characters"],
    ),
    ("N x = 1;", f"N x = 1 [{PGV}.message.required = true];", ["only when it is not set"]),
    (
        "map<string, N> x = 1;",
        f"map<string, N> x = 1 [{PGV}.map.no_sparse = true];",
        ["only maps with entries that have no value"],
    ),
    ("string x = 1;", f"repeated string x = 1 [{PV}.repeated.min_items = 1];", []),
    (
        "int32 x = 1;",
        f"int32 x = 1 [{PV}.int32 = {{not_in: [1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23]}}];",
        [
            "only values from 1 to 2 or from 4 to 5 or from 7 to 8 or from 10 to 11 or from 13 to 14"
            " or in 3 more ranges"
        ],
    ),
]

INVALID_WHEN_EMPTY = (
    f'string x = 1 [{PV}.string.pattern = "^a+$"];',
    f"string x = 1 [{PV}.string.email = true];",
    f"string x = 1 [{PV}.string.min_len = 1];",
    f"string x = 1 [{PV}.string = {{well_known_regex: KNOWN_REGEX_HTTP_HEADER_NAME, strict: false}}];",
    f"int32 x = 1 [{PV}.int32.gt = 0];",
    f"repeated int32 x = 1 [{PV}.repeated.min_items = 1];",
    f"N x = 1 [{PV}.required = true];",
)
VALID_WHEN_EMPTY = (
    f'string x = 1 [{PV}.string.pattern = "^$|^a+$"];',
    f"string x = 1 [{PV}.string.uri_ref = true];",
    f"string x = 1 [{PV}.string.max_len = 1];",
    f"string x = 1 [{PGV}.string = {{well_known_regex: HTTP_HEADER_NAME, strict: false}}];",
    f"optional int32 x = 1 [{PV}.int32.gt = 0];",
    f"int32 x = 1 [{PV} = {{ignore: IGNORE_IF_ZERO_VALUE, int32: {{gt: 0}}}}];",
)
CANNOT_TELL = {
    # To RE2 a text, to Python up to two letters.
    f'string x = 1 [{PV}.string.pattern = "a{{,2}}"];': (
        "only if the empty text is among text that does not match `a{,2}`"
    ),
    f"int32 x = 1 [{PV}.cel = {{expression: 'this < 1'}}];": (
        "only if 0 is among values for which `this < 1` does not hold"
    ),
    f'string x = 1 [{PV}.string.pattern = "(a*)*(a*)*(a*)*(a*)*(a*)*(a*)*b"];': (
        "only if the empty text is among text that does not match `(a*)*(a*)*(a*)*(a*)*(a*)*(a*)*b`"
    ),
}


@cache
def fields() -> dict[str, Field]:
    """The fields of this module, by what declares them."""
    declared = {one for writer, reader, _ in CONDITIONS for one in (writer, reader)}
    known = sorted(declared.union(INVALID_WHEN_EMPTY, VALID_WHEN_EMPTY, CANNOT_TELL))
    messages = (f"message M{index} {{ {one} }}" for index, one in enumerate(known))
    shared = {name: (IMPORTS / name).read_text() for name in DEFINITIONS}
    texts = {"p.proto": "\n".join((BESIDE, *messages)), "even.proto": OWN_RULE} | shared
    loaded = load(empty("nothing"), source(texts))
    assert not loaded.unknown, loaded.unknown
    file = next(file for file in build(loaded.new).files if file.path == "p.proto")
    return {known[int(one.name[1:])]: one.fields[0] for one in file.messages if one.name != "N"}


@pytest.mark.parametrize(("writer", "reader", "expected"), CONDITIONS)
def test_the_condition_names_the_values(writer: str, reader: str, expected: list[str]) -> None:
    assert [one.condition for one in field_reads(fields()[writer], fields()[reader])] == expected


def test_long_lists_are_compared_in_one_pass() -> None:
    thirds, halves = (ranges.points(range(0, 600_000, step)) for step in (3, 2))
    assert (thirds & halves) == ranges.points(range(0, 600_000, 6))
    assert (thirds - halves) == ranges.points(range(3, 600_000, 6))


@pytest.mark.parametrize("declared", INVALID_WHEN_EMPTY)
def test_a_new_field_whose_empty_value_is_invalid_is_missed_in_every_message(declared: str) -> None:
    assert [one.condition for one in lacking_reads(fields()[declared])] == [""]


@pytest.mark.parametrize("declared", VALID_WHEN_EMPTY)
def test_a_new_field_whose_empty_value_is_valid_is_not_missed(declared: str) -> None:
    assert lacking_reads(fields()[declared]) == ()


@pytest.mark.parametrize("declared", CANNOT_TELL)
def test_it_is_said_when_nobody_can_tell_whether_a_new_field_is_missed(declared: str) -> None:
    assert [one.condition for one in lacking_reads(fields()[declared])] == [CANNOT_TELL[declared]]
