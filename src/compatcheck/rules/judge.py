"""From changes to findings: the rule, the severity, the places, the methods that are reached, who breaks."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping

from compatcheck.diff.changes import Added, Change, Element, OptionChanged, Removed, element_of
from compatcheck.reads.calls import Side
from compatcheck.reads.effects import Direction, Surface
from compatcheck.rules.finding import Break, Finding, Reached
from compatcheck.rules.places import locations, places
from compatcheck.rules.reach import Carriers
from compatcheck.rules.registry import RULES
from compatcheck.rules.rule import Rule
from compatcheck.rules.severity import Policy
from compatcheck.schema.locations import Location, source_line
from compatcheck.schema.model import EnumValue, Field, File, Place

_BREAKS: Mapping[tuple[Side, Direction], Break] = {
    ("request", Direction.BACKWARD): Break.OLD_CLIENT_NEW_SERVER,
    ("request", Direction.FORWARD): Break.NEW_CLIENT_OLD_SERVER,
    ("response", Direction.BACKWARD): Break.NEW_CLIENT_OLD_SERVER,
    ("response", Direction.FORWARD): Break.OLD_CLIENT_NEW_SERVER,
    ("call", Direction.BACKWARD): Break.OLD_CLIENT_NEW_SERVER,
    ("call", Direction.FORWARD): Break.NEW_CLIENT_OLD_SERVER,
}
"""The writer of a request is the client, the writer of a response the server."""


class UnjudgedError(Exception):
    """No rule knows a change: a mistake in this program, never to be passed over in silence."""


def judge(
    change: Change, carriers: Carriers, policy: Policy, one_sided: Container[str] = ()
) -> Finding | None:
    """The finding that a change is, or None if nobody wants to know; `carriers` is what it reaches.

    `one_sided` are methods that one side lacks: no old and new message ever meet on them.
    """
    rule, message = _rule_for(change)
    evidenced = any(carrier.method.has_http for carrier in carriers.values())
    severity = policy.severity(rule.id, change, change.effects, evidenced)
    if severity is None:
        return None
    new_place, old_place = places(change)
    location, old_location = locations(change)
    methods = reached_by(change, carriers, one_sided)
    return Finding(
        rule=rule.id,
        severity=severity,
        element=_name(element_of(change)),
        path=(new_place or old_place or element_of(change).place).file.path,
        location=location,
        old_location=old_location,
        source_line=_text(new_place, location),
        old_source=_text(old_place, old_location).strip(),
        message=message,
        help=rule.help,
        effects=change.effects,
        methods=methods,
        breaks=tuple(one for one in Break if any(one in reached.breaks for reached in methods)),
        fingerprint=_fingerprint(rule, change),
    )


def reached_by(change: Change, carriers: Carriers, one_sided: Container[str] = ()) -> tuple[Reached, ...]:
    """The methods that a change reaches, and who breaks there, whatever anybody wants to know."""
    return tuple(
        Reached(
            name, side, () if side != "call" and name in one_sided else _breaks_of(change, side), carrier.path
        )
        for (name, side), carrier in sorted(carriers.items(), key=lambda item: item[0])
    )


def _rule_for(change: Change) -> tuple[Rule, str]:
    """The one rule that is about a change, and its message. Raises UnjudgedError if there is none."""
    for rule in RULES:
        message = rule.message(change)
        if message is not None:
            return rule, message
    raise UnjudgedError(f"{type(change).__name__} of {_name(element_of(change))}")


def _breaks_of(change: Change, side: Side) -> tuple[Break, ...]:
    """Who breaks on a method that carries a change on this side: calls are made over gRPC, in binary.

    Servers validate what they are sent; that a client validates responses is not assumed.
    """
    counted = {Surface.WIRE, Surface.GRPC} | ({Surface.VALIDATION} if side == "request" else set())
    broken = {
        _BREAKS[side, one.direction] for one in change.effects if one.surface in counted and one.effect.breaks
    }
    return tuple(one for one in Break if one in broken)


def _text(place: Place | None, location: Location | None) -> str:
    return source_line(place, location.line) if place is not None and location is not None else ""


def _name(element: Element) -> str:
    return element.path if isinstance(element, File) else element.full_name


def _fingerprint(rule: Rule, change: Change) -> str:
    """Of the rule, the element and what it was and is: lines may move, another change of it is another finding."""
    parts = [rule.id, element_of(change).place.file.root]
    if not isinstance(change, Added):
        parts += [_name(change.old), _signature(change.old)]
    if not isinstance(change, Removed):
        parts += [_name(change.new), _signature(change.new)]
    if isinstance(change, OptionChanged):
        parts += [
            change.option,
            _option_value(change.old, change.option),
            _option_value(change.new, change.option),
        ]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _signature(element: Element) -> str:
    if isinstance(element, Field):
        facets = (
            element.cardinality.value,
            element.type.value,
            element.type_name,
            str(element.number),
            element.json_name,
            element.oneof,
            str(element.default),
        )
        return " ".join(facets)
    if isinstance(element, File):
        return f"{element.package} {element.syntax}"
    return str(element.number) if isinstance(element, EnumValue) else ""


def _option_value(element: Element, option: str) -> str:
    """The value of an option, or of the option that one of its parts belongs to."""
    values = element.place.options.items()
    return next((repr(value) for name, value in values if f"{option}.".startswith(f"{name}.")), "")
