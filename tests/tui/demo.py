"""The sample tenant as the interface's tests and pictures see it: one store, one fixed time."""

from __future__ import annotations

import asyncio
import os
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from actions.session import Limits, Session
from actions.snapshot.request import Money, SnapshotRequest
from actions.snapshot.take import take_snapshot
from collectors.connection.cloud import Cloud
from collectors.connection.signin import credential_for
from collectors.inventory.scope import Scope
from emulator import Clock, Emulator, World, sample_tenant
from queries.policy import Policy
from queries.store.file import Store
from tui.places.deployments import Deployments

SEEN_AT = datetime(2026, 11, 23, 17, 54, tzinfo=UTC)
LONGEST_SECONDS = 60
NOW = SEEN_AT + timedelta(minutes=6)


def cloud_of(azure: Emulator) -> Cloud:
    reported = tomllib.loads(azure.profile.read_text())
    reported["ca_bundle"] = azure.profile.parent / reported["ca_bundle"]
    return Cloud(custom=True, **reported)


@contextmanager
def signed_in(azure: Emulator) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in azure.environment}
    os.environ.update(azure.environment)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def session_for(
    azure: Emulator, store: Path, clock: Clock, limits: Limits | None = None
) -> Session:
    cloud = cloud_of(azure)
    return Session(
        store=Store(store),
        cloud=cloud,
        sign_in=lambda: credential_for(cloud),
        policy=Policy(),
        limits=limits or Limits(),
        archive_folder=store.parent / "archives",
        now=clock.now,
    )


def fill(
    store: Path,
    world: World | None = None,
    ages_days: Sequence[int] = (0,),
    months: Sequence[date] = (),
) -> None:
    """Snapshot the sample tenant into a new store, at so many days before it is seen.

    Without `months` with list prices alone: a bill is asked at a pace that holds up a test.
    """
    money = Money(months=tuple(months))
    clock = Clock(SEEN_AT - timedelta(days=max(ages_days)))
    with Emulator(world or sample_tenant(SEEN_AT), clock=clock) as azure, signed_in(azure):
        session = session_for(azure, store, clock)
        snapshot_request = SnapshotRequest(
            session.cloud.name, None, Scope(), session.policy, money=money
        )
        for age_days in ages_days:
            clock.set(SEEN_AT - timedelta(days=age_days))
            with session.reader() as reader:
                take_snapshot(
                    session.store, reader, snapshot_request, clock.now, lambda *_text: None
                )


async def settled(pilot: Pilot[None]) -> None:
    """Until no worker runs, no details are awaited, and the screen stays as it is."""
    before = ""
    async with asyncio.timeout(LONGEST_SECONDS):
        await pilot.pause()
        while is_busy(pilot.app) or before != (before := frame_of(pilot.app)):
            with suppress(WorkerCancelled):  # a newer one of its kind took its place
                await pilot.app.workers.wait_for_complete()
            await pilot.pause()


def is_busy(app: App[Any]) -> bool:
    homes = [screen for screen in app.screen_stack if isinstance(screen, Deployments)]
    return bool(app.workers) or any(home.awaits_details for home in homes)


def frame_of(app: App[Any]) -> str:
    """What is on screen, as lines without trailing space; the one use of a private call."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines) + "\n"
