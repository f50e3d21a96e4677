"""Measures what grows with time: the commands after a year, the interface over a night.

The year's daily snapshots are made in the store by SQL, the night's hourly ones are taken.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.bench.azure import DAY_SECONDS
from tests.bench.processes import KILO, ROOT, Failed
from tests.bench.results import Cost, Measure
from tests.bench.tenant import QUARTER, SNAPSHOT, Bench, ended

IDLE = "select count(*) from current_deployments where verdict = 'idle'"
# Of what is kept, an hour's worth of writing for the largest tenant.
LARGEST_YEAR = 10_000
HOURS = 12


def year(bench: Bench, days: int, first: Cost) -> Iterator[Measure]:
    """How the store grows, and what that does to the commands: each beside itself before.

    `first` is what the first snapshot took.
    """
    if bench.size > LARGEST_YEAR or not (ROOT / "tests" / "year.py").exists():
        return
    grown = replace(bench, store_name="year.duckdb")
    shutil.copy(bench.store, grown.store)
    made = ["-m", "tests.year", str(grown.store), str(days)]
    cost = bench.surroundings.run(made, bench.folder / "year.txt")
    size = replace(cost, store_mb=megabytes(grown), written_kb=None)
    before = Cost(store_mb=megabytes(bench))
    yield Measure(bench.size, f"{days} days more in the store", size, "the store before", before)
    for name, arguments in _commands(bench):
        own, other = (ended(one, *arguments) for one in (grown, bench))
        yield Measure(bench.size, f"{name}, {days} days later", own, "the same before", other)
    bench.azure.advance(days * DAY_SECONDS)
    own = replace(grown.run(*SNAPSHOT, expected=(0, 3)), written_kb=None)
    yield Measure(bench.size, f"snapshot, {days} days later", own, "the first snapshot", first)


def night(bench: Bench) -> Iterator[Measure]:
    """An interface that stays open while a snapshot is taken each hour, and shows each of them."""
    if bench.size > LARGEST_YEAR:
        return
    command = [bench.surroundings.python, "-m", "tests.bench.open_interface", str(bench.store)]
    environment = bench.surroundings.environment
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=bench.folder, env=environment, stdin=pipe, stdout=pipe, text=True
    ) as process:
        before = _held(process)
        for _hour in range(HOURS):
            bench.azure.advance(DAY_SECONDS / 24)
            bench.run(*SNAPSHOT, expected=(0, 3))
            after = _held(process)
        process.kill()
    held = (Cost(peak_mb=one["held"]) for one in (after, before))
    most = (Cost(peak_mb=one["most"]) for one in (after, before))
    when = f"after {HOURS} hourly snapshots"
    yield Measure(bench.size, f"interface, held {when}", *_beside_before(held))
    yield Measure(bench.size, f"interface, peak {when}", *_beside_before(most))


def _beside_before(costs: Iterable[Cost]) -> tuple[Cost, str, Cost]:
    own, before = costs
    return own, "the same before", before


def _held(process: subprocess.Popen[str]) -> dict[str, float]:
    """Have it read the store again, and say what it holds."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("read\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise Failed("the interface ended")
    found: dict[str, float] = json.loads(line)
    return found


def megabytes(bench: Bench) -> float:
    """How large its store is."""
    return bench.store.stat().st_size / KILO / KILO


def _commands(bench: Bench) -> Iterator[tuple[str, tuple[str, ...]]]:
    target = bench.target(verdict="serving")
    yield "list, json", ("list", "--format", "json")
    yield "idle by sql", ("sql", IDLE)
    yield "show", ("show", target)
    yield "history", ("history", target.rpartition("/")[0])
    yield "diff", ("diff", "latest~1", "latest")
    out = str(bench.folder / "review.html")
    yield "report review", ("report", "review", "--quarter", QUARTER, "--anew", "--out", out)
