"""The metrics data plane, asked by Microsoft's own client and by raw requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from azure.monitor.querymetrics import MetricAggregationType, MetricsClient

from emulator import (
    Deployment,
    Emulator,
    Endpoint,
    Fault,
    Workspace,
    alive_except,
    at,
    once_a_month,
    silent,
    steady,
    until,
)
from tests.emulator.client import DAY, NOW, ONLINE, Client

BY_DEPLOYMENT = "deployment eq '*'"


def averages(series: dict[str, Any]) -> list[float | None]:
    return [point.get("average") for point in series["data"]]


def test_the_metrics_client_reads_a_batch(
    azure: Emulator, client: Client, blue: Deployment, green: Deployment
) -> None:
    metrics = MetricsClient(
        f"{azure.url}/westeurope",
        client.credential,
        audience=azure.url,
        connection_verify=str(azure.ca_bundle),
    )
    found = metrics.query_resources(
        resource_ids=[blue.id, green.id],
        metric_namespace=f"{ONLINE}/deployments",
        metric_names=["RequestsPerMinute", "DeploymentCapacity"],
        timespan=(NOW - 3 * DAY, NOW),
        granularity=DAY,
        aggregations=[MetricAggregationType.AVERAGE, MetricAggregationType.MAXIMUM],
    )
    metrics.close()
    requests = found[0].metrics[0].timeseries[0].data
    assert [(point.average, point.maximum) for point in requests] == [(3.0, 3.0)] * 4
    capacity = found[0].metrics[1].timeseries[0].data
    assert {point.average for point in capacity} == {2.0}
    assert found[0].granularity == DAY


def test_a_bucket_of_a_day_begins_at_midnight(client: Client, blue: Deployment) -> None:
    series = client.series(blue.id, "RequestsPerMinute")
    stamps = [point["timeStamp"] for point in series[0]["data"]]
    assert stamps[0] == "2026-11-18T00:00:00Z"
    assert stamps[-1] == "2026-11-23T00:00:00Z"
    assert len(stamps) == 6


def test_todays_bucket_holds_what_happened_so_far(
    azure: Emulator, client: Client, green: Deployment
) -> None:
    green.requests = at(NOW - timedelta(minutes=30), 720)
    assert averages(client.series(green.id, "RequestsPerMinute")[0])[-1] == 1.0
    azure.world.clock.set(NOW - timedelta(hours=1))
    assert averages(client.series(green.id, "RequestsPerMinute")[0])[-1] == 0.0


def test_silence_is_zeros_or_nothing(client: Client, endpoint: Endpoint) -> None:
    zeros = endpoint.deployment("zeros", requests=silent("zeros"))
    nothing = endpoint.deployment("nothing", requests=silent("nothing"))
    assert set(averages(client.series(zeros.id, "RequestsPerMinute")[0])) == {0.0}
    assert client.series(nothing.id, "RequestsPerMinute") == []
    named = client.series(endpoint.id, "RequestsPerMinute", filter=BY_DEPLOYMENT)
    assert "nothing" not in {one["metadatavalues"][0]["value"].lower() for one in named}


def test_missing_points_have_no_value_key(client: Client, endpoint: Endpoint) -> None:
    stopped = endpoint.deployment("a", requests=until(NOW - 3 * DAY, 2.0).emitting("nothing"))
    data = client.series(stopped.id, "RequestsPerMinute")[0]["data"]
    assert data[-1] == {"timeStamp": "2026-11-23T00:00:00Z"}
    assert data[0]["average"] == 2.0


def test_where_silence_is_nothing_the_average_is_of_the_minutes_with_requests(
    client: Client, endpoint: Endpoint
) -> None:
    burst = endpoint.deployment("a", requests=at(NOW - DAY, 50).emitting("nothing"))
    assert averages(client.series(burst.id, "RequestsPerMinute")[0])[-2] == 50.0


def test_a_monthly_caller(client: Client, endpoint: Endpoint) -> None:
    monthly = endpoint.deployment("a", requests=once_a_month(20, 1440))
    assert averages(client.series(monthly.id, "RequestsPerMinute")[0]) == [0, 0, 1.0, 0, 0, 0]


def test_a_gap_in_its_life(client: Client, endpoint: Endpoint) -> None:
    gap = endpoint.deployment("a", life=alive_except(NOW - 2 * DAY))
    for name in ("DeploymentCapacity", "CpuUtilizationPercentage", "RequestsPerMinute"):
        found = averages(client.series(gap.id, name)[0])
        assert [value is None for value in found] == [False, False, False, True, False, False]


def test_kubernetes_emits_nothing(client: Client, workspace: Workspace) -> None:
    edge = workspace.endpoint("edge", kind="K8S").deployment("a", requests=steady(5))
    assert client.series(edge.id, "DeploymentCapacity") == []
    assert client.series(edge.id, "RequestsPerMinute") == []


def test_the_endpoint_is_split_by_deployment_and_status(
    client: Client, endpoint: Endpoint, blue: Deployment, green: Deployment
) -> None:
    blue.requests = steady(4.0).split({"2xx": 0.75, "5xx": 0.25})
    found = client.series(
        endpoint.id,
        "RequestsPerMinute",
        filter="Deployment eq '*' and StatusCodeClass eq '*'",
    )
    values = {
        tuple(one["value"].lower() for one in series["metadatavalues"]): averages(series)[1]
        for series in found
    }
    assert values == {("blue", "2xx"): 3.0, ("blue", "5xx"): 1.0, ("green", "2xx"): 0.0}
    assert {one["name"]["value"] for one in found[0]["metadatavalues"]} == {
        "deployment",
        "statuscodeclass",
    }


def test_one_deployment_can_be_picked(client: Client, endpoint: Endpoint) -> None:
    found = client.series(endpoint.id, "RequestsPerMinute", filter="deployment eq 'BLUE'")
    assert len(found) == 1


def test_ten_series_unless_told_otherwise(client: Client, endpoint: Endpoint) -> None:
    for number in range(15):
        endpoint.deployment(f"d{number}")
    asked = {"filter": BY_DEPLOYMENT}
    assert len(client.series(endpoint.id, "RequestsPerMinute", **asked)) == 10
    assert len(client.series(endpoint.id, "RequestsPerMinute", **asked, top="100")) == 17


def test_the_span_is_cut_to_93_days(client: Client, blue: Deployment) -> None:
    start = (NOW - 200 * DAY).isoformat()
    value = client.metrics([blue.id], "RequestsPerMinute", starttime=start).json()["values"][0]
    assert value["starttime"] == "2026-08-22T12:00:00Z"
    assert len(value["value"][0]["timeseries"][0]["data"]) == 94


def test_the_service_may_change_what_was_asked(
    azure: Emulator, client: Client, blue: Deployment
) -> None:
    changed = client.metrics([blue.id], "RequestsPerMinute", interval="PT6H").json()["values"][0]
    assert changed["interval"] == "PT1H"
    azure.world.metrics_longest_days = 2
    shorter = client.metrics([blue.id], "RequestsPerMinute").json()["values"][0]
    assert shorter["starttime"] == "2026-11-21T12:00:00Z"


def test_hours_add_up_to_the_day(client: Client, green: Deployment) -> None:
    green.requests = steady(2.0).varying(0.3) + at(NOW - DAY, 60)
    hours = client.series(green.id, "RequestsPerMinute", interval="PT1H")[0]["data"]
    days = client.series(green.id, "RequestsPerMinute")[0]["data"]
    yesterday = [point for point in hours if point["timeStamp"].startswith("2026-11-22")]
    assert sum(point["average"] * 60 for point in yesterday) == pytest.approx(
        days[-2]["average"] * 1440
    )


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"metricnames": "Nonsense"}, "metric configuration"),
        ({"metricnamespace": "Microsoft.Nothing/here"}, "namespace"),
        ({"interval": "PT7M"}, "time grain"),
        ({"filter": "color eq '*'"}, "dimension combination"),
        ({"filter": "deployment ne '*'"}, "not valid"),
        ({"aggregation": "median"}, "aggregation"),
        ({"starttime": NOW.isoformat()}, "before the end"),
    ],
)
def test_a_bad_question_is_refused_flatly(
    client: Client, endpoint: Endpoint, change: dict[str, str], text: str
) -> None:
    asked = {"metricnames": "RequestsPerMinute", **change}
    answer = (
        client.metrics([endpoint.id], **asked)
        if False
        else client.metrics([endpoint.id], asked.pop("metricnames"), **asked)
    )
    assert answer.status_code == 400
    assert answer.json().keys() == {"code", "message"}
    assert text in answer.json()["message"]


def test_a_dimension_must_fit_every_metric(client: Client, endpoint: Endpoint) -> None:
    answer = client.metrics(
        [endpoint.id],
        "RequestsPerMinute,RequestLatency_P95",
        filter="deployment eq '*' and statusCodeClass eq '*'",
    )
    assert answer.status_code == 400


def test_a_batch_is_of_one_kind_and_at_most_50(
    client: Client, endpoint: Endpoint, workspace: Workspace, blue: Deployment
) -> None:
    many = [endpoint.deployment(f"d{number}").id for number in range(51)]
    elsewhere = workspace.endpoint("far", location="eastus").deployment("a")
    stranger = blue.id.replace(blue.subscription_id, "0" * 8)
    batches = [many, [blue.id, blue.id.upper()], [blue.id, endpoint.id], [blue.id, elsewhere.id]]
    for batch in [*batches, [blue.id, stranger]]:
        assert client.metrics(batch, "RequestsPerMinute").status_code == 400
    assert client.metrics(many[:50], "RequestsPerMinute").status_code == 200


def test_a_metric_may_fail_alone(azure: Emulator, client: Client, blue: Deployment) -> None:
    azure.world.metric_error("RequestsPerMinute", "InternalServerError")
    answer = client.metrics([blue.id], "RequestsPerMinute,DeploymentCapacity")
    metrics = answer.json()["values"][0]["value"]
    assert [one["errorCode"] for one in metrics] == ["InternalServerError", "Success"]
    assert metrics[0]["timeseries"] == []


def test_a_maximum_may_be_refused(azure: Emulator, client: Client, blue: Deployment) -> None:
    azure.world.maximum_refused = True
    both = client.metrics(
        [blue.id], "RequestsPerMinute,DeploymentCapacity", aggregation="average,maximum"
    ).json()["values"][0]["value"]
    assert [one["errorCode"] for one in both] == ["InvalidAggregationType", "Success"]
    assert client.series(blue.id, "RequestsPerMinute") != []


def test_the_split_by_status_class_may_be_refused(
    azure: Emulator, client: Client, endpoint: Endpoint
) -> None:
    azure.world.status_classes_refused = True
    both = f"{BY_DEPLOYMENT} and statusCodeClass eq '*'"
    refused = client.metrics([endpoint.id], "RequestsPerMinute", filter=both)
    plain = client.metrics([endpoint.id], "RequestsPerMinute", filter=BY_DEPLOYMENT)
    assert (refused.status_code, plain.status_code) == (400, 200)


def test_one_resource_may_spoil_a_batch(
    azure: Emulator, client: Client, blue: Deployment, green: Deployment
) -> None:
    azure.faults.add(Fault("unavailable", "getBatch", status=501, holds=f'{blue.id}"'))
    assert client.metrics([blue.id, green.id], "RequestsPerMinute").status_code == 501
    assert client.metrics([green.id], "RequestsPerMinute").status_code == 200


def test_an_undocumented_total_has_no_value(client: Client, blue: Deployment) -> None:
    data = client.series(blue.id, "RequestsPerMinute", aggregation="total")[0]["data"]
    assert data[0] == {"timeStamp": "2026-11-18T00:00:00Z"}


def test_latency_only_where_requests_were(client: Client, endpoint: Endpoint) -> None:
    some = endpoint.deployment("a", requests=at(NOW - DAY, 5).with_latency(100))
    found = averages(client.series(some.id, "RequestLatency_P95")[0])
    assert found == [None, None, None, None, 240.0, None]


def test_gpus_only_where_there_are_some(client: Client, endpoint: Endpoint) -> None:
    cpu = endpoint.deployment("cpu")
    gpu = endpoint.deployment("gpu", instance_type="Standard_NC6s_v3")
    assert client.series(cpu.id, "GpuUtilizationPercentage") == []
    assert set(averages(client.series(gpu.id, "GpuUtilizationPercentage")[0])) == {0.0}


def test_ids_come_back_in_several_spellings(client: Client, endpoint: Endpoint) -> None:
    ids = [endpoint.deployment(f"d{number}").id for number in range(12)]
    values = client.metrics(ids, "RequestsPerMinute").json()["values"]
    spelt = [value["resourceid"] for value in values]
    assert {one.strip("/").lower() for one in spelt} == {one.strip("/").lower() for one in ids}
    assert any(one.isupper() for one in spelt)
    assert any(not one.startswith("/") for one in spelt)


def test_a_deleted_endpoint_silences_its_deployments(
    client: Client, endpoint: Endpoint, workspace: Workspace, blue: Deployment
) -> None:
    workspace.remove(endpoint, at=NOW - 2 * DAY)
    found = averages(client.series(blue.id, "RequestsPerMinute")[0])
    assert [value is None for value in found] == [False, False, False, False, True, True]
