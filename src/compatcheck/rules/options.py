"""Rules about options that any element can have."""

from __future__ import annotations

from compatcheck.diff.changes import OptionChanged
from compatcheck.reads.effects import Aspect
from compatcheck.rules.rule import rule


@rule(OptionChanged, Aspect.DEPRECATED)
def deprecation_changed(change: OptionChanged) -> str:
    """An element becomes deprecated, or stops being so.

    No reader sees it. Compilers warn where generated code uses what is deprecated, which fails a build that
    takes warnings for errors.

    Help: Deprecate first, remove when nobody uses it any more.
    """
    return (
        "it is deprecated now"
        if change.new.place.options.get("deprecated")
        else "it is not deprecated any more"
    )


@rule(OptionChanged, Aspect.OPTION)
def option_changed(change: OptionChanged) -> str:
    """An option that your configuration declares to have a meaning changes its value.

    What it does is known to who defined it: `[[options]]` in the configuration says how severe a change is.

    Help: Ask the owner of the option what reads it, and in what order its readers must be deployed.
    """
    before, after = change.old.place.options.get(change.option), change.new.place.options.get(change.option)
    return f"`({change.option})` is {_value(after)} now, it was {_value(before)}"


def _value(value: object) -> str:
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)
