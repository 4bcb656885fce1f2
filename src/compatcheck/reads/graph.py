"""The graph of message pairs: goes down through fields once a pair, cycles included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from compatcheck.reads.effects import Outcome, Outcomes
from compatcheck.schema.model import Message

MOST_OUTCOMES = 500
"""Of a message pair with more outcomes than this, the worst are kept, of equals the nearest."""

Pair = tuple[Message, Message]


@dataclass(frozen=True, slots=True)
class Node:
    """What one pair shows by itself (`own`), and the pairs below it with the field that leads there."""

    own: Outcomes
    below: tuple[tuple[str, Pair], ...] = ()


Expand = Callable[[Message, Message], Node]


@dataclass(slots=True)
class Memo:
    """What was found for pairs of messages, for one surface with one setting; it keeps both schemas alive."""

    nodes: dict[Pair, Node] = field(default_factory=dict)
    found: dict[Pair, Outcomes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Step:
    """How a walk first came to a pair, so that paths are built only for outcomes that are kept."""

    above: _Step | None
    name: str

    def path(self) -> tuple[str, ...]:
        names: list[str] = []
        step: _Step = self
        while step.above is not None:
            names.append(step.name)
            step = step.above
        return tuple(reversed(names))


def walk(start: Pair, expand: Expand, memo: Memo) -> Outcomes:
    """The outcomes of a pair and of all below it, each once, by the shortest path, nearest first.

    A pair that is met again on the way adds nothing: what it shows is already there.
    """
    if start not in memo.found:
        reached = _explore(start, expand, memo)
        showing = _that_show(reached, memo)
        for pair in reached:
            if pair not in showing:
                memo.found[pair] = ()
        if start in showing:
            memo.found[start] = _collect(start, showing, memo)
    return memo.found[start]


def _explore(start: Pair, expand: Expand, memo: Memo) -> list[Pair]:
    seen = {start}
    order = [start]
    for pair in order:
        node = memo.nodes.get(pair)
        if node is None:
            node = memo.nodes[pair] = expand(*pair)
        for _, below in node.below:
            if below not in seen and memo.found.get(below) != ():
                seen.add(below)
                order.append(below)
    return order


def _that_show(reached: list[Pair], memo: Memo) -> set[Pair]:
    """The pairs with an outcome of their own or below them."""
    above: dict[Pair, list[Pair]] = {}
    for pair in reached:
        for _, below in memo.nodes[pair].below:
            above.setdefault(below, []).append(pair)
    showing = {pair for pair in reached if memo.nodes[pair].own}
    pending = list(showing)
    while pending:
        for pair in above.get(pending.pop(), ()):
            if pair not in showing:
                showing.add(pair)
                pending.append(pair)
    return showing


def _collect(start: Pair, showing: set[Pair], memo: Memo) -> Outcomes:
    steps = {start: _Step(None, "")}
    order = [start]
    every: list[tuple[_Step, Outcome]] = []
    for pair in order:
        step, node = steps[pair], memo.nodes[pair]
        every.extend((step, outcome) for outcome in node.own)
        for name, below in node.below:
            if below in showing and below not in steps:
                steps[below] = _Step(step, name)
                order.append(below)
    if len(every) > MOST_OUTCOMES:
        ranked = sorted(range(len(every)), key=lambda index: -every[index][1].effect)
        every = [every[index] for index in sorted(ranked[:MOST_OUTCOMES])]
    return tuple(replace(outcome, path=step.path() + outcome.path) for step, outcome in every)
