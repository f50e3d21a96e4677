"""Numbers in place of ids: a store of before keeps every value, answer and verdict by them."""

from __future__ import annotations

import lzma
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from emulator import Workspace, at
from queries.judge import judge
from queries.store.file import Store
from queries.store.maintenance import check_store
from tests.scene import NOW, Scene

KEPT = Path(__file__).with_name("version_before.duckdb.xz")
VALUES = """
    select deployment_key, source, metric, status_class, asked_minutes, grain_minutes, starts_at,
        average, maximum, read_at
    from metric_points order by all
"""
ANSWERS = """
    select snapshot_id, resource_key, source, metric, asked_minutes, first_day, last_day, state,
        code, read_at
    from metric_reads order by all
"""
REQUESTS = """
    select deployment_key, source, starts_at::date as day, sum(average * grain_minutes) as requests
    from metric_points
    where metric = 'RequestsPerMinute' and source <> 'endpoint by class' and asked_minutes = 1440
        and starts_at + to_minutes(grain_minutes) <= read_at
    group by all
"""
VERDICTS = """
    select snapshot_id, deployment_key, verdict, requests_in_window, idle_days
    from judgements order by all
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store that version 0.1.0 wrote."""
    path = tmp_path / "store.duckdb"
    path.write_bytes(lzma.decompress(KEPT.read_bytes()))
    return path


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _migrate(path: Path) -> Store:
    store = Store(path)
    with store.writing():
        pass
    return store


@pytest.mark.parametrize("sql", [VALUES, ANSWERS], ids=["values", "answers"])
def test_a_store_of_before_keeps_every_value_and_answer(old: Path, sql: str) -> None:
    before = _rows(old, sql)
    _migrate(old)
    assert len(before) > 500
    assert _rows(old, sql) == before


def test_requests_by_day_are_the_same_in_the_new_layout(old: Path) -> None:
    before = {row[:3]: row[3] for row in _rows(old, REQUESTS)}
    _migrate(old)
    after = {row[:3]: row[3] for row in _rows(old, "from daily_requests")}
    assert {key: after[key] for key in before} == pytest.approx(before)


def test_a_store_of_before_is_judged_as_it_was(old: Path) -> None:
    before = _rows(old, VERDICTS)
    store = _migrate(old)
    with store.writing() as connection:
        for (snapshot_id,) in connection.execute("select snapshot_id from snapshots").fetchall():
            judge(connection, snapshot_id)
    assert _rows(old, VERDICTS) == before


def test_answers_of_before_are_together_by_what_was_asked(old: Path) -> None:
    ((before,),) = _rows(old, "select count(*) from metric_reads")
    _migrate(old)
    ((after,),) = _rows(old, "select count(*) from metric_answers")
    assert after < before / 5


def test_each_resource_has_one_number_in_every_snapshot(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e")
    endpoint.deployment("d")
    scene.snapshot()
    before = dict(scene.sql("select resource_key, resource from resources"))
    endpoint.deployment("later", created_at=NOW)
    scene.clock.advance(timedelta(days=1))
    scene.snapshot()
    after = dict(scene.sql("select resource_key, resource from resources"))
    assert before.items() < after.items()
    assert sorted(after.values()) == list(range(1, len(after) + 1))


def test_an_answer_about_many_resources_is_one_row(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e")
    for number in range(30):
        endpoint.deployment(f"d{number}")
    scene.snapshot()
    asked = "select len(resources), len(metrics) from metric_answers order by all"
    assert scene.sql(asked) == [(1, 1), (30, 7)]


def test_a_value_of_a_number_that_is_nobodys_is_found_by_the_check(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", requests=at(NOW - timedelta(days=2), 6))
    scene.snapshot()
    with scene.store.noting() as connection:
        connection.execute("delete from resources where resource_key like '%/d'")
    found = [one.message for one in check_store(scene.store, NOW) if not one.is_well]
    assert [message.split(":")[0] for message in found] == [
        "metric values of no resource",
        "metric answers of no resource",
    ]
