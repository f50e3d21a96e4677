"""The command line and the interface in a terminal, ended by a signal or ctrl+c at each stage."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from emulator import Emulator, Fault
from queries.store.file import Store
from queries.store.maintenance import check_store
from tests.mothball.shop import now
from tests.mothball.test_ctrl_c import LONG
from tests.mothball.test_processes import environment
from tests.reliability.kills import SETTINGS
from tests.tui.test_signals import Terminal

if sys.platform != "win32":
    import termios

FOR_GOOD_SECONDS = 600.0
TARGET, PHRASE = "ws/endpoint-0/old", "endpoint-0/old"
METRICS, OLD = "metrics:getBatch", "/deployments/old"
CONTROL_C = b"\x03"
MEANS = ("SIGTERM", "ctrl+c")
INTERFACE = ("--target", TARGET)
# What the interface sets in a terminal, and what takes it back: the other screen, no cursor, mouse.
SET_AND_UNSET = ((b"[?1049h", b"[?1049l"), (b"[?25l", b"[?25h"), (b"[?1003h", b"[?1003l"))


class Program(Terminal):
    """Mothball in a terminal of its own."""

    def __init__(self, folder: Path, words: Sequence[str], given: Mapping[str, str]) -> None:
        """Start it."""
        self._words, self._given = words, given
        super().__init__(folder)

    def _become(self, folder: Path) -> None:
        os.chdir(folder)
        command = [sys.executable, "-m", "mothball", *self._words]
        os.execve(command[0], command, {**self._given, "TERM": "xterm-256color"})

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self.fd, keys)

    def press_until(self, key: bytes, shown: bytes) -> None:
        """Press a key that means nothing yet again and again, until what it brings is shown."""
        for _time in range(100):
            if shown in self.written:
                return
            self.press(key)
            self._read(1.0)
        raise AssertionError(self.written)

    def left_behind(self) -> list[str]:
        """How the terminal is otherwise than before."""
        found = [] if termios.tcgetattr(self.fd) == self.modes else ["modes"]
        seen = self.written
        return found + [repr(on) for on, off in SET_AND_UNSET if seen.rfind(on) > seen.rfind(off)]


@dataclass(frozen=True, slots=True)
class Place:
    """A tenant, the store of a snapshot of it, and a folder to work in."""

    azure: Emulator
    folder: Path

    @property
    def store(self) -> Path:
        """The store."""
        return self.folder / "store.duckdb"

    def program(self, *words: str) -> Program:
        """Mothball with the options of this place."""
        options = ["--store", str(self.store), "--cloud", str(self.azure.profile)]
        settings = self.folder / "settings.toml"
        settings.write_text(SETTINGS)
        given = environment(self.folder, {**self.azure.environment, "LANG": "C.UTF-8"})
        return Program(self.folder, [*words, *options, "--config", str(settings)], given)

    def hold_up(self, path: str, method: str = "", seconds: float = FOR_GOOD_SECONDS) -> None:
        """Let Azure give no answer for a while to what is asked there."""
        self.azure.faults.taken.clear()
        self.azure.faults.add(Fault("slow", path, method or None, delay_seconds=seconds))

    def is_asked(self) -> None:
        """Wait until that is asked."""
        assert self.azure.faults.taken.wait(120)

    def settle(self) -> None:
        """Let Azure answer again, and end what it was asked for."""
        self.azure.faults.clear()
        with self.azure.lock:
            for operation in self.azure.world.operations.values():
                self.azure.world.end(operation)

    def assert_whole(self) -> None:
        """The store opens, and what it holds belongs together."""
        checks = check_store(Store(self.store), now())
        assert all(check.is_well for check in checks), checks


@contextmanager
def idle(place: Place) -> Iterator[Program]:
    """The interface, in which nothing goes on."""
    yield _opened(place)


@contextmanager
def dialog(place: Place) -> Iterator[Program]:
    """The interface with a dialog open."""
    program = _opened(place)
    program.press(b"?")
    program.shows("closes")
    yield program


@contextmanager
def snapshot_shown(place: Place) -> Iterator[Program]:
    """A snapshot that the interface takes."""
    program = _opened(place)
    place.hold_up(METRICS)
    program.press(b"r")
    place.is_asked()
    yield program


@contextmanager
def deletion_shown(place: Place) -> Iterator[Program]:
    """A deletion in the interface."""
    program = _opened(place)
    place.hold_up(OLD, "DELETE", seconds=1.0)
    program.press(b"d")
    program.shows("az ml")
    program.press(b"\t" + PHRASE.encode())
    program.press_until(b"\r", b"guarding")
    place.is_asked()
    yield program


@contextmanager
def snapshot(place: Place) -> Iterator[Program]:
    """`mothball snapshot`."""
    place.hold_up(METRICS)
    program = place.program("snapshot", "--cost-months", "0")
    place.is_asked()
    yield program


@contextmanager
def deletion(place: Place) -> Iterator[Program]:
    """`mothball delete`."""
    place.hold_up(OLD, "DELETE")
    program = place.program("delete", TARGET, "--confirm", PHRASE)
    place.is_asked()
    yield program


@contextmanager
def question(place: Place) -> Iterator[Program]:
    """`mothball sql`."""
    before = set(place.folder.glob(".mothball-*"))
    program = place.program("sql", LONG)
    _wait_until(lambda: bool(set(place.folder.glob(".mothball-*")) - before))
    yield program


@contextmanager
def costs_import(place: Place) -> Iterator[Program]:
    """`mothball costs import`, which waits for the store."""
    export = place.folder / "export.csv"
    columns = "SubscriptionId,Date,CostInBillingCurrency,ResourceId,Tags,BillingCurrency"
    export.write_text(f"{columns}\ns,10/01/2026,1.00,/x,,USD\n")
    with Store(place.store).writing():
        program = place.program("costs", "import", str(export))
        program.shows("to finish with")
        yield program


@dataclass(frozen=True, slots=True)
class Stage:
    """What goes on, how it comes to it, and the exit code by each way to end it."""

    what: str
    reached: Callable[[Place], AbstractContextManager[Program]]
    by_sigterm: int
    by_ctrl_c: int


_KILLED = -signal.SIGTERM
_LEFT = 128 + signal.SIGTERM
STAGES = (
    Stage("the interface, idle", idle, _LEFT, 0),
    Stage("the interface, a dialog open", dialog, _LEFT, 0),
    Stage("a snapshot in the interface", snapshot_shown, _LEFT, 0),
    Stage("a deletion in the interface", deletion_shown, _LEFT, 0),
    Stage("`snapshot`", snapshot, _KILLED, 1),
    Stage("`delete`", deletion, _KILLED, 1),
    Stage("`sql`", question, _KILLED, 1),
    Stage("`costs import`, waiting for the store", costs_import, _KILLED, 1),
)


def end(program: Program, stage: Stage, means: str) -> int:
    """End it; its exit code. A deletion in the interface is not left before its end by a key."""
    if means == "SIGTERM":
        os.kill(program.pid, signal.SIGTERM)
        return program.end()
    program.press(CONTROL_C)
    if stage.reached is deletion_shown:
        program.shows("wait for the end")
        program.shows("1 of 1")
        program.press(CONTROL_C)
    return program.end()


def _opened(place: Place) -> Program:
    program = place.program(*INTERFACE)
    program.shows("rollback")
    return program


def _wait_until(is_so: Callable[[], bool]) -> None:
    tick = threading.Event()
    while not is_so():
        tick.wait(0.05)
