"""Times `compatcheck check` of single commits against `buf breaking` with a git input, in pairs.

    python benchmarks/check_commits.py REPOSITORY [--commits 10] [--seed 1] [--exclude preview]

For each of some random commits that touch `.proto` files, both programs compare the commit with its parent,
one right after the other, so that a machine whose speed drifts slows both down. Prints a line a commit, then
medians of wall seconds, of peak memory (MiB, the largest single process) and of the ratio. buf needs
`pip install buf-bin`; without it only compatcheck is timed.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    mebibytes: float
    exit_code: int


def timed(command: list[str]) -> Run:
    """One run in a child of its own, since the peak memory of children can only be asked for all at once."""
    code = (
        "import json, resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "seconds = time.perf_counter() - start\n"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024\n"
        "print(json.dumps([seconds, peak, done.returncode]))\n"
    )
    out = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    seconds, peak, exit_code = json.loads(out.stdout)
    return Run(float(seconds), float(peak), int(exit_code))


def commits(repository: str, count: int, seed: int, grep: str) -> list[str]:
    log = ["git", "-C", repository, "log", "--no-merges", "--format=%H", "--max-count=3000", f"--grep={grep}"]
    log += ["--", "*.proto"]
    found = subprocess.run(log, capture_output=True, text=True, check=True).stdout.split()[:-1]
    return random.Random(seed).sample(found, min(count, len(found)))


def buf_command(buf: str, repository: str, commit: str, exclude: list[str]) -> list[str]:
    config = {
        "version": "v2",
        "modules": [{"path": ".", "excludes": exclude}],
        "breaking": {"use": ["WIRE_JSON"]},
    }
    new, old = (f"{repository}#format=git,ref={ref}" for ref in (commit, f"{commit}~1"))
    both = ["--config", json.dumps(config), "--against-config", json.dumps(config)]
    return [buf, "breaking", new, "--against", old, *both]


def _figures(run: Run) -> str:
    return f"{run.seconds:7.3f} s {run.mebibytes:6.0f} MiB exit {run.exit_code}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("repository")
    parser.add_argument("--commits", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--grep", default="", help="only commits whose message has a line that matches")
    parser.add_argument("--exclude", action="append", default=[], help="a folder that buf leaves out")
    arguments = parser.parse_args()
    buf = shutil.which("buf")
    ours: list[Run] = []
    ratios: list[float] = []
    theirs: list[Run] = []
    for commit in commits(arguments.repository, arguments.commits, arguments.seed, arguments.grep):
        check = [sys.executable, "-m", "compatcheck", "check", commit, "--against", f"{commit}~1", "--exact"]
        run = timed([*check, "--repo", arguments.repository, "--format", "json"])
        ours.append(run)
        line = f"{commit[:12]}  compatcheck {_figures(run)}"
        if buf:
            other = timed(buf_command(buf, arguments.repository, commit, arguments.exclude))
            theirs.append(other)
            ratios.append(other.seconds / run.seconds)
            line += f"   buf {_figures(other)}"
            line += f"   ratio {ratios[-1]:6.1f}"
        print(line, flush=True)
    for name, runs in (("compatcheck", ours), ("buf", theirs)):
        if runs:
            seconds = [run.seconds for run in runs]
            spread = f"({min(seconds):.3f} to {max(seconds):.3f})"
            peak = max(run.mebibytes for run in runs)
            print(f"{name}: median {statistics.median(seconds):.3f} s {spread}, largest peak {peak:.0f} MiB")
    if ratios:
        print(f"ratio: median {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})")


if __name__ == "__main__":
    main()
