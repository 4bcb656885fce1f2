"""Sources made of texts, and fixture folders, for tests that run the whole check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from compatcheck.config import Config, parse
from compatcheck.diff.changes import Change
from compatcheck.diff.pairing import Pairing, pair
from compatcheck.diff.schemas import changes
from compatcheck.rules.finding import Finding
from compatcheck.rules.judge import judge
from compatcheck.rules.reach import Reach, carriers_of
from compatcheck.rules.severity import policy
from compatcheck.schema.build import build
from compatcheck.schema.loading.load import load
from compatcheck.schema.model import Schema
from compatcheck.source.content import blob_id, mentioned
from compatcheck.source.snapshot import Origin, Snapshot, Unreadable, empty
from compatcheck.usecases.check import check
from compatcheck.usecases.comparing import settings
from compatcheck.usecases.gate import NAMES
from compatcheck.usecases.results import Check

FIXTURES = Path(__file__).parent.parent / "fixtures"
IMPORTS = FIXTURES / "imports"
"""What examples may import that comes with no package: written for the tests, as small as they need it."""
ALONE = "shop.proto"
"""The path of a text that is a source by itself."""

Texts = Mapping[str, str] | str


@dataclass(frozen=True, slots=True)
class _Memory:
    """Contents of a source that stand in memory."""

    texts: Mapping[str, bytes]

    def read(self, paths: Iterable[str], /) -> dict[str, bytes | Unreadable]:
        return {path: self.texts[path] for path in paths}

    def mentions(self) -> dict[str, tuple[str, ...]]:
        return {path: mentioned(text) for path, text in self.texts.items()}

    def lookup(self, path: str, /) -> bytes | Unreadable | None:
        return self.texts.get(path)


def source(texts: Texts, name: str = "here") -> Snapshot:
    """A source of `.proto` texts by path, or of one text."""
    named = {ALONE: texts} if isinstance(texts, str) else texts
    encoded = {path: text.encode() for path, text in named.items()}
    files = MappingProxyType({path: blob_id(text) for path, text in encoded.items()})
    return Snapshot(Origin("directory", name), files, MappingProxyType({}), (), _Memory(encoded))


def checked(old: Texts, new: Texts, config: Config | None = None) -> Check:
    """The check of two texts, or of two sets of texts, all of which have to compile."""
    done = check(source(old, "old"), source(new, "new"), config or Config())
    assert not done.undecided, done.undecided
    return done


@dataclass(frozen=True, slots=True)
class Compared:
    """Two schemas, how their elements pair, and what differs."""

    old: Schema
    new: Schema
    pairing: Pairing
    changes: tuple[Change, ...]


def schema(texts: Texts) -> Schema:
    """The schema of texts, every file of which is to be compared."""
    loaded = load(empty("nothing"), source(texts))
    assert not loaded.unknown, loaded.unknown
    return build(loaded.new)


def differences(
    old: Schema, new: Schema, roots: Mapping[str, str] = MappingProxyType({}), config: Config | None = None
) -> Compared:
    """What differs between two schemas; `roots` maps new roots to the old ones that they continue."""
    pairing = pair(old, new, roots)
    return Compared(old, new, pairing, tuple(changes(old, new, pairing, settings(config or Config()))))


def compared(old: Texts, new: Texts, roots: tuple[str, ...] = ()) -> Compared:
    """What differs between two sources, loaded as a check does it; `roots` are configured import roots."""
    loaded = load(source(old, "old"), source(new, "new"), roots=roots)
    assert not loaded.unknown, loaded.unknown
    return differences(build(loaded.old), build(loaded.new), loaded.pairs)


def judged(found: Compared, config: Config) -> tuple[Finding, ...]:
    """The findings that differences are under a configuration, in no particular order."""
    old, new, gate = Reach(found.old), Reach(found.new), policy(config)
    findings = (judge(change, carriers_of(change, old, new, {}), gate) for change in found.changes)
    return tuple(one for one in findings if one is not None)


def examples(kind: str) -> Iterator[Path]:
    """The folders below `fixtures/<kind>` that hold an old and a new side, outer before inner."""
    for folder in sorted(path for path in (FIXTURES / kind).rglob("*") if path.is_dir()):
        if (folder / "old.proto").exists() or (folder / "old").is_dir():
            yield folder


def sides(folder: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The texts of an example: two files, or two folders of files."""
    return _side(folder, "old"), _side(folder, "new")


def config_of(folder: Path) -> Config:
    """The configuration of an example: the file in its folder, or the defaults."""
    file = folder / "compatcheck.toml"
    return parse(file.read_bytes(), file.name, NAMES) if file.exists() else Config()


def _side(folder: Path, side: str) -> dict[str, str]:
    texts = _texts(folder, side)
    named = {name for text in texts.values() for name in mentioned(text.encode())}
    shared = {name: IMPORTS / name for name in named - texts.keys()}
    return texts | {name: path.read_text() for name, path in shared.items() if path.exists()}


def _texts(folder: Path, side: str) -> dict[str, str]:
    top = folder / side
    if not top.is_dir():
        return {ALONE: (folder / f"{side}.proto").read_bytes().decode()}
    return {path.relative_to(top).as_posix(): path.read_bytes().decode() for path in top.rglob("*.proto")}
