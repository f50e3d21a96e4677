"""`mothball report focus`: a month's bill by FOCUS column names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from collectors.records import counted
from mothball import exits
from mothball.context import AppContext
from mothball.options import Month, shared_options
from mothball.output import note
from queries.text.causes import cause_of


@click.command("focus")
@click.option("--month", "first_day", required=True, type=Month(), help="Which month: 2026-10.")
@click.option(
    "--out",
    "path",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Its suffix picks the form: .csv or .parquet.",
)
@click.option(
    "--focus",
    "version",
    type=click.Choice(["1.2", "1.3"]),
    default="1.2",
    show_default=True,
    help="The version of FOCUS.",
)
@shared_options()
@click.pass_obj
def command(context: AppContext, first_day: date, path: Path, version: str) -> int:
    """Write the rows of a month's bill in the columns of FOCUS, our own beginning with x_.

    BilledCost is what was billed. ListCost is the list price of the hours that are known, else
    null. Quantities and meters are there where an export has them.

    In 1.2 ResourceId is the deployment; in 1.3 it is the workspace, as in Azure's own files, and
    the deployment is the allocated resource.

    \b
    Examples:
      mothball report focus --month 2026-10 --out focus-2026-10.parquet
      mothball report focus --month 2026-10 --out focus-2026-10.csv --focus 1.3
    """
    from queries.reports.focus import FORMS, write_focus

    if path.suffix.lower() not in FORMS:
        raise click.UsageError(f"--out {path.name}: the suffix is one of {', '.join(FORMS)}")
    try:
        # The bill alone is read, which `costs import` brings too.
        written = write_focus(context.store_as_it_is, first_day, path, version)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {cause_of(error)}") from error
    sums = ", ".join(f"{amount:,.2f} {name}" for name, amount in sorted(written.billed.items()))
    rows = counted(written.rows, "row")
    note(f"in {path}: {rows}, {sums or 'nothing billed'}")
    if written.rows and written.empty:
        note(f"null in every row: {', '.join(written.empty)}")
    for line in written.lacking:
        note(f"not in the file: {line}")
    return exits.PARTIAL if written.lacking else exits.DONE
