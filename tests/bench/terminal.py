"""A program in a pseudo-terminal: what its first rows and each key cost its process."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bench.processes import KILO, Failed, Surroundings, cost_of
from tests.bench.results import Cost

LINES, COLUMNS = 40, 120
# A key counts as answered once the program has so little to do for so long; a cursor that blinks
# is less, and goes on for ever.
QUIET_SECONDS, QUIET_CPU_SECONDS = 0.4, 0.015
LONGEST_SECONDS = 120.0


class Terminal:
    """A Python program that a person looks at; a context manager that ends it."""

    def __init__(self, surroundings: Surroundings, arguments: Sequence[str]) -> None:
        """Start it. Its terminal has 40 lines of 120 columns."""
        self._started = time.perf_counter()
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            os.chdir(surroundings.home)
            os.execve(sys.executable, [sys.executable, *arguments], surroundings.environment)
        termios.tcsetwinsize(self._terminal, (LINES, COLUMNS))

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program."""
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.wait4(self.process, 0)
        os.close(self._terminal)

    def shows(self, pattern: bytes) -> Cost:
        """What it took from its start until this stands in the terminal, then until it is still."""
        seen = b""
        while not re.search(pattern, seen):
            more = self._read(LONGEST_SECONDS)
            if not more:
                raise Failed(f"{pattern!r} was never shown: {seen[-1000:]!r}")
            seen += more
        wall = time.perf_counter() - self._started
        seen += self._until_still()
        return Cost(self._cpu(), wall, self._peak_mb(), None, len(seen) / KILO)

    def press(self, keys: Sequence[bytes]) -> Cost:
        """What one of these keys took on average; each is waited for."""
        cpu, written, wall = self._cpu(), 0, 0.0
        for key in keys:
            started = time.perf_counter()
            os.write(self._terminal, key)
            written += len(self._until_still())
            wall += self._last - started
        count = len(keys)
        used = (self._cpu() - cpu) / count
        return Cost(used, wall / count, self._peak_mb(), None, written / KILO / count)

    def end(self) -> Cost:
        """End it, and say what the whole process took."""
        os.kill(self.process, signal.SIGTERM)
        _pid, _status, usage = os.wait4(self.process, 0)
        return cost_of(usage, time.perf_counter() - self._started)

    def _until_still(self) -> bytes:
        seen, self._last = b"", time.perf_counter()
        ends, still_at, used = self._last + LONGEST_SECONDS, self._last + QUIET_SECONDS, self._cpu()
        while time.perf_counter() < min(ends, still_at):
            if more := self._read(QUIET_SECONDS / 10):
                seen, self._last = seen + more, time.perf_counter()
            if self._cpu() > used + QUIET_CPU_SECONDS or self._is_running():
                still_at, used = time.perf_counter() + QUIET_SECONDS, self._cpu()
        return seen

    def _is_running(self) -> bool:
        """Whether a thread of it has something to do, or waits for a core to do it on."""
        for thread in Path(f"/proc/{self.process}/task").glob("*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                if thread.read_text().rpartition(")")[2].split()[0] == "R":
                    return True
        return False

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        try:
            return os.read(self._terminal, 65536) if ready else b""
        except OSError as error:  # how Linux tells the end of a pseudo-terminal
            raise Failed("the program ended") from error

    def _cpu(self) -> float:
        """Its processor seconds so far, all of its threads: the clock of another process."""
        return time.clock_gettime(~self.process << 3 | 2)

    def _peak_mb(self) -> float:
        lines = Path(f"/proc/{self.process}/status").read_text(encoding="ascii").splitlines()
        (line,) = [line for line in lines if line.startswith("VmHWM:")]
        return int(line.split()[1]) / KILO
