"""What a picture of services or of a plan shows, whatever language it is drawn in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from compatcheck.report.pair_text import deployed
from compatcheck.report.plan import move_text
from compatcheck.report.terminal import clean
from compatcheck.report.words import some_of
from compatcheck.rollout.moves import Conflict, Move
from compatcheck.rollout.pairs import Pair, Verdict
from compatcheck.usecases.rollouts import GraphAnswer, Link, Node, PlanAnswer

COLORS = {Verdict.SAFE: "seagreen", Verdict.MISMATCH: "firebrick", Verdict.UNKNOWN: "darkorange"}
"""Names that both X11 (Graphviz) and CSS (Mermaid) know."""

_VERSIONS_SHOWN = 4
_PAIRS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Box:
    id: str
    lines: tuple[str, ...]
    """Clean, not quoted for any language."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Around boxes that belong together."""

    id: str
    title: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    tail: str
    """Id of a box or frame."""
    head: str
    lines: tuple[str, ...] = ()
    verdict: Verdict | None = None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    boxes: tuple[Box, ...]
    """Those in no frame."""
    frames: tuple[Frame, ...]
    arrows: tuple[Arrow, ...]


def of_graph(answer: GraphAnswer) -> Drawing:
    """Services, those of one group in a frame, with an arrow from client to provider."""
    boxes = {node.name: Box(f"n{number}", _node(node)) for number, node in enumerate(answer.nodes)}
    groups: dict[str, list[Box]] = {}
    for node in answer.nodes:
        groups.setdefault(node.group, []).append(boxes[node.name])
    alone = groups.pop("", [])
    return Drawing(
        boxes=tuple(alone),
        frames=tuple(
            Frame(f"f{number}", clean(name), tuple(found))
            for number, (name, found) in enumerate(groups.items())
        ),
        arrows=tuple(
            _link(link, boxes)
            for link in answer.links
            if link.edge.client in boxes and link.edge.provider in boxes
        ),
    )


def of_plan(answer: PlanAnswer) -> Drawing:
    """A frame for each wave, in their order, and one for each conflict, with an arrow for what blocks."""
    frames: list[Frame] = []
    arrows: list[Arrow] = []
    for number, wave in enumerate(answer.waves, start=1):
        boxes = tuple(Box(f"w{number}n{place}", _move(move)) for place, move in enumerate(wave))
        frames.append(Frame(f"w{number}", f"wave {number}", boxes))
    arrows += [Arrow(one.id, other.id) for one, other in pairwise(frames)]
    for number, conflict in enumerate(answer.conflicts, start=1):
        frame, blocking = _conflict(conflict, f"c{number}", answer.targets)
        frames.append(frame)
        arrows += blocking
    return Drawing((), tuple(frames), tuple(arrows))


def _node(node: Node) -> tuple[str, ...]:
    versions = [deployed(one) for one in node.versions]
    if len(versions) > _VERSIONS_SHOWN:
        versions = [f"{versions[0]} .. {versions[-1]}"]
    name = clean(node.name)
    return (f"{name} (external)" if node.external else name, *([", ".join(versions)] if versions else []))


def _link(link: Link, boxes: Mapping[str, Box]) -> Arrow:
    edge = link.edge
    if edge.channel:
        said = f"channel {clean(edge.channel)}"
    else:
        said = some_of([clean(call.name.rpartition(".")[2]) for call in link.calls])
    lines = (said, *([link.verdict.value] if link.verdict is not Verdict.SAFE else []))
    return Arrow(
        tail=boxes[edge.client].id,
        head=boxes[edge.provider].id,
        lines=tuple(line for line in lines if line),
        verdict=link.verdict,
        dashed=bool(edge.channel) or link.verdict is Verdict.UNKNOWN,
    )


def _move(move: Move) -> tuple[str, str]:
    return (clean(move.service), move_text(move))


def _conflict(conflict: Conflict, id_: str, targets: Sequence[Move]) -> tuple[Frame, Iterator[Arrow]]:
    """The services that block each other, with bystanders that they would meet."""
    moves = {move.service: move for move in targets}
    met = (name for pair in conflict.pairs for name in (pair.edge.client, pair.edge.provider))
    names = list(dict.fromkeys((*conflict.services, *met)))
    boxes = {
        name: Box(f"{id_}n{number}", _move(moves[name]) if name in moves else (clean(name),))
        for number, name in enumerate(names)
    }
    title = "no order" if conflict.verdict is Verdict.MISMATCH else "order not known"
    edges: dict[tuple[str, str], list[Pair]] = {}
    for pair in conflict.pairs:
        edges.setdefault((pair.edge.client, pair.edge.provider), []).append(pair)
    arrows = (
        _blocking(pairs, boxes[client].id, boxes[provider].id) for (client, provider), pairs in edges.items()
    )
    return Frame(id_, title, tuple(boxes.values())), arrows


def _blocking(pairs: Sequence[Pair], tail: str, head: str) -> Arrow:
    mismatch = any(pair.judgement.verdict is Verdict.MISMATCH for pair in pairs)
    verdict = Verdict.MISMATCH if mismatch else Verdict.UNKNOWN
    said = [clean(f"{one.client_version} with {one.provider_version}") for one in pairs[:_PAIRS_SHOWN]]
    more = [f"and {len(pairs) - _PAIRS_SHOWN} more"] if len(pairs) > _PAIRS_SHOWN else []
    return Arrow(tail, head, (verdict.value, *said, *more), verdict, dashed=not mismatch)
