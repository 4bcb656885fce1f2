"""The outline of a text: elements and their options."""

from __future__ import annotations

import time

import pytest

from compatcheck.schema.compiling.outline import outline

HEAD = b'syntax = "proto3"; package p; '


def options(text: bytes) -> list[tuple[str, str]]:
    """(last scope of the element, text of the option) of each option."""
    return [
        (group.element[-1], one.text)
        for group in outline(HEAD + text, "x.proto").options
        for one in group.options
    ]


@pytest.mark.parametrize(
    ("text", "element", "option"),
    [
        (b"option (f) = 1;", "file x.proto", "( f ) = 1"),
        (b"message M { option (m).a.(n) = true; }", "message M", "( m ) . a . ( n ) = true"),
        (b"message M { int32 i = 3 [(f) = 1]; }", "field 3", "( f ) = 1"),
        (b"message M { map<string, a.B> i = 4 [(f) = 1]; }", "field 4", "( f ) = 1"),
        (b"message M { optional group G = 5 [(f) = 1] { int32 i = 1; } }", "field 5", "( f ) = 1"),
        (b"message M { optional group G = 5 { option (m) = 1; } }", "message G", "( m ) = 1"),
        (b"message M { oneof o { option (o) = 1; int32 i = 1; } }", "oneof o", "( o ) = 1"),
        (b"message M { extensions 5 to 9, 12 [(r) = 1]; }", "extensions 5 to 9 , 12", "( r ) = 1"),
        (b"enum E { option (e) = 1; A = 0; }", "enum E", "( e ) = 1"),
        (b"enum E { A = -1 [(v) = 1]; }", "A = - 1", "( v ) = 1"),
        (b"local enum E { option (e) = 1; A = 0; }", "enum E", "( e ) = 1"),
        (b"service S { option (s) = 1; rpc R(A) returns (B); }", "service S", "( s ) = 1"),
        (b"service S { rpc R(stream A) returns (B) { option (m) = 1; } }", "rpc R", "( m ) = 1"),
        (b"extend a.B { string s = 7 [(f) = 1]; }", "field 7", "( f ) = 1"),
        (b'message M { string s = 1 [json_name = "](a) = 1,"]; }', "field 1", 'json_name = "](a) = 1,"'),
        (b"message M { int32 i = 1 [/* ] */ (f) // ,\n = 1]; }", "field 1", "( f ) = 1"),
        (b'option (f) = { a: "};" b: [1, 2] c { d: 1; } };', "file x.proto", ""),
        (b"message M { int32 i = 1 [(f) = { a: [1, 2], b < c: 1 > }]; }", "field 1", ""),
    ],
)
def test_an_option_is_found_with_its_element(text: bytes, element: str, option: str) -> None:
    ((found, told),) = options(text)
    assert (found, told) == (element, option or told)


def test_options_of_a_list_are_told_apart() -> None:
    text = (
        b"message M { int32 i = 1 [deprecated = true, (a).b = { c: [1, 2], d: 3 }, features.(pb.go).x = Y]; }"
    )
    ((group,),) = [outline(HEAD + text, "x.proto").options]
    assert [(one.name, one.is_foreign) for one in group.options] == [
        ("deprecated", False),
        ("(a).b", True),
        ("features.(pb.go).x", True),
    ]
    assert len(group.commas) == 2


def test_a_oneof_is_no_scope_of_its_fields_and_a_package_may_come_late() -> None:
    found = outline(b"message M { oneof o { int32 i = 1; } } enum E { A = 0; } package q;", "x.proto")
    assert found.elements == {
        ("file x.proto",),
        ("q", "message M"),
        ("q", "message M", "oneof o"),
        ("q", "message M", "field 1"),
        ("q", "enum E"),
        ("q", "enum E", "A = 0"),
    }


@pytest.mark.parametrize(
    "unit",
    [
        b"{",
        b"}",
        b"[",
        b"option ",
        b"option (",
        b"a = 1 [(b)",
        b"m {",
        b"option (a) = {",
        b"[(a) = 1,",
        b"a{;",
    ],
)
def test_time_grows_with_the_text_and_not_faster(unit: bytes) -> None:
    started = time.monotonic()
    outline(HEAD + unit * 100_000, "x.proto")
    assert time.monotonic() - started < 3
