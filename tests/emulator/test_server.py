"""Sign-in, the record, the hooks and the faults."""

from __future__ import annotations

import threading
import tomllib
from typing import Any

import pytest
from azure.core import PipelineClient
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    DecodeError,
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceResponseError,
)
from azure.core.rest import HttpRequest
from azure.identity import ClientSecretCredential, DefaultAzureCredential
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest

from emulator import Deployment, Emulator, Fault, World
from tests.emulator.client import Client


@pytest.fixture
def environment(azure: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    for name, value in azure.environment.items():
        monkeypatch.setenv(name, value)
    return azure


def test_the_default_credential_signs_in_by_the_environment(environment: Emulator) -> None:
    credential = DefaultAzureCredential(
        authority=environment.url,
        disable_instance_discovery=True,
        exclude_managed_identity_credential=True,
        connection_verify=str(environment.ca_bundle),
    )
    token = credential.get_token(f"{environment.url}/.default")
    credential.close()
    assert token.token.count(".") == 2


def test_a_wrong_secret_is_refused(azure: Emulator) -> None:
    credential = ClientSecretCredential(
        azure.world.tenant_id,
        azure.environment["AZURE_CLIENT_ID"],
        "wrong",
        authority=azure.url,
        disable_instance_discovery=True,
        connection_verify=str(azure.ca_bundle),
    )
    with pytest.raises(ClientAuthenticationError, match="invalid_client|AADSTS7000215"):
        credential.get_token(f"{azure.url}/.default")
    credential.close()


def test_a_token_for_another_host_is_refused(client: Client) -> None:
    with pytest.raises(ClientAuthenticationError, match="AADSTS500011"):
        client.credential.get_token("https://management.azure.com/.default")


def test_without_a_token_there_is_no_answer(azure: Emulator, client: Client) -> None:
    client.get("/subscriptions")
    request = HttpRequest("GET", f"{azure.url}/subscriptions?api-version=2022-12-01")
    anonymous: PipelineClient[Any, Any] = PipelineClient(
        azure.url, policies=[], connection_verify=str(azure.ca_bundle)
    )
    answer = anonymous.send_request(request)
    anonymous.close()
    assert answer.status_code == 401
    assert "authorization_uri" in answer.headers["WWW-Authenticate"]


def test_a_client_that_does_not_trust_the_certificate_gets_nothing(azure: Emulator) -> None:
    stranger: PipelineClient[Any, Any] = PipelineClient(
        azure.url, policies=[], connection_verify=True
    )
    with pytest.raises(ServiceRequestError):
        stranger.send_request(HttpRequest("GET", f"{azure.url}/metadata/endpoints"))
    stranger.close()


def test_the_profile_names_every_address(azure: Emulator) -> None:
    profile = tomllib.loads(azure.profile.read_text(encoding="utf-8"))
    assert profile["metrics"] == f"{azure.url}/{{region}}"
    assert (azure.profile.parent / profile["ca_bundle"]).read_bytes().startswith(b"-----BEGIN")
    assert {"resource_manager", "authority", "logs", "retail_prices", "portal"} <= profile.keys()


def test_a_generated_client_reads_the_graph(azure: Emulator, client: Client) -> None:
    graph = ResourceGraphClient(
        client.credential,
        base_url=azure.url,
        credential_scopes=[f"{azure.url}/.default"],
        connection_verify=str(azure.ca_bundle),
    )
    subscription = azure.world.subscriptions[0].subscription_id
    found = graph.resources(QueryRequest(subscriptions=[subscription], query="resources"))
    graph.close()
    assert found.count == 4
    assert azure.requests[-1].source == "graph"


def test_reads_are_no_writes_and_writes_are_recorded(
    azure: Emulator, client: Client, blue: Deployment
) -> None:
    client.get("/subscriptions")
    client.graph("resources | take 1")
    client.metrics([blue.id], "RequestsPerMinute")
    assert azure.writes == []
    client.send("PATCH", blue.id, {"tags": {"a": "b"}})
    client.send("POST", f"{blue.parent and blue.parent.id}/listKeys")
    client.send("POST", "/subscriptions/x/providers/Microsoft.Insights/register")
    assert [(write.method, write.status) for write in azure.writes] == [
        ("PATCH", 200),
        ("POST", 200),
        ("POST", 404),
    ]
    assert azure.writes[0].body == {"tags": {"a": "b"}}


def test_a_hook_changes_the_world_before_one_answer(
    azure: Emulator, client: Client, blue: Deployment, green: Deployment
) -> None:
    def give_traffic(world: World) -> None:
        world.find("ws/fraud").traffic = {"blue": 50, "green": 50}

    azure.before(method="DELETE", path="/deployments/green", do=give_traffic)
    assert client.send("DELETE", green.id).status_code == 400
    assert azure.world.find("ws/fraud").traffic == {"blue": 50, "green": 50}


def test_a_hook_after_the_answer_comes_too_late_for_it(
    azure: Emulator, client: Client, green: Deployment
) -> None:
    azure.after(path="/deployments/green", do=lambda world: green.tags.update(late="yes"))
    assert client.get(green.id)["tags"] == {}
    assert client.get(green.id)["tags"] == {"late": "yes"}


@pytest.mark.parametrize(
    ("retry_after", "header"), [(None, None), (7.0, "7")], ids=["silent", "with a header"]
)
def test_throttling(
    azure: Emulator, client: Client, retry_after: float | None, header: str | None
) -> None:
    azure.faults.add(
        Fault(
            "throttle",
            path="/subscriptions",
            times=1,
            retry_after=retry_after,
            headers={"x-a": "1"},
        )
    )
    answer = client.send("GET", "/subscriptions")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, header)
    assert answer.headers["x-a"] == "1"
    assert client.send("GET", "/subscriptions").status_code == 200


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault("forbid"), 403, ("error", "code", "AuthorizationFailed")),
        (Fault("unavailable", status=502), 502, ("error", "code", "ServiceUnavailable")),
        (Fault("throttle", shape="flat"), 429, ("code", None, "429")),
        (Fault("unavailable", shape="retail"), 503, ("Error", "Code", "ServiceUnavailable")),
        (Fault("forbid", shape="capital", code="X"), 403, ("Code", None, "X")),
    ],
)
def test_refusals_come_in_four_shapes(
    azure: Emulator, client: Client, fault: Fault, status: int, code: tuple[str, str | None, str]
) -> None:
    fault.path = "/subscriptions"
    azure.faults.add(fault)
    answer = client.send("GET", "/subscriptions")
    body = answer.json()
    found = body[code[0]][code[1]] if code[1] else body[code[0]]
    assert (answer.status_code, found) == (status, code[2])


def test_a_dropped_connection(azure: Emulator, client: Client) -> None:
    client.get("/subscriptions")
    azure.faults.add(Fault("drop", path="/subscriptions", times=1))
    with pytest.raises(ServiceResponseError):
        client.send("GET", "/subscriptions")
    assert azure.requests[-1].status == 0
    assert client.send("GET", "/subscriptions").status_code == 200


def test_a_truncated_answer(azure: Emulator, client: Client) -> None:
    azure.faults.add(Fault("truncate", path="/subscriptions", times=1))
    with pytest.raises((IncompleteReadError, HttpResponseError, ServiceResponseError)):
        client.send("GET", "/subscriptions")


def test_a_garbled_answer(azure: Emulator, client: Client) -> None:
    azure.faults.add(Fault("garble", path="/subscriptions", times=1))
    answer = client.send("GET", "/subscriptions")
    assert answer.status_code == 200
    with pytest.raises((ValueError, DecodeError)):
        answer.json()


class Noticed(Fault):
    """A fault that tells when a request has met it."""

    arrived = threading.Event()

    def fits(self, method: str, path_and_query: str, content: bytes) -> bool:
        found = super().fits(method, path_and_query, content)
        self.arrived.set()
        return found


def test_a_slow_answer_ends_with_the_server(world: World) -> None:
    azure = Emulator(world).start()
    client = Client(azure)
    client.get("/subscriptions")
    slow = Noticed("slow", path="/subscriptions", delay_seconds=60)
    azure.faults.add(slow)
    caught: list[AzureError] = []

    def ask() -> None:
        try:
            client.send("GET", "/subscriptions")
        except AzureError as error:
            caught.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    assert slow.arrived.wait(5)
    azure.stop()
    asking.join(timeout=5)
    client.close()
    assert not asking.is_alive()


def test_a_forbidden_subscription_answers_403_by_source(
    azure: Emulator, client: Client, blue: Deployment
) -> None:
    azure.world.forbid(blue.subscription_id, {"arm", "metrics", "locks"})
    answers = [
        client.send("GET", blue.id),
        client.metrics([blue.id], "RequestsPerMinute"),
        client.send("GET", f"{blue.id}/providers/Microsoft.Authorization/locks"),
        client.send("GET", f"{blue.id}/providers/Microsoft.Resources/tags/default"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 200]
    assert answers[0].json()["error"]["code"] == "AuthorizationFailed"
