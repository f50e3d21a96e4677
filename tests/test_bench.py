"""What `make bench` measures: all of it, side by side, and not worse than it was."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench import page
from tests.bench.results import Cost, Limits, Measure, Results, limits_of, table, worse
from tests.bench.tenant import LARGEST_LOOP

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "tests" / "bench" / "results.json"
SIZE = 20
SNAPSHOT = Measure(
    1000,
    "first snapshot",
    Cost(cpu_seconds=6.0, wall_seconds=60.0, peak_mb=300.0, requests=33),
    "a bare client",
    Cost(cpu_seconds=2.0, wall_seconds=3.0, peak_mb=30.0, requests=32),
)
LIMITS: Limits = limits_of([SNAPSHOT])
ALL = (
    "first snapshot",
    "a day later, requests",
    "once more",
    "guard of one",
    *(f"list, {form}" for form in ("table", "json", "csv")),
    "show",
    "report review",
    "report owners",
    "interface, first row",
    "interface, a key of the filter",
    "interface, a key of the cursor",
    "interface, a sort",
    "interface, details of a row",
    "first snapshot, call by call",
)


def with_cost(**costs: Any) -> Measure:
    return dataclasses.replace(SNAPSHOT, cost=dataclasses.replace(SNAPSHOT.cost, **costs))


def test_the_same_ratios_are_not_worse() -> None:
    assert worse([SNAPSHOT], LIMITS) == []


@pytest.mark.parametrize(
    ("costs", "says"),
    [
        ({"cpu_seconds": 12.1}, "cpu_seconds is 6.05 x its baseline, was 3.00 x"),
        ({"peak_mb": 601.0}, "peak_mb is 20.03 x its baseline, was 10.00 x"),
    ],
)
def test_a_ratio_that_doubled_is_worse(costs: dict[str, float], says: str) -> None:
    assert worse([with_cost(**costs)], LIMITS) == [f"1000: first snapshot: {says}"]


def test_a_ratio_that_grew_by_less_is_chance() -> None:
    assert worse([with_cost(cpu_seconds=11.9, peak_mb=599.0)], LIMITS) == []


def test_two_requests_more_than_before_are_worse() -> None:
    (line,) = worse([with_cost(requests=35)], LIMITS)
    assert "requests is 1.09 x its baseline, was 1.03 x" in line


def test_seconds_by_the_clock_are_never_worse() -> None:
    assert worse([with_cost(wall_seconds=6000.0)], LIMITS) == []


def test_what_is_no_longer_measured_is_worse() -> None:
    assert worse([], LIMITS) == ["1000: first snapshot was not measured"]


def test_a_table_shows_each_cost_with_its_ratio() -> None:
    head, line = table([SNAPSHOT]).splitlines()
    assert head.split()[0] == "deployments"
    assert "6.0 (3.00 x)" in line
    assert "33 (1.03 x)" in line


def test_the_page_is_made_from_the_kept_results(tmp_path: Path) -> None:
    before = Results("2026-11-01", {"duckdb": "1"}, {"cores": 2, "memory_gb": 8}, [SNAPSHOT])
    now = dataclasses.replace(before, measures=[with_cost(cpu_seconds=4.5)])
    before.write(tmp_path / "before.json")
    now.write(tmp_path / "results.json")
    text = page.markdown(tmp_path / "results.json")
    assert "### 1,000 deployments" in text
    assert "| first snapshot | 4.5 (2.25 x) |" in text
    assert "| 1,000 | first snapshot | 6.0 → 4.5 | 300.0 → 300.0 | 33 → 33 |  |" in text


def test_a_run_of_another_size_lies_beside_the_results(tmp_path: Path) -> None:
    run = Results("2026-11-01", {}, {"cores": 2, "memory_gb": 8}, [SNAPSHOT])
    large = dataclasses.replace(run, measures=[dataclasses.replace(SNAPSHOT, size=100_000)])
    run.write(tmp_path / "results.json")
    large.write(tmp_path / "results-100000.json")
    assert "### 100,000 deployments" in page.markdown(tmp_path / "results.json")


def test_the_page_tells_what_ten_times_as_many_take(tmp_path: Path) -> None:
    large = dataclasses.replace(with_cost(cpu_seconds=63.0, requests=330), size=10_000)
    run = Results("2026-11-01", {}, {"cores": 2, "memory_gb": 8}, [SNAPSHOT, large])
    run.write(tmp_path / "results.json")
    text = page.markdown(tmp_path / "results.json")
    assert "| 1,000 → 10,000 | first snapshot | 10.5 x | 1.0 x | 10.0 x |  |" in text


def test_the_page_tells_what_other_programs_found(tmp_path: Path) -> None:
    cost = dataclasses.asdict(SNAPSHOT.cost)
    own = {"name": "mothball snapshot", "versions": {"mothball": "1"}, "size": 1000, "cost": cost}
    other = {**own, "name": "other", "cost": {**cost, "requests": 330}}
    found = {"found": 12, "of_which": {"idle": 4, "rollback": 8}}
    peers = json.dumps([{**one, **found} for one in (own, other)])
    (tmp_path / "peers.json").write_text(peers, encoding="utf-8")
    text = page.markdown(tmp_path / "results.json")
    assert "| other | mothball 1 | 6.0 (1.00 x) | 300.0 (1.00 x) | 330 (10.00 x) | 12 |" in text
    assert "8 rollback, 4 idle |" in text


def test_the_page_about_speed_is_the_one_that_the_results_make() -> None:
    """`python -m tests.bench.page tests/bench/results.json docs/performance.md` renews it."""
    kept = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert kept == page.markdown(KEPT)


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.bench", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Results, str]:
    """A run on a tiny tenant, in a process of its own: where it is kept, its results, its text."""
    folder = tmp_path_factory.mktemp("bench")
    kept = ["--json", str(folder / "run.json"), "--keep-limits", str(folder / "limits.json")]
    done = bench("--size", str(SIZE), "--times", "1", "--part", "tenant", *kept)
    assert done.returncode == 0, done.stderr
    return folder, Results.read(folder / "run.json"), done.stdout


@pytest.mark.journey
def test_a_run_measures_all_of_it(run: tuple[Path, Results, str]) -> None:
    _folder, results, text = run
    names = {measure.name for measure in results.measures}
    assert set(ALL) <= names
    assert LARGEST_LOOP >= SIZE
    lines = text.splitlines()
    assert [name for name in names if not any(f" {name} " in line for line in lines)] == []


@pytest.mark.journey
def test_a_run_says_with_what_and_on_what_but_not_where(run: tuple[Path, Results, str]) -> None:
    folder, results, _text = run
    assert {"mothball", "python", "duckdb", "textual"} <= set(results.versions)
    assert set(results.machine) == {"cores", "memory_gb"}
    assert str(folder.parent) not in (folder / "run.json").read_text(encoding="utf-8")


@pytest.mark.journey
def test_a_run_is_no_worse_than_itself_and_fails_against_half_of_its_ratios(
    run: tuple[Path, Results, str],
) -> None:
    folder, results, _text = run
    limits = json.loads((folder / "limits.json").read_text(encoding="utf-8"))
    assert worse(results.measures, limits) == []
    assert worse(results.measures, _halved(limits)) != []


@pytest.mark.journey
def test_the_bench_fails_where_a_ratio_doubled(tmp_path: Path) -> None:
    path = tmp_path / "limits.json"
    path.write_text(json.dumps({"0: mothball --version": {"peak_mb": 0.1}}), encoding="utf-8")
    done = bench("--times", "1", "--part", "starts", "--against", str(path))
    assert done.returncode == 1
    assert "slower: 0: mothball --version: peak_mb is" in done.stdout


def _halved(limits: Limits) -> Limits:
    return {key: {name: one * 0.49 for name, one in kept.items()} for key, kept in limits.items()}
