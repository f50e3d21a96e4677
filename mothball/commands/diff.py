"""`mothball diff`: what changed between two snapshots."""

from __future__ import annotations

from dataclasses import asdict

import click

from collectors.records import counted
from mothball import completion, exits
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, note
from mothball.picking import Fields, Picked, picking_of, write_picked

FIELDS = ("change", "id", "deployment", "earlier", "later", "changed_at", "changed_by")
TABLE = Fields(
    FIELDS,
    for_people=("deployment", "change", "earlier", "later", "changed_at", "changed_by"),
    first_to_go=("changed_at", "changed_by"),
)


@click.command("diff")
@click.argument("before", metavar="A", shell_complete=completion.snapshots_to_compare)
@click.argument("after", metavar="B", shell_complete=completion.snapshots_to_compare)
@picking_of(TABLE)
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, before: str, after: str, form: Format, picked: Picked) -> int:
    """Show what appeared, vanished, or changed verdict, role, size, traffic, owner or cost.

    A and B are ids of snapshots, or `latest`, or `latest~1` for the one before it, and so on. A
    deployment that B did not read is shown as not read, never as vanished; what A did not read is
    compared as the newest snapshot before it saw it. Who did it, and when, is what the Activity Log
    says. Costs are shown as the bill of the days before each snapshot is known now: what was
    restated since counts for both.

    \b
    Examples:
      mothball diff latest~1 latest
      mothball diff latest~1 latest --sort changed-at
      mothball diff 20261001-020000-a1b2 20261101-020000-c3d4 --format json
    """
    from queries.estate import questions as estate
    from queries.reports.diff import changes

    known = [
        row for row in estate.snapshots(context.store) if row.status in ("complete", "partial")
    ]
    ids = [row.snapshot_id for row in known]
    a, b = _named(before, ids), _named(after, ids)
    rows = [asdict(change) for change in changes(context.store, a, b)]
    if rows or form != "table":
        write_picked(rows, TABLE, form, picked)
    else:
        note(f"nothing changed from {a} to {b}")
    partial = [row for row in known if row.snapshot_id in (a, b) and row.read_errors]
    for row in partial:
        read_errors = counted(row.read_errors, "read error")
        note(f"{row.snapshot_id} is partial: {read_errors} (`mothball sql`)")
    return exits.PARTIAL if partial else exits.DONE


def _named(word: str, ids: list[str]) -> str:
    """The snapshot that is meant; newest first in `ids`."""
    name, tilde, back = word.partition("~")
    if name.lower() != "latest":
        return word
    if tilde and not back.isdigit():
        raise click.UsageError(f"{word!r} is no snapshot: latest~1 is the one before the latest")
    place = int(back) if back else 0
    if place >= len(ids):
        known = counted(len(ids), "snapshot")
        raise click.ClickException(f"the store has {known}: there is no {word}")
    return ids[place]
