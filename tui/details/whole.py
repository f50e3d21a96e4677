"""All sections in the order in which an operator decides."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from collectors.records import counted
from tui.details.assets import made_of, place
from tui.details.chart import charts
from tui.details.decision import decision
from tui.details.parts import section
from tui.details.proof import proof
from tui.details.sizes import sizes
from tui.details.tags import tags
from tui.details.traffic import traffic
from tui.details.verdict import verdict
from tui.state.estate import LONG_DAYS, SHORT_DAYS
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow
    from tui.state.estate import Details


def before_reading(row: DeploymentRow, instead: Parts, width: int) -> Parts:
    """What the row says by itself; `instead` stands where the evidence will be."""
    return [
        *verdict(row, width),
        *decision(row, None, width),
        *instead,
        *tags(row, None, width),
        *made_of(row, width),
        *place(row, width),
    ]


def whole(row: DeploymentRow, details: Details, now: datetime, width: int) -> Parts:
    """Everything that was read for the row."""
    return [
        *verdict(row, width),
        *decision(row, details, width),
        *_days(details, width),
        *proof(details.facts, now, width),
        *traffic(row, details.traffic_periods, width),
        *tags(row, details, width),
        *sizes(details, width),
        *made_of(row, width),
        *place(row, width),
    ]


def _days(details: Details, width: int) -> Parts:
    other = LONG_DAYS if details.span_days == SHORT_DAYS else SHORT_DAYS
    drawn = charts(details.days, details.bill, width)
    return section(counted(details.span_days, "day"), drawn, width, f"h shows {other}")
