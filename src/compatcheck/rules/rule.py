"""What a rule is, and the decorator that makes one of a documented function."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast, get_args, get_origin

from compatcheck.diff.changes import Change, Changed, OptionChanged, element_of
from compatcheck.reads.effects import Aspect

C = TypeVar("C", bound=Change)
_HELP = "Help: "


@dataclass(frozen=True, slots=True)
class Rule:
    """A judgement of one kind of change. Its id is public: never renamed, never used again for something else."""

    id: str
    title: str
    explanation: str
    help: str
    event: type[Change]
    """Added, Removed, Changed or OptionChanged."""
    element: type | None
    """The kind of element; None for options, which every element has."""
    aspect: Aspect | None
    """What must have changed; None for Added and Removed."""
    tell: Callable[[Change], str | None]
    """The message for a change, in plain words, or None if the rule does not mean this change."""

    def message(self, change: Change) -> str | None:
        """The message if the rule is about this change, None if not."""
        aspect = change.aspect if isinstance(change, (Changed, OptionChanged)) else None
        if type(change) is not self.event or self.element not in (None, type(element_of(change))):
            return None
        return self.tell(change) if aspect is self.aspect else None


def rule(shape: type[C], aspect: Aspect | None = None) -> Callable[[Callable[[C], str | None]], Rule]:
    """Make a rule of a function that tells what a change means, or returns None if it is another rule's.

    The function's name is the id; the docstring's first line the title, its last paragraph ("Help: ...") what to
    do instead, what stands between them the explanation.
    """

    def decorate(function: Callable[[C], str | None]) -> Rule:
        title, explanation, help_ = _document(function)
        return Rule(
            id=function.__name__.replace("_", "-"),
            title=title,
            explanation=explanation,
            help=help_,
            event=cast("type[Change]", get_origin(shape) or shape),
            element=next(iter(get_args(shape)), None),
            aspect=aspect,
            tell=cast("Callable[[Change], str | None]", function),
        )

    return decorate


def _document(function: Callable[[C], str | None]) -> tuple[str, str, str]:
    title, *paragraphs = (inspect.getdoc(function) or "").split("\n\n")
    if not paragraphs or not paragraphs[-1].startswith(_HELP):
        raise ValueError(
            f"the docstring of rule {function.__name__} has no paragraph that begins with {_HELP!r}"
        )
    help_ = " ".join(paragraphs[-1].removeprefix(_HELP).split())
    return title, "\n\n".join(paragraphs[:-1]), help_
