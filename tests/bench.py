"""Measures side by side in one run, and prints ratios: `make bench`."""

from __future__ import annotations

import asyncio
import gc
import os
import pty
import signal
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from actions.session import Limits, Session
from actions.snapshot.request import SnapshotRequest
from actions.snapshot.take import SnapshotReport, take_snapshot
from collectors.connection.reading import Reader
from collectors.connection.signin import credential_for
from collectors.inventory.scope import Scope
from emulator import Clock, Emulator, large_tenant
from mothball.profiles import cloud_named
from queries.estate import questions as estate
from queries.estate.rows import deployment_row
from queries.exports.imports import import_exports
from queries.policy import Policy
from queries.store import library
from queries.store.file import Store
from tui.app import TURN_SECONDS, MothballApp

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
EXPORTS = Path(__file__).with_name("exports")


@contextmanager
def tenant(deployments: int) -> Iterator[tuple[Callable[[Store], SnapshotReport], Clock]]:
    """A stand-in of that size, and how to snapshot it into a store."""
    clock = Clock(NOW)
    world = large_tenant(deployments=deployments, endpoints=max(deployments // 5, 1))
    with Emulator(world, clock=clock) as azure:
        os.environ.update(azure.environment)
        cloud = cloud_named(str(azure.profile))

        def snapshot(store: Store) -> SnapshotReport:
            snapshot_request = SnapshotRequest(cloud.name, None, Scope(), Policy())
            with Reader(cloud, credential_for(cloud)) as reader:
                return take_snapshot(store, reader, snapshot_request, clock.now, lambda *_: None)

        yield snapshot, clock


def timed(work: Callable[[], object], times: int = 3) -> float:
    """The quickest of a few runs, in seconds."""
    return min(_seconds(work) for _ in range(times))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def line(what: str, seconds: float, against: str, other: float, note: str = "") -> None:
    """One comparison of the same run."""
    print(f"{what:<44} {seconds:8.3f} s   {seconds / other:6.2f} x {against}  {note}")


def start_up() -> None:
    """The command line against a bare interpreter."""
    bare = timed(lambda: _run("-c", "pass"))
    for arguments in (("--version",), ("list", "--help")):
        took = timed(lambda arguments=arguments: _run("-m", "mothball", *arguments))  # type: ignore[misc]
        line(f"mothball {' '.join(arguments)}", took, "a bare interpreter", bare)


def snapshots(folder: Path) -> None:
    """A tenant of 100 and one of 1,000; the first snapshot and the next."""
    small, large = two_snapshots(100, folder), two_snapshots(1000, folder)
    line("first snapshot of 1,000", large[0], "of 100", small[0])
    line("next snapshot of 1,000, a day later", large[1], "its first", large[0])
    line("reading 1,000 rows", large[2], "100 rows", small[2])


def first_rows(folder: Path) -> None:
    """From the start of a process in a terminal to the first row of 10,000, against the whole."""
    store = Store(folder / "10000.duckdb")
    with tenant(10_000) as (snapshot, _clock):
        snapshot(store)
    started = sorted(_first_row(store.path) for _time in range(5))
    by_views = timed(lambda: _by_the_views(store))
    line("first of 10,000 rows, quickest start", started[0], "the views' answer", by_views)
    line("first of 10,000 rows, median of 5", started[2], "the views' answer", by_views)
    whole = timed(lambda: estate.current_deployments(store))
    line("reading 10,000 rows", whole, "the views' answer", by_views)


def freezes(folder: Path) -> None:
    """How long the interface's loop stands still while 10,000 rows are read again."""
    store = Store(folder / "10000.duckdb")
    gc.collect()
    gc.freeze()  # the stand-in's tenant is in this process, and never in an interface's
    for _time in range(5):
        quiet, reading = asyncio.run(_gaps(store))
        line("longest pause of the loop, 10,000 rows", reading, "with nothing to do", quiet)


async def _gaps(store: Store) -> tuple[float, float]:
    """The longest time between two turns of the loop, at rest and during a refresh."""
    session = Session(
        store=store,
        cloud=cloud_named("AzureCloud"),
        sign_in=lambda: credential_for(cloud_named("AzureCloud")),
        policy=Policy(),
        limits=Limits(),
        archive_folder=store.path.parent / "archives",
        now=lambda: NOW,
    )
    sys.setswitchinterval(TURN_SECONDS)
    app = MothballApp(session)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.is_reading:
            await pilot.pause()
        started = time.monotonic()
        quiet = await _longest(lambda: time.monotonic() < started + 0.5)
        before = app.estate
        app.read_store()
        return quiet, await _longest(lambda: app.estate is before or bool(app.workers))


async def _longest(goes_on: Callable[[], bool]) -> float:
    longest, last = 0.0, time.perf_counter()
    while goes_on():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    return longest


def imports(folder: Path) -> None:
    """An export of a million rows into an empty store, against DuckDB's own reading of the file."""
    for name, reading in (("ea.csv", "read_csv"), ("focus.parquet", "read_parquet")):
        path = folder / name
        with duckdb.connect() as connection:
            connection.execute((EXPORTS / f"{path.stem}.sql").read_text().format(path=path))
            sql = f"select bit_xor(hash(t)) from {reading}('{path}') as t"  # noqa: S608
            bare = timed(lambda sql=sql, own=connection: own.execute(sql).fetchall())  # type: ignore[misc]
        store = Store(folder / f"{path.stem}.duckdb")
        took = _seconds(lambda path=path, to=store: import_exports(to, [str(path)], NOW))  # type: ignore[misc]
        size = path.stat().st_size / 1e6
        line(f"import of 1,000,000 rows, {name}", took, "reading it", bare, f"{size:.0f} MB")


def _by_the_views(store: Store) -> None:
    with store.reading() as connection:
        for row in library.ask(connection, "current_deployments"):
            deployment_row(row)


def _first_row(store: Path) -> float:
    """Seconds from exec to the bytes of a row's name in a pseudo-terminal."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        arguments = [sys.executable, "-m", "mothball", "--store", str(store)]
        os.execve(sys.executable, arguments, os.environ | {"TERM": "xterm-256color"})
    termios.tcsetwinsize(terminal, (40, 120))
    seen = b""
    while b"ep-0" not in seen:
        seen += os.read(terminal, 65536)
    took = time.perf_counter() - started
    os.kill(child, signal.SIGTERM)
    os.close(terminal)
    os.waitpid(child, 0)
    return took


def two_snapshots(size: int, folder: Path) -> tuple[float, float, float]:
    """Seconds of the first snapshot, of one a day later, and of reading the rows."""
    with tenant(size) as (snapshot, clock):
        store = Store(folder / f"{size}.duckdb")
        reports: list[SnapshotReport] = []
        first = _seconds(lambda: reports.append(snapshot(store)))
        clock.advance(timedelta(days=1))
        second = _seconds(lambda: reports.append(snapshot(store)))
        rows = timed(lambda: estate.current_deployments(store))
        sent = [sum(report.requests.values()) for report in reports]
        print(f"{size} deployments: {sent[0]} requests at first, {sent[1]} the next time")
        return first, second, rows


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)


if __name__ == "__main__":
    start_up()
    with tempfile.TemporaryDirectory() as name:
        snapshots(Path(name))
        first_rows(Path(name))
        freezes(Path(name))
        imports(Path(name))
