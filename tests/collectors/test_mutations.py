"""Answers of every source with one part of another type: a read error, and never a crash or a gap.

The answers are those of the stand-in, and the examples of Microsoft's OpenAPI documents where
AZURE_SPECS names their folder; they are no part of the project.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.activity.log import read_activity
from collectors.connection.errors import AzureFailure
from collectors.connection.reading import Reader
from collectors.costs.bill import CostQuestion, ask_costs
from collectors.costs.prices import read_prices
from collectors.facts.comparing import compare_all
from collectors.facts.sample import Extent
from collectors.inventory.ages import list_creations, list_creations_of_endpoints
from collectors.inventory.assets import read_asset
from collectors.inventory.endpoint import read_endpoint
from collectors.inventory.inventory import read_inventory
from collectors.inventory.locks import read_locks
from collectors.inventory.quota import read_quota
from collectors.inventory.related import read_autoscale, read_diagnostics
from collectors.inventory.resources import parent
from collectors.inventory.scope import Scope, visible_subscriptions
from collectors.logs.callers import read_callers
from collectors.metrics.metrics import ask
from collectors.metrics.questions import BY_CLASS, BY_ENDPOINT, MetricQuestion
from collectors.records import ReadError
from emulator import World, at
from tests.scene import NOW, Scene, SceneOf, ago

SPECS = os.environ.get("AZURE_SPECS")
GUID = "11111111-2222-3333-4444-555555555555"
LAWS = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Came:
    """How many things an answer came to, and whether it says that something is missing."""

    things: int
    is_whole: bool


Read = Callable[[Scene, Reader], Came]


def came(things: int, errors: Any = ()) -> Came:
    return Came(things, not errors)


def tenant(world: World) -> World:
    """One of everything that is read."""
    group = world.subscription("production").resource_group("rg-ml")
    workspace = group.workspace("ws")
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100})
    blue = endpoint.deployment("blue", requests=at(ago(2), 7))
    green = endpoint.deployment("green")
    workspace.batch_endpoint("nightly").deployment("main")
    world.lock(green)
    world.autoscale(blue)
    world.diagnose(endpoint, GUID)
    world.log_call(blue, ago(1), caller="x", auth_type="AADToken", user_agent="nightly/2.1")
    world.log_operation(blue.id, ago(3), "ada@contoso.example")
    return world


@pytest.fixture
def scene(scene_of: SceneOf, world: World) -> Scene:
    return scene_of(tenant(world))


def _endpoint(scene: Scene) -> Any:
    return scene.world.find("ws/fraud")


def _blue(scene: Scene) -> Any:
    return scene.world.find("ws/fraud/blue")


def _nothing(_what: str, _done: int, _all: int | None) -> None:
    pass


def _subscriptions(_scene: Scene, reader: Reader) -> Came:
    found, errors = visible_subscriptions(reader, Scope())
    return came(len(found), errors)


def _inventory(_scene: Scene, reader: Reader) -> Came:
    found = read_inventory(reader, Scope(), _nothing)
    parts = (found.workspaces, found.endpoints, found.deployments, found.autoscale, found.raw)
    groups = len(found.resource_groups)
    return came(groups + sum(map(len, parts)), found.read_errors)


def _one_endpoint(scene: Scene, reader: Reader) -> Came:
    return came(len(read_endpoint(reader, _endpoint(scene).id).deployments))


def _locks(scene: Scene, reader: Reader) -> Came:
    locks, _reads, errors = read_locks(reader, [_blue(scene).subscription_id])
    return came(len(locks), errors)


def _created(scene: Scene, reader: Reader) -> Came:
    found = list_creations(reader, [_blue(scene).subscription_id], _nothing)
    return came(len(found.by_key), found.read_errors)


def _created_here(scene: Scene, reader: Reader) -> Came:
    found = list_creations_of_endpoints(reader, [_endpoint(scene).id])
    return came(len(found.by_key), found.read_errors)


def _autoscale(scene: Scene, reader: Reader) -> Came:
    blue = _blue(scene)
    return came(len(read_autoscale(reader, blue.subscription_id, [blue.id])))


def _diagnostics(scene: Scene, reader: Reader) -> Came:
    return came(len(read_diagnostics(reader, _endpoint(scene).id)))


def _callers(scene: Scene, reader: Reader) -> Came:
    found = read_callers(reader, _endpoint(scene).id, None, ago(35), NOW)
    return came(len(found.calls), found.refused)


def _activity(scene: Scene, reader: Reader) -> Came:
    return came(len(list(read_activity(reader, _blue(scene).subscription_id, ago(89), NOW))))


def _quota(scene: Scene, reader: Reader) -> Came:
    sub = _blue(scene).subscription_id
    found = read_quota(reader, sub, "westeurope", "standardDSv2Family")
    return came(int(found.left is not None), found.left is None)


def _asset(scene: Scene, reader: Reader) -> Came:
    blue = _blue(scene)
    workspace_id = parent(_endpoint(scene).id)
    found = read_asset(reader, workspace_id, "model", blue.properties["model"])
    return came(int(found.exists is not None), found.exists is None)


def _prices(_scene: Scene, reader: Reader) -> Came:
    found = read_prices(reader, "westeurope", "Standard_DS3_v2", "EUR", NOW)
    if isinstance(found, ReadError):
        return Came(0, is_whole=False)
    return came(sum(one.per_hour is not None for one in found))


def _costs(by: str) -> Read:
    def asked(scene: Scene, _reader: Reader) -> Came:
        question = CostQuestion(_blue(scene).subscription_id, date(2026, 11, 1), by)
        with scene.reader() as fresh:  # with a budget of its own, so that it need not wait
            answer = ask_costs(fresh, question, NOW.date())
        return came(len(answer.lines), answer.read_errors)

    return asked


def _metrics(source: Any) -> Read:
    def asked(scene: Scene, reader: Reader) -> Came:
        one = _blue(scene) if source == "deployment" else _endpoint(scene)
        days = date(2026, 11, 18), NOW.date()
        question = MetricQuestion(source, one.subscription_id, "westeurope", (one.id,), *days)
        answer = ask(reader, question, NOW)
        return came(sum(len(one.starts_at) for one in answer.series), answer.read_errors)

    return asked


def _facts(_scene: Scene, reader: Reader) -> Came:
    found = read_inventory(reader, Scope(), _nothing)
    findings = compare_all(reader, found, Extent(2, 1, 40), NOW)
    return Came(len(findings), is_whole=False)


SOURCES: dict[str, tuple[str, Read]] = {
    "subscriptions": (r"/subscriptions\?", _subscriptions),
    "inventory": ("ResourceGraph", _inventory),
    "resource groups": (r"resourcegroups\?", _inventory),
    "one endpoint": (r"onlineEndpoints/fraud(\?|/deployments\?)|workspaces/ws\?", _one_endpoint),
    "locks": (r"Authorization/locks\?", _locks),
    "creation times": (r"/resources\?", _created),
    "deployments": (r"fraud/deployments\?", _created_here),
    "autoscale": (r"autoscaleSettings\?", _autoscale),
    "diagnostic settings": (r"diagnosticSettings\?", _diagnostics),
    "callers": (r"diagnosticSettings\?|/v1/.*/query", _callers),
    "activity log": ("eventtypes", _activity),
    "quota": (r"/usages\?", _quota),
    "assets": (r"/models/", _asset),
    "prices": ("retail/prices", _prices),
    "cost by tags": ("CostManagement", _costs("tags")),
    "cost by workspace": ("CostManagement", _costs("workspace")),
    "metrics": ("getBatch", _metrics("deployment")),
    "metrics of an endpoint": ("getBatch", _metrics(BY_ENDPOINT)),
    "metrics by class": ("getBatch", _metrics(BY_CLASS)),
    "facts": ("getBatch|/metrics|locks|deployments|/resources|fraud", _facts),
}
_ML = (
    "machinelearningservices/resource-manager/Microsoft.MachineLearningServices/stable/2025-09-01"
    "/examples"
)
_LOCKS = "resources/resource-manager/Microsoft.Authorization/stable/2020-05-01/examples"
_GRAPH = "resourcegraph/resource-manager/Microsoft.ResourceGraph/stable/2024-04-01/examples"
_COST = "cost-management/resource-manager/Microsoft.CostManagement/stable/2025-03-01/examples"
_SCALING = "monitor/resource-manager/Microsoft.Insights/stable/2022-10-01/examples"
_BATCH = "monitor/data-plane/Microsoft.Insights/stable/2024-02-01/examples"
_LOGS = "monitor/data-plane/Microsoft.OperationalInsights/stable/v1/examples"
_SUBSCRIPTIONS = "resources/resource-manager/Microsoft.Resources/stable/2022-12-01/examples"
EXAMPLES = [
    ("subscriptions", f"{_SUBSCRIPTIONS}/GetSubscriptions.json"),
    ("inventory", f"{_GRAPH}/ResourcesPropertiesQuery.json"),
    ("inventory", f"{_GRAPH}/ResourcesFirstPageQuery.json"),
    ("one endpoint", f"{_ML}/Workspace/OnlineEndpoint/get.json"),
    ("deployments", f"{_ML}/OnlineDeployment/list.json"),
    ("locks", f"{_LOCKS}/ManagementLocks_ListAtSubscriptionLevel.json"),
    ("autoscale", f"{_SCALING}/listAutoscaleSettingBySubscription.json"),
    ("quota", f"{_ML}/Usage/list.json"),
    ("assets", f"{_ML}/Workspace/ModelVersion/get.json"),
    ("cost by tags", f"{_COST}/SubscriptionQueryGrouping.json"),
    ("metrics", f"{_BATCH}/MetricBatchExample.json"),
    ("callers", f"{_LOGS}/la-post-resource-centric-example.json"),
]
every_source = pytest.mark.parametrize("name", SOURCES)
# Beyond JSON: what Python's reader makes of them must not get any further either.
ODD: list[Any] = [None, True, -1, "", "x", "1e999", "12", [], {}, [None], {"value": 3}]
ODD += [float("nan"), float("inf"), 10**400, 1e308, "²", "\ud800", "\x00", [[[[]]]], 0.5]


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every part of a JSON value, itself first."""
    yield path
    if isinstance(value, dict | list):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nodes(one, (*path, name))


def mutated(body: Any, place: int, odd: Any) -> tuple[Any, Any]:
    """The body with one part replaced, and what stood there."""
    places = list(nodes(body))
    path = places[place % len(places)]
    changed = copy.deepcopy({"all": body})
    holder: Any = changed
    for name in ("all", *path)[:-1]:
        holder = holder[name]
    last = ("all", *path)[-1]
    was, holder[last] = holder[last], odd
    return changed["all"], was


def is_of_another_type(was: Any, odd: Any) -> bool:
    """Whether a reader can know that this is not what stood there; null is like nothing."""
    if was is None or odd is None:
        return False
    number = (int, float)
    if isinstance(was, number) and isinstance(odd, number):
        return isinstance(odd, bool) is not isinstance(was, bool)
    return type(was) is not type(odd)


def bend(scene: Scene, path: str, change: Callable[[Any], Any]) -> list[str]:
    """Bend all answers anew; the list fills with what went wrong in doing so."""
    wrong: list[str] = []

    def bent(body: Any) -> Any:
        try:
            return change(body)
        except Exception as error:
            wrong.append(repr(error))
            raise

    scene.azure.straighten()
    scene.azure.bend(path, bent)
    return wrong


@every_source
def test_a_part_of_another_type_is_a_read_error_and_nothing_is_lost_silently(
    scene: Scene, name: str
) -> None:
    path, read = SOURCES[name]
    with scene.reader() as reader:
        whole = read(scene, reader)
        assert whole.things > 0
        assert whole.is_whole or name == "facts"

        @LAWS
        @given(place=st.integers(0, 10_000), odd=st.sampled_from(ODD))
        def law(place: int, odd: Any) -> None:
            may_lack = [False]

            def change(body: Any) -> Any:
                changed, was = mutated(body, place, odd)
                may_lack[0] |= not is_of_another_type(was, odd)
                return changed

            wrong = bend(scene, path, change)
            found = asked(read, scene, reader)
            assert wrong == []
            assert found.things >= whole.things or not found.is_whole or may_lack[0]

        law()


@every_source
def test_what_stands_in_a_list_and_is_none_of_its_elements_is_a_read_error(
    scene: Scene, name: str
) -> None:
    path, read = SOURCES[name]
    with scene.reader() as reader:
        whole = read(scene, reader)

        @LAWS
        @given(place=st.integers(0, 100), odd=st.sampled_from(ODD))
        def law(place: int, odd: Any) -> None:
            wrong = bend(scene, path, lambda body: _with_element(body, place, odd))
            found = asked(read, scene, reader)
            assert wrong == []
            assert found.things >= whole.things or not found.is_whole

        law()


def test_a_snapshot_commits_whatever_its_answers_hold(scene: Scene) -> None:
    paths = "ResourceGraph|locks|getBatch|eventtypes|/resources"

    @settings(LAWS, max_examples=6)
    @given(place=st.integers(0, 10_000), odd=st.sampled_from(ODD))
    def law(place: int, odd: Any) -> None:
        wrong = bend(scene, paths, lambda body: mutated(body, place, odd)[0])
        assert scene.snapshot(attempts=1)
        assert wrong == []

    law()


@pytest.mark.skipif(not SPECS, reason="AZURE_SPECS names no folder of OpenAPI documents")
@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_a_mutated_example_of_the_openapi_documents_is_no_crash(
    scene: Scene, name: str, example: str
) -> None:
    path, read = SOURCES[name]
    text = (Path(SPECS or ".") / "specification" / example).read_text(encoding="utf-8-sig")
    body = json.loads(text)["responses"]["200"]["body"]
    body.pop("nextLink", None)
    with scene.reader() as reader:

        @LAWS
        @given(place=st.integers(0, 10_000), odd=st.sampled_from(ODD))
        def law(place: int, odd: Any) -> None:
            wrong = bend(scene, path, lambda _body: mutated(body, place, odd)[0])
            asked(read, scene, reader)
            assert wrong == []

        law()


def asked(read: Read, scene: Scene, reader: Reader) -> Came:
    """What a source came to; a refusal says that something is missing, else it is a crash."""
    try:
        return read(scene, reader)
    except AzureFailure:
        return Came(0, is_whole=False)


def _with_element(body: Any, place: int, odd: Any) -> Any:
    """The body with one more element in one of its lists."""
    changed = copy.deepcopy(body)
    lists = [one for one in (_at(changed, at) for at in nodes(changed)) if type(one) is list]
    if lists:
        lists[place % len(lists)].insert(place % 2, odd)
    return changed


def _at(body: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        body = body[name]
    return body
