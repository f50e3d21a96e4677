"""What a team's store says when its server, its rights or its folder are not as they should be."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from emulator import Workspace, World
from queries.estate.questions import current_deployments
from queries.store.file import StoreBusy, StoreUnreadable
from queries.store.journal import Happening, entries, first_broken, write
from queries.store.maintenance import check_store
from queries.store.shared import SharedStore
from tests.scene import NOW, Scene, SceneOf
from tests.team.server import ADDRESS, Server, missing
from tests.team.stores import TeamDatabase, new_database

ENTRY = Happening(NOW, "jo", "tag", "/x", "done")


@pytest.fixture(scope="module")
def team(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> TeamDatabase:
    """A store with an entry in its journal."""
    database = new_database(postgres, tmp_path_factory.mktemp("trouble"))
    write(database.store(), [ENTRY])
    return database


def said_of(store: SharedStore) -> str:
    with pytest.raises(StoreUnreadable) as caught:
        entries(store)
    text = str(caught.value)
    assert "'team'" in text
    assert "\n" not in text
    return text


def test_a_server_that_accepts_and_never_answers_is_given_up(tmp_path: Path) -> None:
    if lacking := missing():
        pytest.skip(lacking)
    with socket.socket() as listening:
        listening.bind((ADDRESS, 0))
        listening.listen()
        port = listening.getsockname()[1]
        words = f"postgres:host={ADDRESS} port={port} dbname=x connect_timeout=2"
        (tmp_path / "data").mkdir()
        before = monotonic()
        text = said_of(SharedStore("team", words, str(tmp_path / "data")))
    assert monotonic() - before < 30
    assert f"{ADDRESS}:{port} does not answer" in text


def test_nobody_at_the_address_is_named(tmp_path: Path) -> None:
    if lacking := missing():
        pytest.skip(lacking)
    with socket.socket() as bound:
        bound.bind((ADDRESS, 0))
        port = bound.getsockname()[1]
        (tmp_path / "data").mkdir()
        words = f"postgres:host={ADDRESS} port={port} dbname=x"
        text = said_of(SharedStore("team", words, str(tmp_path / "data")))
    assert f"{ADDRESS}:{port} cannot be reached" in text


def test_a_database_a_person_and_a_password_that_are_not_there_are_named(
    team: TeamDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = str(team.data)
    other = SharedStore("team", team.server.words("no_such"), data)
    assert 'there is no database "no_such"' in said_of(other)
    assert "password file" in said_of(SharedStore("team", team.catalogue("nobody_here"), data))
    (tmp_path / "pgpass").touch(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    assert "~/.pgpass" in said_of(team.store())


def test_a_person_without_rights_is_told_who_gives_them(team: TeamDatabase) -> None:
    text = said_of(team.store("eve"))
    assert "your role may not do that" in text
    assert "mothball store init team --print" in text


def test_a_folder_of_data_that_is_gone_is_named_and_not_made_anew(team: TeamDatabase) -> None:
    aside = team.data.with_name("aside")
    team.data.rename(aside)
    try:
        for use in (entries, lambda store: write(store, [ENTRY])):
            with pytest.raises(StoreUnreadable, match=r"its data folder .* is not there"):
                use(team.store())
        assert not team.data.exists()
    finally:
        aside.rename(team.data)


def test_who_writes_is_named_to_whoever_waits_in_vain(team: TeamDatabase) -> None:
    said: list[str] = []
    waiting = SharedStore("team", team.catalogue(), str(team.data), said.append, busy_seconds=0)
    with team.store().noting():
        with pytest.raises(StoreBusy, match=r"'team' is held by another program \(postgres at"):
            write(waiting, [ENTRY])
        assert len(entries(team.store("postgres"))) == 1
    assert said == [f"waiting for another program (postgres at {ADDRESS}) to finish with team"]


@pytest.fixture
def scene(scene_of: SceneOf, world: World, workspace: Workspace, mortal: Server) -> Scene:
    """A tenant with one deployment and a store on a server that may be stopped."""
    workspace.endpoint("fraud").deployment("old")
    scene = scene_of(world)
    scene.store = new_database(mortal, scene.folder).store()
    return scene


def once(act: Callable[[], None]) -> Callable[[Any], Any]:
    """A change of an answer that acts the first time, and changes nothing."""
    left = [act]

    def change(body: Any) -> Any:
        if left:
            left.pop()()
        return body

    return change


def test_a_server_that_dies_during_a_snapshot_leaves_the_one_before_and_it_is_resumed(
    scene: Scene, mortal: Server
) -> None:
    scene.snapshot()
    known = current_deployments(scene.store)
    scene.world.find("ws/fraud").deployment("new")
    for where in ("ResourceGraph/resources", "metrics:getBatch"):
        scene.azure.bend(where, once(mortal.stop))
        with pytest.raises(StoreUnreadable, match="cannot be reached|ended the connection"):
            scene.snapshot()
        scene.azure.straighten()
        mortal.start()
        assert current_deployments(scene.store) == known
    assert scene.snapshot(resume=True).status == "complete"
    assert {row.deployment for row in current_deployments(scene.store)} == {"old", "new"}
    assert all(one.is_well for one in check_store(scene.store, scene.clock.now()))


def test_a_server_that_dies_in_a_write_leaves_nothing_of_it(mortal: Server, tmp_path: Path) -> None:
    store = new_database(mortal, tmp_path).store()
    write(store, [ENTRY])

    def write_until_it_dies(how: str) -> None:
        with store.noting() as connection:
            connection.execute("insert into journal select * replace (2 as sequence) from journal")
            mortal.stop(how)

    for how in ("immediate", "fast"):
        with pytest.raises(StoreUnreadable, match="ended the connection"):
            write_until_it_dies(how)
        mortal.start()
        assert len(entries(store)) == 1
    write(store, [ENTRY])
    assert len(entries(store)) == 2
    assert first_broken(store) is None
