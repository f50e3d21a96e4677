"""What the store says of a quarter, before a review puts it into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from queries.estate.questions import current_deployments, current_endpoints, current_read_errors
from queries.estate.rows import DeploymentRow, EndpointRow, ReadErrorRow
from queries.reports.owners import Limits
from queries.reports.quarters import Quarter
from queries.reports.savings import Saving
from queries.reports.savings import savings as all_savings
from queries.reports.sections import Section
from queries.store import journal, library
from queries.store.file import Store

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Billed:
    """The bill of a quarter as the store has it now, and the months that were not read whole."""

    quarter: Quarter
    bills: Rows
    lacking: Rows


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the last review of a quarter told of it: its `bill` and its `savings`."""

    frozen_at: datetime
    is_preliminary: bool
    bill: Section
    savings: Section


@dataclass(frozen=True, slots=True)
class ReviewData:
    """Everything that the answers rest on. `journal` and `savings` are whole, oldest first.

    `maps` are rows of current_maps and `limits` of request_limits, by the key of what they cover;
    `vanished` are rows of review_vanished.
    """

    now: Billed
    before: Billed
    reviewed: Reviewed | None
    weeks: Rows
    waste: Rows
    vanished: Rows
    rows: tuple[DeploymentRow, ...]
    endpoints: tuple[EndpointRow, ...]
    maps: Mapping[str, Mapping[str, Any]]
    limits: Limits
    read_errors: tuple[ReadErrorRow, ...]
    savings: tuple[Saving, ...]
    journal: tuple[journal.Entry, ...]
    today: date

    @property
    def quarter(self) -> Quarter:
        """The quarter that is reviewed."""
        return self.now.quarter


def gather(
    store: Store, quarter: Quarter, before: Quarter, reviewed: Reviewed | None, today: date
) -> ReviewData:
    """All of a quarter and of the one before it; `reviewed` is what was frozen of the latter."""
    span = {"first_day": quarter.first_day, "last_day": min(quarter.last_day, today)}
    with store.reading() as connection:
        weeks = library.ask(connection, "review_weeks", span)
        waste = library.ask(connection, "review_waste", span)
        vanished = library.ask(connection, "review_vanished", span)
        limits = {row["deployment_key"]: row for row in library.ask(connection, "request_limits")}
        maps = {row["endpoint_key"]: row for row in library.ask(connection, "current_maps")}
    return ReviewData(
        billed(store, quarter, today),
        billed(store, before, today),
        reviewed,
        weeks,
        waste,
        vanished,
        tuple(current_deployments(store)),
        tuple(current_endpoints(store)),
        maps,
        limits,
        tuple(current_read_errors(store)),
        tuple(all_savings(store)),
        tuple(journal.entries(store)),
        today,
    )


def billed(store: Store, quarter: Quarter, today: date) -> Billed:
    """The bill of a quarter by currency, and what it lacks."""
    span = {"first_day": quarter.first_day, "last_day": min(quarter.last_day, today)}
    with store.reading() as connection:
        bills = library.ask(connection, "review_bills", span)
        lacking = library.ask(connection, "review_months", span | {"today": today})
    return Billed(quarter, bills, lacking)


def within(quarter: Quarter, entries: Iterable[journal.Entry]) -> list[journal.Entry]:
    """The entries of the journal that fall into a quarter."""
    return [entry for entry in entries if quarter.has(entry.at.date())]
