"""Rules about options that any element can have."""

from __future__ import annotations

from compatcheck.diff.changes import Element, OptionChanged
from compatcheck.reads.effects import Aspect
from compatcheck.reads.generated.features import sets, value_of
from compatcheck.reads.generated.files import FILE_OPTIONS
from compatcheck.rules.rule import rule
from compatcheck.schema.model import Enum, Field, File, Message, OptionValue
from compatcheck.schema.option_text import source_text


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


@rule(OptionChanged, Aspect.LANGUAGE_OPTION)
def language_option_changed(change: OptionChanged) -> str:
    """An option moves or reshapes the code that is generated for a language.

    Options such as `go_package` and `java_package` decide under which names generated code is found, others such as
    `features.(pb.cpp).string_type` which types it has. Code that uses it does not compile against what is generated
    now. An option that is set to what its generator does without it changes nothing, and is not told.

    Help: Keep the value; if the code has to move, move who uses it along. `languages` in the configuration names
    the languages that you generate code for.
    """
    old, new = (_effective(element, change.option) for element in (change.old, change.new))
    return f"`{change.option}` is {new} now, it was {old}"


def _effective(element: Element, option: str) -> str:
    """What holds of a language's option, and whether that is said or follows."""
    if isinstance(element, File) and option in FILE_OPTIONS:
        value: OptionValue | None = FILE_OPTIONS[option].value(element)
        said = option in element.place.options
    else:
        assert isinstance(element, (File, Message, Enum, Field))
        value, said = value_of(element, option), sets(element, option)
    if value is None:
        return "not set"
    shown = f"`{_value(value)}`" if value != "" else "empty"
    return shown if said else f"{shown} by default"


def _value(value: OptionValue | None) -> str:
    return "not set" if value is None else source_text(value)
