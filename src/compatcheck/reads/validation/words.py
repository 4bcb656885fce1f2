"""Values that a constraint rejects, in words that complete "only ...", as the conditions of outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from compatcheck.reads.validation.constraints import Constraints, Kind, Text
from compatcheck.reads.validation.ranges import Number, Ranges

_SHOWN = 5
_NANOSECONDS = 10**9
_THINGS = {
    Kind.TEXT: ("text", "characters"),
    Kind.BYTES: ("values", "bytes"),
    Kind.LIST: ("lists", "elements"),
    Kind.MAP: ("maps", "entries"),
}
_PARTS = {
    "prefix": "text that does not begin with {}",
    "suffix": "text that does not end with {}",
    "contains": "text that does not contain {}",
    "not_contains": "text that contains {}",
}
_OPAQUE = {
    "pattern": "text that does not match {}",
    "cel": "values for which {} does not hold",
    "within": "times that are not within {} of now",
}
FORMATS = {
    "email": "an email address",
    "hostname": "a host name",
    "ip": "an IP address",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "address": "a host name or an IP address",
    "uri": "a URI",
    "uri_ref": "a URI or a relative reference",
    "uuid": "a UUID",
    "tuuid": "a UUID without dashes",
    "ulid": "a ULID",
    "host_and_port": "a host and a port",
    "http_header_name": "the name of an HTTP header",
    "http_header_value": "the value of an HTTP header",
    "http_header_name, not strict": "a single line and not empty",
    "one_line": "a single line",
}
"""The well-known formats, by the names of their rules."""
_FLAGS = {
    "unique": "lists with equal elements",
    "no_sparse": "maps with entries that have no value",
    "lt_now": "times that are not in the past",
    "gt_now": "times that are not in the future",
}


def absence(reader: Constraints) -> str:
    """A message without the field; one without presence cannot be told to lack it."""
    return "when it is not set" if reader.presence else "when it has its default value"


def numbers_of(rejected: Ranges, reader: Constraints) -> str:
    """`values above 20`, `the values 3 and 4`, `values below 0 or from 5 to 9`."""
    single, spans = [], []
    for (low, open_low), (high, closed_high) in rejected.intervals:
        last = high - 1 if rejected.whole and not closed_high else high
        first_words, last_words = number_text(low, reader), number_text(last, reader)
        if low == last:
            single.append(first_words)
        elif rejected.whole and last - low < _SHOWN and reader.names:
            single += [number_text(one, reader) for one in range(int(low), int(last) + 1)]
        elif low <= reader.type_range.least and last >= reader.type_range.most:
            return "values of any kind"
        elif last >= reader.type_range.most:
            spans.append(_above(low, bool(open_low), reader))
        elif low <= reader.type_range.least:
            spans.append(_below(last, rejected.whole or bool(closed_high), reader))
        else:
            spans.append(
                f"{'above' if open_low else 'from'} {first_words} "
                f"{'to' if rejected.whole or closed_high else 'to below'} {last_words}"
            )
    listed = " ".join((("the values" if len(single) > 1 else "the value"), some(single))) if single else ""
    ranged = f"values {either(spans)}" if spans else ""
    return " and ".join(one for one in (ranged, listed) if one)


def _above(low: Number, is_open: bool, reader: Constraints) -> str:
    if is_open:
        return f"above {number_text(low, reader)}"
    if not reader.numbers.whole:
        return f"from {number_text(low, reader)} on"
    excluded, included = number_text(low - 1, reader), number_text(low, reader)
    return f"from {included} on" if len(included) < len(excluded) and reader.unit else f"above {excluded}"


def _below(last: Number, closed: bool, reader: Constraints) -> str:
    if not closed:
        return f"below {number_text(last, reader)}"
    if not reader.numbers.whole:
        return f"up to {number_text(last, reader)}"
    included, excluded = number_text(last, reader), number_text(last + 1, reader)
    return f"up to {included}" if len(included) < len(excluded) and reader.unit else f"below {excluded}"


def number_text(number: Number, of: Constraints) -> str:
    """A number as source calls it: an enum's value by its name, a duration in seconds."""
    if number in of.names:
        return of.names[number]
    if of.unit == "duration":
        seconds, rest = divmod(int(number), _NANOSECONDS)
        return f"{seconds}{f'.{rest:09}'.rstrip('0') if rest else ''}s"
    if of.unit == "timestamp":
        return _time(int(number))
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def _time(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, _NANOSECONDS)
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    try:
        when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return f"{seconds}{fraction}s since 1970"
    return f"{when:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def counted(rejected: Ranges, kind: Kind, suffix: str = "") -> str:
    """`text longer than 20 characters`, `lists of 3 to 5 elements`; `suffix` tells more about the unit."""
    thing, unit = _THINGS[kind]
    if suffix:
        unit = f"bytes {suffix}"
    more, fewer = ("longer", "shorter") if kind in (Kind.TEXT, Kind.BYTES) else ("of more", "of fewer")
    said = []
    for (low, _), (high, side) in rejected.intervals:
        last = high if side else high - 1
        if side and low <= 1:
            return f"{thing} of any {'length' if more == 'longer' else 'size'}"
        if side:
            said.append(f"{more} than {_units(low - 1, unit)}")
        elif last == 0:
            said.append("that are empty")
        elif low <= 1:
            said.append(f"{fewer} than {_units(last + 1, unit)}")
        else:
            said.append(f"of {_units(low, unit)}" if low == last else f"of {low} to {_units(last, unit)}")
    return f"{thing} {either(said)}"


def _units(count: Number, unit: str) -> str:
    if count != 1:
        return f"{count} {unit}"
    noun, _, rest = unit.partition(" ")
    single = "entry" if noun == "entries" else noun.removesuffix("s")
    return f"1 {single} {rest}".rstrip()


def part(name: str, value: Text) -> str:
    return _PARTS[name].format(quoted((value,)))


def opaque_rule(rule: tuple[str, str]) -> str:
    """The values that a rule rejects of which no more is known than its name and its value."""
    name, value = rule
    if name in _OPAQUE:
        return _OPAQUE[name].format(f"`{value}`")
    if name in FORMATS:
        return f"text that is not {FORMATS[name]}"
    if name in _FLAGS:
        return _FLAGS[name]
    return f"values that the rule `{name}`{'' if value == 'true' else f' ({value})'} rejects"


def within(said: str, which: str, kind: Kind) -> str:
    """Values, where they stand in a list or a map."""
    if kind is Kind.LIST:
        return f"{said} as elements"
    return f"{said} as keys" if which == "key" else f"{said} in its entries"


def quoted(texts: Iterable[Text]) -> str:
    """Texts as source writes them, in order."""
    ordered = sorted(texts, key=str)
    return some([f'"{one}"' if isinstance(one, str) else repr(one)[1:].replace("'", '"') for one in ordered])


def either(words: list[str]) -> str:
    """`a or b`, or the first few and how many more there are."""
    more = len(words) - _SHOWN
    return " or ".join([*words[:_SHOWN], f"in {more} more ranges"] if more > 1 else words)


def some(words: list[str], shown: int = _SHOWN) -> str:
    """`a`, `a and b`, or the first few and how many more there are."""
    if len(words) > shown:
        return f"{', '.join(words[:shown])} and {len(words) - shown} more"
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
