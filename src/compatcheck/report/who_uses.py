"""Who uses an element of a schema, as text: which versions, how, where in the code, and where they are live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.report.pair_text import document, environment_name, gaps_text, indented
from compatcheck.report.reasons import place
from compatcheck.report.terminal import Paint, Style, clean, columns, paint
from compatcheck.report.words import plural, some_of
from compatcheck.usecases.rollouts import User, Users

_USES_SHOWN = 6
_PLACES_SHOWN = 3
_USERS_SHOWN = 200


def render_users(answer: Users, *, color: bool = False, width: int = 100) -> str:
    """The whole answer; its first line counts."""
    style = paint(color)
    lines = [*_headline(answer, style, width), *gaps_text([gap.datum for gap in answer.gaps], style, width)]
    lines += [line for notice in answer.notices for line in indented(clean(notice), width, "")]
    shown = answer.users[:_USERS_SHOWN]
    services: dict[str, list[User]] = {}
    for one in shown:
        services.setdefault(one.service, []).append(one)
    for service, users in services.items():
        lines += ["", style(clean(service), Style.STRONG)]
        for same in _alike(users):
            lines += _users(same, style, width)
    if len(answer.users) > len(shown):
        lines += ["", f"{plural(len(answer.users) - len(shown), 'more version')} (--format json has all)"]
    return document(lines)


def _headline(answer: Users, style: Paint, width: int) -> Iterator[str]:
    subject = f"{answer.kind} {clean(answer.element)}".lstrip()
    said = f"{_count(answer)}{environment_name(answer.environment, ' in ')}"
    if columns(subject) + 2 + columns(said) <= width:
        yield f"{style(subject, Style.STRONG)}: {said}"
    else:
        yield f"{style(subject, Style.STRONG)}:"
        yield from indented(said, width, "  ")


def _count(answer: Users) -> str:
    """`used by 3 versions of 2 services (1 perhaps)`."""
    if not answer.users:
        nobody = "no live version uses it" if answer.environment else "nobody uses it"
        return "no version is known to use it" if answer.gaps else nobody
    # One version may be a client and a provider of the same element.
    used = {(one.service, one.version) for one in answer.users}
    doubtful = len(used - {(one.service, one.version) for one in answer.users if not one.doubt})
    versions = plural(len(used), "version")
    services = plural(len({one.service for one in answer.users}), "service")
    return f"used by {versions} of {services}{f' ({doubtful} perhaps)' if doubtful else ''}"


def _alike(users: Sequence[User]) -> list[list[User]]:
    """Versions that use it in the same way and are live in the same places, together."""
    groups: dict[tuple[str, ...], list[User]] = {}
    for one in users:
        groups.setdefault((one.role, one.doubt, *one.uses, "", *one.environments), []).append(one)
    return list(groups.values())


def _users(users: Sequence[User], style: Paint, width: int) -> Iterator[str]:
    first = users[0]
    versions = ", ".join(
        clean(f"{one.version} {one.phase}" if one.phase not in ("", "stable") else one.version)
        for one in users
    )
    names = [name for name in map(environment_name, first.environments) if name]
    live = f"live in {some_of(names)}" if names else "live" if first.environments else "not live"
    yield from indented(f"{versions} ({first.role}, {live})", width, "  ")
    for use in first.uses[:_USES_SHOWN]:
        yield from indented(clean(use), width, "     ")
    if len(first.uses) > _USES_SHOWN:
        yield f"     {plural(len(first.uses) - _USES_SHOWN, 'more way')} (--format json has all)"
    newest = users[-1]
    if newest.evidence:
        places = [clean(place(one)) for one in newest.evidence]
        text = f"at {some_of(places, _PLACES_SHOWN)}"
        yield from indented(text if len(users) == 1 else f"{text} in {clean(newest.version)}", width, "     ")
    if first.doubt:
        doubt, *rest = indented(clean(first.doubt), width - 7, "     ")
        yield f"     {style('doubt', Style.WARNING)} {doubt.lstrip()}"
        yield from rest
