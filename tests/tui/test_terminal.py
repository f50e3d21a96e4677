"""The interface in a real terminal: first paint, resize, the way out, the terminal as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.test_terminal_replies import REPLIES

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 90.0

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]


class Terminal:
    """A tmux server of its own with one window; keys go in, the screen comes out."""

    def __init__(self, folder: Path) -> None:
        self._tmux = ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]
        # COLUMNS and LINES would freeze the size that the program believes in.
        self._environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}

    def start(self, command: str) -> None:
        shell = f"cd {ROOT}; {command}; echo left with $?; exec cat"
        self._run("new-session", "-d", "-x", "120", "-y", "40", shell)

    def press(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def says(self, reply: str) -> None:
        """Of itself, in two reads."""
        codes = [f"{byte:02x}" for byte in reply.encode()]
        self._run("send-keys", "-H", *codes[:3])
        self._run("send-keys", "-H", *codes[3:])

    def resize(self, columns: int, rows: int) -> None:
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self) -> str:
        return self._run("capture-pane", "-p")

    def is_alternate(self) -> bool:
        return self._run("display-message", "-p", "#{alternate_on}").strip() == "1"

    def shows(self, *texts: str) -> None:
        """Waits for a screen with all the texts; fails with the screen where it never comes.

        A capture can fall between two writes of one repaint, so no text is looked for in the
        screen on which another one was found.
        """
        given_up_at = time.monotonic() + LONGEST_SECONDS
        tick = threading.Event()
        screen = self.screen()
        while not all(text in screen for text in texts):
            assert time.monotonic() < given_up_at, f"{texts} never came:\n{screen}"
            tick.wait(0.1)
            screen = self.screen()

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._tmux, *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=self._environment,
        )
        return done.stdout


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.close()


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
