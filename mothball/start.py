"""What `mothball --view --filter --target` open the interface on, checked before it opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from mothball import exits
from mothball.context import AppContext

if TYPE_CHECKING:
    from tui.state.start import Start
    from tui.views.preferences import SavedView


class NoStart(click.ClickException):
    """The interface cannot open there."""

    exit_code = exits.USAGE


def start_from(
    context: AppContext, view: str | None, filter_text: str | None, target: str | None
) -> Start:
    """Where it opens; NoStart in one line where there is no such view, filter or target."""
    from tui.state.start import Start

    return Start(
        None if view is None else _view(views_of(context), view),
        "" if filter_text is None else _filter(filter_text),
        None if target is None else _target(context, target),
    )


def views_of(context: AppContext) -> Sequence[SavedView]:
    """The saved views as the interface finds them: shipped, of the settings, kept by a person."""
    from tui.views.kept_views import KeptViews
    from tui.views.saved_views import SHIPPED, shelved

    return shelved(SHIPPED, context.settings.preferences.views, KeptViews(context.views).saved())


def _view(views: Sequence[SavedView], word: str) -> SavedView:
    """The view of that name or digit, or the only one with a word that begins so."""
    from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
    from tui.views.saved_views import mistake_in

    asked = word.strip().casefold()
    same = [view for view in views if asked in (view.name.casefold(), str(view.key))]
    found = same or [view for view in views if asked and _begins(view.name, asked)]
    if len(found) != 1:
        names = ", ".join(view.name for view in found or views)
        raise NoStart(
            f"--view {word!r} may mean {names}" if found else f"no view {word!r}: there are {names}"
        )
    mistake = mistake_in(found[0], [column.id for column in DEPLOYMENT_COLUMNS])
    if mistake is not None:
        raise NoStart(mistake)
    return found[0]


def _begins(name: str, asked: str) -> bool:
    words = name.casefold().split()
    return any(" ".join(words[place:]).startswith(asked) for place in range(len(words)))


def _filter(text: str) -> str:
    from collectors.connection.errors import one_line
    from queries.filter import FilterError, parsed

    try:
        parsed(text)
    except FilterError as error:
        place = f"(column {error.start + 1})"
        raise NoStart(f"--filter: {one_line(str(error))} {place}") from error
    return text


def _target(context: AppContext, target: str) -> str:
    """The key of the deployment that is meant."""
    from mothball.targets import NoTarget, nearest_known
    from queries.estate.questions import known_ids

    try:
        return nearest_known(known_ids(context.store), target).deployment_key
    except NoTarget as error:
        raise NoStart(str(error)) from error
