"""A store is checked, copied and trimmed; what proofs rest on stays."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.inventory.scope import Scope
from emulator import Workspace, World, at, steady
from queries.estate.questions import current_deployments, deployments_of, snapshots, traffic_of
from queries.policy import Policy
from queries.store.file import NoStore, Store, StoreFailure
from queries.store.journal import Happening, entries, write
from queries.store.maintenance import (
    OF_A_SNAPSHOT,
    VERSIONED_OF_A_SNAPSHOT,
    check_store,
    prunable,
    prune,
)
from queries.store.versions import VERSIONED
from tests.scene import NOW, Scene, SceneOf, ago

pytestmark = pytest.mark.journey

DAY = timedelta(days=1)


def _failed(scene: Scene) -> list[str]:
    return [one.check for one in check_store(scene.store, scene.clock.now()) if not one.is_well]


def _spoil(scene: Scene, statement: str) -> None:
    with scene.store.writing() as connection:
        connection.execute(statement)


@pytest.fixture
def seen(scene: Scene, workspace: Workspace) -> Scene:
    """Two deployments, four snapshots at 0, 30, 60 and 90 days, and an entry in the journal."""
    endpoint = workspace.endpoint(
        "moved", traffic=[(ago(300), {"old": 100}), (ago(-1), {"new": 100})]
    )
    endpoint.deployment("old", requests=at(ago(1), 4))
    endpoint.deployment("new", requests=steady(1))
    scene.snapshot()
    write(scene.store, [Happening(NOW, "jo", "tag", "/x", "done")])
    for _month in range(3):
        scene.clock.advance(30 * DAY)
        scene.snapshot()
    return scene


def test_a_store_in_order_passes_every_check(seen: Scene) -> None:
    found = check_store(seen.store, seen.clock.now())
    assert {one.check for one in found} == {"migrations", "tables", "snapshots", "rows", "journal"}
    assert all(one.is_well for one in found), found


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("delete from judgements_versions where deployment_key like '%/old'", "rows"),
        ("delete from deployments_versions where deployment_key like '%/old'", "rows"),
        (
            "delete from snapshots where started_at = (select min(started_at) from snapshots)",
            "rows",
        ),
        ("insert into judgements_seen from judgements_seen", "rows"),
        ("insert into deployments_seen from deployments_seen", "rows"),
        ("insert into snapshots from snapshots", "rows"),
        ("delete from endpoints_versions", "rows"),
        ("update snapshots set status = 'running'", "snapshots"),
        ("update journal set actor = 'nobody'", "journal"),
    ],
)
def test_what_is_not_in_order_is_named(seen: Scene, statement: str, check: str) -> None:
    _spoil(seen, statement)
    assert check in _failed(seen)


def test_a_snapshot_that_is_running_now_is_in_order(seen: Scene) -> None:
    _spoil(seen, "update snapshots set status = 'running' where started_at >= '2027-02-01'")
    assert _failed(seen) == []


def test_a_copy_holds_the_same_and_is_a_store(seen: Scene, tmp_path: Path) -> None:
    copied = Store(tmp_path / "deep" / 'it\'s a "copy".duckdb')
    seen.store.copy_to(copied)
    assert current_deployments(copied) == current_deployments(seen.store)
    assert entries(copied) == entries(seen.store)
    assert all(one.is_well for one in check_store(copied, seen.clock.now()))
    assert sorted(path.name for path in copied.path.parent.iterdir()) == [copied.path.name]


def test_a_copy_overwrites_nothing(seen: Scene, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    with pytest.raises(StoreFailure, match="exists"):
        seen.store.copy_to(Store(there))
    assert there.read_text() == "mine"


def test_a_copy_that_cannot_be_written_leaves_nothing(seen: Scene, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreFailure, match="cannot hold"):
        seen.store.copy_to(Store(tmp_path / "file" / "copy.duckdb"))


def test_a_store_that_is_not_there_is_not_copied(tmp_path: Path) -> None:
    with pytest.raises(NoStore):
        Store(tmp_path / "none.duckdb").copy_to(Store(tmp_path / "copy.duckdb"))
    assert list(tmp_path.iterdir()) == []


def _rows(scene: Scene) -> Counter[str]:
    names = scene.sql(
        "select table_name from information_schema.tables"
        " where table_type = 'BASE TABLE' and not regexp_matches(table_name, '_(seen|versions)$')"
    )
    # What was judged before is worked out again by the next snapshot.
    tables = [*VERSIONED, *(name for (name,) in names if name != "judged_before")]
    return Counter(
        {name: scene.sql("select count(*) from query_table(?)", [name])[0][0] for name in tables}
    )


def test_looking_at_what_is_old_drops_nothing(seen: Scene) -> None:
    before = _rows(seen)
    pruning = prunable(seen.store, seen.clock.now() - 45 * DAY)
    assert len(pruning.snapshot_ids) == 2
    assert {table.name: table.rows for table in pruning.tables}["deployments"] == 4
    assert _rows(seen) == before


def test_what_old_snapshots_found_is_dropped_and_the_rest_stays(seen: Scene) -> None:
    before, rows, shares = _rows(seen), seen.rows(), traffic_of(seen.store, _home(seen))
    pruning = prune(seen.store, seen.clock.now() - 45 * DAY)
    gone = before - _rows(seen)
    assert gone == Counter({table.name: table.rows for table in pruning.tables})
    assert {"deployments", "judgements", "scope_reads"} <= set(gone)
    assert not set(gone) & {"metric_values", "metric_answers", "journal", "traffic_shares"}
    assert seen.rows() == rows
    assert traffic_of(seen.store, _home(seen)) == shares
    assert [one.status for one in snapshots(seen.store)] == ["complete"] * 2 + ["pruned"] * 2
    assert _failed(seen) == []
    assert prunable(seen.store, seen.clock.now() - 45 * DAY).snapshot_ids == ()


def test_of_every_table_of_snapshots_it_is_decided_whether_it_goes(seen: Scene) -> None:
    found = seen.sql(
        "select table_name from information_schema.columns natural join information_schema.tables"
        " where column_name = 'snapshot_id' and table_type = 'BASE TABLE'"
    )
    kept = {"snapshots", "traffic_shares_seen", "metric_answers", "raw_resources", "cost_reads"}
    seen_here = {f"{table}_seen" for table in VERSIONED_OF_A_SNAPSHOT}
    assert {name for (name,) in found} - kept - {"listing"} == {*OF_A_SNAPSHOT, *seen_here}


def test_what_no_snapshot_says_any_more_is_dropped(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e")
    deployment = endpoint.deployment("d", tags={"owner": "ann"})
    scene.snapshot()
    deployment.tags["owner"] = "bob"
    scene.clock.advance(DAY)
    scene.snapshot()
    asked = "select count(*) from tags_versions where contains(tags::varchar, ?)"
    assert scene.sql(asked, ["ann"]) == [(1,)]
    prune(scene.store, scene.clock.now())
    assert scene.sql(asked, ["ann"]) == [(0,)]
    assert scene.sql(asked, ["bob"]) == [(1,)]
    assert scene.rows()["e/d"].owner == "bob"


def _home(scene: Scene) -> str:
    return scene.rows()["moved/old"].endpoint_key


def test_what_was_proven_before_is_proven_after(seen: Scene) -> None:
    before = seen.rows()["moved/old"]
    prune(seen.store, seen.clock.now() - 10 * DAY)
    seen.clock.advance(timedelta(hours=1))
    after = seen.judged(policy=Policy(window_days=80))["moved/old"]
    assert before.verdict == after.verdict == "rollback"
    assert "last to hold live traffic" in after.reasons.sentences[0]
    assert (before.idle_days, before.last_request_at) == (after.idle_days, after.last_request_at)


def test_the_newest_snapshot_of_a_scope_stays_however_old(scene_of: SceneOf, world: World) -> None:
    homes = {}
    for name in ("one", "two"):
        homes[name] = world.subscription(name).resource_group("rg").workspace(f"ws-{name}")
        homes[name].endpoint(f"ep-{name}").deployment("d")
    scene = scene_of(world)
    first = scene.snapshot()
    for _year in range(2):
        scene.clock.advance(365 * DAY)
        scene.snapshot(scope=Scope(subscriptions=(homes["one"].subscription_id,)))
    assert len(prune(scene.store, scene.clock.now()).snapshot_ids) == 1
    assert set(scene.rows()) == {"ep-one/d", "ep-two/d"}
    assert len(deployments_of(scene.store, first.snapshot_id)) == 2


def test_a_pruned_snapshot_never_tells_that_a_deployment_was_absent(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", created_at=None)
    scene.snapshot()
    for _month in range(2):
        scene.clock.advance(30 * DAY)
        scene.snapshot()
    prune(scene.store, scene.clock.now())
    scene.clock.advance(DAY)
    row = scene.judged()["e/d"]
    assert (row.verdict, row.reasons.codes[0]) == ("unknown", "age-unknown")
    assert "0 requests in 35 days and" in " ".join(row.reasons.sentences)


def test_hours_of_old_guards_and_old_definitions_go(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e")
    deployment = endpoint.deployment("d")
    scene.snapshot(kind="guard", scope=Scope(endpoint=endpoint.id))
    for script in ("one.py", "two.py", "three.py"):
        deployment.properties["codeConfiguration"]["scoringScript"] = script
        scene.clock.advance(30 * DAY)
        scene.snapshot()
    pruning = prune(scene.store, scene.clock.now() - DAY)
    assert {table.name: table.rows for table in pruning.tables}["raw_resources"] >= 1
    assert scene.sql("select count(*) from metric_points where asked_minutes = 60") == [(0,)]
    bodies = scene.sql(
        "select body from raw_resources where resource_key = ? order by seen_at",
        [deployment.id.lower()],
    )
    assert ["two.py" in body for (body,) in bodies] == [True, False]
