"""An entry of a table that is flipped, and a table that is read the wrong way round, make the oracle fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, product

import pytest

from compatcheck.reads import json_elements, wire_elements
from compatcheck.reads.effects import Effect
from compatcheck.reads.json import JsonSettings
from compatcheck.reads.tables import BINARY, PORTABLE_JSON, PYTHON_JSON, Kind, Table
from compatcheck.reads.wire_elements import NO_PARSE, PARSES
from compatcheck.schema.model import Type
from reads import test_json_oracle as json_oracle
from reads import test_wire_oracle as wire_oracle
from reads.kinds import FIELD, SINGULAR
from reads.kinds import Kind as Declared

_STRICT = JsonSettings("reject", "python")

MEASURED = """
dbl  =DDDDDDDDMDMDDDDDDDD =rrrrrrrrrrrRrXrrRRR
flt  D=DDDDDDMDMDDDDDDDDD l=rrrrrrrrrrRrXrrRRR
i32  DD==llMMDDDDlDD=dDDD =l==rr==rr==RRR=rRRR
i64  DDl=llMMDDDDlDDllDDD llr=rrr=rrr=R=XRRRRR
u32  DDl===MMDDDDlDDllDDD =lr===r===r=RRRrrRRR
u64  DDlll=MMDDDDlDDllDDD llrrr=rrr=rrR=XRRRRR
s32  DDMMMM==DDDDlDDMMDDD =l==rr==rr==RRR=rRRR
s64  DDMMMMl=DDDDlDDMMDDD llr=rrr=rrr=R=XRRRRR
f32  DMDDDDDD=DlDDDDDDDDD =lr===r===r=RRRrrRRR
f64  MDDDDDDDD=DlDDDDDDDD llrrr=rrr=rrR=XRRRRR
sf32 DMDDDDDDlD=DDDDDDDDD =l==rr==rr==RRR=rRRR
sf64 MDDDDDDDDlD=DDDDDDDD llr=rrr=rrr=R=XRRRRR
bool DD====MMDDDD=DD==DDD RRRRRRRRRRRR=RRRRRRR
str  DDDDDDDDDDDDD==DDrDX rrrrrrrrrrrrR=XrrRRR
byt  DDDDDDDDDDDDDr=DDrDX XXXXXXXXXXXXRM=RRRRR
eO   DD==llMMDDDDlDD=dDDD rrrrrrrrrrrrRrR=RRRR
eC   DD==llMMDDDDlDD==DDD RRRRRRRRRRRRR=XR=RRR
msg  DDDDDDDDDDDDDrBDD=DM RRRRRRRRRRRRRRRRR=RX
grp  DDDDDDDDDDDDDDDDDD=D RRRRRRRRRRRRRRRRR=RX
map  DDDDDDDDDDDDDXMDDMD= RRRRRRRRRRRRRRRRRXR=
"""
"""What was measured on six runtimes: binary, and the strictest of the JSON parsers."""

PORTABLE_EXCEPTIONS = {
    # Beyond the range of float Python and others reject; what they do not is rounded: both are told.
    (Kind.DOUBLE, Kind.FLOAT): "b",
    # JSON does not know groups: a group is printed as the object of its fields, whatever reads it.
    (Kind.MESSAGE, Kind.GROUP): "=",
    (Kind.GROUP, Kind.GROUP): "=",
    (Kind.MAP, Kind.GROUP): "X",
}
"""Where the table differs from what was measured, and why."""

_FLIPS = {"=": "DM", "l": "=D", "d": "DM", "D": "=lMr", "M": "=D", "r": "=D", "B": "=DM", "X": "=D"}
"""What somebody might write for a letter of the binary table, milder and stricter."""

_JSON_FLIPS = {"=": "lRM", "l": "=R", "r": "=RM", "R": "=lrX", "M": "=R", "X": "=R", "b": "=lR"}

_ENUMS = {Kind.OPEN_ENUM, Kind.CLOSED_ENUM}
_STRUCTURES = {Kind.MESSAGE, Kind.GROUP, Kind.MAP}


def judged_by_content(table: Table, writer: Kind, reader: Kind, letter: str) -> bool:
    """Where a letter says only whether there is anything to judge by: what is inside decides, or the names."""
    if table is BINARY:
        # A map's entries read as bytes or as one message are lossy besides.
        inside = {writer, reader} <= _STRUCTURES or (writer, reader) == (Kind.MAP, Kind.BYTES)
        return inside and letter != "D" and BINARY[writer, reader] != "D"
    by_name = reader is Kind.CLOSED_ENUM and PYTHON_JSON[writer, reader] == "r" and letter == "="
    inside = {writer, reader} <= _ENUMS or {writer, reader} <= _STRUCTURES
    return inside or by_name or Kind.MAP in (writer, reader)


def notices(difference: Callable[[Declared, Declared], str], writer: Kind, reader: Kind) -> bool:
    try:
        return bool(difference(SINGULAR[writer], SINGULAR[reader]))
    except KeyError:
        # A type without a range cannot be lossy.
        return True


def flips(table: Table, letters: dict[str, str], writer: Kind) -> Iterator[tuple[Kind, str]]:
    for reader in Kind:
        for letter in letters[table[writer, reader]]:
            if not judged_by_content(table, writer, reader, letter):
                yield reader, letter


@pytest.mark.parametrize("writer", Kind, ids=lambda kind: kind.value)
def test_the_oracle_notices_each_flipped_entry_of_the_binary_table(
    writer: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnoticed = []
    for reader, letter in flips(BINARY, _FLIPS, writer):
        monkeypatch.setattr(wire_elements, "BINARY", {**BINARY, (writer, reader): letter})
        if not notices(wire_oracle.difference, writer, reader):
            unnoticed.append(f"{reader.value}: {BINARY[writer, reader]} as {letter}")
    assert not unnoticed


@pytest.mark.parametrize(
    "writer", [kind for kind in Kind if kind is not Kind.MAP], ids=lambda kind: kind.value
)
def test_the_oracle_notices_each_flipped_entry_of_the_json_table(
    writer: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnoticed = []
    for reader, letter in flips(PYTHON_JSON, _JSON_FLIPS, writer):
        monkeypatch.setattr(json_elements, "PYTHON_JSON", {**PYTHON_JSON, (writer, reader): letter})
        if not notices(partial(json_oracle.difference, settings=_STRICT), writer, reader):
            unnoticed.append(f"{reader.value}: {PYTHON_JSON[writer, reader]} as {letter}")
    assert not unnoticed


def test_the_oracle_notices_that_writer_and_reader_are_swapped(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [
        kind for kind in wire_oracle.KINDS if kind.type in (Type.INT32, Type.INT64, Type.ENUM, Type.STRING)
    ]
    predicted, unnoticed, asymmetric = wire_oracle.predicted, [], 0
    monkeypatch.setattr(wire_oracle, "predicted", lambda writer, reader: predicted(reader, writer))
    for writer, reader in product(kinds, kinds):
        each = predicted(writer, reader), predicted(reader, writer)
        if any(one.condition in (NO_PARSE, PARSES) for one in chain(*each)):
            continue
        right, wrong = (wire_oracle.as_seen(wire_oracle.certain(outcomes)) for outcomes in each)
        # A misread value explains whatever milder else is seen of it.
        if right != wrong and (Effect.MISREAD, (FIELD,)) not in wrong:
            asymmetric += 1
            if not wire_oracle.difference(writer, reader):
                unnoticed.append(f"{writer} -> {reader}: {right} as {wrong}")
    assert asymmetric > 500
    assert not unnoticed, "\n".join(unnoticed)


def test_the_tables_are_those_that_were_measured() -> None:
    """No runtime at hand shows what portable JSON is, so that a flipped entry shows here alone."""
    rows = [line.split() for line in MEASURED.split("\n") if line]
    measured = {
        (Kind(name), reader): letters
        for name, *columns in rows
        for reader, letters in zip(Kind, zip(*columns, strict=True), strict=True)
    }
    assert {pair: letter for pair, (letter, _) in measured.items()} == BINARY
    assert {pair: letter for pair, (_, letter) in measured.items()} | PORTABLE_EXCEPTIONS == PORTABLE_JSON
