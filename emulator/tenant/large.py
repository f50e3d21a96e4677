"""A large tenant of mixed verdicts, for measurements."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from emulator.tenant.behaviour import Requests, silent, steady, until
from emulator.tenant.clock import Clock
from emulator.tenant.resources import Endpoint, Workspace
from emulator.tenant.world import World

REGIONS = (
    "westeurope",
    "northeurope",
    "eastus",
    "eastus2",
    "westus3",
    "swedencentral",
    "uksouth",
    "japaneast",
)
SIZES = ("Standard_DS2_v2", "Standard_DS3_v2", "STANDARD_F4S_V2", "Standard_NC6s_v3")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def large_tenant(
    deployments: int = 1000,
    workspaces: int = 20,
    endpoints: int = 200,
    regions: int = 8,
    subscriptions: int = 1,
    seed: int = 1,
    now: datetime = NOW,
) -> World:
    """A tenant of this size, spread evenly; the same seed gives the same tenant.

    It is still: who changes it from outside while it is asked has to say `moved`.
    """
    world = World(clock=Clock(now), is_still=True)
    dice = random.Random(seed)
    subs = [world.subscription(f"large-{number}") for number in range(subscriptions)]
    groups = [sub.resource_group("rg-large", tags={"owner": "ml@contoso.example"}) for sub in subs]
    homes = [
        groups[number % len(groups)].workspace(
            f"mlw-{number:03}", region=REGIONS[number % min(regions, len(REGIONS))]
        )
        for number in range(workspaces)
    ]
    places = [
        _endpoint(homes[number % len(homes)], number, dice, now) for number in range(endpoints)
    ]
    for number in range(deployments):
        _deployment(places[number % len(places)], number // len(places), dice, now)
    world.management_group("contoso", subs)
    return world


def _endpoint(workspace: Workspace, number: int, dice: random.Random, now: datetime) -> Endpoint:
    traffic = {"d0": 100} if dice.random() < 0.7 else {}
    tags = {"owner": f"team-{number % 17}@contoso.example"} if dice.random() < 0.6 else {}
    age = timedelta(days=dice.randint(100, 500))
    return workspace.endpoint(f"ep-{number:04}", traffic=traffic, tags=tags, created_at=now - age)


def _deployment(endpoint: Endpoint, number: int, dice: random.Random, now: datetime) -> None:
    age = timedelta(days=dice.randint(2, 90), hours=dice.randint(0, 23))
    roll = dice.random()
    endpoint.deployment(
        f"d{number}",
        instance_type=dice.choice(SIZES),
        instances=dice.randint(1, 4),
        created_at=now - age,
        state="Failed" if roll > 0.97 else "Succeeded",
        tags={"role": "test"} if 0.5 < roll < 0.6 else {},
        requests=_requests(number, roll, dice, now),
        cpu_percent=dice.randint(1, 60),
    )


def _requests(number: int, roll: float, dice: random.Random, now: datetime) -> Requests:
    if number == 0 and roll < 0.8:
        return steady(dice.randint(1, 400) / 10).varying(0.2, dice.randint(0, 9999))
    if roll < 0.1:
        return until(now - timedelta(days=dice.randint(1, 60)), 1.5)
    return silent("nothing" if roll < 0.4 else "zeros")
