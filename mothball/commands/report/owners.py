"""`mothball report owners`: one file per owner, with columns for their decisions."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import Day, shared_options
from mothball.output import note, to_the_cent, write_rows
from mothball.unread import errors_option, note_unread

if TYPE_CHECKING:
    from queries.reports.owners import OwnerFile

DAYS_TO_ANSWER = 14
# The name of the file tells the owner.
FIRST_TO_GO = ("owner", "cost_in_window", "monthly_run_rate", "without_price")


@click.command("owners")
@click.option(
    "--out",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the files; it is made where it is missing.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "xlsx"]),
    default="csv",
    show_default=True,
    help="xlsx has a drop-down list for the decision.",
)
@click.option(
    "--answer-by",
    "answer_by",
    type=Day(),
    help=f"The day by which owners are to answer. (default in {DAYS_TO_ANSWER} days)",
)
@errors_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext, folder: Path, form: str, answer_by: date | None, all_errors: bool
) -> int:
    """Write one file per owner, one for the deployments without, and an index with the sums.

    The first line says by when and how to answer, and what is proposed stands first. Owners fill
    in the columns decision (keep, retire, extend), until and reason; `mothball decisions import`
    reads the files back. What they filled in stays in a file that is written anew.

    \b
    Examples:
      mothball report owners --out owners/
      mothball report owners --out owners/ --format xlsx --answer-by 2027-01-15
    """
    from queries.estate import questions as estate
    from queries.reports import owners, sheets

    today = context.now().date()
    answer_by = answer_by or today + timedelta(days=DAYS_TO_ANSWER)
    if answer_by < today:
        raise click.UsageError(f"--answer-by {answer_by} is past")
    files, limits = owners.read_owners(context.store)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            head = owners.head_of(answer_by)
            path = folder / f"{file.name}.{form}"
            lines = [owners.line_of(row, limits, context.cloud.portal) for row in file.rows]
            owners.write_lines(path, _with_answers(path, file, lines, today), head)
        index = owners.index_of(files, form)
        sheets.write_csv(folder / "index.csv", owners.INDEX_COLUMNS, index)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written to: {error}") from error
    write_rows([to_the_cent(line) for line in index], owners.INDEX_COLUMNS, "table", FIRST_TO_GO)
    note(f"{len(files)} files and index.csv are in {folder}")
    for name in _left_over(folder, {f"{file.name}.{form}" for file in files}):
        note(f"{name} is left from an earlier report: no deployment is its owner's any more")
    read_errors = estate.current_read_errors(context.store)
    rows = [row for file in files for row in file.rows]
    note_unread(read_errors, rows, all_errors=all_errors)
    return exits.PARTIAL if read_errors else exits.DONE


def _left_over(folder: Path, written: set[str]) -> list[str]:
    """Files beside those that were just written that look like theirs."""
    found = {path.name for path in folder.iterdir() if path.suffix in (".csv", ".xlsx")}
    return sorted(found - written - {"index.csv"})


def _with_answers(
    path: Path, file: OwnerFile, lines: list[dict[str, Any]], today: date
) -> list[dict[str, Any]]:
    """The lines with what the owner has filled in already, of the same deployments."""
    from queries.reports.answers import filled_in, is_of
    from queries.reports.owners import FILLED

    filled = filled_in(path, today)
    answers = [filled.get(row.id.lower(), {}) for row in file.rows]
    return [
        line | {name: answer.get(name) for name in FILLED if is_of(answer, row.created_at)}
        for line, row, answer in zip(lines, file.rows, answers, strict=True)
    ]
