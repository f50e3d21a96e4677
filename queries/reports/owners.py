"""The owners' reports: who is asked what about which deployment.

Each row of `mothball list` is in exactly one file: its owner's, or that of those without one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from queries.estate.questions import current_deployments
from queries.estate.rows import DeploymentRow
from queries.reports.names import file_names
from queries.store import library
from queries.store.file import Store

DECISIONS = ("keep", "retire", "extend")
COLUMNS = (
    "deployment",
    "endpoint",
    "workspace",
    "subscription",
    "region",
    "verdict",
    "reasons",
    "findings",
    "owner",
    "purpose",
    "role",
    "live_traffic_percent",
    "mirror_traffic_percent",
    "model",
    "environment",
    "instance_type",
    "instance_count",
    "request_limits",
    "requests_in_window",
    "last_request_at",
    "idle_days",
    "cost_in_window",
    "monthly_run_rate",
    "run_rate_source",
    "saving_if_retired",
    "currency",
    "expires_on",
    "rollback_for",
    "portal",
    "id",
    "created_at",
    "as_of",
    "decision",
    "until",
    "reason",
)
INDEX_COLUMNS = (
    "file",
    "owner",
    "currency",
    "deployments",
    "proposed",
    "cost_in_window",
    "monthly_run_rate",
    "saving_proposed",
    "without_price",
)
Limits = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class OwnerFile:
    """What one owner is asked (None: no owner is known), sorted by money, unknown first."""

    owner: str | None
    name: str
    rows: tuple[DeploymentRow, ...]


def read_owners(store: Store) -> tuple[list[OwnerFile], Limits]:
    """A file for each owner of the current deployments, and the request limits by deployment."""
    rows = current_deployments(store)
    with store.reading() as connection:
        limits = {row["deployment_key"]: row for row in library.ask(connection, "request_limits")}
    return owner_files(rows), limits


def owner_files(rows: Sequence[DeploymentRow]) -> list[OwnerFile]:
    """The rows by owner, the most money first; values that differ only in case are two owners."""
    names = file_names(row.owner for row in rows)
    grouped: dict[str | None, list[DeploymentRow]] = {owner: [] for owner in names}
    for row in rows:
        grouped[row.owner].append(row)
    files = [
        OwnerFile(owner, names[owner], tuple(sorted(held, key=_by_money)))
        for owner, held in grouped.items()
    ]
    return sorted(files, key=lambda file: (file.owner is None, file.name))


def line_of(row: DeploymentRow, limits: Limits, portal: str | None) -> dict[str, Any]:
    """A deployment by the columns of an owner's file; the last three are theirs to fill in."""
    values: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS if hasattr(row, name)}
    values |= {name: getattr(row, name).sentences for name in ("reasons", "findings")}
    values |= {name: _short(value) for name, value in values.items() if isinstance(value, Decimal)}
    return values | {
        "subscription": row.subscription_id,
        "request_limits": limits_text(limits.get(row.deployment_key)),
        "saving_if_retired": values["monthly_run_rate"] if row.kind == "managed" else None,
        "portal": None if portal is None else f"{portal}/#resource{row.id}",
        "decision": None,
        "until": None,
        "reason": None,
    }


def index_of(files: Sequence[OwnerFile], suffix: str) -> list[dict[str, Any]]:
    """A line for each file and currency, with its sums; currencies are never added up."""
    return [
        _index_line(file, suffix, currency)
        for file in files
        for currency in sorted({row.currency for row in file.rows}, key=lambda c: (c is None, c))
    ]


def _index_line(file: OwnerFile, suffix: str, currency: str | None) -> dict[str, Any]:
    rows = [row for row in file.rows if row.currency == currency]
    proposed = [row for row in rows if row.may_be_retired]
    return {
        "file": f"{file.name}.{suffix}",
        "owner": file.owner,
        "currency": currency,
        "deployments": len(rows),
        "proposed": len(proposed),
        "cost_in_window": _sum([row.cost_in_window for row in rows]),
        "monthly_run_rate": _sum([row.monthly_run_rate for row in rows]),
        "saving_proposed": _sum([row.monthly_run_rate for row in proposed]),
        "without_price": sum(
            row.kind == "managed" and row.monthly_run_rate is None for row in rows
        ),
    }


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return _short(sum(known, Decimal(0))) if known else None


def _short(amount: Decimal) -> Decimal:
    """An amount to the millionth: sums stay right to the cent, and cells stay readable."""
    return amount.quantize(Decimal("0.000001"))


def _by_money(row: DeploymentRow) -> tuple[bool, bool, Decimal, str]:
    amount = row.ranking_amount
    is_billed = row.kind == "managed"
    return (not is_billed, amount is not None, -(amount or Decimal(0)), row.path.lower())


def limits_text(limits: Mapping[str, Any] | None) -> str | None:
    """Request limits in words; None where none is known."""
    if limits is None:
        return None
    pairs = [
        (limits["max_concurrent_requests_per_instance"], "{} at once an instance"),
        (limits["request_timeout"], "timeout {}"),
        (limits["max_queue_wait"], "queue wait {}"),
    ]
    return ", ".join(text.format(value) for value, text in pairs if value is not None) or None
