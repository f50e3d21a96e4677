"""What served at a moment: by the looks around it and what was done between them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from emulator import Endpoint, Fault, Workspace
from queries.estate.history import traffic_periods_of
from queries.estate.moment import Moment, NotSeenYet, served_at
from tests.scene import NOW, Scene

ADA, BOB = "ada@contoso.example", "bob@contoso.example"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BLUE, GREEN = {"blue": 100.0}, {"green": 100.0}


@pytest.fixture
def endpoint(workspace: Workspace) -> Endpoint:
    made = workspace.endpoint("fraud", traffic={"blue": 100})
    for name in ("blue", "green"):
        made.deployment(name, model=f"{name}:1")
    return made


def day_between(scene: Scene, endpoint: Endpoint, traffic: Mapping[str, int] | None = None) -> None:
    """A snapshot now and one a day later, by which the traffic is this."""
    scene.snapshot()
    scene.clock.advance(DAY)
    if traffic is not None:
        endpoint.traffic = dict(traffic)
    scene.snapshot()


def write(scene: Scene, endpoint: Endpoint, hours: float, by: str, **given: Any) -> None:
    scene.world.log_operation(endpoint.id, NOW + hours * HOUR, by, **given)


def at(scene: Scene, endpoint: Endpoint, moment: datetime) -> Moment:
    return served_at(scene.store, endpoint.id.lower(), moment)


def shares(moment: Moment, source: str | None = None) -> dict[str, float | None]:
    return {
        one.period.deployment: one.period.live_percent
        for one in moment.held
        if one.period.live_percent and source in (None, one.source)
    }


def test_the_same_before_and_after_with_nothing_between_is_exact(
    scene: Scene, endpoint: Endpoint
) -> None:
    day_between(scene, endpoint)
    found = at(scene, endpoint, NOW + 6 * HOUR)
    assert (found.certainty, shares(found), found.event) == ("exact", BLUE, None)
    assert (found.seen_before, found.seen_after) == (NOW, NOW + DAY)
    held = {one.period.deployment: one.period.model for one in found.held}
    assert held["blue"] is not None
    assert held["blue"].endswith("/blue/versions/1")


def test_at_the_time_of_a_snapshot_it_is_what_that_saw(scene: Scene, endpoint: Endpoint) -> None:
    day_between(scene, endpoint, {"green": 100})
    assert at(scene, endpoint, NOW).certainty == "exact"
    assert shares(at(scene, endpoint, NOW)) == BLUE
    assert shares(at(scene, endpoint, NOW + DAY)) == GREEN


def test_without_the_log_of_that_time_it_is_only_the_same_around(
    scene: Scene, endpoint: Endpoint
) -> None:
    scene.azure.faults.add(Fault("forbid", path="eventtypes"))
    day_between(scene, endpoint)
    found = at(scene, endpoint, NOW + 6 * HOUR)
    assert (found.certainty, shares(found)) == ("same-around", BLUE)


@pytest.mark.parametrize(("hours", "held"), [(1, BLUE), (6, GREEN)])
def test_one_write_between_two_maps_dates_the_change(
    scene: Scene, endpoint: Endpoint, hours: int, held: Mapping[str, float]
) -> None:
    write(scene, endpoint, 3, ADA)
    day_between(scene, endpoint, {"green": 100})
    found = at(scene, endpoint, NOW + hours * HOUR)
    assert (found.certainty, shares(found)) == ("by-event", held)
    assert found.event is not None
    assert (found.event.changed_by, found.event.traffic) == (ADA, None)


def test_during_the_write_both_maps_are_shown(scene: Scene, endpoint: Endpoint) -> None:
    write(scene, endpoint, 3, ADA)
    day_between(scene, endpoint, {"green": 100})
    found = at(scene, endpoint, NOW + 3 * HOUR + timedelta(minutes=1))
    assert found.certainty == "differs"
    assert (shares(found, "before"), shares(found, "after")) == (BLUE, GREEN)


def test_between_two_writes_the_map_of_the_first_counts_where_the_log_holds_it(
    scene: Scene, endpoint: Endpoint
) -> None:
    body = {"properties": {"traffic": {"Blue": 70, "green": 30}}}
    write(scene, endpoint, 3, ADA, body=body)
    write(scene, endpoint, 9, BOB)
    day_between(scene, endpoint, {"green": 100})
    found = at(scene, endpoint, NOW + 6 * HOUR)
    assert (found.certainty, shares(found)) == ("by-event", {"blue": 70, "green": 30})
    assert {one.source for one in found.held} == {"event"}


def test_between_two_writes_without_maps_both_are_shown_or_the_doubt_is(
    scene: Scene, endpoint: Endpoint
) -> None:
    write(scene, endpoint, 3, ADA)
    write(scene, endpoint, 9, BOB)
    day_between(scene, endpoint, {"green": 100})
    assert at(scene, endpoint, NOW + 6 * HOUR).certainty == "differs"
    for hours, who in ((27, ADA), (33, BOB)):
        write(scene, endpoint, hours, who)
    scene.clock.advance(DAY)
    scene.snapshot()
    found = at(scene, endpoint, NOW + 30 * HOUR)
    assert (found.certainty, shares(found)) == ("event-between", GREEN)
    assert at(scene, endpoint, NOW + 25 * HOUR).certainty == "by-event"


def test_a_difference_that_no_event_explains_is_shown_from_both_sides(
    scene: Scene, endpoint: Endpoint
) -> None:
    day_between(scene, endpoint, {"green": 100})
    found = at(scene, endpoint, NOW + 6 * HOUR)
    assert (found.certainty, found.event) == ("differs", None)
    assert (shares(found, "before"), shares(found, "after")) == (BLUE, GREEN)


def test_a_failed_write_changes_no_certainty(scene: Scene, endpoint: Endpoint) -> None:
    write(scene, endpoint, 3, ADA, statuses=("Started", "Failed"))
    day_between(scene, endpoint)
    assert at(scene, endpoint, NOW + 6 * HOUR).certainty == "exact"


def test_the_deletion_of_the_endpoint_ends_everything_in_it(
    scene: Scene, endpoint: Endpoint
) -> None:
    scene.world.log_operation(endpoint.id, NOW + 3 * HOUR, ADA, "delete")
    scene.snapshot()
    scene.clock.advance(DAY)
    endpoint.deleted_at = NOW + 3 * HOUR
    scene.snapshot()
    assert shares(at(scene, endpoint, NOW + 2 * HOUR)) == BLUE
    gone = at(scene, endpoint, NOW + 6 * HOUR)
    assert (gone.certainty, gone.held) == ("by-event", ())


def test_after_the_last_snapshot_it_is_as_that_saw_it(scene: Scene, endpoint: Endpoint) -> None:
    scene.snapshot()
    found = at(scene, endpoint, NOW + HOUR)
    assert (found.certainty, shares(found), found.seen_after) == ("last-seen", BLUE, None)


def test_before_the_first_snapshot_nothing_is_claimed(scene: Scene, endpoint: Endpoint) -> None:
    scene.snapshot()
    with pytest.raises(NotSeenYet, match="2026-11-23 18:00"):
        at(scene, endpoint, NOW - HOUR)


def test_the_end_of_a_period_is_dated_and_named(scene: Scene, endpoint: Endpoint) -> None:
    write(scene, endpoint, 3, ADA)
    scene.world.log_operation(endpoint.deployments[1].id, NOW + 30 * HOUR, BOB, "delete")
    day_between(scene, endpoint, {"green": 100})
    scene.clock.advance(DAY)
    endpoint.deployments[1].deleted_at = NOW + 30 * HOUR
    scene.snapshot()
    periods = traffic_periods_of(scene.store, endpoint.id.lower())
    ends = {
        (one.deployment, one.live_percent, one.is_there): (one.ended_at, one.ended_by)
        for one in periods
    }
    minutes = timedelta(minutes=2)
    assert ends["blue", 100, True] == (NOW + 3 * HOUR + minutes, ADA)
    assert ends["green", 100, True] == (NOW + 30 * HOUR + minutes, BOB)
