"""The traffic log, asked by Microsoft's own client."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from azure.core.exceptions import HttpResponseError
from azure.monitor.query import LogsQueryClient, LogsQueryResult

from emulator import Deployment, Emulator, Endpoint, Workspace
from tests.emulator.client import DAY, NOW, Client

GUID = "11111111-2222-3333-4444-555555555555"
CALLERS = """AmlOnlineEndpointTrafficLog
| where TimeGenerated > ago(30d) and EndpointName =~ 'FRAUD'
| summarize requests=count(), last=max(TimeGenerated) by DeploymentName, AuthType, IdentityData
| order by requests desc"""


@pytest.fixture
def logs(azure: Emulator, client: Client) -> Iterator[LogsQueryClient]:
    connected = LogsQueryClient(
        client.credential,
        endpoint=azure.url,
        connection_verify=str(azure.ca_bundle),
    )
    yield connected
    connected.close()


@pytest.fixture
def logged(azure: Emulator, endpoint: Endpoint, blue: Deployment, green: Deployment) -> None:
    azure.world.diagnose(endpoint, GUID)
    for hours in (1, 5, 9):
        azure.world.log_call(
            blue, NOW - timedelta(hours=hours), caller="oid-1", auth_type="AADToken"
        )
    azure.world.log_call(green, NOW - 40 * DAY)
    azure.world.log_call(green, NOW - 2 * DAY)


def rows(result: object) -> list[list[object]]:
    assert isinstance(result, LogsQueryResult)
    return [list(row) for row in result.tables[0].rows]


@pytest.mark.usefixtures("logged")
def test_callers_by_workspace_and_by_resource(logs: LogsQueryClient, endpoint: Endpoint) -> None:
    expected = [
        ["blue", "AADToken", "oid-1", 3, NOW - timedelta(hours=1)],
        ["green", "Key", "", 1, NOW - 2 * DAY],
    ]
    assert rows(logs.query_workspace(GUID, CALLERS, timespan=30 * DAY)) == expected
    assert rows(logs.query_resource(endpoint.id, CALLERS, timespan=30 * DAY)) == expected


@pytest.mark.usefixtures("logged")
def test_the_timespan_counts(logs: LogsQueryClient) -> None:
    query = "AmlOnlineEndpointTrafficLog | project DeploymentName"
    assert len(rows(logs.query_workspace(GUID, query, timespan=timedelta(hours=6)))) == 2


@pytest.mark.parametrize("query", ["Nowhere | take 1", "AmlOnlineEndpointTrafficLog | render x"])
@pytest.mark.usefixtures("logged")
def test_a_bad_query_is_refused(logs: LogsQueryClient, query: str) -> None:
    with pytest.raises(HttpResponseError, match="BadArgumentError|SemanticError|invalid"):
        logs.query_workspace(GUID, query, timespan=DAY)


@pytest.mark.usefixtures("logged")
def test_each_setting_sends_its_own_endpoint(
    azure: Emulator, logs: LogsQueryClient, workspace: Workspace
) -> None:
    other = workspace.endpoint("other")
    azure.world.diagnose(other, "another-guid")
    azure.world.log_call(other.deployment("lonely"), NOW - timedelta(hours=1))
    query = "AmlOnlineEndpointTrafficLog | project DeploymentName"
    assert rows(logs.query_resource(other.id, query, timespan=DAY)) == [["lonely"]]
    assert ["lonely"] not in rows(logs.query_workspace(GUID, query, timespan=DAY))


def test_without_a_diagnostic_setting_there_is_no_table(logs: LogsQueryClient) -> None:
    with pytest.raises(HttpResponseError):
        logs.query_workspace(GUID, CALLERS, timespan=DAY)


def test_diagnostic_settings_are_listed(client: Client, endpoint: Endpoint) -> None:
    client.azure.world.diagnose(endpoint, GUID)
    path = f"{endpoint.id}/providers/Microsoft.Insights/diagnosticSettings"
    assert [one["name"] for one in client.get(path)["value"]] == ["to-logs"]
