"""The states of the subscription and workspace of a deployment stand beside its verdict."""

from __future__ import annotations

from datetime import timedelta

import pytest

from emulator import Clock, World
from queries.estate.facts import facts_of
from queries.estate.questions import refusal_of_subscription
from queries.estate.rows import DeploymentRow
from queries.reports.digest import digest
from queries.text.sentences import ABOVE
from tests.scene import NOW, Scene, SceneOf

# State -> the code of the reason, and whether Azure takes no write then.
STATES = {
    "Enabled": (None, False),
    "Warned": ("subscription-at-risk", False),
    "PastDue": ("subscription-at-risk", False),
    "Disabled": ("subscription-refuses-writes", True),
    "Expired": ("subscription-at-risk", False),
}


def seen(scene_of: SceneOf, state: str) -> tuple[Scene, DeploymentRow]:
    """A silent deployment beside a live one, in a subscription of this state."""
    world = World(clock=Clock(NOW))
    workspace = world.subscription("old", state=state).resource_group("rg").workspace("ws")
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100})
    endpoint.deployment("blue")
    endpoint.deployment("green", tags={"role": "rollback"})
    endpoint.deployment("red")
    scene = scene_of(world)
    report = scene.snapshot()
    assert (report.status, report.errors) == ("complete", ())
    return scene, scene.rows()["fraud/red"]


@pytest.mark.parametrize("state", STATES)
def test_the_state_of_a_subscription_is_a_reason_and_no_verdict(
    scene_of: SceneOf, state: str
) -> None:
    scene, row = seen(scene_of, state)
    code, refuses = STATES[state]
    assert row.verdict == "idle"
    assert [c for c in row.reasons.codes if c in ABOVE] == ([code] if code else [])
    assert row.reasons.codes[0] == "silent"
    assert bool(row.refuses_writes) is refuses
    assert row.may_be_retired is not refuses
    assert bool(refusal_of_subscription(scene.store, row.subscription_id.upper())) is refuses
    if code:
        assert row.above[0].startswith(f"its subscription is {state}: ")


def test_the_state_of_a_deleted_subscription_is_a_reason_too(scene_of: SceneOf) -> None:
    world = World(clock=Clock(NOW))
    group = world.subscription("old", state="Deleted").resource_group("rg")
    group.workspace("ws").endpoint("fraud").deployment("red")
    row = scene_of(world).judged()["fraud/red"]
    assert row.verdict == "unknown"
    assert "all that is in it goes with it" in str(row.refuses_writes)
    assert "enable" not in str(row.refuses_writes)


def test_no_request_more_is_sent_for_the_states(scene_of: SceneOf) -> None:
    counts = {sum(seen(scene_of, state)[0].snapshot().requests.values()) for state in STATES}
    assert len(counts) == 1


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("Succeeded", None),
        ("Failed", "workspace-failed"),
        ("Canceled", "workspace-failed"),
        ("Updating", "workspace-busy"),
        ("Deleting", "workspace-busy"),
        ("Moving", "workspace-busy"),
    ],
)
def test_the_state_of_a_workspace_is_a_reason_and_no_verdict(
    scene: Scene, state: str, code: str | None
) -> None:
    workspace = scene.world.subscription("s").resource_group("rg").workspace("ws")
    endpoint = workspace.endpoint("fraud")
    endpoint.deployment("red")
    workspace.state = state
    row = scene.judged()["fraud/red"]
    assert row.verdict == "idle"
    assert [c for c in row.reasons.codes if c in ABOVE] == ([code] if code else [])
    assert row.may_be_retired


def test_a_workspace_that_is_deleted_softly_says_until_when_it_is_kept(scene: Scene) -> None:
    workspace = scene.world.subscription("s").resource_group("rg").workspace("ws")
    workspace.endpoint("fraud").deployment("red")
    workspace.delete_softly(NOW - timedelta(days=2), NOW + timedelta(days=12))
    row = scene.judged()["fraud/red"]
    (text,) = row.above
    assert text == "its workspace is deleted, and can be recovered until it is purged on 2026-12-05"
    ((state, gone, purged),) = scene.sql(
        "select provisioning_state, soft_deleted_at, purged_at from current_workspaces"
    )
    assert (state, gone.date().isoformat(), purged.date().isoformat()) == (
        "SoftDeleted",
        "2026-11-21",
        "2026-12-05",
    )


def test_the_facts_of_a_deployment_name_the_states_above_it(scene_of: SceneOf) -> None:
    scene, row = seen(scene_of, "Disabled")
    facts = {
        fact.fact: fact.known for fact in facts_of(scene.store, row.deployment_key, row.snapshot_id)
    }
    assert facts["state"] == "Succeeded, its subscription Disabled"


def test_a_newer_snapshot_that_sees_it_enabled_lifts_the_refusal(scene_of: SceneOf) -> None:
    scene, row = seen(scene_of, "Disabled")
    scene.world.subscriptions[0].state = "Enabled"
    scene.clock.advance(timedelta(hours=1))
    assert scene.judged()["fraud/red"].refuses_writes is None
    assert refusal_of_subscription(scene.store, row.subscription_id) is None


def test_the_digest_proposes_nothing_in_a_subscription_that_takes_no_write(
    scene_of: SceneOf,
) -> None:
    scene, _row = seen(scene_of, "Disabled")
    rows = list(scene.rows().values())
    text = digest(rows, [], [], NOW.date(), 5)
    assert "deployments serve nobody" in text
    assert "fraud/red" not in text
    assert "in a subscription in which Azure takes no write" in text
