"""The connection that can write sends what is on its list, to its cloud, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from urllib.parse import quote

import pytest
from azure.core.pipeline import Pipeline
from azure.core.rest import HttpRequest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from actions.session import Limits, Refusal
from actions.writing import OnlyListedWrites, Writer
from collectors.connection.errors import Forbidden, Refused
from collectors.connection.patience import Stop
from collectors.connection.timeouts import Timeouts
from collectors.connection.watching import transport_for
from collectors.inventory.inventory import ML_API
from collectors.records import key_of
from emulator import Fault
from tests.actions.stage import Stage

TAGS = "/providers/Microsoft.Resources/tags/default"
TAG_FIX = "ask for the role Tag Contributor, on the subscription (Microsoft.Resources/tags/write)"
WORKSPACE = (
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws"
)
DEPLOYMENT = f"{WORKSPACE}/onlineEndpoints/fraud/deployments/old"
FORBIDDEN_DELETES = [
    "/subscriptions/s",
    "/subscriptions/s/resourceGroups/rg",
    WORKSPACE,
    f"{WORKSPACE}/onlineEndpoints",
    f"{WORKSPACE}/onlineEndpoints/..",
    f"{WORKSPACE}/onlineEndpoints/%2e%2e",
    f"{WORKSPACE}/batchEndpoints/scores",
    f"{WORKSPACE}/batchEndpoints/scores/deployments/a",
    f"{WORKSPACE}/serverlessEndpoints/llama",
    f"{WORKSPACE}/models/fraud/versions/1",
    f"{WORKSPACE}/onlineEndpoints/fraud/deployments",
    f"{DEPLOYMENT}/skus",
    f"{DEPLOYMENT}/providers/Microsoft.Resources/tags/default",
    f"{DEPLOYMENT}/../../../fraud",
    "/subscriptions/s/providers/Microsoft.Authorization/locks/keep",
    DEPLOYMENT.replace("/rg/", "/../"),
    DEPLOYMENT.replace("/ws/", "/%2e%2e/"),
    DEPLOYMENT.replace("/ws/", "/ws%2f..%2fother/"),
]
FORBIDDEN_PATCHES = [
    DEPLOYMENT,
    f"{WORKSPACE}/onlineEndpoints/fraud",
    WORKSPACE,
    "/subscriptions/s/resourceGroups/rg",
    f"{DEPLOYMENT}/providers/Microsoft.Resources/tags/other",
    "/providers/Microsoft.Resources/tags/default",
    "/subscriptions/s/providers/Microsoft.Resources/tags/default",
    f"{WORKSPACE}/providers/Microsoft.Resources/tags/default",
    f"{DEPLOYMENT}/../../../../../providers/Microsoft.Resources/tags/default",
]


@pytest.mark.parametrize("path", FORBIDDEN_DELETES)
def test_no_delete_but_of_an_online_deployment_leaves(stage: Stage, path: str) -> None:
    with Writer(stage.session) as writer, pytest.raises(Forbidden):
        writer.delete(path, "2025-09-01")
    assert stage.azure.requests == []


@pytest.mark.parametrize("path", FORBIDDEN_PATCHES)
def test_no_patch_but_of_tags_leaves(stage: Stage, path: str) -> None:
    with Writer(stage.session) as writer, pytest.raises(Forbidden):
        writer.patch(path, {"properties": {"traffic": {"old": 100}}}, "2025-09-01")
    assert stage.azure.requests == []


@pytest.mark.parametrize("method", ["PUT", "POST", "HEAD", "OPTIONS", "MERGE"])
def test_no_other_verb_leaves(stage: Stage, method: str) -> None:
    paths = [
        DEPLOYMENT,
        f"{WORKSPACE}/onlineEndpoints/fraud",
        f"{DEPLOYMENT}/providers/Microsoft.Resources/tags/default",
    ]
    for path in paths:
        with pytest.raises(Forbidden):
            send(stage, method, path, Limits())
    assert stage.azure.requests == []


@pytest.mark.parametrize("path", [*FORBIDDEN_DELETES, *FORBIDDEN_PATCHES[2:]])
def test_nothing_is_created_but_an_online_endpoint_or_deployment(stage: Stage, path: str) -> None:
    # Even where it was found to be free, which no read of this test claims.
    with pytest.raises(Forbidden):
        send(stage, "PUT", path, Limits(), creatable={key_of(path)})
    assert stage.azure.requests == []


@pytest.mark.parametrize("path", ["ws/fraud", "ws/fraud/old"])
def test_what_exists_is_never_put(stage: Stage, path: str) -> None:
    there = stage.world.find(path).id
    with Writer(stage.session) as writer:
        with pytest.raises(Forbidden, match="never overwritten"):
            writer.create(there, {"properties": {"traffic": {"old": 100}}}, "2025-09-01")
        with pytest.raises(Forbidden, match="not found to be free"):
            writer.replace(there, {"properties": {"traffic": {"old": 100}}}, "2025-09-01")
    assert stage.writes == []


def test_what_cannot_be_read_is_never_put(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", "/onlineEndpoints/new", method="GET"))
    path = stage.endpoint.id.replace("/fraud", "/new")
    with Writer(stage.session) as writer:
        with pytest.raises(Refused):
            writer.create(path, {}, "2025-09-01")
        with pytest.raises(Forbidden):
            writer.replace(path, {}, "2025-09-01")
    assert stage.writes == []


def test_only_what_the_same_connection_created_is_put_twice(stage: Stage) -> None:
    path = stage.endpoint.id.replace("/fraud", "/new")
    body = {"location": "westeurope", "properties": {"authMode": "Key"}}
    with Writer(stage.session) as writer:
        writer.create(path, body, "2025-09-01")
        writer.replace(path.upper().replace("/SUBSCRIPTIONS", "/subscriptions"), body, "2025-09-01")
    with Writer(stage.session) as another, pytest.raises(Forbidden):
        another.replace(path, body, "2025-09-01")
    assert [write.method for write in stage.writes] == ["PUT", "PUT"]


LISTED = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices"
    r"/workspaces/[^/]+/onlineEndpoints/[^/]+/deployments/[^/]+",
    re.IGNORECASE,
)


@given(words=st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_is_deleted_is_one_online_deployment(stage: Stage, words: list[str]) -> None:
    path = "/" + "/".join(quote(word, safe="") for word in words)
    assume(not LISTED.fullmatch(path))
    with pytest.raises(Forbidden):
        send(stage, "DELETE", path, Limits())
    assert stage.azure.requests == []


def test_read_only_mode_stops_a_listed_write_too(stage: Stage) -> None:
    with pytest.raises(Refusal):
        send(stage, "DELETE", DEPLOYMENT, Limits(read_only=True))
    assert stage.azure.requests == []


def test_a_protected_subscription_stops_a_listed_write_too(stage: Stage) -> None:
    limits = Limits(protected_subscriptions=frozenset({"s"}))
    with pytest.raises(Refusal):
        send(stage, "DELETE", DEPLOYMENT.replace("/s/", "/S/"), limits)
    assert stage.azure.requests == []


def test_a_write_goes_to_the_hosts_of_the_profile_alone(stage: Stage) -> None:
    with Writer(stage.session) as writer, pytest.raises(Forbidden):
        writer.delete(f"@attacker.example{DEPLOYMENT}", "2025-09-01")
    assert stage.azure.requests == []


def send(
    stage: Stage,
    method: str,
    path: str,
    limits: Limits,
    creatable: Collection[str] = frozenset(),
) -> None:
    transport = transport_for(stage.session.cloud, Timeouts(), Stop())
    with Pipeline(transport, [OnlyListedWrites(limits, creatable)]) as pipeline:
        pipeline.run(HttpRequest(method, stage.session.cloud.resource_manager + path))


@pytest.mark.parametrize(
    ("source", "write", "fix"),
    [
        ("tags", lambda writer, path: writer.patch(f"{path}{TAGS}", {}, "2025-04-01"), TAG_FIX),
        (
            "arm",
            lambda writer, path: writer.delete(path, ML_API),
            "ask for the role AzureML Data Scientist, on the workspace"
            " (Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/delete)",
        ),
    ],
)
def test_a_refused_write_names_the_role_that_it_needs(
    stage: Stage, source: str, write: Callable[[Writer, str], object], fix: str
) -> None:
    path = stage.deployment().id
    stage.world.forbid(stage.world.subscriptions[0], [source])
    with Writer(stage.session) as writer, pytest.raises(Refused) as caught:
        write(writer, path)
    assert caught.value.fix == fix
