"""One side while it is loaded: texts that were read, what they say, and where their imports lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.schema.compiling.bundled import bundled
from compatcheck.schema.compiling.imports import Scan, scan
from compatcheck.schema.compiling.left_out import STAND_IN
from compatcheck.schema.loading import roots
from compatcheck.schema.loading.roots import Places
from compatcheck.source.snapshot import Snapshot, Unreadable


@dataclass(frozen=True, slots=True)
class Known:
    """Texts and scans by content id (a file from outside: by import name), shared by both sides."""

    texts: dict[str, bytes] = field(default_factory=dict)
    scans: dict[str, Scan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a universe: its import name there, and its path, "" if it is bundled or stands in."""

    name: str
    path: str


@dataclass(slots=True)
class Workspace:
    """Reads a snapshot as far as it is asked to."""

    snapshot: Snapshot
    known: Known
    places: Places
    unreadable: dict[str, Unreadable] = field(default_factory=dict)
    resolved: dict[tuple[str, str, str, str], str | None] = field(default_factory=dict)

    def read(self, paths: Iterable[str]) -> None:
        """Have the texts of `paths` of the snapshot's files, in one go."""
        files, texts = self.snapshot.files, self.known.texts
        wanted = sorted({path for path in paths if files[path] not in texts and path not in self.unreadable})
        if not wanted:
            return
        for path, content in self.snapshot.read(wanted).items():
            if isinstance(content, Unreadable):
                self.unreadable[path] = content
            else:
                texts[files[path]] = content

    def text(self, found: Found) -> bytes:
        """The text of a file that was read."""
        key = self.content(found)
        if key not in self.known.texts and not found.path:
            self.known.texts[key] = bundled(found.name) or STAND_IN
        return self.known.texts[key]

    def content(self, found: Found) -> str:
        """What stands for the content of a file: equal on both sides if the bytes are equal."""
        return self.snapshot.files[found.path] if found.path else "outside:" + found.name

    def scan(self, found: Found) -> Scan:
        """What a file says of itself; nothing if it cannot be read."""
        if found.path in self.unreadable:
            return Scan()
        key = self.content(found)
        if key not in self.known.scans:
            self.known.scans[key] = scan(self.text(found))
        return self.known.scans[key]

    def imports(self, found: Found, root: str) -> list[tuple[str, str | None]]:
        """(import name, path or "" if bundled or None if missing) of each import, in `root`'s universe."""
        base = found.path[: -len(found.name)].rstrip("/") if found.path.endswith(found.name) else ""
        return [(name, self._resolve(name, root, found.path, base)) for name in self.scan(found).imports]

    def _resolve(self, name: str, root: str, importer: str, base: str) -> str | None:
        key = (name, root, importer, base)
        if key not in self.resolved:
            self.resolved[key] = roots.resolve(name, root, importer, base, self.places)
        return self.resolved[key]

    def read_closures(self, targets: Mapping[str, str]) -> None:
        """Have the texts of `targets` (path -> root) and of all they import: one read for each step away."""
        frontier = {(root, Found(roots.relative(path, root), path)) for path, root in targets.items()}
        seen = set(frontier)
        while frontier:
            self.read(found.path for _, found in frontier if found.path)
            following = set()
            for root, found in frontier:
                for name, path in self.imports(found, root):
                    step = (root, Found(name, path)) if path is not None else None
                    if step is not None and step not in seen:
                        seen.add(step)
                        following.add(step)
            frontier = following

    def infer(self, paths: Sequence[str]) -> dict[str, roots.Root]:
        """The root of each path by its own text; the texts are read."""
        self.read(paths)
        inferred = {}
        for path in paths:
            said = self.scan(Found(path, path))
            inferred[path] = roots.infer(path, said.package, said.imports, self.places)
        return inferred
