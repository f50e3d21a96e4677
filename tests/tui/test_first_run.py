"""What a first start offers: signing in, the demo, another cloud, and the doctor."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from textual.widgets import Button, OptionList

from actions.session import Session
from emulator import Emulator
from mothball.cli import mothball
from mothball.context import AppContext
from mothball.interface import open_interface
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home
from tests.tui.test_places import press
from tui.app import MothballApp
from tui.dialogs.signing_in import SigningIn
from tui.grid.grid import Grid
from tui.places.doctor import Doctor
from tui.state.exit_request import ExitRequest
from tui.state.preload import FirstAnswer

SIZE = (120, 40)


async def test_three_choices_have_the_keys_at_once(app_without_store: MothballApp) -> None:
    app = app_without_store
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert isinstance(app.screen.focused, OptionList)
        frame = frame_of(app)
        for words in ("1  Sign in", "2  Look at a demo", "3  Take another cloud", "no data"):
            assert words in frame


async def test_signing_in_says_as_whom_and_reads_nothing_until_a_snapshot_is_wanted(
    app_without_store: MothballApp, azure: Emulator
) -> None:
    app = app_without_store
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert "✓ signed in to emulator as mothball-operator" in frame_of(app)
        asked = [call.path for call in azure.requests if "/subscriptions" in call.path]
        assert asked == []
        await press(pilot, "enter")
        assert home(app).grid.total == 42
        assert isinstance(app.screen.focused, Grid)


async def test_a_failed_sign_in_says_why_and_can_be_tried_again(
    app_without_store: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_without_store
    with monkeypatch.context() as wrong:
        wrong.setenv("AZURE_CLIENT_SECRET", "wrong")
        async with app.run_test(size=SIZE) as pilot:
            await settled(pilot)
            await press(pilot, "1")
            dialog = app.screen
            assert isinstance(dialog, SigningIn)
            assert "✗ " in frame_of(app)
            assert "Traceback" not in frame_of(app)
            assert dialog.focused is dialog.query_one("#again", Button)
            assert not dialog.query_one("#take", Button).display
            await press(pilot, "escape")
            assert app.snapshot_progress is None


async def test_the_demo_and_another_cloud_are_requests_that_end_the_interface(
    session: Session, app_without_store: MothballApp, tmp_path: Path
) -> None:
    app = app_without_store
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await pilot.pause()
    assert app.exit_request == ExitRequest()
    assert app.exit_request.is_demo
    again = MothballApp(app.session)
    async with again.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, "3", *"no/such.toml", "enter")
        assert "there is no file 'no/such.toml'" in frame_of(again)
        await pilot.press("escape", "3", *"AzureChinaCloud", "enter")
        await pilot.pause()
    assert again.exit_request == ExitRequest("AzureChinaCloud")


async def test_the_doctor_is_one_key_away(app_without_store: MothballApp) -> None:
    app = app_without_store
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await press(pilot, "D")
        assert isinstance(app.screen, Doctor)
        await press(pilot, "escape")
        assert isinstance(app.screen.focused, OptionList)


def test_another_cloud_is_opened_and_one_that_is_none_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exit_requests = iter([ExitRequest("Nowhere"), ExitRequest("AzureChinaCloud"), None])
    seen: list[tuple[str, str | None]] = []

    def run(
        session: Session,
        _views: object,
        _given: object,
        trouble: str | None,
        first: FirstAnswer,
        _start: object,
    ) -> ExitRequest | None:
        assert first() is None
        seen.append((session.cloud.name, trouble))
        return next(exit_requests)

    monkeypatch.setattr("mothball.interface.require_terminal", lambda _instead: None)
    monkeypatch.setattr("tui.app.run", run)
    context = AppContext(store_name=str(tmp_path / "none.duckdb"), cloud_name="AzureCloud")
    open_interface(click.Context(mothball), context)
    clouds = [cloud for cloud, _trouble in seen]
    assert clouds == ["AzureCloud", "AzureCloud", "AzureChinaCloud"]
    assert "'Nowhere' is no cloud" in str(seen[1][1])
    assert seen[2][1] is None
