"""A team's store whose data lie in Azure Storage, and what is said where that is not as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from actions.archive.journal_check import lost_entries
from actions.tags.tag import tag
from emulator import Workspace, World, steady
from queries.estate.questions import current_deployments
from queries.store.file import Store, StoreUnreadable
from queries.store.journal import entries, first_broken
from queries.store.maintenance import check_store
from queries.store.shared import SharedStore
from queries.store.urls import CONNECTION_STRING
from tests.scene import Scene, SceneOf
from tests.team.azurite import CONTAINER, KEY, Storage, missing, storing
from tests.team.conftest import Command
from tests.team.server import Server, free_port
from tests.team.stores import TeamDatabase, new_database
from tests.team.test_trouble import once

DAY = timedelta(days=1)
# Where a snapshot is when the storage goes: what it has just been answered.
POINTS = (
    "ResourceGraph/resources",
    "providers/Microsoft.Authorization/locks",
    "metrics:getBatch",
    "eventtypes/management",
    r"subscriptions/[^/]+/resources\?",
)


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    """A storage account, and the connection string to it in the environment."""
    if lacking := missing():
        pytest.skip(lacking)
    with storing() as storage, pytest.MonkeyPatch.context() as environment:
        environment.setenv(CONNECTION_STRING, storage.connection_string())
        yield storage


@pytest.fixture
def team(postgres: Server, storage: Storage, tmp_path: Path) -> TeamDatabase:
    """An empty catalogue."""
    return new_database(postgres, tmp_path)


@pytest.fixture
def shared(team: TeamDatabase) -> SharedStore:
    """The store over it."""
    return SharedStore("team", team.catalogue(), f"az://{CONTAINER}/{team.name}")


@pytest.fixture
def scene(scene_of: SceneOf, world: World, workspace: Workspace, shared: SharedStore) -> Scene:
    """A tenant of more deployments than a catalogue keeps by itself."""
    endpoint = workspace.endpoint("e", traffic={"live": 100})
    endpoint.deployment("live", requests=steady(1))
    for number in range(12):
        endpoint.deployment(f"idle-{number:02}")
    scene = scene_of(world)
    scene.store = shared
    return scene


def test_a_store_in_azure_storage_lives_as_one_in_a_file(
    scene: Scene, storage: Storage, shared: SharedStore, tmp_path: Path
) -> None:
    scene.snapshot()
    row = scene.rows()["e/live"]
    tag(scene.session(), row, {"owner": "jo@contoso.example"}, ())
    scene.clock.advance(DAY)
    judged = scene.judged()
    assert len(entries(shared)) == 2
    assert all(one.is_well for one in check_store(shared, scene.clock.now()))
    with storage.client as client:
        names = [one.name for one in client.get_container_client(CONTAINER).list_blobs()]
    assert any(name.endswith(".parquet") for name in names)
    assert any(".heads/" in name for name in names)
    scene.store = Store(tmp_path / "own.duckdb")
    own = scene.judged()
    assert {n: (r.verdict, r.reasons.sentences) for n, r in judged.items()} == {
        n: (r.verdict, r.reasons.sentences) for n, r in own.items()
    }


def test_a_journal_that_was_cut_is_seen_by_what_lies_beside_data_in_azure_storage(
    scene: Scene, shared: SharedStore
) -> None:
    scene.snapshot()
    tag(scene.session(), scene.rows()["e/live"], {"owner": "jo@contoso.example"}, ())
    scene.snapshot()
    assert lost_entries(scene.session()) == []
    with shared.noting() as connection:
        connection.execute("delete from journal")
    assert first_broken(shared) is None
    (line,) = lost_entries(scene.session())
    assert "knows entry 2" in line
    assert f"az://{CONTAINER}/" in line


def test_what_is_wrong_with_the_storage_is_one_line_without_the_key(
    team: TeamDatabase,
    storage: Storage,
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = tmp_path / "config.toml"

    def said(data: str, string: str | None, account: str = "") -> str:
        words = f'catalogue = "{team.catalogue()}"\ndata = "{data}"\n{account}'
        settings.write_text(f'archive_folder = "{tmp_path}"\n[stores.team]\n{words}')
        if string is None:
            monkeypatch.delenv(CONNECTION_STRING)
        else:
            monkeypatch.setenv(CONNECTION_STRING, string)
        result = command("store", "init", "team", "--config", settings)
        assert result.code == 1, result.err
        line = result.one_line()
        assert KEY not in line
        assert "the store 'team'" in line
        return line

    place = f"az://{CONTAINER}/x"
    missing_one = said("az://nobody-made-it/x", storage.connection_string())
    assert 'there is no container "nobody-made-it"' in missing_one
    assert "does not let you in" in said(place, storage.connection_string(f"A{KEY[1:]}"))
    nobody = Storage(tmp_path, free_port())
    assert "cannot be reached" in said(place, nobody.connection_string())
    assert "sign in (`az login`)" in said(place, None, 'account = "stteam"\n')


def test_a_storage_that_goes_during_a_snapshot_leaves_the_one_before_and_it_is_resumed(
    scene: Scene, storage: Storage, shared: SharedStore
) -> None:
    scene.snapshot()
    known = current_deployments(shared)
    scene.clock.advance(DAY)
    for number in range(12):
        scene.world.find("ws/e").deployment(f"new-{number:02}")
    for point in POINTS:
        scene.azure.bend(point, once(storage.stop))
        try:
            with pytest.raises(StoreUnreadable, match="Azure Storage") as caught:
                scene.snapshot()
        finally:
            scene.azure.straighten()
            if storage.process is None:
                storage.start()
        assert KEY not in str(caught.value)
        assert current_deployments(shared) == known
    assert scene.snapshot(resume=True).status == "complete"
    assert len(current_deployments(shared)) == len(known) + 12
    assert all(one.is_well for one in check_store(shared, scene.clock.now()))


def test_a_write_that_fails_in_the_middle_leaves_nothing_of_it(
    scene: Scene, storage: Storage, shared: SharedStore
) -> None:
    scene.snapshot()

    def write_until_it_goes() -> None:
        with shared.noting() as connection:
            connection.execute("insert into holes select * from holes")
            connection.execute("insert into deployments_seen select * from deployments_seen")
            storage.stop()
            connection.execute("insert into judgements_seen select * from judgements_seen")

    before = scene.sql("select count(*) from deployments_seen")
    try:
        with pytest.raises(StoreUnreadable, match="Azure Storage"):
            write_until_it_goes()
    finally:
        storage.start()
    assert scene.sql("select count(*) from deployments_seen") == before
    assert all(one.is_well for one in check_store(shared, scene.clock.now()))
