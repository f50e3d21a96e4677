"""A command in a pseudo-terminal of a given width, and what it wrote there."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

ROOT = Path(__file__).parents[2]


def in_terminal(columns: int, *arguments: str, **environment: str) -> list[str]:
    """The lines of `mothball …` on a terminal so wide, standard error among them."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    command = [sys.executable, "-m", "mothball", *arguments]
    with subprocess.Popen(
        command, stdout=theirs, stderr=theirs, cwd=ROOT, env=kept | environment
    ) as running:
        os.close(theirs)
        text = _all_of(ours)
        running.wait()
    return text.decode().replace("\r\n", "\n").splitlines()


def _all_of(terminal: int) -> bytes:
    text = b""
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # how Linux tells the end of a pseudo-terminal
            more = b""
        if not more:
            os.close(terminal)
            return text
        text += more
