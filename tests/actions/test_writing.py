"""The connection that can write sends what is on its list, to its cloud, and nothing else."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from azure.core.pipeline import Pipeline
from azure.core.rest import HttpRequest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from actions.operator import Limits, Refusal
from actions.writing import OnlyListedWrites, Writer
from collectors.errors import Forbidden
from collectors.reading import transport_for
from tests.actions.stage import Stage

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
]
FORBIDDEN_PATCHES = [
    DEPLOYMENT,
    f"{WORKSPACE}/onlineEndpoints/fraud",
    WORKSPACE,
    "/subscriptions/s/resourceGroups/rg",
    f"{DEPLOYMENT}/providers/Microsoft.Resources/tags/other",
    "/providers/Microsoft.Resources/tags/default",
]


@pytest.mark.parametrize("path", FORBIDDEN_DELETES)
def test_no_delete_but_of_an_online_deployment_leaves(stage: Stage, path: str) -> None:
    with Writer(stage.operator) as writer, pytest.raises(Forbidden):
        writer.delete(path, "2025-09-01")
    assert stage.azure.requests == []


@pytest.mark.parametrize("path", FORBIDDEN_PATCHES)
def test_no_patch_but_of_tags_leaves(stage: Stage, path: str) -> None:
    with Writer(stage.operator) as writer, pytest.raises(Forbidden):
        writer.patch(path, {"properties": {"traffic": {"old": 100}}}, "2025-09-01")
    assert stage.azure.requests == []


@pytest.mark.parametrize("method", ["PUT", "POST", "HEAD", "OPTIONS", "MERGE"])
def test_no_other_verb_leaves(stage: Stage, method: str) -> None:
    paths = [DEPLOYMENT, f"{DEPLOYMENT}/providers/Microsoft.Resources/tags/default"]
    for path in paths:
        with pytest.raises(Forbidden):
            send(stage, method, path, Limits())
    assert stage.azure.requests == []


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
    with Writer(stage.operator) as writer, pytest.raises(Forbidden):
        writer.delete(f"@attacker.example{DEPLOYMENT}", "2025-09-01")
    assert stage.azure.requests == []


def send(stage: Stage, method: str, path: str, limits: Limits) -> None:
    transport = transport_for(stage.operator.cloud)
    with Pipeline(transport, [OnlyListedWrites(limits)]) as pipeline:
        pipeline.run(HttpRequest(method, stage.operator.cloud.resource_manager + path))
