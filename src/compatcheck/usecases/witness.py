"""Asks for the witnesses of findings: first for the effect that made a finding as severe as it is."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.diff.changes import Change
from compatcheck.reads.effects import DirectedEffect, Direction, Effect, Surface
from compatcheck.rules.finding import Finding
from compatcheck.rules.reach import Carriers
from compatcheck.rules.severity import Policy
from compatcheck.witness.find import Finder
from compatcheck.witness.result import NoWitness, Witness

Judged = tuple[Finding, Change, Carriers]
"""A finding, what it was made of, and what carries it."""


def witnesses_of(judged: Iterable[Judged], finder: Finder, gate: Policy) -> dict[str, Witness | NoWitness]:
    """A witness, or why there is none, by the fingerprint of each finding."""
    return {one[0].fingerprint: finder.witness(one[1], _worst_first(*one, gate)) for one in judged}


def _worst_first(finding: Finding, change: Change, carriers: Carriers, gate: Policy) -> list[DirectedEffect]:
    """The effects in the order in which they are worth showing."""
    travels_as_json = any(carrier.method.has_http for carrier in carriers.values())

    def rank(effect: DirectedEffect) -> tuple[int, bool, bool, int, bool, int, bool]:
        severity = gate.severity(finding.rule, change, (effect,), travels_as_json)
        return (
            -(severity or 0),
            effect.effect is Effect.ABSENT,
            effect.surface is not Surface.WIRE,
            -effect.effect,
            bool(effect.condition),
            len(effect.path),
            effect.direction is not Direction.BACKWARD,
        )

    return sorted(finding.effects, key=rank)
