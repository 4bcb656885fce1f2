"""The text that people see: golden files, and that a repository cannot steer the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.report.phrases import effect_phrases
from compatcheck.report.text import render_text
from compatcheck.rules.finding import Break, Finding, Order, Reached, Severity
from compatcheck.source.snapshot import Origin, Skipped
from compatcheck.usecases.results import Check, MethodOrder, Undecided

Golden = Callable[[str, str], None]
HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u2066\x9b31m\r\n::error::forged\udcff\x00"


def test_a_check_with_everything_reads_as_in_the_golden_file(full: Check, golden: Golden) -> None:
    golden("full.txt", render_text([full], color=False))


def test_a_check_in_colour_reads_as_in_the_golden_file(full: Check, golden: Golden) -> None:
    golden("full-color.txt", render_text([full], color=True))


def test_colour_adds_nothing_but_escape_sequences(full: Check) -> None:
    colored = render_text([full], color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render_text([full], color=False)


def test_notes_alone_stay_short_and_still_give_an_order(quiet: Check, golden: Golden) -> None:
    golden("quiet.txt", render_text([quiet], color=False))


def test_several_old_sources_have_headings_and_one_order(full: Check, older: Check, golden: Golden) -> None:
    golden("several.txt", render_text([full, older], color=False))


def test_an_empty_comparison_says_what_was_compared(empty: Check) -> None:
    assert render_text([empty], color=False) == (
        "work tree against v1.2.0 (3f9a1c2e01): no .proto file differs\n"
        "rollout order: any, since nothing changed\n"
    )


def test_changes_without_findings_are_not_called_equal(empty: Check) -> None:
    text = render_text([replace(empty, changed_files=1)], color=False)
    assert "no findings in 1 changed file\n" in text
    assert text.endswith("rollout order: any order is safe\n")


def test_an_undecided_file_is_never_summed_up_as_safe(empty: Check) -> None:
    check = replace(empty, undecided=(Undecided("a.proto", "missing"),))
    text = render_text([check], color=False)
    assert "unknown: a.proto: missing\n" in text
    assert "1 file unknown\nrollout order: unknown, since not everything could be compared\n" in text
    assert "no .proto file differs" not in text


def test_a_finding_that_no_method_reaches_is_named_beside_the_order(empty: Check, finding: Finding) -> None:
    check = replace(empty, findings=(replace(finding, methods=(), breaks=()),), changed_files=1)
    assert render_text([check], color=False).endswith(
        "rollout order: any for the methods here, since no method reaches a change\n"
        "  not counted: 1 finding that no method here reaches; users elsewhere may break\n"
    )


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ([Order.ANY], "rollout order: any order is safe\n"),
        (
            [Order.SERVERS_FIRST, Order.ANY],
            "rollout order: servers first, since a new client breaks on an old server\n  because of m0\n",
        ),
        (
            [Order.CLIENTS_FIRST, Order.CLIENTS_FIRST],
            "rollout order: clients first, since an old client breaks on a new server\n"
            "  because of m0 and m1\n",
        ),
        (
            [Order.CLIENTS_FIRST, Order.SERVERS_FIRST],
            "rollout order: no order is safe\n"
            "  servers first for m1\n"
            "  clients first for m0\n"
            "  so split the change: add the new beside the old, move every caller, then remove the old\n",
        ),
        (
            [Order.NONE] * 5,
            "rollout order: no order is safe\n"
            "  both sides break on m0, m1, m2 and 2 more\n"
            "  so split the change: add the new beside the old, move every caller, then remove the old\n",
        ),
    ],
)
def test_the_last_lines_say_the_order_and_its_methods(
    empty: Check, orders: list[Order], expected: str
) -> None:
    methods = tuple(MethodOrder(f"m{at}", order) for at, order in enumerate(orders))
    text = render_text([replace(empty, orders=methods, changed_files=1)], color=False)
    assert text.endswith(expected)


def test_a_method_with_opposite_orders_against_two_old_sources_has_none(empty: Check) -> None:
    one = replace(empty, orders=(MethodOrder("m", Order.SERVERS_FIRST),), changed_files=1)
    two = replace(empty, orders=(MethodOrder("m", Order.CLIENTS_FIRST),), changed_files=1)
    assert "no order is safe\n  both sides break on m\n" in render_text([one, two], color=False)


def test_nothing_of_a_repository_steers_the_terminal(finding: Finding, full: Check) -> None:
    location = replace(finding.location, path=HOSTILE) if finding.location else None
    nasty = replace(
        finding,
        element=HOSTILE,
        path=HOSTILE,
        location=location,
        old_location=location,
        source_line=HOSTILE,
        old_source=HOSTILE,
        message=HOSTILE,
        help=HOSTILE,
        effects=(DirectedEffect(Direction.FORWARD, Surface.WIRE, Effect.LOST, HOSTILE, (HOSTILE,)),),
        methods=(
            Reached(HOSTILE, "request", (Break.OLD_CLIENT_NEW_SERVER,)),
            Reached(HOSTILE, "response", ()),
        ),
    )
    check = replace(
        full,
        old=Origin("directory", HOSTILE),
        findings=(nasty, replace(nasty, severity=Severity.NOTE), replace(nasty, location=None)),
        orders=(MethodOrder(HOSTILE, Order.NONE),),
        undecided=(Undecided(HOSTILE, f"{HOSTILE}\n  ::error::forged"),),
        notices=(HOSTILE,),
    )
    text = render_text([check, check], color=False)
    text.encode()
    assert not re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_many_notes_are_counted_by_rule(quiet: Check) -> None:
    field, method = quiet.findings
    text = render_text([replace(quiet, findings=(field,) * 30 + (method,))], color=False, notes_shown=5)
    assert text.count("note[field-added]") == 5
    assert "note: 26 more notes: 25 field-added, 1 method-added\n" in text


def test_a_narrow_terminal_gets_frames_and_facts_that_fit(full: Check) -> None:
    narrow = render_text([full], color=False, width=60).splitlines()
    framed = [line for line in narrow if re.match(r" *\d+ \|", line)]
    assert framed and all(len(line) <= 60 for line in framed)
    wide = render_text([full], color=False, width=200).splitlines()
    assert len(wide) < len(narrow)


def test_effects_of_both_directions_are_said_once_and_the_worst_comes_first() -> None:
    both = [
        DirectedEffect(direction, surface, effect)
        for direction in Direction
        for surface, effect in ((Surface.WIRE, Effect.DROPPED), (Surface.JSON, Effect.REJECTED))
    ]
    assert effect_phrases(both) == ["both directions: rejected in JSON; dropped on the wire"]


def test_effects_of_one_kind_share_their_surfaces_and_keep_condition_and_field() -> None:
    effects = [
        DirectedEffect(Direction.BACKWARD, surface, Effect.LOSSY, "above 2^31-1", ("items", "price"))
        for surface in (Surface.JSON, Surface.WIRE)
    ]
    assert effect_phrases(effects) == [
        "backward (new reads old): lossy on the wire and in JSON at items.price (above 2^31-1)"
    ]


def test_effects_that_are_safe_are_not_shown() -> None:
    assert effect_phrases([DirectedEffect(Direction.FORWARD, Surface.WIRE, Effect.SAFE)]) == []


def test_many_effects_are_counted() -> None:
    effects = [
        DirectedEffect(Direction.FORWARD, Surface.WIRE, Effect.DROPPED, path=(name,)) for name in "abcdefg"
    ]
    (line,) = effect_phrases(effects)
    assert line.endswith("dropped on the wire at d; and 3 more")


def test_every_surface_and_direction_has_words() -> None:
    for surface in Surface:
        for direction in Direction:
            assert effect_phrases([DirectedEffect(direction, surface, Effect.LOST)])


def test_a_finding_without_source_names_the_files_and_has_no_frame(empty: Check, finding: Finding) -> None:
    bare = replace(finding, location=None, old_source="", effects=(), methods=(), breaks=(), help="")
    text = render_text([replace(empty, findings=(bare,), changed_files=1)], color=False)
    assert text.split("\n\n")[0].splitlines()[1:] == [
        f" --> proto/shop/cart/v1/cart.proto  [{bare.fingerprint}]",
        "  = was:     at proto/shop/cart/v1/cart.proto:13:3",
    ]


def test_many_skipped_paths_are_counted_and_undecided_files_are_not(empty: Check) -> None:
    check = replace(
        empty,
        skipped=tuple(Skipped(f"vendor/{at}", "a submodule") for at in range(12)),
        undecided=tuple(Undecided(f"{at}.proto", "") for at in range(30)),
    )
    text = render_text([check], color=False)
    assert text.count("a submodule") == 10 and "skipped: 2 more\n" in text
    assert text.count("no reason known") == 30 and "; 30 files unknown\n" in text


def test_a_text_of_a_megabyte_is_not_printed_whole(empty: Check, finding: Finding) -> None:
    huge = "a" * 1_000_000
    effect = DirectedEffect(Direction.FORWARD, Surface.VALIDATION, Effect.REJECTED, huge)
    long = replace(finding, message=huge, effects=(effect,))
    check = replace(empty, findings=(long, replace(long, severity=Severity.NOTE)))
    assert len(render_text([check], color=False)) < 20_000
