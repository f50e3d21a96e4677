"""Runs programs to their end, and says what each of them took: its own process, never another's.

The peak of a child counts what its parent held when it was forked, so nothing large may be
imported where this is used.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.results import Cost, middle

ROOT = Path(__file__).parents[2]
KILO = 1024
# Linux counts a peak in kilobytes, macOS in bytes.
_PEAKS_IN_A_MB = KILO * KILO if sys.platform == "darwin" else KILO


class Failed(Exception):  # noqa: N818
    """A program ended as it should not have; the text is what it said."""


@dataclass(frozen=True)
class Surroundings:
    """Where programs run: a home of their own, so that nobody's settings are read."""

    home: Path
    variables: tuple[tuple[str, str], ...] = ()
    python: str = sys.executable

    @property
    def environment(self) -> dict[str, str]:
        """All variables of a program."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        home = {name: str(self.home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        more = {"PYTHONPATH": str(ROOT), "COLUMNS": "160", "TERM": "xterm-256color"}
        return kept | home | more | dict(self.variables)

    def run(self, arguments: Sequence[str], output: Path, expected: Sequence[int] = (0,)) -> Cost:
        """What a Python program took; what it prints goes to a file. Raises Failed."""
        started = time.perf_counter()
        errors = output.with_suffix(".errors")
        with output.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen(
                [self.python, *arguments],
                cwd=self.home,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
            _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in expected:
            said = (errors.read_text() + output.read_text())[-2000:]
            raise Failed(f"{' '.join(arguments)} ended with {process.returncode}: {said}")
        cost = cost_of(usage, time.perf_counter() - started)
        return replace(cost, written_kb=output.stat().st_size / KILO)


def cost_of(usage: resource.struct_rusage, wall_seconds: float) -> Cost:
    """The cost of a process that has ended."""
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(cpu, wall_seconds, usage.ru_maxrss / _PEAKS_IN_A_MB)


def repeated(run: Callable[[], Cost], times: int) -> Cost:
    """The median of a few runs."""
    return middle([run() for _time in range(times)])
