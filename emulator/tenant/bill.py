"""The usage rows that a subscription is billed: one per day, deployment and meter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from emulator.tenant.rates import PER_USD, hourly
from emulator.tenant.resources import Deployment, Endpoint, Resource, Workspace
from emulator.tenant.state import Charge
from emulator.tenant.world import World

DISCOUNT = 0.08
NETWORK_USD_PER_DAY = 0.6
SHARED_USD_PER_DAY = 3.2


def charges(world: World, subscription_id: str, first: date, last: date) -> Iterator[Charge]:
    """The charges of a subscription from `first` to `last`, deleted resources' too.

    Usage shows up a day late: nothing of today is there.
    """
    last = min(last, (world.clock.now() - timedelta(days=1)).date())
    for workspace in _workspaces(world, subscription_id):
        yield from _of_workspace(world, workspace, first, last)
    for charge in world.extra_charges:
        if charge.subscription_id == subscription_id and first <= charge.day <= last:
            yield charge


def _workspaces(world: World, subscription_id: str) -> Iterator[Workspace]:
    for found in list(world.by_id.values()):
        for resource in found:
            if isinstance(resource, Workspace) and resource.subscription_id == subscription_id:
                yield resource


def _of_workspace(world: World, workspace: Workspace, first: date, last: date) -> Iterator[Charge]:
    identifier = workspace.id.lower()
    per_usd = PER_USD[world.currency]
    for day, part in _days(workspace, first, last):
        cost = SHARED_USD_PER_DAY * per_usd * part
        yield Charge(day, identifier, cost, meter_category="Storage")
    for endpoint in workspace.children:
        if not isinstance(endpoint, Endpoint) or endpoint.kind != "Managed":
            continue
        name = endpoint.name.lower()
        for day, part in _days(endpoint, first, last):
            cost = NETWORK_USD_PER_DAY * per_usd * part
            yield Charge(day, identifier, cost, name, meter_category="Load Balancer")
        for child in endpoint.children:
            if isinstance(child, Deployment):
                yield from _of_deployment(world, child, endpoint, identifier, first, last)


def _of_deployment(
    world: World,
    deployment: Deployment,
    endpoint: Endpoint,
    identifier: str,
    first: date,
    last: date,
) -> Iterator[Charge]:
    price = hourly(deployment.instance_type, deployment.location, world.currency)
    if price is None:
        return
    per_machine = price * (1 - DISCOUNT) * 24
    reserved = (deployment.instance_type or "").casefold() in world.reserved_sizes
    names = endpoint.name.lower(), deployment.name.lower()
    for day, part in _days(deployment, first, last):
        began = datetime(day.year, day.month, day.day, tzinfo=UTC)
        machines = deployment.instances_at(began)
        cost = round(per_machine * (1 if machines is None else machines) * part, 8)
        billed = 0.0 if reserved else cost
        yield Charge(day, identifier, billed, *names, reserved=cost if reserved else 0.0)
        yield Charge(day, identifier, 1.5e-05 * part, *names, meter_category="Bandwidth")


def _days(resource: Resource, first: date, last: date) -> Iterator[tuple[date, float]]:
    """The days on which a resource was there and what part of each."""
    born = resource.created_at or datetime.min.replace(tzinfo=UTC)
    gone = resource.gone_at or datetime.max.replace(tzinfo=UTC)
    day = first
    while day <= last:
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        seconds = (min(gone, start + timedelta(days=1)) - max(born, start)).total_seconds()
        if seconds > 0:
            yield day, seconds / 86400
        day += timedelta(days=1)
