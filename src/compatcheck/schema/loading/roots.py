"""Infers import roots and resolves imports, from path lists and what a few files say of themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from compatcheck.schema.compiling.bundled import is_bundled


@dataclass(frozen=True)
class Places:
    """The paths of one side, `links` as in a snapshot, and the roots that the user configured, if any."""

    files: Mapping[str, str]
    links: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()

    def real(self, path: str) -> str | None:
        """The path of the file that `path` is or links to."""
        return path if path in self.files else self.links.get(path)

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[str]]:
        """File name without folders -> the paths that end in it; files before links."""
        found: dict[str, list[str]] = {}
        for path in (*self.files, *self.links):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found


@dataclass(frozen=True, slots=True)
class Root:
    """An import root and how sure it is: more is surer, `CONFIGURED` most, `GUESSED` least."""

    path: str
    strength: int


CONFIGURED, NEIGHBOURS, PACKAGE, FAR, MENTIONED, GUESSED = 5, 4, 3, 2, 1, 0


def normal(configured: Iterable[str]) -> tuple[str, ...]:
    """Configured roots as folders of a snapshot: "." and "" are its top."""
    return tuple(
        "" if root.rstrip("/") in ("", ".") else root.removeprefix("./").strip("/") for root in configured
    )


def join(root: str, name: str) -> str:
    """The path of the file that is imported as `name` below `root`."""
    return f"{root}/{name}" if root else name


def relative(path: str, root: str) -> str:
    """The import name of the file at `path` below `root`, which has to contain it."""
    return path[len(root) + 1 :] if root else path


def configured_root(path: str, roots: Iterable[str]) -> str | None:
    """The longest of the configured roots that contains `path`."""
    containing = [root for root in roots if not root or path.startswith(root + "/")]
    return max(containing, key=len, default=None)


def infer(path: str, package: str, imports: Iterable[str], places: Places) -> Root:
    """The root of the file at `path`, from its own text and the paths around it.

    Best evidence first: imports that lead to files beside it, the package that ends its folder, other imports
    that are found below one of its folders. Bundled names say nothing: they are found wherever they lie.
    """
    configured = configured_root(path, places.roots)
    if configured is not None:
        return Root(configured, CONFIGURED)
    near: Counter[str] = Counter()
    far: Counter[str] = Counter()
    ancestors = _ancestors(path)
    for name in imports:
        for root in ancestors:
            target = join(root, name)
            if target != path and places.real(target) is not None:
                if _top(name) == _top(relative(path, root)):
                    near[root] += 1
                elif not is_bundled(name):
                    far[root] += 1
    if near:
        return Root(_winner(near), NEIGHBOURS)
    folder = ancestors[0]
    tail = package.replace(".", "/")
    if tail and (folder == tail or folder.endswith("/" + tail)):
        return Root(folder[: -len(tail)].rstrip("/"), PACKAGE)
    return Root(_winner(far), FAR) if far else Root(folder, GUESSED)


def infer_from_mentions(path: str, mentions: Iterable[str]) -> Root:
    """The root of `path` by the names under which other files seem to import it."""
    votes: Counter[str] = Counter()
    for name in mentions:
        if path == name:
            votes[""] += 1
        elif path.endswith("/" + name):
            votes[path[: -len(name) - 1]] += 1
    return Root(_winner(votes), MENTIONED) if votes else Root(path.rpartition("/")[0], GUESSED)


def agreed(old: Root | None, new: Root | None) -> tuple[str, str]:
    """The roots of one path on both sides: the surer evidence counts for both, else each keeps its own."""
    if old is None or new is None:
        only = new or old
        path = only.path if only is not None else ""
        return path, path
    if old.strength == new.strength:
        return old.path, new.path
    surer = old if old.strength > new.strength else new
    return surer.path, surer.path


def resolve(name: str, root: str, importer: str, base: str, places: Places) -> str | None:
    """Where `name` leads in the universe of `root`: a path of `files`, "" if bundled, None if nowhere.

    `importer` is the path of the file that says it, "" for a bundled one; `base` the folder below which the
    importer itself was found.
    """
    own = places.real(join(root, name))
    if own is not None:
        return own
    for other in places.roots:
        found = places.real(join(other, name))
        if found is not None:
            return found
    if is_bundled(name):
        return ""
    if places.roots or not name:
        return None
    beside = places.real(join(base, name))
    if beside is not None:
        return beside
    ending = "/" + name
    named = places.by_name.get(name.rpartition("/")[2], ())
    candidates = [path for path in named if path == name or path.endswith(ending)]
    if not candidates:
        return None
    nearest = min(candidates, key=_distance_from(importer, places))
    return places.real(nearest)


def pair_roots(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """New root -> old root, given the root of each path: equal ones, then those with most files in common."""
    old_roots, new_roots = set(old.values()), set(new.values())
    pairs = {root: root for root in new_roots & old_roots}
    where: dict[str, set[str]] = {}
    for path, root in old.items():
        if root not in pairs:
            for key in _keys(path, root):
                where.setdefault(key, set()).add(root)
    common: Counter[tuple[str, str]] = Counter()
    for path, root in new.items():
        if root not in pairs:
            for key in _keys(path, root):
                common.update((root, one) for one in where.get(key, ()))
    taken: set[str] = set()
    for (new_root, old_root), _ in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        if new_root not in pairs and old_root not in taken:
            pairs[new_root] = old_root
            taken.add(old_root)
    return pairs


def _keys(path: str, root: str) -> tuple[str, str]:
    # A configured root need not contain a path that only a descriptor set names.
    name = relative(path, root) if configured_root(path, (root,)) is not None else path
    return "name:" + name, "path:" + path


def _ancestors(path: str) -> list[str]:
    """The folders that contain `path`, deepest first, the top as ""."""
    folders = []
    while path:
        path = path.rpartition("/")[0]
        folders.append(path)
    return folders


def _top(name: str) -> str:
    return name.partition("/")[0] if "/" in name else ""


def _winner(votes: Counter[str]) -> str:
    return max(votes, key=lambda root: (votes[root], len(root)))


def _distance_from(importer: str, places: Places) -> Callable[[str], tuple[int, bool, int, str]]:
    steps = importer.split("/")[:-1]

    def distance(path: str) -> tuple[int, bool, int, str]:
        shared = 0
        for one, other in zip(steps, path.split("/")[:-1], strict=False):
            if one != other:
                break
            shared += 1
        return -shared, path not in places.files, len(path), path

    return distance
