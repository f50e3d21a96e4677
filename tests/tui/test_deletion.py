"""Nothing is deleted that was not read, typed and confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from actions.deletion.plan import NEVER_OVERRIDDEN, Check, PlannedTarget
from actions.session import Brakes, Limits
from emulator import Clock, Emulator, Fault
from queries.store.journal import entries
from tests.tui.demo import NOW, frame_of, settled
from tests.tui.rows import row
from tui.app import MothballApp
from tui.dialogs.deletion import DeletionDialog
from tui.dialogs.overriding import overridable
from tui.grid.target_columns import TargetLine
from tui.grid.targets import target_content
from tui.places.deployments import Deployments

SIZE = (140, 50)
RETIRED = "fraud/red"
OTHER = "clause-extract/distil"


def line_of(app: MothballApp, *words: str) -> str:
    """The first line on screen that says all of it."""
    return next(line for line in frame_of(app).splitlines() if all(w in line for w in words))


async def mark(pilot: Pilot[None], *names: str) -> None:
    home = pilot.app.screen
    assert isinstance(home, Deployments)
    await settled(pilot)
    for name in names:
        grid = home.grid
        grid.go_to(next(row.deployment_key for row in grid.shown if row.name == name))
        await pilot.press("space")
    await settled(pilot)


async def type_filter(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *words, "enter")
    await settled(pilot)


async def plan_for(pilot: Pilot[None], *names: str) -> DeletionDialog:
    await mark(pilot, *names)
    await pilot.press("d")
    await settled(pilot)
    dialog = pilot.app.screen
    assert isinstance(dialog, DeletionDialog)
    return dialog


async def type_phrase(pilot: Pilot[None], phrase: str) -> None:
    field = pilot.app.screen.query_one("#phrase", Input)
    field.focus()
    await pilot.press(*["space" if c == " " else c for c in phrase])
    await pilot.pause()


async def test_cancel_has_the_focus(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED)
        assert dialog.focused is dialog.query_one("#cancel", Button)


async def test_enter_alone_never_deletes(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, RETIRED)
        await pilot.press("enter", "enter", "enter")
        await settled(pilot)
        assert isinstance(app.screen, Deployments)
        assert azure.writes == []


async def test_enter_in_an_empty_phrase_deletes_nothing(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED)
        dialog.query_one("#phrase", Input).focus()
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert app.screen is dialog
        assert azure.writes == []


@pytest.mark.parametrize("typed", ["fraud/re", "fraud/redd", "Fraud/red", "fraud/red "])
async def test_only_the_exact_phrase_frees_the_button(app: MothballApp, typed: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED)
        await type_phrase(pilot, typed)
        assert dialog.query_one("#delete", Button).disabled


@pytest.mark.journey
async def test_the_typed_name_and_the_button_delete(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED)
        await type_phrase(pilot, RETIRED)
        await pilot.press("enter")
        assert azure.writes == []
        assert dialog.focused is dialog.query_one("#delete", Button)
        await pilot.press("enter")
        await settled(pilot)
        assert "1 of 1 deleted" in frame_of(app)
        assert [write.method for write in azure.writes] == ["DELETE"]
        await pilot.press("enter")
        await settled(pilot)
        home = app.screen
        assert isinstance(home, Deployments)
        assert RETIRED not in [row.name for row in home.grid.shown]
        assert not home.grid.marked


async def test_every_check_is_shown_with_its_state_and_age(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, RETIRED)
        frame = frame_of(app)
        for check in ("same-resource", "live-traffic", "requests", "rollback", "retire-mark"):
            assert f"✓ {check}" in frame
        assert "az ml online-deployment delete --name red --endpoint-name fraud" in frame
        assert "6 min" in frame
        assert "run rate ~558 USD/mo" in frame


async def test_a_saving_that_is_not_known_is_no_zero(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, "pricing-lab/thompson")
        assert "run rate –" in frame_of(app)


async def test_a_delete_lists_marks_hidden_by_the_filter(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await mark(pilot, RETIRED, OTHER)
        await type_filter(pilot, "distil")
        await pilot.press("d")
        await settled(pilot)
        assert "Delete 2 deployments   1 hidden by the filter" in frame_of(app)
        assert "hidden" in line_of(app, "may go", RETIRED)
        assert "shown" in line_of(app, "may go", OTHER)
        assert "mlw-payments/fraud/red  hidden by the filter" in frame_of(app)
        assert "to delete, type   delete 2 deployments" in frame_of(app)


async def test_what_a_check_holds_back_cannot_be_confirmed(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, "fraud/blue")
        assert "✗ live-traffic" in frame_of(app)
        assert dialog.query_one("#phrase", Input).disabled
        assert not dialog.query_one("#delete", Button).display


async def test_brakes_are_shown_and_hold(
    app_within: Callable[[Limits], MothballApp], azure: Emulator
) -> None:
    app = app_within(Limits(brakes=Brakes(targets=1)))
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED, "clause-extract/distil")
        assert "cannot be deleted" in frame_of(app)
        assert dialog.query_one("#phrase", Input).disabled


async def test_data_older_than_a_day_asks_for_a_fresh_snapshot_first(
    app: MothballApp, clock: Clock, azure: Emulator
) -> None:
    clock.advance(timedelta(days=2))
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED)
        assert "Take a fresh snapshot first" in frame_of(app)
        assert not dialog.query_one("#phrase", Input).display
        await pilot.press("tab", "enter")
        await settled(pilot)
        assert app.estate is not None
        assert app.estate.as_of == clock.now()
        assert azure.writes == []


@pytest.mark.journey
async def test_traffic_that_came_after_the_plan_is_refused_and_shown(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, RETIRED)
        endpoint = azure.world.find("mlw-payments/fraud")
        endpoint.traffic = {"red": 100}
        await type_phrase(pilot, RETIRED)
        await pilot.press("enter", "enter")
        await settled(pilot)
        frame = frame_of(app)
        assert "0 of 1 deleted" in frame
        assert "■ refused" in frame
        assert "✗ live-traffic" in frame
        assert azure.writes == []


@pytest.mark.journey
async def test_it_cannot_be_closed_or_quit_while_it_deletes(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED)
        azure.faults.add(Fault("slow", method="DELETE", delay_seconds=0.5))
        await type_phrase(pilot, RETIRED)
        await pilot.press("enter", "enter")
        assert app.is_writing
        await pilot.press("escape", "ctrl+c")
        assert app.screen is dialog
        assert app.is_running
        await settled(pilot)
        assert "1 of 1 deleted" in frame_of(app)


@pytest.mark.journey
async def test_a_deletion_that_azure_fails_is_reported_in_one_line(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, RETIRED)
        azure.faults.add(Fault("forbid", method="DELETE"))
        await type_phrase(pilot, RETIRED)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "✗ failed" in frame_of(app)
        assert "Traceback" not in frame_of(app)


async def test_every_target_is_listed_with_what_it_costs_and_who_asks_for_it(
    app: MothballApp,
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, RETIRED, "fraud/blue")
        line = line_of(app, "fraud/red", "│")
        assert "may go" in line
        assert "~558 USD" in line
        assert "F8s_v2 ×2" in line
        assert "✗ barred" in line_of(app, "fraud/blue", "│")


async def test_a_target_taken_out_leaves_the_plan_and_its_phrase(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED, OTHER)
        assert "to delete, type   delete 2 deployments" in frame_of(app)
        await pilot.press("j", "space")
        await settled(pilot)
        assert "left out" in line_of(app, OTHER, "│")
        assert "to delete, type   fraud/red" in frame_of(app)
        await type_phrase(pilot, RETIRED)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "1 of 1 deleted" in frame_of(app)
        assert dialog.targets.current is not None
        assert [write.path.rsplit("/", 1)[-1] for write in azure.writes] == ["red"]


async def test_a_phrase_of_another_choice_of_targets_confirms_nothing(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED, OTHER)
        assert dialog.plan is not None
        before = dialog.plan.phrase
        await pilot.press("space")
        await settled(pilot)
        await type_phrase(pilot, before)
        assert dialog.query_one("#delete", Button).disabled


async def test_a_plan_without_targets_asks_for_nothing(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED)
        await pilot.press("space")
        await settled(pilot)
        assert "nothing is left to delete" in frame_of(app)
        assert dialog.query_one("#phrase", Input).disabled
        await pilot.press("space")
        await settled(pilot)
        assert "to delete, type   fraud/red" in frame_of(app)


@pytest.mark.journey
async def test_escape_stops_after_the_current_target(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED, OTHER)
        assert dialog.plan is not None
        azure.faults.add(Fault("slow", method="DELETE", delay_seconds=0.5))
        await type_phrase(pilot, dialog.plan.phrase)
        await pilot.press("enter", "enter", "escape")
        await pilot.pause()
        assert app.screen is dialog
        assert "Stopping after the current target" in frame_of(app)
        await settled(pilot)
        frame = frame_of(app)
        assert "1 of 2 deleted, 1 left as it was" in frame
        assert "not touched" in line_of(app, OTHER, "│")
        assert len(azure.writes) == 1


@pytest.mark.journey
async def test_a_failure_does_not_stop_the_rest(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED, OTHER)
        assert dialog.plan is not None
        azure.faults.add(Fault("forbid", path="/red", method="DELETE"))
        await type_phrase(pilot, dialog.plan.phrase)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "✗ failed" in line_of(app, RETIRED, "│")
        assert "✓ deleted" in line_of(app, OTHER, "│")
        assert not dialog.targets.marked
        assert dialog.targets.current is not None
        assert dialog.targets.current.row.name == RETIRED


@pytest.mark.journey
async def test_the_end_of_a_deletion_is_shown_from_its_top_however_far_the_plan_was_read(
    app: MothballApp,
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = await plan_for(pilot, RETIRED)
        await pilot.press("pagedown", "pagedown")
        assert dialog.query_one("#target").scroll_offset.y > 0
        await type_phrase(pilot, RETIRED)
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert dialog.query_one("#target").scroll_offset.y == 0
        assert "✓ deleted: gone" in frame_of(app)
        assert not dialog.query_one("#cancel").disabled


async def test_the_end_tells_the_way_back(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, RETIRED)
        await type_phrase(pilot, RETIRED)
        await pilot.press("enter", "enter")
        await settled(pilot)
        (archive,) = app.session.archive_folder.iterdir()
        assert f"mothball restore {archive.name}" in frame_of(app)
        await pilot.press("c")
        assert app.clipboard == f"mothball restore {archive.name}"


async def test_an_override_needs_a_reason(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, "clause-extract/bert-large")
        await pilot.press("o")
        await settled(pilot)
        assert app.screen.query_one("#apply", Button).disabled
        assert "retire-mark: an override needs a reason" in frame_of(app)
        await pilot.press("enter", "enter", *"agreed")
        await settled(pilot)
        assert not app.screen.query_one("#apply", Button).disabled
        await pilot.press("enter", "enter")
        await settled(pilot)
        frame = frame_of(app)
        assert "! retire-mark is overridden: agreed" in frame
        assert "overridden: agreed · " in frame
        assert "to delete, type   clause-extract/bert-large" in frame


async def test_what_no_reason_can_override_is_not_offered(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, "fraud/blue")
        assert dialog.plan is not None
        assert not overridable(dialog.plan).keys() & NEVER_OVERRIDDEN
        assert "requests" not in overridable(dialog.plan)


@pytest.mark.journey
async def test_an_overridden_check_is_journalled_and_lets_through(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await plan_for(pilot, "clause-extract/bert-large")
        await pilot.press("o", "enter", *"agreed", "enter", "enter")
        await settled(pilot)
        await type_phrase(pilot, "clause-extract/bert-large")
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "1 of 1 deleted" in frame_of(app)
        reasons = [entry.reason for entry in entries(app.session.store)]
        assert "retire-mark overridden: agreed" in reasons


def test_no_text_of_azure_steers_the_terminal_or_becomes_markup() -> None:
    hostile = row("fr\x1b[2Jaud/[red]b", tags={"a\x07": "[bold]\x9b1m"}, lock_names=("\x1b]0;x",))
    check = Check("requests", "fail", "\x1b[31m[/]", 3, "\x1b")
    planned = PlannedTarget(hostile, (check,), None, None, "failed", "\x1b[0m[i]")
    line = TargetLine(hostile, hostile.name, hostile.path, planned, is_hidden=True)
    reported = target_content(line, ["\x1b!"], [("\x1bdelete", "az\x1b")], NOW, 80)
    assert not [c for c in reported.plain if not c.isprintable() and c != "\n"]
    assert "[bold]" in reported.plain
    assert "[red]b" in reported.plain
