"""The sample tenant: a company with a fraud model, a vision team, and a startup it bought."""

from __future__ import annotations

from datetime import datetime

from emulator.samples.activity import Activity
from emulator.samples.production import Production
from emulator.samples.science import Science
from emulator.samples.startup import Startup
from emulator.tenant.clock import Clock
from emulator.tenant.world import World


def sample_tenant(now: datetime, seed: int = 1) -> World:
    """The tenant as it stands at `now`, with what led there: any earlier clock works too."""
    world = World(clock=Clock(now))
    production = Production(world, now, seed).production()
    science = Science(world, now, seed).data_science()
    Startup(world, now, seed).startup()
    world.management_group("contoso", [production, science])
    Activity(world, now, seed).activity()
    return world
