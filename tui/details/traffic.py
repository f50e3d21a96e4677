"""Who held what share of an endpoint over time, as periods with bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.details.assets import asset
from tui.details.parts import MUTED, section
from tui.grid.columns import number, percent
from tui.words.untrusted import UNKNOWN, fitted, harmless
from tui.words.wrapping import Parts, hanging

if TYPE_CHECKING:
    from queries.estate.history import TrafficPeriod
    from queries.estate.rows import DeploymentRow

BAR_WIDTH = 10
NAME_WIDTH = 14
FULL, EMPTY, NOT_REPORTED = "█", "░", "·"


def traffic(row: DeploymentRow, traffic_periods: Sequence[TrafficPeriod], width: int) -> Parts:
    """Newest first; a name, a bar of its share, when it was seen so, and with which model."""
    body: Parts = []
    for period in sorted(traffic_periods, key=lambda one: one.seen_from, reverse=True):
        body += _period(period, width, is_own=period.deployment == row.deployment)
    return section(f"traffic of {harmless(row.endpoint)}", body, width, _counted(traffic_periods))


def _counted(traffic_periods: Sequence[TrafficPeriod]) -> str:
    snapshots = max((period.snapshots for period in traffic_periods), default=0)
    return (
        "seen once" if snapshots == 1 and len({s.seen_from for s in traffic_periods}) == 1 else ""
    )


def _period(period: TrafficPeriod, width: int, *, is_own: bool) -> Parts:
    name = f"{'▸' if is_own else ' '} {fitted(period.deployment, NAME_WIDTH)} "
    drawn, share = bar(period.live_percent), percent(period.live_percent) or UNKNOWN
    head = f"{name}{drawn} {share:>4} %"
    text = " · ".join(filter(None, (_when(period), _what(period))))
    style = "bold" if is_own else ""
    room = width - cell_len(head) - 2
    if cell_len(text) <= room:
        return [(f"{head}  ", style), (f"{text}\n", MUTED)]
    return [(f"{head}\n", style), (f"    {hanging(text, width, 4)}\n", MUTED)]


def bar(share: float | None) -> str:
    """Ten cells; some of any share shows, and one that was not reported is no empty bar."""
    if share is None:
        return NOT_REPORTED * BAR_WIDTH
    filled = max(round(share / 100 * BAR_WIDTH), 1) if share > 0 else 0
    return FULL * min(filled, BAR_WIDTH) + EMPTY * (BAR_WIDTH - filled)


def _when(period: TrafficPeriod) -> str:
    first, last = _day(period.seen_from.date()), _day(period.seen_until.date())
    text = first if first == last else f"{first} to {last}"
    if period.next_seen_at is None:
        return text
    end = period.ended_at
    if end is None:
        until = f"{text}, changed by {_day(period.next_seen_at.date())}"
    else:
        until = f"{text}, changed on {_day(end.date())} {end:%H:%M}"
    return f"{until}, {harmless(period.ended_by)}" if period.ended_by else until


def _what(period: TrafficPeriod) -> str | None:
    parts = [] if period.is_there else ["it does not exist"]
    if period.mirror_percent:
        parts.append(f"{percent(period.mirror_percent)} % mirrored")
    if period.live_percent is None:
        parts.append("the map was not reported")
    if period.requests is not None:
        noun = "request" if period.requests == 1 else "requests"
        parts.append(f"{number(period.requests)} {noun} in {period.request_days} d")
    named = asset(period.model)
    return " · ".join([*parts, *([harmless(named)] if named else [])]) or None


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
