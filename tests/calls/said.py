"""What the check says of calls: whom it sees broken, and the order that has to follow from who is."""

from __future__ import annotations

from collections.abc import Collection

from checking import Texts, checked
from compatcheck.config import Config
from compatcheck.rules.finding import Break, Order
from compatcheck.usecases.results import overall_order

_ORDERS = {
    frozenset[Break](): Order.ANY,
    frozenset({Break.OLD_CLIENT_NEW_SERVER}): Order.CLIENTS_FIRST,
    frozenset({Break.NEW_CLIENT_OLD_SERVER}): Order.SERVERS_FIRST,
    frozenset(Break): Order.NONE,
}


def said(old: Texts, new: Texts, config: Config | None = None) -> tuple[set[Break], Order]:
    """Whom the findings name as broken, and the order that suits all methods."""
    check = checked(old, new, config)
    return {one for finding in check.findings for one in finding.breaks}, overall_order(check.orders)


def follows(broken: Collection[Break]) -> tuple[set[Break], Order]:
    """What has to be said where calls show that these are broken."""
    return set(broken), _ORDERS[frozenset(broken)]
