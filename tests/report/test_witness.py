"""Witnesses as people see them: what was written, what travelled, what was read."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import cast

import pytest
from jsonschema import Draft202012Validator

from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.report.explain import render_finding
from compatcheck.report.json import render_json
from compatcheck.report.json_text import Json
from compatcheck.report.text import render_text
from compatcheck.report.witness import hexadecimal, witness_values
from compatcheck.rules.finding import Finding
from compatcheck.usecases.results import Check
from compatcheck.witness.result import NoWitness, Reason, Witness

LOSSY = Witness(
    effect=DirectedEffect(Direction.BACKWARD, Surface.WIRE, Effect.LOSSY, "only above 2147483647"),
    writer="shop.v1.Total",
    reader="shop.v1.Total",
    written="cents: 2147483648",
    data=bytes.fromhex("088080808008"),
    read="cents: -2147483648",
    error="",
    missing=(),
    note="",
)


@pytest.fixture
def shown(full: Check, finding: Finding) -> Check:
    """A check with one witness, and a reason why there is no other."""
    witnesses: dict[str, Witness | NoWitness] = {
        one.fingerprint: NoWitness(Reason.ROUTING) for one in full.findings
    }
    return replace(full, witnesses=witnesses | {finding.fingerprint: LOSSY})


def test_it_says_who_writes_to_whom_and_what_becomes_of_it() -> None:
    assert witness_values(LOSSY) == [
        "lossy on the wire: an old writer sends shop.v1.Total to a new reader",
        "written: cents: 2147483648",
        "sent:    08 80 80 80 80 08 (6 bytes)",
        "read:    cents: -2147483648",
    ]


def test_it_says_how_it_is_read_where_that_has_another_name_and_direction() -> None:
    effect = replace(LOSSY.effect, direction=Direction.FORWARD, surface=Surface.JSON)
    other = replace(LOSSY, effect=effect, reader="shop.v2.Total", data='{"cents": "2147483648"}')
    lines = witness_values(other)
    assert lines[0] == "lossy in JSON: a new writer sends shop.v1.Total to an old reader as shop.v2.Total"
    assert lines[2] == 'sent:    {"cents": "2147483648"}'


def test_an_error_is_told_and_so_is_what_only_other_runtimes_reject() -> None:
    rejected = replace(LOSSY, read="", error="String field had bad UTF-8")
    assert witness_values(rejected)[-1] == "read:    rejected: String field had bad UTF-8"
    lacking = replace(LOSSY, written="", data=b"", read="", missing=("owner.name",))
    lines = witness_values(lacking)
    assert lines[1:3] == ["written: (nothing is set)", "sent:    no bytes"]
    assert "lacks owner.name" in lines[3] and "IsInitialized()" in lines[3] and "others reject" in lines[3]


def test_the_reason_for_none_is_one_phrase() -> None:
    for reason in Reason:
        assert witness_values(NoWitness(reason)) == [f"none: {reason.value}"]
        assert len(reason.value) < 90 and "\n" not in reason.value


def test_what_is_long_is_cut_and_its_length_said() -> None:
    assert hexadecimal(b"a") == "61 (1 byte)"
    assert hexadecimal(bytes(64)).endswith("00 (64 bytes)")
    assert hexadecimal(bytes(132)) == bytes(64).hex(" ") + " … 132 bytes"
    assert witness_values(replace(LOSSY, written="x" * 900))[1].endswith("x … 900 characters")


def test_nothing_that_a_runtime_says_can_steer_a_terminal(shown: Check, finding: Finding) -> None:
    nasty = replace(LOSSY, read="", error="\x1b[2Jgone\n::error::x", note="\u202eabc")
    hostile = replace(shown, witnesses={finding.fingerprint: nasty})
    for text in (
        render_text([hostile], color=False),
        render_finding(hostile, finding),
        render_json([hostile], "1"),
    ):
        assert "\x1b" not in text and "\u202e" not in text
        assert not any(line.strip().startswith("::") for line in text.splitlines())


def test_each_finding_of_a_check_shows_its_own(shown: Check) -> None:
    text = render_text([shown], color=False)
    assert text.count("read:    cents: -2147483648") == 1
    assert text.count("= witness: ") == len(shown.findings)
    assert text.count("= witness: none: ") == len(shown.findings) - 1


def test_without_witnesses_the_text_is_as_before(full: Check) -> None:
    assert "witness" not in render_text([full], color=False)


def test_a_finding_in_full_has_every_effect_and_every_method(shown: Check, finding: Finding) -> None:
    text = render_finding(shown, finding, width=100)
    for one in finding.effects:
        assert f"{one.direction.value} {one.surface.value}: {one.effect.label}" in text
    for reached in finding.methods:
        assert f"{reached.method} ({reached.side}" in text
    assert finding.fingerprint in text and "cents: -2147483648" in text
    assert all(len(line) <= 100 for line in text.splitlines()[2:])


def test_documents_with_witnesses_are_as_published(shown: Check) -> None:
    text = files("compatcheck.report").joinpath("check.schema.json").read_text(encoding="utf-8")
    validator = Draft202012Validator(cast(dict[str, Json], json.loads(text)))
    document = json.loads(render_json([shown], "1.2.3"))
    validator.validate(document)
    found = [one["witness"] for one in document["findings"]]
    assert [one for one in found if "none" not in one] == [
        {
            "direction": "backward",
            "surface": "wire",
            "effect": "lossy",
            "condition": "only above 2147483647",
            "path": [],
            "writer": "shop.v1.Total",
            "reader": "shop.v1.Total",
            "written": "cents: 2147483648",
            "data": "088080808008",
            "read": "cents: -2147483648",
            "error": "",
            "missing": [],
            "note": "",
        }
    ]
    found[0]["effect"] = "shown"
    assert not validator.is_valid(document)
