"""Code frames: the carets stand under the span, whatever the line holds."""

from __future__ import annotations

import pytest

from compatcheck.report.frame import frame
from compatcheck.report.terminal import clean, columns, cut


def under(code: str, carets: str) -> str:
    """What a terminal shows above the carets."""
    start = len(carets) - len(carets.lstrip())
    shown, at = "", 0
    for char in code:
        if start <= at < len(carets):
            shown += char
        at += columns(char)
    return shown


@pytest.mark.parametrize(
    ("source", "span"),
    [
        ("  string price = 3;", "price"),
        ("\tstring\tprice = 3;", "price"),
        ("  /* 価格の説明 */ string price = 3;", "price"),
        ("  /* e\u0301te\u0301 \U0001f600 */ string price = 3;", "price"),
        ('  string price = 3 [default = "価格"];', '"価格"'),
        ("\t" * 60 + "string price = 3;", "price"),
        ("x" * 5000 + " price " + "y" * 5000, "price"),
        ("語" * 5000 + " price " + "語" * 5000, "price"),
        ("price" + "y" * 5000, "price"),
        ("x" * 5000 + "price", "price"),
    ],
)
def test_the_carets_stand_under_the_span(source: str, span: str) -> None:
    column = source.index(span) + 1
    code, carets = frame(source, column, column + len(span), 60)
    assert under(code, carets) == span
    assert columns(code) <= 60
    assert "\t" not in code


def test_a_short_line_is_shown_whole() -> None:
    assert frame("  int32 a = 1;\r\n", 3, 8, 80) == ("  int32 a = 1;", "  ^^^^^")


def test_a_span_without_an_end_goes_to_the_end_of_the_line() -> None:
    assert frame("message A {", 1, None, 80) == ("message A {", "^^^^^^^^^^^")


def test_a_span_longer_than_the_room_is_cut_with_the_line() -> None:
    code, carets = frame("x" * 500, 1, 400, 40)
    assert code == "x" * 37 + "..."
    assert carets == "^" * 37


@pytest.mark.parametrize(("column", "end"), [(1, 1), (40, 45), (3, 1)])
def test_a_span_outside_the_line_still_has_a_caret(column: int, end: int) -> None:
    code, carets = frame("int32 a;", column, end, 80)
    assert code == "int32 a;"
    assert carets.count("^") == 1
    assert len(carets) <= len(code) + 1


def test_a_huge_line_costs_no_time() -> None:
    code, _ = frame("\u0301" * 10_000_000, 5_000_000, 5_000_010, 80)
    assert len(code) < 1000


def test_clean_text_holds_no_command_of_githubs_runner() -> None:
    assert clean("// ##[error]x") == "// #♯[error]x"


def test_clean_keeps_the_number_of_code_points_and_ordinary_text() -> None:
    nasty = "a\tb\x1b[0m\u202e\u2028\udc80\x9b\x00ü価\U0001f469\u200d\U0001f4bb\u00a0z"
    assert len(clean(nasty)) == len(nasty)
    assert clean(nasty) == "a b␛[0m\ufffd\ufffd\ufffd\ufffd␀ü価\U0001f469\u200d\U0001f4bb z"


def test_cut_counts_columns_and_marks_what_is_gone() -> None:
    assert cut("価格価格", 8) == "価格価格"
    assert cut("価格価格価", 8) == "価格..."
    assert cut("short", 80) == "short"
