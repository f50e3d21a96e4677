"""A table of deployments in time: older and newer snapshots, and what one changed of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collectors.records import counted
from queries.estate.packed import PackedRows
from tui.grid.deployment_columns import MONEY
from tui.grid.rows import RowsByKey
from tui.state.history import Address, RowScope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from queries.estate.rows import DeploymentRow
    from tui.places.place import Handler
    from tui.places.rows import Rows
    from tui.state.estate import Estate

    ByKey = Mapping[str, DeploymentRow]


class TimeTravel:
    """Of a place whose table shows the estate of the app, today's or an old snapshot's.

    What differs from what was shown before is marked until the next snapshot, step or escape.
    """

    def __init__(self, place: Rows[DeploymentRow]) -> None:
        """Nothing was shown yet."""
        self._place = place
        self._last: Estate | None = None
        self._counted: tuple[ByKey, ByKey, str] | None = None

    def handlers(self) -> dict[str, Handler]:
        """The steps to older and newer snapshots, and what changed."""
        return {
            "older": lambda: self._place.app.step_in_time(1),
            "newer": lambda: self._place.app.step_in_time(-1),
            "compare": self.compare,
        }

    def compare(self) -> None:
        """Show what changed up to now: since the old snapshot that is shown, or the one before."""
        app = self._place.app
        past = app.estate.past if app.estate is not None else None
        if past is None or past.place == past.total:
            app.go(Address("diff"))
        else:
            app.go(Address("diff", RowScope("snapshot_id", (past.snapshot_id, None), "since then")))

    def show(self, estate: Estate, rows: Sequence[DeploymentRow]) -> None:
        """Show rows of an estate, with what it changes marked where it is of another time."""
        before, self._last = self._last, estate
        if before is not None and before.is_whole and before.as_of != estate.as_of:
            is_refresh = before.past is None and estate.past is None
            self._place.grid.compare(but=() if is_refresh else MONEY)
        self._place.show_rows(rows, for_good=estate.past is None)

    def leave(self) -> bool:
        """Leave an old snapshot, then take the signs of change away."""
        if self._place.app.return_to_present():
            return True
        if not self._place.grid.before:
            return False
        self._place.grid.forget_changes()
        return True

    @property
    def changes_text(self) -> str:
        """`Δ 3 verdicts differ · + 1 added · − 2 gone`; what there is none of is not named.

        Counted once for two sets of rows: the line is written at every mark and every sort.
        """
        before, now = self._place.grid.before, self._place.grid.by_key
        if self._counted is None or self._counted[0] is not before or self._counted[1] is not now:
            self._counted = (before, now, _changes_text(before, now))
        return self._counted[2]


def _changes_text(before: ByKey, now: ByKey) -> str:
    if not before:
        return ""
    verdicts = _verdicts(before)
    changed = sum(key in before and verdicts[key] != v for key, v in _verdicts(now).items())
    gone, new = len(before.keys() - now.keys()), len(now.keys() - before.keys())
    differ = "differs" if changed == 1 else "differ"
    parts = [f"Δ {counted(changed, 'verdict')} {differ}"] if changed else []
    parts += [f"+ {new:,} added"] if new else []
    parts += [f"− {gone:,} gone"] if gone else []
    return " · ".join(parts)


def _verdicts(rows: ByKey) -> dict[str, str]:
    if isinstance(rows, RowsByKey) and isinstance(rows.rows, PackedRows):
        return dict(zip(rows.places, rows.rows.column("verdict").by_row(), strict=True))
    return {key: row.verdict for key, row in rows.items()}
