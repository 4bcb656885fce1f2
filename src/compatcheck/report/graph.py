"""The services and who calls whom, as text: versions, what is served, methods, verdicts and evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from compatcheck.report.pair_text import (
    aligned,
    alike,
    deployed,
    document,
    edge_name,
    environment_name,
    gaps_text,
    indented,
    reasons,
    who,
)
from compatcheck.report.reasons import STYLES, place
from compatcheck.report.terminal import Paint, Style, clean, columns, cut, paint
from compatcheck.report.words import plural, some_of
from compatcheck.rollout.edges import Call
from compatcheck.rollout.pairs import Verdict
from compatcheck.usecases.rollouts import GraphAnswer, Link, Node

_SERVICES_SHOWN = 200
_EDGES_SHOWN = 100
_GROUPS_SHOWN = 4
_VERSIONS_SHOWN = 4
_PATH = 40
"""A long path of a service is cut to so many columns."""


def render_graph(
    answer: GraphAnswer, *, color: bool = False, width: int = 100, evidence: bool = False
) -> str:
    """The whole answer; its first line counts. `evidence`: every line of code, not one for each method."""
    style = paint(color)
    lines = [_counts(answer), *gaps_text([gap.datum for gap in answer.gaps], style, width)]
    lines += [line for notice in answer.notices for line in indented(clean(notice), width, "")]
    if answer.nodes:
        lines += ["", style("services", Style.STRONG), *_services(answer, width)]
    if answer.links:
        lines += ["", style("calls", Style.STRONG), *_calls(answer, style, width, evidence)]
    return document(lines)


def _counts(answer: GraphAnswer) -> str:
    """`production: 5 services, 6 edges: 5 safe, 1 mismatch`."""
    found = Counter(link.verdict for link in answer.links)
    parts = ", ".join(f"{found[verdict]} {verdict.value}" for verdict in Verdict if found[verdict])
    name = environment_name(answer.environment)
    where = f"{name}: " if name else ""
    if not answer.nodes:
        return f"{where}no services: not known"
    edges = plural(len(answer.links), "edge")
    return f"{where}{plural(len(answer.nodes), 'service')}, {edges}: {parts or 'not known'}"


def _services(answer: GraphAnswer, width: int) -> Iterator[str]:
    """Those that take part in the graph, and the names of the others."""
    ends = {name for link in answer.links for name in (link.edge.client, link.edge.provider)}
    nodes = [one for one in answer.nodes if one.provides or one.name in ends]
    if nodes:
        yield from _listed(nodes, width)
    idle = [clean(one.name) for one in answer.nodes if not one.provides and one.name not in ends]
    if idle:
        yield from indented(f"nothing served, no edge: {', '.join(idle[:_SERVICES_SHOWN])}", width, "  ")
    if len(idle) > _SERVICES_SHOWN:
        yield f"  {plural(len(idle) - _SERVICES_SHOWN, 'more service')} (--format json has all)"


def _listed(nodes: Sequence[Node], width: int) -> Iterator[str]:
    shown = nodes[:_SERVICES_SHOWN]
    paths = any(_path(one) for one in shown)
    rows = [
        (clean(one.name), *([cut(_path(one) or "-", _PATH)] if paths else []), _versions(one))
        for one in shown
    ]
    lead = list(aligned(rows))
    served = [_served(one) for one in shown]
    wide = max(map(columns, lead))
    if all(wide + 2 + columns(text) <= width for text in served):
        padded = (f"{line}{' ' * (wide - columns(line))}" for line in lead)
        yield from (f"{line}  {text}".rstrip() for line, text in zip(padded, served, strict=True))
    else:
        for line, text in zip(lead, served, strict=True):
            yield line
            yield from indented(text, width, "      ") if text else ()
    if len(nodes) > len(shown):
        yield f"  {plural(len(nodes) - len(shown), 'more service')} (--format json has all)"


def _path(node: Node) -> str:
    where = f"{node.repo} {node.path}" if node.repo and node.path else node.repo or node.path
    return clean(where)


def _versions(node: Node) -> str:
    """`1.0, 1.1 canary 10%`; of many the first and the last, and their number."""
    names = [deployed(one) for one in node.versions]
    if len(names) > _VERSIONS_SHOWN:
        text = f"{names[0]} .. {names[-1]} ({len(names)} versions)"
    else:
        text = ", ".join(names) or "no version"
    marks = [
        *(["external"] if node.external else []),
        *([f"group {clean(node.group)}"] if node.group else []),
    ]
    return f"{text} ({', '.join(marks)})" if marks else text


def _served(node: Node) -> str:
    names = list(dict.fromkeys(one.service for one in node.provides))
    return f"serves {clean(some_of(names))}" if names else ""


def _calls(answer: GraphAnswer, style: Paint, width: int, evidence: bool) -> Iterator[str]:
    versions = {node.name: [one.version for one in node.versions] for node in answer.nodes}
    shown = list(answer.links)
    if len(shown) > _EDGES_SHOWN:
        shown = sorted(shown, key=lambda one: one.verdict is Verdict.SAFE)[:_EDGES_SHOWN]
    for link in shown:
        yield f"  {edge_name(link.edge)}  {style(link.verdict.value, STYLES[link.verdict])}"
        yield from _every_line(link.calls, width) if evidence else _one_line_each(link.calls)
        told = {one.datum for pair in link.mismatched for one in pair.judgement.missing}
        for doubt in dict.fromkeys(call.doubt for call in link.calls if call.doubt not in {"", *told}):
            first, *rest = indented(clean(doubt), width - 7, "     ")
            yield f"     {style('doubt', Style.WARNING)} {first.lstrip()}"
            yield from rest
        yield from _mismatched(link, versions, style, width)
    if len(answer.links) > len(shown):
        left = len(answer.links) - len(shown)
        yield f"  {plural(left, 'more edge')}: name services to see theirs; --format json has all"


def _one_line_each(calls: Sequence[Call]) -> Iterator[str]:
    rows = []
    for call in calls:
        more = len(call.evidence) - 1
        where = clean(place(call.evidence[0])) if call.evidence else "declared"
        rows.append((clean(call.name), f"{where} and {more} more" if more > 0 else where))
    yield from aligned(rows, "     ")


def _every_line(calls: Sequence[Call], width: int) -> Iterator[str]:
    for call in calls:
        yield f"     {clean(call.name)}{'' if call.evidence else '  declared'}"
        for line in aligned([(clean(place(one)), clean(one.text)) for one in call.evidence], "       "):
            yield cut(line, width)


def _mismatched(link: Link, versions: Mapping[str, Sequence[str]], style: Paint, width: int) -> Iterator[str]:
    """The pairs that are not safe, those with the same reasons together."""
    groups = alike(link.mismatched)
    clients, providers = versions.get(link.edge.client, ()), versions.get(link.edge.provider, ())
    for pairs in groups[:_GROUPS_SHOWN]:
        verdict = pairs[0].judgement.verdict
        first, *rest = indented(who(pairs, clients, providers), width - len(verdict.value) - 1, "     ")
        yield f"     {style(verdict.value, STYLES[verdict])} {first.lstrip()}"
        yield from rest
        yield from reasons(pairs[0], width, "       ")
    if len(groups) > _GROUPS_SHOWN:
        yield f"     {plural(len(groups) - _GROUPS_SHOWN, 'more reason')}: `compatcheck pairs` shows them"
