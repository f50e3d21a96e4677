"""The filter bar: the count, mistakes underlined, completion, what hid everything."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import WIDE, home
from tui.app import MothballApp
from tui.views.kept_views import KeptViews
from tui.widgets.filter_bar import FilterBar, in_whole


async def write(pilot: Pilot[None], text: str) -> FilterBar:
    """Type into the filter and stay there."""
    await pilot.press("slash")
    bar = pilot.app.screen.query_one(FilterBar)
    bar.input.value = ""
    await pilot.pause()
    for character in text:
        await pilot.press("space" if character == " " else character)
    await settled(pilot)
    return bar


def count_of(app: MothballApp) -> str:
    return str(app.screen.query_one("#filter-count").render()).strip()


def hint_of(app: MothballApp) -> str:
    return str(app.screen.query_one("#filter-hint").render()).strip()


async def test_the_bar_counts_what_is_hidden_as_unknown(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await write(pilot, "requests=0")
        grid = home(app).grid
        unknown = sum(row.requests_in_window is None for row in app.estate.rows)  # type: ignore[union-attr]
        assert unknown > 0
        assert count_of(app) == f"{len(grid.shown)} of 42 · {unknown} hidden: unknown"
        assert all(row.requests_in_window == 0 for row in grid.shown)


async def test_a_mistake_is_underlined_and_what_stands_before_it_counts(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        bar = await write(pilot, "fraud")
        before = [row.name for row in home(app).grid.shown]
        await pilot.press("space", *"cots>5")
        await settled(pilot)
        assert [row.name for row in home(app).grid.shown] == before
        assert "did you mean cost?" in hint_of(app)
        styled = [
            segment.text
            for segment in bar.input.render_line(0)
            if segment.style is not None and segment.style.underline
        ]
        assert "".join(styled) == "cots"
        await pilot.press("enter")
        await settled(pilot)
        assert "did you mean cost?" in frame_of(app)


async def test_tab_completes_names_and_values_and_goes_through_them(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        bar = await write(pilot, "verd")
        await pilot.press("tab")
        assert bar.input.value == "verdict:"
        await pilot.press(*"idle")
        await settled(pilot)
        assert hint_of(app) == "tab: idle-endpoint"
        await pilot.press(*["backspace"] * 4, *"r")
        await pilot.press("tab")
        first = bar.input.value
        await pilot.press("tab")
        assert (first, bar.input.value) == ("verdict:rollback", "verdict:serving")
        await settled(pilot)
        assert {row.verdict for row in home(app).grid.shown} == {"serving"}


async def test_tab_with_nothing_to_complete_goes_on(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await write(pilot, "")
        await pilot.press("tab")
        assert app.focused is home(app).grid


async def test_up_goes_through_the_filters_that_were_kept_over_a_restart(
    app: MothballApp, tmp_path: Path
) -> None:
    first = MothballApp(app.session, KeptViews(tmp_path / "views.json"))
    async with first.run_test(size=WIDE) as pilot:
        await settled(pilot)
        for text in ("fraud", "verdict:idle", "cots>5", "fraud"):
            await write(pilot, text)
            await pilot.press("enter")
    other = MothballApp(app.session, KeptViews(tmp_path / "views.json"))
    async with other.run_test(size=WIDE) as pilot:
        await settled(pilot)
        bar = await write(pilot, "gpu")
        seen = []
        for key in ("up", "up", "up", "down", "down"):
            await pilot.press(key)
            seen.append(bar.text)
        assert seen == ["fraud", "verdict:idle", "verdict:idle", "fraud", "gpu"]
        await pilot.press("up", "up")
        await settled(pilot)
        assert {row.verdict for row in home(other).grid.shown} == {"idle"}
        await pilot.press("space", "x", "down")
        assert other.focused is home(other).grid


async def test_an_empty_table_says_which_word_hid_everything(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await write(pilot, "fraud owner:nobody")
        frame = frame_of(app)
        assert "no deployment matches 'fraud owner:nobody' – esc clears" in frame
        assert "owner:nobody 0" in frame
        await pilot.press("escape")
        await settled(pilot)
        assert count_of(app) == "42 of 42"


def test_a_hint_ends_with_a_whole_word() -> None:
    assert in_whole(["words", "!not", "owner:ada"], 12) == "words  !not"
    assert in_whole(["words", "!not", "owner:ada"], 22) == "words  !not  owner:ada"


async def test_the_help_of_the_filter_is_cut_in_no_word_on_a_small_screen(
    app: MothballApp,
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await write(pilot, "")
        assert hint_of(app).endswith("a or b")
        await pilot.press("escape", "M")
        await settled(pilot)
        field = app.screen.query_one(FilterBar).input
        assert field.placeholder.split()[-1] == "unallocated>"
        assert "unallocated> " in frame_of(app)
