"""The rollout order that is safe for a method: from effects on calls, not from severities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from compatcheck.diff.pairing import Pairing
from compatcheck.reads.calls import call_reads
from compatcheck.reads.graph import Memo
from compatcheck.rules.finding import Break, Order
from compatcheck.schema.model import Method, Schema
from compatcheck.schema.walk import methods_of

Forms = tuple[Method | None, Method | None]
"""A method as the old and as the new schema has it, None where it does not exist."""


def method_forms(old: Schema, new: Schema, pairing: Pairing) -> dict[str, list[Forms]]:
    """Every method of either schema, by its new name (by its old one if it is gone); once for each root."""
    services = {(one.place.file.root, one.full_name): other.full_name for one, other in pairing.services.kept}
    after = {(pairing.old_root(one.place.file.root), one.full_name): one for one in _methods(new)}
    forms: dict[tuple[str, str], Forms] = {key: (None, one) for key, one in after.items()}
    for method in _methods(old):
        root = method.place.file.root
        service, _, name = method.full_name.rpartition(".")
        renamed = (root, f"{services.get((root, service), service)}.{name}")
        forms[renamed if renamed in after else (root, method.full_name)] = (method, after.get(renamed))
    pairs: dict[str, list[Forms]] = {}
    for (_, name), two in forms.items():
        pairs.setdefault(name, []).append(two)
    return pairs


def method_orders(
    methods: Mapping[str, Iterable[Forms]], reached: Mapping[str, Collection[Break]]
) -> dict[str, Order]:
    """The order of each method that a change reached; `methods` holds its forms, one for each root with it.

    `reached` has what breaks a method beyond what its two forms show, such as a type that is packed in `Any`.
    """
    memo = Memo()
    return {
        name: _order({*reached[name], *(one for forms in methods[name] for one in _breaks(*forms, memo))})
        for name in sorted(reached)
        if name in methods
    }


def _order(broken: Collection[Break]) -> Order:
    """If only (old client, new server) breaks, clients go first; if only the other pair breaks, servers do."""
    if len(broken) > 1:
        return Order.NONE
    if Break.OLD_CLIENT_NEW_SERVER in broken:
        return Order.CLIENTS_FIRST
    return Order.SERVERS_FIRST if broken else Order.ANY


def _breaks(old: Method | None, new: Method | None, memo: Memo) -> Iterable[Break]:
    if old is not None and _call_breaks(old, new, memo):
        yield Break.OLD_CLIENT_NEW_SERVER
    if new is not None and _call_breaks(new, old, memo):
        yield Break.NEW_CLIENT_OLD_SERVER


def _call_breaks(client: Method, provider: Method | None, memo: Memo) -> bool:
    return any(one.outcome.effect.breaks for one in call_reads(client, provider, memo))


def _methods(schema: Schema) -> Iterator[Method]:
    for file in schema.files:
        yield from methods_of(file)
