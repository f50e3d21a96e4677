"""The return ticket: whole or not there at all, its owner's alone, and never outside its folder."""

from __future__ import annotations

import hashlib
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.archive.definitions import Definitions, Kind
from actions.archive.reading import ArchiveFailure, archives_in, definitions_in, verify_archive
from actions.archive.writing import write_archive
from tests.actions.stage import SECRET, Stage
from tests.scene import NOW

ENDPOINT_ID = (
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices"
    "/workspaces/ws/onlineEndpoints/fraud"
)
FILES = {"deployment.json", "endpoint.json", "evidence.json", "manifest.json"}


def body(name: str = "old", endpoint: str = ENDPOINT_ID) -> dict[str, Any]:
    return {
        "id": f"{endpoint}/deployments/{name}",
        "properties": {
            "endpointComputeType": "Managed",
            "environmentVariables": {"API_TOKEN": SECRET},
            "requestSettings": {"maxQueueWait": "PT0.5S"},
            "fromTheFuture": [None, {"ünï": "\u202e\x1b[31m"}],
        },
    }


def archived(root: Path, at: int = 0, name: str = "old") -> Path:
    when = NOW + timedelta(seconds=at)
    return write_archive(root, definitions(name), {"verdict": "idle"}, when)


def definitions(*names: str, endpoint: str = ENDPOINT_ID, kind: Kind = "deployment") -> Definitions:
    bodies = tuple(body(name, endpoint) for name in names)
    return Definitions(kind, {"id": endpoint, "properties": {"authMode": "Key"}}, bodies)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_an_archive_has_the_raw_definitions_the_evidence_and_a_manifest(tmp_path: Path) -> None:
    folder = archived(tmp_path)
    assert {path.name for path in folder.iterdir()} >= FILES
    assert json.loads((folder / "deployment.json").read_text(encoding="utf-8")) == body()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["target"] == body()["id"]
    assert manifest["api_versions"]["deployment.json"] == "2025-09-01"
    for name, text in manifest["sha256"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == text
    assert FILES - {"manifest.json"} <= manifest["sha256"].keys()


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    folder = archived(tmp_path / "deep" / "archives")
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    assert mode(folder) == 0o700
    assert mode(folder.parent) == 0o700


def test_the_archive_of_a_deletion_is_what_azure_told(stage: Stage) -> None:
    bodies = {"deployment.json": "/deployments/old", "endpoint.json": "/onlineEndpoints/fraud"}
    with stage.session.reader() as reader:
        row = stage.rows()[0]
        fields = {
            "deployment.json": reader.get(row.id, **{"api-version": "2025-09-01"}),
            "endpoint.json": reader.get(row.id.rsplit("/", 2)[0], **{"api-version": "2025-09-01"}),
        }
    stage.delete_one()
    (folder,) = stage.archives()
    for name in bodies:
        assert json.loads((folder / name).read_text()) == fields[name]
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    evidence = json.loads((folder / "evidence.json").read_text())
    assert evidence["verdict"] == "idle"
    assert len(evidence["checks"]) == 12


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a disk that fills up: a longer file cannot be written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 40, 300])
def test_what_cannot_be_written_whole_is_not_there_at_all(tmp_path: Path, size: int) -> None:
    with files_of_at_most(size), pytest.raises(ArchiveFailure):
        archived(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "archives").write_text("")
    with pytest.raises(ArchiveFailure, match="cannot be written"):
        archived(tmp_path / "archives")


def test_an_archive_is_never_written_over(tmp_path: Path) -> None:
    first = archived(tmp_path)
    with pytest.raises(ArchiveFailure):
        archived(tmp_path)
    assert list(tmp_path.iterdir()) == [first]
    verify_archive(first)


@pytest.mark.parametrize("name", sorted(FILES - {"manifest.json"}))
def test_an_altered_file_shows(tmp_path: Path, name: str) -> None:
    folder = archived(tmp_path)
    text = (folder / name).read_text()
    (folder / name).write_text(text.replace("e", "E", 1))
    with pytest.raises(ArchiveFailure):
        verify_archive(folder)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_shows(tmp_path: Path, name: str) -> None:
    folder = archived(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ArchiveFailure):
        verify_archive(folder)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"sha256": []}', "\x00"])
def test_a_broken_manifest_is_reported_and_never_raises_anything_else(
    tmp_path: Path, text: str
) -> None:
    folder = archived(tmp_path)
    (folder / "manifest.json").write_text(text)
    found, broken = archives_in(tmp_path)
    assert found == []
    assert len(broken) == 1


def test_a_manifest_that_names_no_file_vouches_for_nothing(tmp_path: Path) -> None:
    folder = archived(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"sha256": {}}))
    with pytest.raises(ArchiveFailure):
        verify_archive(folder)


def test_archives_are_listed_newest_first_with_a_line_for_a_broken_one(tmp_path: Path) -> None:
    first, second = archived(tmp_path, 0, "a"), archived(tmp_path, 60, "b")
    spoilt = archived(tmp_path, 120, "c")
    (spoilt / "endpoint.json").unlink()
    (tmp_path / ".unfinished").mkdir()
    (tmp_path / "notes.txt").write_text("")
    found, broken = archives_in(tmp_path)
    assert [one.folder for one in found] == [second, first]
    assert [(one.workspace, one.endpoint, one.deployment) for one in found] == [
        ("ws", "fraud", "b"),
        ("ws", "fraud", "a"),
    ]
    assert len(broken) == 1
    assert spoilt.name in broken


def test_a_folder_that_is_not_there_holds_no_archives(tmp_path: Path) -> None:
    assert archives_in(tmp_path / "none") == ([], {})


HOSTILE = st.one_of(
    st.text(min_size=1, max_size=120),
    st.sampled_from(
        [
            "..",
            ".",
            "../../etc",
            "..\\..",
            "/etc/passwd",
            "~",
            "\x00",
            "a/../../..",
            "-rf",
            "%2e%2e",
        ]
    ),
)


@given(workspace=HOSTILE, endpoint=HOSTILE, deployment=HOSTILE)
def test_no_name_leaves_the_folder_of_the_archives(
    tmp_path_factory: pytest.TempPathFactory, workspace: str, endpoint: str, deployment: str
) -> None:
    base = tmp_path_factory.mktemp("hostile")
    root = base / "archives"
    endpoint_id = f"/subscriptions/s/x/workspaces/{workspace}/onlineEndpoints/{endpoint}"
    folder = write_archive(root, definitions(deployment, endpoint=endpoint_id), {}, NOW)
    assert list(base.iterdir()) == [root]
    assert list(root.iterdir()) == [folder]
    assert folder.resolve().parent == root.resolve()
    assert not folder.name.startswith(".")


def test_an_endpoint_is_archived_with_all_its_deployments(tmp_path: Path) -> None:
    given = definitions("old", "older", kind="endpoint")
    folder = write_archive(tmp_path, given, {}, NOW)
    found, _ = definitions_in(folder)
    # Made up, they are too poor for azure-ai-ml, which the archive tells.
    assert replace(found, not_archived=()) == given
    (listed,), broken = archives_in(tmp_path)
    assert (listed.kind, listed.workspace, listed.endpoint) == ("endpoint", "ws", "fraud")
    assert (listed.deployment, listed.target, broken) == (None, ENDPOINT_ID, {})


def test_an_endpoint_without_a_deployment_can_be_archived(tmp_path: Path) -> None:
    found, _ = definitions_in(write_archive(tmp_path, definitions(kind="endpoint"), {}, NOW))
    assert found.deployments == ()


def test_the_settings_beside_are_archived_with_their_api_versions(stage: Stage) -> None:
    scaled = stage.world.autoscale(stage.deployment())
    stage.world.autoscale(stage.deployment("ws/fraud/green"))
    sent = stage.world.diagnose(stage.endpoint, "1b1c")
    assert stage.delete_one().outcome == "deleted"
    (folder,) = stage.archives()
    found, versions = definitions_in(folder)
    assert found.autoscale == (scaled,)
    assert found.diagnostics == (sent,)
    assert versions["autoscale.json"] == "2022-10-01"
    assert versions["diagnostics.json"] == "2021-05-01-preview"


def test_settings_that_cannot_be_read_are_named_and_stop_nothing(stage: Stage) -> None:
    stage.world.forbid(stage.endpoint.subscription_id, ["autoscale"])
    # The traffic log is found by the same settings, so nobody can tell whether somebody calls.
    target = stage.delete_one()
    assert [check.check for check in target.obstacles] == ["callers"]
    deleted = stage.delete_one(overrides={"callers": "nobody has a key"})
    assert deleted.outcome == "deleted", deleted.message
    (folder,) = stage.archives()
    manifest = verify_archive(folder)
    assert [line.split(": ")[:2] for line in manifest["not_archived"]] == [
        ["not archived", "autoscale settings"],
        ["not archived", "diagnostic settings"],
    ]
    found, _ = definitions_in(folder)
    assert (found.autoscale, found.diagnostics) == (None, None)
    assert not (folder / "autoscale.json").exists()


@pytest.mark.parametrize("name", ["../outside.json", "/etc/passwd", "..", ".hidden", "a/b.json"])
def test_no_name_in_a_manifest_leads_out_of_the_archive(tmp_path: Path, name: str) -> None:
    folder = archived(tmp_path / "archives")
    outside = tmp_path / "archives" / "outside.json"
    outside.write_text("{}")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"][name] = hashlib.sha256(b"{}").hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArchiveFailure, match="is not what was archived"):
        verify_archive(folder)
