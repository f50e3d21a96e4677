"""`mothball retire`: marks deployments for deletion after a grace period."""

from __future__ import annotations

from collections.abc import Mapping

import click

from mothball import completion
from mothball.context import AppContext
from mothball.options import Days, format_option, shared_options
from mothball.output import Format, note
from mothball.where import where_option
from queries.estate.rows import DeploymentRow
from queries.filter import Filter


@click.command("retire")
@click.argument("targets", metavar="TARGET…", nargs=-1, shell_complete=completion.targets)
@where_option
@click.option("--after", "grace", type=Days(), metavar="14d", help="The grace; see the settings.")
@click.option("--reason", metavar="TEXT", help="Needed for a grace shorter than the settings'.")
@click.option("--replace", is_flag=True, help="Replace another role.")
@click.option("--undo", "undoing", is_flag=True, help="Take the mark away.")
@format_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext,
    targets: tuple[str, ...],
    where: Filter | None,
    grace: int | None,
    reason: str | None,
    replace: bool,
    undoing: bool,
    form: Format,
) -> int:
    """Mark an idle, idle-endpoint or failed deployment for deletion. This writes tags at once.

    \b
    Examples:
      mothball retire lexnlp/clause-extract/distil
      mothball retire lexnlp/clause-extract/distil --after 3d --reason "agreed with legal"
      mothball retire --where 'verdict:idle idle>90d owner:legal'
      mothball retire --where 'role:test finding:expired' --replace
      mothball retire lexnlp/clause-extract/distil --undo
    """
    if bool(targets) == (where is not None):
        raise click.UsageError("name targets, or choose them with --where, one of both")
    if where is not None and not where:
        raise click.UsageError("an empty --where would take every deployment: say which")
    days = context.settings.grace_days if grace is None else grace
    from actions.tags.retire import moved_grace, retire, short_grace, undo
    from mothball.each import for_each, rows_for, rows_where
    from queries.estate.questions import names_in

    if not undoing and (why := short_grace(context.session.limits, days, reason)):
        raise click.UsageError(f"{why}: --reason TEXT")

    rows = (
        rows_for(context.session, targets) if where is None else rows_where(context.session, where)
    )
    if undoing:
        return for_each(context.store, rows, lambda row: undo(context.session, row), form)
    names = names_in(context.store)

    def act(row: DeploymentRow) -> Mapping[str, str]:
        tags = retire(context.session, row, days, reason, replace_role=replace)
        if anew := moved_grace(context.session, row, days):
            note(f"{names.of(row.id)}: {anew}")
        return tags

    return for_each(context.store, rows, act, form)
