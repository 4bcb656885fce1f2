"""What a check says, without where it says it and without what only recompiled code meets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from compatcheck.reads.effects import DirectedEffect, Direction, Surface
from compatcheck.rules.finding import Break, Order
from compatcheck.usecases.results import Check

_OTHER_DIRECTION = {Direction.BACKWARD: Direction.FORWARD, Direction.FORWARD: Direction.BACKWARD}
_OTHER_PAIR = {
    Break.OLD_CLIENT_NEW_SERVER: Break.NEW_CLIENT_OLD_SERVER,
    Break.NEW_CLIENT_OLD_SERVER: Break.OLD_CLIENT_NEW_SERVER,
}
_OTHER_ORDER = {Order.SERVERS_FIRST: Order.CLIENTS_FIRST, Order.CLIENTS_FIRST: Order.SERVERS_FIRST}

# What an old program cannot know of and a new one can: the way back reserves a number, or adds a message that
# old readers have no name for, and neither is anything to tell.
_TIMELY = ("message-reservation-removed", "enum-reservation-removed", "message-removed")


def carried(check: Check) -> Counter[DirectedEffect]:
    """The effects on what is sent. Code is recompiled for the new schema only, so `generated` has no mirror."""
    return Counter(
        effect
        for finding in check.findings
        for effect in finding.effects
        if effect.surface is not Surface.GENERATED and finding.rule not in _TIMELY
    )


def broken(check: Check) -> Counter[tuple[str, Break]]:
    """The methods that break, by their own names: service and package may be called otherwise on the other side."""
    found = {
        (reached.method, who)
        for finding in check.findings
        for reached in finding.methods
        for who in reached.breaks
    }
    return Counter((_own(method), who) for method, who in found)


def orders(check: Check) -> Counter[tuple[str, Order]]:
    """The orders that bind. A method is named with ANY as well, for what has no mirror: see `carried`."""
    return Counter((_own(one.method), one.order) for one in check.orders if one.order is not Order.ANY)


def effects_mirrored(effects: Counter[DirectedEffect]) -> Counter[DirectedEffect]:
    return Counter(
        {
            replace(effect, direction=_OTHER_DIRECTION[effect.direction]): count
            for effect, count in effects.items()
        }
    )


def broken_mirrored(found: Counter[tuple[str, Break]]) -> Counter[tuple[str, Break]]:
    return Counter({(method, _OTHER_PAIR[who]): count for (method, who), count in found.items()})


def orders_mirrored(found: Counter[tuple[str, Order]]) -> Counter[tuple[str, Order]]:
    return Counter(
        {(method, _OTHER_ORDER.get(order, order)): count for (method, order), count in found.items()}
    )


def _own(method: str) -> str:
    return method.rpartition(".")[2]
