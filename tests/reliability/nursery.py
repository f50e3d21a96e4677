"""Programs that begin at once, since all that they import is there, and that can end at any moment.

Run as `python -m tests.reliability.nursery`: an order a line on standard input, as JSON. It answers
with the process that was begun, and with its exit code once it ended.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

import duckdb

ROOT = Path(__file__).parents[2]
STATEMENTS = ("execute", "commit", "begin")


@dataclass(frozen=True, slots=True)
class Order:
    """A command line to run in a process of its own; its output goes into files of `folder`.

    It ends itself by SIGKILL `after_seconds` after it came to its statement of the database of
    this number (0: never).
    """

    words: Sequence[str]
    environment: Mapping[str, str]
    folder: str
    statement: int = 0
    after_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended; `statements` is how many it sent to the database, where it lived."""

    code: int
    out: str
    err: str
    statements: int

    @property
    def was_killed(self) -> bool:
        """Whether it did not come to its end."""
        return self.code == -signal.SIGKILL


class Nursery:
    """The parent of such programs, in a process that has no thread but its own."""

    def __init__(self) -> None:
        """Start it; what it imports takes a second."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self._process.communicate()

    def begin(self, order: Order) -> int:
        """Begin a program; its process."""
        assert self._process.stdin is not None
        print(json.dumps(asdict(order)), file=self._process.stdin, flush=True)
        return int(self._line())

    def end_of(self, order: Order) -> Ended:
        """Wait for the end of the program that was begun last."""
        code, folder = int(self._line()), Path(order.folder)
        counted = folder / "statements"
        statements = int(counted.read_text()) if counted.exists() else 0
        return Ended(code, (folder / "out").read_text(), (folder / "err").read_text(), statements)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def main() -> None:
    """Begin a program for each order, one after the other."""
    _import_all()
    assert threading.active_count() == 1
    for line in sys.stdin:
        order = Order(**json.loads(line))
        process = os.fork()
        if process == 0:
            _live(order)
        print(process, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


def _import_all() -> None:
    """What the commands under test import when they are at work."""

    import queries.exports.imports  # noqa: F401


def _live(order: Order) -> NoReturn:
    """The program itself."""
    from mothball.cli import run

    folder = Path(order.folder)
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(folder)
    sys.stdout = (folder / "out").open("w", encoding="utf-8")
    sys.stderr = (folder / "err").open("w", encoding="utf-8")
    counted = _count_statements(order)
    code = run(list(order.words))
    (folder / "statements").write_text(str(counted[0]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _count_statements(order: Order) -> list[int]:
    """Count what goes to the database, and end at the one of the order."""
    counted = [0]
    for name in STATEMENTS:
        _count(name, counted, order)
    return counted


def _count(name: str, counted: list[int], order: Order) -> None:
    connection: Any = duckdb.DuckDBPyConnection
    real = getattr(connection, name)

    def counting(self: Any, *given: Any, **named: Any) -> Any:
        counted[0] += 1
        if counted[0] == order.statement:
            threading.Timer(order.after_seconds, _end).start()
        return real(self, *given, **named)

    setattr(connection, name, counting)


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
