"""What the matrix, the kills and the like came to, as the file that the page is made from.

python -m tests.reliability.results matrix              runs every cell anew and keeps it
python -m tests.reliability.results matrix locks 403    those of some sources and faults
python -m tests.reliability.results kills               ends commands at random, and keeps the count
python -m tests.reliability.results writers             tries what means harm on every writer
python -m tests.reliability.results silence             measures silence at the limits as they are
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from tests.reliability.cells import Cell, bench_in
from tests.reliability.faults import FAULTS, SOURCES
from tests.reliability.kills import SEED, Kills, all_kills
from tests.reliability.silence import Silence, all_measured
from tests.reliability.writers import Tried, found_by, shelf_in, tried
from tests.stores import KIND
from tests.team.server import serving

Rows: TypeAlias = dict[str, list[dict[str, Any]]]
NAMES = ("cells", "kills", "writers", "silences")
RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Results:
    """All that is kept."""

    cells: tuple[Cell, ...]
    kills: tuple[Kills, ...]
    writers: tuple[Tried, ...]
    silences: tuple[Silence, ...]


def results_kept() -> Results:
    """What the page is made from."""
    return Results(cells_kept(), kills_kept(), tried_kept(), silences_kept())


def cells_kept() -> tuple[Cell, ...]:
    """The matrix as it was run last."""
    return tuple(Cell(**one | {"told": tuple(one["told"])}) for one in _kept()["cells"])


def kills_kept() -> tuple[Kills, ...]:
    """The kills as they were counted last, by their work."""
    return tuple(Kills(**one) for one in _kept()["kills"])


def tried_kept() -> tuple[Tried, ...]:
    """What came of the writers last, by the kind of store."""
    return tuple(Tried(**one) for one in _kept()["writers"])


def silences_kept() -> tuple[Silence, ...]:
    """How long silence lasted, as it was measured last."""
    return tuple(Silence(**one) for one in _kept()["silences"])


def keep_tried(found: Tried) -> None:
    """Keep what came of the writers on one kind of store in place of what was known of it."""
    others = [asdict(one) for one in tried_kept() if one.store != found.store]
    _keep(_kept() | {"writers": sorted([*others, asdict(found)], key=lambda one: one["store"])})


def keep_cells(cells: Iterable[Cell]) -> None:
    """Keep a matrix in place of the one before."""
    _keep(_kept() | {"cells": [asdict(cell) for cell in cells]})


def keep_kills(kills: Kills) -> None:
    """Keep what came of the kills in one work in place of what was known of it."""
    others = [asdict(one) for one in kills_kept() if one.work != kills.work]
    _keep(_kept() | {"kills": sorted([*others, asdict(kills)], key=lambda one: str(one["work"]))})


def _kept() -> Rows:
    kept: Rows = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return {name: [] for name in NAMES} | kept


def _keep(results: Rows) -> None:
    lines = [
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in rows)
        for name, rows in results.items()
    ]
    RESULTS.write_text("{" + "\n],\n".join(lines) + "\n]}\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Try again, and keep what came of it."""
    what, *names = arguments or [""]
    if what not in ("matrix", "kills", "writers", "silence"):
        print(__doc__)
        return 2
    with TemporaryDirectory() as place:
        if what == "matrix":
            _try_cells(Path(place), names)
        elif what == "writers":
            _try_writers(Path(place))
        elif what == "silence":
            silences = [asdict(one) for one in all_measured()]
            _keep(_kept() | {"silences": silences})
        else:
            for kills in all_kills(Path(place), SEED):
                keep_kills(kills)
    return 0


def _try_writers(place: Path) -> None:
    with ExitStack() as running:
        for start in (None, lambda: running.enter_context(serving())):
            KIND.start = start
            folder = place / ("shared" if start else "file")
            folder.mkdir()
            with shelf_in(folder) as shelf:
                found = list(found_by(shelf))
            print(*found, sep="\n")
            keep_tried(tried(found))


def _try_cells(place: Path, names: Sequence[str]) -> None:
    known = {(cell.source, cell.fault): cell for cell in cells_kept()}
    with bench_in(place) as bench:
        for source in SOURCES:
            for fault in FAULTS:
                is_named = source in names or any(fault.startswith(name) for name in names)
                if is_named or not names:
                    known[source, fault] = bench.cell(source, fault)
    keep_cells(known[source, fault] for source in SOURCES for fault in FAULTS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
