"""`mothball store`: copies a store, checks it, and drops what is old in it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collectors.records import counted
from mothball import completion, exits
from mothball.context import AppContext
from mothball.options import Days, format_option, shared_options
from mothball.output import Format, note, write_rows

if TYPE_CHECKING:
    from queries.store.compact import Compacted

CHECK_FIELDS = ("check", "state", "message")
PRUNE_FIELDS = ("name", "rows")


@click.group("store")
@shared_options()
def command() -> None:
    """The maintenance of a store.

    \b
    Examples:
      mothball store check
      mothball store init team
      mothball store copy before-the-review.duckdb
      mothball store prune --older-than 400d
    """


@command.command("init")
@click.argument("name", metavar="NAME")
@click.option("--print", "is_printed", is_flag=True, help="Print the grants; change nothing.")
@shared_options()
@click.pass_obj
def init(context: AppContext, name: str, is_printed: bool) -> int:
    """Make a team's store ready: its tables, a role for each kind of rights, a guarded journal.

    Do it once as whoever may create roles in its PostgreSQL, and again after an update; it changes
    nothing that is in order. --print is for an administrator who does it by hand.

    \b
    Examples:
      mothball store init team
      mothball store init team --print > grants.sql
    """
    from queries.store.roles import ROLES, grants
    from queries.store.shared import SharedStore

    store = context.store_named(name)
    if not isinstance(store, SharedStore):
        raise click.UsageError(f"the settings name no store {name!r} under [stores]")
    try:
        if is_printed:
            click.echo(grants(name))
            return exits.DONE
        names = store.give_rights()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    for role, rights in ROLES.items():
        click.echo(f"{names[role]} {rights}; give it by: grant {names[role]} to …")
    note(f"the tables of {name} are there, and its journal can only be added to")
    return exits.DONE


@command.command("copy")
@click.argument("destination", metavar="DEST", shell_complete=completion.stores)
@shared_options()
@click.pass_obj
def copy(context: AppContext, destination: str) -> int:
    """Copy the store to a new file or an empty store of the settings, as of one moment.

    A pruned store becomes smaller by it. The archives in the folder beside it are not copied.

    \b
    Examples:
      mothball store copy backup/2026-11.duckdb
      mothball store copy team --store mine.duckdb
    """
    if Path(destination).expanduser().is_dir():
        raise click.UsageError(f"{destination} is a folder: name the file")
    context.store_as_it_is.copy_to(context.store_named(destination))
    note(f"copied to {destination}")
    return exits.DONE


@command.command("check")
@format_option
@shared_options()
@click.pass_obj
def check(context: AppContext, form: Format) -> int:
    """Check that the store can be read to the end, its journal holds, and every row has its place.

    \b
    Examples:
      mothball store check
      mothball store check --format json
    """
    from queries.store.maintenance import check_store

    found = check_store(context.store_as_it_is, context.now())
    rows = [asdict(one) | {"state": "pass" if one.is_well else "fail"} for one in found]
    write_rows(rows, CHECK_FIELDS, form)
    for one in found:
        if not one.is_well:
            note(f"{one.check}: {one.message}")
    return exits.DONE if all(one.is_well for one in found) else exits.FAILED


@command.command("prune")
@click.option("--older-than", "age", type=Days(), required=True, metavar="400d", help="The age.")
@click.option("--apply", "is_applied", is_flag=True, help="Drop it; else it is only counted.")
@format_option
@shared_options()
@click.pass_obj
def prune(context: AppContext, age: int, is_applied: bool, form: Format) -> int:
    """Drop what old snapshots found, but never the newest of any scope.

    The daily values of metrics, the bill, the journal and the shares of traffic are kept for good.
    Without --apply nothing is changed. With it, the file is written anew and becomes smaller; of a
    shared store small files are merged, and versions of its catalogue older than a week dropped.

    \b
    Examples:
      mothball store prune --older-than 400d
      mothball store prune --older-than 400d --apply
    """
    from queries.store import maintenance

    before = context.now() - timedelta(days=age)
    pruning = (maintenance.prune if is_applied else maintenance.prunable)(
        context.store_as_it_is, before
    )
    if pruning.tables or form != "table":
        write_rows([asdict(table) for table in pruning.tables], PRUNE_FIELDS, form)
    done = "dropped" if is_applied else "to drop (--apply does it)"
    snapshots = counted(len(pruning.snapshot_ids), "snapshot")
    note(f"{done}: what {snapshots} before {before:%Y-%m-%d} found")
    if is_applied:
        note(_sentence(context.store_as_it_is.compact(context.now())))
    return exits.DONE


def _sentence(done: Compacted) -> str:
    sizes = f"{done.bytes_before:,} bytes before, {done.bytes_after:,} bytes after"
    if done.versions_dropped is None:
        return f"written anew: {sizes}"
    files = f"{counted(done.files_before, 'file')} before, {done.files_after:,} after"
    return f"merged: {files}; {sizes}; {counted(done.versions_dropped, 'old version')} dropped"
