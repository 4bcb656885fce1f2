"""How severe an effect is: one table, from effect, direction and time; and which surfaces count.

The table is DESIGN's: a break from `dropped` up, and two exceptions that time makes. A new program can be written
for an old peer, so what is added is at most a note where only new programs notice it. An old program cannot know
of a new one, so what is removed is judged by what old readers still expect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from compatcheck.config import Config, severity_of
from compatcheck.config.model import Setting
from compatcheck.diff.changes import Added, Change, OptionChanged, Removed
from compatcheck.diff.packed import IF_PACKED
from compatcheck.diff.users import ONLY_ELSEWHERE
from compatcheck.reads.effects import Aspect, DirectedEffect, Direction, Effect, Surface
from compatcheck.rules.finding import Severity

_When = Callable[[Change, DirectedEffect], bool]


def _added_call(change: Change, effect: DirectedEffect) -> bool:
    return (
        isinstance(change, Added)
        and effect.direction is Direction.FORWARD
        and effect.effect is Effect.UNROUTABLE
    )


def _added_value_in_lenient_json(change: Change, effect: DirectedEffect) -> bool:
    return (
        isinstance(change, Added)
        and effect.direction is Direction.FORWARD
        and effect.surface is Surface.JSON
        and effect.effect is Effect.DROPPED
    )


def _new_reader_expects_it(_: Change, effect: DirectedEffect) -> bool:
    return effect.effect is Effect.ABSENT and effect.direction is Direction.BACKWARD


def _old_reader_misses_it(_: Change, effect: DirectedEffect) -> bool:
    return effect.effect is Effect.ABSENT and effect.direction is Direction.FORWARD


def _reserved_field_is_missed(change: Change, effect: DirectedEffect) -> bool:
    return isinstance(change, Removed) and change.reserved and _old_reader_misses_it(change, effect)


def _new_writer_sends_new_number(_: Change, effect: DirectedEffect) -> bool:
    return effect.effect is Effect.UNNAMED and effect.direction is Direction.FORWARD


def _perhaps_packed(_: Change, effect: DirectedEffect) -> bool:
    return effect.condition == IF_PACKED


def _held_nowhere_here(_: Change, effect: DirectedEffect) -> bool:
    return effect.condition.endswith(ONLY_ELSEWHERE) and effect.effect.breaks


def _new_rest_client_knows(change: Change, effect: DirectedEffect) -> bool:
    given = isinstance(change, Added) or (isinstance(change, OptionChanged) and change.aspect is Aspect.HTTP)
    return given and effect.surface is Surface.HTTP and effect.direction is Direction.FORWARD


def _server_may_always_have_done_so(change: Change, effect: DirectedEffect) -> bool:
    return (
        isinstance(change, OptionChanged)
        and change.aspect is Aspect.FIELD_BEHAVIOR
        and effect.effect is Effect.DROPPED
    )


def _depends_on_new_values(change: Change, effect: DirectedEffect) -> bool:
    """Whether only values that are allowed since make an old reader reject."""
    demanded = isinstance(change, OptionChanged) and change.aspect is Aspect.FIELD_BEHAVIOR
    return (
        (demanded or effect.surface is Surface.VALIDATION)
        and effect.direction is Direction.FORWARD
        and effect.condition != ""
    )


def _default_may_be_invalid(change: Change, effect: DirectedEffect) -> bool:
    """Whether nobody can tell what a validator says to the default value of a field that one side lacks."""
    one_sided = isinstance(change, OptionChanged) and type(change.old) is not type(change.new)
    return one_sided and effect.surface is Surface.VALIDATION and effect.condition != ""


def _effect(*effects: Effect) -> _When:
    return lambda _, effect: effect.effect in effects


TABLE: tuple[tuple[_When, Severity], ...] = (
    (_added_call, Severity.NOTE),
    (_added_value_in_lenient_json, Severity.NOTE),
    (_new_reader_expects_it, Severity.NOTE),
    (_reserved_field_is_missed, Severity.WARNING),
    (_old_reader_misses_it, Severity.ERROR),
    (_new_writer_sends_new_number, Severity.NOTE),
    # That any type may be packed is no evidence that this one is.
    (_perhaps_packed, Severity.WARNING),
    # A route that only new gateways have: who uses it was written for these.
    (_new_rest_client_knows, Severity.NOTE),
    # OUTPUT_ONLY denotes what servers do with a field that they write, and mostly have done all along.
    (_server_may_always_have_done_so, Severity.NOTE),
    # Meant to be so: it takes writers that wait with the new values until no old reader is left.
    (_depends_on_new_values, Severity.WARNING),
    # A field that is added with a pattern or an expression: mostly its author has thought of the empty value.
    (_default_may_be_invalid, Severity.WARNING),
    # An enum that names numbers for fields of other types, or for schemas elsewhere.
    (_held_nowhere_here, Severity.WARNING),
    (_effect(Effect.IGNORED), Severity.NOTE),
    (_effect(Effect.RELABELLED, Effect.PRESENCE_LOST, Effect.UNNAMED), Severity.WARNING),
    (lambda _, effect: effect.effect.breaks, Severity.ERROR),
)
"""The first row that fits decides. No row is about `safe`: a change has no such effect."""


def severity_of_effect(change: Change, effect: DirectedEffect) -> Severity:
    """The severity of one effect on a surface that gates."""
    return next(severity for fits, severity in TABLE if fits(change, effect))


@dataclass(frozen=True, slots=True)
class Policy:
    """What a user wants to be stopped by."""

    caps: Mapping[Surface, Severity]
    """The highest severity that a surface may cause; a surface that is not named says nothing."""
    json_if_evidenced: bool
    """Whether JSON gates where an HTTP annotation shows that a message travels as JSON."""
    overrides: Mapping[str, Setting] = field(default_factory=dict)
    """What the configuration says of rules, by id or glob."""
    options: Mapping[str, Setting] = field(default_factory=dict)
    """What the configuration says of a change of options that schemas define themselves, by full name."""

    def cap(self, surface: Surface, json_evidenced: bool) -> Severity | None:
        if surface is Surface.JSON and self.json_if_evidenced and json_evidenced:
            return Severity.ERROR
        return self.caps.get(surface)

    def gates(self, surface: Surface, json_evidenced: bool) -> bool:
        return self.cap(surface, json_evidenced) is Severity.ERROR

    def severity(
        self, rule_id: str, change: Change, effects: Iterable[DirectedEffect], json_evidenced: bool
    ) -> Severity | None:
        """The severity of a finding: its worst effect on the surfaces that count, None if nobody wants to know."""
        setting = severity_of(self.overrides, rule_id)
        if setting is None and isinstance(change, OptionChanged):
            setting = self.options.get(change.option)
        if setting is not None:
            return None if setting == "off" else Severity[setting.upper()]
        effects = tuple(effects)
        if not effects:
            return Severity.NOTE
        capped = [
            min(cap, severity_of_effect(change, effect))
            for effect in effects
            if (cap := self.cap(effect.surface, json_evidenced)) is not None
        ]
        return max(capped, default=None)


_GATES = Severity.ERROR
PRESETS: Mapping[str, Policy] = {
    "rollout": Policy(
        {
            Surface.WIRE: _GATES,
            Surface.GRPC: _GATES,
            Surface.HTTP: _GATES,
            Surface.VALIDATION: _GATES,
            Surface.JSON: Severity.NOTE,
            Surface.GENERATED: Severity.WARNING,
        },
        json_if_evidenced=True,
    ),
    "strict": Policy(dict.fromkeys(Surface, _GATES), json_if_evidenced=False),
    "wire": Policy({Surface.WIRE: _GATES}, json_if_evidenced=False),
}


def policy(config: Config) -> Policy:
    """The policy that a configuration asks for: a preset, or just the surfaces that it names."""
    preset = PRESETS[config.preset]
    if config.surfaces is None:
        return replace(preset, overrides=config.severity, options=config.options)
    gating = {Surface(name): _GATES for name in config.surfaces}
    return Policy(gating, json_if_evidenced=False, overrides=config.severity, options=config.options)
