"""The doctor asks each source, says what to do, and can be stopped."""

from __future__ import annotations

import pytest

from emulator import Emulator, Fault
from tests.tui.demo import frame_of, settled
from tests.tui.test_places import press
from tui.app import MothballApp
from tui.places.doctor import Doctor

WIDE = (160, 40)


def doctor(app: MothballApp) -> Doctor:
    assert isinstance(app.screen, Doctor)
    return app.screen


async def test_every_source_is_asked_and_told(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "D")
        sources = {row.source for row in doctor(app).grid.shown}
        assert sources >= {"sign-in", "subscriptions", "Resource Graph", "locks", "metrics"}
        assert "signed in as mothball-operator" in frame_of(app)
        assert "✓ all 36 answer" in frame_of(app)


async def test_what_does_not_answer_comes_first_with_its_fix(
    app: MothballApp, azure: Emulator
) -> None:
    azure.faults.add(Fault("forbid", path="metrics:getBatch"))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "D")
        first = doctor(app).grid.current
        assert first is not None
        assert (first.source, first.ok) == ("metrics", False)
        assert "✗ metrics" in frame_of(app)
        assert "to fix it: ask for the role" in " ".join(frame_of(app).split())
        assert "do not answer: the fix is beside each" in frame_of(app)


async def test_a_failed_sign_in_is_a_line_and_no_traceback(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "D")
        states = {row.source: row.state for row in doctor(app).grid.shown}
        assert (states["sign-in"], states["metrics"]) == ("does not answer", "not asked")
        assert "✗ 1 of 9 do not answer" in frame_of(app)
        assert "Traceback" not in frame_of(app)


async def test_escape_stops_it_and_again_leaves(app: MothballApp, azure: Emulator) -> None:
    azure.faults.add(Fault("throttle", path="resources", retry_after=60))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("D")
        await pilot.pause()
        place = doctor(app)
        while not place.grid.total:
            await pilot.pause()
        assert "asking Azure" in frame_of(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "the check-up was stopped" in frame_of(app)
        assert app.screen is place
        await press(pilot, "escape")
        assert app.screen is not place


async def test_it_works_before_the_first_snapshot(app_without_store: MothballApp) -> None:
    app = app_without_store
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "D")
        assert "✓ all 36 answer" in frame_of(app)
