"""The tags of a repository, with what they lead to and when that was committed."""

from __future__ import annotations

from dataclasses import dataclass

from compatcheck.source.content import decode
from compatcheck.source.git.commands import demand
from compatcheck.source.git.place import Place


@dataclass(frozen=True, slots=True)
class Tag:
    """`name` without `refs/tags/`; `commit` and its `tree` in full; `time` of the commit in seconds since 1970."""

    name: str
    commit: str
    time: int
    tree: str = ""


def tags(place: Place) -> tuple[Tag, ...]:
    """Every tag that leads to a commit, sorted by name."""
    kind, date = "%(objecttype)%00%(*objecttype)", "%(committerdate:unix)%00%(*committerdate:unix)"
    layout = (
        f"--format=%(refname:strip=2)%00{kind}%00%(objectname)%00%(*objectname)%00{date}%00%(tree)%00%(*tree)"
    )
    found = []
    # Not splitlines: a name may hold what Unicode takes for the end of a line.
    for record in decode(demand(place, "for-each-ref", layout, "refs/tags")).split("\n")[:-1]:
        name, own_kind, peeled_kind, own, peeled, own_time, peeled_time, tree, peeled_tree = record.split(
            "\0"
        )
        if own_kind == "commit":
            found.append(Tag(name, own, int(own_time), tree))
        elif peeled_kind == "commit":
            found.append(Tag(name, peeled, int(peeled_time), peeled_tree))
    return tuple(sorted(found, key=lambda tag: tag.name))
