"""Measures the commands and the interface on a tenant of some size."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests.bench.azure import DAY_SECONDS, Azure, serving
from tests.bench.processes import KILO, Surroundings, repeated
from tests.bench.results import Cost, Measure
from tests.bench.terminal import Terminal

# The loop of azure-ai-ml takes a call for each deployment; beyond this it says nothing new.
LARGEST_LOOP = 1000
REFUSED = (4,)
# Bills are apart: Azure answers few questions about them a minute, whoever asks.
SNAPSHOT = ("snapshot", "--cost-months", "0")
QUARTER = "2026-Q4"
FILTER, SORT, ENTER, ESCAPE = b"/", b"s", b"\r", b"\x1b"
# The name of an endpoint.
A_ROW = rb"ep-\d"
DOWN, RIGHT = b"\x1b[B", b"\x1b[C"
OPENING = (
    "import sys, duckdb\n"
    "duckdb.connect(sys.argv[1], read_only=True).execute('from duckdb_tables()').fetchall()"
)
TARGET = (
    "import json, sys\n"
    "rows = json.load(open(sys.argv[1], encoding='utf-8'))\n"
    "row = next((row for row in rows if row['verdict'] == sys.argv[2]), rows[0])\n"
    "print('/'.join(row[name] for name in ('workspace', 'endpoint', 'deployment')))"
)


@dataclass(frozen=True)
class Bench:
    """A tenant of `size` deployments, and the product on a store in a folder of its own.

    What does not change the store is measured so many `times`.
    """

    size: int
    azure: Azure
    folder: Path
    times: int
    store_name: str = "store.duckdb"

    @property
    def surroundings(self) -> Surroundings:
        """What programs are started with."""
        return self.azure.surroundings(self.folder)

    @property
    def store(self) -> Path:
        """The store of all commands."""
        return self.folder / self.store_name

    @property
    def store_options(self) -> list[str]:
        """How a command finds the store."""
        return ["--store", str(self.store)]

    def mothball(self, *arguments: str) -> list[str]:
        """A command on the store."""
        options = [*self.store_options, "--cloud", self.azure.profile]
        return ["-m", "mothball", *options, *arguments]

    def run(self, *arguments: str, expected: Sequence[int] = (0,), name: str = "out") -> Cost:
        """What a command took."""
        path = self.folder / f"{name}.txt"
        return self.surroundings.run(self.mothball(*arguments), path, expected)

    def module(self, name: str, *arguments: str) -> Cost:
        """What a program of this package took."""
        command = ["-m", f"tests.bench.{name}", *arguments]
        return self.surroundings.run(command, self.folder / f"{name}.txt")

    def target(self, *, verdict: str) -> str:
        """The first listed of that verdict, as commands name it; the first of all if there is none.

        Found in a process of its own, since this one must stay small.
        """
        path = self.folder / "target.txt"
        self.surroundings.run(["-c", TARGET, str(self.folder / "list-json.txt"), verdict], path)
        return path.read_text(encoding="utf-8").strip()


@contextmanager
def bench_of(size: int, folder: Path, times: int, *options: str) -> Iterator[Bench]:
    """A tenant of so many deployments, served until the end of the block."""
    folder.mkdir(parents=True)
    with serving(size, folder, *options) as azure:
        yield Bench(size, azure, folder, times)


def measures(bench: Bench) -> Iterator[Measure]:
    """All that is measured on a tenant."""
    taken = list(snapshots(bench))
    yield from taken
    yield from lists(bench)
    yield from guard(bench)
    yield from reports(bench)
    yield from interface(bench)
    if bench.size <= LARGEST_LOOP:
        first, sent, *_later = taken
        yield loop(bench, replace(first.cost, requests=sent.cost.requests))


def snapshots(bench: Bench) -> Iterator[Measure]:
    """The first snapshot, one a day later, and one straight after that."""
    for name, later in (("first snapshot", 0), ("a day later", DAY_SECONDS), ("once more", 0)):
        if later:
            bench.azure.advance(later)
        floor = Cost(requests=bench.azure.floor(first=name == "first snapshot"))
        asking = partial(bench.run, *SNAPSHOT, expected=(0, 3))
        measure = against_bare_client(bench, name, asking)
        sent = Cost(requests=measure.cost.requests)
        store_mb = bench.store.stat().st_size / KILO / KILO
        yield replace(measure, cost=replace(measure.cost, requests=None, store_mb=store_mb))
        yield Measure(bench.size, f"{name}, requests", sent, "the floor", floor)


def guard(bench: Bench) -> Iterator[Measure]:
    """What is asked of Azure before one deployment may be deleted, which is then refused."""
    target = bench.target(verdict="serving")
    phrase = target.partition("/")[2]
    asking = partial(bench.run, "delete", target, "--confirm", phrase, expected=REFUSED)
    yield against_bare_client(bench, "guard of one", asking)


def ended(bench: Bench, *arguments: str) -> Cost:
    """What a command took that may say that something could not be read."""
    return bench.run(*arguments, expected=(0, 3))


def against_bare_client(bench: Bench, name: str, asking: Callable[[], Cost]) -> Measure:
    """A command beside a client that sends the same requests; once, since it changes the store."""
    kept = bench.folder / "sent.jsonl"
    bench.azure.forget()
    cost = asking()
    requests = bench.azure.keep(kept)
    addresses = (bench.azure.addresses["url"], bench.azure.addresses["ca"], str(kept))
    bare = repeated(lambda: bench.module("bare_client", *addresses), bench.times)
    cost = replace(cost, requests=requests, written_kb=None)
    return Measure(bench.size, name, cost, "a bare client", replace(bare, written_kb=None))


def lists(bench: Bench) -> Iterator[Measure]:
    """The list in each form, beside a program that writes the same rows."""
    rows = bench.folder / "list-json.txt"
    for form in ("json", "csv", "table"):
        listing = partial(bench.run, "list", "--format", form, expected=(0, 3), name=f"list-{form}")
        writing = partial(bench.module, "plain_writer", str(rows), form)
        yield from _beside(bench, f"list, {form}", listing, "a plain writer", writing)


def reports(bench: Bench) -> Iterator[Measure]:
    """What reads the store alone, beside the opening of the same file."""
    target = bench.target(verdict="idle")
    owners, review = ("report", "owners"), ("report", "review", "--quarter", QUARTER, "--anew")
    out = bench.folder
    opening = partial(bench.surroundings.run, ["-c", OPENING, str(bench.store)], out / "open.txt")
    for name, arguments in (
        ("show", ("show", target)),
        ("diff", ("diff", "latest~1", "latest")),
        ("history", ("history", target.rpartition("/")[0])),
        ("report review", (*review, "--out", str(out / "review.html"))),
        ("report owners", (*owners, "--out", str(out / "owners"))),
        ("report owners, xlsx", (*owners, "--out", str(out / "sheets"), "--format", "xlsx")),
    ):
        asking = partial(ended, bench, *arguments)
        yield from _beside(bench, name, asking, "opening the store", opening)


def interface(bench: Bench) -> Iterator[Measure]:
    """The interface beside Textual's DataTable of the same rows, by the same keys."""
    plain = ["-m", "tests.bench.data_table", str(bench.folder / "list-json.txt")]
    own, other = (_looked_at(bench, program) for program in (bench.mothball(), plain))
    for name, cost in own.items():
        yield Measure(bench.size, f"interface, {name}", cost, "DataTable", other[name])
    yield Measure(bench.size, "interface, details of a row", _details(bench))
    bench.module("pauses", str(bench.store))
    pauses = json.loads((bench.folder / "pauses.txt").read_text(encoding="utf-8"))
    reading, quiet = (Cost(wall_seconds=pauses[when]) for when in ("reading", "quiet"))
    name = "interface, longest pause of the loop"
    yield Measure(bench.size, name, reading, "nothing to do", quiet)


def loop(bench: Bench, own: Cost) -> Measure:
    """The first snapshot beside a call for each deployment (30 days of one metric)."""
    tenant, addresses = bench.azure.tenant(), bench.azure.addresses
    places = (addresses["url"], addresses["ca"], tenant["moment"], *tenant["workspaces"])
    bench.azure.forget()
    cost = bench.module("ml_loop", *places)
    requests = bench.azure.keep(bench.folder / "sent.jsonl")
    baseline = replace(cost, requests=requests, written_kb=None)
    return Measure(
        bench.size, "first snapshot, call by call", own, "a loop of azure-ai-ml", baseline
    )


def _looked_at(bench: Bench, program: Sequence[str]) -> dict[str, Cost]:
    with Terminal(bench.surroundings, program) as terminal:
        found = {"first row": terminal.shows(A_ROW)}
        terminal.press([FILTER])
        found["a key of the filter"] = terminal.press([b"e", b"p", b"-", b"0"])
        terminal.press([ESCAPE])
        found["a key of the cursor"] = terminal.press([DOWN] * 5)
        found["a sort"] = terminal.press([RIGHT + SORT, SORT])
        found["in all"] = terminal.end()
    return found


def _details(bench: Bench) -> Cost:
    with Terminal(bench.surroundings, bench.mothball()) as terminal:
        terminal.shows(A_ROW)
        return terminal.press([ENTER, ENTER])


def _beside(
    bench: Bench, name: str, own: Callable[[], Cost], against: str, other: Callable[[], Cost]
) -> Iterator[Measure]:
    cost, baseline = repeated(own, bench.times), repeated(other, bench.times)
    yield Measure(bench.size, name, cost, against, baseline)
