"""Going in, out, back and forth between places, and what each of them tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from queries.estate.rows import ReadErrorRow
from queries.money.spending import DayOfBill
from tests.tui.demo import frame_of, settled
from tests.tui.rows import row
from tui.app import MothballApp
from tui.grid.gathered import DeploymentGroup, gathered, instances_in, largest_sum, requests_in
from tui.keys.places import PLACES, place_of
from tui.places.deployments import Deployments
from tui.places.money import Money, bill_lines
from tui.places.opening import open_place
from tui.places.table import Table
from tui.state.history import HOME, Address
from tui.views.view import Sort

WIDE = (160, 40)


def shown(app: MothballApp) -> Table[Any]:
    assert isinstance(app.screen, Table)
    return app.screen


def current(app: MothballApp) -> Any:
    return shown(app).grid.current


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


def test_every_place_opens_by_its_address() -> None:
    for place in PLACES:
        assert open_place(Address(place.id)).address.place == place.id


def test_no_word_means_two_places_at_once() -> None:
    names = [name for place in PLACES for name in (place.id, *place.names)]
    assert len(set(names)) == len(names)


async def test_enter_goes_in_and_escape_comes_out(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "W")
        workspace = current(app)
        await press(pilot, "enter")
        inside = app.screen
        assert isinstance(inside, Deployments)
        assert {row.workspace for row in inside.grid.shown} == {workspace.name}
        assert f"Deployments › Workspaces › {workspace.name}" in frame_of(app)
        await press(pilot, "escape")
        assert shown(app).address.place == "workspaces"
        await press(pilot, "escape", "escape")
        assert app.history.path == (HOME,)


async def test_a_crumb_is_a_way_out(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "E", "enter")
        column = frame_of(app).splitlines()[1].index("Endpoints")
        await pilot.click("#crumbs", offset=(column, 0))
        await settled(pilot)
        assert shown(app).address.place == "endpoints"


async def test_history_goes_back_and_forth(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "W", "O")
        await press(pilot, "less_than_sign")
        assert shown(app).address.place == "workspaces"
        await press(pilot, "greater_than_sign")
        assert shown(app).address.place == "owners"


async def test_the_palette_opens_a_place_with_a_filter(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "colon", *"ws", "space", *"pay")
        await press(pilot, "enter")
        assert [each.name for each in shown(app).grid.shown] == ["mlw-payments"]


async def test_an_endpoint_tells_its_traffic_its_active_and_its_rollback(app: MothballApp) -> None:
    async with app.run_test(size=(200, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "E")
        line = next(each for each in frame_of(app).splitlines() if "mlw-payments/fraud" in each)
        assert "█" * 16 in line
        assert "blue 100 %" in line
        assert "green" in line


async def test_a_place_is_filtered_by_its_own_columns(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "E", "slash", *"rollback:green", "enter")
        assert [each.name for each in shown(app).grid.shown] == ["mlw-payments/fraud"]
        await press(pilot, "slash", *" owner:x idle>3")
        assert "there is no field 'idle'" in frame_of(app)


async def test_read_errors_come_with_their_fix(app: MothballApp) -> None:
    async with app.run_test(size=(240, 20)) as pilot:
        await settled(pilot)
        assert app.estate is not None
        read_error = ReadErrorRow("one", "metrics", "sub-1", "AuthorizationFailed", "no\x1b[31m")
        app.estate = replace(app.estate, read_errors=(read_error,))
        await press(pilot, "H")
        text = frame_of(app)
        assert "ask for the role Monitoring Reader" in text
        assert "\x1b" not in text


async def test_every_finding_stands_on_a_line_and_leads_to_its_deployment(
    app: MothballApp,
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "N")
        found = current(app)
        assert app.estate is not None
        assert shown(app).grid.total == sum(
            len(each.findings.sentences) for each in app.estate.rows
        )
        await press(pilot, "enter")
        assert isinstance(app.screen, Deployments)
        assert list(app.screen.grid.shown) == [found.row]


async def test_money_is_grouped_and_leads_to_the_deployments_it_is_of(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "M", "slash", *"by:owner legal", "enter", "down", "enter")
        assert isinstance(app.screen, Deployments)
        owners = {each.owner for each in app.screen.grid.shown}
        assert owners == {"legal-ai@contoso.example"}


async def test_money_opens_on_who_wastes_most_and_draws_the_bill(app: MothballApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "M")
        place = shown(app)
        assert isinstance(place, Money)
        left_out = "sums of 38 of 42 deployments, 4 not billed by instance"
        assert left_out in frame_of(app)
        assert left_out in place.described(place.grid.shown[0], 30).plain
        place._bill = [DayOfBill("EUR", date(2026, 11, 1), Decimal(9**9), Decimal(0))]
        assert "billed in 1 day" in place.marks_content().plain
        assert left_out not in place.marks_content().plain  # cut off it would mislead
        (jo,) = (row for row in place.grid.shown if row.name == "jo@contoso.example")
        assert (place.columns[1].text(jo), jo.waste_per_month) == ("none", None)
        assert [each.name for each in place.grid.groups][:2] == ["owner", "team"]
        owners = place.grid.groups[0].rows
        assert current(app) == owners[0]
        known = [each.waste_per_month for each in owners if each.waste_per_month is not None]
        assert known == sorted(known, reverse=True)
        assert place.grid.sort.column_id == "waste"
        await press(pilot, "right", "s")
        assert place.grid.sort == Sort("rate", descending=True)
    day = date(2026, 11, 1)
    days = [DayOfBill("EUR", day + timedelta(days=n), Decimal(n), Decimal(1)) for n in range(40)]
    (line,) = bill_lines(days)
    assert line.endswith("█ 765 EUR billed in 30 days")
    assert len(line.split()[0]) == 30


async def test_a_key_that_is_for_deployments_says_so_elsewhere(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await press(pilot, "W", "d")
        assert "not in this place" in [str(n.message) for n in app._notifications][0]
        assert "d delete" not in frame_of(app)


@pytest.mark.parametrize("place", [place.id for place in PLACES])
async def test_every_place_is_readable_at_its_smallest(app: MothballApp, place: str) -> None:
    async with app.run_test(size=(60, 15)) as pilot:
        await settled(pilot)
        app.jump(Address(place))
        await settled(pilot)
        frame = frame_of(app)
        assert "as of 17:54" in frame
        assert place_of(place).title in frame or place == "deployments"


def test_sums_of_deployments_are_unknown_where_one_of_them_is() -> None:
    rows = [row("e/a"), row("e/b", requests_in_window=None, instance_count=None)]
    assert requests_in(rows) is None
    assert instances_in(rows) is None
    assert largest_sum(rows) is None


def test_currencies_are_never_added_up() -> None:
    euros = row("e/a", monthly_run_rate=Decimal(30), currency="EUR")
    dollars = row("e/b", monthly_run_rate=Decimal(20), currency="USD")
    assert largest_sum([euros, dollars]) == 30


def test_deployments_gather_by_what_they_share() -> None:
    rows = [row("e/a", owner="ada"), row("e/b", owner=None), row("e/c", owner="ada")]
    found = gathered(rows, lambda each: str(each.owner), lambda each: each.owner)
    assert found == [
        DeploymentGroup("ada", "ada", (rows[0], rows[2])),
        DeploymentGroup("None", None, (rows[1],)),
    ]


async def test_owners_that_differ_only_in_case_are_one_as_most_tags_spell_it(
    app: MothballApp,
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        rows = app.estate.rows  # type: ignore[union-attr]
        one = next(row for row in rows if row.owner == "legal-ai@contoso.example")
        tags = {one.deployment_key: {"owner": "Legal-AI@contoso.example"}}
        app.estate = app.estate.with_tags(tags)  # type: ignore[union-attr]
        await press(pilot, "O", "slash", *"legal", "enter")
        (group,) = shown(app).grid.shown
        assert (group.name, len(group.rows)) == ("legal-ai@contoso.example", 8)
        await press(pilot, "enter")
        assert isinstance(app.screen, Deployments)
        keys = {each.deployment_key for each in app.screen.grid.shown}
        assert len(keys) == 8
        assert one.deployment_key in keys


async def test_details_that_take_the_place_of_the_table_fill_its_width(app: MothballApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.estate is not None
        read_error = ReadErrorRow("one", "metrics", "sub-1", "AuthorizationFailed", "no " * 60)
        app.estate = replace(app.estate, read_errors=(read_error,))
        await press(pilot, "H", "enter")
        described = str(app.screen.query_one("#pane-text", Static).render())
        assert max(map(len, described.splitlines())) > 60
