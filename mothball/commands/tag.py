"""`mothball tag`: merges tags, and touches none that it was not asked to change."""

from __future__ import annotations

import click

from mothball import completion
from mothball.context import AppContext
from mothball.options import format_option, key_and_value, shared_options
from mothball.output import Format


@click.command("tag")
@click.argument(
    "targets",
    metavar="TARGET…",
    nargs=-1,
    required=True,
    shell_complete=completion.targets,
)
@click.option("--set", "sets", metavar="NAME=VALUE", multiple=True, help="Repeatable.")
@click.option("--remove", "removes", metavar="NAME", multiple=True, help="Repeatable.")
@format_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext,
    targets: tuple[str, ...],
    sets: tuple[str, ...],
    removes: tuple[str, ...],
    form: Format,
) -> int:
    """Set or remove tags of deployments. This writes to Azure at once.

    \b
    Examples:
      mothball tag mlw-lab/churn-trial/xgb --set owner=lab@contoso.example
      mothball tag mlw-lab/churn-trial/xgb --remove expires-on
    """
    if not sets and not removes:
        raise click.UsageError("say what to change: --set NAME=VALUE or --remove NAME")
    wanted = dict(key_and_value(text) for text in sets)
    both = {name.lower() for name in wanted} & {name.lower() for name in removes}
    if both:
        raise click.UsageError(f"{sorted(both)[0]!r} is to be set and removed")
    from actions.tags.tag import tag
    from mothball.each import for_each, rows_for

    rows = rows_for(context.session, targets)
    return for_each(
        context.store, rows, lambda row: tag(context.session, row, wanted, removes), form
    )
