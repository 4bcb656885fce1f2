"""The program of the child process that runs protoc: a job per line of input, an exit code per line back.

It is started by path with `-I -S`, so it imports nothing of this package. Arguments: the folder that holds
the `grpc_tools` package, the memory limit in bytes, the processor time limit in seconds. A job is a number
N: its arguments stand in N.args (NUL separated), protoc's messages go to N.err.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

_LARGEST_FILE = 1 << 30


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
    ):
        _, hard = resource.getrlimit(kind)
        capped = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(kind, (capped, hard))
        except (OSError, ValueError):
            continue


def _serve() -> None:
    sys.path.append(sys.argv[1])
    run_main: Callable[[list[bytes]], int] = import_module("grpc_tools._protoc_compiler").run_main
    answers = os.dup(1)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.write(answers, b"ready\n")
    for line in sys.stdin.buffer:
        job = line.decode("ascii").strip()
        messages = os.open(f"{job}.err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(messages, 2)
        os.close(messages)
        code = run_main(Path(f"{job}.args").read_bytes().split(b"\0"))
        os.dup2(quiet, 2)
        os.write(answers, b"%d\n" % code)


if __name__ == "__main__":
    _limit(int(sys.argv[2]), int(sys.argv[3]))
    _serve()
