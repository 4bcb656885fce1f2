"""Sorts targets into parts that can be compiled together, with their import closures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.schema.compiling import graph
from compatcheck.schema.loaded import Cause
from compatcheck.schema.loading import roots
from compatcheck.schema.loading.workspace import Found, Workspace
from compatcheck.source.content import shown


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file cannot be compiled: `culprit` is the path of the file at fault, maybe itself."""

    cause: Cause
    reason: str
    remedy: str = ""
    culprit: str = ""
    line: int = 0
    column: int = 0


@dataclass(slots=True)
class Part:
    """Files that share a universe: one path for each import name and one import name for each path."""

    key: str
    root: str
    names: dict[str, str] = field(default_factory=dict)
    by_path: dict[str, str] = field(default_factory=dict)
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)

    def add(self, name: str, path: str, side: Workspace) -> bool:
        """Add a target with its closure, unless a name or a path of it means something else here already."""
        names: dict[str, str] = {}
        by_path: dict[str, str] = {}
        imports: dict[str, tuple[str, ...]] = {}
        problems: dict[str, Problem] = {}
        stack = [Found(name, path)]
        while stack:
            found = stack.pop()
            known = names.get(found.name, self.names.get(found.name))
            if known is not None:
                if known != found.path and names.get(found.name) is None:
                    return False
                continue
            if found.path and self.by_path.get(found.path, found.name) != found.name:
                return False
            names[found.name] = found.path
            by_path.setdefault(found.path, found.name)
            unreadable = side.unreadable.get(found.path)
            if unreadable is not None:
                problems[found.name] = Problem("unreadable", unreadable.reason, unreadable.remedy, found.path)
                continue
            wanted = side.imports(found, self.root)
            imports[found.name] = tuple(one for one, _ in wanted)
            for one, target in wanted:
                if target is None:
                    problems.setdefault(found.name, _missing(one, found.path, side))
                else:
                    stack.append(Found(one, target))
        by_path.pop("", None)
        self.names |= names
        self.by_path |= by_path
        self.imports |= imports
        self.problems |= problems
        self.targets.append(name)
        return True

    def failures(self) -> dict[str, Problem]:
        """Every file whose closure has a problem, and that problem."""
        reverse = graph.importers(self.imports)
        failed: dict[str, Problem] = {}
        for culprit, problem in sorted(self.problems.items()):
            place = self.names[culprit] or culprit
            for name in graph.reachable([culprit], reverse):
                if name not in self.problems:
                    reason = f"needs {place}, which {_in_a_clause(problem)}"
                    failed.setdefault(name, Problem(problem.cause, reason, problem.remedy, place))
        return failed | self.problems


def parts(targets: Mapping[str, str], side: Workspace) -> list[Part]:
    """The parts for `targets` (path -> root), whose closures are read. Of two that clash the first wins."""
    by_root: dict[str, list[Part]] = {}
    for path, root in targets.items():
        name = roots.relative(path, root)
        candidates = by_root.setdefault(root, [])
        if not any(part.add(name, path, side) for part in candidates):
            part = Part(path if candidates else root, root)
            if not part.add(name, path, side):
                raise AssertionError("an empty part takes any target")
            candidates.append(part)
    return [part for candidates in by_root.values() for part in candidates]


def dirty(old: Part, old_side: Workspace, new: Part, new_side: Workspace) -> set[str]:
    """The import names whose file, or anything that it needs, is not the same on both sides."""
    own = {
        name
        for name in old.names.keys() | new.names.keys()
        if _content(name, old, old_side) != _content(name, new, new_side)
    }
    # An import that is missing on one side only shows in the problems of a file whose text is the same.
    own |= old.problems.keys() ^ new.problems.keys()
    edges = graph.importers(old.imports)
    for name, users in graph.importers(new.imports).items():
        edges[name] = [*edges.get(name, ()), *users]
    return graph.reachable(own, edges)


def closure(part: Part, targets: Sequence[str]) -> set[str]:
    """The targets and all they import, as far as it was found."""
    return graph.reachable(targets, part.imports) & part.names.keys()


def _content(name: str, part: Part, side: Workspace) -> str | None:
    path = part.names.get(name)
    return None if path is None else side.content(Found(name, path))


def _missing(name: str, importer: str, side: Workspace) -> Problem:
    name = shown(name)
    remedy = f"put the file where {name} leads, or name its import root in `roots` of compatcheck.toml"
    submodules = [skipped.path for skipped in side.snapshot.skipped if "submodule" in skipped.reason]
    if submodules:
        remedy += f" (submodules are not read: {', '.join(submodules[:3])})"
    return Problem("missing-import", f'imports "{name}", which is not found', remedy, importer)


def _in_a_clause(problem: Problem) -> str:
    return problem.reason if problem.cause == "missing-import" else f"cannot be read: {problem.reason}"
