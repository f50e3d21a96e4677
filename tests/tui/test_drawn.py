"""What is sent to the terminal: enough for it to show every frame, and nothing twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.screen import Screen

from tests.tui.demo import frame_of, settled
from tui.app import MothballApp

CODES = re.compile(r"\x1b\[(?:(\d+);(\d+)H|[0-9;]*m)|\x1b\]8;[^\x1b]*\x1b\\")


class Terminal:
    """Shows what it is sent, as far as Textual sends it."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[" "] * width for _ in range(height)]
        self.sent = 0

    def take(self, text: str) -> None:
        self.sent += len(text)
        x = y = at = 0
        while at < len(text):
            if found := CODES.match(text, at):
                if found[1]:
                    y, x = int(found[1]) - 1, int(found[2]) - 1
                at = found.end()
                continue
            assert text[at] not in "\x1b\n\r", repr(text[at : at + 10])
            for cell in [text[at], *[""] * (cell_len(text[at]) - 1)]:
                self.cells[y][x] = cell
                x += 1
            at += 1

    @property
    def frame(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self.cells) + "\n"


class Seen:
    """The interface, and a terminal before it that a test can look at."""

    def __init__(self, app: MothballApp) -> None:
        self.app = app
        self.terminal = Terminal(120, 40)

    def display(self, _screen: Screen[Any], renderable: RenderableType | None) -> None:
        """In place of what writes to a real terminal, and to none in a test."""
        update = self.app.drawn.lightened(renderable)
        if isinstance(update, CompositorUpdate) and not self.app._batch_count:
            self.terminal.take(update.render_segments(self.app.console))


@pytest.fixture
def seen(app: MothballApp, monkeypatch: pytest.MonkeyPatch) -> Seen:
    seen = Seen(app)
    monkeypatch.setattr(app, "_display", seen.display)
    return seen


KEYS = (
    *("down", "down", "space", "s", "right", "s", "slash", "i", "d", "l", "escape"),
    *("F", "enter", "down", "F", "enter", "enter", "question_mark", "escape", "J", "escape"),
    *("G", "pageup", "w", "escape", "u", "h"),
)


async def test_the_terminal_shows_every_frame_though_little_is_sent(seen: Seen) -> None:
    async with seen.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert seen.terminal.frame == frame_of(seen.app)
        for key in KEYS:
            await pilot.press(key)
            await settled(pilot)
            assert seen.terminal.frame == frame_of(seen.app), key


async def test_a_step_of_the_cursor_sends_a_few_kilobytes_at_most(seen: Seen) -> None:
    async with seen.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        for _ in range(3):
            before = seen.terminal.sent
            await pilot.press("down")
            await settled(pilot)
            assert seen.terminal.sent - before < 10_000


async def test_the_whole_screen_is_sent_after_a_pause_and_for_another_size(seen: Seen) -> None:
    async with seen.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        seen.terminal = Terminal(120, 40)
        seen.app.app_resume_signal.publish(seen.app)
        seen.app.screen.refresh(layout=True)
        await settled(pilot)
        assert seen.terminal.frame == frame_of(seen.app)
        seen.terminal = Terminal(100, 30)
        await pilot.resize_terminal(100, 30)
        await settled(pilot)
        assert seen.terminal.frame == frame_of(seen.app)
