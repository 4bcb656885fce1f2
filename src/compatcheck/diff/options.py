"""The facts about options with a meaning, on elements that both schemas have."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.diff.changes import Element, OptionChanged
from compatcheck.diff.extensions import Extensions
from compatcheck.diff.fields import kept_fields
from compatcheck.diff.generated import language_facts
from compatcheck.diff.http import Rest
from compatcheck.diff.pairing import Pairing
from compatcheck.diff.settings import Settings
from compatcheck.diff.validation import validation_facts
from compatcheck.reads.effects import Aspect
from compatcheck.schema.model import Enum, EnumValue, File, Method, Service


def option_facts(
    pairing: Pairing, extensions: Extensions, settings: Settings, rest: Rest
) -> Iterator[OptionChanged]:
    """What changed in the options of every element that both schemas have."""
    for old, new in _elements(pairing, extensions):
        differ = old.place.written_options != new.place.written_options
        if differ or isinstance(old, File):
            yield from language_facts(old, new, settings.languages)
        if differ:
            yield from _of_any_element(old, new, settings)
            yield from rest.option_facts(old, new)
    yield from validation_facts(pairing, extensions)


def _of_any_element(old: Element, new: Element, settings: Settings) -> Iterator[OptionChanged]:
    before, after = old.place.options, new.place.options
    if bool(before.get("deprecated")) != bool(after.get("deprecated")):
        yield OptionChanged(old, new, Aspect.DEPRECATED, "deprecated", ())
    for name in sorted(settings.options):
        if before.get(name) != after.get(name):
            yield OptionChanged(old, new, Aspect.OPTION, name, ())


def _elements(pairing: Pairing, extensions: Extensions) -> Iterator[tuple[Element, Element]]:
    yield from pairing.files
    for old, new in pairing.messages.kept:
        yield old, new
        yield from kept_fields(old.numbers, new.numbers)
    for before, after in extensions.values():
        yield from kept_fields(before, after)
    for old_enum, new_enum in pairing.enums.kept:
        yield old_enum, new_enum
        yield from _same_values(old_enum, new_enum)
    for old_service, new_service in pairing.services.kept:
        yield old_service, new_service
        yield from _same_methods(old_service, new_service)


def _same_values(old: Enum, new: Enum) -> Iterator[tuple[EnumValue, EnumValue]]:
    names = {value.name: value for value in new.values}
    return ((value, names[value.name]) for value in old.values if value.name in names)


def _same_methods(old: Service, new: Service) -> Iterator[tuple[Method, Method]]:
    names = {method.name: method for method in new.methods}
    return ((method, names[method.name]) for method in old.methods if method.name in names)
