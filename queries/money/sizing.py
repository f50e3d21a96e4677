"""On what less a deployment could run, what scales it, and the quota that its end gives back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

import duckdb

from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store
from queries.store.listing import listing_is_current
from queries.text.conclusions import Conclusions


@dataclass(frozen=True, slots=True)
class SizingRow:
    """What a managed deployment needed in the window, and the two ways to spend less on it.

    Percents are 0 to 100, `failure_share` 0 to 1; `_mean` is the mean of daily averages, `_highest`
    the highest daily maximum. Savings are a month in `currency`. None is unknown; `why_not` tells
    what is in the way of either way.
    """

    deployment_key: str
    instance_type: str | None
    instance_count: int | None
    days_measured: int
    days_to_measure: int
    cpu_mean: float | None
    cpu_highest: float | None
    memory_mean: float | None
    memory_highest: float | None
    gpu_mean: float | None
    gpu_highest: float | None
    gpu_memory_mean: float | None
    gpu_memory_highest: float | None
    latency_p95_ms: float | None
    latency_p95_highest_ms: float | None
    failure_share: float | None
    could_run_on_instances: int | None
    could_run_on_size: str | None
    saving_by_instances_per_month: Decimal | None
    saving_by_size_per_month: Decimal | None
    saving_per_month: Decimal | None
    run_rate_source: str | None
    currency: str | None
    why_not: Conclusions


@dataclass(frozen=True, slots=True)
class AutoscaleRow:
    """An autoscale setting whose target is a deployment; counts are instances."""

    deployment_key: str
    id: str
    name: str
    enabled: bool | None
    minimum: int | None
    maximum: int | None
    default_count: int | None
    profiles: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """The cores of one size family's quota in a region that a deployment holds.

    `cores` counts the reserve for upgrades, unless the size `skips_reserve`; None: not known,
    and `why_unknown` says why.
    """

    deployment_key: str
    subscription_id: str
    region: str | None
    family: str | None
    instance_type: str | None
    instance_count: int | None
    cores_per_instance: int | None
    skips_reserve: bool | None
    cores: int | None
    why_unknown: str | None


def right_sizing(store: Store, deployment_key: str) -> SizingRow | None:
    """What is known of a current deployment's size; None: it holds no instances of its own."""
    with store.reading() as connection:
        rows = _sizing(connection, {"deployment_key": deployment_key})
    if not rows:
        return None
    values = {f.name: rows[0][f.name] for f in fields(SizingRow)}
    return SizingRow(**(values | {"why_not": Conclusions(tuple(values["why_not"] or ()))}))


def _sizing(
    connection: duckdb.DuckDBPyConnection, asked: Mapping[str, str]
) -> list[dict[str, Any]]:
    if not listing_is_current(connection):
        return library.ask(connection, "right_sizing", asked)
    return [
        row
        for seen_in in library.ask(connection, "snapshot_of_listing", asked)
        for row in library.ask(connection, "right_sizing_listed", {**asked, **seen_in})
    ]


def autoscale_of(store: Store, deployment_key: str) -> list[AutoscaleRow]:
    """The settings seen that scale a current deployment; one that may not be read is not seen."""
    with store.reading() as connection:
        name = "autoscale_listed" if listing_is_current(connection) else "autoscale_of"
        rows = library.ask(connection, name, {"deployment_key": deployment_key})
    return [AutoscaleRow(**(row | {"as_of": aware_utc(row["as_of"])})) for row in rows]


def quota_returned(store: Store, deployment_keys: Iterable[str]) -> list[QuotaRow]:
    """What retiring each of these current deployments gives back; none for what holds no quota."""
    values = {"deployment_keys": list(deployment_keys)}
    with store.reading() as connection:
        name = "quota_returned_listed" if listing_is_current(connection) else "quota_returned"
        rows = library.ask(connection, name, values)
    return [QuotaRow(**row) for row in rows]
