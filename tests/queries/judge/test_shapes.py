"""An element that is not understood makes what it may cover unknown: it is never left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from collectors.costs.prices import read_prices
from collectors.records import ReadError
from emulator import Fault, Workspace, World, steady
from queries.estate.rows import DeploymentRow
from tests.scene import NOW, Scene, SceneOf, ago

LOCKS = "Microsoft.Authorization/locks"
GRAPH = "Microsoft.ResourceGraph"
SUBSCRIPTIONS = r"/subscriptions\?"
Change = Callable[[Any], Any]


@pytest.fixture
def seen(scene_of: SceneOf, world: World, workspace: Workspace) -> Scene:
    """A deployment that nobody asks, in a subscription of its own beside another one."""
    workspace.endpoint("e").deployment("d")
    other = world.subscription("other").resource_group("rg").workspace("apart")
    other.endpoint("f").deployment("d")
    return scene_of(world)


def answer_to_list(*elements: Any) -> dict[str, Any]:
    return {"value": list(elements)}


def lock_on(workspace: Workspace, **changed: Any) -> dict[str, Any]:
    """A lock on the deployment, as Azure lists it, but for what is changed."""
    scope = f"{workspace.id}/onlineEndpoints/e/deployments/d"
    whole = {
        "id": f"{scope}/providers/Microsoft.Authorization/locks/keep",
        "name": "keep",
        "properties": {"level": "CanNotDelete"},
    }
    return whole | changed


def judged(scene: Scene) -> tuple[dict[str, DeploymentRow], list[ReadError]]:
    report = scene.snapshot()
    return scene.rows(), list(report.errors)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None},
        {"id": 3},
        {"id": "keep"},
        {"properties": None},
        {"properties": []},
        {"properties": {}},
        {"properties": {"level": None}},
    ],
    ids=str,
)
def test_a_lock_that_is_not_understood_makes_unknown_what_it_may_lie_on(
    seen: Scene, workspace: Workspace, changed: dict[str, Any]
) -> None:
    body = answer_to_list(lock_on(workspace, **changed))
    seen.azure.faults.add(Fault("answer", LOCKS, body=body))
    rows, read_errors = judged(seen)
    assert rows["e/d"].verdict == "unknown"
    assert (workspace.subscription_id, "locks", "WrongShape") in {
        (read_error.scope, read_error.source, read_error.code) for read_error in read_errors
    }


def test_a_list_of_locks_with_no_lock_in_it_makes_unknown_what_it_covers(
    seen: Scene, workspace: Workspace
) -> None:
    own = f"{workspace.subscription_id}/providers/{LOCKS}"
    seen.azure.faults.add(Fault("answer", own, body=answer_to_list(None, 1, "x", [])))
    rows, read_errors = judged(seen)
    assert {name: row.verdict for name, row in rows.items()} == {"e/d": "unknown", "f/d": "idle"}
    assert "locks could not be read" in rows["e/d"].reasons.sentences
    assert [(h.source, h.scope) for h in read_errors] == [("locks", workspace.subscription_id)]


def test_a_lock_that_is_understood_is_kept_beside_one_that_is_not(
    seen: Scene, workspace: Workspace
) -> None:
    body = answer_to_list(None, lock_on(workspace))
    seen.azure.faults.add(Fault("answer", LOCKS, body=body))
    assert judged(seen)[0]["e/d"].lock_names == ("keep",)


def instead_of(name: str, put: Any) -> Change:
    """The rows of Resource Graph with another one in the place of what is called so."""

    def change(body: Any) -> Any:
        rows = [put if row["name"] == name else row for row in body["data"]]
        return body | {"data": rows}

    return change


@pytest.mark.parametrize("put", [None, 1, "x", [], {}, {"name": "d"}, {"id": "/", "type": "x"}])
def test_a_row_that_is_not_understood_leaves_its_subscription_unread_and_no_other(
    seen: Scene, workspace: Workspace, put: Any
) -> None:
    # The tags of the workspace may hold an exemption.
    seen.azure.bend(GRAPH, instead_of("ws", put))
    rows, read_errors = judged(seen)
    assert {name: row.verdict for name, row in rows.items()} == {"f/d": "idle"}
    assert [(h.source, h.scope, h.code) for h in read_errors if h.source == "inventory"] == [
        ("inventory", workspace.subscription_id, "WrongShape")
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"properties": None},
        {"properties": "x"},
        {"tags": []},
        {"tags": "mothball-exempt-until"},
        {"type": None},
        {"type": "microsoft.machinelearningservices/workspaces/onlineendpoints"},
        {"id": "x"},
    ],
    ids=str,
)
def test_a_row_without_what_a_verdict_rests_on_is_a_read_error(
    seen: Scene, workspace: Workspace, changed: dict[str, Any]
) -> None:
    def bent(body: Any) -> Any:
        return body | {
            "data": [row | changed if row["name"] == "ws" else row for row in body["data"]]
        }

    seen.azure.bend(GRAPH, bent)
    rows, read_errors = judged(seen)
    assert "e/d" not in rows
    assert ("inventory", workspace.subscription_id) in {(h.source, h.scope) for h in read_errors}


def test_where_a_sibling_is_not_understood_nobody_is_called_silent(
    seen: Scene, workspace: Workspace
) -> None:
    """Its requests were the sibling's, of which this snapshot knows nothing."""
    place = workspace.endpoint("shared", traffic={"blue": 100})
    place.deployment("blue")
    place.deployment("asked-by-name", requests=steady(1))
    before = judged(seen)[0]["shared/blue"]
    assert before.verdict == "serving"
    seen.clock.advance(timedelta(hours=1))
    seen.azure.bend(GRAPH, instead_of("asked-by-name", None))
    rows, read_errors = judged(seen)
    blue = rows["shared/blue"]
    assert (blue.verdict, blue.reasons.codes[0]) == ("unknown", "sibling-not-proven")
    assert [(h.source, h.code) for h in read_errors] == [("inventory", "WrongShape")]


def test_a_subscription_that_is_not_understood_is_named_and_the_others_are_read(
    seen: Scene, workspace: Workspace
) -> None:
    def bent(body: Any) -> Any:
        return body | {"value": [None, *body["value"][:1]]}

    seen.azure.bend(SUBSCRIPTIONS, bent)
    rows, read_errors = judged(seen)
    assert list(rows) == ["e/d"]
    assert [(h.source, h.scope, h.code) for h in read_errors] == [
        ("subscriptions", "tenant", "WrongShape")
    ]


def test_deployments_that_are_not_understood_leave_the_ages_unknown(
    seen: Scene, workspace: Workspace
) -> None:
    seen.world.graph_has_system_data = False
    young = workspace.endpoint("young").deployment("d", created_at=ago(20))
    seen.world.not_in_resource_list = {young.id}
    body = answer_to_list({"id": f"{workspace.id}/onlineEndpoints/young/deployments/d"})
    seen.azure.faults.add(Fault("answer", r"/onlineEndpoints/young/deployments\?", body=body))
    rows, read_errors = judged(seen)
    assert rows["young/d"].verdict == "unknown"
    assert [(h.source, h.code) for h in read_errors] == [("deployments", "WrongShape")]


def test_a_row_of_the_list_of_resources_that_is_not_understood_is_an_error_and_the_rest_counts(
    seen: Scene, workspace: Workspace
) -> None:
    seen.world.graph_has_system_data = False
    seen.azure.bend(
        r"/subscriptions/[^/]+/resources\?", lambda body: body | {"value": [None, *body["value"]]}
    )
    rows, read_errors = judged(seen)
    assert rows["e/d"].verdict == "idle"
    assert {(h.source, h.code) for h in read_errors} == {("creation times", "WrongShape")}


def test_an_autoscale_setting_that_is_not_understood_is_named_and_no_verdict_rests_on_it(
    seen: Scene, workspace: Workspace
) -> None:
    setting = {"type": "microsoft.insights/autoscalesettings", "properties": None}
    scope = f"/subscriptions/{workspace.subscription_id}/providers/Microsoft.Insights"

    def bent(body: Any) -> Any:
        row = setting | {"id": f"{scope}/autoscalesettings/a", "name": "a"}
        more = {"data": [*body["data"], row], "totalRecords": body["totalRecords"] + 1}
        return body | more

    seen.azure.bend(GRAPH, bent)
    rows, read_errors = judged(seen)
    assert rows["e/d"].verdict == "idle"
    assert ("autoscale", workspace.subscription_id) in {(h.source, h.scope) for h in read_errors}


def test_a_price_that_is_not_understood_is_a_price_that_was_not_read(seen: Scene) -> None:
    seen.azure.bend("retail/prices", lambda body: body | {"Items": [None, *body["Items"]]})
    with seen.reader() as reader:
        text = read_prices(reader, "westeurope", "Standard_DS3_v2", "USD", NOW)
    assert isinstance(text, ReadError)
    assert text.code == "WrongShape"


@pytest.mark.parametrize(
    ("traffic", "mirror"),
    [({"blue": "most"}, None), ({"blue": 100}, {"green": "some"})],
    ids=["live", "mirror"],
)
def test_a_map_of_traffic_that_is_no_map_of_numbers_is_a_read_error_and_proves_nothing(
    scene: Scene, workspace: Workspace, traffic: Any, mirror: Any
) -> None:
    endpoint = workspace.endpoint("fraud", traffic=traffic, mirror=mirror)
    endpoint.deployment("blue")
    endpoint.deployment("green")
    report = scene.snapshot()
    assert report.status == "partial"
    (error,) = report.errors
    assert (error.source, error.code) == ("endpoints", "WrongShape")
    assert "fraud" in error.message
    assert set(scene.verdicts().values()) == {"unknown"}


def test_a_map_that_is_null_is_an_answer_that_proves_nothing(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("fraud", traffic=None).deployment("blue")
    assert scene.snapshot().status == "complete"
    assert scene.verdicts() == {"fraud/blue": "unknown"}
