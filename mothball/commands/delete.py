"""`mothball delete`: prints the plan; with the phrase it guards and deletes."""

from __future__ import annotations

import click

from mothball import completion
from mothball.context import AppContext
from mothball.deletions import confirmed, overrides_in, show_plan, show_step, stoppable
from mothball.options import format_option, shared_options
from mothball.output import Format


@click.command("delete")
@click.argument(
    "targets",
    metavar="TARGET…",
    nargs=-1,
    required=True,
    shell_complete=completion.targets,
)
@click.option("--confirm", metavar="PHRASE", help="The phrase that the plan prints.")
@click.option("--override", "overrides", metavar="CHECK=REASON", multiple=True, help="Repeatable.")
@format_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext,
    targets: tuple[str, ...],
    confirm: str | None,
    overrides: tuple[str, ...],
    form: Format,
) -> int:
    """Plan a deletion; with --confirm, guard each target afresh, archive it and delete it.

    Without --confirm nothing is written to Azure. The phrase for one target is
    endpoint/deployment; where another workspace has the same, the workspace belongs before it, as
    the plan prints it. Ctrl+c ends a run after the target that is under way.

    \b
    Examples:
      mothball delete lexnlp/clause-extract/distil
      mothball delete lexnlp/clause-extract/distil --confirm clause-extract/distil
    """
    given = overrides_in(overrides)
    from actions.deletion.delete import plan_deletion
    from mothball.each import rows_for

    rows = rows_for(context.session, targets)
    with stoppable() as stop:
        plan = plan_deletion(context.session, rows, given, show_step, stop)
    if confirm is not None:
        plan = confirmed(context, plan, confirm, given)
    return show_plan(plan, form, is_confirmed=confirm is not None)
