"""What a person sees of long work: how far it is, and how long a rate limit still holds it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from mothball.progress import Progress


class Screen(io.StringIO):
    """Standard error that a person watches, or a log."""

    def __init__(self, watched: bool) -> None:
        super().__init__()
        self.watched = watched

    def isatty(self) -> bool:
        return self.watched

    def line(self) -> str:
        """What the moving line shows."""
        return self.getvalue().rpartition("\r\x1b[K")[2]


Open = Callable[[bool], tuple[Screen, Progress, list[float]]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Open:
    def open_(watched: bool) -> tuple[Screen, Progress, list[float]]:
        screen, seconds = Screen(watched), [100.0]
        monkeypatch.setattr(sys, "stderr", screen)
        return screen, Progress(lambda: seconds[0]), seconds

    return open_


def test_a_wait_counts_down_and_leaves_the_line(opened: Open) -> None:
    screen, progress, seconds = opened(True)
    progress("cost", 3, 40)
    progress.waiting("cost", 42.3)
    assert screen.line() == (
        "reading cost: 3 of 40 · next cost query in 43 s (rate limit; ctrl+c stops)"
    )
    seconds[0] += 40
    progress.tick()
    assert "next cost query in 3 s" in screen.line()
    seconds[0] += 5
    progress.tick()
    assert screen.line() == "reading cost: 3 of 40"
    progress.close()
    progress.waiting("cost", 42.3)
    progress.tick()
    assert screen.line() == ""


def test_the_longest_of_several_waits_of_a_source_counts(opened: Open) -> None:
    screen, progress, _seconds = opened(True)
    progress.waiting("cost", 30)
    progress.waiting("cost", 12)
    assert "in 30 s" in screen.line()
    progress.close()


def test_a_log_gets_one_line_for_a_wait_however_many_threads_tell_it(opened: Open) -> None:
    screen, progress, seconds = opened(False)
    for _thread in range(4):
        progress.waiting("cost", 30)
    progress.tick()
    seconds[0] += 31
    progress.waiting("cost", 20)
    assert screen.getvalue().splitlines() == [
        "next cost query in 30 s (rate limit; ctrl+c stops)",
        "next cost query in 20 s (rate limit; ctrl+c stops)",
    ]
