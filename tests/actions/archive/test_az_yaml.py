"""The YAML for people: azure-ai-ml's own words, no secret, and a header that hides no loss."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from actions.archive.az_yaml import NoYaml, yaml_of
from actions.archive.definitions import Definitions
from actions.archive.reading import read_archive
from actions.archive.writing import write_archive
from emulator import Clock, Endpoint, World, sample_tenant
from emulator.tenant.bodies import body
from tests.actions.stage import SECRET
from tests.scene import NOW


@pytest.fixture
def endpoint() -> Endpoint:
    group = World(clock=Clock(NOW)).subscription("production").resource_group("rg-ml")
    return group.workspace("ws").endpoint("fraud", traffic={"old": 100})


def raw_of(endpoint: Endpoint, **given: Any) -> dict[str, Any]:
    return body(endpoint.deployment("old", environment_variables={"API_TOKEN": SECRET}, **given))


def lost_in(text: str) -> set[str]:
    return set(re.findall(r"^#   (\S.*)$", text, re.MULTILINE))


def test_it_says_what_az_ml_takes(endpoint: Endpoint) -> None:
    text = yaml_of("deployment", raw_of(endpoint))
    assert "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment" in text
    for line in ("name: old", "endpoint_name: fraud", "instance_count: 1", "type: managed"):
        assert f"\n{line}\n" in text
    assert re.search(r"^model: azureml:/subscriptions/.+/models/fraud/versions/1$", text, re.M)
    assert "provisioning_state" not in text


def test_no_environment_value_is_in_it(endpoint: Endpoint) -> None:
    text = yaml_of("deployment", raw_of(endpoint))
    assert SECRET not in text
    assert "API_TOKEN: (masked)" in text


def test_its_header_names_what_it_does_not_hold(endpoint: Endpoint) -> None:
    collector = {"collections": {"model_inputs": {"dataCollectionMode": "Enabled", "dataId": "x"}}}
    extra = {
        "startupProbe": {"period": "PT7S"},
        "modelMountPath": "/mnt",
        "dataCollector": collector,
        "fromTheFuture": {"a": [1]},
    }
    text = yaml_of("deployment", raw_of(endpoint, extra=extra))
    assert {
        "properties.requestSettings.maxQueueWait",
        "properties.startupProbe.period",
        "properties.modelMountPath",
        "properties.dataCollector.collections.model_inputs.dataId",
        "properties.fromTheFuture.a",
    } <= lost_in(text)


def test_its_header_names_nothing_that_it_holds(endpoint: Endpoint) -> None:
    extra = {"requestSettings": {"requestTimeout": "PT1M30S", "maxQueueWait": "PT1S"}}
    text = yaml_of("deployment", raw_of(endpoint, extra=extra))
    assert lost_in(text) == {"location", "kind", "sku.name", "sku.tier"}


def test_a_name_from_azure_cannot_leave_the_comment(endpoint: Endpoint) -> None:
    text = yaml_of("deployment", raw_of(endpoint, extra={"x\nname: evil\u2028": 1}))
    assert "\nname: evil" not in text
    assert "\u2028" not in text


def test_what_azure_ai_ml_cannot_express_is_archived_without_yaml(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    raw = raw_of(endpoint, extra={"endpointComputeType": "Quantum"})
    with pytest.raises(NoYaml, match="Quantum"):
        yaml_of("deployment", raw)
    given = Definitions("deployment", body(endpoint), (raw,))
    kept = read_archive(write_archive(tmp_path, given, {}, NOW))
    (line,) = kept.not_archived
    assert line.startswith("not archived: deployment as YAML: azure-ai-ml cannot express it")
    assert sorted(path.name for path in kept.folder.glob("*.yml")) == ["endpoint.yml"]


def test_every_online_shape_of_the_sample_tenant_can_be_written() -> None:
    world = sample_tenant(NOW)
    for deployment in world.deployments():
        assert f"\nname: {deployment.name}\n" in yaml_of("deployment", body(deployment))
    for endpoint in world.endpoints():
        assert f"\nname: {endpoint.name}\n" in yaml_of("endpoint", body(endpoint))
