"""A real SDK pipeline that signs in to the stand-in and speaks raw JSON to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from azure.core import PipelineClient
from azure.core.pipeline.policies import BearerTokenCredentialPolicy
from azure.core.rest import HttpRequest, HttpResponse
from azure.identity import ClientSecretCredential

from emulator import Emulator

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ONLINE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
STATES = "?api-version=2025-09-01"


class Client:
    """Sends requests as the SDKs do, without retries, so that each answer is seen."""

    def __init__(self, azure: Emulator) -> None:
        self.azure = azure
        self.credential = sign_in(azure)
        bearer = BearerTokenCredentialPolicy(self.credential, f"{azure.url}/.default")
        self.pipeline: PipelineClient[HttpRequest, HttpResponse] = PipelineClient(
            azure.url, policies=[bearer], connection_verify=str(azure.ca_bundle)
        )

    def send(self, method: str, path: str, body: Any = None, **query: str) -> HttpResponse:
        url = path if path.startswith("https://") else self.azure.url + path
        request = HttpRequest(method, url, params=query, json=body)
        return self.pipeline.send_request(request)

    def get(self, path: str, **query: str) -> Any:
        answer = self.send("GET", path, None, **{"api-version": "2025-09-01", **query})
        answer.raise_for_status()
        return answer.json()

    def graph(self, query: str, scope: dict[str, Any] | None = None, **options: Any) -> Any:
        subscriptions = [sub.subscription_id for sub in self.azure.world.subscriptions]
        body = {
            **(scope or {"subscriptions": subscriptions}),
            "query": query,
            "options": {"resultFormat": "objectArray", **options},
        }
        return self.send("POST", "/providers/Microsoft.ResourceGraph/resources", body)

    def metrics(self, ids: list[str], names: str, **asked: str) -> HttpResponse:
        namespace = f"{ONLINE}/deployments" if "/deployments/" in ids[0] else ONLINE
        query = {
            "api-version": "2024-02-01",
            "metricnamespace": namespace,
            "metricnames": names,
            "interval": "P1D",
            "aggregation": "average",
            "starttime": (NOW - 5 * DAY).isoformat(),
            "endtime": NOW.isoformat(),
            **asked,
        }
        path = f"/westeurope/subscriptions/{ids[0].split('/')[2]}/metrics:getBatch"
        return self.send("POST", path, {"resourceids": ids}, **query)

    def series(self, identifier: str, name: str, **asked: str) -> list[Any]:
        """The time series of one metric of one resource."""
        answer = self.metrics([identifier], name, **asked)
        answer.raise_for_status()
        found: list[Any] = answer.json()["values"][0]["value"][0]["timeseries"]
        return found

    def close(self) -> None:
        self.pipeline.close()
        self.credential.close()


def sign_in(azure: Emulator) -> ClientSecretCredential:
    return ClientSecretCredential(
        azure.environment["AZURE_TENANT_ID"],
        azure.environment["AZURE_CLIENT_ID"],
        azure.environment["AZURE_CLIENT_SECRET"],
        authority=azure.url,
        disable_instance_discovery=True,
        connection_verify=str(azure.ca_bundle),
    )
