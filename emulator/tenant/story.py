"""How the sample tenant counts its days: back from now."""

from __future__ import annotations

from datetime import datetime, timedelta

from emulator.tenant.behaviour import DAY, Requests, steady
from emulator.tenant.world import World


class Story:
    """A tenant being built; days are counted back from `now`."""

    def __init__(self, world: World, now: datetime, seed: int) -> None:
        """Tell into `world` what led to `now`."""
        self.world = world
        self.now = now
        self.seed = seed

    def ago(self, days: float) -> datetime:
        """A moment of the working day, so many days ago."""
        moment = self.now - timedelta(days=days)
        return moment.replace(minute=(int(days) * 7) % 60, second=0, microsecond=0)

    def day(self, days: int) -> str:
        """The date so many days ago (negative: ahead)."""
        return (self.now - days * DAY).date().isoformat()

    def busy(self, per_minute: float) -> Requests:
        """A steady stream that differs from day to day."""
        return steady(per_minute).varying(0.25, self.seed)
