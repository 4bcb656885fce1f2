"""Lists every regular file of a git revision."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from compatcheck.source.content import decode
from compatcheck.source.git.commands import demand, read_objects
from compatcheck.source.git.place import Place
from compatcheck.source.snapshot import Unreadable
from compatcheck.source.tree import Tree


def tree(place: Place, tree_id: str) -> Tree:
    """The files of the tree with that id. UndecidedError: git cannot list it."""
    files: dict[str, str] = {}
    for record in demand(place, "ls-tree", "-r", "-z", "--full-tree", tree_id).split(b"\0")[:-1]:
        words, _, path = record.partition(b"\t")
        mode, _, blob = decode(words).split(" ")
        if mode.startswith("100"):
            files[decode(path)] = blob

    def read(paths: Iterable[str]) -> dict[str, bytes | Unreadable]:
        wanted = sorted(set(paths))
        texts = read_objects(place, [files[path] for path in wanted]) if wanted else {}
        return {path: texts[files[path]] for path in wanted}

    return Tree(MappingProxyType(files), read)
