"""Measures what depends on no tenant: the start of a command, and the import of a large bill."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.bench.processes import Surroundings, repeated
from tests.bench.results import Measure

EXPORTS = Path(__file__).parents[1] / "exports"
ROWS = 1_000_000
EXECUTE = "import sys, duckdb\nduckdb.connect().execute(sys.argv[1])"
# Reads every value of a file, and keeps none.
READ = "select bit_xor(hash(t)) from {}('{}') as t"


def starts(folder: Path, times: int) -> Iterator[Measure]:
    """The command line against a bare interpreter."""
    folder.mkdir(parents=True)
    run = partial(Surroundings(folder).run, output=folder / "out.txt")
    bare = repeated(lambda: run(["-c", "pass"]), times)
    for words in (("--version",), ("list", "--help")):
        cost = repeated(lambda words=words: run(["-m", "mothball", *words]), times)  # type: ignore[misc]
        yield Measure(0, f"mothball {' '.join(words)}", cost, "a bare interpreter", bare)


def imports(folder: Path) -> Iterator[Measure]:
    """An export of a million rows into an empty store, against DuckDB's own reading of the file."""
    folder.mkdir(parents=True)
    run = partial(Surroundings(folder).run, output=folder / "out.txt")
    for name, reading in (("ea.csv", "read_csv"), ("focus.parquet", "read_parquet")):
        path = folder / name
        made = (EXPORTS / f"{path.stem}.sql").read_text(encoding="utf-8").format(path=path)
        run(["-c", EXECUTE, made])
        bare = run(["-c", EXECUTE, READ.format(reading, path)])
        store = str(path.with_suffix(".duckdb"))
        cost = run(["-m", "mothball", "--store", store, "costs", "import", str(path)])
        yield Measure(0, f"import of {ROWS:,} rows, {name}", cost, "DuckDB's own reading", bare)
