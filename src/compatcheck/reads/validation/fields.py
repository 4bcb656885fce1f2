"""The surface `validation`: what a validating reader rejects of what its writer's own validator let pass.

Every demand of the reader is held against what the writer guarantees. Where it is not known which values satisfy
a demand (a pattern, an expression, a rule of a later version), it counts as met only if the writer has it, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compatcheck.reads.effects import Aspect, Effect, Outcome, Outcomes
from compatcheck.reads.validation import ranges
from compatcheck.reads.validation.constraints import Constraints, Kind, unconstrained
from compatcheck.reads.validation.opaque import empty_passes, unmatched
from compatcheck.reads.validation.options import of_field, predefined
from compatcheck.reads.validation.texts import listed_texts, rejected_texts, takes_empty
from compatcheck.reads.validation.words import absence, counted, numbers_of, opaque_rule, within
from compatcheck.schema.model import Field

_TEXTS = (Kind.TEXT, Kind.BYTES)


def field_reads(writer: Field, reader: Field) -> Outcomes:
    """What the reader's validator rejects in a field."""
    guaranteed = of_field(writer) or (unconstrained(writer),)
    unmet: list[str] = []
    for demanded in of_field(reader):
        # Values of another kind are a matter of the changed type, which is told of by itself.
        alike = [one for one in guaranteed if one.kind is demanded.kind]
        fewest_first = sorted((list(unmet_demands(one, demanded)) for one in alike), key=len)
        unmet += fewest_first[0] if fewest_first else []
    if writer.full_name == reader.full_name:
        # A rule that goes by another name is told of where it is used.
        unmet += [opaque_rule(("cel", one)) for one in predefined(reader) if one not in predefined(writer)]
    return tuple(_rejected(f"only {values}") for values in dict.fromkeys(unmet))


def lacking_reads(reader: Field) -> Outcomes:
    """What the reader's validator rejects in messages of a writer that has no such field."""
    return tuple(dict.fromkeys(one for demanded in of_field(reader) for one in _of_unset(demanded)))


def _of_unset(reader: Constraints) -> Iterator[Outcome]:
    if reader.presence or reader.unchecked:
        if not reader.unset:
            yield _rejected("")
    elif not _takes_zero(reader):
        yield _rejected("")
    elif not reader.skips_zero and reader.kind in (Kind.TEXT, Kind.BYTES, Kind.NUMBER):
        zero = "0" if reader.kind is Kind.NUMBER else "the empty text"
        unsure = sorted(one for one in reader.opaque if empty_passes(one) is None)
        yield from (_rejected(f"only if {zero} is among {opaque_rule(one)}") for one in unsure)


def _rejected(condition: str) -> Outcome:
    return Outcome(Effect.REJECTED, Aspect.CONSTRAINTS, condition)


def unmet_demands(writer: Constraints, reader: Constraints) -> Iterator[str]:
    """The values, in words, that the writer may send and the reader rejects."""
    arriving = _as_it_arrives(writer, reader)
    if reader.presence and arriving.unset and not reader.unset:
        yield absence(reader)
    if reader.unchecked:
        return
    if reader.kind is Kind.NUMBER:
        yield from _numbers(arriving, reader)
    elif reader.kind in _TEXTS:
        yield from rejected_texts(arriving, reader)
    elif reader.kind is Kind.ANY:
        yield from listed_texts(arriving, reader)
    elif reader.kind in (Kind.LIST, Kind.MAP):
        yield from _collections(arriving, reader)
    elif writer.unchecked:
        yield "values that the constraints of its type reject"
    if reader.kind not in _TEXTS and _any_value(arriving):
        yield from map(opaque_rule, unmatched(arriving, reader))


def _as_it_arrives(writer: Constraints, reader: Constraints) -> Constraints:
    """The writer's valid values as the reader gets them: unset becomes zero, or zero unset, with the presence."""
    if writer.presence == reader.presence:
        return writer
    zero = ranges.points((0,), writer.numbers.whole)
    if not reader.presence and writer.unset:
        return replace(writer, numbers=writer.numbers | zero, skips_zero=True)
    if reader.presence:
        sends_none = _takes_zero(writer)
        sizes = writer.sizes & ranges.at_least(1)
        return replace(writer, numbers=writer.numbers - zero, sizes=sizes, skips_zero=False, unset=sends_none)
    return writer


def _takes_zero(one: Constraints) -> bool:
    match one.kind:
        case Kind.NUMBER:
            return 0 in one.numbers
        case Kind.TEXT | Kind.BYTES:
            return takes_empty(one)
        case Kind.LIST | Kind.MAP:
            return 0 in one.sizes
        case _:
            return True


def _numbers(writer: Constraints, reader: Constraints) -> Iterator[str]:
    # A number beyond what the reader's type can hold never comes to its validator.
    rejected = (writer.numbers & reader.type_range) - reader.numbers
    if rejected:
        yield numbers_of(rejected, replace(reader, names={**writer.names, **reader.names}))
    if writer.nan and not reader.nan:
        yield "NaN"


def _collections(writer: Constraints, reader: Constraints) -> Iterator[str]:
    if too := writer.sizes - reader.sizes:
        yield counted(too, reader.kind)
    if not writer.sizes - ranges.points((0,)):
        return
    for which, one, other in (("key", writer.key, reader.key), ("element", writer.element, reader.element)):
        if one is not None and other is not None and one.kind is other.kind:
            yield from (within(said, which, reader.kind) for said in unmet_demands(one, other))


def _any_value(one: Constraints) -> bool:
    """Whether there is a value at all beyond unset that a rule could be about."""
    if one.kind is Kind.NUMBER:
        return bool(one.numbers)
    return bool(one.sizes - ranges.points((0,))) if one.kind in (Kind.LIST, Kind.MAP) else bool(one.sizes)
