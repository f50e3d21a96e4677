"""What screens and widgets know of the application that shows them.

Textual types the `app` of a screen as an App, and watches reactives of one: so this is a class to
inherit from, with data and promises alone, and no Protocol.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Protocol

from textual.app import App
from textual.reactive import reactive

from queries.estate.naming import Names
from tui.keys.registry import ACTIONS, Action
from tui.state.estate import Estate
from tui.state.snapshot_progress import SnapshotProgress

if TYPE_CHECKING:
    from actions.session import Session
    from tui.keys.keymap import Keys
    from tui.state.exit_request import ExitRequest
    from tui.state.history import Address, NavigationHistory, Route
    from tui.views.kept_views import KeptViews
    from tui.views.preferences import SavedView, UserCommand


class HomeScreen(Protocol):
    """What other screens ask of the one of all deployments."""

    def do(self, action_id: str) -> None:
        """Do an action that the home has."""

    def take(self, view: SavedView) -> None:
        """Show a saved view."""


class Interface(App[None]):
    """The data that is shown, what a person chose, and the ways from place to place.

    `snapshot_progress` is the snapshot that is being taken, None: none is.
    `store_failure` is why the store cannot be read, None: it can, or there is none.
    `trouble` stands above every place until it is closed. `news` is what the store holds that is
    not shown yet. `me` are the names of whoever is asking. `user_commands` are the user's own,
    `user_actions` the same as actions.
    """

    session: Session
    views: KeptViews
    saved_views: tuple[SavedView, ...]
    me: tuple[str, ...]
    keys: Keys
    user_actions: tuple[Action, ...] = ()
    user_commands: tuple[UserCommand, ...] = ()
    history: NavigationHistory
    estate: reactive[Estate | None] = reactive(None)
    is_reading: reactive[bool] = reactive(True)
    snapshot_progress: reactive[SnapshotProgress | None] = reactive(None)
    store_failure: reactive[str | None] = reactive(None)
    trouble: reactive[str | None] = reactive(None)
    news: reactive[str | None] = reactive(None)
    is_writing: reactive[bool] = reactive(False)

    @property
    def names(self) -> Names:
        """How targets are distinguished, among all that is shown."""
        return Names() if self.estate is None else self.estate.names

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action, the user's own commands too."""
        return (*ACTIONS, *self.user_actions)

    def action_of(self, action_id: str) -> Action:
        """The action of an id."""
        return next(action for action in self.actions if action.id == action_id)

    @abstractmethod
    def read_store(self) -> None:
        """Read all that is current."""

    @abstractmethod
    def reload(self) -> None:
        """Read all that is current, and say so where nothing is newer."""

    @abstractmethod
    def take_snapshot(self) -> None:
        """Take a snapshot, unless one runs."""

    @abstractmethod
    def stop_snapshot(self) -> None:
        """Ask whether to stop the snapshot that runs, where one does."""

    @abstractmethod
    def step_in_time(self, older: int) -> None:
        """Show an older snapshot, or with a number below 0 a newer one; several steps add up."""

    @abstractmethod
    def show_snapshot(self, snapshot_id: str) -> None:
        """Show one old snapshot."""

    @abstractmethod
    def return_to_present(self) -> bool:
        """Show what is current again; False where it is shown already."""

    @abstractmethod
    def go(self, address: Address) -> None:
        """Into a place, from the one that is shown."""

    @abstractmethod
    def jump(self, address: Address) -> None:
        """To a place right from the home."""

    @abstractmethod
    def go_home(self) -> HomeScreen:
        """To the deployments, all of them; returns their screen."""

    @abstractmethod
    def go_to_path(self, path: Route) -> None:
        """Show the last place of a path, with those before it behind it; always the present."""

    @abstractmethod
    def leave(self) -> None:
        """Out of the place that is shown; the home has no outside."""

    @abstractmethod
    def leave_for(self, exit_request: ExitRequest | None) -> None:
        """End the interface for what only the front door can do."""

    @abstractmethod
    def read_saved_views(self) -> None:
        """Take the views of all shelves: shipped, of the settings, kept by V."""

    @abstractmethod
    def saved_view_named(self, name: str) -> SavedView | None:
        """A view by its name, whatever the case."""

    @abstractmethod
    def keep_theme(self, name: str | None) -> None:
        """Keep the choice of a theme for the next start."""
