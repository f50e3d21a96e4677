"""The table that `mothball list` prints for people, and the line below it that counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import click

from mothball.output import write_rows
from queries.estate.rows import DeploymentRow
from queries.money.waste import ServingNobody, Waste

FOR_PEOPLE = (
    "verdict",
    "deployment",
    "live",
    "mirror",
    "requests",
    "idle_days",
    "size",
    "per_month",
    "owner",
    "why",
)
SIZE_PREFIX = re.compile("^standard_", re.IGNORECASE)
FIRST_TO_GO = ("why", "owner", "mirror", "size", "live", "requests", "idle_days", "per_month")


class Counted:
    """Lets the deployments of a list go by and counts them: all that there are, and the shown."""

    def __init__(self) -> None:
        """None went by yet."""
        self.total = self.shown = 0
        self.verdicts: set[str] = set()
        self.has_money = False
        self._waste = Waste()

    def all(self, rows: Iterable[DeploymentRow]) -> Iterator[DeploymentRow]:
        """Those that there are."""
        for row in rows:
            self.total += 1
            yield row

    def of(self, rows: Iterable[DeploymentRow]) -> Iterator[DeploymentRow]:
        """Those that are shown."""
        for row in rows:
            self.shown += 1
            self.verdicts.add(row.verdict)
            self.has_money = self.has_money or row.currency is not None
            self._waste.add(row)
            yield row

    @property
    def sentence(self) -> str:
        """What the shown ones come to."""
        noun = "deployments" if self.shown == self.total else "deployments shown"
        return summed_up(self._waste.found, noun)


def print_list(rows: Iterable[DeploymentRow], counted: Counted) -> None:
    """The table of these deployments, and what they come to once all went by."""
    write_rows(map(as_line, rows), FOR_PEOPLE, "table", FIRST_TO_GO)
    click.echo(f"\n{counted.sentence}")


def as_line(row: DeploymentRow) -> dict[str, Any]:
    """A deployment in the columns of the table for people."""
    count = "" if row.instance_count is None else f"{row.instance_count} × "
    size = SIZE_PREFIX.sub("", row.instance_type or "")
    return {
        "verdict": row.verdict,
        "deployment": row.path,
        "live": _percent(row.live_traffic_percent),
        "mirror": _percent(row.mirror_traffic_percent),
        "requests": row.requests_in_window,
        "idle_days": row.idle_days,
        "size": f"{count}{size}" if size else None,
        "per_month": _money(row),
        "owner": row.owner,
        "why": row.reasons.first,
    }


def summed_up(found: ServingNobody, noun: str = "deployments") -> str:
    """`3 of 12 deployments serve nobody: 840 EUR and ~20 USD a month, 1 without a price`."""
    head = f"{found.deployments:,} of {found.total:,} {noun} serve nobody"
    amounts = [
        f"{'' if amount.is_billed else '~'}{amount.value:,.0f} {amount.currency}"
        for amount in found.per_month
    ]
    parts = [f"{' and '.join(amounts)} a month"] if amounts else []
    if found.without_price:
        parts.append(f"{found.without_price:,} without a price")
    if found.unwritable:
        parts.append(f"{found.unwritable:,} in a subscription in which Azure takes no write")
    return f"{head}: {', '.join(parts)}" if parts else head


def _money(row: DeploymentRow) -> str | None:
    """The run rate; a list price is marked, since it is no bill."""
    if row.monthly_run_rate is None:
        return None
    mark = "~" if row.run_rate_source == "list" else ""
    return f"{mark}{row.monthly_run_rate:,.0f} {row.currency}"


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{value:g} %"
