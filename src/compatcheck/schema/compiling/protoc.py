"""Runs protoc in a child process that may crash, hang or be killed without harm."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from compatcheck.errors import UndecidedError
from compatcheck.source.content import encode

_MEMORY = 4 << 30
_LONGEST_LIFE = 3600
_MOST_STDERR = 4 << 20
_READY = b"ready\n"
# No name that a repository uses; compile_files refuses a file of this name all the same.
UMBRELLA = ".compatcheck-umbrella.proto"
# A file that is not for the lite runtime must not import one that is; the other way round is allowed.
_UMBRELLA_HEAD = b'syntax = "proto3";\noption optimize_for = LITE_RUNTIME;\n'


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: `data` is a FileDescriptorSet if it compiled, `stderr` what protoc said if not."""

    kind: Literal["compiled", "refused", "crashed", "timed-out"]
    data: bytes = b""
    stderr: bytes = b""
    detail: str = ""


class Protoc:
    """A child process with a private folder for the files it compiles. Use as a context manager.

    The child starts when it is first needed, or at `start`, and again after a crash.
    """

    def __init__(self, memory: int = _MEMORY) -> None:
        self._memory = memory
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._jobs = 0
        self._trees = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child and remove its folder. Nothing happens the second time."""
        self._stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def start(self) -> None:
        """Start the child now, so that it is ready when the first files are."""
        if self._child is not None:
            return
        self._ready = False
        program = Path(__file__).with_name("protoc_child.py")
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(program), _packages(), str(self._memory), str(_LONGEST_LIFE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._private_folder(),
        )

    def write(self, files: Mapping[str, bytes]) -> tuple[str, dict[str, str]]:
        """Write files at their import names -> a name for the tree, and why some cannot be written."""
        self._trees += 1
        tree = f"tree{self._trees}"
        top = os.path.join(self._private_folder(), tree)
        failed: dict[str, str] = {}
        made: set[bytes] = set()
        for name, data in files.items():
            try:
                # protoc takes names for UTF-8, whatever the locale says.
                path = os.path.join(os.fsencode(top), *(encode(part) for part in name.split("/")))
                folder = os.path.dirname(path)
                if folder not in made:
                    os.makedirs(folder, mode=0o700, exist_ok=True)
                    made.add(folder)
                with open(path, "xb") as file:
                    file.write(data)
            except (OSError, UnicodeError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else "not a possible file name"
                failed[name] = f"cannot be written for the compiler: {reason}"
        return tree, failed

    def rewrite(self, tree: str, files: Mapping[str, bytes]) -> None:
        """Give files that were written to a tree another text."""
        top = os.path.join(self._private_folder(), tree)
        for name, data in files.items():
            with open(os.path.join(os.fsencode(top), encode(name)), "wb") as file:
                file.write(data)

    def run(self, tree: str, names: Sequence[str], timeout: float, positions: bool = True) -> Outcome:
        """Compile `names` of a tree, and what they import, in one go; `timeout` in seconds.

        protoc stops at the first of its arguments that fails, but tries every import of a file. So it gets
        one file that imports all: its messages name all files that fail, and no name is ever an argument.
        """
        self.start()
        self._jobs += 1
        job = str(self._jobs)
        folder = Path(self._private_folder())
        umbrella = folder / job
        umbrella.mkdir()
        imports = "".join(f'import public "{_escaped(name)}";\n' for name in names)
        (umbrella / UMBRELLA).write_bytes(_UMBRELLA_HEAD + encode(imports))
        arguments = [
            "protoc",
            f"-I{tree}",
            f"-I{job}",
            f"-o{job}.out",
            "--include_imports",
            "--retain_options",
        ]
        if positions:
            arguments.append("--include_source_info")
        (folder / f"{job}.args").write_bytes(encode("\0".join([*arguments, UMBRELLA])))
        outcome = self._answer(job, timeout)
        messages, output = folder / f"{job}.err", folder / f"{job}.out"
        if outcome.kind == "compiled":
            outcome = Outcome("compiled", data=output.read_bytes())
        elif outcome.kind == "refused":
            with messages.open("rb") as file:
                outcome = Outcome("refused", stderr=_with_import_names(file.read(_MOST_STDERR), tree))
        for path in (messages, output):
            path.unlink(missing_ok=True)
        return outcome

    def _answer(self, job: str, timeout: float) -> Outcome:
        child = self._child
        assert child is not None and child.stdin is not None and child.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        watchdog = threading.Timer(max(timeout, 0.01), give_up)
        watchdog.daemon = True
        started = time.monotonic()
        watchdog.start()
        try:
            self._ready = self._ready or child.stdout.readline() == _READY
            if not self._ready and not late.is_set():
                raise UndecidedError(
                    "protoc cannot be started: its process ends at once",
                    "reinstall grpcio-tools for this Python",
                )
            child.stdin.write(job.encode("ascii") + b"\n")
            child.stdin.flush()
            line = child.stdout.readline()
        except OSError:
            line = b""
        finally:
            watchdog.cancel()
        if line:
            return Outcome("compiled" if line.strip() == b"0" else "refused")
        code = child.wait()
        self._stop()
        if late.is_set():
            return Outcome("timed-out", detail=f"did not finish within {time.monotonic() - started:.1f} s")
        return Outcome("crashed", detail=f"ended abnormally ({_named(code)})")

    def _private_folder(self) -> str:
        if self._folder is None:
            try:
                self._folder = tempfile.TemporaryDirectory(prefix="compatcheck-", ignore_cleanup_errors=True)
            except OSError as error:
                raise UndecidedError(
                    f"cannot make a temporary folder for the compiler: {error.strerror}", "set TMPDIR"
                ) from error
        return self._folder.name

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _with_import_names(stderr: bytes, tree: str) -> bytes:
    """protoc's messages begin with the path of a file on disk."""
    return re.sub(rb"(?m)^" + re.escape(tree.encode()) + b"/", b"", stderr)


def _packages() -> str:
    """The folder that holds grpc_tools, found here: the child ignores PYTHONPATH and site-packages."""
    spec = importlib.util.find_spec("grpc_tools")
    if spec is None or spec.origin is None:
        raise UndecidedError(
            "grpcio-tools is not installed, so nothing can be compiled", "pip install grpcio-tools"
        )
    return str(Path(spec.origin).parent.parent)


def _named(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
