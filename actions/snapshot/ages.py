"""Asks when deployments were created, where nothing else tells how old they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from actions.snapshot.run import Run
from collectors.connection.errors import AzureFailure
from collectors.inventory.ages import read_ages
from collectors.records import ONLINE_KINDS, Deployment, Inventory, ReadError, key_of
from collectors.sources import DEPLOYMENTS
from queries.intake.metrics import doubtful_ages
from queries.policy import Policy
from queries.store.file import Store


def settle_ages(run: Run, found: Inventory, policy: Policy) -> tuple[Inventory, list[ReadError]]:
    """Creation times for the deployments whose age nothing else tells, an endpoint at a time."""
    ages: dict[str, tuple[datetime, str | None]] = {}
    read_errors: list[ReadError] = []
    for endpoint_id in _to_ask(run.store, found, policy, run.begun.started_at):
        try:
            ages |= read_ages(run.reader, endpoint_id)
        except AzureFailure as failure:
            read_errors.append(
                ReadError(DEPLOYMENTS.name, endpoint_id, failure.code, failure.message)
            )
    aged = tuple(_aged(deployment, ages) for deployment in found.deployments)
    return replace(found, deployments=aged), read_errors


def _to_ask(store: Store, found: Inventory, policy: Policy, started_at: datetime) -> list[str]:
    """The endpoints of deployments without a creation time whose age is in doubt."""
    unknown = {
        d.key: d for d in found.deployments if d.created_at is None and d.kind in ONLINE_KINDS
    }
    if not unknown:
        return []
    first_day = started_at.date() - timedelta(days=policy.window_days)
    doubtful = doubtful_ages(store, list(unknown), started_at, first_day, policy.minimum_age_days)
    endpoints = {key_of(unknown[key].endpoint_id): unknown[key].endpoint_id for key in doubtful}
    return list(endpoints.values())


def _aged(deployment: Deployment, ages: Mapping[str, tuple[datetime, str | None]]) -> Deployment:
    known = ages.get(deployment.key)
    if known is None or deployment.created_at is not None:
        return deployment
    created_at, created_by = known
    return replace(
        deployment,
        created_at=created_at.astimezone(UTC),
        created_by=deployment.created_by or created_by,
    )
