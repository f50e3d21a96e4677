"""Opens the terminal interface, and does what it was left for: the demo, or another cloud."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mothball.context import AppContext
from mothball.profiles import ProfileError
from mothball.terminal import require_terminal
from tui.state.preload import no_collections, preload

if TYPE_CHECKING:
    from tui.state.exit_request import ExitRequest


def open_interface(ctx: click.Context, context: AppContext) -> None:
    """Open it on a context, again where another cloud is asked for; return when it is closed."""
    require_terminal("mothball list")
    trouble = None
    while (exit_request := _show(context, trouble)) is not None:
        if exit_request.profile is None:
            from mothball.commands.demo import command

            ctx.invoke(command)
            return
        other = replace(context, cloud_name=exit_request.profile)
        try:
            trouble, _cloud = None, other.cloud
        except ProfileError as error:
            trouble = str(error)
        else:
            context = other


def _show(context: AppContext, trouble: str | None) -> ExitRequest | None:
    """Open it once; the store is read while it is being imported."""
    first = preload(lambda: context.store_as_it_is)
    with no_collections():
        from tui.app import run
    return run(context.session, context.views, context.settings.preferences, trouble, first)
