"""Judges any number of random pairs of schemas on all cores: `python -m reads.oracle --pairs 100000`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from random import Random

from reads.judged import judge, random_pair

_CHUNK = 250
_TASKS_EACH = 20
"""Chunks that a process judges before another takes over, so that what the runtime keeps does not pile up."""
_MOST_SHOWN = 50


@dataclass(frozen=True)
class Tally:
    pairs: int
    values: int
    differences: tuple[str, ...]


def judge_numbered(seed: int, numbers: range) -> Tally:
    """Judges the pairs of these numbers; a pair is the same whatever is judged beside it."""
    values, differences = 0, []
    for number in numbers:
        random = Random(f"{seed}/{number}")
        try:
            pair = random_pair(random)
            judged = judge(pair, random)
        except Exception as error:
            raise RuntimeError(f"pair {number} of seed {seed}") from error
        values += judged.values
        differences += [f"pair {number}, {pair.changes}: {one}" for one in judged.differences]
    return Tally(len(numbers), values, tuple(differences))


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pairs", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--processes", type=int, default=os.cpu_count())
    arguments.add_argument(
        "--only", type=int, help="judge the pair of this number alone, and show its schemas"
    )
    asked = arguments.parse_args()
    if asked.only is not None:
        return _show(asked.seed, asked.only)
    chunks = [range(first, min(first + _CHUNK, asked.pairs)) for first in range(0, asked.pairs, _CHUNK)]
    start, pairs, values, failed = time.monotonic(), 0, 0, 0
    with get_context("spawn").Pool(asked.processes, maxtasksperchild=_TASKS_EACH) as workers:
        for tally in workers.imap(partial(judge_numbered, asked.seed), chunks):
            pairs, values = pairs + tally.pairs, values + tally.values
            for one in tally.differences[: max(0, _MOST_SHOWN - failed)]:
                print(one, flush=True)
            failed += len(tally.differences)
            if pairs % (_CHUNK * 8) == 0:
                print(_summary(pairs, values, failed, start), flush=True)
    print(f"{_summary(pairs, values, failed, start)} (seed {asked.seed}, {asked.processes} processes)")
    if failed:
        print(f"show one with: make oracle ARGUMENTS='--seed {asked.seed} --only NUMBER'")
    return 1 if failed else 0


def _summary(pairs: int, values: int, differences: int, start: float) -> str:
    return f"{pairs} pairs, {values} values, {differences} differences in {time.monotonic() - start:.0f} s"


def _show(seed: int, number: int) -> int:
    pair = random_pair(Random(f"{seed}/{number}"))
    for parts in (pair.old, pair.new):
        print(parts.build().file)
    tally = judge_numbered(seed, range(number, number + 1))
    print(*tally.differences, sep="\n")
    return 1 if tally.differences else 0


if __name__ == "__main__":
    sys.exit(main())
