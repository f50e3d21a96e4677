"""`mothball list`: the deployments and their verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import click

from mothball import completion, exits
from mothball.context import AppContext
from mothball.listing import Counted, print_list
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows
from mothball.picking import Picked, picking_options
from mothball.unread import Resting, errors_option, note_worst, sentence_of
from mothball.where import sifted, where_option
from queries.estate.fields import FIELDS, as_fields
from queries.estate.rows import DeploymentRow, ReadErrorRow
from queries.filter import Filter
from queries.vocabulary import NAMES as VERDICTS


def verdicts_of(text: str | None) -> tuple[str, ...]:
    """`a,b` as verdicts; a usage error for a word that is none."""
    words = tuple(word.strip().lower() for word in (text or "").split(",") if word.strip())
    wrong = [word for word in words if word not in VERDICTS]
    if wrong:
        raise click.UsageError(f"{wrong[0]!r} is no verdict; there are: {', '.join(VERDICTS)}")
    return words


def _names() -> tuple[str, ...]:
    from mothball import list_columns

    return list_columns.names()


@click.command("list")
@click.option(
    "--verdict",
    metavar="A,B",
    shell_complete=completion.verdicts,
    help="Only these verdicts.",
)
@click.option(
    "--owner",
    metavar="X",
    shell_complete=completion.owners,
    help="Only this owner (case does not matter).",
)
@click.option(
    "--endpoint",
    metavar="X",
    shell_complete=completion.endpoint_names,
    help="Only this endpoint.",
)
@where_option
@click.option(
    "--snapshot",
    "snapshot_id",
    metavar="ID",
    shell_complete=completion.snapshots_known,
    help="As an earlier snapshot saw it.",
)
@click.option(
    "--fail-on",
    metavar="VERDICT,…",
    shell_complete=completion.verdicts,
    help="Exit with 5 if one of these is found.",
)
@picking_options(_names)
@errors_option
@format_option
@shared_options()
@click.pass_obj
def command(
    context: AppContext,
    verdict: str | None,
    owner: str | None,
    endpoint: str | None,
    where: Filter | None,
    snapshot_id: str | None,
    fail_on: str | None,
    all_errors: bool,
    form: Format,
    picked: Picked,
) -> int:
    """Show the current deployments with their verdicts.

    Columns are called as in the interface, by their title or their id, or by a field of json and
    csv; there each column is the fields that it is made of.

    \b
    Examples:
      mothball list --verdict idle,idle-endpoint
      mothball list --owner fraud-team@contoso.example --format csv
      mothball list --where 'idle>30d cost>1000 !owner:ada'
      mothball list --sort run-rate --columns target,run-rate,idle,owner
      mothball list --wide
      mothball list --fail-on idle,failed
    """
    wanted, alarming = verdicts_of(verdict), verdicts_of(fail_on)
    names = _fields(picked) if form != "table" else ()
    counted, resting = Counted(), Resting(_read_errors(context, snapshot_id))
    found = resting.of(counted.all(_rows(context, snapshot_id, picked)))
    chosen = (
        row
        for row in found
        if (not wanted or row.verdict in wanted)
        and _same(owner, row.owner)
        and _same(endpoint, row.endpoint)
    )
    shown = counted.of(sifted(chosen, where))
    if form == "table":
        _print(shown, counted, picked)
    else:
        write_rows(map(as_fields, shown), names, form)
    if snapshot_id and counted.shown and not counted.has_money:
        note("money is known of the newest snapshot's deployments alone: these show none")
    note_worst(map(sentence_of, resting.worst_first()), all_errors=all_errors)
    codes = [exits.PARTIAL] if resting.errors else []
    if counted.verdicts.intersection(alarming):
        codes.append(exits.FOUND)
    return exits.which(codes)


def _read_errors(context: AppContext, snapshot_id: str | None) -> list[ReadErrorRow]:
    from queries.estate import questions as estate

    if snapshot_id is None:
        return estate.current_read_errors(context.store)
    return estate.read_errors_of(context.store, snapshot_id)


def _same(asked: str | None, value: str | None) -> bool:
    return asked is None or (value or "").lower() == asked.lower()


def _fields(picked: Picked) -> tuple[str, ...]:
    from mothball.list_columns import fields_named

    return fields_named(picked.columns) if picked.columns else FIELDS


def _rows(context: AppContext, snapshot_id: str | None, picked: Picked) -> Iterable[DeploymentRow]:
    """The deployments one after another; only to sort them are all of them held, packed."""
    from queries.estate.questions import each_deployment

    if picked.sort is None and not picked.is_reversed:
        return each_deployment(context.store, snapshot_id)
    from mothball.list_columns import sorted_by
    from queries.estate.packed_questions import current_rows, rows_of_snapshot

    store = context.store
    rows = current_rows(store) if snapshot_id is None else rows_of_snapshot(store, snapshot_id)
    if picked.sort is None:
        return rows[::-1]
    return sorted_by(rows, picked.sort, is_reversed=picked.is_reversed)


def _print(rows: Iterator[DeploymentRow], counted: Counted, picked: Picked) -> None:
    first = next(rows, None)
    if first is None:
        note("no deployment matches")
    else:
        print_list(chain([first], rows), counted, picked)
