"""What held a removed element, or would hold an added one, on the side that lacks it."""

from __future__ import annotations

from compatcheck.diff.pairing import Pairing
from compatcheck.schema.model import Enum, Field, Message, Place, Service

_Key = tuple[str, str]


class Holders:
    """The counterparts of the messages and files around an element."""

    def __init__(self, pairing: Pairing) -> None:
        self._new: dict[_Key, Place] = {}
        self._old: dict[_Key, Place] = {}
        for old_file, new_file in pairing.files:
            self._new[old_file.path, ""] = new_file.place
            self._old[new_file.path, ""] = old_file.place
        for old, new in pairing.messages.kept:
            self._new[old.place.file.path, old.full_name] = new.place
            self._old[new.place.file.path, new.full_name] = old.place

    def of_removed(self, element: Message | Enum | Service | Field) -> Place | None:
        """Where it stood, in the new schema; None if the file is gone as well."""
        return _around(element, self._new)

    def of_added(self, element: Message | Enum | Service | Field) -> Place | None:
        """Where it would stand in the old schema; None if the file is new as well."""
        return _around(element, self._old)


def _around(element: Message | Enum | Service | Field, places: dict[_Key, Place]) -> Place | None:
    path = element.place.file.path
    parent = element.full_name.rpartition(".")[0]
    return places.get((path, parent)) or places.get((path, ""))
