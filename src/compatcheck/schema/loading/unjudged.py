"""Compares the options that were left out of the files of both sides: as text, element by element."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from compatcheck.schema.compiling.left_out import LeftOut
from compatcheck.schema.compiling.outline import Element, Outline, outline
from compatcheck.schema.loaded import Loaded, Side, Unknown
from compatcheck.schema.loading.plan import missing_import
from compatcheck.schema.loading.run import Runner
from compatcheck.schema.loading.workspace import Found
from compatcheck.source.content import shown

_MOST_TOLD = 5
_KINDS = ("file", "message", "enum", "service")
"""What may get another name and still be known for the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Options of one element that differ and that cannot be read on at least one side.

    `path`: the file on the new side, if it is there; `missing`: the imports that may define them. `unread`: the
    element, if one side can read options of it that the other cannot, or may not be able to.
    """

    path: str
    names: frozenset[str]
    missing: frozenset[str]
    unread: frozenset[Element]


@dataclass(slots=True)
class _Sheet:
    """The elements of one side, below their universe, with the package of the old side where a file changed its own.

    `own`: element -> what it is on its own side; `paths`: element -> its file; `readable`: element -> how many
    of its foreign options were compiled; `left_out`: element -> (name, text) of those that were not compiled.
    """

    own: dict[Element, Element] = field(default_factory=dict)
    paths: dict[Element, str] = field(default_factory=dict)
    readable: Counter[Element] = field(default_factory=Counter)
    left_out: dict[Element, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()
    """What any file of the side lacks."""

    def add(self, path: str, found: Outline, left_out: LeftOut, universe: str, package: str) -> None:
        def known(element: Element) -> Element:
            return (universe, package, *element[1:]) if len(element) > 1 else (universe, *element)

        for element in found.elements:
            self.own[known(element)], self.paths[known(element)] = element, path
        for group in found.options:
            self.readable[known(group.element)] += sum(one.is_foreign for one in group.options)
        for element, options in left_out.items():
            self.left_out[known(element)] = tuple((_shown(one.name), one.text) for one in options)
            self.readable[known(element)] -= sum(one.is_foreign for one in options)


def differences(
    old: Runner, new: Runner, pairs: Mapping[str, str], paths: Collection[str]
) -> list[Difference]:
    """What differs in the left-out options of `paths`; `pairs`: key of a new universe -> key of its old one.

    Options of an element that only one side has say nothing to the other, except those of a field or oneof of
    a message that both have, and those of an element that may have had another name.
    """
    if not any(runner.results.left_out.get(path) for runner in (old, new) for path in paths):
        return []
    packages = {path: _package(old, path) for path in paths if path in old.results.where}
    before = _sheet(old, paths, packages, {key: f"old {key}" for key in old.results.universes})
    after = _sheet(new, paths, packages, {key: f"old {other}" for key, other in pairs.items()})
    return [_difference(one, before, old, after, new) for one in sorted(_differing(before, after))]


def _package(runner: Runner, path: str) -> str:
    return runner.side.scan(Found(runner.results.where[path][1], path)).package


def _sheet(
    runner: Runner, paths: Iterable[str], packages: Mapping[str, str], universes: Mapping[str, str]
) -> _Sheet:
    sheet = _Sheet(lacks=frozenset().union(*runner.results.lacks.values()))
    for path in paths:
        if path in runner.results.where:
            key, name = runner.results.where[path]
            package = packages[path] if path in packages else _package(runner, path)
            text, left_out = runner.side.text(Found(name, path)), runner.results.left_out[path]
            sheet.add(path, outline(text, name), left_out, universes.get(key, f"new {key}"), package)
    return sheet


def _differing(old: _Sheet, new: _Sheet) -> set[Element]:
    return {
        element
        for element in old.left_out.keys() | new.left_out.keys()
        if _texts(element, old) != _texts(element, new) and _concerns_both(element, old, new)
    } | set(_perhaps_renamed(old, new))


def _texts(element: Element, sheet: _Sheet) -> tuple[str, ...]:
    return tuple(text for _, text in sheet.left_out.get(element, ()))


def _concerns_both(element: Element, old: _Sheet, new: _Sheet) -> bool:
    *outer, last = element
    holder = tuple(outer)
    is_of_message = _kind(last) in ("field", "oneof") and bool(holder) and _kind(holder[-1]) == "message"
    shared = holder if is_of_message else element
    return shared in old.own and shared in new.own


def _perhaps_renamed(old: _Sheet, new: _Sheet) -> Iterator[Element]:
    """The elements with options in what one side lacks, unless the other has the like under another name."""
    removed, added = _one_sided(old, new), _one_sided(new, old)
    for kind in _KINDS:
        gone = {top: inner for top, inner in removed.items() if _kind(top[-1]) == kind}
        come = {top: inner for top, inner in added.items() if _kind(top[-1]) == kind}
        if not gone or not come:
            continue
        old_forms = {top: _form(top, inner, old) for top, inner in gone.items()}
        new_forms = {top: _form(top, inner, new) for top, inner in come.items()}
        for forms, others, inners, sheet in (
            (old_forms, set(new_forms.values()), gone, old),
            (new_forms, set(old_forms.values()), come, new),
        ):
            for top, form in forms.items():
                if form not in others:
                    yield from (one for one in inners[top] if one in sheet.left_out or sheet.readable[one])


def _one_sided(sheet: _Sheet, other: _Sheet) -> dict[Element, list[Element]]:
    """The outermost elements that the other side lacks -> all that is in them, themselves included."""
    found: dict[Element, list[Element]] = {}
    for element in sorted(sheet.own):
        if element in other.own:
            continue
        tops = (element[: end + 1] for end in range(len(element)))
        top = next((one for one in tops if one in found), None)
        if top is not None:
            found[top].append(element)
        elif _kind(element[-1]) in _KINDS:
            found[element] = [element]
    return found


def _form(
    top: Element, inner: Iterable[Element], sheet: _Sheet
) -> frozenset[tuple[Element, tuple[str, ...]]]:
    return frozenset((one[len(top) :], texts) for one in inner if (texts := _texts(one, sheet)))


def _difference(element: Element, before: _Sheet, old: Runner, after: _Sheet, new: Runner) -> Difference:
    old_options, new_options = before.left_out.get(element, ()), after.left_out.get(element, ())
    old_path = before.paths.get(element) or after.paths[element]
    new_path = after.paths.get(element) or old_path
    old_lacks = old.results.lacks.get(old_path, before.lacks)
    new_lacks = new.results.lacks.get(new_path, after.lacks)
    readable = before.readable[element] or after.readable[element]
    own = frozenset(sheet.own[element] for sheet in (before, after) if element in sheet.own)
    return Difference(
        path=new_path,
        names=frozenset(
            name for name, _ in set(old_options) ^ set(new_options) or {*old_options, *new_options}
        ),
        missing=old_lacks | new_lacks,
        unread=own if readable and old_lacks != new_lacks else frozenset(),
    )


def _kind(scope: str) -> str:
    return scope.partition(" ")[0]


def _shown(name: str) -> str:
    """The option that a name leads into: "(validate.rules)" of "(validate.rules).string.min_len"."""
    return name[: name.rfind(")") + 1]


def with_unjudged(loaded: Loaded, found: Iterable[Difference], old: Runner, new: Runner) -> Loaded:
    """Add what cannot be judged of files that are compared otherwise, and count those compared as text."""
    by_path: dict[str, list[Difference]] = {}
    for one in found:
        if one.names:
            by_path.setdefault(one.path, []).append(one)
    told = {one.path for one in loaded.unknown}
    unjudged = [_unknown(path, several, old, new) for path, several in by_path.items() if path not in told]
    as_text: Counter[str] = Counter()
    for path in {
        universe.path(name)
        for side in (loaded.old, loaded.new)
        for universe in side.universes
        for name in universe.compare
    } - by_path.keys():
        as_text.update(
            {
                name
                for runner in (old, new)
                if runner.results.left_out.get(path)
                for name in runner.results.lacks[path]
            }
        )
    unknown = sorted((*loaded.unknown, *unjudged), key=lambda one: (one.path, one.side))
    return replace(loaded, unknown=tuple(unknown), as_text=dict(sorted(as_text.items())))


def _unknown(path: str, found: Iterable[Difference], old: Runner, new: Runner) -> Unknown:
    names = sorted({name for one in found for name in one.names})
    missing = sorted({name for one in found for name in one.missing})
    side: Side = "new" if path in new.results.where else "old"
    runner = new if side == "new" else old
    reason = f"options {_listed(names)} changed and cannot be judged, since {_listed(missing)} "
    reason += "is missing" if len(missing) == 1 else "are missing"
    return Unknown(
        path, side, "unjudged-options", reason, missing_import(missing[0], path, runner.side).remedy
    )


def _listed(names: Sequence[str]) -> str:
    told = [f"`{shown(name)}`" for name in names[:_MOST_TOLD]]
    more = len(names) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")
