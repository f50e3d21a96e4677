"""What the store says of a quarter, before a review puts it into words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from queries.estate.packed_questions import current_rows
from queries.estate.questions import current_endpoints, current_read_errors
from queries.estate.rows import DeploymentRow, EndpointRow, ReadErrorRow
from queries.money.spans import as_written, judged_within
from queries.reports.owners import Limits
from queries.reports.quarters import Quarter, quarter_before
from queries.reports.savings import Saving
from queries.reports.savings import savings as all_savings
from queries.reports.sections import Section
from queries.store import journal, library
from queries.store.file import Store
from queries.store.listing import listing_is_current

if TYPE_CHECKING:
    import duckdb

Rows = list[dict[str, Any]]
# Two years are compared.
MOST_QUARTERS = 8


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
    `vanished` are rows of review_vanished. `reviewed` is what was frozen of the quarter before,
    `earlier` of this one. `budgets` are for serving in a quarter, by currency. `quarters` are those
    that the bill reaches back to, oldest first; `groups`, `paces`, `endpoint_costs` and
    `right_sizing` rows of the questions review_*; `proposed_since` by the key of the deployment.
    """

    now: Billed
    before: Billed
    reviewed: Reviewed | None
    weeks: Rows
    waste: Rows
    vanished: Rows
    rows: Sequence[DeploymentRow]
    endpoints: tuple[EndpointRow, ...]
    maps: Mapping[str, Mapping[str, Any]]
    limits: Limits
    read_errors: tuple[ReadErrorRow, ...]
    savings: tuple[Saving, ...]
    journal: tuple[journal.Entry, ...]
    today: date
    earlier: Reviewed | None
    budgets: Mapping[str, Decimal]
    quarters: tuple[Billed, ...]
    groups: Rows
    paces: Rows
    endpoint_costs: Rows
    endpoint_costs_before: Rows
    right_sizing: Rows
    proposed_since: Mapping[str, datetime]

    @property
    def quarter(self) -> Quarter:
        """The quarter that is reviewed."""
        return self.now.quarter


def gather(
    store: Store,
    quarter: Quarter,
    before: Quarter,
    reviewed: Reviewed | None,
    today: date,
    *,
    earlier: Reviewed | None = None,
    budgets: Mapping[str, Decimal] | None = None,
) -> ReviewData:
    """All of a quarter and of the one before it; `reviewed` is what was frozen of the latter."""
    span = _span(quarter, today)
    with store.reading() as connection, as_written(connection), _spent(connection):
        now, then = billed(connection, quarter, today), billed(connection, before, today)
        quarters = _quarters(connection, now, then, today)
        groups = library.ask(connection, "review_groups", span)
        paces = library.ask(connection, "review_pace", span)
        endpoint_costs, costs_before = (
            library.ask(connection, "review_endpoint_costs", _span(one.quarter, today))
            if one.bills
            else []
            for one in (now, then)
        )
        right_sizing = library.ask(connection, _right_sizing(connection))
        proposed = library.ask(connection, "review_proposed")
        weeks = library.ask(connection, "review_weeks", span)
        waste = library.ask(connection, "review_waste", span)
        vanished = library.ask(connection, "review_vanished", span)
        limits = {row["deployment_key"]: row for row in library.ask(connection, "request_limits")}
        maps = {row["endpoint_key"]: row for row in library.ask(connection, "current_maps")}
    return ReviewData(
        now,
        then,
        reviewed,
        weeks,
        waste,
        vanished,
        current_rows(store),
        tuple(current_endpoints(store)),
        maps,
        limits,
        tuple(current_read_errors(store)),
        tuple(all_savings(store)),
        tuple(journal.entries(store)),
        today,
        earlier=earlier,
        budgets=budgets or {},
        quarters=quarters,
        groups=groups,
        paces=paces,
        endpoint_costs=endpoint_costs,
        endpoint_costs_before=costs_before,
        right_sizing=right_sizing,
        proposed_since={row["deployment_key"]: row["proposed_since"] for row in proposed},
    )


def _right_sizing(connection: duckdb.DuckDBPyConnection) -> str:
    """The question about sizes: of the listing where it stands, since the view asks the bills."""
    listed = "review_right_sizing_listed"
    return listed if listing_is_current(connection) else "review_right_sizing"


def _span(quarter: Quarter, today: date) -> dict[str, date]:
    return {"first_day": quarter.first_day, "last_day": min(quarter.last_day, today)}


@contextmanager
def _spent(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """A temporary table for what was spent on what, which `billed` fills with its quarter."""
    nothing = {"first_day": date.max, "last_day": date.min}
    with judged_within(connection, nothing):
        connection.execute(
            "create temp table spent as\n" + library.question("review_spent"), nothing
        )
    yield
    connection.execute("drop table temp.spent")


def _quarters(
    connection: duckdb.DuckDBPyConnection, now: Billed, then: Billed, today: date
) -> tuple[Billed, ...]:
    """This quarter and those before it, as far as the bill reaches; the oldest first."""
    found, older = [now], then
    while older.bills and len(found) < MOST_QUARTERS:
        found.append(older)
        before = quarter_before(older.quarter, now.quarter.fiscal_year_start)
        older = billed(connection, before, today)
    return tuple(reversed(found))


def billed(connection: duckdb.DuckDBPyConnection, quarter: Quarter, today: date) -> Billed:
    """The bill of a quarter by currency, and what it lacks."""
    span = _span(quarter, today)
    with judged_within(connection, span):
        connection.execute(
            "insert into temp.spent by name\n" + library.question("review_spent"), span
        )
    bills = library.ask(connection, "review_bills", span)
    lacking = library.ask(connection, "review_months", span | {"today": today})
    return Billed(quarter, bills, lacking)


def within(quarter: Quarter, entries: Iterable[journal.Entry]) -> list[journal.Entry]:
    """The entries of the journal that fall into a quarter."""
    return [entry for entry in entries if quarter.has(entry.at.date())]
