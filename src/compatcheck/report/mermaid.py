"""Drawings as Mermaid flowcharts: https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from compatcheck.report.drawing import COLORS, Arrow, Box, Drawing

_MOST_ARROWS = 500
"""More, Mermaid draws only if its `maxEdges` says so."""
_MEANT = re.compile(r"[^\w ./,()-]|^[-]|(?<=\d)\.(?= )|\b_|_\b")
"""Signs that mean something to Mermaid, HTML or Markdown where they stand; a name such as `a_b` has none."""


def render_mermaid(drawing: Drawing) -> str:
    """A flowchart, read from left to right."""
    lines = ["flowchart LR", *(f"  {_box(box)}" for box in drawing.boxes)]
    if len(drawing.arrows) > _MOST_ARROWS:
        lines.insert(1, f"  %% {len(drawing.arrows)} arrows: set maxEdges, or ask for fewer services")
    for frame in drawing.frames:
        lines += [f'  subgraph {frame.id}["{_escaped(frame.title)}"]']
        lines += [*(f"    {_box(box)}" for box in frame.boxes), "  end"]
    lines += [f"  {_arrow(arrow)}" for arrow in drawing.arrows]
    lines += _colors(drawing.arrows)
    return "\n".join(lines) + "\n"


def _box(box: Box) -> str:
    return f'{box.id}["{_label(box.lines)}"]'


def _arrow(arrow: Arrow) -> str:
    line = "-.->" if arrow.dashed else "-->"
    label = f'|"{_label(arrow.lines)}"|' if arrow.lines else ""
    return f"{arrow.tail} {line}{label} {arrow.head}"


def _colors(arrows: Sequence[Arrow]) -> Iterator[str]:
    """A line for each colour with the numbers of its arrows."""
    for verdict, color in COLORS.items():
        numbers = [str(number) for number, arrow in enumerate(arrows) if arrow.verdict is verdict]
        if numbers:
            yield f"  linkStyle {','.join(numbers)} stroke:{color},color:{color}"


def _label(lines: Sequence[str]) -> str:
    return "<br/>".join(map(_escaped, lines))


def _escaped(text: str) -> str:
    """Text with a character code for each sign that could mean something."""
    return _MEANT.sub(lambda found: f"#{ord(found[0])};", text)
