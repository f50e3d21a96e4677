"""The application: what all places share, and the work that goes on behind them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from tui.deployment_columns import DEPLOYMENTS
from tui.estate import Estate, read_estate, read_first
from tui.failures import told_to
from tui.kept_views import KeptViews
from tui.keys import keys_from
from tui.messages import (
    EstateRead,
    NothingBefore,
    PastRead,
    SnapshotProgressed,
    SnapshotStopped,
    SnapshotTaken,
    TagsReadBack,
    ThrottleMet,
    WorkFailed,
)
from tui.places import place_of
from tui.preferences import Preferences, SavedView
from tui.saved_views import SHIPPED, mistake_in, shelved
from tui.screens.deployments import Deployments
from tui.screens.place import Place
from tui.sweep import Sweep, take
from tui.themes import THEMES, theme_at_start
from tui.trail import HOME, Address, Trail, Way, shared_length
from tui.untrusted import harmless
from tui.wishes import Wish

if TYPE_CHECKING:
    from textual.command import Provider

    from actions.operator import Operator
    from collectors.patience import Stop


def _commands() -> type[Provider]:
    from tui.palette import RegistryCommands

    return RegistryCommands


def _views() -> type[Provider]:
    from tui.view_commands import ViewCommands

    return ViewCommands


class MothballApp(App[None]):
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
    COMMANDS = {_commands, _views}
    COMMAND_PALETTE_BINDING = "f22"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "quit", show=False, priority=True)
    ]

    estate: reactive[Estate | None] = reactive(None)
    sweep: reactive[Sweep | None] = reactive(None)
    trouble: reactive[str | None] = reactive(None)
    is_reading: reactive[bool] = reactive(True)
    is_writing: reactive[bool] = reactive(False)

    def __init__(
        self,
        operator: Operator,
        views: KeptViews | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        """Nothing is opened or imported before the first frame is on screen."""
        super().__init__()
        self.operator = operator
        self.views = views or KeptViews()
        self.preferences = preferences or Preferences()
        self.me = self.preferences.me
        self.keys, self._complaints = keys_from(self.preferences.keys)
        self.set_keymap(dict(self.keys.changed))
        self.read_saved_views()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_at_start(self.views.theme(), self.available_themes)
        self.wish: Wish | None = None
        self.trail = Trail()
        self._stop: Stop | None = None
        self._present: Estate | None = None
        self._wish = 0
        self._steps = 0
        self._has_read = False

    def get_default_screen(self) -> Screen[None]:
        """The home."""
        return Deployments()

    def on_mount(self) -> None:
        """Read the store once the home is up."""
        self.call_after_refresh(self.read_store)
        known = [column.id for column in DEPLOYMENTS]
        mistakes = (mistake_in(view, known) for view in self.preferences.views)
        for line in [*self._complaints, *filter(None, mistakes)]:
            self.notify(harmless(line), severity="warning", markup=False)

    def read_saved_views(self) -> None:
        """Take the views of all shelves: shipped, of the settings, kept by V."""
        self.saved_views = shelved(SHIPPED, self.preferences.views, self.views.saved())

    def saved_view_named(self, name: str) -> SavedView | None:
        """A view by its name, whatever the case."""
        named = (view for view in self.saved_views if view.name.casefold() == name.casefold())
        return next(named, None)

    @work(thread=True, exclusive=True, exit_on_error=False, group="store")
    def read_store(self) -> None:
        """Read all that is current; what fits on a screen first."""
        with told_to(self, "reading the store"):
            if not self._has_read and (first := read_first_or_none(self.operator)) is not None:
                self.post_message(EstateRead(first))
            self._has_read = True
            with no_collections():
                estate = read_estate_or_none(self.operator)
            self.post_message(EstateRead(estate))
            if estate is not None:
                estate.haystacks.fill()

    def go(self, address: Address) -> None:
        """Into a place, from the one that is shown."""
        self.go_to_path(self.trail.visit((*self.trail.path, address)))

    def jump(self, address: Address) -> None:
        """To a place right from the home."""
        self.go_to_path((HOME,) if address == HOME else (HOME, address))

    def leave(self) -> None:
        """Out of the place that is shown; the home has no outside."""
        if len(self.trail.path) > 1:
            self.go_to_path(self.trail.path[:-1])

    def go_to_path(self, path: Way) -> None:
        """Show the last place of a path, with those before it behind it; always the present."""
        self.return_to_present()
        self.trail.visit(path)
        shown = tuple(screen.address for screen in self.screen_stack if isinstance(screen, Place))
        kept = max(shared_length(shown, path), 1)
        while len(self.screen_stack) > kept:
            self.pop_screen()
        for address in path[kept:]:
            self.push_screen(place_of(address.place).open(address))

    def keep_theme(self, name: str | None) -> None:
        """Keep the choice of a theme for the next start."""
        if name is None:
            return
        try:
            self.views.keep_theme(name)
        except OSError as error:
            text = f"the theme is not kept for the next time: {error}"
            self.notify(text, severity="warning", markup=False)

    def toggle_snapshot(self) -> None:
        """Take a snapshot; if one runs, ask whether to stop it."""
        if self.sweep is None:
            self.sweep = Sweep()
            self.trouble = None
            self._take_snapshot()
        elif not self.sweep.is_stopping:
            from tui.screens.question import Question

            question = Question("Stop the snapshot that is running?", "Stop it", "Go on")
            self.push_screen(question, self._stop_snapshot)

    def on_estate_read(self, message: EstateRead) -> None:
        """Hand what was read to the places."""
        self.is_reading = message.estate is not None and not message.estate.is_whole
        if self.estate is not None and self.estate.past is not None:
            self._present = message.estate
        else:
            self.estate = message.estate

    def step_in_time(self, older: int) -> None:
        """Show an older snapshot, or with a number below 0 a newer one; several steps add up."""
        self._steps += older
        self._wish += 1
        past = self.estate.past if self.estate is not None else None
        self._read_past(self._wish, past and past.snapshot_id, self._steps)

    def show_snapshot(self, snapshot_id: str) -> None:
        """Show one old snapshot."""
        self._wish += 1
        self._read_past(self._wish, snapshot_id, 0)

    def return_to_present(self) -> bool:
        """Show what is current again; False where it is shown already."""
        if self.estate is None or self.estate.past is None:
            return False
        self._wish += 1
        self._steps = 0
        self.estate, self._present = self._present, None
        return True

    def on_past_read(self, message: PastRead) -> None:
        """Show it, unless another was wished for since."""
        if message.number != self._wish:
            return
        self._steps = 0
        if message.estate is None:
            self.return_to_present()
        elif self.estate is not None:
            if self.estate.past is None:
                self._present = self.estate
            self.estate = message.estate

    def on_nothing_before(self, message: NothingBefore) -> None:
        """Say that it goes no further."""
        self._steps = 0
        self.notify(message.text, severity="warning", markup=False)

    def on_snapshot_progressed(self, message: SnapshotProgressed) -> None:
        """Count on."""
        if self.sweep is not None:
            self.sweep = self.sweep.further(message.source, message.done, message.total)

    def on_throttle_met(self, message: ThrottleMet) -> None:
        """Say how long Azure wants quiet."""
        if self.sweep is not None:
            self.sweep = self.sweep.waiting(message.kind, monotonic() + message.seconds)

    def on_snapshot_taken(self, message: SnapshotTaken) -> None:
        """Say what the snapshot came to, and read it."""
        self._end_sweep()
        report = message.report
        text = f"snapshot {report.status}: {report.deployments} deployments"
        if report.errors:
            text += f", {len(report.errors)} holes: H shows them"
        self.notify(text, severity="warning" if report.errors else "information", markup=False)
        self.read_store()

    def on_snapshot_stopped(self) -> None:
        """Say that nothing new is shown."""
        self._end_sweep()
        self.notify("the snapshot was stopped; the data shown is the one before", markup=False)

    def on_tags_read_back(self, message: TagsReadBack) -> None:
        """Show the tags as they are now; verdicts follow with the next snapshot."""
        if self.estate is not None:
            self.estate = self.estate.with_tags({message.deployment_key: message.tags})

    def on_work_failed(self, message: WorkFailed) -> None:
        """Keep what is shown, and say what went wrong until something goes right."""
        if message.doing == "taking a snapshot":
            self._end_sweep()
        if message.doing == "reading the store":
            self.is_reading = False
        self.trouble = f"{message.doing} failed: {message.text}"

    async def action_quit(self) -> None:
        """Leave, unless a deletion is under way; a running snapshot is told to end."""
        if self.is_writing:
            self.notify("Azure is being written to: wait for the end", severity="warning")
            return
        if self._stop is not None:
            self._stop.set()
        self.exit()

    def leave_for(self, wish: Wish | None) -> None:
        """End the interface for what only the front door can do."""
        if wish is not None:
            self.wish = wish
            self.exit()

    def _stop_snapshot(self, is_wanted: bool | None) -> None:
        if is_wanted and self._stop is not None and self.sweep is not None:
            self._stop.set()
            self.sweep = Sweep(is_stopping=True)

    def _end_sweep(self) -> None:
        self.sweep = None
        self._stop = None
        self.trouble = None

    @work(thread=True, exclusive=True, exit_on_error=False, group="past")
    def _read_past(self, number: int, shown: str | None, older: int) -> None:
        with told_to(self, "reading an old snapshot"), no_collections():
            from tui.past import NothingOlder, read_beside

            try:
                estate = read_beside(self.operator.store, shown, older)
            except NothingOlder as end:
                self.post_message(NothingBefore(str(end)))
            else:
                self.post_message(PastRead(number, estate))

    @work(thread=True, exclusive=True, exit_on_error=False, group="snapshot")
    def _take_snapshot(self) -> None:
        with told_to(self, "taking a snapshot"):
            from collectors.errors import Stopped
            from collectors.patience import Stop

            self._stop = Stop()
            try:
                report = take(self.operator, self._stop, self._progressed, self._throttled)
            except Stopped:
                self.post_message(SnapshotStopped())
            else:
                self.post_message(SnapshotTaken(report))

    def _progressed(self, source: str, done: int, total: int | None) -> None:
        self.post_message(SnapshotProgressed(source, done, total))

    def _throttled(self, kind: str, seconds: float) -> None:
        self.post_message(ThrottleMet(kind, seconds))


@contextmanager
def no_collections() -> Iterator[None]:
    """No search for garbage while many rows are made, nor among them later.

    Rows never refer to each other in a circle; looking through 10,000 of them takes longer than a
    person at the keys should wait.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def read_first_or_none(operator: Operator) -> Estate | None:
    """The first screenful; None where there is no store, or only the whole can be read."""
    from queries.store import NoStore

    try:
        return read_first(operator.store)
    except NoStore:
        return None


def read_estate_or_none(operator: Operator) -> Estate | None:
    """The estate; None where there is no store, or none with a snapshot."""
    from queries.store import NoStore

    try:
        return read_estate(operator.store)
    except NoStore:
        return None


def run(
    operator: Operator,
    views: Path | None = None,
    preferences: Preferences | None = None,
    trouble: str | None = None,
) -> Wish | None:
    """Open the interface; returns when it is closed, with what it was left for, if anything.

    `views` is the file of the user's views; `trouble` is told at once.
    """
    app = MothballApp(operator, KeptViews(views), preferences)
    app.trouble = trouble
    app.run()
    return app.wish
