"""The check: from two sources to findings, orders and what could not be decided."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.config import Config, excluder
from compatcheck.diff.pairing import Pairing, pair
from compatcheck.diff.schemas import changes
from compatcheck.reads.json import JsonSettings
from compatcheck.rules.finding import Finding
from compatcheck.rules.judge import judge
from compatcheck.rules.orders import Forms, method_orders
from compatcheck.rules.reach import Reach, carriers_of
from compatcheck.rules.severity import policy
from compatcheck.schema.build import build
from compatcheck.schema.loaded import Unknown
from compatcheck.schema.loading.load import load
from compatcheck.schema.model import Method, Schema
from compatcheck.source.snapshot import Skipped, Snapshot, Source
from compatcheck.usecases.results import Check, MethodOrder, Undecided


def check(old: Source, new: Source, config: Config, notices: tuple[str, ...] = ()) -> Check:
    """Compare two sources as `config` says. What cannot be compared is in `undecided`, never left out."""
    loaded = load(old, new, roots=config.roots, exclude=excluder(config))
    before, after = build(loaded.old), build(loaded.new)
    pairing = pair(before, after, loaded.pairs)
    methods = _method_pairs(before, after, pairing)
    new_names = {
        old.full_name: name for name, forms in methods.items() for old, _ in forms if old is not None
    }
    one_sided = frozenset(name for name, forms in methods.items() if not any(map(all, forms)))
    old_reach, new_reach, gate = Reach(before), Reach(after), policy(config)
    findings: list[Finding] = []
    reached: set[str] = set()
    for change in changes(before, after, pairing, JsonSettings(config.json_unknown_fields)):
        carriers = carriers_of(change, old_reach, new_reach, new_names)
        reached.update(name for name, _ in carriers)
        finding = judge(change, carriers, gate, one_sided)
        if finding is not None:
            findings.append(finding)
    return Check(
        old=old.origin,
        new=new.origin,
        findings=tuple(sorted(findings, key=_sort_key)),
        orders=tuple(MethodOrder(name, order) for name, order in method_orders(methods, reached).items()),
        # What is wrong on both sides in the same way is one thing to mend.
        undecided=tuple(dict.fromkeys(Undecided(one.path, _reason(one)) for one in loaded.unknown)),
        skipped=_skipped(old, new),
        notices=notices,
        changed_files=len(loaded.changed),
    )


def _method_pairs(old: Schema, new: Schema, pairing: Pairing) -> dict[str, list[Forms]]:
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


def _reason(unknown: Unknown) -> str:
    # What protoc says of a file itself begins with its line and column.
    told = not unknown.line or unknown.reason.startswith(f"{unknown.line}:")
    where = "" if told else f"line {unknown.line}: "
    remedy = f"; {unknown.remedy}" if unknown.remedy else ""
    return f"{where}{unknown.reason}{remedy}"


def _methods(schema: Schema) -> Iterator[Method]:
    for file in schema.files:
        for service in file.services:
            yield from service.methods


def _skipped(*sources: Source) -> tuple[Skipped, ...]:
    skipped = {one for source in sources if isinstance(source, Snapshot) for one in source.skipped}
    return tuple(sorted(skipped, key=lambda one: (one.path, one.reason)))


def _sort_key(finding: Finding) -> tuple[str, int, int, str, str]:
    at = finding.location
    return (finding.path, at.line if at else 0, at.column if at else 0, finding.rule, finding.element)
