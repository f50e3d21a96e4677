"""The listing: after every kind of write it says what the views say."""

from __future__ import annotations

import shutil
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from actions.tags.tag import tag
from collectors.connection.errors import Stopped
from collectors.connection.patience import Stop
from collectors.inventory.scope import Scope
from emulator import Workspace, steady
from queries.estate.questions import current_deployments, first_deployments
from queries.estate.rows import DeploymentRow, deployment_row
from queries.exports.imports import import_exports
from queries.intake.facts import keep_facts
from queries.store import library, listing, migrate
from queries.store.file import Store
from queries.store.maintenance import prune
from tests.queries.exports.test_exports import ea, tags, text
from tests.queries.money.test_money import billed
from tests.scene import NOW, Scene, ago

DAY = timedelta(days=1)


def by_the_views(store: Store) -> list[DeploymentRow]:
    with store.reading() as connection:
        return [deployment_row(row) for row in library.ask(connection, "current_deployments")]


def is_kept(store: Store) -> bool:
    with store.reading() as connection:
        return listing.listing_is_current(connection)


def assert_as_in_the_views(store: Store) -> list[DeploymentRow]:
    rows = current_deployments(store)
    assert [astuple(row) for row in rows] == [astuple(row) for row in by_the_views(store)]
    return rows


@pytest.fixture
def estate(workspace: Workspace) -> Workspace:
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100}, created_at=ago(300))
    endpoint.deployment("blue", requests=steady(2.0), created_at=ago(200), tags={"owner": "ada"})
    endpoint.deployment("old", created_at=ago(200))
    workspace.endpoint("empty", created_at=ago(300))
    workspace.serverless_endpoint("llama")
    return workspace


def test_a_listing_that_is_made_in_parts_is_in_order(
    scene: Scene, estate: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "ROWS_AT_ONCE", 2)
    scene.snapshot()
    assert len(assert_as_in_the_views(scene.store)) == 3
    with scene.store.reading() as connection:
        places = connection.execute("select place from listing").fetchall()
    assert places == [(1,), (2,), (3,)]


def test_a_snapshot_is_whole_before_the_listing_is_made(scene: Scene, estate: Workspace) -> None:
    scene.snapshot()
    scene.clock.advance(timedelta(days=1))
    with scene.store.noting() as connection:
        (view,) = connection.execute(
            "select sql from duckdb_views() where view_name = 'listed_now'"
        ).fetchone() or ("",)
        connection.execute("alter view listed_now rename to listed_before")
        connection.execute(
            "create view listed_now as select * from listed_before where error('no room')"
        )
    with pytest.raises(duckdb.Error, match="no room"):
        scene.snapshot()
    with scene.store.noting() as connection:
        connection.execute("drop view listed_now")
        connection.execute(view)
    assert not is_kept(scene.store)
    assert {row.as_of.date() for row in current_deployments(scene.store)} == {NOW.date() + DAY}


def test_a_snapshot_keeps_the_listing(scene: Scene, estate: Workspace) -> None:
    scene.snapshot()
    assert is_kept(scene.store)
    assert len(assert_as_in_the_views(scene.store)) == 3
    scene.world.find("ws/fraud").deployment("new", created_at=ago(1))
    scene.clock.advance(timedelta(hours=1))
    scene.snapshot()
    assert is_kept(scene.store)
    assert len(assert_as_in_the_views(scene.store)) == 4


def test_a_bill_is_in_the_listing(scene: Scene, estate: Workspace) -> None:
    billed(scene)
    assert is_kept(scene.store)
    rows = assert_as_in_the_views(scene.store)
    assert any(row.cost_in_window for row in rows)


def test_an_imported_bill_is_in_the_listing(
    scene: Scene, estate: Workspace, tmp_path: Path
) -> None:
    scene.snapshot()
    row = next(row for row in current_deployments(scene.store) if row.deployment == "blue")
    written = tags("fraud", "blue")
    workspace = row.id.split("/onlineEndpoints/")[0]
    lines = [
        ea("3.5", day, SubscriptionId=row.subscription_id, ResourceId=workspace, Tags=written)
        for day in ("10/20/2026", "11/20/2026")
    ]
    (tmp_path / "bill.csv").write_bytes(text(lines))
    import_exports(scene.store, [str(tmp_path / "bill.csv")], NOW)
    assert is_kept(scene.store)
    rows = assert_as_in_the_views(scene.store)
    assert {r.deployment: r.monthly_run_rate for r in rows}["blue"] is not None


def test_a_guard_leaves_the_listing_as_the_views_are(scene: Scene, estate: Workspace) -> None:
    scene.snapshot()
    (endpoint,) = {row.endpoint_key for row in current_deployments(scene.store) if row.deployment}
    scene.snapshot(kind="guard", scope=Scope(endpoint=endpoint))
    assert is_kept(scene.store)
    assert_as_in_the_views(scene.store)


def test_what_changes_nothing_current_does_not_make_the_listing_anew(
    scene: Scene, estate: Workspace
) -> None:
    scene.snapshot()
    (endpoint,) = {row.endpoint_key for row in current_deployments(scene.store) if row.deployment}
    with scene.store.noting() as connection:
        connection.execute("update listing set owner = 'as it was'")
    scene.snapshot(kind="guard", scope=Scope(endpoint=endpoint))
    stop = Stop()
    stop.set()
    with pytest.raises(Stopped):
        scene.snapshot(stop=stop)
    keep_facts(scene.store, scene.cloud.name, None, (), NOW)
    assert {row.owner for row in current_deployments(scene.store)} == {"as it was"}


def test_written_tags_and_their_journal_leave_the_listing_as_the_views_are(
    scene: Scene, estate: Workspace
) -> None:
    scene.snapshot()
    row = next(row for row in current_deployments(scene.store) if row.deployment == "old")
    tag(scene.session(), row, {"owner": "bo"}, ())
    assert is_kept(scene.store)
    assert_as_in_the_views(scene.store)
    scene.clock.advance(timedelta(hours=1))
    scene.snapshot()
    assert {r.deployment: r.owner for r in assert_as_in_the_views(scene.store)}["old"] == "bo"


def test_a_pruned_store_lists_what_the_views_say(scene: Scene, estate: Workspace) -> None:
    scene.snapshot()
    scene.clock.advance(timedelta(days=100))
    scene.snapshot()
    prune(scene.store, scene.clock.now() - timedelta(days=50))
    assert is_kept(scene.store)
    assert len(assert_as_in_the_views(scene.store)) == 3


def test_months_of_a_running_snapshot_are_reported_by_the_views(
    scene: Scene, estate: Workspace
) -> None:
    scene.snapshot()
    with scene.store.noting() as connection:
        listing.forget_listing(connection)
        connection.execute("update judgements_versions set verdict = 'unknown'")
    assert not is_kept(scene.store)
    rows = assert_as_in_the_views(scene.store)
    assert {row.verdict for row in rows} == {"unknown"}
    assert first_deployments(scene.store, ["idle"], 10) is None


def test_a_stopped_snapshot_leaves_a_listing(scene: Scene, estate: Workspace) -> None:
    scene.snapshot()
    with scene.store.noting() as connection:
        listing.forget_listing(connection)
    stop = Stop()
    stop.set()
    with pytest.raises(Stopped):
        scene.snapshot(stop=stop)
    assert is_kept(scene.store)
    assert_as_in_the_views(scene.store)


def test_a_write_that_fails_leaves_the_listing_as_it_was(scene: Scene, estate: Workspace) -> None:
    scene.snapshot()
    before = assert_as_in_the_views(scene.store)
    with pytest.raises(duckdb.CatalogException), scene.store.writing() as connection:
        connection.execute("delete from deployments_seen; select * from nowhere")
    assert is_kept(scene.store)
    assert assert_as_in_the_views(scene.store) == before


@pytest.mark.parametrize("lost", ["its signs", "both"])
def test_a_store_from_before_the_listing_is_read_by_the_views(
    scene: Scene, estate: Workspace, lost: str
) -> None:
    scene.snapshot()
    with scene.store.noting() as connection:
        connection.execute("delete from listing_signs")
        if lost == "both":
            connection.execute("drop table listing")
    assert len(assert_as_in_the_views(scene.store)) == 3
    with scene.store.writing():
        pass
    assert is_kept(scene.store)


def test_a_migration_makes_the_listing_anew(
    scene: Scene, estate: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.snapshot()
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder)
    later = "create or replace view newest_reads as select * from newest_reads_before limit 0;"
    before = (folder / "002_views.sql").read_text().split("create view newest_reads as")[1]
    renamed = "create view newest_reads_before as" + before.split(";")[0] + ";"
    (folder / "900_later.sql").write_text(f"{renamed}\n{later}")
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    assert assert_as_in_the_views(scene.store) == []
    assert is_kept(scene.store)


def test_a_listing_made_by_other_sql_is_not_read(
    scene: Scene, estate: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.snapshot()
    monkeypatch.setattr(listing, "known", lambda: {"010_later.sql"})
    with scene.store.reading() as connection:
        assert not listing.listing_is_current(connection)


def test_notes_leave_the_listing_alone(scene: Scene, estate: Workspace) -> None:
    scene.snapshot()
    with scene.store.noting() as connection:
        connection.execute("insert into journal (sequence) values (1)")
    assert is_kept(scene.store)


def test_the_first_rows_are_those_of_the_whole_in_the_order_of_the_screen(
    scene: Scene, estate: Workspace
) -> None:
    scene.snapshot()
    order = ["pay-per-use", "serving", "idle", "rollback"]
    rows: list[Any] = sorted(
        current_deployments(scene.store), key=lambda row: order.index(row.verdict)
    )
    first = first_deployments(scene.store, order, 2)
    assert first is not None
    assert first.rows == rows[:2]
    assert first.total == 3
    assert first.as_of == max(row.as_of for row in rows)
