"""A press of ctrl+c reaches the program whatever its first thread is doing."""

from __future__ import annotations

import subprocess
import sys

import pytest

# The system may hand a signal to any thread, or just before the first one begins to wait: Python's
# handler has then not run, and nothing ends the wait.
UNNOTICED = """
import signal, threading
from mothball.stopping import ctrl_c_is_watched

never = threading.Lock()
never.acquire()
with ctrl_c_is_watched():
    threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,)).start()
    try:
        {wait}
    except KeyboardInterrupt:
        print("ended")
"""


@pytest.mark.parametrize(
    "wait", ["never.acquire()", "import concurrent.futures as c; c.wait([c.Future()])"]
)
def test_ctrl_c_ends_a_wait_that_the_signal_did_not_interrupt(wait: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", UNNOTICED.format(wait=wait)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ended.stdout == "ended\n", ended.stderr
