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
    """Files that share a universe: one path for each import name and one import name for each path.

    An import that is missing is there, too, with the path "" of files from outside: a stand-in. Its importer has
    a problem only if that does not do.
    """

    key: str
    root: str
    names: dict[str, str] = field(default_factory=dict)
    by_path: dict[str, str] = field(default_factory=dict)
    imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    public: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    stand_ins: set[str] = field(default_factory=set)
    targets: list[str] = field(default_factory=list)

    def add(self, name: str, path: str, side: Workspace) -> bool:
        """Add a target with its closure, unless a name or a path of it means something else here already."""
        names: dict[str, str] = {}
        by_path: dict[str, str] = {}
        imports: dict[str, tuple[str, ...]] = {}
        public: dict[str, tuple[str, ...]] = {}
        problems: dict[str, Problem] = {}
        missing: set[str] = set()
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
            public[found.name] = side.scan(found).public
            for one, target in wanted:
                if target is None:
                    problems.setdefault(found.name, missing_import(one, found.path, side))
                    missing.add(one)
                else:
                    stack.append(Found(one, target))
        by_path.pop("", None)
        missing -= names.keys() | self.names.keys()
        self.stand_ins |= missing
        self.names |= names | dict.fromkeys(missing, "")
        self.by_path |= by_path
        self.imports |= imports | dict.fromkeys(missing, ())
        self.public |= public
        self.problems |= problems
        self.targets.append(name)
        return True

    def hopeless(self) -> set[str]:
        """Every file whose closure has a problem that no stand-in helps."""
        unreadable = [name for name, problem in self.problems.items() if problem.cause != "missing-import"]
        return graph.reachable(unreadable, graph.importers(self.imports))

    def visible_stand_ins(self) -> dict[str, frozenset[str]]:
        """Each file that could use definitions of missing imports -> these."""
        visible: dict[str, set[str]] = {}
        users = graph.importers(self.imports) if self.stand_ins else {}
        passing_on = graph.importers(self.public) if self.stand_ins else {}
        for stand_in in self.stand_ins:
            for name in graph.reachable([stand_in], passing_on):
                for user in users.get(name, ()):
                    visible.setdefault(user, set()).add(stand_in)
        return {name: frozenset(found) for name, found in visible.items()}

    def failures(self) -> dict[str, Problem]:
        """Every file whose closure has a problem, if no stand-in helps, and that problem."""
        reverse = graph.importers(self.imports)
        failed: dict[str, Problem] = {}
        for culprit in sorted(self.problems):
            passed_on = self.passed_on(culprit)
            for name in graph.reachable([culprit], reverse):
                failed.setdefault(name, passed_on)
        return failed | self.problems

    def passed_on(self, culprit: str) -> Problem:
        """What the problem of `culprit` is for a file that needs it."""
        problem, place = self.problems[culprit], self.names[culprit] or culprit
        reason = f"needs {place}, which {_in_a_clause(problem)}"
        return Problem(problem.cause, reason, problem.remedy, place)


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


def missing_import(name: str, importer: str, side: Workspace) -> Problem:
    """What is wrong with `importer`, if nothing may stand in for what it imports as `name`."""
    name = shown(name)
    remedy = f"put the file where {name} leads, or name its import root in `roots` of compatcheck.toml"
    submodules = [skipped.path for skipped in side.snapshot.skipped if "submodule" in skipped.reason]
    if submodules:
        remedy += f" (submodules are not read: {', '.join(submodules[:3])})"
    return Problem("missing-import", f'imports "{name}", which is not found', remedy, importer)


def _in_a_clause(problem: Problem) -> str:
    return problem.reason if problem.cause == "missing-import" else f"cannot be read: {problem.reason}"
