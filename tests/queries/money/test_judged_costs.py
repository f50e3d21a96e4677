"""What each line of the bill was for: by the verdict of its time, and by what is known since."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from emulator import Endpoint, Workspace, since, steady, until
from queries.estate.questions import billed_days_of
from queries.money.spans import judged_within
from tests.queries.bills import keep_bill, line
from tests.scene import NOW, Scene, ago

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def endpoint(workspace: Workspace) -> Endpoint:
    return workspace.endpoint("score", traffic={"blue": 100}, created_at=ago(300))


def verdicts(scene: Scene, first: date, last: date, name: str = "green") -> dict[date, str]:
    """The verdict of each day's line; the bill is a cent a day."""
    months: dict[date, list[date]] = {}
    day = first
    while day <= last:
        months.setdefault(day.replace(day=1), []).append(day)
        day += DAY
    for month, days in months.items():
        keep_bill(scene, [line(d, "0.01", name) for d in days], month, at=scene.clock.now())
    rows = scene.sql("select day, verdict from judged_costs where deployment = ?", [name])
    assert len(rows) == (last - first).days + 1
    return dict(rows)


def test_a_verdict_counts_until_the_next_snapshot(scene: Scene, endpoint: Endpoint) -> None:
    endpoint.deployment("blue", requests=steady(1))
    green = endpoint.deployment("green", tags={"role": "test"}, created_at=ago(200))
    endpoint.deployment("kept", tags={"role": "rollback"}, created_at=ago(200))
    scene.snapshot()
    scene.clock.advance(10 * DAY)
    green.tags["role"] = "production"
    scene.snapshot()
    found = verdicts(scene, TODAY, TODAY + 12 * DAY)
    assert {found[TODAY + n * DAY] for n in range(10)} == {"idle"}
    assert {found[TODAY + n * DAY] for n in range(10, 13)} == {"protected"}


def test_what_is_asked_again_no_longer_serves_nobody(scene: Scene, endpoint: Endpoint) -> None:
    endpoint.deployment("blue", requests=steady(1))
    endpoint.deployment("kept", tags={"role": "rollback"}, created_at=ago(200))
    again = NOW + 5 * DAY
    endpoint.deployment("green", requests=since(again, 1.0), created_at=ago(200))
    scene.snapshot()
    scene.clock.advance(20 * DAY)
    scene.snapshot()
    found = verdicts(scene, TODAY, TODAY + 19 * DAY)
    assert {found[TODAY + n * DAY] for n in range(5)} == {"idle"}
    assert {found[TODAY + n * DAY] for n in range(6, 20)} == {"asked"}


def test_silence_that_a_later_snapshot_proves_reaches_back(
    scene: Scene, endpoint: Endpoint
) -> None:
    silent = NOW + 3 * DAY
    endpoint.deployment("blue", requests=until(silent, 1.0), created_at=ago(200))
    scene.snapshot()
    scene.clock.advance(39 * DAY)
    scene.snapshot()
    row = scene.rows()["score/blue"]
    # The days between the first snapshot and the window of the second were never asked for.
    assert (row.verdict, row.idle_days) == ("idle-endpoint", 35)
    found = verdicts(scene, TODAY, TODAY + 35 * DAY, "blue")
    assert {found[TODAY + n * DAY] for n in range(5)} == {"serving"}
    assert {found[TODAY + n * DAY] for n in range(5, 36)} == {"idle-endpoint"}


def test_every_cent_is_there_once(scene: Scene, endpoint: Endpoint) -> None:
    endpoint.deployment("green", requests=steady(1), created_at=ago(200))
    for _week in range(3):
        scene.snapshot()
        scene.clock.advance(7 * DAY)
    verdicts(scene, TODAY - 30 * DAY, TODAY + 20 * DAY)
    assert scene.sql("select sum(cost), count(*) from judged_costs") == [(Decimal("0.51"), 51)]


def test_what_a_predecessor_was_billed_is_no_day_of_its_successor(
    scene: Scene, endpoint: Endpoint
) -> None:
    scene.world.graph_has_system_data = False
    endpoint.deployment("green", created_at=ago(90), deleted_at=ago(5, hours=1))
    endpoint.deployment("green", created_at=ago(5))
    endpoint.deployment("blue", requests=steady(1))
    scene.snapshot()
    days = [TODAY - number * DAY for number in range(3, 10)]
    keep_bill(scene, [line(day, "2.00", "green") for day in days])
    row = scene.rows()["score/green"]
    billed = billed_days_of(scene.store, row, TODAY - 9 * DAY, TODAY - 3 * DAY)
    assert [day.cost for day in billed] == [0, 0, 0, 0, 2, 2, 2]
    parts = dict(scene.sql("select part, sum(cost) from costs group by part"))
    assert parts == {"deployment": 6, "deleted deployment": 8}


def test_lines_of_a_span_are_judged_as_they_are_among_all(scene: Scene, endpoint: Endpoint) -> None:
    endpoint.deployment("blue", requests=steady(1))
    endpoint.deployment("kept", tags={"role": "rollback"}, created_at=ago(200))
    again = NOW + 45 * DAY
    green = endpoint.deployment("green", requests=since(again, 1.0), created_at=ago(200))
    for days in (0, 40, 40):  # of both longer gaps than what is looked at around a span
        scene.clock.advance(days * DAY)
        scene.snapshot()
    green.properties["instanceType"] = "Standard_DS4_v2"
    scene.clock.advance(DAY)
    scene.snapshot()
    verdicts(scene, TODAY - 30 * DAY, TODAY + 90 * DAY)
    whole = scene.sql("from judged_costs")
    found = {row[4]: row for row in whole}
    assert len({row[-3] for row in whole}) > 2
    for first, last in ((-30, -20), (-5, 5), (10, 20), (41, 60), (50, 52), (78, 90)):
        span = {"first_day": TODAY + first * DAY, "last_day": TODAY + last * DAY}
        with scene.store.reading() as connection, judged_within(connection, span):
            lines = connection.execute("from judged_costs").fetchall()
        assert sorted(lines) == [found[TODAY + days * DAY] for days in range(first, last + 1)], (
            first,
            last,
        )
