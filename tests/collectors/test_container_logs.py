"""Logs of containers: through Azure's own client, held to the profile, scrubbed, kept nowhere."""

from __future__ import annotations

import os

import pytest

from collectors.connection.errors import Forbidden, Missing, NotUnderstood, Refused, Stopped
from collectors.connection.patience import Stop
from collectors.connection.reading import Reader
from collectors.logs.container_logs import INFERENCE_SERVER, STORAGE_INITIALIZER, read_log
from collectors.logs.scrubbing import MASK, scrubbed
from emulator import Deployment, Fault, Workspace
from tests.scene import Scene, ago


@pytest.fixture
def green(workspace: Workspace) -> Deployment:
    return workspace.endpoint("fraud").deployment(
        "green",
        created_at=ago(60),
        environment_variables={"DATABASE": "swordfish-9", "WORKERS": "4"},
    )


def test_the_newest_lines_of_both_containers_are_read(
    scene: Scene, reader: Reader, green: Deployment
) -> None:
    server = read_log(reader, green.id, INFERENCE_SERVER)
    initializer = read_log(reader, green.id, STORAGE_INITIALIZER)
    assert any("azmlinfsrv" in line for line in server.lines)
    assert any("Downloaded" in line for line in initializer.lines)
    assert scene.azure.writes == []
    bodies = [one.body for one in scene.azure.requests if one.path.endswith("/getLogs")]
    assert [body["containerType"] for body in bodies] == ["InferenceServer", "StorageInitializer"]


def test_environment_values_and_control_sequences_never_leave(
    reader: Reader, green: Deployment
) -> None:
    green.container_logs["InferenceServer"] = (
        "\x1b[31mconnecting with sword\x1b[0mfish-9\x1b[0m\n\x1b]0;owned\x07WORKERS=4\n"
    )
    log = read_log(reader, green.id, INFERENCE_SERVER)
    assert log.lines == (f"connecting with {MASK}", f"WORKERS={MASK}")


def test_nothing_of_a_log_is_kept(scene: Scene, reader: Reader, green: Deployment) -> None:
    green.container_logs["InferenceServer"] = "a line to remember\n"
    scene.snapshot()
    read_log(reader, green.id, INFERENCE_SERVER)
    assert b"a line to remember" not in scene.store.path.read_bytes()


def test_azures_client_reaches_no_host_that_the_profile_does_not_name(
    scene: Scene, reader: Reader, green: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZUREML_DEV_URL_MFE", "https://127.0.0.1:9")
    with pytest.raises(Forbidden) as caught:
        read_log(reader, green.id, INFERENCE_SERVER)
    assert caught.value.code == "UnknownHost"
    assert all(not one.path.endswith("/getLogs") for one in scene.azure.requests)


def test_azures_client_leaves_the_environment_as_it_was(
    reader: Reader, green: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AZUREML_CURRENT_CLOUD", raising=False)
    read_log(reader, green.id, INFERENCE_SERVER)
    assert "AZUREML_CURRENT_CLOUD" not in os.environ


def test_a_refusal_names_the_action_that_is_missing(
    scene: Scene, reader: Reader, green: Deployment
) -> None:
    scene.azure.faults.add(Fault("forbid", path="/getLogs"))
    with pytest.raises(Refused) as caught:
        read_log(reader, green.id, INFERENCE_SERVER)
    assert "getLogs/action" in caught.value.fix
    assert "\n" not in caught.value.message


def test_a_read_only_lock_is_reported_as_such(
    scene: Scene, reader: Reader, green: Deployment
) -> None:
    scene.world.lock(green.id, name="freeze", level="ReadOnly")
    with pytest.raises(NotUnderstood) as caught:
        read_log(reader, green.id, INFERENCE_SERVER)
    assert caught.value.code == "ScopeLocked"
    assert "read-only lock" in caught.value.fix


def test_where_the_environment_cannot_be_read_no_log_is_asked(
    scene: Scene, reader: Reader, green: Deployment
) -> None:
    scene.azure.faults.add(Fault("forbid", path="/deployments/green\\?"))
    with pytest.raises(Refused):
        read_log(reader, green.id, INFERENCE_SERVER)
    assert all(not one.path.endswith("/getLogs") for one in scene.azure.requests)


def test_a_deployment_that_is_gone_is_missing(reader: Reader, green: Deployment) -> None:
    with pytest.raises(Missing):
        read_log(reader, green.id + "x", INFERENCE_SERVER)


def test_a_stop_ends_it_before_anything_is_sent(scene: Scene, green: Deployment) -> None:
    stop = Stop()
    stop.set()
    with scene.reader(stop) as reader, pytest.raises(Stopped):
        read_log(reader, green.id, INFERENCE_SERVER)
    assert scene.azure.requests == []


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("AZURE_CLIENT_SECRET=hunter2", f"AZURE_CLIENT_SECRET={MASK}"),
        ('"api_key": "hunter2"', f'"api_key": {MASK}'),
        ("Authorization: Bearer abcdefghij", f"Authorization: Bearer {MASK}"),
        ("https://x.blob/y?sv=1&sig=a%2Fb&se=2", f"https://x.blob/y?sv=1&sig={MASK}&se=2"),
        ("postgres://ada:hunter2@db/x", f"postgres://ada:{MASK}@db/x"),
        ("jwt eyJhbGciOiJI.eyJzdWIi.c2ln end", f"jwt {MASK} end"),
        ("AccountName=a;AccountKey=hunter2==;x", f"AccountName=a;AccountKey={MASK};x"),
        ("requests 4, keyboard mapped", "requests 4, keyboard mapped"),
    ],
)
def test_what_looks_like_a_secret_is_masked_and_the_rest_stays(line: str, text: str) -> None:
    assert scrubbed(line, {}) == (text,)


def test_a_value_is_masked_in_every_spelling_and_a_short_one_beside_its_name() -> None:
    secrets = {"DSN": 'a"b/c d', "N": "1"}
    text = 'a"b/c d | a\\"b/c d | a%22b%2Fc%20d | N=1 | 1 of 1'
    assert scrubbed(text, secrets) == (f"{MASK} | {MASK} | {MASK} | N={MASK} | 1 of 1",)


def test_a_private_key_over_several_lines_is_masked_whole() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----\nafter"
    assert scrubbed(text, {}) == (MASK, "after")


@pytest.mark.parametrize(
    "sequence",
    ["\x1b[2J", "\x1b]52;c;eA==\x07", "\x1bP+q\x1b\\", "\x9b31m", "\x1bc", "\x07", "\u202e"],
)
def test_no_sequence_gets_through(sequence: str) -> None:
    assert scrubbed(f"a{sequence}b", {}) == ("ab",)


def test_an_empty_log_has_no_line() -> None:
    assert scrubbed("\n\n", {}) == ()
