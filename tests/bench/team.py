"""A team's store beside one in a file: the same work on the same tenant, in one run.

python -m tests.bench.team --size 1000 10000

Prints the table of docs/stores.md. It needs PostgreSQL's server, which it starts for itself.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests.bench.azure import DAY_SECONDS, serving
from tests.bench.machine import machine, versions
from tests.bench.processes import Surroundings, repeated
from tests.bench.results import Cost
from tests.bench.tenant import A_ROW, SNAPSHOT, Bench
from tests.bench.terminal import Terminal
from tests.team.server import Server
from tests.team.server import serving as serving_postgresql

OWNER = "owner=team@contoso.example"
HEAD = """
| deployments | what | file, CPU s | team, CPU s | ratio | file, s | team, s |
| --: | --- | --: | --: | --: | --: | --: |"""


@dataclass(frozen=True)
class TeamBench(Bench):
    """The same on a store whose catalogue is on a server."""

    server: Server | None = None

    @property
    def surroundings(self) -> Surroundings:
        """With libpq's file of passwords."""
        found = super().surroundings
        if self.server is None:
            return found
        own = ("PGPASSFILE", str(self.server.password_file))
        return replace(found, variables=(*found.variables, own))

    @property
    def store_options(self) -> list[str]:
        """By the settings, which name it."""
        if self.server is None:
            return super().store_options
        settings = self.folder / "config.toml"
        words = f'catalogue = "{self.server.words("team")}"\ndata = "{self.folder}/data"\n'
        settings.write_text("[stores.team]\n" + words, encoding="utf-8")
        return ["--store", "team", "--config", str(settings)]


def costs(bench: Bench) -> Iterator[tuple[str, Cost]]:
    """What each piece of work takes."""
    snapshot = partial(bench.run, *SNAPSHOT, expected=(0, 3))
    yield "first snapshot", snapshot()
    bench.azure.advance(DAY_SECONDS)
    yield "snapshot a day later", snapshot()
    listing = partial(bench.run, "list", "--format", "json", expected=(0, 3), name="list-json")
    yield "list", repeated(listing, bench.times)
    target = bench.target(verdict="idle")
    tagging = partial(bench.run, "tag", target, "--set", OWNER)
    yield "tag", repeated(tagging, bench.times)
    yield "interface, first row", repeated(partial(_first_row, bench), bench.times)
    yield "store check", repeated(partial(bench.run, "store", "check"), bench.times)


def _first_row(bench: Bench) -> Cost:
    with Terminal(bench.surroundings, bench.mothball()) as terminal:
        return terminal.shows(A_ROW)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.team", description=__doc__)
    parser.add_argument("--size", type=int, nargs="+", default=(1_000, 10_000), help="deployments")
    parser.add_argument("--times", type=int, default=3, help="how often to measure what is cheap")
    options = parser.parse_args()
    print(HEAD, flush=True)
    for size in options.size:
        with ExitStack() as running, tempfile.TemporaryDirectory(prefix="mothball-") as folder:
            server = running.enter_context(serving_postgresql())
            server.create("team")
            file = dict(_measured(size, Path(folder, "file"), options.times, None))
            team = dict(_measured(size, Path(folder, "team"), options.times, server))
            for line in _lines(size, file, team):
                print(line, flush=True)
    print(", ".join(f"{name} {text}" for name, text in {**versions(), **machine()}.items()))


def _measured(
    size: int, folder: Path, times: int, server: Server | None
) -> Iterator[tuple[str, Cost]]:
    folder.mkdir()
    with serving(size, folder) as azure:
        yield from costs(TeamBench(size, azure, folder, times, server=server))


def _lines(size: int, file: Mapping[str, Cost], team: Mapping[str, Cost]) -> Iterator[str]:
    for what, before in file.items():
        cells = [f"{size:,}", what]
        cells += [_cell(before, _cpu), _cell(team[what], _cpu)]
        cells += [f"{_cpu(team[what]) / _cpu(before):.2f}"]
        cells += [_cell(before, _wall), _cell(team[what], _wall)]
        yield "| " + " | ".join(cells) + " |"


def _cpu(cost: Cost) -> float:
    assert cost.cpu_seconds is not None
    return cost.cpu_seconds


def _wall(cost: Cost) -> float:
    assert cost.wall_seconds is not None
    return cost.wall_seconds


def _cell(cost: Cost, of: Callable[[Cost], float]) -> str:
    return f"{of(cost):.2f}"


if __name__ == "__main__":
    main()
