"""The check: from two sources to findings, orders and what could not be decided."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.config import Config, excluder
from compatcheck.diff.pairing import pair
from compatcheck.diff.schemas import changes
from compatcheck.rules.finding import Finding
from compatcheck.rules.judge import judge
from compatcheck.rules.orders import method_forms, method_orders
from compatcheck.rules.reach import Reach, carriers_of
from compatcheck.rules.severity import policy
from compatcheck.schema.build import build
from compatcheck.schema.loaded import Loaded, Unknown
from compatcheck.schema.loading.load import load
from compatcheck.source.snapshot import Skipped, Snapshot, Source
from compatcheck.usecases.comparing import settings
from compatcheck.usecases.results import Check, MethodOrder, Undecided


def check(old: Source, new: Source, config: Config, notices: tuple[str, ...] = ()) -> Check:
    """Compare two sources as `config` says. What cannot be compared is in `undecided`, never left out."""
    excluded = excluder(config)
    skipped = _skipped(old, new)
    hiding = [one for one in skipped if one.hides and not excluded(f"{one.path}/")]
    folders = tuple(f"{one.path}/" for one in hiding)
    loaded = load(
        old, new, roots=config.roots, exclude=lambda path: path.startswith(folders) or excluded(path)
    )
    findings, orders = _compare(loaded, config)
    return Check(
        old=old.origin,
        new=new.origin,
        findings=findings,
        orders=orders,
        undecided=_undecided(hiding, loaded.unknown),
        skipped=tuple(one for one in skipped if one not in hiding),
        notices=notices,
        changed_files=len(loaded.changed),
    )


def _compare(loaded: Loaded, config: Config) -> tuple[tuple[Finding, ...], tuple[MethodOrder, ...]]:
    """The findings, sorted, and the order of each method that a change reaches."""
    old, new = build(loaded.old), build(loaded.new)
    pairing = pair(old, new, loaded.pairs)
    methods = method_forms(old, new, pairing)
    new_names = {
        former.full_name: name for name, forms in methods.items() for former, _ in forms if former is not None
    }
    one_sided = frozenset(name for name, forms in methods.items() if not any(map(all, forms)))
    old_reach, new_reach, gate = Reach(old), Reach(new), policy(config)
    findings: list[Finding] = []
    reached: set[str] = set()
    for change in changes(old, new, pairing, settings(config)):
        carriers = carriers_of(change, old_reach, new_reach, new_names)
        reached.update(name for name, _ in carriers)
        finding = judge(change, carriers, gate, one_sided)
        if finding is not None:
            findings.append(finding)
    orders = method_orders(methods, reached)
    return tuple(sorted(findings, key=_sort_key)), tuple(MethodOrder(*one) for one in orders.items())


def _undecided(hiding: Iterable[Skipped], unknown: Iterable[Unknown]) -> tuple[Undecided, ...]:
    """What is wrong on both sides in the same way is one thing to mend, and told once."""
    hidden = (Undecided(one.path, one.reason) for one in hiding)
    return tuple(dict.fromkeys((*hidden, *(Undecided(one.path, _reason(one)) for one in unknown))))


def _reason(unknown: Unknown) -> str:
    # What protoc says of a file itself begins with its line and column.
    told = not unknown.line or unknown.reason.startswith(f"{unknown.line}:")
    where = "" if told else f"line {unknown.line}: "
    remedy = f"; {unknown.remedy}" if unknown.remedy else ""
    return f"{where}{unknown.reason}{remedy}"


def _skipped(*sources: Source) -> tuple[Skipped, ...]:
    skipped = {one for source in sources if isinstance(source, Snapshot) for one in source.skipped}
    return tuple(sorted(skipped, key=lambda one: (one.path, one.reason)))


def _sort_key(finding: Finding) -> tuple[str, int, int, str, str]:
    at = finding.location
    return (finding.path, at.line if at else 0, at.column if at else 0, finding.rule, finding.element)
