"""Resolves symbolic links inside a listing of files, without touching a disk."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from compatcheck.source.content import shown
from compatcheck.source.snapshot import Skipped

_HOPS = 40  # as in Linux: more links than that on one way is taken for a cycle
_DEPTH = 4  # links inside linked directories; mutual links grow exponentially
_ALIASES = 100_000
_STEPS = 1_000_000  # into links; those of an empty folder to itself multiply as well
_TOO_MANY = "linked folders hold more files than are followed"


@dataclass(frozen=True, slots=True)
class Resolved:
    """`links`: alias -> real path, both `.proto`; `skipped`: the links that lead to nothing that is read."""

    links: dict[str, str]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Lost:
    reason: str
    name: str  # last component of where it leads


@dataclass(slots=True)
class _Listing:
    destinations: Mapping[str, str | _Lost]
    protos: Collection[str]
    files: Collection[str]
    folders: frozenset[str]
    sorted_protos: list[str]
    sorted_links: list[str]
    found: dict[str, str] = field(default_factory=dict)
    steps: int = 0

    def is_full(self) -> bool:
        return len(self.found) >= _ALIASES or self.steps >= _STEPS


def resolve(targets: Mapping[str, str], protos: Collection[str], others: Collection[str]) -> Resolved:
    """Follow each link of `targets` (path -> text of the link) within the listing.

    `protos` are the regular `.proto` files, `others` everything else that the listing holds (submodules too).
    """
    if not targets:
        return Resolved({}, ())
    listing = _Listing(
        destinations={link: _destination(link, targets) for link in targets},
        protos=protos,
        files=others,
        folders=_folders([*protos, *others, *targets]),
        sorted_protos=sorted(protos),
        sorted_links=sorted(targets),
    )
    skipped = []
    for link in listing.sorted_links:
        reason = _expand(link, link, (), listing)
        if reason:
            skipped.append(Skipped(link, reason))
    return Resolved(listing.found, tuple(skipped))


def _folders(paths: Collection[str]) -> frozenset[str]:
    folders = {""}
    for path in paths:
        parent = path.rpartition("/")[0]
        while parent and parent not in folders:
            folders.add(parent)
            parent = parent.rpartition("/")[0]
    return frozenset(folders)


def _expand(alias: str, link: str, active: tuple[str, ...], listing: _Listing) -> str:
    """Add what `alias`, which stands for `link`, makes reachable; the reason if it is nothing and matters."""
    destination = listing.destinations[link]
    if isinstance(destination, _Lost):
        return destination.reason if _matters(link, destination.name) else ""
    if destination in listing.protos:
        if alias.endswith(".proto"):
            listing.found[alias] = destination
        return ""
    if destination in listing.folders:
        return _expand_folder(alias, link, destination, active, listing)
    if destination in listing.files:
        return "a link to a file that is not named .proto" if link.endswith(".proto") else ""
    if _matters(link, destination.rpartition("/")[2]):
        return f"a link to {shown(destination)}, which is not there"
    return ""


def _expand_folder(alias: str, link: str, folder: str, active: tuple[str, ...], listing: _Listing) -> str:
    if link in active:
        return ""
    for path in _below(folder, listing.sorted_protos):
        if listing.is_full():
            return _TOO_MANY
        listing.found[f"{alias}/{_relative(path, folder)}"] = path
    if len(active) + 1 >= _DEPTH:
        return ""
    for nested in _below(folder, listing.sorted_links):
        if listing.is_full():
            return _TOO_MANY
        listing.steps += 1
        _expand(f"{alias}/{_relative(nested, folder)}", nested, (*active, link), listing)
    return ""


def _relative(path: str, folder: str) -> str:
    return path[len(folder) + 1 :] if folder else path


def _below(folder: str, paths: list[str]) -> list[str]:
    if not folder:
        return paths
    # "0" is the character after "/": everything below the folder sorts between the two.
    return paths[bisect_left(paths, folder + "/") : bisect_left(paths, folder + "0")]


def _destination(link: str, targets: Mapping[str, str]) -> str | _Lost:
    """The path that a link leads to, every link on the way followed, `..` taken where it stands."""
    done = link.split("/")[:-1]
    text = targets[link]
    name = text.rstrip("/").rpartition("/")[2]
    pending = text.split("/")[::-1]
    hops = 1
    outside = _Lost(f"a link that leads out of the source, to {shown(text)}", name)
    if text.startswith("/"):
        return outside
    while pending:
        part = pending.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not done:
                return outside
            done.pop()
            continue
        done.append(part)
        target = targets.get("/".join(done))
        if target is None:
            continue
        hops += 1
        if hops > _HOPS:
            return _Lost("a link that leads to itself", name)
        if target.startswith("/"):
            return outside
        done.pop()
        pending.extend(target.split("/")[::-1])
    return "/".join(done)


def _matters(link: str, target_name: str) -> bool:
    """Whether a link that leads nowhere could have held `.proto` files.

    It can no longer be asked whether it was a folder, so its name decides: folders rarely have a dot,
    and LICENSE, README, Makefile and the like are files.
    """
    if link.endswith(".proto"):
        return True
    names = (link.rpartition("/")[2], target_name)
    return all(
        name and "." not in name.strip(".") and not name.isupper() and not name.endswith("file")
        for name in names
    )
