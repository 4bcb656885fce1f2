"""`compatcheck demo`: builds a small shop in a scratch repository and asks the tool about it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from compatcheck.cli import options


@dataclass(frozen=True, slots=True)
class Scene:
    """A command of the demo, what it is about, and the exit code that is expected of it."""

    about: str
    arguments: tuple[str, ...]
    exit_code: int


SCENES = (
    Scene(
        "A pull request makes an amount smaller (breaks clients that are live), adds a field to the cart\n"
        "(harmless), and removes a field whose number and name it reserves.",
        ("check", "--against", "main"),
        1,
    ),
    Scene(
        "Every version of every service against every version of the services that it calls.",
        ("pairs",),
        1,
    ),
    Scene(
        "A deployment that is safe: catalog 1.1 only adds.",
        ("can-i-deploy", "catalog@1.1", "--env", "production"),
        0,
    ),
    Scene(
        "One that is not: checkout 1.1 calls a method that the payment in production does not have yet.",
        ("can-i-deploy", "checkout@1.1", "--env", "production"),
        1,
    ),
    Scene(
        "The order in which both can go, and from when on payment cannot go back.",
        ("plan", "--env", "production", "checkout@1.1", "payment@1.1"),
        0,
    ),
)


_WRONG = 70
"""A fault of the program itself, as EX_SOFTWARE of sysexits.h."""
_KEPT = frozenset(
    {"PATH", "HOME", "LANG", "COLUMNS", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "VIRTUAL_ENV", "TERM"}
)
"""Variables that say how the machine is set up, and nothing about what is compared."""


@click.command(short_help="Show all of it on a small shop of services.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False),
    metavar="FOLDER",
    help="Build the shop in this new folder, and keep it to play with.",
)
@options.color
def demo(keep: str | None, color: str) -> None:
    """Build a small shop of six services in a scratch repository, and ask compatcheck about it."""
    from tempfile import TemporaryDirectory

    from compatcheck.errors import UsageError

    if keep is None:
        with TemporaryDirectory(prefix="compatcheck-demo-") as folder:
            _play(Path(folder), color)
        return
    target = Path(keep)
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"{keep} is there already, and not empty", "name a new folder")
    target.mkdir(parents=True, exist_ok=True)
    _play(target, color)
    click.echo(f"The shop is in {keep}.")


def _play(target: Path, color: str) -> None:
    from compatcheck.cli.terminal import wants_color
    from compatcheck.usecases.demo import build

    colored = wants_color(color, os.environ, sys.stdout)
    history = build(target, os.environ)
    tags = [tag for step in history for tag in step.tags]
    click.echo(f"A shop of six services, {len(history)} commits and {len(tags)} released versions:")
    for step in history:
        names = ", ".join(step.tags) or f"branch {step.branch}"
        click.echo(f"  {step.message}  [{names}]")
    for scene in SCENES:
        click.echo(f"\n{scene.about}\n")
        click.echo(click.style(f"$ compatcheck {' '.join(scene.arguments)}", bold=colored))
        found = _run(target, (*scene.arguments, "--color", "always" if colored else "never"))
        click.echo(f"(exit code {found})")
        if found != scene.exit_code:
            click.echo(f"compatcheck demo: exit code {scene.exit_code} was expected", err=True)
            sys.exit(_WRONG)


def _run(target: Path, arguments: tuple[str, ...]) -> int:
    """Run the program in a process of its own, as somebody in that folder would.

    Its exit code; -1 if it had something to complain about, for an exit code of 1 may also be a bug.
    """
    program = "from compatcheck.cli.main import main; main()"
    # No CI variable and no hook may have a say in what is compared. -P: nothing is imported out of the shop.
    env = {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(("LC_", "PYTHON"))
    }
    command = [sys.executable, "-P", "-X", "utf8", "-c", program, *arguments]
    done = subprocess.run(
        command, cwd=target, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    click.echo(done.stdout.decode(errors="replace"), nl=False, color=True)
    if done.stderr:
        click.echo(done.stderr.decode(errors="replace"), nl=False, err=True)
    return -1 if done.stderr else done.returncode
