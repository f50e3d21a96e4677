"""What the system asks for: the interface ends, and leaves the terminal as it found it."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import Emulator, Fault
from tests.tui.demo import frame_of
from tests.tui.test_deletion import OTHER, RETIRED, SIZE, plan_for, type_phrase
from tui.app import MothballApp

LONGEST_SECONDS = 90.0
ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminal"),
]
if sys.platform != "win32":
    import fcntl
    import pty
    import struct
    import termios


class Terminal:
    """A pseudo terminal with the interface in it, on a store that does not exist."""

    def __init__(self, folder: Path) -> None:
        self.written = b""
        self._tick = threading.Event()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            self._become(folder)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.modes = termios.tcgetattr(self.fd)

    def _become(self, folder: Path) -> None:
        environment = {"PATH": os.defpath, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
        environment |= {"HOME": str(folder), "LANG": "C.UTF-8"}
        command = [sys.executable, "-m", "mothball", "--store", str(folder / "none.duckdb")]
        os.chdir(folder)
        os.execve(command[0], command, environment)

    def shows(self, text: str) -> None:
        """Waits until it was written."""
        given_up_at = time.monotonic() + LONGEST_SECONDS
        while text.encode() not in self.written:
            assert time.monotonic() < given_up_at, self.written
            self._read(1.0)

    def end(self) -> int:
        """Waits for the end of the program; its exit code."""
        given_up_at = time.monotonic() + LONGEST_SECONDS
        while not (ended := os.waitpid(self.pid, os.WNOHANG))[0]:
            assert time.monotonic() < given_up_at, self.written
            self._read(0.1)
        self._read(0.1)
        self.pid = 0
        return os.waitstatus_to_exitcode(ended[1])

    def hang_up(self) -> None:
        """The terminal goes away."""
        os.close(self.fd)
        self.fd = -1

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.fd >= 0:
            os.close(self.fd)

    def _read(self, seconds: float) -> None:
        if self.fd < 0:
            self._tick.wait(seconds)
        elif select.select([self.fd], [], [], seconds)[0]:
            try:
                self.written += os.read(self.fd, 65536)
            except OSError:  # Linux says so when the other side was closed
                return


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.close()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_interface_and_the_terminal_is_as_it_was(
    terminal: Terminal, name: str
) -> None:
    terminal.shows("Sign in")
    assert termios.tcgetattr(terminal.fd)[3] != terminal.modes[3]
    os.kill(terminal.pid, getattr(signal, name))
    assert terminal.end() == 128 + getattr(signal, name)
    assert termios.tcgetattr(terminal.fd) == terminal.modes
    for on, off in [(b"[?1049h", b"[?1049l"), (b"[?25l", b"[?25h"), (b"[?1003h", b"[?1003l")]:
        assert terminal.written.rfind(off) > terminal.written.rfind(on) > 0
    assert b"Traceback" not in terminal.written


def test_the_interface_ends_when_its_terminal_goes_away(terminal: Terminal) -> None:
    terminal.shows("Sign in")
    terminal.hang_up()
    assert terminal.end() == 128 + signal.SIGHUP


async def test_a_signal_lets_a_deletion_end_with_its_current_target(
    app: MothballApp, azure: Emulator
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        dialog = await plan_for(pilot, RETIRED, OTHER)
        assert dialog.plan is not None
        azure.faults.add(Fault("slow", method="DELETE", delay_seconds=0.5))
        await type_phrase(pilot, dialog.plan.phrase)
        await pilot.press("enter", "enter")
        async with asyncio.timeout(LONGEST_SECONDS):
            while "deleting" not in frame_of(app):
                await pilot.pause()
        await app.leave_as_asked(128 + signal.SIGTERM)
    await asyncio.get_running_loop().shutdown_default_executor()
    assert app.return_code == 128 + signal.SIGTERM
    assert len(azure.writes) == 1
