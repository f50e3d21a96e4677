"""What exists: Resource Graph with its looseness, Resource Manager where it leaves a doubt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from collectors.connection.errors import NotUnderstood
from collectors.connection.reading import Reader
from collectors.inventory import inventory
from collectors.inventory.inventory import read_inventory
from collectors.inventory.resources import NOT_STORED
from collectors.inventory.scope import Scope
from collectors.records import Inventory
from emulator import ABSENT, Fault, Received, Workspace, World
from tests.scene import Scene, body_of

GRAPH = "Microsoft.ResourceGraph"


@pytest.fixture
def reader(scene: Scene, workspace: Workspace) -> Iterator[Reader]:
    with scene.reader() as reading:
        yield reading


def _read(reader: Reader, scope: Scope | None = None) -> Inventory:
    return read_inventory(reader, scope or Scope(), lambda *_text: None)


def _graph_queries(scene: Scene) -> list[str]:
    return [str(body_of(request)["query"]) for request in scene.asked("graph")]


def test_system_data_is_asked_for_and_done_without_where_the_query_is_refused(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.world.graph_has_system_data = False
    found = _read(reader)
    first, second = _graph_queries(scene)[:2]
    assert "systemData" in first
    assert "systemData" not in second
    assert [deployment.created_at for deployment in found.deployments] == [None]
    assert found.read_errors == ()


def test_a_query_that_is_refused_altogether_is_a_read_error(scene: Scene, reader: Reader) -> None:
    scene.azure.faults.add(Fault("forbid", path=GRAPH, status=400, code="BadRequest"))
    assert [read_error.code for read_error in _read(reader).read_errors] == ["BadRequest"]


def test_pages_are_followed_though_nothing_is_truncated(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    for number in range(1100):
        workspace.endpoint(f"e{number}")
    found = _read(reader)
    assert len({endpoint.key for endpoint in found.endpoints}) == len(found.endpoints) == 1100
    pages = [body_of(r)["options"] for r in scene.asked("graph")]
    assert pages[0]["$top"] == 1000
    assert "$skipToken" in pages[1]


@pytest.mark.parametrize(
    "change",
    [
        {"totalRecords": 5},
        {"resultTruncated": "true"},
        {"resultTruncated": True},
    ],
)
def test_a_cut_answer_is_a_read_error_and_never_a_whole_estate(
    scene: Scene, reader: Reader, workspace: Workspace, change: dict[str, Any]
) -> None:
    scene.azure.bend(GRAPH, lambda body: body | change)
    found = _read(reader)
    assert found.read_errors
    assert "inventory" not in {read.source for read in found.reads}


def test_a_skip_token_that_repeats_itself_ends_the_reading(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.world.graph_repeats_token = True
    scene.azure.faults.add(_refused_graph("resourcecontainers", 400))
    found = _read(reader)
    assert [read_error.code for read_error in found.read_errors] == ["EndlessPages"]
    assert len([query for query in _graph_queries(scene) if query.startswith("resources ")]) == 2
    assert [read.source for read in found.reads] == ["inventory in part"]
    assert len(found.deployments) == 1


def test_a_page_that_is_too_large_is_halved_from_there_on(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    for number in range(700):
        workspace.endpoint(f"e{number}")
    scene.world.largest_graph_payload = 300
    found = _read(reader)
    assert (found.read_errors, len(found.endpoints)) == ((), 700)
    pages = [body_of(one)["options"]["$top"] for one in _asked_for_resources(scene)]
    assert pages == [1000, 500, 250, 250, 250]


def test_a_row_that_is_too_large_by_itself_is_a_read_error(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    scene.world.largest_graph_payload = 0
    found = _read(reader)
    assert [(one.scope, one.code) for one in found.read_errors] == [
        (workspace.subscription_id, "BadRequest")
    ]
    assert len(_asked_for_resources(scene)) == 10


@pytest.mark.parametrize("status", [400, 404, 500])
def test_one_subscription_that_the_graph_refuses_is_left_out_alone(
    scene: Scene, reader: Reader, workspace: Workspace, world: World, status: int
) -> None:
    others = [world.subscription(f"s{number}") for number in range(7)]
    for one in others:
        one.resource_group("rg").workspace("w").endpoint("e").deployment("d")
    bad = others[3].subscription_id
    scene.azure.faults.add(_refused_graph(bad, status))
    found = _read(reader)
    assert [(one.source, one.scope) for one in found.read_errors] == [("inventory", bad)]
    assert {one.subscription_id for one in found.deployments} == {
        one.subscription_id for one in others if one.subscription_id != bad
    }
    assert bad not in {read.subscription_id for read in found.reads}
    assert len(found.reads) == 7
    # The whole, and two halves three times; a query may also be refused for its columns.
    assert len(_asked_for_resources(scene)) <= 9 + (7 if status == 500 else 0)


def test_rows_that_moved_between_the_pages_are_read_again(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    for number in range(20):
        workspace.endpoint(f"e{number:02}").deployment("d")
    scene.world.longest_graph_page, scene.world.graph_shifts = 15, 1
    found = _read(reader)
    assert found.read_errors == ()
    assert (len(found.endpoints), len(found.deployments), len(found.reads)) == (20, 20, 1)
    assert len(_asked_for_resources(scene)) == 6


def test_rows_that_stay_missing_are_a_read_error_and_those_that_came_are_kept(
    scene: Scene, reader: Reader, workspace: Workspace, world: World
) -> None:
    small = world.subscription("small")
    small.resource_group("rg").workspace("w").endpoint("e").deployment("d")
    for number in range(20):
        workspace.endpoint(f"e{number:02}").deployment("d")
    scene.world.longest_graph_page, scene.world.graph_shifts = 15, None
    found = _read(reader)
    (read_error,) = found.read_errors
    assert (read_error.scope, read_error.code) == (workspace.subscription_id, "RowsMissing")
    assert read_error.message == "Resource Graph gave 39 of 41 rows"
    assert {read.subscription_id: read.source for read in found.reads} == {
        workspace.subscription_id: "inventory in part",
        small.subscription_id: "inventory",
    }
    assert len(found.endpoints) + len(found.deployments) + len(found.workspaces) >= 39 + 3


def test_a_row_that_went_away_while_the_pages_were_read_hides_no_other(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    endpoints = [workspace.endpoint(f"e{number:02}") for number in range(20)]
    scene.world.longest_graph_page = 15
    scene.azure.after(path=GRAPH, do=lambda _world: workspace.remove(endpoints[0]))
    found = _read(reader)
    assert found.read_errors == ()
    assert {one.name for one in found.endpoints} == {one.name for one in endpoints[1:]}


def test_without_the_column_system_data_only_the_first_query_asks_for_it(
    scene: Scene, reader: Reader, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        group = world.subscription(f"s{number}").resource_group("rg")
        group.workspace("w").endpoint("e").deployment("d")
    monkeypatch.setattr(inventory, "GROUP_OF_SUBSCRIPTIONS", 1)
    scene.world.graph_has_system_data = False
    assert len(_read(reader).deployments) == 3
    assert sum("systemData" in query for query in _graph_queries(scene)) == 1


def _asked_for_resources(scene: Scene) -> list[Received]:
    queries = (
        one for one in scene.asked("graph") if body_of(one)["query"].startswith("resources ")
    )
    return list(queries)


def _refused_graph(text: str, status: int) -> Fault:
    return Fault("unavailable", GRAPH, status=status, code="Refused", holds=text)


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {"columns": [], "rows": []}}])
def test_an_answer_without_rows_is_no_empty_estate(
    scene: Scene, reader: Reader, workspace: Workspace, body: dict[str, Any]
) -> None:
    scene.azure.bend(GRAPH, lambda _body: body)
    found = _read(reader)
    assert found.read_errors
    assert not [read for read in found.reads if read.source == "inventory"]


def test_a_row_without_an_id_is_left_out_and_told(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")

    def no_id(body: Any) -> Any:
        for row in body["data"]:
            row.pop("id", None)
        return body

    scene.azure.bend(GRAPH, no_id)
    found = _read(reader)
    assert found.deployments == ()
    assert found.read_errors


def test_a_row_that_comes_twice_counts_once(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.azure.bend(
        GRAPH,
        lambda body: body | {"data": body["data"] * 2, "totalRecords": 2 * body["totalRecords"]},
    )
    assert len(_read(reader).deployments) == 1


def test_a_subscription_that_is_dropped_in_silence_is_a_read_error(
    scene: Scene, reader: Reader, workspace: Workspace, world: World
) -> None:
    hidden = world.subscription("hidden")
    hidden.resource_group("rg").workspace("ws-hidden")
    world.forbid(hidden, ["graph", "arm"])
    found = _read(reader)
    assert [(read_error.scope, read_error.code) for read_error in found.read_errors] == [
        (hidden.subscription_id, "AuthorizationFailed")
    ]
    assert [read.subscription_id for read in found.reads] == [workspace.subscription_id]


def test_a_graph_that_lags_behind_is_a_read_error_and_no_empty_subscription(
    scene: Scene, reader: Reader, workspace: Workspace, world: World
) -> None:
    late = world.subscription("late").resource_group("rg")
    scene.world.freeze_graph()
    late.workspace("ws-late")
    found = _read(reader)
    assert [read_error.code for read_error in found.read_errors] == ["GraphIsBehind"]
    assert late.subscription_id not in {read.subscription_id for read in found.reads}


def test_an_empty_subscription_is_read_and_no_read_error(
    scene: Scene, reader: Reader, workspace: Workspace, world: World
) -> None:
    empty = world.subscription("empty")
    found = _read(reader)
    assert found.read_errors == ()
    assert empty.subscription_id in {read.subscription_id for read in found.reads}


def test_every_subscription_forbidden_is_one_read_error_each(
    scene: Scene, reader: Reader, workspace: Workspace, world: World
) -> None:
    other = world.subscription("other")
    for subscription in world.subscriptions:
        world.forbid(subscription, ["graph", "arm"])
    found = _read(reader)
    assert {read_error.scope for read_error in found.read_errors} == {
        workspace.subscription_id,
        other.subscription_id,
    }
    assert found.reads == ()


def test_a_map_that_resource_graph_lacks_is_asked_of_resource_manager_once_a_workspace(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    for name in ("a", "b"):
        workspace.endpoint(name, traffic={"d": 100}).deployment("d")

    def no_maps(body: Any) -> Any:
        for row in body["data"]:
            if isinstance(row.get("properties"), dict):
                row["properties"].pop("traffic", None)
        return body

    scene.azure.bend(GRAPH, no_maps)
    found = _read(reader)
    assert [endpoint.traffic for endpoint in found.endpoints] == [{"d": 100.0}] * 2
    lists = [r for r in scene.azure.requests if r.path.lower().endswith("/onlineendpoints")]
    assert len(lists) == 1


def test_a_map_that_nobody_tells_stays_unknown(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    workspace.endpoint("e").traffic = ABSENT
    assert [endpoint.traffic for endpoint in _read(reader).endpoints] == [None]


def test_ids_that_are_spelt_otherwise_still_belong_together(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    workspace.endpoint("Fraud", traffic={"Blue": 100}).deployment("Blue")

    def mixed(body: Any) -> Any:
        for number, row in enumerate(body["data"]):
            row["id"] = [row["id"].upper(), row["id"].lstrip("/"), row["id"].lower()][number % 3]
            row["type"] = row.get("type", "").upper()
        return body

    scene.azure.bend(GRAPH, mixed)
    found = _read(reader)
    (deployment,), (endpoint,) = found.deployments, found.endpoints
    assert deployment.key.startswith(endpoint.key + "/deployments/")
    assert deployment.region == "westeurope"
    assert found.workspaces[0].key == workspace.id.lower()


def test_hub_and_project_workspaces_count_like_any_other(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    group: Any = workspace.parent
    hub = group.workspace("hub", kind="Hub")
    group.workspace("project", kind="Project", hub=hub).endpoint("e").deployment("d")
    found = _read(reader)
    assert {(place.name, place.kind) for place in found.workspaces} >= {
        ("hub", "Hub"),
        ("project", "Project"),
    }
    assert len(found.deployments) == 1


def test_no_value_of_an_environment_variable_is_in_a_record(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d", environment_variables={"KEY": "hunter2"})
    found = _read(reader)
    kept = repr((found, *found.raw))
    assert "hunter2" not in kept
    assert f"'KEY': '{NOT_STORED}'" in kept


def test_request_limits_and_script_and_network_are_read(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    settings = {
        "requestTimeout": "PT90S",
        "maxConcurrentRequestsPerInstance": 4,
        "maxQueueWait": "PT0.5S",
    }
    workspace.endpoint("e").deployment(
        "d", extra={"requestSettings": settings, "egressPublicNetworkAccess": "Disabled"}
    )
    (deployment,) = _read(reader).deployments
    assert deployment.request_timeout == "PT90S"
    assert deployment.max_concurrent_requests_per_instance == 4
    assert deployment.max_queue_wait == "PT0.5S"
    assert deployment.egress_public_network_access == "Disabled"
    assert deployment.scoring_script == "score.py"


def test_a_scope_that_is_refused_whole_is_raised(scene: Scene, reader: Reader) -> None:
    scene.azure.faults.add(Fault("garble", path="/subscriptions\\?"))
    with pytest.raises(NotUnderstood):
        _read(reader)


def test_the_progress_tells_how_far_it_is(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    parts: list[tuple[str, int, int | None]] = []
    read_inventory(reader, Scope(), lambda *step: parts.append(step))
    assert parts[-1] == ("inventory", 3, None)
