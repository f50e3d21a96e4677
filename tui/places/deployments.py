"""The home: every deployment with its verdict, and the details of the one under the cursor."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.content import Content
from textual.timer import Timer

from tui.details.detail import Detail
from tui.grid.deployment_columns import DEPLOYMENTS, SUMMARIES, run_rates
from tui.grid.grid import Grid
from tui.keys.registry import Situation
from tui.places.inspecting import Looks
from tui.places.saved_views import Viewing
from tui.places.time_travel import Travelling
from tui.places.write_actions import Acts
from tui.state.estate import LONG_DAYS, SHORT_DAYS, Estate, read_days, read_rest
from tui.state.failures import told_to
from tui.state.history import HOME, Address
from tui.state.messages import DetailsRead, Work, WorkFailed
from tui.words.verdicts import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import DeploymentRow

DEBOUNCE_SECONDS = 0.08


class Deployments(Viewing, Travelling, Acts, Looks):
    """The filter bar, the table, the details, and what is marked."""

    footer = ("toggle_mark", "filter", "tag", "delete", "snapshot", "help")
    noun = "deployment"
    nothing = "this snapshot found no deployment"

    def __init__(self, address: Address = HOME) -> None:
        """Nothing is known yet; an address with a scope shows only its deployments."""
        super().__init__(address)
        self._generation = 0
        self._answered = 0
        self._waiting: Timer | None = None
        self._described: DeploymentRow | None = None
        self._span_days = SHORT_DAYS

    def make_grid(self) -> Grid[DeploymentRow]:
        """The table of deployments."""
        return Grid(
            DEPLOYMENTS,
            lambda row: row.deployment_key,
            self.first_sort,
            summaries=SUMMARIES,
            id="grid",
        )

    def make_pane(self) -> Detail:
        """All that is known of the deployment under the cursor."""
        return Detail(id="detail")

    def on_mount(self) -> None:
        """Follow the estate."""
        self.watch(self.app, "estate", self._show_estate)

    def situation(self) -> Situation:
        """The marked rows, or else the one under the cursor."""
        operator = self.app.operator
        return Situation(
            targets=self.targets,
            limits=operator.limits,
            has_estate=self.app.estate is not None,
            is_collecting=self.app.sweep is not None,
            has_portal=operator.cloud.portal is not None,
            is_past=self.app.estate is not None and self.app.estate.past is not None,
            cursor=self.grid.current,
        )

    @property
    def awaits_details(self) -> bool:
        """Whether the details of the row under the cursor are still to come."""
        return self._described is not None and self._answered != self._generation

    @property
    def targets(self) -> list[DeploymentRow]:
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

    def fields_for_programs(self) -> tuple[Sequence[str], Any]:
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
            told = [f"{len(group.rows):,} deployments", *self.grid.summed_up]
            self.query_one(Detail).show_group(group.name, told)
        if row is not None:
            self._waiting = self.set_timer(DEBOUNCE_SECONDS, self._describe)
        self.tell_keys()

    @on(Grid.RowOpened)
    def fold_details(self) -> None:
        """Fold the details away or out; on a narrow screen they take the table's place."""
        self.turn_details()

    def on_details_read(self, message: DetailsRead) -> None:
        """Show what was read so far, unless the cursor has gone on."""
        if message.generation == self._generation:
            if message.is_whole:
                self._answered = message.generation
            now = self.app.operator.now()
            self.query_one(Detail).show_details(message.details, now)

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say in the pane why there is no chart; other failures are the app's."""
        if message.work is Work.DAYS:
            message.stop()
            self._answered = self._generation
            self.query_one(Detail).show_failure(message.text)

    def do_span(self) -> None:
        """Show 30 or 93 days in the charts."""
        self._span_days = LONG_DAYS if self._span_days == SHORT_DAYS else SHORT_DAYS
        self._generation += 1
        self._describe()

    def _show_estate(self, estate: Estate | None) -> None:
        if estate is not None:
            scope = self.address.scope
            rows = estate.rows
            self.show_in_time(estate, rows if scope is None else tuple(filter(scope.holds, rows)))
        self._choose_body()

    def text_of(self, row: DeploymentRow) -> str:
        """All that a deployment's row says; kept, since it is asked at every key."""
        estate = self.app.estate
        return estate.haystacks.of(row) if estate is not None else ""

    def marks_told(self) -> Content:
        """What is marked, or else how many there are of each verdict."""
        marked, hidden = self.grid.marked, self.grid.hidden_marked
        if not marked:
            counts = Counter(row.verdict for row in self.grid.shown)
            told = (f"{LOOKS[v].symbol} {v} {counts[v]}" for v in LOOKS if counts[v])
            changes = f" {self.changes_told} " if self.changes_told else ""
            return Content.assemble((changes, "bold"), " ", ("  ".join(told), "$text-muted"))
        known = any(row.monthly_run_rate is not None for row in marked)
        text = f" ✓ {len(marked)} marked · {run_rates(marked) if known else 'cost not known'}"
        if hidden:
            text += f" · {len(hidden)} hidden by the filter"
        return Content.assemble((text, "bold"), ("   u takes the marks away", "$text-muted"))

    def _describe(self) -> None:
        if self._described is not None:
            self._read_details(self._described, self._generation)

    @work(thread=True, exclusive=True, exit_on_error=False, group="details")
    def _read_details(self, row: DeploymentRow, generation: int) -> None:
        if generation != self._generation:
            return
        with told_to(self, Work.DAYS):
            store = self.app.operator.store
            first = read_days(store, row, self._span_days)
            self.post_message(DetailsRead(generation, first, is_whole=False))
            if generation == self._generation:
                self.post_message(DetailsRead(generation, read_rest(store, row, first)))
