"""Finds a message that shows an effect: tries candidates, plain ones first, and shrinks the first that does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError
from google.protobuf.message import Message as Value

from compatcheck.reads.effects import Effect
from compatcheck.witness.candidates import candidates
from compatcheck.witness.complete import fill_for
from compatcheck.witness.content import Element, clear, elements, write
from compatcheck.witness.fill import RequiresItselfError, TooLargeError, fill
from compatcheck.witness.observe import Place, shows
from compatcheck.witness.shrink import smaller
from compatcheck.witness.travel import Arrival, Road, send, what_is_missing
from compatcheck.witness.way import Way, build, follow

MOST_TRIED = 300
"""Messages that are tried for one effect at one place."""

_INDEX = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that shows the effect, what arrived of it, and where it shows (None if nothing arrived)."""

    written: Value
    arrival: Arrival
    place: Place | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """An effect at the end of a way, with what it takes to try messages.

    Its functions raise RequiresItselfError or TooLargeError where the writer can write no message.
    """

    effect: Effect
    way: Way
    number: int | None
    moved: bool
    road: Road
    writer: type[Value]
    reader: type[Value]

    def find(self) -> Shown | None:
        """The smallest message found that shows the effect; None if there is none."""
        second_best: Shown | None = None
        for written in islice(self._messages(), MOST_TRIED):
            shown = self._attempt(written)
            if shown is None:
                continue
            if self.number is None or len(shown.missing) <= 1:
                return self._shrunk(shown)
            # It would be rejected with any value of the enum.
            second_best = second_best or shown
        return self._shrunk(second_best) if second_best else None

    def _shrunk(self, shown: Shown) -> Shown:
        while True:
            attempts = (self._attempt(one) for one in smaller(shown.written))
            most = len(shown.missing)
            less = next((one for one in attempts if one is not None and len(one.missing) <= most), None)
            if less is None:
                return shown
            shown = less

    def _attempt(self, written: Value) -> Shown | None:
        """What a message shows, if it shows the effect and nothing worse."""
        arrival = self._send(written)
        if arrival is None:
            return None
        rejects = self.effect is Effect.REJECTED
        if arrival.read is None:
            own = rejects and self._is_its_own_doing(written)
            return Shown(written, arrival, None, ()) if own else None
        missing = what_is_missing(arrival.read)
        place = self._place(written, arrival.read)
        if rejects:
            own = self._is_among(missing) and (self.number is None or self._holds_something(written))
            return Shown(written, arrival, place, missing) if own else None
        if missing or place is None or not shows(self.effect, place):
            return None
        return Shown(written, arrival, place, ())

    def _send(self, written: Value) -> Arrival | None:
        return send(written, self.reader(), self.road) if written.IsInitialized() else None

    def _place(self, written: Value, read: Value) -> Place | None:
        theirs, ours = follow(written, self.way.writers), follow(read, self.way.readers)
        if theirs is None or ours is None:
            return None
        return Place(self.road.surface, theirs, self.way.writer, ours, self.way.reader, self.moved)

    def _is_its_own_doing(self, written: Value) -> bool:
        """Whether a message that is rejected is taken if the field that the effect is about is not set."""
        copy = self.writer()
        copy.CopyFrom(written)
        around, field = follow(copy, self.way.writers), self.way.writer
        if around is None or field is None or field.is_required:
            return True
        clear(around, field)
        taken = self._send(copy)
        return taken is None or taken.read is not None

    def _holds_something(self, written: Value) -> bool:
        """Whether the field of the effect is set: a value of an enum is not shown by a message without any."""
        around = follow(written, self.way.writers)
        return around is not None and self.way.writer is not None and bool(elements(around, self.way.writer))

    def _is_among(self, missing: Sequence[str]) -> bool:
        """Whether the reader misses the field of the effect, or something in it."""
        path = ".".join(self.way.names)
        found = [_INDEX.sub("", one) for one in missing]
        return any(one == path or one.startswith(f"{path}.") for one in found)

    def _messages(self) -> Iterator[Value]:
        """The field alone, then with a member of its oneof, then with what only the reader requires."""
        several = list(islice(self._contents(), MOST_TRIED))
        for contents in several:
            yield from self._with(contents, None)
        something = next((one for one in several if one), [])
        for companion in self._companions():
            yield from self._with(something, companion)
        for contents in several:
            for message in self._with(contents, None):
                read = self.reader()
                if send(message, read, self.road) is not None and fill_for(message, read, self.road.surface):
                    yield message

    def _contents(self) -> Iterator[list[Element]]:
        field = self.way.writer
        if field is None or self.effect in (Effect.DEFAULT_CHANGED, Effect.REJECTED):
            yield []
        if field is not None and self.effect is not Effect.DEFAULT_CHANGED:
            yield from candidates(field, self.way.reader, self.number)

    def _with(self, contents: Sequence[Element], companion: FieldDescriptor | None) -> Iterator[Value]:
        """The message with these contents, or nothing if the runtime does not let it be written."""
        written = self.writer()
        around = build(written, self.way.writers)
        try:
            if self.way.writer is not None:
                write(around, self.way.writer, contents)
            if companion is not None:
                write(around, companion, next(candidates(companion, None, None)))
        except (ValueError, TypeError, DecodeError, RequiresItselfError, TooLargeError):
            return
        fill(written)
        yield written

    def _companions(self) -> list[FieldDescriptor]:
        """Fields that the writer can set together with the effect's, and that share its oneof at the reader."""
        writer, reader = self.way.writer, self.way.reader
        if writer is None or writer.is_extension or reader is None or reader.containing_oneof is None:
            return []
        assert writer.containing_type is not None
        theirs = writer.containing_type.fields_by_number
        members = [theirs[one.number] for one in reader.containing_oneof.fields if one.number in theirs]
        return [one for one in members if one.number != writer.number]
