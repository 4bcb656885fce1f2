"""Where an element stands, checked against the text that stands there."""

from __future__ import annotations

import pytest

from checking import ALONE, schema
from compatcheck.schema.locations import Location, locate, source_line
from compatcheck.schema.model import Place

_NUMBER, _TYPE, _NAME = 3, 5, 1


def field_place(text: str) -> Place:
    """The place of the first field of the first message."""
    (file,) = schema(text).files
    return file.messages[0].fields[0].place


def text_at(text: str, location: Location | None) -> str:
    """By the definition: lines and columns from 1, columns in code points, the end exclusive."""
    assert location is not None and location.path == ALONE
    lines = text.split("\n")[location.line - 1 : location.end_line]
    lines[-1] = lines[-1][: location.end_column - 1]
    lines[0] = lines[0][location.column - 1 :]
    return "\n".join(lines)


BEFORE = {
    "nothing": "",
    "spaces": "  ",
    "a tab": "\t",
    "tabs and spaces": " \t \t\t ",
    "letters of two bytes": "/* äöü */ ",
    "letters of three bytes": "/* 日本語 */\t",
    "letters of four bytes": "/* 🛒🛒 */ ",
    "a combined letter": "/* e\u0301 */ ",
    "tabs between letters of all widths": "/* a\té\t日\t🛒 */\t",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_field_stands_where_its_text_is(before: str, line_break: str) -> None:
    lines = ['syntax = "proto3";', "message M {", f"{before}string quantity = 12;  // 日本 \t", "}", ""]
    text = line_break.join(lines)
    place = field_place(text)
    assert text_at(text, locate(place)) == "string quantity = 12;"
    assert text_at(text, locate(place, _NAME)) == "quantity"
    assert text_at(text, locate(place, _NUMBER)) == "12"
    assert text_at(text, locate(place, _TYPE)) == "string"
    found = locate(place)
    assert found is not None and (found.line, found.column) == (3, len(before) + 1)


def test_an_element_over_several_lines_ends_where_it_ends() -> None:
    text = 'syntax = "proto3";\nmessage M {\n\tstring\n\t  é_no = 1;\n}\n'.replace("é_no", "/* é */ no")
    location = locate(field_place(text))
    assert location is not None and (location.line, location.end_line) == (3, 4)
    assert text_at(text, location) == "string\n\t  /* é */ no = 1;"


def test_a_message_on_the_last_line_without_a_line_break() -> None:
    text = 'syntax = "proto3";\n/* ß */ message M { int32 a = 1; }'
    (file,) = schema(text).files
    assert text_at(text, locate(file.messages[0].place)) == "message M { int32 a = 1; }"
    assert text_at(text, locate(file.messages[0].place, _NAME)) == "M"


def test_the_part_that_is_there_is_taken_and_else_the_whole() -> None:
    text = 'syntax = "proto3";\nmessage M { M m = 1; }\n'
    place = field_place(text)
    assert text_at(text, locate(place, 6, 5)) == "M"
    assert text_at(text, locate(place, 7)) == "M m = 1;"


def test_a_byte_order_mark_moves_nothing() -> None:
    text = '\ufeffsyntax = "proto3"; message M { int32 a = 1; }\n'
    assert text_at(text, locate(field_place(text))) == "int32 a = 1;"


def test_a_source_line_has_no_line_break() -> None:
    place = field_place('syntax = "proto3";\r\nmessage M {\r\n\tint32 a = 1; // ü\r\n}\r\n')
    assert source_line(place, 3) == "\tint32 a = 1; // ü"
    assert source_line(place, 99) == ""
