"""Drawings as Graphviz DOT: https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.report.drawing import COLORS, Arrow, Box, Drawing


def render_dot(drawing: Drawing) -> str:
    """A digraph, read from left to right."""
    first = {frame.id: frame.boxes[0].id for frame in drawing.frames if frame.boxes}
    lines = [
        "digraph compatcheck {",
        "  rankdir=LR; compound=true;",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
        '  edge [fontname="sans-serif", fontsize=10];',
        *(f"  {_box(box)}" for box in drawing.boxes),
    ]
    for frame in drawing.frames:
        lines += [f"  subgraph cluster_{frame.id} {{", f"    label={_quoted([frame.title])};"]
        lines += [*(f"    {_box(box)}" for box in frame.boxes), "  }"]
    lines += [f"  {_arrow(arrow, first)}" for arrow in drawing.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _box(box: Box) -> str:
    return f"{box.id} [label={_quoted(box.lines)}];"


def _arrow(arrow: Arrow, first: dict[str, str]) -> str:
    """An arrow between frames goes between boxes in them and is clipped at their borders."""
    tail, head = first.get(arrow.tail, arrow.tail), first.get(arrow.head, arrow.head)
    return f"{tail} -> {head}{_attributes(list(_looks(arrow, first)))};"


def _looks(arrow: Arrow, first: dict[str, str]) -> Iterator[str]:
    if arrow.lines:
        yield f"label={_quoted(arrow.lines)}"
    if arrow.verdict is not None:
        yield f"color={COLORS[arrow.verdict]}, fontcolor={COLORS[arrow.verdict]}"
    if arrow.dashed:
        yield "style=dashed"
    if arrow.tail in first:
        yield f"ltail=cluster_{arrow.tail}"
    if arrow.head in first:
        yield f"lhead=cluster_{arrow.head}"


def _attributes(found: Sequence[str]) -> str:
    return f" [{', '.join(found)}]" if found else ""


def _quoted(lines: Sequence[str]) -> str:
    r"""Text as a quoted label. `\n` breaks lines; other backslashes, and entities such as `&lt;`, mean themselves.

    A `#` is an entity, for `##[` is a command to GitHub's runner.
    """
    safe = (
        line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;").replace("#", "&#35;")
        for line in lines
    )
    return '"' + "\\n".join(safe) + '"'
