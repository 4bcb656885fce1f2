"""Pairs of versions in text: their names, lists of them, and many with one reason said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from compatcheck.config.model import Deployed
from compatcheck.report.finding_text import wrapped
from compatcheck.report.reasons import STYLES, cautions, why
from compatcheck.report.terminal import Paint, Style, clean, columns
from compatcheck.report.words import plural
from compatcheck.rollout.edges import Edge
from compatcheck.rollout.pairs import Judgement, Pair, Verdict
from compatcheck.usecases.environments import COMMAND_LINE

_CAUTIONS_SHOWN = 2
_GROUPS_SHOWN = 4
_PAIRS_SHOWN = 40


def document(lines: Iterable[str]) -> str:
    """Lines as a text that holds no command of a CI system: GitHub's runner looks for `::` behind spaces and for
    `##[` anywhere in a line, and a service may have such a name."""
    return "\n".join(map(_no_command, lines)) + "\n"


def _no_command(line: str) -> str:
    line = line.replace("##[", "## [")
    return f"| {line}" if line.lstrip().startswith("::") else line


def indented(text: str, width: int, indent: str) -> Iterator[str]:
    """Clean text in lines of at most `width` columns; a piece that is longer, such as a path, stays whole."""
    return (f"{indent}{line}" for line in wrapped(text, width - len(indent)) or [""])


def environment_name(environment: str, before: str = "") -> str:
    """The name with ` to ` or the like before it; nothing for what was said on the command line."""
    return f"{before}{clean(environment)}" if environment not in ("", COMMAND_LINE) else ""


def edge_name(edge: Edge) -> str:
    """`checkout -> cart`, `checkout -> accounting (channel orders)`."""
    channel = f" (channel {edge.channel})" if edge.channel else ""
    return clean(f"{edge.client} -> {edge.provider}{channel}")


def pair_name(pair: Pair) -> str:
    """`checkout 1.0 -> cart 1.1`."""
    edge = pair.edge
    channel = f" (channel {edge.channel})" if edge.channel else ""
    return clean(f"{edge.client} {pair.client_version} -> {edge.provider} {pair.provider_version}{channel}")


def listed(pairs: Sequence[Pair], style: Paint, width: int, shown: int = _PAIRS_SHOWN) -> Iterator[str]:
    """A line for each pair with its verdict, and its reasons below it; those that are not safe come first."""
    order = (Verdict.MISMATCH, Verdict.UNKNOWN, Verdict.SAFE)
    found = sorted(pairs, key=lambda one: order.index(one.judgement.verdict))[:shown]
    names = [pair_name(one) for one in found]
    wide = max(map(columns, names), default=0)
    told: dict[tuple[Edge, Judgement], str] = {}
    for pair, name in zip(found, names, strict=True):
        verdict = pair.judgement.verdict
        yield f"  {name}{' ' * (wide - columns(name))}  {style(verdict.value, STYLES[verdict])}"
        before = told.setdefault((pair.edge, pair.judgement), name)
        if verdict is not Verdict.SAFE:
            yield from reasons(pair, width) if before == name else [f"     for the same reasons as {before}"]
            continue
        notes = list(cautions(pair))
        for note in notes[:_CAUTIONS_SHOWN]:
            yield from indented(f"note: {note}", width, "     ")
        if len(notes) > _CAUTIONS_SHOWN:
            yield f"     {plural(len(notes) - _CAUTIONS_SHOWN, 'more note')} (--format json has all)"
    if len(pairs) > shown:
        yield f"  {plural(len(pairs) - shown, 'more pair')} (--format json has all)"


def reasons(pair: Pair, width: int, indent: str = "     ") -> Iterator[str]:
    """Why a pair is not safe."""
    for line in why(pair):
        yield from indented(line, width, indent)


def alike(pairs: Iterable[Pair]) -> list[list[Pair]]:
    """The pairs in groups that have the same edge and judgement."""
    groups: dict[tuple[Edge, Judgement], list[Pair]] = {}
    for pair in pairs:
        groups.setdefault((pair.edge, pair.judgement), []).append(pair)
    return list(groups.values())


def who(pairs: Sequence[Pair], client_versions: Sequence[str], provider_versions: Sequence[str]) -> str:
    """`checkout 1.0, 1.1 with payment 2.0; checkout 2.0 with payment 1.0`, for pairs of one edge.

    The versions are all of them in the order of history.
    """
    partners: dict[str, list[str]] = {}
    for pair in pairs:
        partners.setdefault(pair.client_version, []).append(pair.provider_version)
    together: dict[tuple[str, ...], list[str]] = {}
    for version, others in partners.items():
        together.setdefault(tuple(others), []).append(version)
    edge = pairs[0].edge
    shown = [
        f"{edge.client} {some_versions(versions, client_versions)} "
        f"with {edge.provider} {some_versions(others, provider_versions)}"
        for others, versions in list(together.items())[:_GROUPS_SHOWN]
    ]
    rest = len(together) - _GROUPS_SHOWN
    more = f"; and {plural(rest, 'more group')}" if rest > 0 else ""
    return clean("; ".join(shown)) + more


def some_versions(some: Sequence[str], every: Sequence[str]) -> str:
    """`1.0, 1.1`; of more than three that follow each other in history the first and the last."""
    at = {version: number for number, version in enumerate(every)}
    places = sorted({at[one] for one in some if one in at})
    runs: list[range] = []
    for number in places:
        if runs and runs[-1].stop == number:
            runs[-1] = range(runs[-1].start, number + 1)
        else:
            runs.append(range(number, number + 1))
    parts = [span(every, run) if len(run) > 3 else ", ".join(every[one] for one in run) for run in runs]
    return clean(", ".join((*parts, *(one for one in some if one not in at))))


def span(versions: Sequence[str], run: range) -> str:
    """`1.0`, or `1.0 .. 1.9` for a run of several."""
    first, last = versions[run.start], versions[run.stop - 1]
    return clean(first if len(run) == 1 else f"{first} .. {last}")


def deployed(one: Deployed) -> str:
    """`1.0`, `1.1 canary 10%`."""
    phase = "" if one.phase == "stable" else f" {one.phase}"
    share = "" if one.share is None else f" {one.share * 100:g}%"
    return clean(f"{one.version}{phase}{share}")


def aligned(rows: Sequence[Sequence[str]], indent: str = "  ") -> Iterator[str]:
    """Columns of clean text, two spaces apart, each as wide as its widest cell; the last is left open."""
    wide = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell}{' ' * (room - columns(cell))}" for cell, room in zip(row, wide, strict=True))
        yield f"{indent}{'  '.join(cells)}".rstrip()


def gaps_text(gaps: Sequence[str], style: Paint, width: int) -> Iterator[str]:
    """What is not known of a question as a whole."""
    for datum in gaps:
        first, *rest = wrapped(clean(datum), width - 9) or [""]
        yield f"{style('unknown', Style.WARNING)}: {first}"
        yield from rest
