"""The column of requests a day: read of the rows in sight, and of no others."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui.grid.deployment_columns import BY_DAY, DEPLOYMENT_COLUMNS
from tui.state.failures import report_failures_to
from tui.state.messages import DaysRead, Work
from tui.state.workers import in_thread
from tui.words.sparks import spark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import DeploymentRow
    from tui.grid.columns import Column
    from tui.places.rows import Rows


class DailyRequests:
    """Of a place of deployments. What was read is kept while its rows are shown."""

    def __init__(self, place: Rows[DeploymentRow]) -> None:
        """Nothing is read yet."""
        self._place = place
        self._read: dict[str, Sequence[float | None]] = {}
        self._asked: set[str] = set()
        self._number = 0

    @property
    def columns(self) -> Sequence[Column[DeploymentRow]]:
        """All columns of deployments, that of the days filled from here."""
        return [self._filled(each) if each.id == BY_DAY else each for each in DEPLOYMENT_COLUMNS]

    def forget(self) -> None:
        """Other rows are shown, of another time perhaps."""
        self._number += 1
        self._read, self._asked = {}, set()

    def read_in_sight(self) -> None:
        """Read what is in sight and was not yet asked for, where the column is on screen."""
        grid = self._place.grid
        if BY_DAY not in grid.shown_layout:
            return
        rows = [row for row in grid.rows_in_sight if row.deployment_key not in self._read]
        if {row.deployment_key for row in rows} - self._asked:
            # The newest question takes the place of one that still waits, so it asks for all.
            self._asked = {row.deployment_key for row in rows}
            in_thread(self._place, partial(self._ask, rows, self._number), "daily requests")

    def take(self, message: DaysRead) -> None:
        """Show what was read, unless other rows are shown since."""
        if message.number == self._number:
            self._read |= message.days
            self._place.grid.draw_again()
            self.read_in_sight()

    def _ask(self, rows: Sequence[DeploymentRow], number: int) -> None:
        with report_failures_to(self._place, Work.ROWS, "the requests a day"):
            from queries.estate.daily_requests import daily_requests

            days = daily_requests(self._place.app.session.store, rows)
            self._place.post_message(DaysRead(number, days))

    def _filled(self, column: Column[DeploymentRow]) -> Column[DeploymentRow]:
        return replace(column, show=lambda row: self._shown(row, column.width), why=self._why)

    def _shown(self, row: DeploymentRow, width: int) -> str | None:
        days = self._read.get(row.deployment_key, ())
        known = any(day is not None for day in days)
        return spark(days[-width:]).rjust(width) if known else None

    def _why(self, row: DeploymentRow) -> str:
        if row.deployment_key in self._read:
            return "no value of any day of the window is in the store"
        return "it is being read"
