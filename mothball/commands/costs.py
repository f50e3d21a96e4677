"""`mothball costs import`: the bill from exports, in place of the query API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows
from mothball.progress import Progress

if TYPE_CHECKING:
    from queries.exports.imports import Counted, ImportReport

FIELDS = (
    "subscription_id",
    "month",
    "basis",
    "outcome",
    "reason",
    "row_count",
    "cost",
    "currency",
)
FOR_PEOPLE = ("outcome", "reason", "basis", "row_count", "cost", "currency")


@click.group("costs")
@shared_options()
def command() -> None:
    """The bill in the store.

    \b
    Examples:
      mothball costs import export.csv
      mothball costs import "exports/2026-10/*.parquet" --basis amortized
    """


@command.command("import")
@click.argument("names", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--basis",
    type=click.Choice(["actual", "amortized"]),
    help="Which cost to take: FOCUS has both (default: as the settings count, actual by default);"
    " other exports are taken for this in place of what their rows show.",
)
@click.option(
    "--replace",
    "replace_longer",
    is_flag=True,
    help="Replace a month even if the store knows days, workspaces or cost that the files lack.",
)
@format_option
@shared_options()
@click.pass_obj
def import_(
    context: AppContext,
    names: tuple[str, ...],
    basis: str | None,
    replace_longer: bool,
    form: Format,
) -> int:
    """Load Cost Management exports: EA or MCA (actual, amortized) or FOCUS 1.0 to 1.2.

    FILE is a CSV (also gzip) or Parquet file, a folder with everything below it, or a pattern in
    quotes; together they are one bill. Parts of one run (part_0, part_1 in one folder) are added
    up. Two runs of one month never are: equal ones count once, others are refused. Each month of
    each subscription that they cover takes the place of what the store knew of it, so that the
    same export twice changes nothing.

    A month of which the store knows billed days or workspaces that the files lack (as an export of
    one resource group does), or over 2 % more cost, in all or on deployments, stays as it was, with
    a warning and exit code 3; --replace takes the files' word. Rows that are not of a Machine
    Learning workspace are not part of this bill; those among them that are tagged with an endpoint
    are counted and named.

    \b
    Examples:
      mothball costs import october.csv.gz
      mothball costs import "exports/20261001-20261031/**/*.parquet" --basis amortized
    """
    from queries.exports.imports import import_exports
    from queries.policy import BASES

    progress = Progress()
    try:
        report = import_exports(
            context.store_as_it_is,
            names,
            context.now(),
            basis=BASES.get(basis or ""),
            counted=context.settings.cost_basis,
            replace_longer=replace_longer,
            progress=progress,
        )
    finally:
        progress.close()
    _show(report, form)
    return exits.PARTIAL if report.is_partial else exits.DONE


def _show(report: ImportReport, form: Format) -> None:
    if form == "table":
        write_rows(_summed(report.counted), FOR_PEOPLE, form)
    else:
        write_rows([asdict(one) for one in report.counted], FIELDS, form)
    for line in report.notes:
        note(line)
    for row in _summed(report.counted):
        if row["outcome"] == "outside" or (row["outcome"] == "skipped" and row["basis"]):
            note(f"{row['row_count']} rows are not in the bill: {row['reason']}")
    loaded = [month for month in report.months if not month.is_kept]
    subscriptions = len({month.subscription_id for month in loaded})
    bases = " and ".join(sorted({month.basis for month in loaded})) or "nothing"
    note(
        f"loaded {bases}: {len(loaded)} months of {subscriptions} subscriptions"
        f" from {len(report.files)} files"
    )


def _summed(counted: Iterable[Counted]) -> list[dict[str, Any]]:
    """Without subscription and month; what has no cost keeps none, and currencies stay apart."""
    sums: dict[tuple[str | None, ...], tuple[int, Decimal | None]] = {}
    for one in counted:
        key = (one.outcome, one.reason, one.basis, one.currency)
        rows, cost = sums.get(key, (0, None))
        if one.cost is not None:
            cost = one.cost + (cost or 0)
        sums[key] = (rows + one.row_count, cost)
    return [
        {
            "outcome": outcome,
            "reason": reason,
            "basis": basis,
            "row_count": rows,
            "cost": None if cost is None else f"{cost:,.2f}",
            "currency": currency,
        }
        for (outcome, reason, basis, currency), (rows, cost) in sums.items()
    ]
