"""Which of several findings on a method is the cause of what breaks there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from compatcheck.config import Config
from compatcheck.config.model import Channel
from compatcheck.reads.effects import Surface
from compatcheck.rollout.pairs import Judgement, Reason
from compatcheck.rules.finding import Finding
from compatcheck.schema.model import Message
from compatcheck.usecases.elements import types_below


def channels_of(finding: Finding, config: Config) -> Iterator[Channel]:
    """The channels on whose format a finding may break something."""
    broken = {one.surface for one in finding.effects if one.effect.breaks}
    for channel in config.channels.values():
        if (Surface.JSON if channel.format == "json" else Surface.WIRE) in broken:
            yield channel


@dataclass(frozen=True, slots=True)
class Blame:
    """All findings of a check."""

    findings: tuple[Finding, ...]
    _fields: dict[str, set[str]] = field(default_factory=dict)
    """Element -> the fields that hold it in the messages of channels."""

    def is_below(self, finding: Finding, tops: Iterable[Message]) -> bool:
        """Whether values of some messages hold the changed element."""
        element = finding.element
        owner = element.rpartition(".")[0]
        found = False
        for top in tops:
            for one in types_below(top):
                found = found or one.full_name in (element, owner)
                if isinstance(one, Message):
                    self._note(element, owner, one)
        return found

    def causes(self, finding: Finding, name: str, judged: Judgement, before: Callable[[], Judgement]) -> bool:
        """Whether something that breaks on a method or message is the finding's doing.

        What no finding explains is everybody's, unless it broke before, too: a live version may be far from both
        sources.
        """
        unclear = []
        for reason in judged.breaks:
            if self._owns(finding, name, reason):
                return True
            if not any(self._owns(one, name, reason) for one in self.findings):
                unclear.append(reason)
        return bool(unclear) and bool(set(unclear) - set(before().breaks))

    def _owns(self, finding: Finding, name: str, reason: Reason) -> bool:
        if reason.side == "message":
            fields = self._fields.get(finding.element, set())
            return not reason.path or not fields.isdisjoint(reason.path)
        return any(
            reached.method == name
            and reached.side == reason.side
            and (not reached.path or not reason.path or reached.path[-1] in reason.path)
            for reached in finding.methods
        )

    def _note(self, element: str, owner: str, holder: Message) -> None:
        for one in holder.numbers.values():
            part = one.parts[-1]
            names = (one.full_name, part.type_name)
            if element in names or (part.type_name == owner and not part.holds_message):
                self._fields.setdefault(element, set()).add(one.name)
