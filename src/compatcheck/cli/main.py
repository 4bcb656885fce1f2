"""The program: finds the command, and turns errors that users cause into one line and an exit code."""

from __future__ import annotations

import importlib
import io
import os
import sys
import traceback

import click

from compatcheck.errors import CompatcheckError, UsageError

COMMANDS = {
    "can-i-deploy": "compatcheck.cli.can_i_deploy:can_i_deploy",
    "check": "compatcheck.cli.check:check",
    "demo": "compatcheck.cli.demo:demo",
    "explain": "compatcheck.cli.explain:explain",
    "graph": "compatcheck.cli.graph:graph",
    "pairs": "compatcheck.cli.pairs:pairs",
    "plan": "compatcheck.cli.plan:plan",
    "rules": "compatcheck.cli.rules:rules",
    "who-uses": "compatcheck.cli.who_uses:who_uses",
}
"""Each command is imported when it is asked for: what one of them needs must not slow down another."""
CRASHED = 70
"""EX_SOFTWARE of sysexits.h."""
INTERRUPTED = 130
"""What shells give a program that was ended by ^C (128 + SIGINT)."""
PIPE_CLOSED = 141
"""The same for one that wrote what nobody read any more (128 + SIGPIPE)."""


class _Commands(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. What is caught here would end with 1 in click, which means findings."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            # A second error while Python closes stdout would only confuse.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(PIPE_CLOSED)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from compatcheck.cli.version import version

        click.echo(f"compatcheck {version()}")
        ctx.exit()


@click.group(cls=_Commands, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
def cli() -> None:
    """Say which versions of protobuf and gRPC services cannot talk to each other, before they are deployed."""


def main() -> None:
    """The entry point. Exit codes: 0 fine, 1 findings, 2 wrong usage, 3 undecided, 70 a bug of ours."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a letter shows a question mark instead of a traceback.
            stream.reconfigure(errors="replace")
    try:
        _stand_somewhere()
        sys.exit(cli(standalone_mode=False))
    except CompatcheckError as error:
        _complain(error.message, error.hint)
        sys.exit(error.exit_code)
    except click.UsageError as error:
        program = error.ctx.command_path if error.ctx else "compatcheck"
        _complain(error.format_message(), f"`{program} --help` says more")
        sys.exit(UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except Exception:
        # Python would end with 1, which means findings: a gate must be able to tell them from a bug of ours.
        traceback.print_exc()
        sys.exit(CRASHED)


def _stand_somewhere() -> None:
    try:
        os.getcwd()
    except OSError as error:
        raise UsageError(
            f"the current folder cannot be used: {error.strerror}", "change to another"
        ) from error


def _complain(message: str, hint: str) -> None:
    # What a repository is called, or holds, must not steer the terminal.
    from compatcheck.report.terminal import clean

    click.echo(f"compatcheck: {clean(message)}", err=True)
    if hint:
        click.echo(f"  {clean(hint)}", err=True)
