"""Whether two types have one shape: the same on every surface, but for the names of the types themselves."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from compatcheck.schema.model import Enum, Field, Message, Service

Shaped = Message | Enum | Service
_Pair = tuple[Shaped, Shaped]


def outline(element: Shaped) -> Hashable:
    """What can be compared without going down: equal for equal shapes, and rarely for others."""
    if isinstance(element, Message):
        return frozenset(_facets(one) for one in element.fields)
    if isinstance(element, Enum):
        return (element.closed, tuple((value.name, value.number) for value in element.values))
    # What methods carry is compared method by method once the services are paired.
    return tuple(method.name for method in element.methods)


@dataclass(frozen=True, slots=True)
class Shapes:
    """Compares shapes, each pair of types once."""

    known: dict[_Pair, bool] = field(default_factory=dict)

    def same(self, old: Shaped, new: Shaped) -> bool:
        """Structural equality; types that refer to each other in a cycle are equal unless something else differs."""
        start = (old, new)
        if start not in self.known:
            self._explore(start)
        return self.known[start]

    def _explore(self, start: _Pair) -> None:
        above: dict[_Pair, list[_Pair]] = {start: []}
        different: list[_Pair] = []
        pending = [start]
        while pending:
            pair = pending.pop()
            if (
                self.known.get(pair) is False
                or type(pair[0]) is not type(pair[1])
                or outline(pair[0]) != outline(pair[1])
            ):
                different.append(pair)
                continue
            for below in _below(*pair) if pair not in self.known else ():
                if below not in above:
                    above[below] = []
                    pending.append(below)
                above[below].append(pair)
        unlike = _reachable(different, above)
        self.known.update((pair, pair not in unlike) for pair in above)


def _reachable(start: Iterable[_Pair], edges: dict[_Pair, list[_Pair]]) -> set[_Pair]:
    seen = set(start)
    pending = list(seen)
    while pending:
        for pair in edges[pending.pop()]:
            if pair not in seen:
                seen.add(pair)
                pending.append(pair)
    return seen


def _below(old: Shaped, new: Shaped) -> Iterator[_Pair]:
    """The types that fields of the same number hold, where their names do not say that they are the same."""
    if isinstance(old, Message) and isinstance(new, Message):
        for number, one in old.numbers.items():
            other = new.numbers[number]
            if one.type_name != other.type_name:
                yield _held(one), _held(other)


def _held(field: Field) -> Message | Enum:
    return field.message if field.holds_message else field.enum


def _facets(field: Field) -> tuple[Hashable, ...]:
    """All that makes a field but the names of what holds it and of what it holds."""
    return (
        field.name,
        field.number,
        field.json_name,
        field.type,
        field.cardinality,
        field.packed,
        field.oneof,
        field.default,
        field.checks_utf8,
        bool(field.type_name),
    )
