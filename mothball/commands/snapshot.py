"""`mothball snapshot`: collects everything once."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from mothball import exits, ids
from mothball.context import AppContext
from mothball.options import Days, format_option, shared_options
from mothball.output import Format, note, write_json, write_rows
from mothball.progress import Progress
from mothball.stopping import stopped_by_ctrl_c
from mothball.unread import errors_option, note_unread

if TYPE_CHECKING:
    from actions.snapshot.take import SnapshotReport
    from collectors.inventory.scope import Scope

COUNTS = ("snapshot_id", "status", "workspaces", "endpoints", "deployments", "throttled")


@click.command("snapshot")
@click.option("--subscription", "subscriptions", metavar="ID", multiple=True, help="Repeatable.")
@click.option("--management-group", metavar="ID", help="The subscriptions below this group.")
@click.option("--workspace", "workspaces", metavar="ARM_ID", multiple=True, help="Repeatable.")
@click.option("--lookback", type=Days(), metavar="30d", help="The window of this snapshot.")
@click.option(
    "--cost-months",
    type=click.IntRange(0, 13),
    metavar="N",
    help="Read the bill of so many months, this one first (default: those of the window; 0: none).",
)
@click.option("--resume", is_flag=True, help="Go on where a stopped snapshot ended.")
@errors_option
@format_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext,
    subscriptions: tuple[str, ...],
    management_group: str | None,
    workspaces: tuple[str, ...],
    lookback: int | None,
    cost_months: int | None,
    resume: bool,
    all_errors: bool,
    form: Format,
) -> int:
    """Read the whole tenant, or a part of it, and judge every deployment.

    Nothing is written to Azure. What could not be read is counted and the worst of it named
    (--errors names all), and the exit code is then 3. A deployment that is still called after its
    deletion is reported, and journalled.

    A subscription, group or workspace that is named here and is not there is wrong usage:
    nothing is read then, and the store stays as it is.

    \b
    Examples:
      mothball snapshot
      mothball snapshot --subscription 0f0c… --lookback 60d
      mothball snapshot --cost-months 13
      mothball snapshot --format json > snapshot.json
    """
    from collectors.inventory.scope import Scope

    if lookback == 0:
        raise click.UsageError("--lookback is at least one day")
    check_ids(subscriptions, management_group)
    _check_workspaces(workspaces)
    narrowed = subscriptions or management_group or workspaces
    scope = Scope(subscriptions, management_group, workspaces) if narrowed else None
    report = collect(context, scope, lookback, cost_months, resume=resume)
    _note_errors(context, report, all_errors=all_errors)
    _write(report, form)
    return exits.PARTIAL if report.errors else exits.DONE


def collect(
    context: AppContext,
    scope: Scope | None = None,
    window_days: int | None = None,
    cost_months: int | None = None,
    *,
    resume: bool = False,
) -> SnapshotReport:
    """Take a snapshot with progress on standard error; ctrl+c ends it in good order."""
    from actions.snapshot import collect as flow
    from actions.snapshot.request import request_by_settings
    from collectors.connection.patience import Stop

    session, progress, stop = context.session, Progress(), Stop()
    snapshot_request = request_by_settings(session, scope, window_days, cost_months, resume=resume)
    called: list[str] = []
    with stopped_by_ctrl_c(stop, "stopping; what was read is kept"):
        try:
            return flow.collect(
                session, snapshot_request, stop, progress, progress.waiting, called.append
            )
        finally:
            progress.close()
            for sentence in called:
                note(sentence)


def check_ids(subscriptions: tuple[str, ...], management_group: str | None) -> None:
    """Raise a usage error for what cannot be the id of a subscription or a management group."""
    for subscription in subscriptions:
        if not ids.is_subscription(subscription):
            raise click.UsageError(
                f"{subscription!r} is no subscription id: give its GUID, such as {ids.EXAMPLE}"
            )
    if management_group is not None and not ids.is_management_group(management_group):
        raise click.UsageError(
            f"{management_group!r} is no management group id: give the last part of its path"
        )


def _check_workspaces(workspaces: tuple[str, ...]) -> None:
    from collectors.inventory.resources import part

    for workspace in workspaces:
        home = part(workspace, "subscriptions") or ""
        if not ids.is_subscription(home) or not part(workspace, "workspaces"):
            raise click.UsageError(f"{workspace!r} is not the ARM id of a workspace")


def _note_errors(context: AppContext, report: SnapshotReport, *, all_errors: bool) -> None:
    from queries.estate import questions as estate

    if report.errors:
        rows = estate.current_deployments(context.store)
        note_unread(report.errors, rows, all_errors=all_errors)


def _write(report: SnapshotReport, form: Format) -> None:
    values = asdict(report)
    if form == "json":
        write_json(values)
    else:
        values["requests"] = sum(report.requests.values())
        write_rows([values], (*COUNTS, "requests"), form)
