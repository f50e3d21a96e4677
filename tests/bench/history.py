"""Measures the commands after a year of daily snapshots, which is made in the store by SQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

from tests.bench.azure import DAY_SECONDS
from tests.bench.processes import KILO, ROOT
from tests.bench.results import Cost, Measure
from tests.bench.tenant import QUARTER, SNAPSHOT, Bench, ended

IDLE = "select count(*) from current_deployments where verdict = 'idle'"
# Of what is kept, an hour's worth of writing for the largest tenant.
LARGEST_YEAR = 10_000


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
