"""`mothball archives`: what was archived before it was deleted."""

from __future__ import annotations

import click

from mothball import exits
from mothball.door import Door
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows

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


@click.command("archives")
@format_option
@shared_options()
@click.pass_obj
def command(door: Door, form: Format) -> int:
    """List the archives, newest first, each checked against its manifest.

    \b
    Examples:
      mothball archives
      mothball archives --format json
    """
    from actions.archive import archive_root
    from actions.archived import archives_in

    found, broken = archives_in(archive_root(door.operator))
    rows = [
        {name: getattr(archive, name) for name in FIELDS[:-1]} | {"folder": str(archive.folder)}
        for archive in found
    ]
    if rows or form != "table":
        write_rows(rows, FIELDS[:6] if form == "table" else FIELDS, form)
    else:
        note("there is no archive yet")
    for line in broken:
        note(line)
    return exits.FAILED if broken else exits.DONE
