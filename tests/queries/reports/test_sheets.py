"""Files of rows: written one row after another, and there whole or not at all."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.reports.sheets import write_csv

ROWS, TEXT = 20_000, "silent " * 20


def rows_that_fail() -> Iterator[dict[str, str]]:
    yield {"why": TEXT}
    raise ValueError("the store went away")


def test_a_file_of_many_rows_takes_a_small_part_of_its_size_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    tracemalloc.start()
    try:
        write_csv(path, ("why", "line"), ({"why": TEXT, "line": n} for n in range(ROWS)))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < path.stat().st_size / 4
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == ROWS + 1


def test_a_file_whose_rows_fail_half_way_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="went away"):
        write_csv(tmp_path / "f.csv", ("why",), rows_that_fail())
    assert list(tmp_path.iterdir()) == []
