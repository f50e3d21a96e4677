"""Marks for retirement and exemptions: foreseen before they are written, told by target."""

from __future__ import annotations

from typing import get_args

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from actions.states import WriteState
from emulator import Emulator, Fault
from queries.store.journal import entries
from queries.text.typed import date_from, days_from
from tests.tui.demo import frame_of, settled
from tests.tui.test_deletion import line_of, mark
from tui.app import MothballApp
from tui.dialogs import write_targets
from tui.places.deployments import Deployments

pytestmark = pytest.mark.journey

SIZE = (120, 40)
IDLE, SERVING = "clause-extract/bert-large", "fraud/blue"


async def open_on(pilot: Pilot[None], key: str, *names: str) -> None:
    await mark(pilot, *names)
    await pilot.press(key)
    await settled(pilot)
    assert not isinstance(pilot.app.screen, Deployments)


async def type_in(pilot: Pilot[None], field: str, text: str) -> None:
    pilot.app.screen.query_one(field, Input).value = text
    await settled(pilot)


async def apply(pilot: Pilot[None]) -> None:
    await pilot.click("#apply")
    await settled(pilot)


async def test_a_retire_foresees_each_target_and_writes_those_it_may(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "R", IDLE, SERVING)
        frame = frame_of(app)
        assert "→ set role=retire, mothball-retire-after=2026-12-07" in frame
        assert "✗ left" in line_of(app, SERVING, "its verdict is serving")
        assert "1 of 2 would be written; nothing is yet" in frame
        assert azure.writes == []
        await apply(pilot)
        frame = frame_of(app)
        assert "1 of 2 written; verdicts follow" in frame
        assert "✗ left" in line_of(app, SERVING, "its verdict is serving")
        assert {entry.action for entry in entries(app.session.store)} == {"retire"}
        assert "refused" not in {entry.outcome for entry in entries(app.session.store)}
        assert "✓ done: now " in frame
        tags = azure.world.find("lexnlp/clause-extract/bert-large").tags
        assert tags["role"] == "retire"
        assert tags["mothball-retire-after"] == "2026-12-07"


async def test_a_grace_that_is_over_is_said_before_it_begins_anew(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "R", "fraud/red")
        assert "marked already: its grace was over on" in " ".join(frame_of(app).split())


async def test_enter_alone_retires_nothing(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "R", IDLE)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert isinstance(app.screen, Deployments)
        assert azure.writes == []


async def test_a_grace_shorter_than_the_settings_needs_a_reason(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "R", IDLE)
        await type_in(pilot, "#grace", "3d")
        assert "a grace shorter than 14 days needs a reason" in frame_of(app)
        assert app.screen.query_one("#apply", Button).disabled
        await type_in(pilot, "#reason", "agreed with legal")
        assert "mothball-retire-after=2026-11-26" in frame_of(app)
        assert not app.screen.query_one("#apply", Button).disabled


async def test_a_grace_that_is_no_duration_is_reported_in_one_line(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "R", IDLE)
        await type_in(pilot, "#grace", "soon")
        assert "'soon' is not a number of days such as 30d or 2w" in frame_of(app)
        assert app.screen.query_one("#apply", Button).disabled


async def test_the_mark_can_be_taken_away(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "R", "fraud/red")
        await pilot.click("#undo")
        await settled(pilot)
        assert "→ remove role, mothball-retire-after" in frame_of(app)
        await apply(pilot)
        assert "1 of 1 written" in frame_of(app)
        assert "role" not in azure.world.find("mlw-payments/fraud/red").tags


async def test_what_carries_no_mark_has_none_to_take_away(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "R", IDLE)
        await pilot.click("#undo")
        await settled(pilot)
        assert "no mark is known of it" in frame_of(app)
        assert "0 of 1 would be written" in frame_of(app)
        assert app.screen.query_one("#apply", Button).disabled


async def test_of_the_buttons_only_the_one_with_the_focus_stands_out(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "R", IDLE)
        cancel, write = (app.screen.query_one(f"#{name}", Button) for name in ("cancel", "apply"))
        for focused, other in ((cancel, write), (write, cancel)):
            focused.focus()
            await pilot.pause()
            assert focused.styles.background == other.styles.background
            assert focused.styles.text_style.reverse
            assert not other.styles.text_style.reverse


async def test_an_exemption_needs_an_end_and_a_reason(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "x", IDLE)
        await type_in(pilot, "#until", "2026-11-01")
        await type_in(pilot, "#reason", "audit")
        assert "2026-11-01 is past" in frame_of(app)
        await type_in(pilot, "#until", "2027-01-31")
        await type_in(pilot, "#reason", " ")
        assert "an exemption needs a reason" in frame_of(app)
        assert app.screen.query_one("#apply", Button).disabled
        await type_in(pilot, "#reason", "audit")
        await apply(pilot)
        assert "now mothball-exempt-until=2027-01-31" in frame_of(app)
        assert entries(app.session.store)[-1].reason == "audit"


async def test_a_failed_write_does_not_stop_the_rest(app: MothballApp, azure: Emulator) -> None:
    azure.faults.add(Fault("forbid", path="/bert-large/", method="PATCH"))
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "x", IDLE, SERVING)
        await type_in(pilot, "#until", "2027-01-31")
        await type_in(pilot, "#reason", "audit")
        await apply(pilot)
        assert "1 of 2 written, 1 failed" in frame_of(app)
        assert "✗ failed: " in frame_of(app)
        assert "✓ done" in line_of(app, SERVING, "now ")


async def test_escape_stops_after_the_current_write(app: MothballApp, azure: Emulator) -> None:
    azure.faults.add(Fault("slow", method="PATCH", delay_seconds=0.5))
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "x", IDLE, SERVING)
        await type_in(pilot, "#until", "2027-01-31")
        await type_in(pilot, "#reason", "audit")
        await pilot.click("#apply")
        await pilot.press("escape")
        assert not isinstance(app.screen, Deployments)
        await settled(pilot)
        assert "1 of 2 written, 1 left as they were: it was stopped" in frame_of(app)
        assert "not touched" in frame_of(app)


async def test_what_came_of_each_is_counted_whatever_it_is_called(
    app: MothballApp, azure: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    renamed = {state: (f"state {state}", "quiet") for state in write_targets.LABELS}
    monkeypatch.setattr(write_targets, "LABELS", renamed)
    azure.faults.add(Fault("forbid", path="/bert-large/", method="PATCH"))
    async with app.run_test(size=SIZE) as pilot:
        await open_on(pilot, "x", IDLE, SERVING)
        await type_in(pilot, "#until", "2027-01-31")
        await type_in(pilot, "#reason", "audit")
        await apply(pilot)
        assert "1 of 2 written, 1 failed" in frame_of(app)
        assert "state done" in line_of(app, SERVING, "now ")


def test_every_state_of_a_write_is_called_something() -> None:
    assert set(write_targets.LABELS) == set(get_args(WriteState))


@pytest.mark.parametrize(("typed", "days"), [("14d", 14), (" 2 w ", 14), ("7", 7), ("1 day", 1)])
def test_a_duration_is_read_as_people_type_it(typed: str, days: int) -> None:
    assert days_from(typed) == days


@pytest.mark.parametrize("typed", ["", "d", "-1d", "1m", "123456d", "٣d"])
def test_what_is_no_duration_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a number of days"):
        days_from(typed)


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a date"):
        date_from("31.1.2027")
