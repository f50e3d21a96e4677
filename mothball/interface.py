"""Opens the terminal interface, and does what it was left for: the demo, or another cloud."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mothball import exits
from mothball.door import Door
from mothball.profiles import ProfileError
from tui.state.preload import no_collections, read_ahead

if TYPE_CHECKING:
    from tui.state.exit_request import Wish


class NoTerminal(click.ClickException):
    """There is nobody to show the interface to."""

    exit_code = exits.USAGE


def require_terminal(instead: str) -> None:
    """Refuse where keys or screen lead elsewhere; `instead` is the command that prints."""
    streams = (sys.stdin, sys.stdout, sys.stderr)  # Textual draws on the last
    if not all(stream is not None and stream.isatty() for stream in streams):
        raise NoTerminal(f"the interface needs a terminal: `{instead}` prints its table")


def open_interface(ctx: click.Context, door: Door) -> None:
    """Open it on a door, again where another cloud is wished for; return when it is closed."""
    require_terminal("mothball list")
    trouble = None
    while (wish := _show(door, trouble)) is not None:
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


def _show(door: Door, trouble: str | None) -> Wish | None:
    """Open it once; the store is read while it is being imported."""
    first = read_ahead(lambda: door.store_as_it_is)
    with no_collections():
        from tui.app import run
    return run(door.operator, door.views, door.settings.preferences, trouble, first)
