"""The one rule above all: less evidence never makes a verdict that leads to a deletion.

A tenant is kept in a store; in copies of it, kept facts are taken away or marked as refused and
the snapshot is judged again by the same SQL.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from emulator import Workspace, at, dead, silent, steady
from queries.judge import judge
from tests.scene import Gallery, Scene, ago, playing

gallery = Gallery()
DOOMED = ("idle", "idle-endpoint")


@gallery.shows
def _tenant(workspace: Workspace) -> None:
    fraud = workspace.endpoint("fraud", traffic={"blue": 100})
    fraud.deployment("blue", requests=steady(1))
    fraud.deployment("green", created_at=ago(100))
    fraud.deployment("grey", created_at=ago(200))
    quiet = workspace.endpoint("quiet", traffic={"a": 100})
    quiet.deployment("a")
    quiet.deployment("b", requests=silent("nothing"))
    once = workspace.endpoint("once")
    once.deployment("asked", requests=at(ago(20), 1))
    once.deployment("today", requests=at(ago(0, 2), 1) + silent("nothing"))
    once.deployment("locked", tags={"role": "production"})
    once.deployment("dead", requests=silent("nothing"), life=dead())
    once.deployment("young", created_at=ago(5))
    once.deployment("failed", state="Failed")
    shadow = workspace.endpoint("shadow", mirror={"m": 5})
    shadow.deployment("m", requests=at(ago(3), 1))


# A copy in which each answer is about one metric of one resource, so that one can be lost alone.
SPREAD = """
    create or replace table metric_answers as
    select * exclude (metric) replace ([metric] as metrics)
    from (
        select *, unnest(metrics) as metric
        from (select * replace ([unnest(resources)] as resources) from metric_answers)
    );
    create macro is_of(number, name) as
        number in (select resource from resources where name = '' or contains(resource_key, name))
"""
LOSSES = {
    "an answer about requests": (
        "delete from metric_answers where metrics = ['RequestsPerMinute'] and source = $source"
        " and is_of(resources[1], $name)"
    ),
    "an answer that becomes a refusal": (
        "update metric_answers set state = 'refused', code = 'Throttled'"
        " where source = $source and is_of(resources[1], $name)"
    ),
    "the answer of some days": (
        "update metric_answers set last_day = last_day - $days::integer"
        " where source = $source and is_of(resources[1], $name)"
    ),
    "the first days of an answer": (
        "update metric_answers set first_day = first_day + (60 + $days)::integer"
        " where source = $source and is_of(resources[1], $name)"
    ),
    "signs of life of some days": (
        "delete from metric_values where metric <> 'RequestsPerMinute' and is_of(resource, $name)"
        " and starts_at::date = date '2026-11-22' - $days::integer"
    ),
    "all signs of life": (
        "delete from metric_values where metric <> 'RequestsPerMinute' and is_of(resource, $name)"
    ),
    "locks": "delete from scope_reads where source = 'locks'",
    "the map of an endpoint": (
        "update endpoints_versions set traffic_known = false"
        " where ($name = '' or contains(endpoint_key, $name))"
    ),
    "the endpoint": (
        "delete from endpoints_versions where ($name = '' or contains(endpoint_key, $name))"
    ),
    "the state": (
        "update deployments_versions set provisioning_state = null"
        " where ($name = '' or contains(deployment_key, $name))"
    ),
}
losses = some.lists(
    some.tuples(
        some.sampled_from(sorted(LOSSES)),
        some.sampled_from(["deployment", "endpoint"]),
        some.sampled_from(["", "fraud", "quiet", "once", "shadow", "/deployments/a", "grey"]),
        some.integers(1, 34),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(gallery.world(), tmp_path_factory.mktemp("store")) as scene:
        scene.snapshot()
        yield scene


@pytest.fixture(scope="module")
def kept(scene: Scene) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the store in memory, judged again and again in transactions that are undone."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{scene.store.path}' as kept (read_only)")
        connection.execute("copy from database kept to memory")
        connection.execute("detach kept")
        connection.execute(SPREAD)
        yield connection


def _verdicts(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    (snapshot_id,) = connection.execute("select snapshot_id from snapshots").fetchall()[0]
    judge(connection, snapshot_id)
    rows = connection.execute("select deployment_key, verdict from judgements").fetchall()
    return {key.split("/onlineendpoints/")[1].replace("/deployments", ""): v for key, v in rows}


def _lose(
    connection: duckdb.DuckDBPyConnection, loss: str, source: str, name: str, days: int
) -> None:
    sql = LOSSES[loss]
    values = {"source": source, "name": name, "days": days}
    connection.execute(sql, {key: value for key, value in values.items() if f"${key}" in sql})


def test_the_copy_is_judged_as_the_store_was(kept: duckdb.DuckDBPyConnection, scene: Scene) -> None:
    kept.begin()
    try:
        assert _verdicts(kept) == scene.verdicts()
    finally:
        kept.rollback()
    assert {v for v in scene.verdicts().values() if v in DOOMED} == set(DOOMED)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(losses)
def test_less_evidence_never_makes_a_verdict_idle(
    kept: duckdb.DuckDBPyConnection, scene: Scene, lost: list[tuple[str, str, str, int]]
) -> None:
    before = scene.verdicts()
    kept.begin()
    try:
        for loss, source, name, days in lost:
            _lose(kept, loss, source, name, days)
        after = _verdicts(kept)
    finally:
        kept.rollback()
    assert after.keys() == before.keys()
    worse = {name: after[name] for name in after if after[name] in DOOMED}
    assert {name: before[name] for name in worse} == worse


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_each_loss_alone_leaves_nothing_more_to_delete(
    kept: duckdb.DuckDBPyConnection, scene: Scene, loss: str
) -> None:
    before = scene.verdicts()
    kept.begin()
    try:
        _lose(kept, loss, "deployment", "", 3)
        after = _verdicts(kept)
    finally:
        kept.rollback()
    doomed = {name for name, verdict in after.items() if verdict in DOOMED}
    assert doomed <= {name for name, verdict in before.items() if verdict in DOOMED}
    assert len(doomed) < 4
