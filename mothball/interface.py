"""Opens the terminal interface, and does what it was left for: the demo, or another cloud."""

from __future__ import annotations

from dataclasses import replace

import click

from mothball.door import Door
from mothball.profiles import ProfileError


def open_interface(ctx: click.Context, door: Door) -> None:
    """Open it on a door, again where another cloud is wished for; return when it is closed."""
    from tui.app import run

    trouble = None
    while (wish := run(door.operator, door.views, door.settings.preferences, trouble)) is not None:
        if wish.profile is None:
            from mothball.commands.demo import command

            ctx.invoke(command)
            return
        other = replace(door, cloud_name=wish.profile)
        try:
            trouble, _cloud = None, other.cloud
        except ProfileError as error:
            trouble = str(error)
        else:
            door = other
