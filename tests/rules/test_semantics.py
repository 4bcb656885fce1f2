"""Each row of fixtures/semantics is what `check --format json` says of its fixture.

`types/` and `tables.txt` are the letters for each pair of types, `rows.md` the effects of single changes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner

from checking import ALONE, FIXTURES, Texts, sides
from compatcheck.cli.main import cli
from compatcheck.report.json_text import Json
from program import Ended

SEMANTICS = FIXTURES / "semantics"
STRICT = 'preset = "strict"\njson-unknown-fields = "reject"\n'
SURFACES = ("wire", "json", "grpc")
DIRECTIONS = ("backward", "forward")

Cell = tuple[str, str]
"""A writer's row and a reader's column."""

BY_STRUCTURE = "a message and an entry are compared by their fields, which are alike in the fixture"
AS_MESSAGE = "the runtime at hand prints and parses a group as any other message"
OTHERWISE: dict[tuple[str, Cell], tuple[str, str]] = {
    ("wire", ("msg", "map")): ("=", BY_STRUCTURE),
    ("wire", ("map", "msg")): ("l", BY_STRUCTURE),
    ("json", ("msg", "grp")): ("=", AS_MESSAGE),
    ("json", ("grp", "grp")): ("=", AS_MESSAGE),
    ("json", ("map", "grp")): ("X", AS_MESSAGE),
}
"""Where the check says, for a reason, another letter than the tables: those were measured with other messages."""

ONLY: dict[tuple[str, str, str], str] = {
    ("values/int64-to-int32", "wire", "backward"): "only below -2147483648 or above 2147483647",
    ("values/int64-to-int32", "json", "backward"): "only below -2147483648 or above 2147483647",
    ("values/int32-to-uint64", "wire", "backward"): "only below 0",
    ("values/int32-to-uint64", "wire", "forward"): "only above 2147483647",
    ("values/int32-to-bool", "wire", "backward"): "only other than 0 and 1",
    ("values/bytes-to-string", "wire", "backward"): "only if not UTF-8",
    ("values/bool-to-closed-enum", "wire", "backward"): "only true",
    ("curated/utf8-no-longer-verified", "wire", "forward"): "only if not UTF-8",
    ("cardinality/messages-to-singular", "wire", "backward"): "only more than one element",
}
"""The values to which it happens."""


@dataclass(frozen=True)
class Told:
    """An effect as the JSON document has it, and what it is an effect on."""

    rule: str
    element: str
    severity: str
    surface: str
    direction: str
    effect: str
    condition: str

    @property
    def label(self) -> str:
        """With `-if` for what happens to some values only; of an enum's value that is the value itself."""
        some = self.condition or self.rule.startswith("enum-value-")
        return f"{self.effect}-if" if some else self.effect


@dataclass(frozen=True)
class Row:
    fixture: str
    cells: Mapping[str, str]
    """By surface: `backward / forward`, empty if both are safe."""


def findings(old: Texts, new: Texts, folder: Path, config: str = STRICT) -> list[dict[str, Json]]:
    """What the command finds between two sources, which are written below `folder`."""
    (folder / "compatcheck.toml").write_text(config)
    for side, texts in (("old", old), ("new", new)):
        for path, text in ({ALONE: texts} if isinstance(texts, str) else texts).items():
            target = folder / side / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    where = [os.fspath(folder / "new"), "--against", os.fspath(folder / "old")]
    settings = ["--config", os.fspath(folder / "compatcheck.toml"), "--format", "json"]
    done = CliRunner().invoke(cli, ["check", *where, *settings])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    ended = Ended(done.exit_code, done.stdout, "")
    assert (ended.code in (0, 1), ended.unknown) == (True, [])
    return ended.findings


def told(old: Texts, new: Texts, folder: Path, config: str = STRICT) -> list[Told]:
    return list(_effects(findings(old, new, folder, config)))


def _effects(found: Iterable[Mapping[str, Json]]) -> Iterator[Told]:
    for finding in found:
        for one in cast("list[dict[str, str]]", finding["effects"]):
            yield Told(
                rule=str(finding["rule"]),
                element=str(finding["element"]),
                severity=str(finding["severity"]),
                surface=one["surface"],
                direction=one["direction"],
                effect=one["effect"],
                condition=one["condition"],
            )


def tables() -> dict[str, dict[Cell, str]]:
    """The letters of tables.txt by surface, writer and reader."""
    rows = [line.split() for line in (SEMANTICS / "tables.txt").read_text().splitlines()[1:]]
    names = [row[0] for row in rows]
    return {
        surface: {
            (row[0], reader): letter
            for row in rows
            for reader, letter in zip(names, row[column], strict=True)
        }
        for surface, column in (("wire", 1), ("json", 2))
    }


TABLES = tables()
TYPES = tuple(dict.fromkeys(writer for writer, _ in TABLES["wire"]))


def letter(effects: Iterable[Told]) -> str:
    """What the tables would write for the effects of one direction on one surface."""
    told = list(effects)
    labels = {one.label for one in told}
    bare = {one.effect for one in told}
    verdicts = {
        "R": "rejected" in labels,
        "D": "dropped" in labels,
        "X": {"rejected", "misread"} <= bare,
        "M": "misread" in labels,
        "r": "rejected" in bare,
        "l": "lossy" in bare,
        "d": "dropped" in bare,
        "B": any("undecoded bytes" in one.condition for one in told),
    }
    return next((letter for letter, holds in verdicts.items() if holds), "=")


@pytest.mark.parametrize("row", TYPES)
def test_a_row_of_types_has_the_letters_of_the_tables(row: str, tmp_path: Path) -> None:
    """The fixture has a field for each column; its old side has the type of the row in all of them."""
    texts = [(SEMANTICS / "types" / f"{name}.proto").read_text() for name in (row, "columns")]
    effects = told(texts[0], texts[1], tmp_path)
    columns = re.findall(r"(\w+) = \d+.*;", texts[1].partition("}")[0])
    for surface in ("wire", "json"):
        for column, field in zip(TYPES, columns, strict=True):
            of_field = [
                one for one in effects if one.element.endswith(f".{field}") and one.surface == surface
            ]
            for direction, cell in zip(DIRECTIONS, ((row, column), (column, row)), strict=True):
                found = letter(one for one in of_field if one.direction == direction)
                expected, _ = OTHERWISE.get((surface, cell), (TABLES[surface][cell], ""))
                assert (surface, cell, found) == (surface, cell, expected)


def test_the_tables_are_whole_and_the_exceptions_differ_from_them() -> None:
    assert len(TYPES) == 20
    assert {path.stem for path in (SEMANTICS / "types").iterdir()} == {*TYPES, "columns"}
    assert all(len(table) == 400 for table in TABLES.values())
    assert all(TABLES[surface][cell] != letter for (surface, cell), (letter, _) in OTHERWISE.items())


def rows() -> Iterator[Row]:
    for line in (SEMANTICS / "rows.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and "/" in cells[1]:
            yield Row(cells[1], dict(zip(SURFACES, cells[2:], strict=True)))


ROWS = tuple(rows())


def shown(effects: Iterable[Told]) -> str:
    """A cell: the effects on what was written, in both directions."""
    labels: dict[str, set[str]] = {direction: set() for direction in DIRECTIONS}
    for one in effects:
        if one.effect != "absent":
            labels[one.direction].add(one.label)
    sides = [", ".join(sorted(found)) or "safe" for found in labels.values()]
    return "" if sides == ["safe", "safe"] else " / ".join(sides)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fixture)
def test_a_change_has_the_effects_of_its_row(row: Row, tmp_path: Path) -> None:
    own = SEMANTICS / row.fixture / "compatcheck.toml"
    config = STRICT + (own.read_text() if own.exists() else "")
    effects = told(*sides(SEMANTICS / row.fixture), tmp_path, config)
    found = {surface: shown(one for one in effects if one.surface == surface) for surface in SURFACES}
    assert found == row.cells
    for (fixture, surface, direction), condition in ONLY.items():
        if fixture == row.fixture:
            of_cell = [one for one in effects if (one.surface, one.direction) == (surface, direction)]
            assert {one.condition for one in of_cell} == {condition}


def test_every_row_has_a_fixture_and_every_fixture_a_row() -> None:
    folders = {path.parent for path in SEMANTICS.rglob("old.proto")}
    folders |= {path.parent for path in SEMANTICS.rglob("old") if path.is_dir()}
    found = sorted(folder.relative_to(SEMANTICS).as_posix() for folder in folders)
    assert found == sorted(row.fixture for row in ROWS)
    assert {fixture for fixture, _, _ in ONLY} <= set(found)


def test_a_field_that_the_writer_lacks_is_absent_besides(tmp_path: Path) -> None:
    for change, direction in (("field-added", "backward"), ("field-deleted", "forward")):
        effects = told(*sides(SEMANTICS / "curated" / change), tmp_path)
        absent = {(one.surface, one.direction) for one in effects if one.effect == "absent"}
        assert absent == {("wire", direction), ("json", direction)}


def test_dropped_is_a_break(tmp_path: Path) -> None:
    texts = [(SEMANTICS / "types" / f"{name}.proto").read_text() for name in ("str", "columns")]
    effects = told(texts[0], texts[1], tmp_path, 'preset = "wire"\n')
    dropped = [one for one in effects if (one.surface, one.effect) == ("wire", "dropped")]
    assert len({one.element for one in dropped}) == 16
    assert {one.severity for one in dropped} == {"error"}


@pytest.mark.parametrize(
    ("fixture", "breaks"),
    [
        ("calls/request-cannot-be-parsed", "old-client/new-server"),
        ("calls/response-cannot-be-parsed", "new-client/old-server"),
    ],
)
def test_who_breaks_follows_from_which_message_fails_to_parse(
    fixture: str, breaks: str, tmp_path: Path
) -> None:
    (finding,) = findings(*sides(SEMANTICS / fixture), tmp_path)
    (method,) = cast("list[dict[str, Json]]", finding["methods"])
    assert method["breaks"] == [breaks]
