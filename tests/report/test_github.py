"""Workflow commands of GitHub Actions: escaping, the worst ten, and what must stay visible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.report.github import render_github
from compatcheck.rules.finding import Finding, Severity
from compatcheck.schema.locations import Location
from compatcheck.usecases.results import Check, Undecided

Golden = Callable[[str, str], None]


def commands(*checks: Check) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner reads from the output: level, properties, text."""
    found = []
    for line in render_github(checks).splitlines():
        head, text = line.removeprefix("::").split("::", 1)
        level, _, properties = head.partition(" ")
        pairs = dict(one.split("=", 1) for one in properties.split(",")) if properties else {}
        found.append((level, {key: unescaped(value) for key, value in pairs.items()}, unescaped(text)))
    return found


def unescaped(text: str) -> str:
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def variants(finding: Finding, count: int, severity: Severity) -> list[Finding]:
    return [replace(finding, severity=severity, fingerprint=f"{severity:08x}{at:08x}") for at in range(count)]


def test_a_check_is_the_commands_of_the_golden_file(full: Check, golden: Golden) -> None:
    golden("full.github", render_github([full]))


def test_every_property_and_the_text_survive_escaping(finding: Finding, empty: Check) -> None:
    path = "a,b:c%0A::d=é.proto"
    location = Location(path, 3, 5, 3, 9)
    nasty = replace(finding, path=path, location=location, message="50% of\r\n::error::x, y: z")
    level, properties, text = commands(replace(empty, findings=(nasty,)))[0]
    assert level == "error"
    assert properties == {
        "file": path,
        "line": "3",
        "endLine": "3",
        "col": "5",
        "endColumn": "9",
        "title": "field-type-changed: shop.cart.v1.Item.price",
    }
    assert text.startswith("50% of  ::error::x, y: z\nbreaks old client with new server")


def test_a_command_is_always_one_line_of_valid_unicode(finding: Finding, empty: Check) -> None:
    nasty = replace(finding, path="\udcff\n\x1b[0m", element="\u202e\r\n", message="\n::warning::x\x00")
    output = render_github([replace(empty, findings=(nasty,), undecided=(Undecided("\n", "\n::a\n"),))])
    output.encode()
    assert output.count("\n") == 3
    assert "\x1b" not in output and "\u202e" not in output and "\r" not in output


def test_a_span_of_several_lines_has_no_columns(finding: Finding, empty: Check) -> None:
    spread = replace(finding, location=Location("a.proto", 3, 1, 9, 2))
    _, properties, _ = commands(replace(empty, findings=(spread,)))[0]
    assert properties["line"] == "3" and properties["endLine"] == "9"
    assert "col" not in properties and "endColumn" not in properties


def test_a_finding_without_source_still_names_the_file(finding: Finding, empty: Check) -> None:
    _, properties, _ = commands(replace(empty, findings=(replace(finding, location=None),)))[0]
    assert properties == {"file": finding.path, "title": "field-type-changed: shop.cart.v1.Item.price"}


def test_the_worst_ten_come_first_and_the_rest_is_counted(finding: Finding, empty: Check) -> None:
    findings = [
        *variants(finding, 3, Severity.NOTE),
        *variants(finding, 4, Severity.WARNING),
        *variants(finding, 9, Severity.ERROR),
    ]
    check = replace(empty, findings=tuple(findings), undecided=(Undecided("a.proto", "b"),))
    found = commands(check)
    assert [level for level, _, _ in found] == ["error"] * 10 + ["notice"] * 2
    assert found[9][1]["file"] == "a.proto"
    assert found[10][2] == "and 4 warnings, 3 notes more"


def test_notes_leave_room_for_the_count_and_the_order(finding: Finding, empty: Check) -> None:
    check = replace(empty, findings=tuple(variants(finding, 30, Severity.NOTE)))
    found = commands(check)
    assert len(found) == 10 and {level for level, _, _ in found} == {"notice"}
    assert found[8][2] == "and 22 notes more"
    assert found[9][2].startswith("rollout order: ")


def test_of_one_severity_the_worse_effect_comes_first(finding: Finding, empty: Check) -> None:
    mild, bad = (
        replace(
            finding,
            message=effect.label,
            fingerprint=f"{effect:016x}",
            effects=(DirectedEffect(Direction.FORWARD, Surface.WIRE, effect),),
        )
        for effect in (Effect.ABSENT, Effect.MISREAD)
    )
    first, second, *_ = commands(replace(empty, findings=(mild, bad)))
    assert first[2].startswith("misread") and second[2].startswith("absent")


def test_what_is_found_against_several_old_sources_is_said_once(full: Check, older: Check) -> None:
    found = commands(full, older)
    removed = [text for _, properties, text in found if "method-removed" in properties.get("title", "")]
    assert len(removed) == 1
    assert removed[0].endswith("against v1.2.0 (3f9a1c2e01) and v1.1.0 (90ab12cd34)")


def test_a_file_that_could_not_be_compared_is_an_error_with_its_reason(empty: Check) -> None:
    check = replace(empty, undecided=(Undecided("a.proto", "no such import\nadd it"),))
    level, properties, text = commands(check)[0]
    assert (level, properties["file"], text) == ("error", "a.proto", "a.proto: no such import\nadd it")


def test_an_empty_check_says_that_any_order_is_safe(empty: Check) -> None:
    assert render_github([empty]) == "::notice title=compatcheck::rollout order: any, since nothing changed\n"
