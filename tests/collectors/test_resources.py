"""One raw resource becomes one record, whatever the body lacks or holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from collectors.connection.errors import error_in, one_line
from collectors.inventory import resources as shape
from collectors.records import key_of

ID = (
    "/subscriptions/s/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws"
    "/onlineEndpoints/fraud/deployments/Blue"
)
plain = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.sampled_from([ID, "2026-01-01T00:00:00Z", "Succeeded", "Managed", "²", "1", "", "x/"])
)
anything = plain | some.lists(plain, max_size=2) | some.dictionaries(some.just("value"), plain)
NAMES = (
    "id name type kind location tags sku identity systemData properties traffic mirrorTraffic "
    "capacity instanceType model assetId codeConfiguration codeId requestSettings createdAt "
    "createdBy environmentVariables provisioningState maxConcurrentRequestsPerInstance value "
    "endpointComputeType scaleSettings scaleType modelSettings modelId appInsightsEnabled error "
    "code message"
)
names = some.sampled_from(NAMES.split(" "))
bodies = some.dictionaries(
    names, anything | some.dictionaries(names, anything, max_size=4), max_size=6
)
patient = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(bodies)
def test_no_body_makes_a_record_crash(body: dict[str, Any]) -> None:
    shape.workspace_from(body)
    shape.endpoint_from(body, "managed")
    shape.deployment_from(body, "managed")
    shape.serverless_from(body)
    shape.online_kind(body)
    shape.raw_from(body)


@patient
@given(bodies)
def test_no_body_of_an_error_crashes(body: dict[str, Any]) -> None:
    error_in(body)


@patient
@given(some.text())
def test_a_message_is_one_printable_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 300
    assert line == "" or line.isprintable()


@patient
@given(anything)
def test_environment_values_are_never_in_a_raw_record(value: Any) -> None:
    secret = "hunter2-secret"
    body = {
        "id": ID,
        "other": value,
        "properties": {
            "environmentVariables": {"A": secret, "B": {"deep": secret}},
            "list": [{"EnvironmentVariables": {"C": secret}}],
        },
    }
    assert secret not in repr(shape.raw_from(body))


@pytest.mark.parametrize("values", [["hunter2"], "hunter2", [{"name": "A", "value": "hunter2"}]])
def test_environment_variables_of_another_shape_are_hidden_too(values: Any) -> None:
    body = {"id": ID, "properties": {"environmentVariables": values}}
    assert "hunter2" not in repr(shape.raw_from(body))


@patient
@given(some.dictionaries(some.text(max_size=5), anything, max_size=3))
def test_a_map_of_traffic_is_numbers_or_unknown(value: dict[str, Any]) -> None:
    reported = shape.shares(value)
    assert reported is None or all(isinstance(share, float) for share in reported.values())


@pytest.mark.parametrize("value", [None, [], "x", 3, {"a": None}, {"a": "x"}, {"a": {}}])
def test_a_map_that_is_no_map_of_numbers_is_unknown(value: Any) -> None:
    assert shape.shares(value) is None


def test_an_empty_map_is_no_traffic() -> None:
    assert shape.shares({}) == {}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05.1234567Z", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02T03:04:05.123456+00:00", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02T03:04:05.1234567+02:00", datetime(2026, 1, 2, 1, 4, 5, 123456, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        (None, None),
        (20260102, None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_times_of_azure_are_read_in_all_their_forms(text: Any, read: datetime | None) -> None:
    assert shape.moment(text) == read


def test_ids_compare_without_case_slash_or_space() -> None:
    assert key_of(ID) == key_of(ID.upper()) == key_of(ID.strip("/") + "/ ")


def test_names_come_from_the_id_as_spelt() -> None:
    record = shape.deployment_from({"id": ID.lstrip("/")}, "managed")
    assert (record.workspace, record.endpoint, record.name) == ("ws", "fraud", "Blue")
    assert record.id == ID
    assert record.key == ID.lower()


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ({}, None),
        ({"sku": None}, None),
        ({"sku": {"capacity": 2}}, 2),
        ({"sku": {"capacity": "2"}}, 2),
        ({"sku": {"capacity": 0}}, 0),
        ({"sku": {"capacity": "many"}}, None),
        ({"sku": {"capacity": True}}, None),
    ],
)
def test_the_instance_count_is_the_capacity_or_unknown(body: Any, count: int | None) -> None:
    assert shape.deployment_from({"id": ID} | body, "managed").instance_count == count


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ("azureml:m:1", "azureml:m:1"),
        ({"referenceType": "Id", "assetId": "/models/m/versions/1"}, "/models/m/versions/1"),
        (None, None),
        ({}, None),
        ([], None),
    ],
)
def test_a_model_is_text_or_an_object(model: Any, text: str | None) -> None:
    body = {"id": ID, "properties": {"model": model}}
    assert shape.deployment_from(body, "batch").model == text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"kind": "K8S"}, "kubernetes"),
        ({"kind": "Managed"}, "managed"),
        ({"properties": {"endpointComputeType": "Kubernetes"}, "kind": "Managed"}, "kubernetes"),
        ({"properties": {"endpointComputeType": "AzureMLCompute"}}, "kubernetes"),
        ({"properties": {"endpointComputeType": "Managed"}}, "managed"),
        ({}, None),
        ({"kind": "other"}, None),
    ],
)
def test_the_kind_is_reported_in_two_places_and_two_spellings(body: Any, kind: str | None) -> None:
    assert shape.online_kind(body) == kind


def test_a_just_created_endpoint_has_next_to_nothing() -> None:
    body = {"id": ID, "location": None, "systemData": {}, "properties": {"scoringUri": None}}
    record = shape.endpoint_from(body, "managed")
    assert (record.region, record.created_at, record.traffic, record.mirror) == (None,) * 4


def test_tags_are_text_by_name() -> None:
    reported = shape.tags_of({"a.b": True, "n": None, "x": 3})
    assert reported == {"a.b": "True", "n": "", "x": "3"}
    assert shape.tags_of(None) == {}
