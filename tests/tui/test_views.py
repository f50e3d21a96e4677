"""Columns, groups and order as the user chose them, at the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import WIDE, home
from tui.app import MothballApp
from tui.views.kept_views import KeptViews
from tui.views.view import Sort, View

VIEW = View(Sort("cost", descending=True, then=Sort("name")), "owner", ("name", "cost"), ("owner",))


def test_a_view_is_read_as_it_was_kept(tmp_path: Path) -> None:
    kept = KeptViews(tmp_path / "deep" / "views.json")
    kept.keep("deployments", VIEW)
    kept.keep("endpoints", View(Sort("name")))
    assert KeptViews(tmp_path / "deep" / "views.json").read("deployments") == VIEW
    assert kept.read("endpoints") == View(Sort("name"))
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["views.json"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"deployments": 3}',
        '{"deployments": {"sort": {"column_id": 3}}}',
        '{"deployments": {"sort": {"column_id": "x"}, "columns": [1]}}',
    ],
)
def test_a_file_that_is_no_view_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "views.json").write_text(content)
    assert KeptViews(tmp_path / "views.json").read("deployments") is None


def test_without_a_place_nothing_is_kept() -> None:
    kept = KeptViews()
    kept.keep("deployments", VIEW)
    assert kept.read("deployments") is None


async def test_sort_group_and_columns_are_there_the_next_time(
    app: MothballApp, tmp_path: Path
) -> None:
    first = MothballApp(app.session, KeptViews(tmp_path / "views.json"))
    async with first.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("L", *["down"] * 3, "J", "space", "enter")
        await settled(pilot)
        await pilot.press(*["right"] * 3, "s", "s", "F")
        await settled(pilot)
        chosen, view = home(first).grid.column_ids, home(first).grid.view
        assert "run_rate" not in chosen
        assert view.group == view.sort.column_id == "live"
    again = MothballApp(app.session, KeptViews(tmp_path / "views.json"))
    async with again.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert home(again).grid.view == view
        assert home(again).grid.column_ids == chosen


async def test_a_view_that_names_columns_that_are_gone_still_opens(
    app: MothballApp, tmp_path: Path
) -> None:
    kept = KeptViews(tmp_path / "views.json")
    kept.keep("deployments", View(Sort("gone"), "gone", ("gone", "owner")))
    again = MothballApp(app.session, kept)
    async with again.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert home(again).grid.column_ids == ("verdict", "owner")
        assert len(home(again).grid.shown) == 42


async def test_a_view_that_cannot_be_kept_is_reported_and_shown_all_the_same(
    app: MothballApp, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    blocked = MothballApp(app.session, KeptViews(tmp_path / "file" / "views.json"))
    async with blocked.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("right", "s")
        await settled(pilot)
        assert home(blocked).grid.sort == Sort("name")
        assert "this view is not kept for the next time" in frame_of(blocked)


async def test_a_click_shows_or_hides_a_column_and_0_takes_the_first_ones(
    app: MothballApp,
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        before = home(app).grid.column_ids
        await pilot.press("L")
        await settled(pilot)
        await pilot.click("#columns", offset=(10, 5))
        await pilot.press("enter")
        await settled(pilot)
        assert set(before) - set(home(app).grid.column_ids) == {"live"}
        await pilot.press("L", "0")
        await settled(pilot)
        assert home(app).grid.column_ids == before
        assert home(app).grid.view.columns is None


async def test_the_keys_of_the_columns_are_in_sight_in_a_small_terminal(app: MothballApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("L")
        await settled(pilot)
        assert "space shows or hides" in frame_of(app)
        assert "leaves" in frame_of(app)


async def test_escape_leaves_the_columns_as_they_were(app: MothballApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        before = home(app).grid.column_ids
        await pilot.press("L", "down", "down", "space", "escape")
        await settled(pilot)
        assert home(app).grid.column_ids == before


async def test_i_says_why_a_cell_is_unknown(app: MothballApp) -> None:
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press(*["right"] * 3, "i")
        await settled(pilot)
        frame = frame_of(app)
        assert "not known" in frame
        assert "no bill was read, and its number of instances is not known" in frame
