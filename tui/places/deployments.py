"""The home: every deployment with its verdict, and the details of the one under the cursor."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.timer import Timer

from collectors.records import counted
from queries.estate.packed import counts_of
from queries.filter import text_of
from tui.details.detail import Detail
from tui.grid.deployment_columns import SUMMARIES, run_rates
from tui.grid.grid import Grid
from tui.keys.registry import ActionContext
from tui.places.daily_requests import DailyRequests
from tui.places.inspecting import Inspecting
from tui.places.place import Handler
from tui.places.rows import Rows
from tui.places.saved_views import SavedViews
from tui.places.time_travel import TimeTravel
from tui.places.user_commands import UserCommands
from tui.places.write_actions import WriteActions
from tui.places.yanking import of_deployment
from tui.state.estate import LONG_DAYS, SHORT_DAYS, Estate
from tui.state.failures import report_failures_to
from tui.state.history import HOME, Address
from tui.state.kept_details import KeptDetails
from tui.state.messages import (
    DaysRead,
    DetailsRead,
    LostTagsFound,
    PersonKnown,
    Work,
    WorkFailed,
)
from tui.state.start import NOTHING_NAMED, Start
from tui.views.view import Sort
from tui.words.untrusted import UNKNOWN
from tui.words.verdicts import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import DeploymentRow
    from tui.places.exporting import ProgramFields
    from tui.views.preferences import SavedView
    from tui.words.yanks import Yank

DEBOUNCE_SECONDS = 0.08
FIRST_SORT = Sort("verdict")


class Deployments(Rows["DeploymentRow"]):
    """The filter bar, the table, the details, and what is marked."""

    footer = ("toggle_mark", "filter", "tag", "delete", "snapshot", "help")
    noun, nouns = "deployment", "deployments"
    nothing = "this snapshot found no deployment"

    def __init__(self, address: Address = HOME, start: Start = NOTHING_NAMED) -> None:
        """Nothing is known yet; an address with a scope shows only its deployments."""
        super().__init__(address)
        self._start = start
        self._awaited_key = start.target
        self._generation = 0
        self._answered = 0
        self._waiting: Timer | None = None
        self._described: DeploymentRow | None = None
        self._span_days = SHORT_DAYS
        self._details = KeptDetails()
        self._saved_views = SavedViews(self, FIRST_SORT)
        self._time_travel = TimeTravel(self)
        self._write_actions = WriteActions(self, self)
        self._inspecting = Inspecting(self, lambda: self.looked_at)
        self._user_commands = UserCommands(self, lambda: self.looked_at)
        self._daily_requests = DailyRequests(self)

    def make_handlers(self) -> dict[str, Handler]:
        """Those of all that the home is made of."""
        return {
            **super().make_handlers(),
            **self._saved_views.handlers(),
            **self._time_travel.handlers(),
            **self._write_actions.handlers(),
            **self._inspecting.handlers(),
            **self._user_commands.handlers(),
            "span": self.turn_span,
        }

    def make_grid(self) -> Grid[DeploymentRow]:
        """The table of deployments."""
        return Grid(
            self._daily_requests.columns,
            lambda row: row.deployment_key,
            FIRST_SORT,
            summaries=SUMMARIES,
            id="grid",
        )

    def make_pane(self) -> Detail:
        """All that is known of the deployment under the cursor."""
        return Detail(id="detail")

    def on_mount(self) -> None:
        """Follow the estate, from where it was asked to open."""
        self.watch(self.app, "estate", self._show_estate)
        if self._start != NOTHING_NAMED:
            self.call_next(self._open_at_start)

    def situation(self) -> ActionContext:
        """The marked rows, or else the one under the cursor."""
        session = self.app.session
        return ActionContext(
            targets=self.targets,
            limits=session.limits,
            has_estate=self.app.estate is not None,
            is_collecting=self.app.snapshot_progress is not None,
            has_portal=session.cloud.portal is not None,
            is_past=self.app.estate is not None and self.app.estate.past is not None,
            cursor=self.grid.current,
        )

    @property
    def awaits_details(self) -> bool:
        """Whether the details of the row under the cursor are still to come."""
        return self._described is not None and self._answered != self._generation

    @property
    def targets(self) -> Sequence[DeploymentRow]:
        """What an action takes: the marked rows, hidden ones too, else the one under the cursor."""
        marked = self.grid.marked
        if marked or self.grid.current is None:
            return marked
        return [self.grid.current]

    @property
    def looked_at(self) -> DeploymentRow:
        """The deployment under the cursor, else the first of the marked."""
        return self.grid.current or self.targets[0]

    @property
    def hidden_keys(self) -> frozenset[str]:
        """The keys of marked rows that the filter hides."""
        return frozenset(row.deployment_key for row in self.grid.hidden_marked)

    def yanks(self, row: DeploymentRow) -> list[Yank]:
        """The names of the deployment too, and the ways to it."""
        return [*of_deployment(row, self.app.session.cloud.portal), *super().yanks(row)]

    def fields_for_programs(self) -> ProgramFields:
        """Those of `mothball list`."""
        from queries.estate.fields import FIELDS, as_fields

        return FIELDS, as_fields

    @on(Grid.CursorMoved)
    def describe_soon(self) -> None:
        """Show what the row says at once; read the rest when the cursor rests."""
        row = self.grid.current
        if row is not None and row is self._described:
            return
        self._described = row
        self._generation += 1
        if self._waiting is not None:
            self._waiting.stop()
        group = self.grid.current_group
        if group is None:
            self.query_one(Detail).show_row(row)
        else:
            parts = [counted(len(group.rows), "deployment"), *self.grid.summed_up]
            self.query_one(Detail).show_group(group.name, parts)
        if row is not None:
            self._waiting = self.set_timer(DEBOUNCE_SECONDS, self._describe)
        self.update_keys()

    @on(Grid.RowOpened)
    def fold_details(self) -> None:
        """Fold the details away or out; on a narrow screen they take the table's place."""
        self.turn_details()

    def take(self, view: SavedView) -> None:
        """Show a saved view."""
        self._saved_views.take(view)

    def leave_taken(self) -> bool:
        """Leave a saved view that is shown; False where none is."""
        return self._saved_views.leave()

    def leave_past(self) -> bool:
        """Leave an old snapshot, then the signs of change; False where there is neither."""
        return self._time_travel.leave()

    def show_view(self) -> None:
        """Name the saved view that is shown."""
        self._saved_views.show_view()

    def on_person_known(self, message: PersonKnown) -> None:
        """Show the view that waited for it."""
        message.stop()
        self._saved_views.take_awaited(message)

    def on_lost_tags_found(self, message: LostTagsFound) -> None:
        """Offer to put them back."""
        self._write_actions.offer_lost_tags(message)

    def on_details_read(self, message: DetailsRead) -> None:
        """Show what was read so far, unless the cursor has gone on."""
        if message.generation == self._generation:
            if message.is_whole:
                self._answered = message.generation
            now = self.app.session.now()
            self.query_one(Detail).show_details(message.details, now)

    @on(Grid.SightChanged)
    def read_days_in_sight(self) -> None:
        """Read the requests a day of the rows in sight, where their column is shown."""
        self._daily_requests.read_in_sight()

    def on_days_read(self, message: DaysRead) -> None:
        """Draw them."""
        self._daily_requests.take(message)

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say in the pane why there is no chart; other failures are the app's."""
        if message.work is Work.DAYS:
            message.stop()
            self._answered = self._generation
            self.query_one(Detail).show_failure(message.text)

    def turn_span(self) -> None:
        """Show 30 or 93 days in the charts."""
        self._span_days = LONG_DAYS if self._span_days == SHORT_DAYS else SHORT_DAYS
        self._generation += 1
        self._describe()

    def _show_estate(self, estate: Estate | None) -> None:
        self._daily_requests.forget()
        if estate is not None:
            scope, rows = self.address.scope, estate.rows
            shown = rows if scope is None else rows.only(scope.field, scope.values)
            self._time_travel.show(estate, shown)
            if self._awaited_key is not None:
                self.call_after_refresh(self._go_to_awaited, estate.is_whole)
        self._choose_body()

    def _open_at_start(self) -> None:
        if (view := self._start.filtered_view) is not None:
            self.take(view)
        elif self._start.filter:
            self.filter_bar.set(self._start.filter)

    def _go_to_awaited(self, is_whole: bool) -> None:
        """Go to the deployment that was named, once its row is there; a filter may hide it."""
        key = self._awaited_key
        if key is None:
            return
        if key in self.grid.by_key and self.grid.view.group is not None:
            self.grid.group_by(None)
        self.grid.go_to(key)
        row = self.grid.current
        is_reached = row is not None and row.deployment_key == key
        if is_reached or is_whole:
            self._awaited_key = None
        if is_whole and not is_reached:
            why = "the filter hides" if key in self.grid.by_key else "there is no more"
            text = f"{why} the deployment that --target named"
            self.app.notify(text, severity="warning", markup=False)

    def text_of(self, row: DeploymentRow) -> str:
        """All that a deployment's row says."""
        return text_of(row)

    def marks_content(self) -> Content:
        """What is marked, or else how many there are of each verdict."""
        marked, hidden = self.grid.marked, self.grid.hidden_marked
        if not marked:
            counts = counts_of(self.grid.shown, "verdict")
            parts = (f"{LOOKS[v].symbol} {v} {counts[v]}" for v in LOOKS if counts[v])
            changes_line = self._time_travel.changes_text
            changes = f" {changes_line} " if changes_line else ""
            return Content.assemble((changes, "bold"), " ", ("  ".join(parts), "$text-muted"))
        rates = run_rates(marked)
        cost = "cost not known" if rates == UNKNOWN else rates
        text = f" ✓ {len(marked):,} marked · {cost}"
        if hidden:
            text += f" · {len(hidden):,} hidden by the filter"
        return Content.assemble((text, "bold"), ("   u takes the marks away", "$text-muted"))

    def _describe(self) -> None:
        if self._described is not None:
            self._read_details(self._described, self._generation)

    @work(thread=True, exclusive=True, exit_on_error=False, group="details")
    def _read_details(self, row: DeploymentRow, generation: int) -> None:
        if generation != self._generation:
            return
        with report_failures_to(self, Work.DAYS):
            store = self.app.session.store
            with closing(self._details.read(store, row, self._span_days)) as parts:
                for details, is_whole in parts:
                    self.post_message(DetailsRead(generation, details, is_whole))
                    if generation != self._generation:
                        break
