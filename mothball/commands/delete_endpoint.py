"""`mothball delete-endpoint`: the same for a silent endpoint and all that is in it."""

from __future__ import annotations

import click

from mothball import completion
from mothball.context import AppContext
from mothball.deletions import confirmed, overrides_in, show_plan, show_step, stoppable
from mothball.options import format_option, shared_options
from mothball.output import Format


@click.command("delete-endpoint")
@click.argument("target", metavar="TARGET", shell_complete=completion.endpoints)
@click.option("--confirm", metavar="PHRASE", help="The phrase that the plan prints.")
@click.option("--override", "overrides", metavar="CHECK=REASON", multiple=True, help="Repeatable.")
@format_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext, target: str, confirm: str | None, overrides: tuple[str, ...], form: Format
) -> int:
    """Plan the deletion of a silent endpoint with every deployment in it; --confirm does it.

    TARGET is an ARM id or workspace/endpoint. The whole endpoint must be proven silent; its keys
    and its system identity do not surely come back. The phrase is the endpoint's name; where
    another workspace has the same, the workspace belongs before it.

    \b
    Examples:
      mothball delete-endpoint lexnlp/clause-extract
      mothball delete-endpoint lexnlp/clause-extract --confirm clause-extract
    """
    given = overrides_in(overrides)
    from actions.deletion.delete import plan_endpoint_deletion
    from mothball.targets import exact_endpoint
    from queries.estate.questions import current_endpoints

    endpoint = exact_endpoint(current_endpoints(context.store), target)
    with stoppable() as stop:
        plan = plan_endpoint_deletion(context.session, endpoint, given, show_step, stop)
    if confirm is not None:
        plan = confirmed(context, plan, confirm, given)
    return show_plan(plan, form, is_confirmed=confirm is not None)
