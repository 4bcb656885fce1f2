"""Which versions can talk, as text: a grid for each client and provider, and the reasons below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from compatcheck.report.pair_text import (
    alike,
    document,
    edge_name,
    gaps_text,
    indented,
    reasons,
    span,
    who,
)
from compatcheck.report.reasons import STYLES, cautions
from compatcheck.report.terminal import Paint, Style, clean, columns, cut, paint
from compatcheck.report.words import plural, some_of
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.order import StepOrder
from compatcheck.rollout.pairs import Judgement, Pair, Verdict
from compatcheck.usecases.rollouts import Matrix, Pairs, Step

_LEGEND = "ok safe   x mismatch   ? unknown   . no call   (rows call columns)"
_SIGNS = {Verdict.SAFE: "ok", Verdict.MISMATCH: "x", Verdict.UNKNOWN: "?"}
_NO_CALL = "."
_CAUTIONS_SHOWN = 4
_DOUBTS_SHOWN = 3
_REASONS_SHOWN = 12
_GRIDS_SHOWN = 40
"""Of more edges, those that are not safe come first, and the rest is counted."""
_LONG = 8
"""With more versions than this, neighbours with the same verdicts share a line of the grid."""
_WIDEST = 40

Numbers = Mapping[tuple[Edge, Judgement], int]


def render_pairs(answer: Pairs, *, color: bool = False, width: int = 100) -> str:
    """The whole answer; its first line counts the verdicts."""
    style = paint(color)
    shown = _shown(answer.matrices)
    numbers = _numbered(shown)
    lines = [_counts(answer), *gaps_text([gap.datum for gap in answer.gaps], style, width)]
    lines += [line for notice in answer.notices for line in indented(clean(notice), width, "")]
    for matrix in shown:
        lines += ["", *_matrix(matrix, numbers, style, width)]
    if len(shown) < len(answer.matrices):
        lines += ["", *_left_out(answer.matrices, shown)]
    if any(matrix.cells for matrix in shown):
        lines += ["", style(_LEGEND, Style.FAINT)]
    return document(lines)


def _shown(matrices: Sequence[Matrix]) -> list[Matrix]:
    if len(matrices) <= _GRIDS_SHOWN:
        return list(matrices)
    kept = {
        id(one)
        for one in sorted(matrices, key=lambda one: set(_verdicts(one)) <= {Verdict.SAFE})[:_GRIDS_SHOWN]
    }
    return [one for one in matrices if id(one) in kept]


def _left_out(matrices: Sequence[Matrix], shown: Sequence[Matrix]) -> Iterator[str]:
    kept = {id(one) for one in shown}
    rest = [one for one in matrices if id(one) not in kept]
    bad = sum(not set(_verdicts(one)) <= {Verdict.SAFE} for one in rest)
    yield (
        f"{plural(len(rest), 'more edge')} ({bad} not safe) not shown: "
        "--client and --provider narrow it down, --format json has all"
    )


def _verdicts(matrix: Matrix) -> Iterator[Verdict]:
    return (cell.verdict for row in matrix.cells for cell in row)


def _counts(answer: Pairs) -> str:
    """`12 pairs of versions: 9 safe, 2 mismatch, 1 unknown`."""
    found: Counter[Verdict] = Counter()
    for matrix in answer.matrices:
        found.update(_verdicts(matrix))
    parts = ", ".join(f"{found[verdict]} {verdict.value}" for verdict in Verdict if found[verdict])
    total = plural(found.total(), "pair")
    return f"{total} of versions: {parts}" if parts else "no pair of versions to judge: not known"


def _numbered(matrices: Sequence[Matrix]) -> Numbers:
    """A number for each different reason, in the order in which the grids show them."""
    keys = (
        (matrix.edge, cell)
        for matrix in matrices
        for row in matrix.cells
        for cell in row
        if cell.verdict is not Verdict.SAFE
    )
    return {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}


def _matrix(matrix: Matrix, numbers: Numbers, style: Paint, width: int) -> Iterator[str]:
    called = list(dict.fromkeys(call.name for calls in matrix.calls.values() for call in calls))
    title = edge_name(matrix.edge)
    names = cut(clean(some_of(called)), max(width - columns(title) - 2, _WIDEST))
    yield f"{style(title, Style.STRONG)}  {style(names, Style.FAINT)}".rstrip()
    if not any(matrix.cells):
        yield "  no versions to compare"
        return
    yield from _grid(matrix, numbers, style, width)
    groups = alike(pair for pair in matrix.pairs if pair.judgement.verdict is not Verdict.SAFE)
    for pairs in groups[:_REASONS_SHOWN]:
        verdict = pairs[0].judgement.verdict
        sign = f"{_SIGNS[verdict]}{numbers[matrix.edge, pairs[0].judgement]}"
        first, *rest = indented(_who(pairs, matrix), width - len(sign) - 1, "  ")
        yield f"  {style(sign, STYLES[verdict])} {first.lstrip()}"
        yield from (f"   {line}" for line in rest)
        yield from reasons(pairs[0], width)
    if len(groups) > _REASONS_SHOWN:
        yield f"  {plural(len(groups) - _REASONS_SHOWN, 'more reason')} (--format json has all)"
    yield from _doubts(matrix, style, width)
    yield from _cautions(matrix, style, width)
    if matrix.step is not None:
        yield from _step_lines(matrix, matrix.step, style, width)


def _grid(matrix: Matrix, numbers: Numbers, style: Paint, width: int) -> Iterator[str]:
    """The rows; with more columns than fit, several grids, one below the other."""
    marks = [
        tuple(_mark(matrix, client, cell, numbers) for cell in row)
        for client, row in zip(matrix.client_versions, matrix.cells, strict=True)
    ]
    rows = _runs(marks)
    ends = ["gone" if one in matrix.gone else "" for one in matrix.provider_versions]
    shown = _runs([(*column, end) for column, end in zip(zip(*marks, strict=True), ends, strict=True)])
    client = clean(matrix.edge.client)
    names = [cut(f"{client} {span(matrix.client_versions, run)}", _WIDEST) for run in rows]
    heads = [_head(matrix, run) for run in shown]
    left = max(columns(name) for name in names)
    room = max(4, *(columns(head) for head in heads)) + 2
    fitting = max(1, (width - left - 2) // room)
    for start in range(0, len(heads), fitting):
        part = range(start, min(start + fitting, len(heads)))
        yield f"  {' ' * left}{''.join(_right(heads[index], room) for index in part)}"
        for run, name in zip(rows, names, strict=True):
            at = [shown[index].start for index in part]
            line = "".join(
                _cell(marks[run.start][column], matrix.cells[run.start][column], style, room) for column in at
            )
            yield f"  {name}{' ' * (left - columns(name))}{line}"


def _head(matrix: Matrix, run: range) -> str:
    """`1.0`, `1.0 .. 1.9`, `2.0 gone`."""
    name = cut(span(matrix.provider_versions, run), _WIDEST)
    return f"{name} gone" if set(matrix.provider_versions[run.start : run.stop]) <= set(matrix.gone) else name


def _mark(matrix: Matrix, client: str, cell: Judgement, numbers: Numbers) -> str:
    if cell.verdict is Verdict.SAFE and not matrix.calls.get(client):
        return _NO_CALL
    return f"{_SIGNS[cell.verdict]}{numbers.get((matrix.edge, cell), '')}"


def _runs(lines: Sequence[tuple[str, ...]]) -> list[range]:
    """The lines as runs of neighbours that are the same; few lines stay one by one."""
    runs: list[range] = []
    for index, line in enumerate(lines):
        if len(lines) > _LONG and runs and lines[runs[-1].start] == line:
            runs[-1] = range(runs[-1].start, index + 1)
        else:
            runs.append(range(index, index + 1))
    return runs


def _cell(text: str, cell: Judgement, style: Paint, room: int) -> str:
    look = Style.FAINT if text == _NO_CALL else STYLES[cell.verdict]
    return f"{' ' * (room - len(text))}{style(text, look)}"


def _right(text: str, room: int) -> str:
    return " " * (room - columns(text)) + text


def _who(pairs: Sequence[Pair], matrix: Matrix) -> str:
    return who(pairs, matrix.client_versions, matrix.provider_versions)


def _doubts(matrix: Matrix, style: Paint, width: int) -> Iterator[str]:
    """What is not known of the calls and makes no verdict unknown; that of the newest versions first."""
    newest = reversed(matrix.client_versions)
    told = {"", *(one.datum for row in matrix.cells for cell in row for one in cell.missing)}
    calls = (call for version in newest for call in matrix.calls.get(version, ()))
    doubts = dict.fromkeys(call.doubt for call in calls if call.doubt not in told)
    for doubt in list(doubts)[:_DOUBTS_SHOWN]:
        first, *rest = indented(clean(doubt), width - 7, "     ")
        yield f"  {style('doubt', Style.WARNING)} {first.lstrip()}"
        yield from rest
    if len(doubts) > _DOUBTS_SHOWN:
        yield f"  {plural(len(doubts) - _DOUBTS_SHOWN, 'more doubt')} (--format json has all)"


def _cautions(matrix: Matrix, style: Paint, width: int) -> Iterator[str]:
    """What is milder than a mismatch, in pairs that are safe."""
    found: dict[str, list[Pair]] = {}
    for pairs in alike(pair for pair in matrix.pairs if pair.judgement.verdict is Verdict.SAFE):
        for line in cautions(pairs[0]):
            found.setdefault(line, []).extend(pairs)
    together: dict[str, list[str]] = {}
    for line, pairs in list(found.items())[:_CAUTIONS_SHOWN]:
        together.setdefault(_who(pairs, matrix), []).append(line)
    for whose, lines in together.items():
        first, *rest = indented(whose, width - 5, "  ")
        yield f"  {style('note', Style.NOTE)} {first.lstrip()}"
        yield from (f"   {one}" for one in rest)
        for line in lines:
            yield from indented(line, width, "     ")
    if len(found) > _CAUTIONS_SHOWN:
        more = plural(len(found) - _CAUTIONS_SHOWN, "more note")
        yield f"  {more} (--format json has all)"


def _step_lines(matrix: Matrix, step: Step, style: Paint, width: int) -> Iterator[str]:
    """The order of the latest step, if it matters."""
    client, provider = clean(matrix.edge.client), clean(matrix.edge.provider)
    # What is stored stays, however many switch at once.
    switch = "" if matrix.edge.channel else "switch both at once, or "
    orders = {
        StepOrder.PROVIDER_FIRST: f"{provider} first",
        StepOrder.CLIENT_FIRST: f"{client} first",
        StepOrder.NONE: f"no order is safe; {switch}split the change",
    }
    if step.order in orders:
        moves = [
            f"{name} {clean(old)} to {clean(new)}"
            for name, (old, new) in ((client, step.client), (provider, step.provider))
            if old != new
        ]
        first, *rest = indented(f"{' and '.join(moves)}: {orders[step.order]}", width - 8, "  ")
        yield f"  {style('order', Style.STRONG)} {first.lstrip()}"
        yield from rest
