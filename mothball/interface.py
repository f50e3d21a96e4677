"""Opens the terminal interface, and does what it was left for: the demo, or another cloud."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mothball.context import AppContext
from mothball.profiles import ProfileError
from mothball.start import start_from
from mothball.terminal import require_terminal
from tui.state.preload import no_collections, preload

if TYPE_CHECKING:
    from tui.state.exit_request import ExitRequest
    from tui.state.start import Start


def open_interface(
    ctx: click.Context,
    context: AppContext,
    view: str | None = None,
    filter_text: str | None = None,
    target: str | None = None,
) -> None:
    """Open it on a context, again where another cloud is asked for; return when it is closed.

    The first time on what was named: a saved view, a filter, a deployment.
    """
    start: Start | None = start_from(context, view, filter_text, target)
    require_terminal("mothball list")
    trouble = None
    while (exit_request := _show(context, trouble, start)) is not None:
        start = None
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


def _show(context: AppContext, trouble: str | None, start: Start | None) -> ExitRequest | None:
    """Open it once; the store is read while it is being imported."""
    first = preload(lambda: context.store_as_it_is)
    with no_collections():
        from tui.app import run
    preferences = context.settings.preferences
    return run(context.session, context.views, preferences, trouble, first, start)
