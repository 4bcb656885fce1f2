"""The check: from two sources to findings, orders and what could not be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from compatcheck.config import Config, excluder
from compatcheck.diff.changes import Change
from compatcheck.diff.pairing import pair
from compatcheck.diff.schemas import changes
from compatcheck.rules.finding import Break, Finding
from compatcheck.rules.judge import judge, reached_by
from compatcheck.rules.orders import Forms, method_forms, method_orders
from compatcheck.rules.reach import Carriers, Reach, carriers_of
from compatcheck.rules.severity import policy
from compatcheck.schema.build import build
from compatcheck.schema.loaded import Loaded, Unknown
from compatcheck.schema.loading.load import load
from compatcheck.source.content import shown
from compatcheck.source.snapshot import Skipped, Snapshot, Source
from compatcheck.usecases.comparing import settings
from compatcheck.usecases.results import Check, MethodOrder, Undecided
from compatcheck.witness.result import NoWitness, Witness


def check(
    old: Source,
    new: Source,
    config: Config,
    notices: tuple[str, ...] = (),
    wants_witness: Callable[[Finding], bool] | None = None,
) -> Check:
    """Compare two sources as `config` says. What cannot be compared is in `undecided`, never left out.

    Witnesses are looked for where `wants_witness` says so; that takes time.
    """
    excluded = excluder(config)
    skipped = _skipped(old, new)
    hiding = [one for one in skipped if one.hides and not excluded(f"{one.path}/")]
    folders = tuple(f"{one.path}/" for one in hiding)
    loaded = load(
        old, new, roots=config.roots, exclude=lambda path: path.startswith(folders) or excluded(path)
    )
    findings, orders, witnesses = _compare(loaded, config, wants_witness)
    return Check(
        old=old.origin,
        new=new.origin,
        findings=findings,
        orders=orders,
        undecided=_undecided(hiding, loaded.unknown),
        skipped=tuple(one for one in skipped if one not in hiding),
        notices=(*notices, *_compared_as_text(loaded)),
        changed_files=len(loaded.changed),
        witnesses=witnesses,
    )


def _compare(
    loaded: Loaded, config: Config, wants_witness: Callable[[Finding], bool] | None
) -> tuple[tuple[Finding, ...], tuple[MethodOrder, ...], Mapping[str, Witness | NoWitness]]:
    """The findings, sorted, the order of each method that a change reaches, and the witnesses that are wanted."""
    old, new = build(loaded.old), build(loaded.new)
    pairing = pair(old, new, loaded.pairs)
    methods = method_forms(old, new, pairing)
    new_names = {
        former.full_name: name for name, forms in methods.items() for former, _ in forms if former is not None
    }
    one_sided = frozenset(name for name, forms in methods.items() if not any(map(all, forms)))
    compared_by, gate = settings(config), policy(config)
    old_reach, new_reach = Reach(old, compared_by.travels_in_any), Reach(new, compared_by.travels_in_any)
    judged: list[tuple[Finding, Change, Carriers]] = []
    reached: dict[str, set[Break]] = {}
    for change in changes(old, new, pairing, compared_by):
        carriers = carriers_of(change, old_reach, new_reach, new_names)
        for one in reached_by(change, carriers, one_sided):
            reached.setdefault(one.method, set()).update(one.breaks)
        finding = judge(change, carriers, gate, one_sided)
        if finding is not None:
            judged.append((finding, change, carriers))
    orders = method_orders(methods, reached)
    witnesses: Mapping[str, Witness | NoWitness] = {}
    if wants_witness is not None:
        # What makes witnesses takes time to import, too.
        from compatcheck.usecases.witness import witnesses_of
        from compatcheck.witness.find import Finder

        finder = Finder(loaded, old, new, pairing, compared_by.json)
        witnesses = witnesses_of((one for one in judged if wants_witness(one[0])), finder, gate)
    return (
        tuple(sorted((one for one, _, _ in judged), key=_sort_key)),
        tuple(MethodOrder(name, order, _formers(methods[name])) for name, order in orders.items()),
        witnesses,
    )


def _formers(forms: Iterable[Forms]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(former.full_name for former, _ in forms if former is not None))


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


def _compared_as_text(loaded: Loaded) -> Iterator[str]:
    for name, count in loaded.as_text.items():
        files = "1 file" if count == 1 else f"{count} files"
        yield f"options of `{shown(name)}`, which is not in the source, are compared as text only: {files}"


def _skipped(*sources: Source) -> tuple[Skipped, ...]:
    skipped = {one for source in sources if isinstance(source, Snapshot) for one in source.skipped}
    return tuple(sorted(skipped, key=lambda one: (one.path, one.reason)))


def _sort_key(finding: Finding) -> tuple[str, int, int, str, str]:
    at = finding.location
    return (finding.path, at.line if at else 0, at.column if at else 0, finding.rule, finding.element)
