"""What is loaded before the first frame, and what without colours."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual.filter import Monochrome

from tests.tui.demo import frame_of, settled
from tui.app import MothballApp


def loaded_with(module: str) -> set[str]:
    code = f"import sys, {module}; print('\\n'.join(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(told.stdout.split())


def test_textual_starts_without_importing_azure_identity() -> None:
    loaded = loaded_with("tui.app")
    assert "textual" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("azure", "duckdb", "requests")}


def test_the_command_line_starts_without_importing_textual() -> None:
    assert "textual" not in loaded_with("mothball.cli")


async def test_without_colours_the_cursor_and_marks_are_still_told(
    app: MothballApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    bare = MothballApp(app.operator)
    async with bare.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert any(isinstance(each, Monochrome) for each in bare._filters)
        grid = bare.screen.query_one("#grid")
        assert grid.get_component_rich_style("grid--cursor").reverse
        await pilot.press("space")
        await settled(pilot)
        assert "✓ ○ idle" in frame_of(bare)


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark", "nord"])
async def test_every_theme_shows_the_same_words(app: MothballApp, theme: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        before = frame_of(app)
        app.theme = theme
        await settled(pilot)
        assert frame_of(app) == before
