"""Snapshots: what was read when, and the way into each as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from collectors.records import counted
from tui.grid.columns import Column, fields_of, number
from tui.places.place import Handler
from tui.places.table import Table
from tui.state.history import HOME, Address, RowScope
from tui.views.view import Sort
from tui.words.ages import ago
from tui.words.untrusted import harmless
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import SnapshotRow
    from queries.store.file import Store
    from queries.vocabulary import Tone
    from tui.state.estate import Estate

READABLE = ("complete", "partial")
SIGNS: dict[str, tuple[str, Tone]] = {
    "complete": ("●", "alive"),
    "partial": ("◐", "act"),
    "running": ("⟳", "doubt"),
    "stopped": ("■", "quiet"),
    "pruned": ("·", "quiet"),
}
_NOT_KEPT = {
    "running": "it is still being taken, or was cut off",
    "stopped": "it was stopped before its end",
    "pruned": "its rows were dropped by `mothball store prune`; daily values and the bill are kept",
}


def _sign(row: SnapshotRow) -> str:
    return SIGNS.get(row.status, ("?", "doubt"))[0]


def _took(row: SnapshotRow) -> float | None:
    return None if row.finished_at is None else (row.finished_at - row.started_at).total_seconds()


def _count(column_id: str, title: str) -> Column[SnapshotRow]:
    def read(row: SnapshotRow) -> int | None:
        value: int = getattr(row, column_id)
        return value if row.status in READABLE else None

    return Column(
        column_id,
        title,
        12,
        lambda row: number(read(row)),
        read,
        align="right",
        why=lambda row: _NOT_KEPT.get(row.status),
    )


SNAPSHOTS: tuple[Column[SnapshotRow], ...] = (
    Column(
        "taken",
        "taken (UTC)",
        17,
        lambda row: f"{row.started_at:%Y-%m-%d %H:%M}",
        lambda row: row.started_at,
        priority=10,
        frozen=True,
    ),
    Column(
        "status",
        "status",
        12,
        lambda row: f"{_sign(row)} {row.status}",
        lambda row: row.status,
        priority=9,
        tone=lambda row: SIGNS.get(row.status, ("?", "doubt"))[1],
    ),
    _count("deployments", "deployments"),
    _count("read_errors", "read errors"),
    Column(
        "window",
        "window days",
        11,
        lambda row: str(row.window_days),
        lambda row: row.window_days,
        align="right",
    ),
    Column(
        "took",
        "took s",
        9,
        lambda row: number(_took(row)),
        _took,
        align="right",
        why=lambda row: _NOT_KEPT.get(row.status),
    ),
    Column("id", "id", 32, lambda row: row.snapshot_id, lambda row: row.snapshot_id, priority=2),
)


class Snapshots(Table["SnapshotRow"]):
    """All of the store. Enter shows the deployments as one saw them, `=` compares two."""

    noun, nouns = "snapshot", "snapshots"
    nothing = "the store holds no snapshot: r takes one"
    columns = SNAPSHOTS
    fields = fields_of(SNAPSHOTS)
    first_sort = Sort("taken", descending=True)

    def key(self, row: SnapshotRow) -> str:
        """Its id."""
        return row.snapshot_id

    def read(self, store: Store, estate: Estate | None) -> Sequence[SnapshotRow]:
        """All, whatever became of them."""
        from queries.estate import questions

        return questions.snapshots(store)

    def described(self, row: SnapshotRow, width: int) -> Content:
        """What it read, and what can be done with it."""
        lines = [
            f"{_sign(row)} {row.status}, {ago(row.started_at, self.app.session.now())}",
            f"{counted(row.deployments, 'deployment')},"
            f" {counted(row.read_errors, 'read error')},"
            f" window {counted(row.window_days, 'day')}",
            "",
        ]
        if row.status in READABLE:
            lines += [f"{key:<7}{hanging(text, width, 7)}" for key, text in _HOW_TO]
        else:
            lines.append(f"its rows are not there: {_NOT_KEPT.get(row.status, row.status)}")
        if row.status == "partial":
            lines.append("\nWhat it could not read is never shown as gone.")
        return Content.assemble((f"{harmless(row.snapshot_id)}\n", "bold"), "\n".join(lines))

    def enter(self, row: SnapshotRow) -> None:
        """Show the deployments as it saw them."""
        if row.status not in READABLE:
            text = f"there is nothing to show: {_NOT_KEPT.get(row.status, row.status)}"
            self.app.notify(text, severity="warning", markup=False)
            return
        self.app.jump(HOME)
        self.app.show_snapshot(row.snapshot_id)

    def make_handlers(self) -> dict[str, Handler]:
        """What changed between two of them."""
        return {**super().make_handlers(), "compare": self.compare}

    def compare(self) -> None:
        """Compare the two marked ones, or else the one under the cursor with the one before it."""
        chosen = self.grid.marked or self._with_the_one_before()
        pair = sorted(
            (row for row in chosen if row.status in READABLE), key=lambda row: row.started_at
        )
        if len(pair) != 2:
            text = "mark two finished snapshots with space, or stand on one with another before it"
            self.app.notify(text, severity="warning", markup=False)
            return
        self.app.go(comparison(*pair))

    def _with_the_one_before(self) -> list[SnapshotRow]:
        here = self.grid.current
        if here is None:
            return []
        known = [row for row in self.grid.by_key.values() if row.status in READABLE]
        before = [row for row in known if row.started_at < here.started_at]
        return [here, max(before, key=lambda row: row.started_at)] if before else [here]


_HOW_TO = (
    ("enter", "shows the deployments as it saw them"),
    ("=", "compares it with the one before, or the two that are marked"),
)


def comparison(before: SnapshotRow, after: SnapshotRow) -> Address:
    """The place of what changed between two snapshots."""
    title = f"{_day(before)} → {_day(after)}"
    return Address("diff", RowScope("snapshot_id", (before.snapshot_id, after.snapshot_id), title))


def _day(row: SnapshotRow) -> str:
    return f"{row.started_at.day} {row.started_at:%b %H:%M}"
