"""The loop that one writes first: each endpoint's deployments by azure-ai-ml, then their metric.

python -m tests.bench.ml_loop URL CA MOMENT WORKSPACE_ID…

One call lists the endpoints of a workspace, one the deployments of each endpoint, and one asks
30 days of requests for each deployment.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

WINDOW = timedelta(days=30)


def main() -> None:
    """Print how many deployments had no request."""
    warnings.filterwarnings("ignore")
    os.environ["AZUREML_CURRENT_CLOUD"] = "AzureCloud"
    url, bundle, moment, *workspaces = sys.argv[1:]
    credential = _sign_in(url, bundle)
    metrics, now = _metrics(url, bundle, credential), datetime.fromisoformat(moment)
    silent = 0
    for workspace in workspaces:
        learning = _client(url, bundle, credential, workspace)
        for endpoint in learning.online_endpoints.list():
            for deployment in learning.online_deployments.list(endpoint.name):
                silent += not any(_requests(metrics, f"{url}{deployment.id}", now))
    print(silent, "deployments had no request")


def _sign_in(url: str, bundle: str) -> Any:
    from azure.identity import ClientSecretCredential

    given = [os.environ[f"AZURE_{name}"] for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")]
    return ClientSecretCredential(
        *given, authority=url, disable_instance_discovery=True, connection_verify=bundle
    )


def _client(url: str, bundle: str, credential: Any, workspace: str) -> Any:
    from azure.ai.ml import MLClient

    _, _, subscription, _, group, *_, name = workspace.split("/")
    same = ("azure_portal", "resource_manager", "active_directory", "aml_resource_id")
    others = {"storage_endpoint": "localhost", "registry_discovery_endpoint": f"{url}/"}
    return MLClient(
        credential,
        subscription,
        group,
        name,
        cloud="measured",
        cloud_metadata=dict.fromkeys(same, url) | others,
        connection_verify=bundle,
        enable_telemetry=False,
        show_progress=False,
    )


def _metrics(url: str, bundle: str, credential: Any) -> Any:
    from azure.core import PipelineClient
    from azure.core.pipeline.policies import BearerTokenCredentialPolicy

    bearer = BearerTokenCredentialPolicy(credential, f"{url}/.default")
    return PipelineClient(url, policies=[bearer], connection_verify=bundle)


def _requests(client: Any, address: str, now: datetime) -> Iterator[float]:
    from azure.core.rest import HttpRequest

    query = {
        "api-version": "2024-02-01",
        "metricnames": "RequestsPerMinute",
        "interval": "P1D",
        "aggregation": "average",
        "timespan": f"{now - WINDOW:%Y-%m-%dT%H:%M:%SZ}/{now:%Y-%m-%dT%H:%M:%SZ}",
    }
    path = f"{address}/providers/Microsoft.Insights/metrics"
    answer = client.send_request(HttpRequest("GET", path, params=query))
    answer.raise_for_status()
    for metric in answer.json()["value"]:
        for series in metric["timeseries"]:
            for point in series["data"]:
                yield point.get("average") or 0.0


if __name__ == "__main__":
    main()
