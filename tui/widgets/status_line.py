"""The top line: product, cloud, limits, age of the data, news, money, read errors."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from tui.grid.serving_nobody import of_nobody, of_ready, of_saved
from tui.keys.registry import action_of
from tui.state.estate import OLD, Estate, Past
from tui.state.snapshot_progress import SnapshotProgress
from tui.words.ages import as_of, seen_at, span
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from actions.session import Limits
    from tui.state.interface import Interface

TICK_SECONDS = 1.0
PRODUCT_FROM_WIDTH = 80
# What is shortened, or left out, where the line is too long: one after another, from the start.
SHORTENED = (
    *("nobody", "ready", "saved", "product", "saved", "ready", "ready"),
    *("news", "nobody", "nobody", "cloud", "news"),
)

Piece = tuple[str, str]
"""A text and its style."""


class StatusLine(Static):
    """Follows the app's estate and the passing of time; a running snapshot has a second line."""

    app: Interface
    _parts: tuple[Piece, ...] = ()

    def on_mount(self) -> None:
        """Follow what the line covers."""
        for name in ("estate", "snapshot_progress", "is_reading", "news"):
            self.watch(self.app, name, self.update_status)
        self.set_interval(TICK_SECONDS, self.update_status)

    def update_status(self) -> None:
        """Write the line anew; what matters least goes first where it is narrow."""
        width = self.app.size.width
        parts = self._fitting(width)
        if self.app.snapshot_progress is not None:
            parts.append(
                (f"\n{self._progress_text(self.app.snapshot_progress)}", "bold $text-accent")
            )
        self._write(tuple(parts))

    def _fitting(self, width: int) -> list[Piece]:
        """As much of the line as there is room for."""
        versions = self._versions()
        for name in SHORTENED:
            if _cells(_longest(versions)) <= width:
                break
            if len(versions[name]) > 1:
                del versions[name][0]
        return _longest(versions)

    def _versions(self) -> dict[str, list[list[Piece]]]:
        """Each part of the line, in its order, from its longest words to those that stay."""
        app = self.app
        nothing: list[list[Piece]] = [[]]
        product: list[list[Piece]] = [[("Mothball ", "bold")]]
        return {
            "product": (product if app.size.width >= PRODUCT_FROM_WIDTH else []) + nothing,
            "cloud": [[(f" {harmless(app.session.cloud.name)} ", "$text-muted")], []],
            "limits": [_limits(app.session.limits)],
            "data": [_data(app)],
            "news": self._news() + nothing,
            **_money(app.estate, app.session.now().date()),
            "unread": [_read_errors(app.estate)],
        }

    def _news(self) -> list[list[Piece]]:
        if self.app.news is None:
            return []
        key = self.app.keys.shown(action_of("reload"))
        texts = (f"{self.app.news}: {key} shows it", f"newer: {key}")
        return [[(f" {text} ", "bold $text-accent")] for text in texts]

    def _write(self, parts: tuple[Piece, ...]) -> None:
        """Draw what changed; the screen is laid out anew only for another number of lines."""
        if parts == self._parts:
            return
        grows = _lines(parts) != _lines(self._parts)
        self._parts = parts
        self.update(Content.assemble(*parts), layout=grows)

    def _progress_text(self, snapshot_progress: SnapshotProgress) -> str:
        stop = self.app.keys.shown(action_of("stop_snapshot"))
        text, way_out = f" ⟳ {snapshot_progress.text_at(monotonic())}", f"   {stop} stops it"
        has_room = (
            cell_len(text + way_out) <= self.app.size.width and not snapshot_progress.is_stopping
        )
        return text + way_out if has_room else text

    def on_resize(self) -> None:
        """The width says what there is room for."""
        self.update_status()


def _money(estate: Estate | None, today: date) -> dict[str, list[list[Piece]]]:
    """What serves nobody, what of it may go now, what was saved; nothing before all rows are read,
    or of the past.
    """
    if estate is None or not estate.is_whole or estate.past is not None:
        return {"nobody": [[]], "ready": [[]], "saved": [[]]}
    found = estate.nobody
    style = "bold $text-warning" if found.deployments else "$text-muted"
    return {
        "nobody": _pieces(of_nobody(found), style),
        "ready": _pieces(of_ready(found.ready_on(today)), "bold"),
        "saved": _pieces(of_saved(estate.saved), "$text-muted"),
    }


def _pieces(texts: list[str], style: str) -> list[list[Piece]]:
    return [[(f" {text} ", style)] if text else [] for text in [*texts, ""]]


def _longest(versions: Mapping[str, list[list[Piece]]]) -> list[Piece]:
    return [piece for each in versions.values() for piece in each[0]]


def _cells(parts: list[Piece]) -> int:
    return sum(cell_len(text) for text, _style in parts)


def _lines(parts: tuple[Piece, ...]) -> int:
    return sum(text.count("\n") for text, _style in parts) + bool(parts)


def _limits(limits: Limits) -> list[Piece]:
    if limits.read_only:
        return [(" READ-ONLY ", "bold reverse")]
    count = len(limits.protected_subscriptions)
    return [(f" ■ {count} protected ", "bold")] if count else []


def _data(app: Interface) -> list[Piece]:
    estate = app.estate
    if estate is None:
        return [(" no data ", "$text-muted")] if not app.is_reading else [(" reading … ", "")]
    now = app.session.now()
    if estate.past is not None:
        return _past(estate, estate.past, now)
    style = "bold $text-warning" if now - estate.as_of > OLD else ""
    parts = [(f" as of {as_of(estate.as_of, now)} ", style)]
    return [*parts, *_stragglers(estate, app)]


def _read_errors(estate: Estate | None) -> list[Piece]:
    if estate is None or not estate.read_errors or estate.past is not None:
        return []
    read_errors = len(estate.read_errors)
    return [
        (f" {read_errors} read error{'s' if read_errors > 1 else ''} (H) ", "bold $text-warning")
    ]


def _past(estate: Estate, past: Past, now: datetime) -> list[Piece]:
    text = f"{seen_at(estate.as_of, now)} · {past.place} of {past.total}"
    return [(f" ◀ PAST {text} ", "bold reverse"), (" esc returns ", "")]


def _stragglers(estate: Estate, app: Interface) -> list[Piece]:
    if estate.oldest == estate.as_of:
        return []
    return [(f" oldest {span(app.session.now() - estate.oldest)} ", "$text-warning")]
