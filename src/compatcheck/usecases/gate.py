"""The gate: finds the sources and the configuration, runs the checks, and says how the program should end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from compatcheck.config import Config, Names, weakenings
from compatcheck.config.model import LEVELS, PRESETS
from compatcheck.errors import UsageError
from compatcheck.reads.effects import Surface
from compatcheck.rules.finding import Finding, Severity
from compatcheck.rules.registry import BY_ID
from compatcheck.source.choice.select import Request, select
from compatcheck.source.git.place import locate, locate_other
from compatcheck.source.snapshot import Snapshot, Source
from compatcheck.usecases import configuration
from compatcheck.usecases.check import check
from compatcheck.usecases.results import Check

NAMES = Names(rules=tuple(BY_ID), surfaces=tuple(surface.value for surface in Surface))
"""What a configuration may name."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line; None leaves the choice to the configuration."""

    request: Request
    config_file: str | None = None
    config_from_old: bool = False
    preset: str | None = None
    fail_on: str | None = None
    wants_witness: Callable[[Finding], bool] | None = None
    """The findings that witnesses are looked for; None: no finding."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The checks, one for every old source, and whether one of them found what must not pass."""

    checks: tuple[Check, ...]
    failed: bool


def run(wishes: Wishes, env: Mapping[str, str], cwd: Path) -> Gate:
    """Run every check that was asked for."""
    if wishes.config_file is not None and wishes.config_from_old:
        raise UsageError("--config names the configuration, --config-from looks for it", "give one of them")
    place = locate(str(cwd), env) if wishes.request.repo is None else None
    folder = configuration.folder_in(place, cwd) if place is not None else ""

    def configured(new: Source) -> Config:
        if wishes.config_file is not None:
            return configuration.of_file(wishes.config_file, cwd, NAMES)
        return _of_source(new, folder)

    selection = select(wishes.request, env, cwd, lambda new: configured(new).against)
    config = configured(selection.new)
    checks = []
    failed = False
    for old in selection.old:
        if wishes.config_from_old and not isinstance(old, Snapshot):
            raise UsageError(
                f"{old.origin.name} is a descriptor set, which holds no configuration",
                "leave out --config-from",
            )
        judged_by, notices = config, selection.notices
        if wishes.config_from_old:
            judged_by = _of_source(old, folder)
        elif wishes.config_file is None and isinstance(old, Snapshot) and isinstance(selection.new, Snapshot):
            notices += _weaker(config, _of_source(old, folder), old)
        judged_by = _with_options(judged_by, wishes)
        done = check(old, selection.new, judged_by, notices, wishes.wants_witness)
        if judged_by.environments:
            done = _with_live(done, old, selection.new, judged_by, wishes.request, env, cwd)
        checks.append(done)
        fail_on = Severity[judged_by.fail_on.upper()]
        failed = failed or any(finding.severity >= fail_on for finding in done.findings)
    return Gate(tuple(checks), failed)


def _with_live(
    done: Check,
    old: Source,
    new: Source,
    config: Config,
    request: Request,
    env: Mapping[str, str],
    cwd: Path,
) -> Check:
    """The check with what its findings mean for the environments that are configured."""
    # What knows services takes time to import; without environments nobody needs it.
    from compatcheck.usecases.affected import liveness
    from compatcheck.usecases.ground import Ground

    folder = str(cwd) if request.repo is None else str(cwd / request.repo)
    place = locate(folder, env) if request.repo is None else locate_other(folder, env, str(cwd))
    ground = Ground(config, place, env, cwd) if place is not None else None
    live = liveness(done, old, new, config, ground)
    return replace(done, live=live, notices=(*done.notices, *live.notices))


def exit_code(gate: Gate) -> int:
    """1 for findings that count, also if something else is unknown; 3 if only something is unknown; else 0."""
    if gate.failed:
        return 1
    return 3 if any(one.undecided for one in gate.checks) else 0


def _of_source(source: Source, folder: str) -> Config:
    return configuration.of_source(source.lookup, folder, NAMES) if isinstance(source, Snapshot) else Config()


def _weaker(config: Config, old_config: Config, old: Source) -> tuple[str, ...]:
    """A notice if a change weakens its own gate."""
    found = weakenings(old_config, config, NAMES.rules)
    if not found:
        return ()
    return (
        f"the configuration is weaker than that of {old.origin.name}: {'; '.join(found)} "
        "(--config-from old judges by the old one)",
    )


def _with_options(config: Config, wishes: Wishes) -> Config:
    preset = next((one for one in PRESETS if one == wishes.preset), config.preset)
    fail_on = next((one for one in LEVELS if one == wishes.fail_on), config.fail_on)
    surfaces = config.surfaces if wishes.preset is None else None
    return replace(config, preset=preset, fail_on=fail_on, surfaces=surfaces)
