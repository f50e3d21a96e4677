"""How long a silent source holds a command up by the limits as they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.reliability.cells import bench_in
from tests.reliability.faults import SILENT, SOURCES

TOGETHER = 7


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a command took in which one source gave no answer."""

    source: str
    fault: str
    seconds: int


def measured(source: str, fault: str) -> Silence:
    """One cell at the limits as they are."""
    with TemporaryDirectory() as place, bench_in(Path(place), factor=1) as bench:
        began = time.monotonic()
        bench.cell(source, fault)
        return Silence(source, fault, round(time.monotonic() - began))


def all_measured() -> Iterator[Silence]:
    """Every source, silent in each way."""
    pairs = [(source, fault) for source in SOURCES for fault in SILENT]
    with ProcessPoolExecutor(TOGETHER) as pool:
        yield from pool.map(measured, *zip(*pairs, strict=True))
