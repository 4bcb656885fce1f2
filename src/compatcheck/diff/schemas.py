"""The changes between two schemas, element by element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from compatcheck.diff.changes import Added, Change, Changed, Removed
from compatcheck.diff.effects import Reads, no_longer_compiles
from compatcheck.diff.enums import enum_facts
from compatcheck.diff.extensions import extension_fields, pair_extensions
from compatcheck.diff.fields import message_fields
from compatcheck.diff.generated import generated_facts
from compatcheck.diff.holders import Holders
from compatcheck.diff.http import Rest
from compatcheck.diff.options import option_facts
from compatcheck.diff.packed import Packed
from compatcheck.diff.pairing import Pairing, outside_of
from compatcheck.diff.reservations import extension_ranges_given_up, free_again, reservations_given_up
from compatcheck.diff.services import come, gone, renamed_path, service_facts
from compatcheck.diff.settings import Settings
from compatcheck.diff.users import Users
from compatcheck.reads.effects import Aspect
from compatcheck.schema.model import Enum, Field, File, Message, Schema, Service
from compatcheck.schema.walk import extensions_of


def changes(old: Schema, new: Schema, pairing: Pairing, settings: Settings) -> Iterator[Change]:
    """Every structural fact about the compared files; nested facts stand where they happen."""
    reads, holders = Reads(settings), Holders(pairing)
    rest = Rest(old, new, pairing)
    packed = Packed(old, new, settings.travels_in_any)
    yield from _file_facts(pairing, packed)
    yield from map(rest.with_effects, _message_facts(pairing, holders, reads, packed))
    yield from _enum_facts(pairing, holders, reads, Users(old, new, pairing))
    extensions = pair_extensions(_extensions(old), _extensions(new), pairing)
    yield from map(rest.with_effects, extension_fields(extensions, pairing, holders, reads))
    yield from map(rest.with_effects, _service_facts(pairing, holders, reads))
    yield from generated_facts(pairing)
    yield from option_facts(pairing, extensions, settings, rest)


def _file_facts(pairing: Pairing, packed: Packed) -> Iterator[Changed[File]]:
    types = _renamed_with_package((*pairing.messages.kept, *pairing.enums.kept), pairing)
    services = _renamed_with_package(pairing.services.kept, pairing)
    for old, new in pairing.files:
        if old.path in services:
            yield Changed(old, new, Aspect.PACKAGE, (*renamed_path(), *packed.renamed(old.messages)))
        elif old.path in types or (old.extensions and old.package != new.package):
            yield Changed(old, new, Aspect.PACKAGE, (no_longer_compiles(), *packed.renamed(old.messages)))
        if old.syntax != new.syntax:
            # What it means for each field and enum is told there.
            yield Changed(old, new, Aspect.SYNTAX, ())


def _renamed_with_package(
    pairs: Iterable[tuple[Message, Message] | tuple[Enum, Enum] | tuple[Service, Service]], pairing: Pairing
) -> set[str]:
    """The paths of the old files from which an element got a new name for its package's sake."""
    return {
        old.place.file.path
        for old, new in pairs
        if old.full_name != new.full_name
        and old.place.file.path in pairing.packages
        and pairing.keeps_its_name(old, new)
    }


def _message_facts(
    pairing: Pairing, holders: Holders, reads: Reads, packed: Packed
) -> Iterator[Removed[Message] | Changed[Message] | Added[Field] | Removed[Field] | Changed[Field]]:
    for old, new in pairing.messages.kept:
        if _renamed(old, new, pairing):
            yield Changed(old, new, Aspect.NAME, (no_longer_compiles(), *packed.renamed((old,))))
        yield from message_fields(old, new, pairing, reads)
        if reservations_given_up(old, new):
            yield Changed(old, new, Aspect.RESERVED, free_again())
        if extension_ranges_given_up(old, new):
            yield Changed(old, new, Aspect.EXTENSION_RANGES, (no_longer_compiles(),))
    for message in pairing.messages.removed:
        yield Removed(message, holders.of_removed(message), (no_longer_compiles(), *packed.gone((message,))))


def _enum_facts(pairing: Pairing, holders: Holders, reads: Reads, users: Users) -> Iterator[Change]:
    for old, new in pairing.enums.kept:
        if _renamed(old, new, pairing):
            yield Changed(old, new, Aspect.NAME, (no_longer_compiles(),))
        for change in enum_facts(old, new, reads):
            yield replace(change, effects=users.carried_up(change.effects, old, new))
    for enum in outside_of(pairing.messages.removed, pairing.enums.removed):
        yield Removed(enum, holders.of_removed(enum), (no_longer_compiles(),))


def _service_facts(pairing: Pairing, holders: Holders, reads: Reads) -> Iterator[Change]:
    for old, new in pairing.services.kept:
        yield from service_facts(old, new, pairing, reads)
    for service in pairing.services.removed:
        yield Removed(service, holders.of_removed(service), gone())
    for service in pairing.services.added:
        yield Added(service, holders.of_added(service), come())


def _renamed(old: Message | Enum, new: Message | Enum, pairing: Pairing) -> bool:
    """Whether it has a new name of its own, not one that its package or the message around it gave it."""
    return old.full_name != new.full_name and not pairing.keeps_its_name(old, new)


def _extensions(schema: Schema) -> list[Field]:
    return [field for file in schema.files if file.compared for field in extensions_of(file)]
