"""Who held what share of an endpoint over time, as stretches with bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.details.assets import asset
from tui.details.parts import MUTED, Parts, section
from tui.grid.columns import number, percent
from tui.words.untrusted import UNKNOWN, fitted, harmless
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from queries.estate.history import Stretch
    from queries.estate.rows import DeploymentRow

BAR_WIDTH = 10
NAME_WIDTH = 14
FULL, EMPTY, NOT_TOLD = "█", "░", "·"


def traffic(row: DeploymentRow, stretches: Sequence[Stretch], width: int) -> Parts:
    """Newest first; a name, a bar of its share, when it was seen so, and with which model."""
    body: Parts = []
    for stretch in sorted(stretches, key=lambda one: one.seen_from, reverse=True):
        body += _stretch(stretch, width, is_own=stretch.deployment == row.deployment)
    return section(f"traffic of {harmless(row.endpoint)}", body, width, _counted(stretches))


def _counted(stretches: Sequence[Stretch]) -> str:
    looks = max((stretch.snapshots for stretch in stretches), default=0)
    return "seen once" if looks == 1 and len({s.seen_from for s in stretches}) == 1 else ""


def _stretch(stretch: Stretch, width: int, *, is_own: bool) -> Parts:
    name = f"{'▸' if is_own else ' '} {fitted(stretch.deployment, NAME_WIDTH)} "
    drawn, share = bar(stretch.live_percent), percent(stretch.live_percent) or UNKNOWN
    head = f"{name}{drawn} {share:>4} %"
    told = " · ".join(filter(None, (_when(stretch), _what(stretch))))
    style = "bold" if is_own else ""
    room = width - cell_len(head) - 2
    if cell_len(told) <= room:
        return [(f"{head}  ", style), (f"{told}\n", MUTED)]
    return [(f"{head}\n", style), (f"    {hanging(told, width, 4)}\n", MUTED)]


def bar(share: float | None) -> str:
    """Ten cells; some of any share shows, and one that was not told is no empty bar."""
    if share is None:
        return NOT_TOLD * BAR_WIDTH
    filled = max(round(share / 100 * BAR_WIDTH), 1) if share > 0 else 0
    return FULL * min(filled, BAR_WIDTH) + EMPTY * (BAR_WIDTH - filled)


def _when(stretch: Stretch) -> str:
    first, last = _day(stretch.seen_from.date()), _day(stretch.seen_until.date())
    told = first if first == last else f"{first} to {last}"
    if stretch.next_seen_at is not None:
        return f"{told}, changed by {_day(stretch.next_seen_at.date())}"
    return told


def _what(stretch: Stretch) -> str | None:
    told = [] if stretch.is_there else ["it does not exist"]
    if stretch.mirror_percent:
        told.append(f"{percent(stretch.mirror_percent)} % mirrored")
    if stretch.live_percent is None:
        told.append("the map was not told")
    if stretch.requests is not None:
        told.append(f"{number(stretch.requests)} requests in {stretch.request_days} d")
    named = asset(stretch.model)
    return " · ".join([*told, *([harmless(named)] if named else [])]) or None


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
