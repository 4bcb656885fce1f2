"""The facts about extensions, each identified by the message that it extends and its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from compatcheck.diff.changes import Added, Removed
from compatcheck.diff.effects import Effects, Reads
from compatcheck.diff.fields import FieldChange, numbered_facts
from compatcheck.diff.holders import Holders
from compatcheck.diff.pairing import Pairing
from compatcheck.reads.effects import Surface
from compatcheck.schema.model import Field

_OPTIONS = re.compile(r"google\.protobuf\.\w+Options")
"""The messages whose extensions are custom options: only source and code have them, no message ever sent."""

Extensions = Mapping[tuple[str, str], tuple[Mapping[int, Field], Mapping[int, Field]]]
"""Old root and extendee, by its new name, to the extensions of both sides by number."""


def pair_extensions(old: Iterable[Field], new: Iterable[Field], pairing: Pairing) -> Extensions:
    """The extensions of the same message in the same universe."""
    found: dict[tuple[str, str], tuple[dict[int, Field], dict[int, Field]]] = {}
    for field in old:
        root = field.place.file.root
        key = (root, pairing.new_name(root, field.extendee))
        found.setdefault(key, ({}, {}))[0][field.number] = field
    for field in new:
        key = (pairing.old_root(field.place.file.root), field.extendee)
        found.setdefault(key, ({}, {}))[1][field.number] = field
    return dict(sorted(found.items()))


def extension_fields(
    extensions: Extensions, pairing: Pairing, holders: Holders, reads: Reads
) -> Iterator[FieldChange]:
    """What happened to extensions."""
    for (_, extendee), (before, after) in extensions.items():
        for change in numbered_facts(before, after, None, (None, None), pairing, reads):
            if _OPTIONS.fullmatch(extendee):
                change = replace(change, effects=_on_code(change.effects))
            if isinstance(change, Added):
                yield replace(change, holder=holders.of_added(change.new))
            elif isinstance(change, Removed):
                yield replace(change, holder=holders.of_removed(change.old))
            else:
                yield change


def _on_code(effects: Effects) -> Effects:
    return tuple(one for one in effects if one.surface is Surface.GENERATED)
