"""Archives of a team in Azure Storage: what one operator deletes, another one restores."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from actions.archive.container import ArchiveContainer
from actions.archive.journal_check import lost_entries
from actions.archive.reading import Archive, ArchiveFailure
from actions.archive.writing import archives_of
from actions.restore.planning import archive_named
from actions.restore.restore import plan_restore, restore
from actions.session import Session
from queries.store.urls import CONNECTION_STRING, archives_beside
from tests.actions.stage import SECRET, Stage, staged, tenant
from tests.team.azurite import CONTAINER, KEY, Storage, missing, storing
from tests.team.conftest import Command
from tests.team.server import free_port

PLACE = f"az://{CONTAINER}/archives"


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    """A storage account with one container."""
    if lacking := missing():
        pytest.skip(lacking)
    with storing() as storage:
        yield storage


@pytest.fixture
def stage(storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A tenant with one deployment that is to go, for an operator whose archives are shared."""
    monkeypatch.setenv(CONNECTION_STRING, storage.connection_string())
    with staged(tmp_path, tenant()) as made:
        made.snapshot()
        made.session = sharing(made.session, tmp_path / "ann", f"{PLACE}/{tmp_path.name}")
        yield made


def sharing(session: Session, copies: Path, url: str | None = None) -> Session:
    """The same operator with archives in a container, or another one with the same archives."""
    given = session.archive_container
    known = given.url if isinstance(given, ArchiveContainer) else ""
    container = ArchiveContainer(url or known, "devstoreaccount1", copies, session.sign_in)
    return replace(session, archive_container=container)


def blobs_of(storage: Storage, session: Session) -> list[str]:
    container = session.archive_container
    assert isinstance(container, ArchiveContainer)
    path = container.url.removeprefix(f"az://{CONTAINER}/")
    with storage.client as client:
        listed = client.get_container_client(CONTAINER).list_blobs(name_starts_with=f"{path}/")
        return [blob.name.removeprefix(f"{path}/") for blob in listed]


def put(storage: Storage, session: Session, name: str, content: bytes) -> None:
    container = session.archive_container
    assert isinstance(container, ArchiveContainer)
    path = container.url.removeprefix(f"az://{CONTAINER}/")
    with storage.client as client:
        client.get_container_client(CONTAINER).upload_blob(
            f"{path}/{name}", content, overwrite=True
        )


def test_what_one_operator_deletes_another_one_restores(
    stage: Stage, storage: Storage, tmp_path: Path
) -> None:
    target = stage.delete_one()
    assert target.outcome == "deleted", target.message
    bob = sharing(stage.session, tmp_path / "bob")
    [archive], broken = archives_of(bob)
    assert (broken, blobs_of(storage, bob)) == ({}, [f"{archive.name}.zip"])
    assert archive.folder == tmp_path / "bob" / archive.name
    assert SECRET in (archive.folder / "deployment.json").read_text(encoding="utf-8")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in archive.folder.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(archive.folder.stat().st_mode) == 0o700
    plan = plan_restore(bob, archive_named(bob, archive.name))
    assert restore(bob, plan, plan.phrase, lambda _stage: None).outcome == "restored"
    assert lost_entries(bob) == []


def test_where_the_storage_is_out_of_reach_nothing_is_deleted_and_no_archive_is_left(
    stage: Stage, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = Storage(tmp_path, free_port())
    monkeypatch.setenv(CONNECTION_STRING, nobody.connection_string())
    target = stage.delete_one()
    assert target.outcome == "failed"
    assert f"nothing was written: the archives in {PLACE}" in (target.message or "")
    assert KEY not in (target.message or "")
    assert (stage.writes, list((tmp_path / "ann").iterdir())) == ([], [])
    with pytest.raises(ArchiveFailure, match="the archives in az://"):
        archives_of(stage.session)
    assert ["not held against the archives" in line for line in lost_entries(stage.session)] == [
        True
    ]
    monkeypatch.setenv(CONNECTION_STRING, storage.connection_string())
    assert stage.delete_one().outcome == "deleted"


def test_a_container_that_is_not_there_is_named(stage: Stage, tmp_path: Path) -> None:
    stage.session = sharing(stage.session, tmp_path / "ann", "az://nobody-made-it/x")
    target = stage.delete_one()
    assert target.outcome == "failed"
    assert "there is no container 'nobody-made-it': make it" in (target.message or "")
    assert stage.writes == []


def test_an_archive_is_never_written_over(stage: Stage, storage: Storage, tmp_path: Path) -> None:
    stage.delete_one()
    [archive], _broken = archives_of(stage.session)
    put(storage, stage.session, f"{archive.name}.zip", b"another")
    container = stage.session.archive_container
    assert container is not None
    with pytest.raises(ArchiveFailure, match="there is one of this name already"):
        container.keep(archive.folder)
    [altered] = archives_of(sharing(stage.session, tmp_path / "bob"))[1].values()
    assert "is not a whole archive" in altered


def test_what_is_no_archive_leads_nowhere_out_of_the_folder(
    stage: Stage, storage: Storage, tmp_path: Path
) -> None:
    stage.delete_one()
    for name in ("..zip", "notes.txt", "a/b.zip"):
        put(storage, stage.session, name, b"PK")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("../evil.json", "{}")
    put(storage, stage.session, "odd.zip", packed.getvalue())
    put(storage, stage.session, "torn.zip", torn())
    bob = sharing(stage.session, tmp_path / "bob" / "copies")
    found, broken = archives_of(bob)
    assert ([each.kind for each in found], sorted(broken)) == (["deployment"], ["odd", "torn"])
    names = {path.name for path in (tmp_path / "bob").rglob("*") if path.is_dir()}
    assert names == {"copies", found[0].name, "odd", "torn"}
    assert list(tmp_path.rglob("evil.json")) == []


def torn() -> bytes:
    """A zip file whose content was damaged on its way."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", "{}" * 1000)
    whole = packed.getvalue()
    return whole[:45] + bytes(12) + whole[57:]


def listed(command: Command, config: Path, *options: str) -> str:
    result = command("archives", "--format", "json", "--config", config, *options)
    return str(result.out if result.code == 0 else result.one_line())


def test_the_settings_name_a_place_for_archives_or_it_is_beside_the_data(
    stage: Stage, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.delete_one()
    [archive], _broken = archives_of(stage.session)
    assert isinstance(archive, Archive)
    config = tmp_path / "config.toml"
    container = stage.session.archive_container
    assert isinstance(container, ArchiveContainer)
    config.write_text(f'archive_folder = "{container.url}"\n')
    assert archive.name in listed(command, config)
    assert "team-archives" in listed(command, config)
    monkeypatch.delenv(CONNECTION_STRING)
    assert f"archives in {container.url} need {CONNECTION_STRING}" in listed(command, config)
    config.write_text('archive_folder = "s3://archives"\n')
    assert "s3:// is not supported" in listed(command, config)
    assert archives_beside("az://team/store/x") == "az://team-archives/store/x"
