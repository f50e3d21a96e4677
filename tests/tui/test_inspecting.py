"""Raw JSON, callers, logs and provenance: sheets over the deployments that write nothing."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from actions.session import Limits
from emulator import Emulator, Fault
from tests.tui.conftest import MakeApp
from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import go_to, home
from tui.app import MothballApp
from tui.details.detail import Detail
from tui.details.json_parts import json_parts
from tui.dialogs.callers import callers_parts
from tui.dialogs.sheet import Sheet, found_in, places_of
from tui.state.estate import read_days, read_rest
from tui.state.messages import SheetFilled
from tui.words.wrapping import Parts

pytestmark = pytest.mark.journey

WIDE = (120, 40)


def result(parts: Parts) -> str:
    return "".join(text for text, _style in parts)


async def open_on(pilot: Pilot[None], name: str, *keys: str) -> Sheet:
    await settled(pilot)
    await go_to(pilot, name)
    await pilot.press(*keys)
    await settled(pilot)
    sheet = pilot.app.screen
    assert isinstance(sheet, Sheet)
    return sheet


async def test_raw_json_of_deployment_and_endpoint_is_searched_and_copied(
    app: MothballApp,
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_on(pilot, "fraud/green", "I")
        reported = frame_of(app)
        assert "fraud/green as Azure reported it" in reported
        assert '"name": "green"' in reported
        assert '"authMode"' not in frame_of(app)
        await pilot.press("slash", *"AUTHmode", "enter")
        await settled(pilot)
        assert '"authMode"' in frame_of(app)
        assert "1 of 1" in frame_of(app)
        await pilot.press("c")
        assert '"authMode"' in app.clipboard
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert app.screen is home(app)


async def test_environment_values_are_in_no_raw_json(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_on(pilot, "fraud/green", "I")
        await pilot.press("c")
        assert "environmentVariables" in app.clipboard
        assert "never kept" in app.clipboard
        assert azure.requests == []


async def test_callers_are_asked_for_only_on_the_key(app: MothballApp, azure: Emulator) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await go_to(pilot, "chargeback/v2")
        assert azure.requests == []
        await pilot.press("w")
        await settled(pilot)
        reported = frame_of(app)
        assert "nightly-reconciliation/2.1" in reported
        assert "✓ model exists" in reported
        assert azure.writes == []


async def test_without_a_traffic_log_it_is_reported_as_not_asked(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_on(pilot, "fraud/red", "w")
        assert "not asked: no traffic log" in frame_of(app)


async def test_escape_stops_the_asking_and_closes_the_sheet(
    app: MothballApp, azure: Emulator
) -> None:
    azure.faults.add(Fault("throttle", path="diagnosticSettings", times=3, retry_after=60))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await go_to(pilot, "chargeback/v2")
        await pilot.press("w")
        while "Azure asks to wait" not in frame_of(app):
            await pilot.pause(0.05)
        assert "esc stops" in frame_of(app)
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is home(app)


async def test_logs_of_both_containers_are_shown_and_secrets_masked(
    app: MothballApp, azure: Emulator
) -> None:
    green = azure.world.find("mlw-payments/fraud/green")
    green.container_logs["InferenceServer"] = "\x1b[2Jfirst [b]line[/b]\nAPI_KEY=hunter2\n"
    async with app.run_test(size=WIDE) as pilot:
        await open_on(pilot, "fraud/green", "l")
        reported = frame_of(app)
        assert "first [b]line[/b]" in reported
        assert "API_KEY=(masked)" in reported
        assert "hunter2" not in reported
        await pilot.press("l")
        await settled(pilot)
        assert "log of the storage initializer of fraud/green" in frame_of(app)
        assert "Downloaded" in frame_of(app)
    assert azure.writes == []


async def test_a_refused_log_is_one_line_with_the_fix(app: MothballApp, azure: Emulator) -> None:
    azure.faults.add(Fault("forbid", path="/getLogs"))
    async with app.run_test(size=(200, 40)) as pilot:
        await open_on(pilot, "fraud/green", "l")
        text = " ".join(frame_of(app).replace("│", " ").split())
        assert "✗" in text
        assert "getLogs/action" in text


async def test_read_only_mode_can_read_a_log(app_within: MakeApp, azure: Emulator) -> None:
    app = app_within(Limits(read_only=True))
    async with app.run_test(size=WIDE) as pilot:
        await open_on(pilot, "fraud/green", "l")
        assert "azmlinfsrv" in frame_of(app)
    assert azure.writes == []


async def test_the_portal_s_address_is_copied_where_there_is_no_browser(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("o")
        (notice,) = app._notifications
        assert notice.title == "no browser is here: the address was copied"
        assert app.clipboard == notice.message


@pytest.mark.parametrize("key", ["l", "w"])
async def test_what_a_batch_endpoint_does_not_have_is_dim_and_says_why(
    app: MothballApp, key: str
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await go_to(pilot, "scores-nightly/default")
        await pilot.press(key)
        await settled(pilot)
        assert app.screen is home(app)
        assert "a batch endpoint has no" in [str(n.message) for n in app._notifications][0]


async def test_the_picked_number_says_where_it_comes_from_in_a_panel(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await open_on(pilot, "fraud/green", *["right"] * 5, "i")
        reported = frame_of(app)
        assert "requests of fraud/green" in reported
        assert "36 of 36 days answered" in reported
        await pilot.press("i")
        await settled(pilot)
        assert app.screen is home(app)


async def test_an_answer_that_was_overtaken_is_not_shown(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        sheet = await open_on(pilot, "fraud/green", "I")
        sheet.post_message(SheetFilled(0, lambda _width: [("from before\n", "")]))
        await settled(pilot)
        assert "from before" not in frame_of(app)
        assert '"name": "green"' in frame_of(app)


async def test_h_turns_the_charts_to_ninety_three_days_and_back(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await go_to(pilot, "fraud/green")
        assert "─ 30 days ─" in frame_of(app)
        await pilot.press("h")
        await settled(pilot)
        assert "─ 93 days ─" in frame_of(app)
        await pilot.press("h")
        await settled(pilot)
        assert "─ 30 days ─" in frame_of(app)


async def test_charts_and_facts_are_shown_before_the_rest_is_read(app: MothballApp) -> None:
    async with app.run_test(size=(120, 70)) as pilot:
        await settled(pilot)
        row = home(app).grid.current
        assert row is not None
        first = read_days(app.session.store, row)
        detail = app.screen.query_one(Detail)
        detail.show_details(first, app.session.now())
        await pilot.pause()
        text = str(detail.query_one("#detail-text").render())
        assert "what the verdict rests on" in text
        assert "traffic of" not in text
        detail.show_details(read_rest(app.session.store, row, first), app.session.now())
        await pilot.pause()
        assert "traffic of" in str(detail.query_one("#detail-text").render())


def test_json_keeps_every_character_and_shows_control_signs() -> None:
    body = {"a": [1, -2.5e9, True, None, "x"], "b": {"c\u009b": "[red]\x1b\u202e"}, "e": {}}
    reported = result(json_parts(body))
    numbers, texts = '"a": [ 1, -2500000000.0, true, null, "x" ]', '"c�": "[red]\\u001b�"'
    assert " ".join(reported.split()) == f'{{ {numbers}, "b": {{ {texts} }}, "e": {{}} }}'


def test_keys_and_texts_of_json_look_different() -> None:
    styles = dict(json_parts({"name": "name2"}))
    assert styles['"name"'] != styles['"name2"']


def test_a_search_finds_any_case_and_each_line_once() -> None:
    text = "one\nTwo two\nthree TWO\n"
    assert places_of(text, "two") == [4, 8, 18]
    assert found_in(text, "two") == [1, 2]
    assert places_of(text, "") == []


def test_nobody_is_never_said_where_nobody_was_asked() -> None:
    from actions.ask import Asked
    from collectors.logs.callers import Callers

    asked = Asked(Callers(False, None, (), "not asked: no traffic log"), ())
    assert result(callers_parts(asked, 60)).strip() == "• not asked: no traffic log"
