"""A recording is there whole or not at all, and never in the place of something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.session import Refusal
from collectors.connection.errors import SignInFailed, Stopped
from emulator import Workspace
from tests.actions.recording.tape import Hurried, taped
from tests.scene import Scene


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_stopped_recording_leaves_nothing(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("fraud").deployment("blue")
    before, stop = left_in(scene.folder), Hurried()
    scene.azure.after("GET", "locks", lambda _world: stop.set())
    with pytest.raises(Stopped):
        taped(scene, stop=stop)
    assert left_in(scene.folder) == before


def test_a_recording_replaces_nothing(scene: Scene, workspace: Workspace) -> None:
    (scene.folder / "tape").mkdir()
    (scene.folder / "tape" / "mine.txt").write_text("mine")
    with pytest.raises(Refusal, match="is there already"):
        taped(scene)
    assert left_in(scene.folder / "tape") == {"mine.txt"}
    assert scene.azure.requests == []


def test_an_empty_folder_is_filled(scene: Scene, workspace: Workspace) -> None:
    (scene.folder / "tape").mkdir()
    assert left_in(taped(scene).folder) == {"README.md", "answers", "config.toml", "recording.json"}


def test_the_store_of_the_user_is_not_touched(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("fraud").deployment("blue")
    before = scene.store.path.read_bytes()
    taped(scene)
    assert scene.store.path.read_bytes() == before


def test_whoever_has_no_sign_in_gets_no_recording(
    scene: Scene, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    with pytest.raises(SignInFailed):
        taped(scene)
    assert "tape" not in left_in(scene.folder)
