"""A line of source with carets under a span of it, cut to a width."""

from __future__ import annotations

from compatcheck.report.terminal import clean, columns

TAB = 4
ELLIPSIS = "..."


def frame(source: str, column: int, end_column: int | None, room: int) -> tuple[str, str]:
    """The line and the carets below it, each at most `room` columns wide as a terminal shows them.

    `column` and `end_column` count code points from 1, the end exclusive; without an end the carets go on
    to the end of the line. Of a line that is too long, the part around the span is shown.
    """
    # A line may be a megabyte long: what is looked at is bounded by the room, not by the line.
    source = source[: column + 4 * room].rstrip()
    start = min(column - 1, len(source))
    stop = len(source) if end_column is None else min(max(end_column - 1, start + 1), len(source))
    skipped = max(start - 2 * room, 0)
    cells = _cells(source[skipped:])
    start, stop = start - skipped, stop - skipped

    head, left = "", 0
    if skipped or _width(cells[:stop]) > room - len(ELLIPSIS):
        left = _back_from(cells, start, room // 3)
        head = ELLIPSIS if skipped + left else ""
    tail, right = "", len(cells)
    if len(head) + _width(cells[left:]) > room:
        tail = ELLIPSIS
        right = _forth_from(cells, left, room - len(head) - len(tail))
    code = head + "".join(cells[left:right]) + tail
    offset = len(head) + _width(cells[left:start])
    carets = max(_width(cells[start : min(stop, right)]), 1)
    return code, " " * offset + "^" * carets


def _cells(source: str) -> list[str]:
    """What is shown for each code point: itself, made harmless, or the spaces of a tab."""
    cells: list[str] = []
    at = 0
    for char in source:
        cell = " " * (TAB - at % TAB) if char == "\t" else clean(char)
        cells.append(cell)
        at += columns(cell)
    return cells


def _width(cells: list[str]) -> int:
    return columns("".join(cells))


def _back_from(cells: list[str], start: int, room: int) -> int:
    """The first cell to show, so that those up to `start` take no more than `room` columns."""
    left = start
    while left and _width(cells[left - 1 : start]) <= room:
        left -= 1
    return left


def _forth_from(cells: list[str], left: int, room: int) -> int:
    """Behind the last cell to show, so that those from `left` on take no more than `room` columns."""
    right = left
    while right < len(cells) and _width(cells[left : right + 1]) <= room:
        right += 1
    return right
