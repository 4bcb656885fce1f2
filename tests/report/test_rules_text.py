"""The texts of `compatcheck rules` and `compatcheck explain`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compatcheck.report.rules import render_explain, render_rules

Golden = Callable[[str, str], None]


@dataclass(frozen=True)
class Text:
    id: str
    title: str
    explanation: str
    help: str


REMOVED = Text(
    "field-removed",
    "A field is removed, and its number and name are not both reserved.",
    "Old readers find the field unset, as if the writer had left it out. A later field\n"
    "that takes the number is misread by everyone who still has the old schema.\n"
    "\n"
    "- number free: misread in binary\n"
    "- name free: misread in JSON\n",
    "Reserve the number and the name.",
)
OLD = 'syntax = "proto3";\npackage a;\n\nmessage M {\n\tstring a = 1;\n\tstring b = 2;\n}\n'
NEW = 'syntax = "proto3";\npackage a;\n\nmessage M {\n\tstring a = 1;\n}\n'


def test_a_rule_is_explained_as_in_the_golden_file(golden: Golden) -> None:
    golden("explain.txt", render_explain(REMOVED, OLD, NEW))


def test_the_list_has_a_line_for_each_rule_with_aligned_titles() -> None:
    short = Text("a", "Short.", "", "")
    assert render_rules([short, REMOVED]) == f"a              Short.\nfield-removed  {REMOVED.title}\n"
    assert render_rules([]) == ""


def test_an_example_shows_every_line_of_both_files_once() -> None:
    text = render_explain(REMOVED, OLD, NEW)
    assert "  -  string b = 2;\n" in text
    assert text.count("string a = 1;") == 1


def test_an_example_of_an_added_file_and_one_without_a_difference_are_shown() -> None:
    assert '  +syntax = "proto3";\n' in render_explain(REMOVED, "", NEW)
    assert '   syntax = "proto3";\n' in render_explain(REMOVED, NEW, NEW)


def test_a_rule_without_an_example_ends_with_its_help() -> None:
    text = render_explain(REMOVED, "", "", color=True)
    assert text.endswith("help\x1b[0m: Reserve the number and the name.\n")
