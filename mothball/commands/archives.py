"""`mothball archives`: what was archived before it was deleted."""

from __future__ import annotations

import click

from mothball import exits
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, note
from mothball.picking import Fields, Picked, picking_of, write_picked

FIELDS = (
    "name",
    "archived_at",
    "kind",
    "workspace",
    "endpoint",
    "deployment",
    "target",
    "folder",
)
TABLE = Fields(FIELDS, for_people=("name", "archived_at", "kind", "target"))


@click.command("archives")
@picking_of(TABLE)
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, form: Format, picked: Picked) -> int:
    """List the archives, newest first, each checked against its manifest.

    \b
    Examples:
      mothball archives
      mothball archives --sort target --wide
      mothball archives --format json
    """
    from actions.archive.writing import archives_of, names_of_archives

    found, broken = archives_of(context.session)
    if not (found or broken):
        # What was archived is listed without its store too; nothing at all may be the wrong store.
        with context.store_as_it_is.reading():
            pass
    rows = [
        {name: getattr(archive, name) for name in FIELDS[:-1]} | {"folder": str(archive.folder)}
        for archive in found
    ]
    if form != "table":
        write_picked(rows, TABLE, form, picked)
    elif rows:
        names = names_of_archives(context.session, found)
        paths = [names.path(archive.target) for archive in found]
        rows = [row | {"target": path} for row, path in zip(rows, paths, strict=True)]
        write_picked(rows, TABLE, form, picked)
    else:
        note("there is no archive yet")
    for line in broken.values():
        note(line)
    return exits.FAILED if broken else exits.DONE
