"""`mothball report owners`: one file per owner, with columns for their decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from collectors.records import counted
from mothball import exits
from mothball.context import AppContext
from mothball.options import Day, shared_options
from mothball.output import note, to_the_cent, write_rows
from mothball.unread import errors_option, note_unread
from queries.text.causes import cause_of

if TYPE_CHECKING:
    from queries.reports.asking import Questions
    from queries.reports.owners import OwnerFile

DAYS_TO_ANSWER = 14
# The name of the file tells the owner.
FIRST_TO_GO = ("owner", "cost_in_window", "monthly_run_rate", "without_price")
NOTHING_WAITS = "nothing of its owner waits for an answer"
OWNS_NOTHING = "no deployment is its owner's any more"
Filled = Mapping[str, Mapping[str, Any]]


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
@click.option(
    "--since",
    type=Day(),
    help="A reminder: only what is proposed and was not answered since that day.",
)
@errors_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext,
    folder: Path,
    form: str,
    answer_by: date | None,
    since: date | None,
    all_errors: bool,
) -> int:
    """Write one file per owner, one for the deployments without, and an index with the sums.

    The first line says by when and how to answer, and what is proposed stands first. Owners fill
    in the columns decision (keep, retire, extend), until and reason; `mothball decisions import`
    reads the files back. What they filled in stays in a file that is written anew. The store keeps
    since when each answer is awaited.

    \b
    Examples:
      mothball report owners --out owners/
      mothball report owners --out owners/ --format xlsx --answer-by 2027-01-15
      mothball report owners --out reminders/ --since 2026-11-30
    """
    from queries.estate import questions as estate
    from queries.reports import asking, owners
    from queries.reports.sheets import write_csv

    today = context.now().date()
    answer_by = _answer_by(answer_by, since, today)
    all_files, limits = owners.read_owners(context.store)
    questions = asking.read_questions(context.store)
    filled = {file.name: _filled(folder / f"{file.name}.{form}", file, today) for file in all_files}
    files = [_open(file, filled[file.name], questions, since) for file in all_files]
    files = [file for file in files if file.rows]
    rows = [row for file in files for row in file.rows]
    waiting = {row.deployment_key: asking.waiting_days(row, questions, today) for row in rows}
    index = owners.index_of(files, form, waiting)
    portal = context.cloud.portal
    with _writing_to(folder):
        for file in files:
            answers = filled[file.name]
            lines = [
                owners.line_of(row, limits, portal, waiting[key], today)
                | dict(answers.get(key, {}))
                for row in file.rows
                if (key := row.deployment_key)
            ]
            longest = _longest(waiting[row.deployment_key] for row in file.rows)
            head = owners.head_of(answer_by, longest if since else None)
            owners.write_lines(folder / f"{file.name}.{form}", lines, head)
        write_csv(folder / "index.csv", owners.INDEX_COLUMNS, index)
    answered = {key for lines in filled.values() for key in lines}
    asked = {key for key, days in waiting.items() if days is not None} - answered
    _note_asked(context, all_files, asked, answer_by)
    write_rows([to_the_cent(line) for line in index], owners.INDEX_COLUMNS, "table", FIRST_TO_GO)
    note(f"{counted(len(files), 'file')} and index.csv are in {folder}")
    _note_waiting(list(waiting.values()))
    why = NOTHING_WAITS if since else OWNS_NOTHING
    for name in _left_over(folder, {f"{file.name}.{form}" for file in files}):
        note(f"{name} is left from an earlier report: {why}")
    read_errors = estate.current_read_errors(context.store)
    note_unread(read_errors, rows, all_errors=all_errors)
    return exits.PARTIAL if read_errors else exits.DONE


def _note_asked(
    context: AppContext, files: Sequence[OwnerFile], asked: Collection[str], answer_by: date
) -> None:
    """Keep since when each answer is awaited; who may only read the store has the files still."""
    from queries.reports.asking import note_asked
    from queries.store.file import StoreFailure

    rows = [row for file in files for row in file.rows]
    try:
        note_asked(context.store, rows, asked, answer_by, context.now())
    except StoreFailure as error:
        note(f"the files are whole, but since when they ask is not kept: {error}")


@contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    """Make a folder where it is missing; one line where it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written to: {cause_of(error)}") from error


def _answer_by(asked: date | None, since: date | None, today: date) -> date:
    """The day by which to answer; wrong usage where it is past, or the reminder lies ahead."""
    if since is not None and since > today:
        raise click.UsageError(f"--since {since} lies ahead: it is {today}")
    if asked is not None and asked < today:
        raise click.UsageError(f"--answer-by {asked} is past: it is {today}")
    return asked or today + timedelta(days=DAYS_TO_ANSWER)


def _filled(path: Path, file: OwnerFile, today: date) -> Filled:
    """What the owner has filled in already of the same deployments, by their keys."""
    from queries.reports.answers import filled_in, is_of
    from queries.reports.owners import FILLED

    found = filled_in(path, today)
    lines = {row.deployment_key: (row, found.get(row.id.lower())) for row in file.rows}
    return {
        key: {name: line.get(name) for name in FILLED}
        for key, (row, line) in lines.items()
        if line is not None and is_of(line, row.created_at)
    }


def _open(file: OwnerFile, filled: Filled, questions: Questions, since: date | None) -> OwnerFile:
    """What belongs into the file; of a reminder what waits, and what somebody filled in."""
    from queries.reports.asking import awaits_since

    if since is None:
        return file
    rows = [
        row
        for row in file.rows
        if row.deployment_key in filled or awaits_since(row, questions, since)
    ]
    return replace(file, rows=tuple(rows))


def _longest(waiting: Iterable[int | None]) -> int | None:
    return max((days for days in waiting if days is not None), default=None)


def _note_waiting(waiting: Sequence[int | None]) -> None:
    count = sum(days is not None for days in waiting)
    if longest := _longest(waiting):
        proposals = counted(count, "proposal")
        note(f"{proposals} without an answer, the oldest asked {counted(longest, 'day')} ago")
    elif not count:
        note("nothing waits for an answer")


def _left_over(folder: Path, written: set[str]) -> list[str]:
    """Files beside those that were just written that look like theirs."""
    found = {path.name for path in folder.iterdir() if path.suffix in (".csv", ".xlsx")}
    return sorted(found - written - {"index.csv"})
