"""The judge comes to the same in many parts as in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from collectors.inventory.scope import Scope
from emulator import Clock, Endpoint, Workspace, World, at, large_tenant, sample_tenant, steady
from queries.estate.facts import evidence_of
from queries.estate.questions import current_deployments
from queries.judge import judge
from tests.scene import NOW, AzureOf, Scene, playing

Rows = dict[tuple[str, str], dict[str, Any]]
TABLES = ("judgements", "deployment_sizing")
# Deployments of a part: each tenant below has some of these.
PART = 15


@pytest.fixture(scope="module", params=["sample", "large"])
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A tenant over five weeks, in which a name is used again and a workspace moves."""
    world = sample_tenant(NOW) if request.param == "sample" else large_tenant(60, 4, 20, now=NOW)
    folder = tmp_path_factory.mktemp(request.param)
    with playing(world, folder) as scene:
        scene.snapshot()
        changed = _change(world)
        scene.clock.advance(timedelta(days=1))
        scene.snapshot()
        scene.clock.advance(timedelta(days=34))
        scene.snapshot()
        scene.snapshot(kind="guard", scope=Scope(endpoint=changed.id))
        yield scene


def _change(world: World) -> Endpoint:
    """Make one deployment anew under its name, and move its workspace to another group."""
    endpoint = next(
        one for one in world.resources() if isinstance(one, Endpoint) and one.deployments
    )
    first = endpoint.deployments[0]
    endpoint.remove(first)
    assert first.name is not None
    endpoint.deployment(first.name, created_at=world.clock.now(), requests=at(NOW, 3))
    workspace = endpoint.parent
    assert isinstance(workspace, Workspace)
    world.move(workspace, world.subscriptions[0].resource_group("rg-of-later"))
    return endpoint


@pytest.fixture
def connection(scene: Scene) -> Iterator[duckdb.DuckDBPyConnection]:
    """A writing connection whose transaction is undone."""
    with suppress(_Undone), scene.store.noting() as connection:
        yield connection
        raise _Undone


class _Undone(Exception):
    """Ends a transaction of a test."""


def test_many_parts_come_to_the_same_as_one(connection: duckdb.DuckDBPyConnection) -> None:
    snapshots = connection.execute("select snapshot_id from snapshots").fetchall()
    assert len(snapshots) == 4
    for (snapshot_id,) in snapshots:
        whole = _judged(connection, snapshot_id, 1_000_000)
        parts = _judged(connection, snapshot_id, PART)
        assert len(whole) > 0
        assert parts == whole


def test_whoever_is_listed_beside_another_of_its_names_is_asked_for_its_own_days_alone(
    azure_of: AzureOf, tmp_path: Path
) -> None:
    world = World(clock=Clock(NOW))
    subscription = world.subscription("production")
    first, second = (subscription.resource_group(name).workspace("ws") for name in ("rg-a", "rg-b"))
    first.endpoint("e").deployment("d", requests=steady(1))
    silent = second.endpoint("e").deployment("d")
    with closing(Scene(azure_of(world), tmp_path)) as scene:
        scene.snapshot(scope=Scope(workspaces=(first.id,)))
        scene.clock.advance(timedelta(hours=1))
        scene.snapshot()
        row = next(row for row in current_deployments(scene.store) if row.id == silent.id)
        today = scene.clock.now().date()
        seen = evidence_of(scene.store, row.deployment_key, row.snapshot_id, today, today)
        assert (row.requests_in_window, seen.days[0].requests) == (0, 0)


def _judged(connection: duckdb.DuckDBPyConnection, snapshot_id: str, part_size: int) -> Rows:
    judge(connection, snapshot_id, part_size)
    rows: Rows = {}
    for table in TABLES:
        found = connection.execute(
            f"select * from {table} where snapshot_id = $id",  # noqa: S608
            {"id": snapshot_id},
        )
        names = [str(column[0]) for column in found.description or []]
        for row in found.fetchall():
            values = {name: _value(value) for name, value in zip(names, row, strict=True)}
            rows[table, values["deployment_key"]] = values
    return rows


def _value(value: Any) -> Any:
    """A mean may differ in its last digit, by the order in which values are added."""
    return f"{value:.9g}" if isinstance(value, float) else value
