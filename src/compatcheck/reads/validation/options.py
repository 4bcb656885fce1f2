"""The rules of protovalidate and of protoc-gen-validate, as options hold them, in the normal form of constraints.

Rules are read by their names, which both libraries share and keep; what a rule demands is theirs
(protovalidate.com/reference, github.com/bufbuild/protoc-gen-validate). A rule that is not known here stays opaque.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from compatcheck.reads.validation import ranges
from compatcheck.reads.validation.constraints import Constraints, Kind, of_type, unconstrained
from compatcheck.reads.validation.ranges import Number
from compatcheck.schema.model import Cardinality, Field, Message, Options, OptionValue, Place, Type
from compatcheck.schema.option_text import source_text

PREDEFINED = "buf.validate.predefined"
FIELD_OPTIONS = (PROTOVALIDATE, PGV) = ("buf.validate.field", "validate.rules")
_TYPED = frozenset(one.value for one in Type) | {
    *("repeated", "map", "any", "duration", "timestamp", "field_mask"),
}
"""The keys under which both libraries group the rules of a type."""
_PARTS = ("prefix", "suffix", "contains", "not_contains")
_BOUNDS = ("gt", "gte", "lt", "lte")
_SKIP_ZERO = frozenset({"IGNORE_IF_DEFAULT_VALUE", "IGNORE_DEFAULT"})
_SKIP_UNSET = frozenset({"IGNORE_IF_ZERO_VALUE", "IGNORE_IF_UNPOPULATED", "IGNORE_EMPTY"})
"""The names that versions of protovalidate gave to two things; the second skips zero only where nothing is unset."""
_NO_DEMAND = frozenset({"example", "ignore", "ignore_empty", "skipped", "required"})
"""What demands nothing of a value, or is read apart."""


def of_field(held: Field) -> tuple[Constraints, ...]:
    """What each library that has rules for a field demands; a value has to satisfy all."""
    if not held.place.written_options:
        return ()
    options = held.place.options
    found = ((name, options.get(name)) for name in FIELD_OPTIONS)
    skips = _in_a_message_oneof(held)
    return tuple(
        _top(held, rules, skips and name == PROTOVALIDATE)
        for name, rules in found
        if isinstance(rules, Mapping)
    )


def predefined(held: Field) -> tuple[str, ...]:
    """The expressions that an extension, if it is a rule that a schema defines itself, stands for."""
    rules = held.place.options.get(PREDEFINED) if held.extendee else None
    return expressions(rules.get("cel", ())) if isinstance(rules, Mapping) else ()


def disabled(message: Message) -> bool:
    """Whether validators pass over everything that a message demands of itself."""
    options = message.place.options
    own = options.get("buf.validate.message")
    return (
        bool(options.get("validate.disabled"))
        or bool(options.get("validate.ignored"))
        or (isinstance(own, Mapping) and bool(own.get("disabled")))
    )


def _in_a_message_oneof(held: Field) -> bool:
    """Whether a message-level oneof of protovalidate names it, which skips it where it has no value."""
    if held.extendee:
        return False
    own = Place(held.place.file, held.place.steps[:-2]).options.get("buf.validate.message")
    oneofs = own.get("oneof", ()) if isinstance(own, Mapping) else ()
    return any(held.name in names for names in _field_names(oneofs))


def _field_names(oneofs: OptionValue) -> tuple[tuple[OptionValue, ...], ...]:
    named = (one.get("fields", ()) for one in many(oneofs) if isinstance(one, Mapping))
    return tuple(many(names) for names in named)


def many(value: OptionValue | None) -> tuple[OptionValue, ...]:
    """The elements of a repeated option, none if it is not set."""
    return value if isinstance(value, tuple) else ()


def _top(held: Field, rules: Options, in_oneof: bool) -> Constraints:
    if in_oneof and "ignore" not in rules:
        rules = {**rules, "ignore": "IGNORE_IF_ZERO_VALUE"}
    found = _demanded(unconstrained(held), held, rules)
    return replace(found, unset=False) if held.cardinality is Cardinality.REQUIRED else found


def _part(held: Field, rules: Options) -> Constraints:
    """The constraints of an element, a key or a map's value."""
    return _demanded(of_type(held), held, rules)


def _demanded(free: Constraints, held: Field, rules: Options) -> Constraints:
    typed: dict[str, OptionValue] = {}
    found = free
    for group, value in rules.items():
        if group in _TYPED and isinstance(value, Mapping):
            typed |= value
        elif group in ("cel", "cel_expression"):
            found = replace(found, opaque=found.opaque | {("cel", one) for one in expressions(value)})
        elif group not in _NO_DEMAND:
            found = _opaque(found, group, value)
    if rules.get("ignore") == "IGNORE_ALWAYS" or rules.get("skipped") or typed.get("skip"):
        return replace(free, unchecked=True, unset=not typed.get("required"))
    found = _bounded(found, typed)
    for name, value in typed.items():
        if name not in _BOUNDS and name not in _NO_DEMAND and name not in ("skip", "strict"):
            found = _narrowed(found, held, name, value, strict=typed.get("strict") is not False)
    return _with_zero(
        found, bool(rules.get("required") or typed.get("required")), _skips_zero(free, rules, typed)
    )


def _skips_zero(free: Constraints, rules: Options, typed: Options) -> bool:
    how = rules.get("ignore")
    unset = how in _SKIP_UNSET or bool(rules.get("ignore_empty"))
    return how in _SKIP_ZERO or bool(typed.get("ignore_empty")) or (unset and not free.presence)


def _with_zero(found: Constraints, required: bool, skips: bool) -> Constraints:
    """The same, with what `required` and `ignore` say of zero and of the empty text, list or map."""
    zero = ranges.points((0,), found.numbers.whole)
    if required and not found.presence:
        allowed = None if found.allowed is None else found.allowed - {"", b""}
        numbers = found.numbers - zero if found.kind is Kind.NUMBER else found.numbers
        sizes = found.sizes & ranges.at_least(1)
        return replace(found, numbers=numbers, sizes=sizes, allowed=allowed, unset=False)
    found = replace(found, unset=not required)
    if not skips:
        return found
    if found.kind is Kind.NUMBER:
        return replace(found, numbers=found.numbers | zero, skips_zero=True)
    if found.kind in (Kind.LIST, Kind.MAP):
        return replace(found, sizes=found.sizes | ranges.points((0,)))
    return replace(found, skips_zero=True)


def _bounded(found: Constraints, typed: Options) -> Constraints:
    """With `gt`, `gte`, `lt` and `lte`: an upper bound below the lower one means that what is between is invalid."""
    whole = found.numbers.whole
    bounds = {name: number for name in _BOUNDS if (number := as_number(typed.get(name))) is not None}
    if not bounds or found.kind is not Kind.NUMBER:
        return found
    low = next((bounds[name] for name in ("gt", "gte") if name in bounds), None)
    high = next((bounds[name] for name in ("lt", "lte") if name in bounds), None)
    upward = ranges.everything(whole)
    downward = ranges.everything(whole)
    if low is not None:
        upward = ranges.above(low, whole) if "gt" in bounds else ranges.at_least(low, whole)
    if high is not None:
        downward = ranges.below(high, whole) if "lt" in bounds else ranges.at_most(high, whole)
    apart = low is not None and high is not None and high < low
    valid = upward | downward if apart else upward & downward
    return replace(found, numbers=found.numbers & valid, nan=False)


def _narrowed(found: Constraints, held: Field, name: str, value: OptionValue, strict: bool) -> Constraints:
    """With one rule more."""
    if value is False and found.kind is not Kind.NUMBER:
        return found
    narrower = None
    if name in ("const", "in", "not_in"):
        narrower = _listed(found, name, value if isinstance(value, tuple) else (value,))
    elif name.partition("_")[0] in ("len", "min", "max") and isinstance(value, int):
        narrower = _sized(found, name, value)
    elif name in _PARTS and isinstance(value, (str, bytes)):
        narrower = replace(found, parts=found.parts | {(name, value)})
    elif name == "defined_only" and held.type is Type.ENUM:
        numbers = ranges.points(held.enum.numbers) if value else found.numbers
        narrower = replace(found, numbers=found.numbers & numbers)
    elif name == "finite" and found.kind is Kind.NUMBER:
        finite = ranges.above(float("-inf"), False) & ranges.below(float("inf"), False)
        narrower = replace(found, numbers=found.numbers & finite, nan=False) if value else found
    elif isinstance(value, Mapping) and found.kind is Kind.LIST and name == "items":
        narrower = replace(found, element=_part(held, value))
    elif isinstance(value, Mapping) and found.kind is Kind.MAP and name == "keys":
        narrower = replace(found, key=_part(held.key, value))
    elif isinstance(value, Mapping) and found.kind is Kind.MAP and name == "values":
        narrower = replace(found, element=_part(held.value, value))
    elif name == "well_known_regex":
        narrower = _opaque(found, _known_regex(str(value), strict), True)
    return _opaque(found, name, value) if narrower is None else narrower


def _known_regex(value: str, strict: bool) -> str:
    """The name of the format. If not strict, both are any line, but protovalidate's name of a header is not empty."""
    name = value.removeprefix("KNOWN_REGEX_").lower()
    if strict:
        return name
    return f"{name}, not strict" if value == "KNOWN_REGEX_HTTP_HEADER_NAME" else "one_line"


def _opaque(found: Constraints, name: str, value: OptionValue) -> Constraints:
    return replace(found, opaque=found.opaque | {(name, source_text(value))})


def _listed(found: Constraints, name: str, values: tuple[OptionValue, ...]) -> Constraints | None:
    if found.kind is Kind.NUMBER:
        numbers = [number for one in values if (number := as_number(one)) is not None]
        listed = ranges.points(numbers, found.numbers.whole)
        if name == "not_in":
            return replace(found, numbers=found.numbers - listed)
        return replace(found, numbers=found.numbers & listed, nan=False)
    if found.kind not in (Kind.TEXT, Kind.BYTES, Kind.ANY):
        return None
    texts = frozenset(one for one in values if isinstance(one, (str, bytes)))
    if name == "not_in":
        return replace(found, excluded=found.excluded | texts)
    return replace(found, allowed=texts if found.allowed is None else found.allowed & texts)


def _sized(found: Constraints, name: str, value: int) -> Constraints | None:
    which, _, what = name.partition("_")
    if what not in ("", "len", "bytes", "items", "pairs"):
        return None
    limit = {"min": ranges.at_least(value), "max": ranges.at_most(value), "len": ranges.points((value,))}[
        which
    ]
    if what == "bytes" and found.kind is Kind.TEXT:
        return replace(found, octets=found.octets & limit)
    return replace(found, sizes=found.sizes & limit)


def as_number(value: OptionValue | None) -> Number | None:
    """A number, or the nanoseconds of a duration or a timestamp; None if it is neither."""
    if isinstance(value, Mapping):
        seconds, nanoseconds = value.get("seconds", 0), value.get("nanos", 0)
        if isinstance(seconds, int) and isinstance(nanoseconds, int):
            return seconds * 10**9 + nanoseconds
        return None
    return value if isinstance(value, (int, float)) else None


def expressions(rules: OptionValue) -> tuple[str, ...]:
    """The CEL expressions of rules, each written as a text or as a message with an id."""
    return tuple(
        str(one.get("expression", one.get("id", ""))) if isinstance(one, Mapping) else str(one)
        for one in many(rules)
    )
