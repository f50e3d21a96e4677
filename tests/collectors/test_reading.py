"""The read-only connection: no write leaves, no token goes elsewhere, every page is read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from azure.core.rest import HttpRequest
from urllib3.util import connection

from collectors.connection.cloud import AZURE, CHINA, GOVERNMENT, Cloud
from collectors.connection.errors import (
    AzureFailure,
    Forbidden,
    Missing,
    NotUnderstood,
    Refused,
    SignInFailed,
    Stopped,
    Throttled,
    Unreachable,
)
from collectors.connection.exchanges import Exchange
from collectors.connection.identity import who_is
from collectors.connection.patience import Patience, Stop
from collectors.connection.reading import Reader
from collectors.connection.signin import credential_for
from emulator import CLIENT_NAME, OBJECT_ID, Fault, Workspace, World
from tests.scene import AzureOf, Bent, Scene, ago, noting

SUBSCRIPTIONS = {"api-version": "2022-12-01"}
ML = {"api-version": "2025-09-01"}


def _send(reader: Reader, method: str, path: str) -> Any:
    """Any request through the reader's own pipeline."""
    url = reader.cloud.resource_manager + path
    return reader._answer(reader._arm, HttpRequest(method, url, json={}))


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "MERGE"])
def test_a_write_verb_raises_before_it_is_sent(
    scene: Scene, reader: Reader, workspace: Workspace, method: str
) -> None:
    with pytest.raises(Forbidden) as caught:
        _send(reader, method, workspace.id)
    assert caught.value.code == "WriteRefused"
    assert scene.azure.writes == []
    assert scene.azure.requests == []
    assert reader.tally.sent == {}


@pytest.mark.parametrize(
    "path",
    [
        "{workspace}/onlineEndpoints/e/listKeys",
        "{workspace}/onlineEndpoints/e/token",
        "{workspace}/onlineEndpoints/e/regenerateKeys",
        "{workspace}/onlineEndpoints/e/deployments/d/getLogs/more",
        "{workspace}/onlineEndpoints/e/getLogs",
        "{workspace}/onlineEndpoints/e/listKeys/deployments/d/getLogs",
        "/subscriptions/s/providers/Microsoft.MachineLearningServices/register",
        "/providers/Microsoft.ResourceGraph/resourcesHistory",
        "/providers/Microsoft.ResourceGraph/resources/delete",
        "/subscriptions/s/providers/Microsoft.CostManagement/exports",
        "/v1/query",
        "{workspace}/v1/onlineEndpoints/query",
    ],
)
def test_an_unknown_post_raises_before_it_is_sent(
    scene: Scene, reader: Reader, workspace: Workspace, path: str
) -> None:
    with pytest.raises(Forbidden):
        _send(reader, "POST", path.replace("{workspace}", workspace.id))
    with pytest.raises(Forbidden):
        reader.ask(path.replace("{workspace}", workspace.id), {})
    assert scene.azure.requests == []


def test_a_missing_registration_registers_nothing(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    scene.azure.faults.add(
        Fault("forbid", status=409, code="MissingSubscriptionRegistration", path="onlineEndpoints")
    )
    with pytest.raises(AzureFailure) as caught:
        reader.get(f"{workspace.id}/onlineEndpoints", **ML)
    assert caught.value.code == "MissingSubscriptionRegistration"
    assert scene.azure.writes == []
    assert [r.method for r in scene.azure.requests if r.source != "identity"] == ["GET"]


@pytest.fixture
def elsewhere(azure_of: AzureOf, scene: Scene) -> tuple[Bent, Cloud]:
    """Another server, and the cloud with both authorities trusted, so that only a rule stops us."""
    other = azure_of(World(tenant_id=scene.world.tenant_id))
    bundle = scene.folder / "both.pem"
    bundle.write_bytes(scene.azure.ca_bundle.read_bytes() + other.ca_bundle.read_bytes())
    return other, replace(scene.cloud, ca_bundle=bundle)


def test_both_servers_could_be_reached(elsewhere: tuple[Bent, Cloud], scene: Scene) -> None:
    other, cloud = elsewhere
    named = replace(cloud, logs=other.url)
    with Reader(named, credential_for(cloud)) as reader, pytest.raises(Missing):
        reader.get(f"{other.url}/subscriptions/x/resourcegroups", **ML)
    assert len(other.requests) == 1


@pytest.mark.parametrize("link", ["{other}/subscriptions?page=2", "http://localhost:1/x"])
def test_a_next_page_on_another_host_is_not_asked(
    elsewhere: tuple[Bent, Cloud], scene: Scene, workspace: Workspace, link: str
) -> None:
    other, cloud = elsewhere
    text = link.replace("{other}", other.url)
    scene.azure.bend("/subscriptions\\?", lambda body: body | {"nextLink": text})
    with Reader(cloud, credential_for(cloud)) as reader, pytest.raises(Forbidden) as caught:
        list(reader.pages("/subscriptions", **SUBSCRIPTIONS))
    assert caught.value.code == "UnknownHost"
    assert other.requests == []


def test_a_redirect_is_not_followed(
    elsewhere: tuple[Bent, Cloud], scene: Scene, workspace: Workspace
) -> None:
    other, cloud = elsewhere
    headers = {"Location": f"{other.url}/subscriptions"}
    scene.azure.faults.add(Fault("forbid", status=307, headers=headers, path="/subscriptions\\?"))
    with Reader(cloud, credential_for(cloud)) as reader, pytest.raises(AzureFailure):
        list(reader.pages("/subscriptions", **SUBSCRIPTIONS))
    assert other.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://management.azure.com/",
        "https://management.azure.com.evil.example/",
        "https://evil.example/management.azure.com",
        "https://management.azure.com@evil.example/",
        "https://user@management.azure.com/",
        "https://management.azure.com:8443/",
        "https://evil.metrics.monitor.azure.com.example/",
        "https://a.b.metrics.monitor.azure.com/",
        "https://.metrics.monitor.azure.com/",
        "https://login.microsoftonline.com/",
    ],
)
def test_a_host_that_is_not_named_is_no_host_of_the_cloud(url: str) -> None:
    assert not AZURE.names(url)


def test_the_named_hosts_are_hosts_of_the_cloud() -> None:
    assert AZURE.names("https://management.azure.com/subscriptions")
    assert AZURE.names("https://MANAGEMENT.azure.com/")
    assert AZURE.names("https://westeurope.metrics.monitor.azure.com/x")
    assert AZURE.names("https://prices.azure.com/api/retail/prices")


def test_the_port_that_https_has_anyhow_is_the_same_host() -> None:
    assert AZURE.names("https://management.azure.com:443/subscriptions?page=2")
    assert AZURE.names("https://westeurope.metrics.monitor.azure.com:443/x")
    written_out = replace(AZURE, resource_manager="https://management.azure.com:443")
    assert written_out.names("https://management.azure.com/subscriptions")
    for url in (
        "https://management.azure.com:4430/",
        "https://management.azure.com:80/",
        "http://management.azure.com:443/",
        "https://evil.example:443/",
        "https://management.azure.com:443@evil.example/",
        "https://management.azure.com:443:443/",
    ):
        assert not AZURE.names(url)


@pytest.fixture
def on_port_443(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The cloud at an address without a port, which this machine leads to the emulator."""
    connect = connection.create_connection

    def led(address: tuple[str, int], *given: Any, **named: Any) -> Any:
        host, port = address
        return connect((host, scene.azure.port if port == 443 else port), *given, **named)

    monkeypatch.setattr(connection, "create_connection", led)
    scope = f"{scene.azure.url}/.default"
    return replace(scene.cloud, resource_manager="https://localhost", resource_manager_scope=scope)


def test_next_pages_are_followed_where_their_links_write_the_port_out(
    scene: Scene, workspace: Workspace, on_port_443: Cloud
) -> None:
    for number in range(5):
        workspace.endpoint(f"e{number}")
    scene.world.page_size, scene.world.next_link_base = 2, "https://localhost:443"
    with Reader(on_port_443, scene.credential) as reader:
        found = list(reader.pages(f"{workspace.id}/onlineEndpoints", **ML))
    assert len(found) == 5
    assert len(scene.asked("arm")) == 3


@pytest.mark.parametrize("region", ["../evil", "west.evil.example/", "west europe#", "", "a/b"])
def test_a_region_that_is_no_plain_word_makes_no_address(region: str) -> None:
    with pytest.raises(ValueError, match="not the name of a region"):
        AZURE.metrics_endpoint(region)


def test_tokens_are_asked_for_the_audience_of_each_service() -> None:
    assert AZURE.scope_for("resource_manager") == "https://management.azure.com/.default"
    assert AZURE.scope_for("metrics") == "https://metrics.monitor.azure.com/.default"
    assert GOVERNMENT.scope_for("metrics") == "https://metrics.monitor.azure.us/.default"
    assert (
        GOVERNMENT.scope_for("resource_manager")
        == "https://management.core.usgovcloudapi.net/.default"
    )
    assert CHINA.scope_for("resource_manager") == "https://management.chinacloudapi.cn/.default"


def test_each_service_gets_tokens_for_itself_alone(scene: Scene, workspace: Workspace) -> None:
    """Asked in turns: one connection must not hand the token of one service to another."""
    metrics = f"{scene.azure.url}/metrics"
    scene.cloud = replace(scene.cloud, metrics_scope=f"{metrics}/.default")
    scene.world.graph_has_system_data = False
    lacking = workspace.endpoint("e").deployment("d", created_at=ago(20))
    scene.world.not_in_resource_list = {lacking.id}
    scene.snapshot()
    asked = {(audience, "getBatch" in target) for target, audience in scene.azure.audiences}
    assert asked == {(scene.azure.url, False), (metrics, True)}
    listed = [target for target, _audience in scene.azure.audiences if "/deployments?" in target]
    assert len(listed) == 1


@pytest.fixture
def wrong_authority(azure_of: AzureOf, scene: Scene) -> Cloud:
    return replace(scene.cloud, ca_bundle=azure_of(World()).ca_bundle)


def test_a_certificate_of_another_authority_fails_once_and_clearly(
    scene: Scene, wrong_authority: Cloud
) -> None:
    waits: list[float] = []
    patience = Patience(noting(waits))
    with Reader(wrong_authority, scene.credential, patience=patience) as reader:
        with pytest.raises(Unreachable) as caught:
            reader.get("/subscriptions", **SUBSCRIPTIONS)
        assert sum(reader.tally.sent.values()) == 1
    assert "certificate" in caught.value.message.lower()
    assert "\n" not in caught.value.message
    assert waits == []
    assert [r for r in scene.azure.requests if r.source != "identity"] == []


def test_sign_in_checks_the_certificate_too(scene: Scene, wrong_authority: Cloud) -> None:
    credential = credential_for(wrong_authority)
    with Reader(wrong_authority, credential) as reader, pytest.raises(AzureFailure) as caught:
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert "certificate" in caught.value.message.lower()
    assert scene.azure.requests == []


def test_a_wrong_secret_is_a_failed_sign_in_that_says_what_to_do(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong-but-secret")
    with scene.reader() as reader, pytest.raises(SignInFailed) as caught:
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert "AZURE_CLIENT_SECRET" in caught.value.fix
    assert "wrong-but-secret" not in caught.value.message
    assert "\n" not in caught.value.message


def test_who_is_signed_in_is_read_from_the_token(scene: Scene) -> None:
    person = who_is(scene.credential, scene.cloud)
    assert person.object_id == OBJECT_ID
    assert person.name == CLIENT_NAME
    assert person.tenant_id == scene.world.tenant_id


def test_pages_are_followed_to_the_end(scene: Scene, reader: Reader, workspace: Workspace) -> None:
    scene.world.page_size = 3
    for number in range(10):
        workspace.endpoint(f"e{number}")
    names = [body["name"] for body in reader.pages(f"{workspace.id}/onlineEndpoints", **ML)]
    assert sorted(names) == sorted(f"e{number}" for number in range(10))
    assert reader.tally.sent == {"ml": 4}


@pytest.mark.parametrize("cycle", [1, 2])
def test_pages_that_never_end_are_given_up(
    scene: Scene, reader: Reader, workspace: Workspace, cycle: int
) -> None:
    turn = [0]

    def endless(body: Any) -> Any:
        turn[0] += 1
        link = f"{scene.azure.url}/subscriptions?api-version=2022-12-01&page={turn[0] % cycle}"
        return body | {"nextLink": link}

    scene.azure.bend("/subscriptions\\?", endless)
    with pytest.raises(NotUnderstood) as caught:
        list(reader.pages("/subscriptions", **SUBSCRIPTIONS))
    assert caught.value.code == "EndlessPages"
    assert turn[0] <= cycle + 2


@pytest.mark.parametrize("body", [{}, {"value": None}, {"value": "x"}])
def test_a_list_without_items_is_not_an_empty_list(
    scene: Scene, reader: Reader, body: dict[str, Any]
) -> None:
    scene.azure.bend("/subscriptions\\?", lambda _body: body)
    with pytest.raises(NotUnderstood):
        list(reader.pages("/subscriptions", **SUBSCRIPTIONS))


@pytest.mark.parametrize("body", [[], "text", 3, None])
def test_an_answer_that_is_no_object_is_not_understood(
    scene: Scene, reader: Reader, body: Any
) -> None:
    scene.azure.bend("/subscriptions\\?", lambda _body: body)
    with pytest.raises(NotUnderstood):
        reader.get("/subscriptions", **SUBSCRIPTIONS)


@pytest.mark.parametrize("shape", ["arm", "flat", "retail", "capital"])
def test_all_four_shapes_of_an_error_are_read(scene: Scene, reader: Reader, shape: Any) -> None:
    fault = Fault("forbid", path="/subscriptions\\?", code="TheCode", shape=shape)
    scene.azure.faults.add(fault)
    with pytest.raises(Refused) as caught:
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert caught.value.code == "TheCode"
    assert "does not have authorization" in caught.value.message


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, NotUnderstood),
        (401, Refused),
        (403, Refused),
        (404, Missing),
        (409, NotUnderstood),
        (429, Throttled),
        (500, Unreachable),
        (503, Unreachable),
        (529, Throttled),
    ],
)
def test_each_status_is_a_failure_by_what_a_person_can_do(
    scene: Scene, reader: Reader, status: int, kind: type[AzureFailure]
) -> None:
    scene.azure.faults.add(Fault("forbid", status=status, path="/subscriptions\\?"))
    with pytest.raises(kind) as caught:
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert caught.value.status == status
    assert caught.value.fix


def test_a_page_of_a_proxy_in_place_of_json_is_not_understood(scene: Scene, reader: Reader) -> None:
    scene.azure.faults.add(Fault("garble", path="/subscriptions\\?"))
    with pytest.raises(NotUnderstood, match="a web page came in place"):
        reader.get("/subscriptions", **SUBSCRIPTIONS)


def test_a_stopped_reader_asks_nothing_more(scene: Scene) -> None:
    stop = Stop()
    stop.set()
    with scene.reader(stop) as reader, pytest.raises(Stopped):
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert scene.azure.requests == []


def test_no_token_is_in_a_failure(scene: Scene, reader: Reader) -> None:
    scene.azure.faults.add(Fault("forbid", path="/subscriptions\\?"))
    with pytest.raises(Refused) as caught:
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    token = scene.credential.get_token(scene.cloud.scope_for("resource_manager")).token
    assert token not in repr(caught.value) + caught.value.message


def test_the_profile_of_the_stand_in_is_a_custom_cloud(scene: Scene) -> None:
    assert scene.cloud.custom
    assert isinstance(scene.cloud.ca_bundle, Path)


def test_whoever_listens_hears_every_attempt_and_changes_none(
    scene: Scene, workspace: Workspace
) -> None:
    heard: list[Exchange] = []
    scene.azure.faults.add(Fault("throttle", path="/subscriptions", times=1, retry_after=1))
    scene.azure.faults.add(Fault("drop", path="/subscriptions", times=1))
    with Reader(
        scene.cloud, scene.credential, patience=Patience(noting([])), hearing=heard.append
    ) as reader:
        answer = reader.get("/subscriptions", **{"api-version": "2022-12-01"})
        assert reader.tally.sent == {"arm": 3}
    assert [one.status for one in heard] == [429, None, 200]
    assert json.loads(heard[-1].content) == answer
