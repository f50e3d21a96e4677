"""An endpoint goes with all that is in it, or not at all."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from emulator import Emulator
from tests.tui.demo import frame_of, settled
from tests.tui.test_deletion import line_of, mark, type_filter, type_phrase
from tui.app import MothballApp
from tui.dialogs.endpoint_deletion import EndpointDeletion
from tui.places.endpoints import Endpoints

pytestmark = pytest.mark.journey

SIZE = (140, 50)
ENDPOINT = "mlw-forecasting/demand-weekly"


async def open_plan(pilot: Pilot[None]) -> EndpointDeletion:
    await settled(pilot)
    await pilot.press("E")
    await settled(pilot)
    await type_filter(pilot, "demand-weekly")
    await pilot.press("d")
    await settled(pilot)
    dialog = pilot.app.screen
    assert isinstance(dialog, EndpointDeletion)
    return dialog


async def test_one_check_of_one_deployment_bars_the_whole_endpoint(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await open_plan(pilot)
        frame = frame_of(app)
        assert "Delete the endpoint mlw-forecasting/demand-weekly with 2 deployments" in frame
        assert "! it goes with all that is in it: lgbm, prophet" in frame
        assert "a check of one deployment stands in the way of the whole endpoint" in frame
        assert dialog.query_one("#phrase", Input).disabled
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, Endpoints)
        assert azure.writes == []


async def test_nothing_can_be_taken_out_of_an_endpoint(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await open_plan(pilot)
        await pilot.press("space", "u")
        await settled(pilot)
        assert [row.deployment for row in dialog.kept] == ["prophet", "lgbm"]
        assert "left out" not in frame_of(app)


async def test_a_silent_endpoint_goes_once_its_name_is_typed(
    app: MothballApp, azure: Emulator
) -> None:
    azure.world.locks.clear()
    for name in ("prophet", "lgbm"):
        tags = {"role": "retire", "mothball-retire-after": "2026-11-20"}
        azure.world.find(f"{ENDPOINT}/{name}").tags.update(tags)
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        dialog = await open_plan(pilot)
        await type_phrase(pilot, "demand-weekly/prophet")
        assert dialog.query_one("#delete", Button).disabled
        dialog.query_one("#phrase", Input).value = ""
        await type_phrase(pilot, "demand-weekly")
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "2 of 2 deleted" in frame_of(app)
        assert "✓ deleted" in line_of(app, "demand-weekly/lgbm", "│")
        assert [write.method for write in azure.writes] == ["DELETE"]
        assert azure.writes[0].path.endswith("/onlineEndpoints/demand-weekly")


async def test_the_palette_opens_it_for_the_endpoint_of_a_deployment(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await mark(pilot, "demand-weekly/prophet")
        await pilot.press("colon", *"whole endpoint")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, EndpointDeletion)
        assert "with 2 deployments" in frame_of(app)
