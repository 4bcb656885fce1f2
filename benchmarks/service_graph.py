"""Times the questions about services on a generated repository of many services, each with many versions.

Each service keeps its own schema and its own copies of the schemas that it calls, as services in real life do:
from version to version it may add a field or a method or, rarely, change a type, and may bring its copies up to
date. Run with the interpreter that has compatcheck installed:

    python benchmarks/service_graph.py --services 1000 --versions 20 --calls 10

Prints for each question the wall-clock time in seconds and the peak memory in MiB of a process of its own.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from check_commits import timed


@dataclass(slots=True)
class Schema:
    """The schema of one generated service at one version."""

    name: str
    types: list[str] = field(default_factory=lambda: ["string", "int32", "int64"])
    methods: int = 3

    def text(self) -> str:
        fields = "".join(f"  {type_} f{number} = {number};\n" for number, type_ in enumerate(self.types, 1))
        rpcs = "".join(f"  rpc M{number}(In) returns (Out);\n" for number in range(self.methods))
        return (
            f'syntax = "proto3";\npackage {self.name}.v1;\nservice S {{\n{rpcs}}}\n'
            f"message In {{\n{fields}}}\nmessage Out {{\n  Item item = 1;\n}}\nmessage Item {{\n{fields}}}\n"
        )

    def evolve(self, chance: random.Random) -> None:
        """Mostly nothing or an addition; once in fifty versions a change of a type."""
        drawn = chance.random()
        if drawn < 0.02:
            self.types[chance.randrange(len(self.types))] = chance.choice(["string", "int32", "bytes"])
        elif drawn < 0.2:
            self.types.append("string")
        elif drawn < 0.3:
            self.methods += 1


def build(target: Path, services: int, versions: int, calls: int, seed: int) -> None:
    """A bare-bones history: one commit a version, a tag for each service at each."""
    chance = random.Random(seed)
    names = [f"s{number:04}" for number in range(services)]
    called = {name: chance.sample([one for one in names if one != name], calls) for name in names}
    subprocess.run(["git", "init", "--quiet", str(target)], check=True)
    schemas = {name: Schema(name) for name in names}
    copies: dict[tuple[str, str], str] = {}
    stream = subprocess.Popen(
        ["git", "-C", str(target), "fast-import", "--quiet"], stdin=subprocess.PIPE, text=True
    )
    assert stream.stdin is not None
    for version in range(1, versions + 1):
        files = {} if version > 1 else {"compatcheck.toml": configuration(called, versions)}
        for name in names:
            if version > 1:
                schemas[name].evolve(chance)
            files[f"{name}/proto/{name}/v1/{name}.proto"] = schemas[name].text()
        for name in names:
            for one in called[name]:
                if version == 1 or chance.random() < 0.2:
                    copies[name, one] = schemas[one].text()
                files[f"{name}/proto/{one}/v1/{one}.proto"] = copies[name, one]
        stream.stdin.writelines(_commit(files, version, names))
    stream.stdin.close()
    if stream.wait() != 0:
        raise SystemExit("git fast-import failed")
    subprocess.run(["git", "-C", str(target), "reset", "--quiet", "--hard"], check=True)


def _commit(files: dict[str, str], version: int, names: Sequence[str]) -> Iterator[str]:
    moment = 1_767_225_600 + version * 86_400
    message = f"version {version}"
    yield f"commit refs/heads/master\ncommitter A <a@example.com> {moment} +0000\n"
    yield f"data {len(message)}\n{message}\n"
    for path, text in files.items():
        yield f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n"
    for name in names:
        yield f"reset refs/tags/{name}-v{version}\nfrom refs/heads/master\n\n"


def configuration(called: dict[str, list[str]], versions: int) -> str:
    parts = []
    for name, others in called.items():
        consumes = ", ".join(f'"{one}.v1.S/M{number}"' for one in others for number in (0, 1))
        parts.append(
            f'[services.{name}]\nschema = "{name}/proto"\nversions = "{name}-v*"\n'
            f'provides = ["{name}.v1.S"]\nconsumes = [{consumes}]\n'
        )
    live = "\n".join(f'{name} = "{versions // 2}"' for name in called)
    return "\n".join(parts) + f"\n[environments.production]\n{live}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--versions", type=int, default=20)
    parser.add_argument("--calls", type=int, default=10, help="edges of each service")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep", type=Path, help="build the repository here and keep it, or use what is there"
    )
    parser.add_argument("--without-matrix", action="store_true", help="leave out the whole matrix")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        repository = options.keep or Path(scratch) / "repository"
        if not (repository / ".git").exists():
            build(repository, options.services, options.versions, options.calls, options.seed)
        now, next_ = options.versions // 2, options.versions // 2 + 1
        targets = [f"s{number * options.services // 20:04}@{next_}" for number in range(20)]
        questions = {
            "can-i-deploy": ("can-i-deploy", f"s0000@{next_}", "--env", "production"),
            "plan of 20": ("plan", "--env", "production", *targets),
            "matrix of one service": ("pairs", "--client", "s0000"),
        }
        if not options.without_matrix:
            questions["whole matrix"] = ("pairs",)
        print(
            f"{options.services} services, {options.versions} versions, {options.calls} edges each; live: {now}"
        )
        for name, arguments in questions.items():
            run = timed([sys.executable, "-m", "compatcheck", *arguments, "--repo", str(repository)])
            print(
                f"{name:24} {run.seconds:8.2f} s {run.mebibytes:8.0f} MiB   exit code {run.exit_code}",
                flush=True,
            )


if __name__ == "__main__":
    main()
