"""What counts as evidence: a sentence of the design each, on one small endpoint each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from emulator import (
    ABSENT,
    Workspace,
    alive_except,
    alive_since,
    alive_until,
    at,
    dead,
    silent,
    steady,
)
from queries.estate.rows import DeploymentRow
from tests.scene import NOW, Gallery, Scene, ago, playing

gallery = Gallery()
Rows = dict[str, DeploymentRow]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(gallery.world(), tmp_path_factory.mktemp("store")) as scene:
        scene.snapshot()
        yield scene


@pytest.fixture(scope="module")
def rows(scene: Scene) -> Rows:
    return scene.rows()


@gallery.shows
def _zeros(workspace: Workspace) -> None:
    workspace.endpoint("zeros").deployment("d")


def test_a_real_zero_on_every_day_is_proof(rows: Rows) -> None:
    row = rows["zeros/d"]
    assert row.verdict == "idle"
    assert row.requests_proven
    assert row.requests_in_window == 0
    assert "35 days with a real zero" in " ".join(row.reasons.sentences)


@gallery.shows
def _nothing(workspace: Workspace) -> None:
    workspace.endpoint("nothing").deployment("d", requests=silent("nothing"))


def test_no_value_counts_as_zero_where_the_deployment_was_alive(rows: Rows) -> None:
    row = rows["nothing/d"]
    assert row.verdict == "idle"
    assert row.requests_in_window == 0
    assert "with a sign of life" in " ".join(row.reasons.sentences)


@gallery.shows
def _dead(workspace: Workspace) -> None:
    workspace.endpoint("dead").deployment("d", requests=silent("nothing"), life=dead())


def test_no_value_without_a_sign_of_life_is_never_idle(rows: Rows) -> None:
    row = rows["dead/d"]
    assert row.verdict == "unknown"
    assert row.requests_in_window is None
    assert row.idle_days is None


@gallery.shows
def _gap(workspace: Workspace) -> None:
    life = alive_except(ago(10))
    workspace.endpoint("gap").deployment("d", requests=silent("nothing"), life=life)


def test_one_day_without_a_sign_of_life_is_a_gap_in_the_proof(rows: Rows) -> None:
    row = rows["gap/d"]
    assert row.verdict == "unknown"
    assert row.requests_in_window is None
    assert "35 of 36 days" in row.reasons.sentences[0]


def test_the_days_since_the_gap_are_the_idle_days(rows: Rows) -> None:
    assert rows["gap/d"].idle_days == 9


@gallery.shows
def _old_gap(workspace: Workspace) -> None:
    life = alive_except(ago(40))
    workspace.endpoint("old-gap").deployment("d", requests=silent("nothing"), life=life)


def test_a_gap_before_the_window_does_not_hurt(rows: Rows) -> None:
    assert rows["old-gap/d"].verdict == "idle"


@gallery.shows
def _first_day(workspace: Workspace) -> None:
    life = alive_except(ago(35))
    workspace.endpoint("first-day").deployment("d", requests=silent("nothing"), life=life)


def test_the_first_day_of_the_window_has_to_be_proven_too(rows: Rows) -> None:
    assert rows["first-day/d"].verdict == "unknown"


@gallery.shows
def _today_dead(workspace: Workspace) -> None:
    life = alive_until(NOW.replace(hour=0))
    workspace.endpoint("today-dead").deployment("d", requests=silent("nothing"), life=life)


def test_today_needs_no_sign_of_life(rows: Rows) -> None:
    assert rows["today-dead/d"].verdict == "idle"


@gallery.shows
def _today(workspace: Workspace) -> None:
    workspace.endpoint("today").deployment("d", requests=at(ago(0, 1), 1))


def test_a_request_today_counts(rows: Rows) -> None:
    row = rows["today/d"]
    assert row.verdict == "direct"
    assert row.requests_in_window == 1
    assert row.idle_days == 0


@gallery.shows
def _edge(workspace: Workspace) -> None:
    workspace.endpoint("edge-in").deployment("d", requests=at(ago(35), 3))
    workspace.endpoint("edge-out").deployment("d", requests=at(ago(36), 3))


def test_a_request_on_the_first_day_of_the_window_counts(rows: Rows) -> None:
    assert rows["edge-in/d"].verdict == "direct"
    assert rows["edge-in/d"].requests_in_window == 3


def test_a_request_before_the_window_does_not_count_but_is_reported(rows: Rows) -> None:
    row = rows["edge-out/d"]
    assert row.verdict == "idle"
    assert row.requests_in_window == 0
    assert row.last_request_at is not None
    assert row.last_request_at.date() == ago(36).date()
    assert row.idle_days == 36


@gallery.shows
def _count(workspace: Workspace) -> None:
    workspace.endpoint("count").deployment("d", requests=at(ago(3), 70) + at(ago(4), 7))


def test_requests_are_average_times_minutes_of_both_days(rows: Rows) -> None:
    assert rows["count/d"].requests_in_window == 77


@gallery.shows
def _both_namespaces(workspace: Workspace) -> None:
    workspace.endpoint("streams").deployment("d", requests=steady(1.0))


def test_the_two_namespaces_are_never_added_up(rows: Rows) -> None:
    minutes = 35 * 1440 + 18 * 60
    assert rows["streams/d"].requests_in_window == minutes


@gallery.shows
def _fraction(workspace: Workspace) -> None:
    workspace.endpoint("fraction").deployment("d", requests=at(ago(5), 0.25))


def test_a_fraction_of_a_request_never_rounds_to_none(rows: Rows) -> None:
    row = rows["fraction/d"]
    assert row.requests_in_window == 1
    assert row.verdict == "direct"


@gallery.shows
def _young(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("young")
    endpoint.deployment("d", created_at=ago(20, 5), requests=silent("nothing"))


def test_a_young_deployment_is_proven_since_its_creation(rows: Rows) -> None:
    row = rows["young/d"]
    assert row.verdict == "idle"
    assert row.idle_days == 20
    assert f"since {ago(20, 5):%Y-%m-%d}" in " ".join(row.reasons.sentences)


@gallery.shows
def _late_life(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("late-life")
    endpoint.deployment("d", requests=silent("nothing"), life=alive_since(ago(20)))


def test_metrics_that_begin_late_are_a_gap_and_not_a_birth(rows: Rows) -> None:
    row = rows["late-life/d"]
    assert row.verdict == "unknown"
    assert row.idle_days is not None
    assert row.idle_days < 21


@gallery.shows
def _predecessor(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("reborn")
    endpoint.deployment("d", created_at=ago(200), deleted_at=ago(30), requests=steady(2))
    endpoint.deployment("d", created_at=ago(25))


def test_points_before_the_creation_belong_to_a_predecessor(rows: Rows) -> None:
    row = rows["reborn/d"]
    assert row.verdict == "idle"
    assert row.requests_in_window == 0
    assert row.last_request_at is None


@gallery.shows
def _traffic(workspace: Workspace) -> None:
    workspace.endpoint("no-shares", traffic={}).deployment("d")
    absent = workspace.endpoint("map-absent")
    absent.traffic = ABSENT
    absent.deployment("d")
    workspace.endpoint("map-null", traffic=None).deployment("d")
    workspace.endpoint("map-upper", traffic={"BLUE": 100}).deployment("blue")
    shadows = workspace.endpoint("mirror-upper", mirror={"Shadow": 10})
    shadows.deployment("shadow")


def test_an_empty_map_is_zero(rows: Rows) -> None:
    assert rows["no-shares/d"].live_traffic_percent == 0


@pytest.mark.parametrize("endpoint", ["map-null", "map-absent"])
def test_a_null_or_absent_map_is_unknown(rows: Rows, endpoint: str) -> None:
    row = rows[f"{endpoint}/d"]
    assert row.live_traffic_percent is None
    assert row.verdict == "unknown"
    assert any("traffic map" in reason for reason in row.reasons.sentences)


def test_traffic_names_match_without_case(rows: Rows) -> None:
    row = rows["map-upper/blue"]
    assert row.live_traffic_percent == 100
    assert row.verdict == "idle-endpoint"
    assert rows["mirror-upper/shadow"].verdict == "shadow"


def test_an_absent_mirror_map_is_no_mirror(rows: Rows) -> None:
    assert rows["zeros/d"].mirror_traffic_percent == 0


@gallery.shows
def _zero_capacity(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("no-instances")
    endpoint.deployment("d", instances=0, requests=silent("nothing"))


def test_cpu_is_a_sign_of_life_where_the_capacity_is_zero(rows: Rows) -> None:
    assert rows["no-instances/d"].verdict == "idle"


def test_a_snapshot_waits_for_nothing_and_finds_no_read_error(scene: Scene) -> None:
    assert scene.waits == []
    assert scene.sql("select * from holes") == []
    assert scene.azure.writes == []


def test_every_row_tells_its_snapshot_and_its_age(rows: Rows) -> None:
    assert {row.as_of for row in rows.values()} == {NOW}
    assert len({row.snapshot_id for row in rows.values()}) == 1
    assert NOW - rows["zeros/d"].as_of == timedelta(0)
