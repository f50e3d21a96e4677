"""`mothball restore`: the plan to recreate what was archived; with the phrase, its doing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from mothball import completion, exits
from mothball.context import AppContext
from mothball.deletions import print_by_hand, stoppable
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_json, write_rows
from mothball.stopping import stopped_by_ctrl_c
from queries.text.cells import printable

if TYPE_CHECKING:
    from actions.restore.planning import RestorePlan

CODES = {"planned": exits.DONE, "restored": exits.DONE}
CHECK_FIELDS = ("check", "state", "evidence")


@click.command("restore")
@click.argument("archive", metavar="ARCHIVE", shell_complete=completion.archives)
@click.option("--confirm", metavar="PHRASE", help="The phrase that the plan prints.")
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, archive: str, confirm: str | None, form: Format) -> int:
    """Plan the restore of an archive; with --confirm, recreate it, read it back and compare.

    ARCHIVE is a name that `mothball archives` lists, or the path of one. A name that exists is
    never overwritten, and no traffic is moved; a whole endpoint ends with its archived map. The
    phrase is endpoint/deployment or an endpoint's name; where another workspace has the same, the
    workspace belongs before it.

    \b
    Examples:
      mothball restore 20261124T080000000000-lexnlp.clause-extract.distil
      mothball restore 20261124T080000000000-lexnlp.clause-extract.distil \\
        --confirm clause-extract/distil
    """
    from actions.archive.reading import ArchiveFailure
    from actions.restore.planning import archive_named
    from actions.restore.restore import plan_restore, restore
    from collectors.connection.errors import Stopped
    from collectors.connection.patience import Stop

    try:
        found = archive_named(context.session, archive)
        with stoppable() as stop:
            plan = plan_restore(context.session, found, stop)
    except ArchiveFailure as failure:
        raise click.ClickException(str(failure)) from failure
    if confirm is not None:
        stop, notice = Stop(), "stopping; the rest is not created"
        try:
            with stopped_by_ctrl_c(stop, notice):
                plan = restore(context.session, plan, confirm, note, stop.is_set, stop)
        except Stopped:
            raise click.ClickException("stopped; nothing was written") from None
    _write(plan, form)
    if plan.message is not None:
        note(f"{plan.path}: {plan.outcome}: {plan.message}")
    return CODES.get(plan.outcome, exits.FAILED)


def _write(plan: RestorePlan, form: Format) -> None:
    checks = [{name: asdict(check)[name] for name in CHECK_FIELDS} for check in plan.checks]
    if form == "json":
        write_json(_fields(plan) | {"checks": checks})
    elif form == "csv":
        write_rows(checks, CHECK_FIELDS, form)
    else:
        _print(plan, checks)


def _fields(plan: RestorePlan) -> dict[str, Any]:
    return {
        "archive": plan.archive.name,
        "target": plan.archive.target,
        "phrase": plan.phrase,
        "checks": [],
        "changes": list(plan.changes),
        "differences": list(plan.differences),
        "monthly_cost": plan.monthly_cost,
        "currency": plan.currency,
        "warnings": list(plan.warnings),
        "by_hand": [{"what": step.what, "command": step.command} for step in plan.by_hand],
        "outcome": plan.outcome,
    }


def _print(plan: RestorePlan, checks: list[dict[str, Any]]) -> None:
    click.echo(f"{printable(plan.path)}, archived {plan.archive.archived_at:%Y-%m-%d %H:%M} UTC")
    cost = "not known"
    if plan.monthly_cost is not None:
        cost = f"{plan.monthly_cost:,.2f} {plan.currency} by the price list"
    click.echo(f"  cost a month: {cost}")
    if not write_rows(checks, CHECK_FIELDS, "table"):
        for check in plan.checks:
            if check.state != "pass":
                click.echo(printable(f"  {check.check} {check.state}: {check.evidence}"))
    for line in (*plan.warnings, *plan.changes, *plan.differences):
        click.echo(f"  note: {printable(line)}")
    print_by_hand(plan.by_hand)
    if plan.outcome == "planned" and not plan.obstacles:
        click.echo(f'\nto go on, add: --confirm "{printable(plan.phrase)}"')
