"""Questions about which file imports which: order, depth, and who needs whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

Imports = Mapping[str, Sequence[str]]


def importers(imports: Imports) -> dict[str, list[str]]:
    """name -> the names that import it directly."""
    reverse: dict[str, list[str]] = {}
    for name, needed in imports.items():
        for one in needed:
            reverse.setdefault(one, []).append(name)
    return reverse


def reachable(start: Iterable[str], edges: Imports) -> set[str]:
    """Everything that `start` leads to, itself included."""
    seen = set(start)
    stack = list(seen)
    while stack:
        for one in edges.get(stack.pop(), ()):
            if one not in seen:
                seen.add(one)
                stack.append(one)
    return seen


def imports_first(start: Iterable[str], imports: Imports) -> list[str]:
    """`start` and all it leads to, each after what it imports; a cycle is cut somewhere."""
    order: list[str] = []
    seen: set[str] = set()
    for root in start:
        if root in seen:
            continue
        seen.add(root)
        stack: list[tuple[str, Iterator[str]]] = [(root, iter(imports.get(root, ())))]
        while stack:
            name, rest = stack[-1]
            following = next((one for one in rest if one not in seen), None)
            if following is None:
                order.append(name)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(imports.get(following, ()))))
    return order


def depths(order: Sequence[str], imports: Imports) -> dict[str, int]:
    """name -> length of its longest chain of imports, for names in the order of `imports_first`."""
    depth: dict[str, int] = {}
    for name in order:
        depth[name] = 1 + max((depth.get(one, 0) for one in imports.get(name, ())), default=0)
    return depth
