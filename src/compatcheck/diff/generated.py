"""The facts that only code and other files notice: language options, visibility, names of oneofs, public imports."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.diff.changes import Changed, Element, OptionChanged
from compatcheck.diff.oneofs import renamed_oneofs
from compatcheck.diff.pairing import Pairing
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Effect, Surface
from compatcheck.reads.generated.features import languages_of, told_features
from compatcheck.reads.generated.files import FILE_OPTIONS, ONLY_ADD
from compatcheck.reads.generated.languages import only_in
from compatcheck.schema.model import Enum, Field, File, Message

_BY_OTHERS = "only in other files that use it"


def generated_facts(pairing: Pairing) -> Iterator[Changed[File] | Changed[Message] | Changed[Enum]]:
    """What can no longer be used by other files, or is called otherwise in code alone."""
    yield from _public_imports(pairing)
    for old, new in pairing.messages.kept:
        if old.exported and not new.exported:
            yield Changed(old, new, Aspect.VISIBILITY, _rejected(_BY_OTHERS))
        if renamed_oneofs(old, new):
            yield Changed(old, new, Aspect.ONEOF, _rejected(""))
    for old_enum, new_enum in pairing.enums.kept:
        if old_enum.exported and not new_enum.exported:
            yield Changed(old_enum, new_enum, Aspect.VISIBILITY, _rejected(_BY_OTHERS))


def language_facts(old: Element, new: Element, languages: frozenset[str] | None) -> Iterator[OptionChanged]:
    """Options that move or reshape the code of an element; `languages` are those that are used, None for all.

    For elements whose options differ, and for files, whose edition may mean other defaults.
    """
    if isinstance(old, File) and isinstance(new, File):
        for option in _moving(old, new):
            which = FILE_OPTIONS[option].condition(old, new)
            yield from _told(old, new, option, languages, which)
    if isinstance(old, (File, Message, Enum, Field)) and isinstance(new, (File, Message, Enum, Field)):
        for option in told_features(old, new):
            yield from _told(old, new, option, languages)


def _public_imports(pairing: Pairing) -> Iterator[Changed[File]]:
    """Files through which something that is still there can no longer be used."""
    gone: tuple[Message | Enum, ...] = (*pairing.messages.removed, *pairing.enums.removed)
    removed = {one.full_name for one in gone}
    for old, new in pairing.files:
        if [one.name for one in old.public_imports] == [one.name for one in new.public_imports]:
            continue
        visible = {name for file in (new, *passed_on(new)) for name in _declared(file)}
        kept = (
            (file.root, name) for file in passed_on(old) for name in _declared(file) if name not in removed
        )
        if any(pairing.new_name(root, name) not in visible for root, name in kept):
            condition = "only where what it imported is used through it"
            yield Changed(old, new, Aspect.PUBLIC_IMPORT, _rejected(condition))


def passed_on(file: File) -> tuple[File, ...]:
    """The files whose names can be used by who imports this one: its public imports and theirs, without itself."""
    found: dict[str, File] = {}
    pending = [*file.public_imports]
    while pending:
        one = pending.pop(0)
        if one.name not in found:
            found[one.name] = one
            pending += one.public_imports
    return tuple(found.values())


def _moving(old: File, new: File) -> Iterator[str]:
    """The options of a file by which its code is elsewhere or otherwise now.

    A package or a path that changes moves the defaults with it, and is told by itself.
    """
    same_place = (old.package, old.name) == (new.package, new.name)
    before, after = old.place.options, new.place.options
    for name, option in FILE_OPTIONS.items():
        if not same_place and name not in before and name not in after:
            continue
        was, is_now = option.value(old), option.value(new)
        if was != is_now and was is not None and (name, is_now) not in ONLY_ADD and option.matters(old):
            yield name


def _told(
    old: Element, new: Element, option: str, languages: frozenset[str] | None, which: str = ""
) -> Iterator[OptionChanged]:
    condition = only_in(languages_of(option), languages)
    if condition is not None:
        both = ", ".join(filter(None, (condition, which)))
        yield OptionChanged(old, new, Aspect.LANGUAGE_OPTION, option, _rejected(both))


def _rejected(condition: str) -> tuple[DirectedEffect, ...]:
    return (DirectedEffect(Direction.BACKWARD, Surface.GENERATED, Effect.REJECTED, condition),)


def _declared(file: File) -> Iterator[str]:
    declared: tuple[Message | Enum | Field, ...] = (*file.messages, *file.enums, *file.extensions)
    yield from (one.full_name for one in declared)
