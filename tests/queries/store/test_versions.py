"""What snapshots say is kept once per change, and read as each of them said it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from emulator import Workspace
from queries.judge import judge
from queries.store.append import ROWS_AT_ONCE, append
from queries.store.maintenance import check_store
from queries.store.migrate import migrate
from queries.store.versions import drop_unseen, forget_seen, keep_versions
from tests.scene import NOW, Scene
from tests.year import year


@pytest.fixture
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        migrate(connection)
        yield connection


def _say(store: duckdb.DuckDBPyConnection, snapshot_id: str, count: int | None) -> None:
    row = {"snapshot_id": snapshot_id, "deployment_key": "/d", "instance_count": count}
    keep_versions(store, "deployments", [row])


def _said(store: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return store.execute(
        "select snapshot_id, instance_count from deployments order by all"
    ).fetchall()


def _versions(store: duckdb.DuckDBPyConnection, table: str = "deployments") -> int:
    return len(store.execute("from query_table(?)", [f"{table}_versions"]).fetchall())


def test_what_is_said_again_is_kept_once(store: duckdb.DuckDBPyConnection) -> None:
    for snapshot_id, count in (("a", 1), ("b", 1), ("c", 2), ("d", 1), ("e", None)):
        _say(store, snapshot_id, count)
    assert _said(store) == [("a", 1), ("b", 1), ("c", 2), ("d", 1), ("e", None)]
    assert _versions(store) == 3


def test_what_moves_from_day_to_day_is_no_change(store: duckdb.DuckDBPyConnection) -> None:
    for days in (1, 2, None):
        row = {
            "snapshot_id": f"{days}",
            "deployment_key": "/d",
            "idle_days": days,
            "reasons": ["r"],
        }
        keep_versions(store, "judgements", [row])
    kept = store.execute("select idle_days, reasons from judgements").fetchall()
    assert kept == [(1, ["r"]), (2, ["r"]), (None, ["r"])]
    assert _versions(store, "judgements") == 1


def test_a_resource_without_one_of_its_tags_is_another_version(
    store: duckdb.DuckDBPyConnection,
) -> None:
    both = [{"name": "b", "value": "1"}, {"name": "a", "value": None}]
    for snapshot_id, tags in (("first", both), ("second", both[:1])):
        row = {"snapshot_id": snapshot_id, "resource_key": "/d", "tags": tags}
        keep_versions(store, "tags", [row])
    assert store.execute("from tags").fetchall() == [
        ("first", "/d", "b", "1"),
        ("first", "/d", "a", None),
        ("second", "/d", "b", "1"),
    ]


def test_only_what_nobody_said_is_dropped(store: duckdb.DuckDBPyConnection) -> None:
    for snapshot_id, count in (("a", 1), ("b", 2), ("c", 2)):
        _say(store, snapshot_id, count)
    forget_seen(store, "deployments", ["a", "b"])
    drop_unseen(store, "deployments")
    assert _said(store) == [("c", 2)]
    assert _versions(store) == 1
    _say(store, "d", 1)
    assert _said(store) == [("c", 2), ("d", 1)]


def test_a_column_that_there_is_not_is_refused(store: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(KeyError, match="colour"):
        keep_versions(store, "deployments", [{"snapshot_id": "a", "colour": "red"}])


def test_rows_of_many_parts_go_in_one_after_the_other(store: duckdb.DuckDBPyConnection) -> None:
    count = 2 * ROWS_AT_ONCE + 1
    rows = ({"snapshot_id": f"{number}"} for number in range(count))
    assert append(store, "snapshots", rows) == count
    assert store.execute("select count(distinct snapshot_id) from snapshots").fetchall() == [
        (count,)
    ]


def test_judging_again_replaces_what_was_concluded(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("e").deployment("d")
    snapshot_id = scene.snapshot().snapshot_id
    before = scene.sql("from judgements")
    with scene.store.writing() as connection:
        judge(connection, snapshot_id)
    assert scene.sql("from judgements") == before
    assert scene.sql("select count(*) from judgements_versions") == [(1,)]


def test_days_that_are_made_for_measuring_are_in_order(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e", traffic={"a": 100}, tags={"owner": "ann"})
    endpoint.deployment("a")
    endpoint.deployment("b")
    scene.snapshot()
    year(scene.store, 12)
    assert scene.sql("select count(distinct started_at) from snapshots") == [(13,)]
    assert scene.sql("select count(*) from deployments") == [(26,)]
    assert scene.sql("select count(*), max(idle_days) from current_deployments")[0][0] == 2
    assert [one for one in check_store(scene.store, NOW) if not one.is_well] == []
    values = "select count(*), count(distinct (resource, source, metric, status_class, starts_at))"
    ((rows, distinct),) = scene.sql(f"{values} from metric_values")
    assert rows == distinct
