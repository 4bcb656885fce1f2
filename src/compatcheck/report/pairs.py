"""Which versions can talk, as text: a grid for each client and provider, and the reasons below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from compatcheck.report.reasons import STYLES, cautions, why
from compatcheck.report.terminal import Paint, Style, clean, columns, paint
from compatcheck.report.words import plural, some_of
from compatcheck.rollout.order import StepOrder
from compatcheck.rollout.pairs import Judgement, Verdict
from compatcheck.usecases.rollouts import Matrix, Pair, Pairs, Step

_LEGEND = "ok safe   x mismatch   ? unknown   (rows call columns; the numbers lead to the reasons)"
_SIGNS = {Verdict.SAFE: "ok", Verdict.MISMATCH: "x", Verdict.UNKNOWN: "?"}
_CAUTIONS_SHOWN = 4
_GROUPS_SHOWN = 4
_LONG = 8
"""With more versions than this, neighbours with the same verdicts share a line of the grid."""


def render_pairs(answer: Pairs, *, color: bool = False, width: int = 100) -> str:
    """The whole answer, ending in a line that counts the verdicts."""
    style = paint(color)
    numbers = _numbered(answer)
    lines: list[str] = []
    for matrix in answer.matrices:
        lines += [*_matrix(matrix, numbers, style, width), ""]
    lines += [f"{style('unknown', Style.WARNING)}: {clean(gap.datum)}" for gap in answer.gaps]
    if answer.pairs:
        lines += [style(_LEGEND, Style.FAINT)]
    lines += [_counts(answer.pairs)]
    return "\n".join(lines) + "\n"


def _counts(pairs: Sequence[Pair]) -> str:
    """`12 pairs: 9 safe, 2 mismatch, 1 unknown`."""
    found = Counter(pair.judgement.verdict for pair in pairs)
    parts = ", ".join(f"{found[verdict]} {verdict.value}" for verdict in Verdict if found[verdict])
    return f"{plural(len(pairs), 'pair')}{f': {parts}' if parts else ''}"


def _numbered(answer: Pairs) -> dict[tuple[str, str, Judgement], int]:
    """A number for each different reason, in the order in which the grids show them."""
    keys = (_key(pair) for pair in answer.pairs if pair.judgement.verdict is not Verdict.SAFE)
    return {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}


def _key(pair: Pair) -> tuple[str, str, Judgement]:
    return (pair.client, pair.provider, pair.judgement)


def _matrix(
    matrix: Matrix, numbers: dict[tuple[str, str, Judgement], int], style: Paint, width: int
) -> Iterator[str]:
    edge = matrix.edge
    title = style(f"{clean(edge.client)} -> {clean(edge.provider)}", Style.STRONG)
    yield f"{title}  {style(some_of(edge.calls), Style.FAINT)}"
    if not matrix.pairs:
        yield "  no versions to compare"
        return
    yield from _grid(matrix, numbers, style, width)
    for number, pairs in _groups(matrix, numbers).items():
        pair = pairs[0]
        sign = f"{_SIGNS[pair.judgement.verdict]}{number}"
        yield f"  {style(sign, STYLES[pair.judgement.verdict])} {_who(pairs, matrix)}"
        yield from (f"     {line}" for line in why(pair.judgement, pair.client, pair.provider))
    yield from _cautions(matrix, style)
    if matrix.step is not None:
        yield from (f"  {line}" for line in _step_lines(matrix, matrix.step, style))


def _grid(
    matrix: Matrix, numbers: dict[tuple[str, str, Judgement], int], style: Paint, width: int
) -> Iterator[str]:
    """The rows; with more columns than fit, several grids, one below the other."""
    wide = len(matrix.provider_versions)
    cells = [matrix.pairs[start : start + wide] for start in range(0, len(matrix.pairs), wide)]
    marks = [
        [f"{_SIGNS[pair.judgement.verdict]}{numbers.get(_key(pair), '')}" for pair in row] for row in cells
    ]
    rows = _runs([tuple(row) for row in marks])
    shown = _runs(list(zip(*marks, strict=True)))
    names = [f"{clean(matrix.edge.client)} {_span(matrix.client_versions, run)}" for run in rows]
    heads = [_span(matrix.provider_versions, run) for run in shown]
    left = max(columns(name) for name in names)
    cell = max(4, *(columns(head) for head in heads)) + 2
    fitting = max(1, (width - left - 2) // cell)
    for start in range(0, len(heads), fitting):
        part = range(start, min(start + fitting, len(heads)))
        yield f"  {' ' * left}{''.join(_right(heads[index], cell) for index in part)}"
        for run, name in zip(rows, names, strict=True):
            at = [(run.start, shown[index].start) for index in part]
            line = "".join(_mark(marks[row][column], cells[row][column], style, cell) for row, column in at)
            yield f"  {name}{' ' * (left - columns(name))}{line}"


def _runs(lines: Sequence[tuple[str, ...]]) -> list[range]:
    """The lines as runs of neighbours that are the same; few lines stay one by one."""
    runs: list[range] = []
    for index, line in enumerate(lines):
        if len(lines) > _LONG and runs and lines[runs[-1].start] == line:
            runs[-1] = range(runs[-1].start, index + 1)
        else:
            runs.append(range(index, index + 1))
    return runs


def _span(versions: Sequence[str], run: range) -> str:
    """`1.0`, or `1.0 .. 1.9` for a run of several."""
    first, last = versions[run.start], versions[run.stop - 1]
    return clean(first if len(run) == 1 else f"{first} .. {last}")


def _mark(text: str, pair: Pair, style: Paint, cell: int) -> str:
    return f"{' ' * (cell - len(text))}{style(text, STYLES[pair.judgement.verdict])}"


def _right(text: str, cell: int) -> str:
    return " " * (cell - columns(text)) + text


def _groups(matrix: Matrix, numbers: dict[tuple[str, str, Judgement], int]) -> dict[int, list[Pair]]:
    groups: dict[int, list[Pair]] = {}
    for pair in matrix.pairs:
        number = numbers.get(_key(pair))
        if number is not None:
            groups.setdefault(number, []).append(pair)
    return groups


def _who(pairs: Sequence[Pair], matrix: Matrix) -> str:
    """`checkout 1.0, 1.1 with payment 2.0; checkout 2.0 with payment 1.0`."""
    partners: dict[str, list[str]] = {}
    for pair in pairs:
        partners.setdefault(pair.client_version, []).append(pair.provider_version)
    together: dict[tuple[str, ...], list[str]] = {}
    for version, others in partners.items():
        together.setdefault(tuple(others), []).append(version)
    client, provider = pairs[0].client, pairs[0].provider
    shown = [
        f"{client} {_versions(versions, matrix.client_versions)} "
        f"with {provider} {_versions(others, matrix.provider_versions)}"
        for others, versions in together.items()
    ]
    rest = len(shown) - _GROUPS_SHOWN
    more = f"; and {plural(rest, 'more group')}" if rest > 0 else ""
    return clean("; ".join(shown[:_GROUPS_SHOWN])) + more


def _versions(some: Sequence[str], every: Sequence[str]) -> str:
    """`1.0, 1.1`; of more than three that follow each other in history the first and the last."""
    places = sorted(every.index(one) for one in some)
    runs: list[range] = []
    for place in places:
        if runs and runs[-1].stop == place:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return ", ".join(
        _span(every, run) if len(run) > 3 else ", ".join(every[place] for place in run) for run in runs
    )


def _cautions(matrix: Matrix, style: Paint) -> Iterator[str]:
    """What is milder than a mismatch, in pairs that are safe."""
    found: dict[str, list[Pair]] = {}
    for pair in matrix.pairs:
        if pair.judgement.verdict is Verdict.SAFE:
            for line in cautions(pair.judgement, pair.client, pair.provider):
                found.setdefault(line, []).append(pair)
    for line, pairs in list(found.items())[:_CAUTIONS_SHOWN]:
        yield f"  {style('note', Style.NOTE)} {_who(pairs, matrix)}"
        yield f"     {line}"
    if len(found) > _CAUTIONS_SHOWN:
        more = plural(len(found) - _CAUTIONS_SHOWN, "more note")
        yield f"  {more} (--format json has all)"


def _step_lines(matrix: Matrix, step: Step, style: Paint) -> Iterator[str]:
    """The order of the latest step, if it matters."""
    client, provider = clean(matrix.edge.client), clean(matrix.edge.provider)
    orders = {
        StepOrder.PROVIDER_FIRST: f"{provider} first",
        StepOrder.CLIENT_FIRST: f"{client} first",
        StepOrder.NONE: "no order is safe; switch both at once, or split the change",
    }
    if step.order in orders:
        moves = [
            f"{name} {clean(old)} to {clean(new)}"
            for name, (old, new) in ((client, step.client), (provider, step.provider))
            if old != new
        ]
        yield f"{style('order', Style.STRONG)} {' and '.join(moves)}: {orders[step.order]}"
