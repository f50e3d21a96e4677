"""The command line: finds the command, and turns every failure into one line and a code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from mothball import __version__, completion
from mothball.context import PRIVATE, AppContext
from mothball.encoding import prepare_streams
from mothball.exits import DONE, FAILED, REFUSED, USAGE
from mothball.groups import Commands
from mothball.options import shared_options
from mothball.stopping import ctrl_c_is_watched
from queries.text.cells import printable

# Command -> the module that holds it; a module is imported when its command is asked for.
COMMANDS = {
    "archives": "archives",
    "costs": "costs",
    "decisions": "decisions",
    "delete": "delete",
    "delete-endpoint": "delete_endpoint",
    "demo": "demo",
    "diff": "diff",
    "doctor": "doctor",
    "extend": "extend",
    "history": "history",
    "journal": "journal",
    "list": "list_deployments",
    "record": "record",
    "report": "report",
    "restore": "restore",
    "retire": "retire",
    "show": "show",
    "snapshot": "snapshot",
    "sql": "sql",
    "store": "store",
    "tag": "tag",
    "tags": "tags",
}

# They open the interface, which reads ctrl+c as a key.
OF_THE_INTERFACE = (None, "demo")


@click.group(
    cls=Commands,
    package="mothball.commands",
    modules=COMMANDS,
    invoke_without_command=True,
)
@click.version_option(__version__, prog_name="mothball")
@click.option(
    "--view",
    metavar="NAME",
    shell_complete=completion.views,
    help="Open the interface on a saved view.",
)
@click.option(
    "--filter",
    "filter_text",
    metavar="FILTER",
    shell_complete=completion.filters,
    help="Open it filtered.",
)
@click.option(
    "--target",
    metavar="TARGET",
    shell_complete=completion.targets_to_read,
    help="Open it on a deployment.",
)
@shared_options(from_environment=True)
@click.pass_context
def mothball(
    ctx: click.Context, view: str | None, filter_text: str | None, target: str | None
) -> None:
    """Find the Azure Machine Learning deployments that cost money and serve nobody.

    Without a command, opens the terminal interface on the store: where --view, --filter and
    --target say.

    \b
    Examples:
      mothball demo                     a sample tenant, no account needed
      mothball --view idle              the interface on what is idle, by money
      mothball --filter 'owner:ada'     the interface on one owner's
      mothball --target fraud/green     the interface on one deployment
      mothball snapshot                 read everything that you may read
      mothball list --verdict idle      what serves nobody, proven
    """
    context = ctx.ensure_object(AppContext)
    if ctx.invoked_subcommand not in OF_THE_INTERFACE:
        ctx.with_resource(ctrl_c_is_watched())
    named = {"--view": view, "--filter": filter_text, "--target": target}
    if ctx.invoked_subcommand is None:
        from mothball.interface import open_interface

        open_interface(ctx, context, *named.values())
    elif given := [name for name, value in named.items() if value is not None]:
        raise click.UsageError(
            f"{given[0]} opens the interface: it goes without {ctx.invoked_subcommand!r}"
        )


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no traceback reaches the user."""
    prepare_streams()
    # What this program writes is for its owner's eyes only.
    before = os.umask(PRIVATE)
    try:
        given = list(sys.argv[1:] if arguments is None else arguments)
        return run_in(AppContext(umask=before), given)
    finally:
        os.umask(before)


def run_in(context: AppContext, arguments: list[str]) -> int:
    """The same in a context that is there already; the streams are taken as they are."""
    out = sys.stdout
    try:
        result = mothball.main(
            arguments,
            prog_name="mothball",
            standalone_mode=False,
            obj=context,
        )
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        click.echo(f"mothball: {printable(error.format_message())}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return FAILED
    except SystemExit as ended:
        if sys.stdout is out:
            return ended.code if isinstance(ended.code, int) else FAILED
        # Click has put another stream there: the reader of our output went away, and nothing is
        # left to say to it.
        return DONE
    except Exception as error:
        return _report_failure(error)
    return result if isinstance(result, int) else DONE


def _report_failure(error: Exception) -> int:
    """One line about a failure, and its code."""
    from mothball.failures import UNEXPECTED, line_for

    line, code = line_for(error)
    if os.environ.get("MOTHBALL_DEBUG") and line.startswith(UNEXPECTED):
        raise error
    click.echo(f"mothball: {line}", err=True)
    assert code in (FAILED, REFUSED, USAGE)
    return code
