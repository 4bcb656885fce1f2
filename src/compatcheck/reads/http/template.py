"""Path templates of `google.api.http`, parsed by the grammar of google/api/http.proto and compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

ONE, REST = "*", "**"
_SEGMENTS = re.compile(r"/(\{[^{}]+\}|[^/{}]+)")


@dataclass(frozen=True, slots=True)
class Variable:
    """A field that takes what some segments of a path say."""

    field: str
    """The path of the field in the request, with dots."""
    start: int
    """The index of its first segment."""
    end: int | None
    """The index after its last one; None if it goes to the end of the path."""


@dataclass(frozen=True, slots=True)
class Template:
    """The paths that a route serves."""

    segments: tuple[str, ...]
    """Literals, `*` for one segment and, at the end, `**` for any number of them."""
    suffix: str
    """What follows the last colon: `archive` in `/v1/{name}:archive`."""
    variables: tuple[Variable, ...]

    def covers(self, other: Template) -> bool:
        """Whether every path of the other is a path of this one."""
        mine, theirs = self._fixed, other._fixed
        if self.suffix != other.suffix or len(theirs) < len(mine):
            return False
        if not self._open and (other._open or len(theirs) > len(mine)):
            return False
        return all(one in (ONE, another) for one, another in zip(mine, theirs, strict=False))

    def overlaps(self, other: Template) -> bool:
        """Whether some path is a path of both."""
        mine, theirs = self._fixed, other._fixed
        if self.suffix != other.suffix:
            return False
        if (len(mine) > len(theirs) and not other._open) or (len(theirs) > len(mine) and not self._open):
            return False
        return all(
            one == another or ONE in (one, another) for one, another in zip(mine, theirs, strict=False)
        )

    @property
    def key(self) -> tuple[tuple[str, ...], str]:
        """Equal for templates of the same paths, whatever their variables are."""
        return self.segments, self.suffix

    @property
    def _open(self) -> bool:
        return self.segments[-1:] == (REST,)

    @property
    def _fixed(self) -> tuple[str, ...]:
        return self.segments[:-1] if self._open else self.segments


def parse(text: str) -> Template:
    """The template that `text` is. What the grammar does not allow serves only what is written in the same way."""
    after_braces = max(text.rfind("/"), text.rfind("}"))
    colon = text.find(":", after_braces + 1)
    path, suffix = (text, "") if colon < 0 else (text[:colon], text[colon + 1 :])
    parts = _SEGMENTS.findall(path)
    if not parts or "".join(f"/{part}" for part in parts) != path:
        return Template((text,), "", ())
    segments: list[str] = []
    spans: list[tuple[str, int, int]] = []
    for part in parts:
        if part.startswith("{"):
            field, _, pattern = part[1:-1].partition("=")
            start = len(segments)
            segments += (pattern or ONE).split("/")
            spans.append((field, start, len(segments)))
        else:
            segments.append(part)
    if REST in segments[:-1]:
        return Template((text,), "", ())
    variables = (Variable(field, start, None if end == len(segments) else end) for field, start, end in spans)
    return Template(tuple(segments), suffix, tuple(variables))
