"""`make bench`: measures, prints a table, and keeps or compares what it measured."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import commands, history, tenant
from tests.bench.machine import machine, versions
from tests.bench.results import Measure, Results, limits_of, table, worse

SIZES = (1_000, 10_000)
LARGEST_REPEATED, TIMES = 1_000, 3
PARTS = ("tenant", "night", "year", "starts", "imports")


def main() -> int:
    """Measure as asked; 1 where a ratio grew beyond its limit."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="mothball-bench-", dir=options.folder) as folder:
        found = list(_measured(options, Path(folder)))
    results = Results(f"{datetime.now(UTC):%Y-%m-%d}", versions(), machine(), found)
    print(table(found))
    print(_about(results))
    if options.json:
        results.write(options.json)
    if options.keep_limits:
        text = json.dumps(limits_of(found), indent=1)
        options.keep_limits.write_text(text + "\n", encoding="utf-8")
    return _compare(found, options.against) if options.against else 0


def _measured(options: argparse.Namespace, folder: Path) -> Iterator[Measure]:
    for size in options.size:
        if "tenant" in options.part:
            yield from _noted(_of_tenant(options, size, folder / f"of {size}"))
    if "starts" in options.part:
        yield from _noted(commands.starts(folder / "starts", options.times or TIMES))
    if "imports" in options.part:
        yield from _noted(commands.imports(folder / "imports"))


def _of_tenant(options: argparse.Namespace, size: int, folder: Path) -> Iterator[Measure]:
    with tenant.bench_of(size, folder, _times(options, size)) as bench:
        found = tenant.measures(bench)
        first = next(found)
        yield first
        yield from found
        if "night" in options.part:
            yield from history.night(bench)
        if "year" in options.part:
            yield from history.year(bench, options.days, first.cost)


def _times(options: argparse.Namespace, size: int) -> int:
    """What takes long says the same each time."""
    return options.times or (TIMES if size <= LARGEST_REPEATED else 1)


def _noted(measures: Iterator[Measure]) -> Iterator[Measure]:
    for measure in measures:
        print(table([measure]).splitlines()[1], file=sys.stderr, flush=True)
        yield measure


def _compare(found: Sequence[Measure], path: Path) -> int:
    lines = worse(found, json.loads(path.read_text(encoding="utf-8")))
    for line in lines:
        print(f"slower: {line}")
    return 1 if lines else 0


def _about(results: Results) -> str:
    known = {**results.versions, **results.machine}
    return ", ".join(f"{name} {text}" for name, text in known.items()) + f", {results.date}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--size", type=int, nargs="+", default=SIZES, help="deployments")
    parser.add_argument(
        "--part", nargs="+", choices=PARTS, default=PARTS, help="`night` and `year` need `tenant`"
    )
    parser.add_argument("--times", type=int, help="how often to measure what is cheap")
    parser.add_argument("--days", type=int, default=365, help="of the part `year`")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the results")
    parser.add_argument("--keep-limits", type=Path, metavar="FILE", help="keep the ratios")
    parser.add_argument(
        "--against", type=Path, metavar="FILE", help="fail where a kept ratio has doubled"
    )
    parser.add_argument("--folder", type=Path, help="where the stores of the run go meanwhile")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
