"""`mothball record`: keeps what the sources answer, pseudonymised, for a report of a fault."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from collectors.records import counted
from mothball import __version__, exits
from mothball.commands.snapshot import check_ids
from mothball.context import AppContext
from mothball.options import Days, shared_options
from mothball.output import note
from mothball.progress import Progress
from mothball.stopping import stopped_by_ctrl_c
from mothball.unread import note_unread
from queries.text.causes import cause_of

if TYPE_CHECKING:
    from actions.recording.record import Recorded, Wanted


@click.command("record")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--subscription", "subscriptions", metavar="ID", multiple=True, help="Repeatable.")
@click.option("--lookback", type=Days(), metavar="30d", help="The window of the snapshot.")
@shared_options()
@click.pass_obj
def command(
    context: AppContext, folder: Path, subscriptions: tuple[str, ...], lookback: int | None
) -> int:
    """Take a snapshot and keep what the sources answered in DIR, pseudonymised.

    It says first what it keeps, what it replaces and what it drops. Your own store is not touched,
    and nothing is written to Azure. DIR must be empty or not there. Attach it to a report of a
    fault: whoever has it can take the same snapshot again without your tenant. Exits with 3 where
    something could not be read; the refusals are in the recording too.

    \b
    Examples:
      mothball record recording
      mothball record recording --subscription 0f0c… --lookback 60d
    """
    from actions.recording.record import Wanted
    from actions.recording.words import STATEMENT

    if lookback == 0:
        raise click.UsageError("--lookback is at least one day")
    check_ids(subscriptions, None)
    for line in STATEMENT:
        note(line)
    recorded = _record(context, folder, Wanted(subscriptions, lookback))
    click.echo(f"{counted(recorded.answers, 'answer')} kept in {recorded.folder}")
    if recorded.failure is not None:
        note("the snapshot failed; what was answered until then is recorded")
        raise recorded.failure
    assert recorded.report is not None
    note_unread(recorded.report.errors, (), all_errors=True)
    return exits.PARTIAL if recorded.report.errors else exits.DONE


def _record(context: AppContext, folder: Path, wanted: Wanted) -> Recorded:
    from actions.recording.record import record
    from collectors.connection.errors import Stopped
    from collectors.connection.patience import Stop

    progress, stop, made_by = Progress(), Stop(), f"mothball {__version__}"
    with stopped_by_ctrl_c(stop, "stopping; nothing is recorded"):
        try:
            return record(
                context.session, folder, wanted, made_by, stop, progress, progress.waiting
            )
        except Stopped as stopped:
            raise click.ClickException("stopped: nothing is recorded") from stopped
        except OSError as error:
            raise click.ClickException(
                f"the recording cannot be written: {cause_of(error)}"
            ) from error
        finally:
            progress.close()
