"""What a finding says beside its message, in words: its effects, and who breaks on which methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.report.words import some_of
from compatcheck.rules.finding import Break, Finding, Reached

_METHODS_SHOWN = 3
_EFFECTS_SHOWN = 4

_BREAKS = {
    Break.OLD_CLIENT_NEW_SERVER: "old client with new server",
    Break.NEW_CLIENT_OLD_SERVER: "new client with old server",
}
_DIRECTIONS = {
    Direction.BACKWARD: "backward (new reads old)",
    Direction.FORWARD: "forward (old reads new)",
}
_PLACES = {
    Surface.WIRE: "on the wire",
    Surface.GRPC: "in gRPC",
    Surface.JSON: "in JSON",
    Surface.HTTP: "over REST",
    Surface.VALIDATION: "by validation",
    Surface.GENERATED: "by compilers of generated code",
}
_SURFACES = tuple(_PLACES)


def effect_phrases(effects: Iterable[DirectedEffect]) -> list[str]:
    """A line for each direction that has effects, the worst first; one line if both have the same."""
    shown = [one for one in effects if one.effect is not Effect.SAFE]
    lines: dict[str, list[str]] = {}
    for direction, name in _DIRECTIONS.items():
        phrase = _effects([one for one in shown if one.direction is direction])
        if phrase:
            lines.setdefault(phrase, []).append(name)
    if any(len(names) > 1 for names in lines.values()):
        return [f"both directions: {phrase}" for phrase in lines]
    return [f"{names[0]}: {phrase}" for phrase, names in lines.items()]


def _effects(effects: Sequence[DirectedEffect]) -> str:
    """`dropped on the wire and in JSON (above 2^31-1); ignored ...` for the effects of one direction."""
    places: dict[str, list[Surface]] = {}
    for one in sorted(effects, key=lambda one: (-one.effect, _SURFACES.index(one.surface))):
        where = f" at {'.'.join(one.path)}" if one.path else ""
        condition = f" ({one.condition})" if one.condition else ""
        surfaces = places.setdefault(f"{one.effect.label}\0{where}{condition}", [])
        if one.surface not in surfaces:
            surfaces.append(one.surface)
    phrases = []
    for key, surfaces in places.items():
        label, rest = key.split("\0", 1)
        phrases.append(f"{label} {some_of([_PLACES[one] for one in surfaces], 4)}{rest}")
    more = len(phrases) - _EFFECTS_SHOWN
    return "; ".join(phrases[:_EFFECTS_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def break_phrases(finding: Finding) -> list[tuple[str, str]]:
    """Who breaks and on which methods, one pair for both if the methods are the same."""
    lines: dict[str, list[str]] = {}
    for who, name in _BREAKS.items():
        if who in finding.breaks:
            lines.setdefault(_broken_methods(finding, who), []).append(name)
    return [(", and ".join(names), methods) for methods, names in lines.items()]


def _broken_methods(finding: Finding, who: Break) -> str:
    return some_of(_method_phrases([one for one in finding.methods if who in one.breaks]), _METHODS_SHOWN)


def unbroken_methods(finding: Finding) -> str:
    """The methods that reach the element and do not break; empty if there are none."""
    return some_of(_method_phrases([one for one in finding.methods if not one.breaks]), _METHODS_SHOWN)


def _method_phrases(reached: Iterable[Reached]) -> list[str]:
    """`shop.v1.Cart.Add (request.item.name, response)`, once a method: with the fields down to the element."""
    sides: dict[str, list[str]] = {}
    for one in reached:
        known = sides.setdefault(one.method, [])
        where = ".".join((one.side, *one.path))
        if where not in known:
            known.append(where)
    return [f"{method} ({', '.join(known)})" for method, known in sides.items()]
