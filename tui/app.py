"""The application: what all places share, and the work that goes on behind them."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.following import LOOK_SECONDS, Following
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS
from tui.keys.keymap import keys_from
from tui.keys.registry import actions_of
from tui.places.deployments import Deployments
from tui.places.place import Place
from tui.present import Present
from tui.snapshots import SnapshotRuns
from tui.state.exit_request import ExitRequest
from tui.state.failures import work_failure_line
from tui.state.history import HOME, Address, NavigationHistory, Route, shared_length
from tui.state.interface import Interface
from tui.state.messages import (
    EstateRead,
    FirstRead,
    NothingBefore,
    PastRead,
    SnapshotProgressed,
    SnapshotTaken,
    StoreChanged,
    TagsReadBack,
    ThrottleMet,
    Work,
    WorkFailed,
)
from tui.state.preload import FirstAnswer, first_or_none
from tui.state.start import NOTHING_NAMED, Start
from tui.terminal.drawn import Drawn
from tui.terminal.signals import leave_on_signals
from tui.terminal.textual_terminal import guard
from tui.terminal.typed_ahead import TypedAhead
from tui.views.kept_views import KeptViews
from tui.views.preferences import Preferences, SavedView
from tui.views.saved_views import SHIPPED, mistake_in, shelved
from tui.words.themes import THEMES, theme_at_start
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.command import Provider

    from actions.session import Session

# How long a thread that reads or collects may keep the screen waiting; Python's own is 0.005.
TURN_SECONDS = 0.001


def _commands() -> type[Provider]:
    from tui.places.palette import EveryCommand

    return EveryCommand


class MothballApp(Interface):
    """Shows the newest of the store; whatever takes time happens in thread workers.

    Workers post messages; only the handlers here and in the places change what is shown.
    """

    TITLE = "Mothball"
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        "styles/base.tcss",
        "styles/grid.tcss",
        "styles/places.tcss",
        "styles/dialogs.tcss",
    ]
    COMMANDS = {_commands}
    COMMAND_PALETTE_BINDING = "f22"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True, id="suspend"),
    ]

    def __init__(
        self,
        session: Session,
        views: KeptViews | None = None,
        preferences: Preferences | None = None,
        first: FirstAnswer | None = None,
        start: Start = NOTHING_NAMED,
    ) -> None:
        """Open nothing yet; `first` waits for the rows of the first frame."""
        super().__init__()
        self._start = start
        self.session = session
        self._present = Present(self, first or partial(first_or_none, session.store))
        self._snapshots = SnapshotRuns(self)
        self.views = views or KeptViews()
        self.preferences = preferences or Preferences()
        self._following = Following(self, by_itself=self.preferences.follow)
        self.me = self.preferences.me
        self._typed_ahead = TypedAhead(self, super().on_event)
        self.user_commands = self.preferences.commands
        self.user_actions = actions_of(self.user_commands)
        self.keys, self._complaints = keys_from(self.preferences.keys, self.user_commands)
        self.set_keymap(dict(self.keys.changed))
        self.read_saved_views()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_at_start(self.views.theme(), self.available_themes)
        self.exit_request: ExitRequest | None = None
        self.drawn = Drawn()
        self.history = NavigationHistory()

    def get_default_screen(self) -> Screen[None]:
        """The home."""
        return Deployments(start=self._start)

    def on_mount(self) -> None:
        """Read the store."""
        self.app_resume_signal.subscribe(self, lambda _app: self.drawn.forget(), immediate=True)
        if not self.is_headless:
            leave_on_signals(partial(self.call_later, self.leave_as_asked))
        self._present.read_first()
        self.set_interval(LOOK_SECONDS, self.look_for_news)
        known = [column.id for column in DEPLOYMENT_COLUMNS]
        mistakes = (mistake_in(view, known) for view in self.preferences.views)
        for line in [*self._complaints, *filter(None, mistakes)]:
            self.notify(harmless(line), severity="warning", markup=False)

    def on_resize(self) -> None:
        """A terminal of another size shows nobody knows what."""
        self.drawn.forget()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, self.drawn.lightened(renderable))

    def read_saved_views(self) -> None:
        """Take the views of all shelves: shipped, of the settings, kept by V."""
        self.saved_views = shelved(SHIPPED, self.preferences.views, self.views.saved())

    def saved_view_named(self, name: str) -> SavedView | None:
        """A view by its name, whatever the case."""
        named = (view for view in self.saved_views if view.name.casefold() == name.casefold())
        return next(named, None)

    def go(self, address: Address) -> None:
        """Into a place, from the one that is shown."""
        self.go_to_path(self.history.visit((*self.history.path, address)))

    def jump(self, address: Address) -> None:
        """To a place right from the home."""
        self.go_to_path((HOME,) if address == HOME else (HOME, address))

    def go_home(self) -> Deployments:
        """To the deployments, all of them; returns their screen."""
        self.jump(HOME)
        home = self.screen
        assert isinstance(home, Deployments)
        return home

    def leave(self) -> None:
        """Out of the place that is shown; the home has no outside."""
        if len(self.history.path) > 1:
            self.go_to_path(self.history.path[:-1])

    def go_to_path(self, path: Route) -> None:
        """Show the last place of a path, with those before it behind it; always the present."""
        self.return_to_present()
        self.history.visit(path)
        shown = tuple(screen.address for screen in self.screen_stack if isinstance(screen, Place))
        kept = max(shared_length(shown, path), 1)
        while len(self.screen_stack) > kept:
            self.pop_screen()
        if path[kept:]:
            from tui.places.opening import open_place

            for address in path[kept:]:
                self.push_screen(open_place(address))

    def keep_theme(self, name: str | None) -> None:
        """Keep the choice of a theme for the next start."""
        if name is None:
            return
        try:
            self.views.keep_theme(name)
        except OSError as error:
            text = f"the theme is not kept for the next time: {error}"
            self.notify(text, severity="warning", markup=False)

    def read_store(self) -> None:
        """Read all that is current."""
        self._following.reading()
        self._present.read()

    def reload(self) -> None:
        """Read all that is current, and say so where nothing is newer."""
        self._following.reload()

    def look_for_news(self) -> None:
        """Look whether others wrote to the store."""
        self._following.look()

    def step_in_time(self, older: int) -> None:
        """Show an older snapshot, or with a number below 0 a newer one; several steps add up."""
        self._present.step(older)

    def show_snapshot(self, snapshot_id: str) -> None:
        """Show one old snapshot."""
        self._present.show_snapshot(snapshot_id)

    def return_to_present(self) -> bool:
        """Show what is current again; False where it is shown already."""
        return self._present.come_back()

    def take_snapshot(self) -> None:
        """Take a snapshot, unless one runs."""
        self._snapshots.begin()

    def stop_snapshot(self) -> None:
        """Ask whether to stop the snapshot that runs, where one does."""
        self._snapshots.ask_to_stop()

    def on_first_read(self, message: FirstRead) -> None:
        """Show the first screenful."""
        self._present.show_first(message)

    def on_estate_read(self, message: EstateRead) -> None:
        """Show all that is current."""
        self._present.show(message)
        self._following.shown(message)

    def on_store_changed(self, message: StoreChanged) -> None:
        """Say that there is something newer, or show it."""
        self._following.changed(message)

    def on_past_read(self, message: PastRead) -> None:
        """Show an old snapshot."""
        self._present.show_past(message)

    def on_nothing_before(self, message: NothingBefore) -> None:
        """Stay at the oldest snapshot."""
        self._present.stay(message)

    def on_tags_read_back(self, message: TagsReadBack) -> None:
        """Show the tags as they are now; verdicts follow with the next snapshot."""
        if self.estate is not None:
            self.estate = self.estate.with_tags({message.deployment_key: message.tags})

    def on_snapshot_progressed(self, message: SnapshotProgressed) -> None:
        """Count on."""
        self._snapshots.progressed(message)

    def on_throttle_met(self, message: ThrottleMet) -> None:
        """Say how long Azure wants quiet."""
        self._snapshots.throttled(message)

    def on_snapshot_taken(self, message: SnapshotTaken) -> None:
        """Show what the snapshot read."""
        self._snapshots.taken(message)

    def on_snapshot_stopped(self) -> None:
        """Say that nothing new is shown."""
        self._snapshots.stopped()

    def on_work_failed(self, message: WorkFailed) -> None:
        """Keep what is shown, and say what went wrong until something goes right."""
        if message.work is Work.SNAPSHOT:
            self._snapshots.end()
        if message.work is Work.STORE:
            self.store_failure = message.text
            self.is_reading = False
            self._following.failed()
        self.trouble = work_failure_line(message)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where several lines are typed, ctrl+z takes back what was typed."""
        if action == "suspend_process":
            from textual.widgets import TextArea  # the start needs none

            return not isinstance(self.focused, TextArea)
        return super().check_action(action, parameters)

    async def on_event(self, event: events.Event) -> None:
        """Give out what is typed key by key."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._typed_ahead.take(event)
        else:
            await super().on_event(event)

    def action_suspend_process(self) -> None:
        """Give the terminal back to the shell until `fg`, unless Azure is being written to."""
        if self.is_writing:
            self.notify("Azure is being written to: wait for the end", severity="warning")
            return
        super().action_suspend_process()

    async def action_quit(self) -> None:
        """Leave, unless a deletion is under way; a running snapshot is asked to end."""
        if self.is_writing:
            self.notify("Azure is being written to: wait for the end", severity="warning")
            return
        self._snapshots.stop()
        self.exit()

    async def leave_as_asked(self, exit_code: int) -> None:
        """Leave by a signal; what is being written to Azure ends with its current target."""
        if self.is_writing:
            await self.screen.run_action("close")
        self._snapshots.stop()
        self.exit(return_code=exit_code)

    def leave_for(self, exit_request: ExitRequest | None) -> None:
        """End the interface for what only the front door can do."""
        if exit_request is not None:
            self.exit_request = exit_request
            self.exit()


def run(
    session: Session,
    views: Path | None = None,
    preferences: Preferences | None = None,
    trouble: str | None = None,
    first: FirstAnswer | None = None,
    start: Start | None = None,
) -> ExitRequest | None:
    """Open the interface; returns when it is closed, with what it was left for, if anything.

    `views` is the file of the user's views; `trouble` is shown at once; `first` waits for what
    `preload` began to read; `start` is where it opens. Ends the program where a signal asked for
    it.
    """
    sys.setswitchinterval(TURN_SECONDS)
    app = MothballApp(session, KeptViews(views), preferences, first, start or NOTHING_NAMED)
    app.trouble = trouble
    guard(app.driver_class)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    return app.exit_request
