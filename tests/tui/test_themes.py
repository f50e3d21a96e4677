"""Themes and the lack of colours: every tone can be read, and nothing is shown by colour alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tests.tui.demo import frame_of, settled
from tests.tui.test_deployments import home
from tui.app import MothballApp
from tui.grid.grid import Grid
from tui.grid.lines import TONES
from tui.views.kept_views import KeptViews
from tui.words.themes import DEFAULT, OFFERS, THEMES, theme_at_start
from tui.words.verdicts import LOOKS

pytestmark = pytest.mark.journey

SIZE = (120, 40)
OURS = [theme.name for theme in THEMES]


def segments(app: MothballApp) -> Iterator[Segment]:
    """All that is on screen, with its style."""
    for strip in app.screen._compositor.render_strips():
        yield from strip


def contrast(one: Color, other: Color) -> float:
    """The ratio of WCAG 2: 1 is no contrast, 21 is black on white."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colour_of(style: Style, name: str) -> Color:
    reported = getattr(style, name)
    assert reported is not None
    return Color.from_rich_color(reported)


async def test_every_tone_can_be_read_in_every_theme_of_ours(app: MothballApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for name in OURS:
            app.theme = name
            await pilot.pause()
            least = 7.0 if name == "mothball-contrast" else 4.5
            grid = home(app).grid
            for back in ("row", "row-odd", "marked"):
                ground = colour_of(grid.get_component_rich_style(f"grid--{back}"), "bgcolor")
                for tone in TONES:
                    style = grid.get_component_rich_style(f"grid--tone-{tone}", partial=True)
                    ratio = contrast(colour_of(style, "color"), ground)
                    assert ratio >= least, (name, back, tone, round(ratio, 2))
            cursor = grid.get_component_rich_style("grid--cursor")
            assert contrast(colour_of(cursor, "color"), colour_of(cursor, "bgcolor")) >= least


def test_every_verdict_has_a_symbol_of_its_own() -> None:
    symbols = [look.symbol for look in LOOKS.values()]
    assert len(set(symbols)) == len(symbols)


async def test_themes_are_tried_by_walking_and_kept_by_enter(
    app: MothballApp, tmp_path: Path
) -> None:
    kept = KeptViews(tmp_path / "views.json")
    first = MothballApp(app.session, kept)
    async with first.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert first.theme == DEFAULT
        await pilot.press("T", "down", "down")
        await settled(pilot)
        assert first.theme == "mothball-contrast"
        await pilot.press("escape")
        await settled(pilot)
        assert first.theme == DEFAULT
        assert kept.theme() is None
        await pilot.press("T", "j", "enter")
        await settled(pilot)
        assert first.theme == "mothball-light"
    assert MothballApp(app.session, kept).theme == "mothball-light"


def test_the_environment_beats_what_was_kept_and_an_unknown_theme_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {theme.name: theme for theme in THEMES}
    monkeypatch.delenv("TEXTUAL_THEME", raising=False)
    assert theme_at_start(None, known) == DEFAULT
    assert theme_at_start("gone", known) == DEFAULT
    assert theme_at_start("mothball-light", known) == "mothball-light"
    monkeypatch.setenv("TEXTUAL_THEME", "mothball-contrast")
    assert theme_at_start("mothball-light", known) == "mothball-contrast"


async def test_every_offered_theme_is_there(app: MothballApp) -> None:
    assert {offer.name for offer in OFFERS} <= set(app.available_themes)


PLACES = ("W", "E", "O", "M", "N", "H", "S", "D", "L", "T", "V", "question_mark", "colon", "t", "d")


async def test_without_colours_every_screen_tells_its_cursor_by_style(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    bare = MothballApp(app.session)
    async with bare.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for key in ("", *PLACES):
            if key:
                await pilot.press(key)
                await settled(pilot)
            parts = list(segments(bare))
            tints = {part.text for part in parts if part.style and is_tinted(part.style)}
            assert not tints, (key, tints)
            assert has_reverse(bare) or key == "question_mark", key
            while bare.screen is not home(bare):
                await pilot.press("escape")
                await settled(pilot)


async def test_without_colours_a_failure_is_reported_by_a_sign_and_bold(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    bare = MothballApp(app.session)
    async with bare.run_test(size=SIZE) as pilot:
        await settled(pilot)
        bare.trouble = "reading the store failed"
        await settled(pilot)
        known = [part for part in segments(bare) if "✗ reading the store failed" in part.text]
        assert [part.style.bold for part in known if part.style] == [True]


def has_reverse(app: MothballApp) -> bool:
    """Whether something in what has the focus is in reverse video; of a table, below its head."""
    focused = app.screen.focused
    assert focused is not None
    region = focused.content_region
    if isinstance(focused, Grid):
        region = region.shrink((1, 0, 0, 0))
        if not focused.shown:
            return True
    lines = app.screen._compositor.render_strips()[region.y : region.bottom]
    cut = (line.crop(region.x, region.right) for line in lines)
    return any(part.style and is_turned(part.style) for line in cut for part in line)


def is_turned(style: Style) -> bool:
    """Reverse video, or dark on light where the rest is light on dark."""
    if style.reverse or style.color is None or style.bgcolor is None:
        return bool(style.reverse)
    return _luminance(colour_of(style, "bgcolor")) > _luminance(colour_of(style, "color"))


def is_tinted(style: Style) -> bool:
    """Whether a style has a colour that is no grey."""
    colours = [value.get_truecolor() for value in (style.color, style.bgcolor) if value is not None]
    return any(len({c.red, c.green, c.blue}) > 1 for c in colours)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (200, 60), (300, 100)], ids=str)
async def test_the_main_screen_stands_at_every_size(
    app: MothballApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        lines = frame_of(app).splitlines()
        assert len(lines) == size[1]
        assert "as of 17:54 UTC" in lines[0]
        assert any("clause-extract" in line for line in lines)
        assert "? help" in lines[-1]


async def test_below_60_by_15_it_says_how_large_it_must_be(app: MothballApp) -> None:
    async with app.run_test(size=(59, 14)) as pilot:
        await settled(pilot)
        assert "60 columns and 15 lines" in " ".join(frame_of(app).split())
