"""docs/reliability.md says what comes of each fault, and the product does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.connection.timeouts import Timeouts
from tests.reliability.__main__ import page
from tests.reliability.cells import Bench, Cell, bench_in
from tests.reliability.faults import FAULTS, SILENT, SOURCES
from tests.reliability.kills import (
    KILLS,
    SEED,
    Kills,
    kill_deletions,
    kill_imports,
    kill_migrations,
    kill_restores,
    kill_snapshots,
    victim_in,
)
from tests.reliability.results import cells_kept, kills_kept, results_kept, silences_kept

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
# A few of each kind: what passes, what is refused, what is no answer, what has no shape.
SAMPLE = (
    ("sign-in", "a null in the list"),
    ("sign-in", "200 page of a proxy"),
    ("subscriptions", "503 always"),
    ("inventory", "a redirect to another host"),
    ("locks", "403 refused"),
    ("metrics", "cut"),
    ("metrics", "429 once"),
    ("traffic log", "no answer"),
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_in(tmp_path_factory.mktemp("bench")) as bench:
        yield bench


def came_to(cell: Cell) -> object:
    """What of a cell is the same in every run."""
    return cell.code, cell.told[:1], cell.stored, cell.false_idle


def test_the_page_is_made_from_the_results() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(results_kept())


def test_every_fault_of_every_source_was_met_and_none_is_a_surprise() -> None:
    cells = cells_kept()
    assert [(cell.source, cell.fault) for cell in cells] == [
        (source, fault) for source in SOURCES for fault in FAULTS
    ]
    for cell in cells:
        assert cell.met, cell
        assert cell.is_named, cell
        assert not any((cell.has_traceback, cell.is_unexpected, cell.false_idle)), cell
        assert (cell.code == 0) == (not cell.told), cell
        # A delay of the machine counts as often as the limits are shortened.
        assert cell.silent_seconds <= Timeouts().total_seconds + 20, cell


def test_no_command_takes_more_than_two_minutes_because_a_source_is_silent() -> None:
    silences = silences_kept()
    assert len(silences) == len(SOURCES) * len(SILENT)
    # A start and the answers of all other sources take the rest.
    assert Timeouts().total_seconds == 110
    assert max(one.seconds for one in silences) <= 120


def test_what_passes_costs_nothing_and_what_stays_is_never_taken_for_success() -> None:
    codes = {(cell.source, cell.fault): cell.code for cell in cells_kept()}
    for source in SOURCES:
        assert [codes[source, f"{fault} once"] for fault in ("429", "503", "closed")] == [0, 0, 0]
        assert codes[source, "403 refused"] in (1, 3)
        assert all(codes[source, fault] in (1, 3) for fault in SILENT)


def test_commands_were_ended_often_enough_and_nothing_was_lost_or_came_twice() -> None:
    works = {kills.work for kills in kills_kept()}
    assert works >= {"deletion", "import", "migration", "snapshot"}
    assert all((k.kills, k.lost, k.doubled) == (KILLS, 0, 0) for k in kills_kept())


@pytest.mark.parametrize(("source", "fault"), SAMPLE)
def test_a_fault_comes_to_what_the_page_says(bench: Bench, source: str, fault: str) -> None:
    (kept,) = (one for one in cells_kept() if (one.source, one.fault) == (source, fault))
    assert came_to(bench.cell(source, fault)) == came_to(kept)


@pytest.mark.journey
@pytest.mark.parametrize("source", SOURCES)
def test_every_fault_comes_to_what_the_page_says(bench: Bench, source: str) -> None:
    for kept in (cell for cell in cells_kept() if cell.source == source):
        found = bench.cell(source, kept.fault)
        assert came_to(found) == came_to(kept)
        # A delay of the machine counts as often as the limits are shortened.
        assert found.silent_seconds <= Timeouts().total_seconds + 60


@pytest.mark.journey
@pytest.mark.parametrize("work", [kill_snapshots, kill_imports, kill_migrations])
def test_a_work_that_is_killed_twenty_times_loses_nothing(work: object, tmp_path: Path) -> None:
    print(f"seed {SEED}")
    assert callable(work)
    with victim_in(tmp_path, SEED) as victim:
        _assert_nothing_lost(work(victim))


@pytest.mark.journey
def test_deletions_and_restores_that_are_killed_are_each_done_once(tmp_path: Path) -> None:
    print(f"seed {SEED}")
    with victim_in(tmp_path, SEED) as victim:
        _assert_nothing_lost(kill_deletions(victim))
        world = victim.azure.world
        for number in range(10):
            with pytest.raises(KeyError):
                world.find(f"ws/endpoint-{number}/old")
            assert world.find(f"ws/endpoint-{number}/live")
            assert world.find(f"ws/endpoint-{number}/fallback")
        _assert_nothing_lost(kill_restores(victim))


def _assert_nothing_lost(kills: Kills) -> None:
    assert (kills.kills, kills.lost, kills.doubled) == (KILLS, 0, 0), kills
