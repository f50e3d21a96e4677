"""`mothball extend`: an exemption with an end and a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from mothball import completion
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format
from queries.text.typed import date_from


class Date(click.ParamType[date]):
    """A date: 2027-01-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error."""
        if isinstance(value, date):
            return value
        try:
            return date_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command("extend")
@click.argument(
    "targets",
    metavar="TARGET…",
    nargs=-1,
    required=True,
    shell_complete=completion.targets,
)
@click.option("--until", type=Date(), required=True, metavar="DATE", help="The last day of it.")
@click.option("--reason", required=True, metavar="TEXT", help="Kept in the journal with your name.")
@format_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext, targets: tuple[str, ...], until: date, reason: str, form: Format
) -> int:
    """Exempt deployments from retirement until a date. This writes a tag at once.

    \b
    Examples:
      mothball extend mlw-payments/fraud/red --until 2027-01-31 --reason "audit in January"
    """
    from actions.tags.extend import extend, objection
    from mothball.each import for_each, rows_for

    if why := objection(context.session, until, reason):
        raise click.UsageError(why)
    rows = rows_for(context.session, targets)
    return for_each(
        context.store, rows, lambda row: extend(context.session, row, until, reason), form
    )
