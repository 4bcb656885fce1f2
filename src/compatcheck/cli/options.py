"""Options that several commands share."""

from __future__ import annotations

import click
from click.decorators import FC

repo = click.option(
    "--repo",
    metavar="PATH",
    help="The repository to look at, bare ones included, instead of the one of the current folder.",
)
config = click.option(
    "--config",
    "config_file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="A configuration file, instead of the compatcheck.toml or pyproject.toml that is found.",
)
color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the text. NO_COLOR and FORCE_COLOR are honoured.",
)

json_or_text = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
drawn = click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "dot", "mermaid"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as a picture for Graphviz or Mermaid.",
)
environment = click.option(
    "--env", "environment", metavar="NAME", help="The environment: an [environments.NAME]."
)
live = click.option(
    "--live",
    multiple=True,
    metavar="SERVICE=VERSION,...",
    help="What is live, instead of what the environment says of these services; several versions of one may be.",
)
versions = click.option(
    "--versions",
    multiple=True,
    metavar="VERSION,...",
    help="Only these versions of each service, or globs of them such as '2.*'.",
)
strategy = click.option(
    "--strategy",
    type=click.Choice(["rolling", "blue-green", "canary"]),
    default="rolling",
    show_default=True,
    help="How versions take the place of others. Old and new serve at once, except with blue-green.",
)


def split(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The words of options that take several, with commas between them or given more than once."""
    return tuple(word.strip() for text in texts for word in text.split(",") if word.strip())


def comparison(command: FC) -> FC:
    """The options that say what is compared with what, and by whose configuration and preset it is judged."""
    for option in reversed((*_COMPARISON, repo, config, color)):
        command = option(command)
    return command


_COMPARISON = (
    click.option(
        "--against",
        multiple=True,
        metavar="OLD",
        help="What to compare with: a revision, REPO#REV, a directory or a descriptor set (.binpb). Can be given "
        "several times. Default: as configured, else the merge base with the remote's default branch.",
    ),
    click.option(
        "--staged",
        is_flag=True,
        help="Check what is in the index; compares with HEAD unless told otherwise.",
    ),
    click.option(
        "--against-released", metavar="GLOB", help="Compare with the latest release tag, such as 'v*'."
    ),
    click.option("--exact", is_flag=True, help="Compare with a branch's tip, not with the merge base."),
    click.option(
        "--preset",
        type=click.Choice(["rollout", "strict", "wire"]),
        help="Which surfaces gate. Default: as configured, else rollout.",
    ),
    click.option(
        "--config-from",
        type=click.Choice(["new", "old"]),
        default="new",
        show_default=True,
        help="Whose configuration judges. By that of `old`, a change cannot weaken its own gate.",
    ),
)
