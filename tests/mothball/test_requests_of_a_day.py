"""The requests of a day are one number, in every face, up to the moment that it was read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from emulator import Clock, Fault, World, dead, steady, until
from mothball.cli import run
from queries.estate.questions import deployments_of
from queries.judge import judge
from queries.store.file import Store
from queries.store.migrate import MIGRATIONS
from tests.scene import Scene, playing
from tui.details.chart import charts
from tui.state.estate import read_days

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
WINDOW_DAYS, MINUTES_OF_A_DAY = 35, 1440
LARGER_OF_BOTH = (
    "select sum(requests) from (select max(requests) as requests from daily_requests"
    " where day >= ? group by day)"
)
RUNNING_FOR = pytest.mark.parametrize(
    "running_for",
    [timedelta(minutes=5), timedelta(hours=6), timedelta(hours=23, minutes=55)],
    ids=["00:05", "06:00", "23:55"],
)


def one_request_a_minute(world: World) -> None:
    workspace = world.subscription("s").resource_group("g").workspace("w")
    created_at = MIDNIGHT - timedelta(days=80)
    endpoint = workspace.endpoint("e", traffic={"d": 100}, created_at=created_at)
    endpoint.deployment("d", created_at=created_at, requests=steady(1.0))


def requests_shown(scene: Scene, capsys: pytest.CaptureFixture[str]) -> list[float]:
    capsys.readouterr()
    place = ["--store", str(scene.store.path), "--cloud", str(scene.azure.profile)]
    run(["show", "e/d", "--format", "json", *place])
    return [day["requests"] for day in json.loads(capsys.readouterr().out)["days"]]


@RUNNING_FOR
def test_every_face_counts_the_running_day_up_to_its_reading(
    running_for: timedelta, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(clock=Clock(MIDNIGHT + running_for))
    one_request_a_minute(world)
    today = running_for / timedelta(minutes=1)
    expected = WINDOW_DAYS * MINUTES_OF_A_DAY + today
    with playing(world, tmp_path) as scene:
        scene.snapshot()
        row = scene.rows()["e/d"]
        shown = requests_shown(scene, capsys)
        drawn = read_days(scene.store, row, WINDOW_DAYS + 1).days
        window_first_day = MIDNIGHT.date() - timedelta(days=WINDOW_DAYS)
        ((of_the_view,),) = scene.sql(LARGER_OF_BOTH, [window_first_day])
    assert row.requests_in_window == expected
    assert sum(shown) == pytest.approx(expected)
    assert sum(day.requests or 0 for day in drawn) == pytest.approx(expected)
    assert of_the_view == pytest.approx(expected)
    title = charts(drawn[-1:], [], 60)[0][0]
    assert title.startswith(f"requests a day · most {today:,.0f} on 23 Nov")


def test_a_day_that_is_read_again_after_its_end_counts_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(clock=Clock(MIDNIGHT + timedelta(hours=6)))
    one_request_a_minute(world)
    with playing(world, tmp_path) as scene:
        scene.snapshot()
        scene.clock.advance(timedelta(days=1))
        scene.snapshot()
        shown = requests_shown(scene, capsys)
        in_window = scene.rows()["e/d"].requests_in_window
    assert shown[-2:] == pytest.approx([MINUTES_OF_A_DAY, 360])
    assert in_window == pytest.approx(sum(shown))


def test_an_old_snapshot_keeps_its_number_when_its_day_was_read_again(tmp_path: Path) -> None:
    world = World(clock=Clock(MIDNIGHT + timedelta(hours=6)))
    one_request_a_minute(world)
    with playing(world, tmp_path) as scene:
        scene.snapshot()
        old = scene.rows()["e/d"]
        scene.clock.advance(timedelta(days=1))
        scene.snapshot()
        with scene.store.writing() as connection:
            judge(connection, old.snapshot_id)
        again = {row.name: row for row in deployments_of(scene.store, old.snapshot_id)}
        days = read_days(scene.store, old).days
    assert again[old.name].requests_in_window == old.requests_in_window
    assert days[-1].requests == pytest.approx(360)


def test_a_running_day_counts_up_to_its_question_however_late_the_answer_comes(
    tmp_path: Path,
) -> None:
    world = World(clock=Clock(MIDNIGHT + timedelta(hours=6)))
    one_request_a_minute(world)

    def later(body: Any) -> Any:
        world.clock.advance(timedelta(minutes=20))
        return body

    with playing(world, tmp_path) as scene:
        scene.azure.bend("metrics:getBatch", later)
        scene.snapshot()
        late = "select count(*) from metric_points as p where not exists (from metric_reads as r"
        late += " where r.read_at = p.read_at and starts_with(p.source, r.source))"
        assert scene.sql(late) == [(0,)]


def test_the_answer_of_one_namespace_alone_makes_no_day_known(tmp_path: Path) -> None:
    world = World(clock=Clock(MIDNIGHT + timedelta(hours=6)))
    workspace = world.subscription("s").resource_group("g").workspace("w")
    created_at = MIDNIGHT - timedelta(days=80)
    workspace.endpoint("e").deployment("d", created_at=created_at)
    with playing(world, tmp_path) as scene:
        scene.azure.faults.add(Fault("forbid", path="onlineEndpoints(&|$)"))
        scene.snapshot()
        days = read_days(scene.store, scene.rows()["e/d"]).days
    assert not any(day.was_asked for day in days)
    assert {day.requests for day in days} == {0}
    assert "_" not in charts(days, [], 60)[1][0]


def test_a_request_is_a_sign_of_life_in_the_chart_as_for_the_verdict(tmp_path: Path) -> None:
    world = World(clock=Clock(MIDNIGHT + timedelta(hours=6)))
    workspace = world.subscription("s").resource_group("g").workspace("w")
    created_at = MIDNIGHT - timedelta(days=80)
    workspace.endpoint("e").deployment(
        "d", created_at=created_at, requests=steady(1.0), life=dead()
    )
    with playing(world, tmp_path) as scene:
        scene.snapshot()
        row = scene.rows()["e/d"]
        assert all(day.is_alive for day in read_days(scene.store, row).days)


def test_requests_of_a_predecessor_are_no_days_of_its_successor(tmp_path: Path) -> None:
    world = World(clock=Clock(MIDNIGHT + timedelta(hours=6)))
    workspace = world.subscription("s").resource_group("g").workspace("w")
    created_at = MIDNIGHT - timedelta(days=20)
    before = until(MIDNIGHT - timedelta(days=25), 1.0)
    workspace.endpoint("e").deployment("d", created_at=created_at, requests=before)
    with playing(world, tmp_path) as scene:
        scene.snapshot()
        row = scene.rows()["e/d"]
        days = read_days(scene.store, row, WINDOW_DAYS + 1).days
    assert row.requests_in_window == 0
    assert not any(day.requests for day in days)
    assert not any(day.was_asked for day in days if day.day < created_at.date())


def test_a_store_of_the_version_before_gets_the_new_count(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table migrations (name varchar, applied_at timestamp)")
        for file in sorted(MIGRATIONS.glob("*.sql")):
            if file.name < "015":
                connection.execute(file.read_text(encoding="utf-8"))
                connection.execute("insert into migrations values (?, now())", [file.name])
        connection.execute(
            "insert into metric_points values ('d', 'endpoint', 'RequestsPerMinute', '', 1440,"
            " 1440, '2026-11-23', 1, null, '2026-11-23 06:00')"
        )
    with Store(path).reading() as connection:
        counted = connection.execute("select requests from daily_requests").fetchall()
    assert counted == [(360,)]
