"""A day in fast motion: whatever happens on one store, nothing is lost and nothing is kept."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from textual.pilot import Pilot

from actions.session import Session
from actions.snapshot.request import SnapshotRequest
from actions.snapshot.take import take_snapshot
from actions.tags.tag import tag
from collectors.inventory.scope import Scope
from emulator import Clock, Emulator, World, steady
from queries.estate.questions import current_deployments
from queries.exports.imports import import_exports
from queries.policy import Policy
from queries.store.file import Store
from queries.store.journal import entries, first_broken
from queries.store.maintenance import check_store, prune
from tests.mothball.test_costs_import import export
from tests.scene import NOW
from tests.tui.demo import frame_of, session_for, settled, signed_in
from tui.app import MothballApp

pytestmark = pytest.mark.journey
HOURS = 24
SNAPSHOT_EACH, WRITES_EACH, IMPORT_AT, PRUNE_AT = 3, 2, 9, 20
WRITES = HOURS // WRITES_EACH
OURS = ("mothball", "tui", "actions", "queries", "collectors")
# An estate that is kept has more columns.
MOST_GROWTH = 40
SIZE = (120, 40)
HOUR = timedelta(hours=1)
OPERATORS = ("ann", "bob")


def tenant() -> World:
    """Two endpoints with ten deployments each."""
    world = World(clock=Clock(NOW))
    workspace = world.subscription("production").resource_group("rg").workspace("ws")
    for name in OPERATORS:
        endpoint = workspace.endpoint(name, traffic={"live": 100})
        endpoint.deployment("live", requests=steady(3.0))
        for number in range(9):
            endpoint.deployment(f"d{number}")
    return world


class Day:
    """A tenant, its store, an interface on it, and whoever else works with it."""

    def __init__(self, azure: Emulator, folder: Path) -> None:
        """Take the first snapshot."""
        self.azure = azure
        self.clock = azure.world.clock
        self.folder = folder
        self.store = folder / "store.duckdb"
        self.written = 0
        self.take_snapshot()

    def session(self) -> Session:
        """Somebody with a store and a sign-in of their own."""
        return session_for(self.azure, self.store, self.clock)

    def take_snapshot(self) -> None:
        """As by night."""
        session = self.session()
        asked = SnapshotRequest(session.cloud.name, None, Scope(), Policy(window_days=7))
        with session.reader() as reader:
            report = take_snapshot(session.store, reader, asked, self.clock.now, _heed_nothing)
        assert report.status == "complete"

    async def both_write(self, number: int) -> None:
        """Both operators write at the same time."""
        await asyncio.gather(*(asyncio.to_thread(self.write, who, number) for who in OPERATORS))

    def write(self, operator: str, number: int) -> None:
        """Tag one of an operator's deployments."""
        session = self.session()
        name = operator, f"d{number % 9}"
        found = current_deployments(session.store)
        row = next(one for one in found if (one.endpoint, one.deployment) == name)
        tag(session, row, {"purpose": f"{operator}, {number}"}, ())

    def assert_nothing_lost(self) -> None:
        """Every write is in the journal and in Azure, and the store is whole."""
        store = Store(self.store)
        written = [one for one in entries(store) if one.action == "tag"]
        for name in OPERATORS:
            for number in range(9):
                found = self.azure.world.find(f"ws/{name}/d{number}").tags["purpose"]
                newest = max(each for each in range(WRITES) if each % 9 == number)
                assert found == f"{name}, {newest}"
        assert [one.outcome for one in written].count("done") == len(OPERATORS) * WRITES
        assert first_broken(store) is None
        assert all(check.is_well for check in check_store(store, self.clock.now()))
        assert len(current_deployments(store)) == 20
        with store.reading() as connection:
            bill = connection.execute("select sum(cost) from costs").fetchone()
        assert bill == (Decimal("1.25"),)

    def import_bill(self) -> None:
        """The bill of a day of last month."""
        subscription = self.azure.world.subscriptions[0].subscription_id
        row = {
            "SubscriptionId": subscription,
            "Date": f"{NOW - timedelta(days=30):%m/%d/%Y}",
            "Quantity": "24",
            "CostInBillingCurrency": "1.25",
            "ResourceId": self.azure.world.find("ws").id,
            "Tags": '"azuremlendpoint": "ann","azuremldeployment": "live"',
            "BillingCurrency": "USD",
        }
        import_exports(Store(self.store), [export(self.folder, [row])], self.clock.now())


def _heed_nothing(_what: str, _done: int, _total: int | None) -> None:
    """Nobody looks."""


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    with ExitStack() as running:
        azure = running.enter_context(Emulator(tenant()))
        running.enter_context(signed_in(azure))
        yield Day(azure, tmp_path)


async def test_a_day_loses_nothing_and_the_open_interface_keeps_nothing(day: Day) -> None:
    objects: list[int] = []
    app = MothballApp(day.session())
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for hour in range(HOURS):
            day.clock.advance(HOUR)
            if hour % WRITES_EACH == 0:
                await day.both_write(hour // WRITES_EACH)
            if hour == IMPORT_AT:
                await asyncio.to_thread(day.import_bill)
            if hour == PRUNE_AT:
                assert prune(Store(day.store), day.clock.now()).snapshot_ids
            if hour % SNAPSHOT_EACH == 0:
                await asyncio.to_thread(day.take_snapshot)
                await follow(app, pilot)
                await pilot.press("down")
                await settled(pilot)
                objects.append(objects_of_ours())
        assert "as of 16:00 UTC" in frame_of(app)
    half = len(objects) // 2
    assert max(objects[half:]) - max(objects[1:half]) < MOST_GROWTH, objects
    day.assert_nothing_lost()


def objects_of_ours() -> int:
    """How many objects of the product are in memory; Textual's own caches have a limit each."""
    gc.collect()
    return sum(type(one).__module__.partition(".")[0] in OURS for one in gc.get_objects())


async def follow(app: MothballApp, pilot: Pilot[None]) -> None:
    """Look until the newest is shown: a file is left alone while it still changes."""
    before = app.estate
    for _time in range(2):
        app.look_for_news()
        await settled(pilot)
    assert app.estate is not before
