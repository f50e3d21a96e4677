"""What every place shares: the status line, trouble, keys, and how a key comes to its action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static

from tui.grid.grid import Grid
from tui.keys.registry import NOT_HERE, Action, ActionContext, bindings_of
from tui.state.history import HOME, Address
from tui.widgets.crumbs import Crumbs
from tui.widgets.keys_bar import KeysBar
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from tui.dialogs.columns import Choice
    from tui.state.interface import Interface

Handler = Callable[[], object]
"""What an action does; nobody looks at what it returns."""


class Place(Screen[None]):
    """A screen with a status line above, the keys below, and its own body between.

    Textual calls the `on_mount` of every class of a screen, the most special first: none of them
    calls another.
    """

    app: Interface

    footer: ClassVar[tuple[str, ...]] = ("back", "filter", "snapshot", "palette", "help")
    """The actions whose keys are shown in the bottom line, at most six."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("place")
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-slim"), (80, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (15, "-tall")]

    def __init__(self, address: Address = HOME) -> None:
        """Keep what it shows of the tenant; nothing is read before it is on screen."""
        super().__init__()
        self.address = address

    def compose(self) -> ComposeResult:
        """The frame; a place fills `compose_body`."""
        yield Static("Mothball needs 60 columns and 15 lines: make the terminal larger", id="small")
        yield StatusLine(id="status", markup=False)
        yield Crumbs(id="crumbs", markup=False)
        yield Static(id="trouble", markup=False)
        yield from self.compose_body()
        yield KeysBar(id="keys", markup=False)

    def compose_body(self) -> ComposeResult:
        """What is between the lines."""
        raise NotImplementedError

    @property
    def is_too_small(self) -> bool:
        """Whether the terminal has no room for it, so that nothing of it is on screen."""
        return self.has_class("-tiny") or self.has_class("-flat")

    def situation(self) -> ActionContext:
        """What an action would meet now."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Follow trouble, and what dims keys."""
        self.query_one(Crumbs).show_path(self.app.history.path)
        self.watch(self.app, "trouble", self._show_trouble)
        self.watch(self.app, "snapshot_progress", self.update_keys)

    def update_keys(self) -> None:
        """Draw the keys anew, dim where they cannot work."""
        self.query_one(KeysBar).show_keys(self.footer, self.why_not)

    def action_try_to(self, action_id: str) -> None:
        """Start an action by its id."""
        self.start(self.app.action_of(action_id))

    def start(self, action: Action) -> None:
        """Do it, or say why not."""
        reason = self.why_not(action)
        if reason is not None:
            text = f"{self.app.keys.shown(action)} ({action.word}): {reason}"
            self.app.notify(text, severity="warning", markup=False)
            return
        if action.place is not None:
            self.app.jump(Address(action.place))
        elif action.home == "grid":
            grid = self.grid_of()
            grid.call_next(grid.run_action, action.id)
        elif action.id in self.handlers:
            self.do(action.id)
        else:
            self.app.go_home().do(action.id)

    def why_not(self, action: Action) -> str | None:
        """Why an action cannot work here and now; None where it can."""
        is_elsewhere = action.place is not None or action.leads_home
        if action.home == "place" and not is_elsewhere and action.id not in self.handlers:
            return NOT_HERE
        return action.why_not(self.situation())

    @cached_property
    def handlers(self) -> Mapping[str, Handler]:
        """What the place does, by the id of the action."""
        return self.make_handlers()

    def make_handlers(self) -> dict[str, Handler]:
        """The handlers; a place adds its own to those of what it is made of."""
        return {
            "explain": self.explain,
            "columns": self.choose_columns,
            "help": self.show_help,
            "palette": self.app.action_command_palette,
            "theme": self.choose_theme,
            "quit": self.quit,
            "history_back": lambda: self.app.go_to_path(self.app.history.back()),
            "history_forth": lambda: self.app.go_to_path(self.app.history.forth()),
            "back": self.go_back,
            "snapshot": self.app.take_snapshot,
            "stop_snapshot": self.app.stop_snapshot,
            "suspend": self.app.action_suspend_process,
            "reload": self.app.reload,
        }

    def do(self, action_id: str) -> None:
        """Do an action that the place has."""
        self.handlers[action_id]()

    def grid_of(self) -> Grid[Any]:
        """The table that actions of the table mean."""
        raise NotImplementedError

    def take_up_view(self) -> None:
        """Show the table as the user last had it."""
        view = self.app.views.read(self._table)
        if view is not None:
            self.grid_of().set_view(view)

    @on(Grid.ViewChanged)
    def keep_view(self) -> None:
        """Keep the table as the user has it."""
        try:
            self.app.views.keep(self._table, self.grid_of().view)
        except OSError as error:
            text = f"this view is not kept for the next time: {error}"
            self.app.notify(text, severity="warning", markup=False)

    @property
    def _table(self) -> str:
        return self.address.place

    def explain(self) -> None:
        """Say what the picked cell says, or why it is unknown."""
        text = self.grid_of().explained
        self.app.notify(text or "no row is under the cursor", markup=False)

    def choose_columns(self) -> None:
        """Open the dialog of columns."""
        from tui.dialogs.columns import ChooseColumns

        grid = self.grid_of()
        self.app.push_screen(ChooseColumns(grid.every_column, grid.column_ids), self._choose)

    def _choose(self, chosen: Choice | None) -> None:
        if chosen is not None:
            grid = self.grid_of()
            before = grid.column_ids
            grid.choose(chosen.column_ids)
            added = [each for each in grid.column_ids if each not in before]
            if added:
                grid.pick(added[0])  # what was just asked for is in sight, whatever has to go
            grid.post_message(Grid.ViewChanged())

    @on(KeysBar.Pressed)
    def press(self, message: KeysBar.Pressed) -> None:
        """A click on a key is a press."""
        self.start(self.app.action_of(message.action_id))

    def show_help(self) -> None:
        """Show all keys; one that is chosen there is run here."""
        from tui.dialogs.help import Help

        self.app.push_screen(Help(self.why_not), self._start_chosen)

    def _start_chosen(self, action: Action | None) -> None:
        if action is not None:
            self.call_next(self.start, action)

    def choose_theme(self) -> None:
        """Choose a theme."""
        from tui.dialogs.choose_theme import ChooseTheme

        self.app.push_screen(ChooseTheme(), self.app.keep_theme)

    def quit(self) -> None:
        """Leave."""
        self.run_worker(self.app.action_quit(), exit_on_error=False)

    def go_back(self) -> None:
        """Close the innermost thing that is open; with nothing open, leave the place."""
        if self.app.trouble is not None:
            self.app.trouble = None
        elif not self.close_innermost():
            self.app.leave()

    def close_innermost(self) -> bool:
        """Close what is open within the place; False where nothing is."""
        return False

    def _show_trouble(self, trouble: str | None) -> None:
        line = self.query_one("#trouble", Static)
        line.update(f"✗ {trouble}  (esc closes)" if trouble else "")
        line.set_class(trouble is not None, "-shown")
