"""A real terminal for tests: keys go in, what stands on the screen comes out."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 240.0
NEEDS_TMUX = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


class Terminal:
    """A tmux server of its own with one window; keys go in, the screen comes out."""

    def __init__(self, folder: Path) -> None:
        self._tmux = ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]
        # COLUMNS and LINES would freeze the size that the program believes in.
        self._environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}

    def start(self, command: str, columns: int = 120, rows: int = 40) -> None:
        shell = f"cd {ROOT}; {command}; echo left with $?; exec cat"
        self._run("new-session", "-d", "-x", str(columns), "-y", str(rows), shell)

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
        self._waits_for(lambda screen: all(text in screen for text in texts), f"no {texts}")

    def shows_twice(self, text: str) -> None:
        """Waits for a screen with the text at two places."""
        self._waits_for(lambda screen: screen.count(text) == 2, f"not twice {text!r}")

    def shows_no(self, text: str) -> None:
        """Waits for a screen without the text."""
        self._waits_for(lambda screen: text not in screen, f"still {text!r}")

    def _waits_for(self, is_right: Callable[[str], bool], why: str) -> None:
        given_up_at = time.monotonic() + LONGEST_SECONDS
        tick = threading.Event()
        while not is_right(screen := self.screen()):
            assert time.monotonic() < given_up_at, f"{why}:\n{screen}"
            tick.wait(0.1)

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
