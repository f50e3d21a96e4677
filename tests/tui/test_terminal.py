"""The interface in a real terminal: first paint, resize, the way out, the terminal as it was."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.tui.terminal import NEEDS_TMUX, Terminal, terminal
from tests.tui.test_terminal_replies import REPLIES

__all__ = ["terminal"]

pytestmark = [pytest.mark.journey, NEEDS_TMUX]


def test_the_demo_paints_resizes_and_leaves_the_terminal_as_it_was(terminal: Terminal) -> None:
    terminal.start(f"{sys.executable} -m mothball demo")
    terminal.shows("clause-extract/bert-large", "idle")
    assert terminal.is_alternate()
    terminal.resize(80, 24)
    terminal.shows("as of", "clause-extract", "? help")  # tmux alone would cut one end off
    terminal.press("q")
    terminal.shows("left with 0")
    assert not terminal.is_alternate()


def test_ctrl_c_leaves_too(terminal: Terminal) -> None:
    terminal.start(f"{sys.executable} -m mothball demo")
    terminal.shows("clause-extract/bert-large")
    terminal.press("C-c")
    terminal.shows("left with 0")
    assert not terminal.is_alternate()


def test_a_first_start_leads_to_the_demo_and_back_to_the_shell(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.start(f"{sys.executable} -m mothball --store {tmp_path}/none.duckdb")
    terminal.shows("1  Sign in")
    terminal.press("2")
    terminal.shows("clause-extract/bert-large", "emulator")
    terminal.resize(59, 14)
    terminal.shows("60 columns and 15 lines")
    terminal.resize(60, 15)
    terminal.shows("clause-extract")
    terminal.press("q")
    terminal.shows("left with 0")
    assert not terminal.is_alternate()


def test_what_the_terminal_says_of_itself_presses_no_key(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.start(f"{sys.executable} -m mothball --store {tmp_path}/none.duckdb")
    terminal.shows("1  Sign in", "? help")
    before = terminal.screen()
    for reply in (*REPLIES.values(), REPLIES["focus"]):
        terminal.says(reply)
    terminal.press("?")
    terminal.shows("esc closes")
    terminal.press("Escape")
    terminal.shows(*filter(None, before.splitlines()))
    terminal.press("q")
    terminal.shows("left with 0")
