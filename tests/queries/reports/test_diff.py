"""What changed between two snapshots, and a message about it that no chat takes for markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from collectors.inventory.scope import Scope
from emulator import Endpoint, Fault, Workspace, World, steady
from queries.estate.questions import NoSnapshot, current_read_errors
from queries.reports.diff import Change, changes
from queries.reports.digest import digest
from tests.queries.bills import keep_bill, line
from tests.scene import NOW, Scene, ago, day


def text(scene: Scene, first: str, last: str) -> dict[str, tuple[str | None, str | None]]:
    found = changes(scene.store, first, last)
    return {f"{c.deployment} {c.change}": (c.earlier, c.later) for c in found}


@pytest.fixture
def changed(scene: Scene, workspace: Workspace) -> tuple[str, str]:
    """Two snapshots, a day and many changes apart."""
    endpoint = workspace.endpoint(
        "fraud", traffic=[(ago(300), {"blue": 100}), (ago(-0.5), {"blue": 60, "green": 40})]
    )
    endpoint.deployment("blue", requests=steady(3.0))
    green = endpoint.deployment("green", tags={"owner": "ann"})
    gone = endpoint.deployment("gone")
    first = scene.snapshot().snapshot_id
    scene.clock.advance(timedelta(days=1))
    endpoint.remove(gone, scene.clock.now())
    green.instances, green.tags["owner"] = 3, "bob"
    endpoint.deployment("fresh", created_at=scene.clock.now() - timedelta(hours=2))
    return first, scene.snapshot().snapshot_id


def test_every_kind_of_change_is_reported(scene: Scene, changed: tuple[str, str]) -> None:
    found = text(scene, *changed)
    name = next(iter(found)).split("/")[0]
    assert found[f"{name}/fraud/fresh appeared"] == (None, "new")
    assert found[f"{name}/fraud/gone vanished"][1] is None
    assert found[f"{name}/fraud/green owner"] == ("ann", "bob")
    assert found[f"{name}/fraud/green size"][1] == "3 × Standard_DS3_v2"
    before, after = found[f"{name}/fraud/green traffic"]
    assert (before, after) == ("0 % live, 0 % mirrored", "40 % live, 0 % mirrored")
    assert found[f"{name}/fraud/green verdict"][1] == "serving"
    assert f"{name}/fraud/blue verdict" not in found


def test_a_mark_for_retirement_and_its_date_are_changes(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("fraud", created_at=ago(90))
    spare = endpoint.deployment("spare", tags={"role": "Test"})
    first = scene.snapshot().snapshot_id
    spare.tags |= {"role": "retire", "mothball-retire-after": day(14)}
    marked = scene.snapshot().snapshot_id
    spare.tags["mothball-retire-after"] = day(20)
    later = scene.snapshot().snapshot_id
    spare.tags.clear()
    last = scene.snapshot().snapshot_id
    name = "ws/fraud/spare role"
    assert text(scene, first, marked) == {name: ("test", f"retire after {day(14)}")}
    assert text(scene, marked, later) == {
        name: (f"retire after {day(14)}", f"retire after {day(20)}")
    }
    assert text(scene, later, last) == {name: (f"retire after {day(20)}", None)}


def test_a_cost_that_rose_is_reported_with_what_it_was(scene: Scene, workspace: Workspace) -> None:
    workspace.endpoint("score", created_at=ago(90)).deployment("blue", created_at=ago(90))
    workspace.endpoint("other", created_at=ago(90)).deployment("same", created_at=ago(90))
    first = scene.snapshot().snapshot_id
    scene.clock.advance(timedelta(days=12))
    last = scene.snapshot().snapshot_id
    today = scene.clock.now().date()
    for month in (today.replace(day=1), NOW.date().replace(day=1)):
        days = [month + timedelta(days=n) for n in range((today - month).days + 1)]
        own = [line(d, "20" if d > NOW.date() else "10") for d in days if d.month == month.month]
        same = [replace(one, endpoint="other", deployment="same", cost=Decimal(5)) for one in own]
        keep_bill(scene, [*own, *same], month, at=scene.clock.now())
    found = {name: change for name, change in text(scene, first, last).items() if "cost" in name}
    assert found == {f"{workspace.name}/score/blue cost": ("304.17 EUR", "608.33 EUR")}


def test_the_other_way_round_tells_the_opposite(scene: Scene, changed: tuple[str, str]) -> None:
    first, last = changed
    kinds = {name.rsplit(" ", 1)[0].split("/")[-1]: name for name in text(scene, last, first)}
    assert kinds["gone"].endswith("appeared")
    assert kinds["fresh"].endswith("vanished")


def test_what_a_narrower_snapshot_did_not_read_is_not_gone(scene: Scene, world: World) -> None:
    group = world.subscription("production").resource_group("rg")
    for name in ("one", "two"):
        group.workspace(name).endpoint("e").deployment("d")
    whole = scene.snapshot().snapshot_id
    scene.clock.advance(timedelta(hours=1))
    narrow = scene.snapshot(scope=Scope(workspaces=(group.workspace("one").id,))).snapshot_id
    assert set(text(scene, whole, narrow)) == {"two/e/d not read"}


def test_what_was_known_before_a_narrower_snapshot_is_no_first_read_after_it(
    scene: Scene, world: World
) -> None:
    group = world.subscription("production").resource_group("rg")
    one, two = group.workspace("one"), group.workspace("two")
    one.endpoint("e").deployment("d")
    spare = two.endpoint("e").deployment("d")
    gone = two.endpoint("f").deployment("d")
    scene.snapshot()
    scene.clock.advance(timedelta(hours=1))
    narrow = scene.snapshot(scope=Scope(workspaces=(one.id,))).snapshot_id
    scene.clock.advance(timedelta(hours=1))
    spare.instances = 3
    two.endpoints[1].remove(gone, scene.clock.now())
    last = scene.snapshot().snapshot_id
    assert set(text(scene, narrow, last)) == {"two/e/d size", "two/f/d vanished"}


def test_what_no_snapshot_up_to_the_earlier_one_read_is_a_first_read(
    scene: Scene, world: World
) -> None:
    group = world.subscription("production").resource_group("rg")
    for name in ("one", "two"):
        group.workspace(name).endpoint("e").deployment("d")
    scope = Scope(workspaces=(group.children[0].id,))
    narrow = scene.snapshot(scope=scope).snapshot_id
    scene.clock.advance(timedelta(hours=1))
    whole = scene.snapshot().snapshot_id
    assert set(text(scene, narrow, whole)) == {"two/e/d first read"}


def test_one_that_was_created_anew_is_reported(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("e")
    old = endpoint.deployment("d")
    first = scene.snapshot().snapshot_id
    scene.clock.advance(timedelta(days=1))
    endpoint.remove(old, scene.clock.now())
    endpoint.deployment("d", created_at=scene.clock.now())
    last = scene.snapshot().snapshot_id
    assert any(change.change == "created anew" for change in changes(scene.store, first, last))


def test_a_snapshot_that_is_not_there_is_named(scene: Scene, changed: tuple[str, str]) -> None:
    with pytest.raises(NoSnapshot, match="no snapshot 'x'"):
        changes(scene.store, changed[0], "x")


def test_a_digest_is_short_and_names_the_money_and_the_changes(
    scene: Scene, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("fraud")
    for number in range(4):
        tags = {"owner": "[click](http://attacker.example) <b> \x1b[31m\x07"}
        endpoint.deployment(f"silent-{number}", tags=tags)
    scene.snapshot()
    rows = list(scene.rows().values())
    since = [Change("vanished", rows[0].id, "w/e/*bold*", "idle", None)]
    text = digest(rows, current_read_errors(scene.store), since, scene.clock.now().date(), 2)
    assert text.startswith("**4 of 4 deployments serve nobody** (and 4 whose price is not known)")
    assert text.count("silent for") == 2
    assert "… and 2 more" in text
    assert "1 vanished" in text
    assert "[click]" not in text
    assert "<b>" not in text.replace("\\<b", "")
    assert "*bold*" not in text
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "unknown" not in text


ADA, BOB = "ada@contoso.example", "bob@contoso.example"


@pytest.fixture
def served(workspace: Workspace) -> Endpoint:
    """Three deployments, of which blue holds the live traffic."""
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100})
    for name in ("blue", "green", "gone"):
        endpoint.deployment(name)
    return endpoint


def doers(scene: Scene, first: str, last: str) -> dict[str, tuple[datetime | None, str | None]]:
    found = changes(scene.store, first, last)
    return {
        f"{c.deployment.split('/')[-1]} {c.change}": (c.changed_at, c.changed_by) for c in found
    }


def at(hours: float) -> datetime:
    """When what began so many hours after NOW had ended."""
    return NOW + timedelta(hours=hours, minutes=2)


@pytest.mark.parametrize("level", ["deployment", "endpoint", "workspace"])
def test_who_deleted_what_vanished_is_named_and_when(
    scene: Scene, served: Endpoint, level: str
) -> None:
    first = scene.snapshot().snapshot_id
    gone = served.deployments[1]
    served.remove(gone, NOW + timedelta(hours=3))
    what = {"deployment": gone, "endpoint": served, "workspace": served.parent}[level]
    assert what is not None
    log = scene.world.log_operation
    log(what.id, NOW - timedelta(hours=3), BOB, "delete")
    log(what.id, NOW + timedelta(hours=1), BOB, "delete", statuses=("Started", "Failed"))
    log(what.id, NOW + timedelta(hours=3), ADA, "delete")
    scene.clock.advance(timedelta(days=1))
    last = scene.snapshot().snapshot_id
    assert doers(scene, first, last)["gone vanished"] == (at(3), ADA)


def test_nobody_is_named_where_the_log_was_refused(scene: Scene, served: Endpoint) -> None:
    first = scene.snapshot().snapshot_id
    gone = served.deployments[1]
    served.remove(gone, NOW + timedelta(hours=3))
    scene.world.log_operation(gone.id, NOW + timedelta(hours=3), ADA, "delete")
    scene.clock.advance(timedelta(days=1))
    scene.azure.faults.add(Fault("forbid", path="eventtypes"))
    last = scene.snapshot().snapshot_id
    assert doers(scene, first, last)["gone vanished"] == (None, None)


def test_a_change_of_traffic_is_dated_by_the_write_whose_map_it_is(
    scene: Scene, served: Endpoint
) -> None:
    first = scene.snapshot().snapshot_id
    log = scene.world.log_operation
    for hours, who, share in ((1, BOB, 10), (2, ADA, 40), (3, BOB, None)):
        body = {"properties": {"traffic": {"Blue": 100 - share, "Green": share}}} if share else None
        log(served.id, NOW + timedelta(hours=hours), who, body=body)
    served.traffic = {"blue": 60, "green": 40}
    scene.clock.advance(timedelta(days=1))
    last = scene.snapshot().snapshot_id
    assert doers(scene, first, last)["green traffic"] == (at(2), ADA)


def test_without_maps_a_time_is_given_only_where_it_can_have_been_no_other(
    scene: Scene, served: Endpoint
) -> None:
    log = scene.world.log_operation
    ids = [scene.snapshot().snapshot_id]
    for day_of_change, callers in enumerate(([ADA], [ADA, ADA], [ADA, BOB]), start=1):
        start = scene.clock.now()
        for place, who in enumerate(callers, start=1):
            log(served.id, start + timedelta(hours=place), who)
        served.traffic = {"blue": 100 - day_of_change, "green": day_of_change}
        scene.clock.advance(timedelta(days=1))
        ids.append(scene.snapshot().snapshot_id)
    found = [doers(scene, *pair)["green traffic"] for pair in zip(ids, ids[1:], strict=False)]
    assert found == [(at(1), ADA), (None, ADA), (None, None)]


def test_who_made_what_appeared_and_resized_what_changed_is_named(
    scene: Scene, served: Endpoint
) -> None:
    first = scene.snapshot().snapshot_id
    log = scene.world.log_operation
    fresh = served.deployment("fresh", created_at=NOW + timedelta(hours=2))
    log(fresh.id, NOW + timedelta(hours=2), ADA)
    log(fresh.id, NOW + timedelta(hours=5), BOB)
    green = served.deployments[2]
    scene.clock.advance(timedelta(days=1))
    green.instances = 4
    log(green.id, NOW + timedelta(hours=4), BOB)
    found = doers(scene, first, scene.snapshot().snapshot_id)
    assert found["fresh appeared"] == (at(2), ADA)
    assert found["green size"] == (at(4), BOB)


def test_a_digest_names_who_deleted_what_vanished(scene: Scene, served: Endpoint) -> None:
    since = [Change("vanished", served.id, "ws/fraud/gone", "idle", None, at(3), "<ada>")]
    text = digest([], [], since, NOW.date(), 2)
    assert "- ws/fraud/gone: idle → –, by \\<ada\\> on 2026-11-23 21:02 UTC" in text
