"""A shared store is tidied: fewer files and versions, the same answers, and the journal's guard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from actions.tags.tag import tag
from emulator import Workspace, World, steady
from queries.estate.questions import current_deployments, snapshots
from queries.store.journal import entries, first_broken
from queries.store.maintenance import check_store
from queries.store.shared import SharedStore
from tests.scene import Scene, SceneOf
from tests.team.conftest import Command
from tests.team.server import Server
from tests.team.stores import TeamDatabase, new_database

DAY = timedelta(days=1)


@pytest.fixture
def team(postgres: Server, tmp_path: Path) -> TeamDatabase:
    """An empty catalogue."""
    return new_database(postgres, tmp_path)


@pytest.fixture
def shared(team: TeamDatabase, tmp_path: Path) -> SharedStore:
    """The store over it, whose journal can only be added to."""
    store = SharedStore("team", team.catalogue(), str(tmp_path / "data"))
    store.give_rights()
    return store


@pytest.fixture
def scene(scene_of: SceneOf, world: World, workspace: Workspace, shared: SharedStore) -> Scene:
    """Three snapshots, and a write, of more deployments than a catalogue keeps by itself."""
    endpoint = workspace.endpoint("e", traffic={"live": 100})
    endpoint.deployment("live", requests=steady(1))
    for number in range(12):
        endpoint.deployment(f"idle-{number:02}")
    scene = scene_of(world)
    scene.store = shared
    for _day in range(3):
        scene.snapshot()
        scene.clock.advance(DAY)
    tag(scene.session(), scene.rows()["e/live"], {"owner": "jo@contoso.example"}, ())
    return scene


def on_disk(folder: Path) -> list[Path]:
    return [path for path in (folder / "data").rglob("*") if path.is_file()]


def test_files_and_old_versions_go_and_every_answer_stays(
    scene: Scene, shared: SharedStore, tmp_path: Path
) -> None:
    known = current_deployments(shared), snapshots(shared), entries(shared)
    later = datetime.now(UTC) + 30 * DAY  # DuckLake notes its versions by the machine's clock
    before = shared.files(later)
    assert before is not None
    assert before.old_versions == before.versions - 1 > 10
    merged = shared.compact(datetime.now(UTC))
    assert (merged.files_after < merged.files_before, merged.versions_dropped) == (True, 0)
    # Whoever began to read before goes on with the files that were merged.
    assert len(on_disk(tmp_path)) > merged.files_before
    before = shared.files(later)
    assert before is not None
    done = shared.compact(later)
    assert (done.files_before, done.versions_dropped) == (before.files, before.old_versions)
    assert 0 < len(on_disk(tmp_path)) == done.files_after
    assert (current_deployments(shared), snapshots(shared), entries(shared)) == known
    assert first_broken(shared) is None
    assert all(one.is_well for one in check_store(shared, later))
    scene.clock.advance(DAY)
    assert scene.snapshot().status == "complete"
    again = shared.compact(scene.clock.now())
    assert again.versions_dropped == 0


def test_prune_says_what_was_merged_and_check_what_there_is(
    scene: Scene, team: TeamDatabase, command: Command, tmp_path: Path
) -> None:
    assert scene.clock.now()
    settings = tmp_path / "config.toml"
    words = f'catalogue = "{team.catalogue()}"\ndata = "{tmp_path / "data"}"\n'
    settings.write_text(f"[stores.team]\n{words}")
    options = ("--store", "team", "--config", settings)
    checked = command("store", "check", *options)
    assert checked.code == 0
    assert ", 0 of them old" in " ".join(checked.out.split())
    pruned = command("store", "prune", "--older-than", "400d", "--apply", *options)
    assert pruned.code == 0, pruned.err
    assert "merged: " in pruned.err
    assert " files before, " in pruned.err
