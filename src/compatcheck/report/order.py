"""The rollout order in words: which order is safe, and because of which methods."""

from __future__ import annotations

from collections.abc import Sequence

from compatcheck.reads.effects import Surface
from compatcheck.report.words import plural, some_of
from compatcheck.rules.finding import Finding, Order, Severity
from compatcheck.usecases.results import Check, MethodOrder, overall_order

_VERDICTS = {
    Order.ANY: "any order is safe",
    Order.SERVERS_FIRST: "servers first",
    Order.CLIENTS_FIRST: "clients first",
    Order.NONE: "no order is safe",
}
_WHY = {
    Order.SERVERS_FIRST: "a new client breaks on an old server",
    Order.CLIENTS_FIRST: "an old client breaks on a new server",
}
_SPLIT = "so split the change: add the new beside the old, move every caller, then remove the old"


def order_lines(checks: Sequence[Check]) -> list[str]:
    """The verdict over all of `checks`, then a line for each thing to know about it."""
    orders = _worst_of_each_method(checks)
    verdict = overall_order(orders)
    if verdict is Order.ANY:
        return _any_order(checks, orders)
    first = f"rollout order: {_VERDICTS[verdict]}"
    if verdict is not Order.NONE:
        return [
            f"{first}, since {_WHY[verdict]}",
            f"because of {_methods(orders, verdict)}",
            *_caveats(checks),
        ]
    reasons = [
        (Order.NONE, "both sides break on"),
        (Order.SERVERS_FIRST, "servers first for"),
        (Order.CLIENTS_FIRST, "clients first for"),
    ]
    lines = [f"{words} {_methods(orders, one)}" for one, words in reasons if _methods(orders, one)]
    return [first, *lines, _SPLIT, *_caveats(checks)]


def _any_order(checks: Sequence[Check], orders: Sequence[MethodOrder]) -> list[str]:
    if any(check.undecided for check in checks):
        known = "unknown, since not everything could be compared"
    elif not any(check.changed_files for check in checks):
        known = "any, since nothing changed"
    elif any(check.findings for check in checks) and not orders:
        known = "any for the methods here, since no method reaches a change"
    else:
        known = _VERDICTS[Order.ANY]
    return [f"rollout order: {known}", *_not_counted(checks)]


def _caveats(checks: Sequence[Check]) -> list[str]:
    files = len({one.path for check in checks for one in check.undecided})
    left = [f"{plural(files, 'file')} could not be compared: this may change"] if files else []
    return [*left, *_not_counted(checks)]


def _not_counted(checks: Sequence[Check]) -> list[str]:
    """The order is that of gRPC calls between the services here.

    A method in another repository, or a queue, may carry what no method here does, and a gateway may speak JSON.
    """
    findings = {one.fingerprint: one for check in checks for one in check.findings}.values()
    homeless = [one for one in findings if not one.methods and _breaks(one, Surface.WIRE)]
    over_rest = [
        one
        for one in findings
        if one.severity is Severity.ERROR
        and one.methods
        and not one.breaks
        and _breaks(one, Surface.HTTP, Surface.JSON)
    ]
    lines = []
    if homeless:
        found = plural(len(homeless), "finding")
        lines.append(f"not counted: {found} that no method here reaches; users elsewhere may break")
    if over_rest:
        lines.append(f"not counted: {plural(len(over_rest), 'finding')} that only clients over REST meet")
    return lines


def _breaks(finding: Finding, *surfaces: Surface) -> bool:
    return any(one.surface in surfaces and one.effect.breaks for one in finding.effects)


def _methods(orders: Sequence[MethodOrder], wanted: Order) -> str:
    return some_of([one.method for one in orders if one.order is wanted])


def _worst_of_each_method(checks: Sequence[Check]) -> list[MethodOrder]:
    """One order a method over several old sources: all of them may be live when the new one arrives."""
    if len(checks) == 1:
        return list(checks[0].orders)
    by_method: dict[str, list[MethodOrder]] = {}
    for check in checks:
        for one in check.orders:
            by_method.setdefault(one.method, []).append(one)
    return [MethodOrder(name, overall_order(all_of_it)) for name, all_of_it in sorted(by_method.items())]
