"""The top line: product, cloud, limits, age of the data, what serves nobody, read errors."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from tui.grid.serving_nobody import as_count, in_full, in_short
from tui.state.estate import OLD, Estate, Past
from tui.state.snapshot_progress import SnapshotProgress
from tui.words.ages import as_of, span
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from datetime import datetime

    from actions.session import Limits
    from tui.state.interface import Interface

TICK_SECONDS = 1.0


class StatusLine(Static):
    """Follows the app's estate and the passing of time; a running snapshot has a second line."""

    app: Interface
    _parts: tuple[tuple[str, str], ...] = ()

    def on_mount(self) -> None:
        """Follow what the line covers."""
        for name in ("estate", "snapshot_progress", "is_reading"):
            self.watch(self.app, name, self.update_status)
        self.set_interval(TICK_SECONDS, self.update_status)

    def update_status(self) -> None:
        """Write the line anew; what matters least goes first where it is narrow."""
        width = self.app.size.width
        ways = self._ways(width)
        parts = next((way for way in ways if _cells(way) <= width), ways[-1])
        if self.app.snapshot_progress is not None:
            parts.append(
                (f"\n{self._progress_text(self.app.snapshot_progress)}", "bold $text-accent")
            )
        self._write(tuple(parts))

    def _ways(self, width: int) -> list[list[tuple[str, str]]]:
        """The line with all that it tells, then ever less of it."""
        session, estate = self.app.session, self.app.estate
        name = [("Mothball ", "bold")] if width >= 80 else []
        middle = [(f" {harmless(session.cloud.name)} ", "$text-muted")]
        middle += [*_limits(session.limits), *_data(self.app)]
        unread = _read_errors(estate)
        whole, short, count = self._nobody(estate)
        return [
            [*name, *middle, *whole, *unread],
            [*name, *middle, *short, *unread],
            [*middle, *short, *unread],
            [*name, *middle, *count, *unread],
            [*middle, *count, *unread],
            [*name, *middle, *unread],
            [*middle, *unread],
        ]

    def _nobody(self, estate: Estate | None) -> list[list[tuple[str, str]]]:
        """What serves nobody at three lengths; nothing before all rows are read, or of the past."""
        if estate is None or not estate.is_whole or estate.past is not None:
            return [[], [], []]
        found = estate.nobody
        style = "bold $text-warning" if found.deployments else "$text-muted"
        texts = (in_full(found), in_short(found), as_count(found))
        return [[(f" {text} ", style)] for text in texts]

    def _write(self, parts: tuple[tuple[str, str], ...]) -> None:
        """Draw what changed; the screen is laid out anew only for another number of lines."""
        if parts == self._parts:
            return
        grows = _lines(parts) != _lines(self._parts)
        self._parts = parts
        self.update(Content.assemble(*parts), layout=grows)

    def _progress_text(self, snapshot_progress: SnapshotProgress) -> str:
        text, way_out = f" ⟳ {snapshot_progress.text_at(monotonic())}", "   esc stops it"
        has_room = (
            cell_len(text + way_out) <= self.app.size.width and not snapshot_progress.is_stopping
        )
        return text + way_out if has_room else text

    def on_resize(self) -> None:
        """The width says what there is room for."""
        self.update_status()


def _cells(parts: list[tuple[str, str]]) -> int:
    return sum(cell_len(text) for text, _style in parts)


def _lines(parts: tuple[tuple[str, str], ...]) -> int:
    return sum(text.count("\n") for text, _style in parts) + bool(parts)


def _limits(limits: Limits) -> list[tuple[str, str]]:
    if limits.read_only:
        return [(" READ-ONLY ", "bold reverse")]
    count = len(limits.protected_subscriptions)
    return [(f" ■ {count} protected ", "bold")] if count else []


def _data(app: Interface) -> list[tuple[str, str]]:
    estate = app.estate
    if estate is None:
        return [(" no data ", "$text-muted")] if not app.is_reading else [(" reading … ", "")]
    now = app.session.now()
    if estate.past is not None:
        return _past(estate, estate.past, now)
    style = "bold $text-warning" if now - estate.as_of > OLD else ""
    parts = [(f" as of {as_of(estate.as_of, now)} ", style)]
    return [*parts, *_stragglers(estate, app)]


def _read_errors(estate: Estate | None) -> list[tuple[str, str]]:
    if estate is None or not estate.read_errors or estate.past is not None:
        return []
    read_errors = len(estate.read_errors)
    return [
        (f" {read_errors} read error{'s' if read_errors > 1 else ''} (H) ", "bold $text-warning")
    ]


def _past(estate: Estate, past: Past, now: datetime) -> list[tuple[str, str]]:
    text = f"{as_of(estate.as_of, now)} ago · {past.place} of {past.total}"
    return [(f" ◀ PAST {text} ", "bold reverse"), (" esc returns ", "")]


def _stragglers(estate: Estate, app: Interface) -> list[tuple[str, str]]:
    if estate.oldest == estate.as_of:
        return []
    return [(f" oldest {span(app.session.now() - estate.oldest)} ", "$text-warning")]
