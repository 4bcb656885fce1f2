"""Says in what way a configuration lets more through than the one before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from compatcheck.config.match import severity_of
from compatcheck.config.model import LEVELS, PRESETS, SETTINGS, Config, Preset, Setting

_SURFACES: dict[Preset, frozenset[str]] = {
    "wire": frozenset({"wire"}),
    "rollout": frozenset({"wire", "grpc", "json", "http", "validation"}),
    "strict": frozenset({"wire", "grpc", "json", "http", "validation", "generated"}),
}
"""What a preset gates on where no `surfaces` are configured."""


def weakenings(old: Config, new: Config, rules: Collection[str] = ()) -> tuple[str, ...]:
    """A sentence for each way in which `new` is weaker than `old`.

    `rules` are the ids that globs in `severity` are expanded to. A severity that was not set and is set below
    `error` counts as weaker, since what the rule does by itself is not known here.
    """
    return (
        *_gate(old, new),
        *_surfaces(old, new),
        *_severities(old, new, rules),
        *_files(old, new),
        *_services(old, new),
        *_channels(old, new),
    )


def _gate(old: Config, new: Config) -> Iterator[str]:
    if LEVELS.index(new.fail_on) > LEVELS.index(old.fail_on):
        yield f"fail-on went up from {old.fail_on} to {new.fail_on}"
    if PRESETS.index(new.preset) < PRESETS.index(old.preset):
        yield f"preset went down from {old.preset} to {new.preset}"
    if old.json_unknown_fields == "reject" and new.json_unknown_fields == "ignore":
        yield "json-unknown-fields went from reject to ignore"
    if old.json_profile == "portable" and new.json_profile == "python":
        yield "json-profile went from portable to python"
    if not _covers(new.languages, old.languages):
        yield "languages covers fewer"
    fewer = [name for name in old.travels_in_any if name not in new.travels_in_any]
    if fewer:
        yield f"travels-in-any no longer names {_listed(fewer)}"
    for name, before in old.options.items():
        after = new.options.get(name, "off")
        if SETTINGS.index(after) < SETTINGS.index(before):
            yield f"a change of the option {name} went from {before} to {after}"
    gone = [base for base in old.against if base not in new.against]
    if gone:
        yield f"against no longer names {_listed(gone)}"


def _covers(wider: tuple[str, ...] | None, narrower: tuple[str, ...] | None) -> bool:
    """Whether the languages of the one hold those of the other; None is all."""
    return wider is None or (narrower is not None and set(narrower) <= set(wider))


def _surfaces(old: Config, new: Config) -> Iterator[str]:
    if old.surfaces is None and new.surfaces is None:
        return
    before = _SURFACES[old.preset] if old.surfaces is None else frozenset(old.surfaces)
    after = _SURFACES[new.preset] if new.surfaces is None else frozenset(new.surfaces)
    if before - after:
        yield f"surfaces no longer has {_listed(sorted(before - after))}"


def _severities(old: Config, new: Config, rules: Collection[str]) -> Iterator[str]:
    for rule in sorted({*old.severity, *new.severity} if not rules else set(rules)):
        before, after = severity_of(old.severity, rule), severity_of(new.severity, rule)
        if _is_weaker(before, after):
            yield f"severity of {rule} went from {before or 'its default'} to {after or 'its default'}"


def _is_weaker(before: Setting | None, after: Setting | None) -> bool:
    if before == after:
        return False
    if before is None or after is None:
        return after != "error" and (before == "error" or after is not None)
    return SETTINGS.index(after) < SETTINGS.index(before)


def _files(old: Config, new: Config) -> Iterator[str]:
    before, after = set(old.exclude), set(new.exclude)
    more = [one for one in new.exclude if one not in before and not one.startswith("!")]
    fewer = [one for one in old.exclude if one not in after and one.startswith("!")]
    if more or fewer:
        yield f"exclude covers more: {_listed([*more, *fewer])}"
    elif old.exclude and new.exclude and old.folder != new.folder:
        yield "exclude counts from another folder"
    gone = [root for root in old.roots if root not in new.roots]
    if gone and new.roots:
        yield f"roots no longer has {_listed(gone)}"


def _services(old: Config, new: Config) -> Iterator[str]:
    """What is deployed changes all the time; who is there to be broken should not."""
    gone = [name for name in old.services if name not in new.services]
    if gone:
        yield f"services no longer has {_listed(gone)}"
    if old.discover and not new.discover and new.services:
        yield "discover was switched off"
    for name, before in old.services.items():
        after = new.services.get(name)
        if after is None:
            continue
        if before.external and not after.external:
            yield f"service {name} is no longer external"
        for verb, had, has in (
            ("provides", before.provides, after.provides),
            ("consumes", before.consumes, after.consumes),
        ):
            fewer = [one for one in had or () if has is not None and one not in has]
            if fewer:
                yield f"service {name} no longer {verb} {_listed(fewer)}"


def _channels(old: Config, new: Config) -> Iterator[str]:
    gone = [name for name in old.channels if name not in new.channels]
    if gone:
        yield f"channels no longer has {_listed(gone)}"
    for name, before in old.channels.items():
        after = new.channels.get(name)
        if after is None:
            continue
        fewer = {*before.writers, *before.readers} - {*after.writers, *after.readers}
        if fewer:
            yield f"channel {name} no longer has {_listed(sorted(fewer))}"
        for writer in before.writers:
            # Whether one version is older than another is not known here; that everything counted is.
            if writer in after.since and after.since[writer] != before.since.get(writer):
                yield f"channel {name} keeps what {writer} wrote for a shorter time"


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
