"""The menu that copies what a row is called, says, and where else it is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.deletion.by_hand import show_command
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import go_to, home
from tui.app import MothballApp
from tui.dialogs.yank import YankMenu

WIDE = (120, 40)
HOME = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
IN_HOME = "--workspace-name w --resource-group g --subscription s"


@pytest.mark.parametrize(
    ("resource_id", "command"),
    [
        ("onlineEndpoints/fraud/deployments/red", "online-deployment show --name red"),
        ("batchEndpoints/scores/deployments/default", "batch-deployment show --name default"),
        ("serverlessEndpoints/llama", "serverless-endpoint show --name llama"),
    ],
)
def test_the_az_line_shows_each_kind_of_target(resource_id: str, command: str) -> None:
    endpoint = resource_id.split("/")[1]
    between = f"--endpoint-name {endpoint} " if "deployments" in resource_id else ""
    made = show_command(f"{HOME}/{resource_id}")
    assert made == f"az ml {command} {between}{IN_HOME}"


def test_a_name_with_signs_of_a_shell_is_quoted_in_the_az_line() -> None:
    made = show_command(f"{HOME}/onlineEndpoints/a;b/deployments/$(id)")
    assert "--name '$(id)' --endpoint-name 'a;b'" in made


async def test_each_thing_of_a_deployment_is_copied_by_its_key_and_named(app: MothballApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await go_to(pilot, "fraud/red")
        row = home(app).grid.current
        assert row is not None
        copied, titles = {}, {}
        for key in "nicrap":
            await pilot.press("y")
            await pilot.press(key)
            copied[key] = app.clipboard
            titles[key] = list(app._notifications)[-1].title
        assert copied["n"] == "mlw-payments/fraud/red"
        assert copied["i"] == row.id
        assert copied["c"] == "○ idle"
        assert copied["r"].startswith("○ idle\tfraud/red\t")
        assert copied["a"] == show_command(row.id)
        assert copied["p"] == f"{app.session.cloud.portal}/#resource{row.id}"
        assert titles["n"] == "copied: name"
        assert titles["c"] == "copied: cell: verdict"
        await pilot.press("y")
        await settled(pilot)
        assert "n  name            mlw-payments/fraud/red" in frame_of(app)
        await pilot.press("escape")
        assert app.screen is home(app)


async def test_the_row_of_any_table_is_copied_and_a_cloud_without_portal_has_no_page(
    app: MothballApp,
) -> None:
    app.session = replace(app.session, cloud=replace(app.session.cloud, portal=None))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("y", "p")
        assert isinstance(app.screen, YankMenu)
        await pilot.press("escape", "W")
        await settled(pilot)
        await pilot.press("y", "enter")
        grid = app.screen.query_one("#grid")
        assert app.clipboard == grid.picked_column.text(grid.current)  # type: ignore[attr-defined]
