"""What looking for a witness yields: a message that shows an effect, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from compatcheck.reads.effects import DirectedEffect


class Reason(Enum):
    """Why no message shows a finding: a closed list."""

    ROUTING = "it is about how calls are routed, not about what a message holds"
    GENERATED = "it shows in the source and in code that is compiled again, not in a message"
    OPTION = "it is about an option, which no message shows"
    ABSENT = "the writer's schema lacks the field: the two schemas tell it, no message does"
    LATER = "nothing happens before a number or a name is used again"
    ANY = "it shows only in what is packed in `Any`"
    NOT_HELD = "no field of both schemas holds the enum"
    ONE_SIDED = "only one of the two schemas has the message"
    REQUIRES_ITSELF = "a message that requires itself cannot be written"
    TOO_LARGE = "the smallest message would be too large"
    RUNTIME = "the runtime at hand does not take the schema"
    LENIENT = "the parser at hand is milder than the strictest one, by which JSON is judged"
    GIVEN_UP = "the search was given up: too many findings had none"
    HIDDEN = "no message shows it by itself: another change hides it"


@dataclass(frozen=True, slots=True)
class NoWitness:
    reason: Reason


@dataclass(frozen=True, slots=True)
class Witness:
    """A message that was written with one schema and read with the other, by the runtime at hand."""

    effect: DirectedEffect
    """The effect that was predicted and that was seen."""
    writer: str
    """The full name of the message as the writer calls it."""
    reader: str
    written: str
    """In text format, on one line."""
    data: bytes | str
    """What travelled: bytes on the wire, a text in JSON."""
    read: str
    """In text format, on one line; unknown fields by their number. Empty if there is an error."""
    error: str
    """What the runtime said instead of a message, empty if it took it."""
    missing: tuple[str, ...]
    """What the reader's schema requires and the message lacks. Python takes it, other runtimes reject it."""
    note: str
    """What the two texts do not show by themselves; empty if they do."""
