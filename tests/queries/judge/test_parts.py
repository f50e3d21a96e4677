"""The judge comes to the same in many parts, and by what it counted before, as all at once."""

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
PART, WHOLE = 15, 1_000_000


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
    for snapshot_id in _snapshots(connection):
        whole = _counted_anew(connection, snapshot_id, WHOLE)
        assert len(whole) > 0
        assert _counted_anew(connection, snapshot_id, PART) == whole


# What may come to be known, between two snapshots, of days that were counted before.
LATER = {
    "nothing": "",
    "requests on a day before the window": (
        "update metric_values set average = 5, read_at = $at"
        " where metric = 'RequestsPerMinute' and starts_at = $day - interval 50 day"
    ),
    "the first request of all": (
        "insert into metric_values by name select * replace ('RequestsPerMinute' as metric,"
        " 5 as average, $at as read_at) from metric_values"
        " where metric = 'DeploymentCapacity' and starts_at = $day - interval 70 day"
    ),
    "an answer about days before the window": (
        "insert into metric_answers by name select * replace ($at as read_at,"
        " first_day - 20 as first_day) from metric_answers"
    ),
    "a fact that Azure contradicts": (
        "insert into azure_facts values ('metrics-batch', 'contradicted', 'x', '{}', 1, $at)"
    ),
}


@pytest.mark.parametrize("later", LATER)
def test_days_that_were_counted_before_come_to_the_same_as_all_days(
    connection: duckdb.DuckDBPyConnection, later: str
) -> None:
    snapshots = _snapshots(connection)
    _counted_anew(connection, snapshots[0], PART)
    _judged(connection, snapshots[1], PART)
    _happen(connection, LATER[later], snapshots[2])
    by_what_was_counted = [_judged(connection, one, PART) for one in snapshots[2:]]
    anew = [_counted_anew(connection, one, WHOLE) for one in snapshots[2:]]
    assert by_what_was_counted == anew


def test_days_that_were_counted_before_are_not_counted_again(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    first, second, third, _guard = _snapshots(connection)
    whole = _counted_anew(connection, third, WHOLE)
    _counted_anew(connection, first, PART)
    _judged(connection, second, PART)
    _happen(connection, "delete from metric_values where starts_at < $day - interval 60 day", first)
    found = _judged(connection, third, PART)
    # What moved before the second snapshot was asked for all its days by that one.
    stayed = {key for key in whole if "/rg-of-later/" not in key[1]}
    assert len(stayed) > 20
    assert {key: found[key] for key in stayed} == {key: whole[key] for key in stayed}


def _snapshots(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("select snapshot_id from snapshots order by started_at").fetchall()
    assert len(found) == 4
    return [str(snapshot_id) for (snapshot_id,) in found]


def _at(connection: duckdb.DuckDBPyConnection, snapshot_id: str) -> dict[str, Any]:
    """The first moment and the day of a snapshot."""
    found = connection.execute(
        "select started_at, date_trunc('day', started_at) from snapshots where snapshot_id = $id",
        {"id": snapshot_id},
    ).fetchone()
    assert found is not None
    return {"at": found[0], "day": found[1]}


def _happen(connection: duckdb.DuckDBPyConnection, sql: str, snapshot_id: str) -> None:
    values = _at(connection, snapshot_id)
    if sql:
        connection.execute(sql, {name: at for name, at in values.items() if f"${name}" in sql})


def _counted_anew(connection: duckdb.DuckDBPyConnection, snapshot_id: str, part_size: int) -> Rows:
    connection.execute("delete from judged_before")
    return _judged(connection, snapshot_id, part_size)


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
