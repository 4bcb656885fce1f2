"""Compiles import closures so that one bad file costs only the files that need it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.schema.compiling import graph, messages
from compatcheck.schema.compiling.imports import scan
from compatcheck.schema.compiling.left_out import Lacking, LeftOut, Texts
from compatcheck.schema.compiling.messages import CompileError
from compatcheck.schema.compiling.protoc import UMBRELLA, Outcome, Protoc
from compatcheck.schema.compiling.wire import split_set, without_positions

DEFAULT_TIMEOUT = 60.0
"""Seconds for everything that one call of `compile_files` does."""

_DEEPEST_CHAIN = 2_000
_MOST_RUNS = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Part:
    """Targets that compile together in one universe of symbols.

    `descriptors`: import name -> serialised FileDescriptorProto of the targets and all they import; only
    targets carry source positions.
    """

    targets: tuple[str, ...]
    descriptors: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came of a compilation: every target is in one part or in `failed`.

    More than one part means that files which never import each other define the same names. `failed` says why
    in one line, `culprits` in which file the cause lies (the target itself, or what it needs); `undecided`
    are those that time ran out for. `errors` are also of imported files. `left_out` are the options of each
    file that were not compiled, if there are any.
    """

    parts: tuple[Part, ...]
    errors: tuple[CompileError, ...]
    failed: Mapping[str, str]
    culprits: Mapping[str, str]
    undecided: frozenset[str]
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)


def compile_files(
    files: Mapping[str, bytes],
    targets: Sequence[str],
    *,
    timeout: float = DEFAULT_TIMEOUT,
    positions: bool = True,
    imports: Mapping[str, Sequence[str]] | None = None,
    protoc: Protoc | None = None,
    lacking: Lacking | None = None,
) -> Compiled:
    """Compile `targets`, given `files`: import name -> text of the targets and of everything they import.

    Earlier targets win where two files define the same name. `imports` spares scanning the texts again; a
    `protoc` that is passed in stays open. Options that nothing defines are left out of files that are
    `lacking` an import. Nothing in a file raises.
    """
    texts = Texts(files, lacking or Lacking())
    if protoc is not None:
        return _compile(texts, targets, timeout, positions, imports, protoc)
    with Protoc() as own:
        return _compile(texts, targets, timeout, positions, imports, own)


def _compile(
    texts: Texts,
    targets: Sequence[str],
    timeout: float,
    positions: bool,
    imports: Mapping[str, Sequence[str]] | None,
    protoc: Protoc,
) -> Compiled:
    files = texts.files
    problems = {name: problem for name, data in files.items() if (problem := _problem(name, data))}
    wanted = set(targets)
    tree, unwritable = protoc.write(
        {
            name: texts.text(name) if texts.lacking.unread and name in wanted else data
            for name, data in files.items()
            if name not in problems
        }
    )
    now = time.monotonic()
    work = _Work(files, imports, protoc, tree, positions, now + timeout, texts, now + timeout / 2)
    for name, problem in (problems | unwritable).items():
        work.fail(name, problem)
    work.refuse_deep_chains()
    pending = [name for name in dict.fromkeys(targets) if name not in work.failed]
    parts = []
    while pending:
        part, pending = work.part(pending)
        if part is not None:
            parts.append(part)
    failed = {name: reason for name, reason in work.failed.items() if name in wanted}
    culprits = {name: work.culprits.get(name, name) for name in failed}
    return Compiled(
        tuple(parts),
        messages.capped(work.errors),
        failed,
        culprits,
        frozenset(work.undecided & wanted),
        {name: found for name in wanted if (found := texts.left_out(name))},
    )


@dataclass(slots=True)
class _Work:
    """The state of one compilation."""

    files: Mapping[str, bytes]
    known_imports: Mapping[str, Sequence[str]] | None
    protoc: Protoc
    tree: str
    positions: bool
    deadline: float
    texts: Texts
    half_time: float
    runs: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    culprits: dict[str, str] = field(default_factory=dict)
    undecided: set[str] = field(default_factory=set)
    errors: list[CompileError] = field(default_factory=list)
    reverse: dict[str, list[str]] | None = None

    def imports(self) -> Mapping[str, Sequence[str]]:
        if self.known_imports is None:
            self.known_imports = {name: scan(data).imports for name, data in self.files.items()}
        return self.known_imports

    def dependents(self, name: str) -> set[str]:
        """The files that need `name`, itself included."""
        if self.reverse is None:
            self.reverse = graph.importers(self.imports())
        return graph.reachable([name], self.reverse)

    def fail(self, name: str, reason: str) -> None:
        reason = messages.clean(reason)
        for one in self.dependents(name) - self.failed.keys():
            self.failed[one] = messages.clean(f"imports {name}, which does not compile: {reason}")
            self.culprits[one] = name
        self.failed[name], self.culprits[name] = reason, name

    def refuse_deep_chains(self) -> None:
        if len(self.files) <= _DEEPEST_CHAIN:
            return
        depths = graph.depths(graph.imports_first(self.files, self.imports()), self.imports())
        for name, depth in depths.items():
            if depth > _DEEPEST_CHAIN:
                self.failed[name] = f"is the end of a chain of more than {_DEEPEST_CHAIN} imports"
                self.culprits[name] = name

    def run(self, names: Sequence[str]) -> Outcome:
        left = self.deadline - time.monotonic()
        share = left / 2 if self.runs == 0 else left / 4
        self.runs += 1
        return self.protoc.run(self.tree, names, share, self.positions)

    def exhausted(self) -> bool:
        return self.runs >= _MOST_RUNS or time.monotonic() >= self.deadline

    def part(self, pending: Sequence[str]) -> tuple[Part | None, list[str]]:
        """Compile what goes together -> that, and the targets that belong into another part."""
        later: list[str] = []
        while pending:
            if self.exhausted():
                self.give_up([*pending, *later])
                return None, []
            outcome = self.run(pending)
            if outcome.kind == "compiled":
                return Part(tuple(pending), self.descriptors(outcome.data, pending)), later
            apart: set[str] = set()
            if outcome.kind == "refused":
                apart = self.judge(outcome)
            else:
                self.find_culprit(pending, outcome)
            later += [name for name in pending if name in apart and name not in self.failed]
            left = [name for name in pending if name not in apart and name not in self.failed]
            if len(left) == len(pending) and not self.texts.fresh:
                for name in pending:
                    self.fail(
                        name, f"the compiler refused it: {outcome.stderr[:200].decode('utf-8', 'replace')}"
                    )
            pending = left
        return None, later

    def judge(self, outcome: Outcome) -> set[str]:
        """Fail the files with errors of their own -> those that only clash with files they never meet."""
        apart: set[str] = set()
        waiting: set[str] = set()
        self.texts.start_round()
        for error in messages.parse(outcome.stderr, self.files):
            if messages.failed_import(error) in self.files or error.file in apart or error.file in waiting:
                continue
            if self.leave_out(error):
                waiting |= self.dependents(error.file) - {error.file}
                continue
            if error.file in self.failed:
                # Without an import that failed, whatever it defines is missing too: no error of this file.
                self.errors += [error] if self.culprits[error.file] == error.file else []
                continue
            other = messages.other_file(error)
            if other is not None and other != error.file and other in self.files:
                users = self.dependents(error.file)
                both = users & self.dependents(other)
                if error.file not in both:
                    apart |= users - both
                    for name in both - self.failed.keys():
                        self.failed[name] = messages.clean(
                            f"imports {error.file} and {other}: {error.message}"
                        )
                        self.culprits[name] = name
                    continue
            self.errors.append(error)
            place = f"{error.line}:{error.column}: " if error.line else ""
            self.fail(error.file, place + error.message)
        self.protoc.rewrite(self.tree, self.texts.changed())
        return apart

    def leave_out(self, error: CompileError) -> bool:
        """Leave out the option that the error is about, if nothing that is at hand can define it."""
        option = messages.unknown_option(error)
        # Half of the time is for those that lack nothing.
        in_time = time.monotonic() < self.half_time
        return option is not None and in_time and self.texts.leave_out(error.file, option)

    def find_culprit(self, pending: Sequence[str], outcome: Outcome) -> None:
        """Fail the one file that protoc crashes or hangs on: the last of the shortest list, imports first."""
        order = [name for name in graph.imports_first(pending, self.imports()) if name in self.files]
        fine, bad, detail = 0, len(order), outcome.detail
        while bad - fine > 1:
            if self.exhausted():
                self.give_up(pending)
                return
            middle = (fine + bad) // 2
            probe = self.run(order[:middle])
            if probe.kind in ("compiled", "refused"):
                fine = middle
            else:
                bad, detail = middle, probe.detail
        self.fail(order[bad - 1], f"the compiler {detail} on it")

    def give_up(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.failed:
                self.failed[name] = "not decided: the compiler ran out of time"
                self.culprits[name] = name
                self.undecided.add(name)

    def descriptors(self, data: bytes, targets: Iterable[str]) -> dict[str, bytes]:
        wanted = set(targets) if self.positions else set()
        strip: Callable[[bytes], bytes] = without_positions if self.positions else bytes
        return {
            name: descriptor if name in wanted else strip(descriptor)
            for name, descriptor in split_set(data)
            if name != UMBRELLA
        }


def _problem(name: str, data: bytes) -> str:
    """Why a file cannot be given to the compiler, or "". Names that lead out of the folder are refused."""
    if name == UMBRELLA or name.startswith("/") or "\\" in name or (os.name == "nt" and ":" in name):
        return "is not a possible import name"
    if any(step in ("", ".", "..") for step in name.split("/")):
        return "is not a possible import name"
    if _CONTROL.search(name):
        return "has control characters or bytes that are not UTF-8 in its name"
    if b"\0" in data:
        return "is not text: it has NUL bytes"
    return ""
