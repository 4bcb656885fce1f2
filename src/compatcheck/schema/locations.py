"""Turns protoc's source positions into lines and columns as editors show them."""

from __future__ import annotations

from dataclasses import dataclass

from compatcheck.schema.model import Place

_TAB = 8


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A span of a source file: lines and columns from 1, columns in code points, the end exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


def locate(place: Place, *details: int) -> Location | None:
    """Where an element stands; with `details` the first of these parts of it (field numbers of its descriptor).

    None if the schema came without source positions.
    """
    spans = place.file.spans
    span = next((spans[(*place.steps, one)] for one in details if (*place.steps, one) in spans), None)
    span = span or spans.get(place.steps)
    if span is None:
        return None
    start_line, start_column = span[0], span[1]
    end_line, end_column = (span[2], span[3]) if len(span) == 4 else (start_line, span[2])
    return Location(
        place.file.path,
        start_line + 1,
        _code_points(_line(place, start_line), start_column) + 1,
        end_line + 1,
        _code_points(_line(place, end_line), end_column) + 1,
    )


def source_line(place: Place, line: int) -> str:
    """The text of a line (counted from 1), without its line break; empty if there is no text."""
    return _line(place, line - 1).decode("utf-8", "replace")


def _line(place: Place, index: int) -> bytes:
    lines = (place.file.text or b"").split(b"\n", index + 1)
    return lines[index].rstrip(b"\r") if index < len(lines) else b""


def _code_points(line: bytes, column: int) -> int:
    """Protoc counts bytes, and a tab as the step to the next multiple of eight."""
    # The bytes before the first tab count as one each: a line can be as long as a file.
    tab = line.find(b"\t", 0, column)
    position = offset = min(column, len(line)) if tab < 0 else tab
    while position < column and offset < len(line):
        position += _TAB - position % _TAB if line[offset] == ord("\t") else 1
        offset += 1
    if not line:
        return column
    return len(line[:offset].decode("utf-8", "replace"))
