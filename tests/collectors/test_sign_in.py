"""Why there is no token, and no way to Azure: one cause in words, with the fix that fits it."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.connection.errors import AzureFailure, SignInFailed, Throttled, Unreachable
from collectors.connection.identity import who_is
from collectors.connection.reading import Reader
from collectors.connection.signin import credential_for
from collectors.connection.timeouts import Timeouts
from emulator import Fault
from tests.scene import Scene

SUBSCRIPTIONS = {"api-version": "2022-12-01"}
TOKEN = "/oauth2/"
TRAILS = "Trace ID: 1f Correlation ID: 2e Timestamp: 2026-11-23 18:00:00Z"


def failure_of(scene: Scene, timeouts: Timeouts | None = None) -> AzureFailure:
    """What a new sign-in comes to."""
    with pytest.raises(AzureFailure) as caught:
        who_is(credential_for(scene.cloud, timeouts), scene.cloud)
    assert "DefaultAzureCredential" not in caught.value.message
    assert "\n" not in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("code", "sentence", "fix"),
    [
        ("AADSTS7000222", "The provided client secret keys are expired.", "make a new secret"),
        ("AADSTS700016", "Application with identifier 'x' was not found.", "AZURE_CLIENT_ID and"),
        ("AADSTS50076", "Due to a configuration change you must use MFA.", "a second factor"),
        ("AADSTS53003", "Access has been blocked by Conditional Access.", "conditional access"),
        ("AADSTS90099", "Something that nobody has heard of.", "az login"),
    ],
)
def test_what_entra_id_says_is_the_cause_with_its_number_and_its_own_fix(
    scene: Scene, code: str, sentence: str, fix: str
) -> None:
    body = {"error": "invalid_client", "error_description": f"{code}: {sentence} {TRAILS}"}
    scene.azure.faults.add(Fault("answer", TOKEN, status=401, body=body))
    failure = failure_of(scene)
    assert isinstance(failure, SignInFailed)
    assert (failure.code, failure.message) == (code, sentence)
    assert fix in failure.fix


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault("throttle", TOKEN), Throttled, "429"),
        (Fault("unavailable", TOKEN, status=503), Unreachable, "503"),
        (Fault("garble", TOKEN), SignInFailed, "NoToken"),
        (Fault("answer", TOKEN, status=204), SignInFailed, "NoToken"),
        (Fault("answer", TOKEN, body={"access_token": None}), SignInFailed, "NoToken"),
        (Fault("garble", TOKEN, status=407), SignInFailed, "ProxySignIn"),
        (Fault("drop", TOKEN), Unreachable, "CutAnswer"),
        (Fault("truncate", TOKEN), Unreachable, "CutAnswer"),
    ],
)
def test_an_authority_that_gives_no_token_is_named_with_what_it_did(
    scene: Scene, fault: Fault, kind: type[AzureFailure], code: str, quick: None
) -> None:
    scene.azure.faults.add(fault)
    failure = failure_of(scene)
    assert (type(failure), failure.code) == (kind, code)
    assert f"localhost:{scene.azure.port}" in failure.message


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between two tries of a sign-in."""
    monkeypatch.setattr("collectors.connection.watching.WatchedTransport.sleep", lambda *_: None)


@pytest.fixture
def az(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of the name `az`, which is all that there is to sign in with."""
    program = tmp_path / "bin" / "az"
    program.parent.mkdir()
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    for name in scene.azure.environment:
        monkeypatch.delenv(name)
    return program


def test_an_az_that_is_slower_than_its_limit_names_the_limit_and_its_setting(
    scene: Scene, az: Path
) -> None:
    az.write_text("#!/bin/sh\nexec sleep 600\n")
    failure = failure_of(scene, Timeouts(sign_in_seconds=0.3))
    assert failure.message == "`az` gave no token in 0.3 s"
    assert "`sign_in_seconds` under [timeouts]" in failure.fix


def test_an_az_without_an_account_is_nobody_signed_in(scene: Scene, az: Path) -> None:
    az.write_text("#!/bin/sh\necho \"Please run 'az login' to setup account.\" >&2\nexit 1\n")
    failure = failure_of(scene)
    assert failure.message == "nobody is signed in"
    assert "az login" in failure.fix


def test_a_claims_challenge_gives_the_whole_command_that_answers_it(scene: Scene, az: Path) -> None:
    token = {
        "accessToken": "e30.eyJhdWQiOiJ4In0.x",
        "expiresOn": "2099-01-01 00:00:00.000000",
        "tenant": "t",
    }
    az.write_text(f"#!/bin/sh\necho '{json.dumps(token)}'\n")
    claims = "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWV9fX0="
    header = f'Bearer error="insufficient_claims", claims="{claims}"'
    headers = {"WWW-Authenticate": header}
    scene.azure.faults.add(Fault("forbid", "/subscriptions", status=401, headers=headers))
    with (
        Reader(scene.cloud, credential_for(scene.cloud)) as reader,
        pytest.raises(SignInFailed) as caught,
    ):
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    assert caught.value.code == "ClaimsChallenge"
    assert caught.value.fix.startswith(f"run `az login --claims-challenge {claims}")


def untrusting(scene: Scene) -> None:
    """Let the cloud's profile name no certificate of its own."""
    scene.cloud = replace(scene.cloud, ca_bundle=None)


def test_a_certificate_that_nobody_here_knows_is_no_wrong_secret(scene: Scene) -> None:
    untrusting(scene)
    failure = failure_of(scene)
    assert isinstance(failure, Unreachable)
    assert failure.code == "UntrustedCertificate"
    assert f"the certificate of localhost:{scene.azure.port} is not trusted" in failure.message
    assert "REQUESTS_CA_BUNDLE" in failure.fix


def test_a_certificate_of_the_environment_is_trusted_by_sign_in_and_questions(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    untrusting(scene)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(scene.azure.ca_bundle))
    assert asked(scene) == 200


class Proxy:
    """Hands connections on to this machine, or answers each with one line."""

    def __init__(self, refusal: str | None = None) -> None:
        """Listen; `refusal` is a status line in place of a connection."""
        self._refusal = refusal
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.asked: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client:
            head = client.recv(65536).decode()
            self.asked.append(head.partition(" HTTP/")[0])
            if self._refusal:
                client.sendall(f"HTTP/1.1 {self._refusal}\r\nContent-Length: 0\r\n\r\n".encode())
                return
            host, _, port = head.split()[1].partition(":")
            with socket.create_connection((host, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
                back.start()
                _pass_on(client, server)
                back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment whose proxy counts for this machine too."""
    for name in ("NO_PROXY", "no_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def asked(scene: Scene) -> int:
    """The status of a question after a new sign-in."""
    with Reader(scene.cloud, credential_for(scene.cloud)) as reader:
        reader.get("/subscriptions", **SUBSCRIPTIONS)
    return scene.azure.requests[-1].status


def test_sign_in_and_questions_go_through_the_proxy_of_the_environment(
    scene: Scene, through: pytest.MonkeyPatch
) -> None:
    with closing(Proxy()) as proxy:
        through.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert asked(scene) == 200
        assert set(proxy.asked) == {f"CONNECT localhost:{scene.azure.port}"}
        assert len(proxy.asked) >= 2


def test_a_proxy_that_wants_a_sign_in_of_its_own_says_how_to_give_it(
    scene: Scene, through: pytest.MonkeyPatch
) -> None:
    with closing(Proxy("407 Proxy Authentication Required")) as proxy:
        through.setenv("HTTPS_PROXY", f"http://ann:hunter2@127.0.0.1:{proxy.port}")
        failure = failure_of(scene)
    assert (failure.code, failure.fix[:25]) == ("ProxySignIn", "put user and password int")
    assert "hunter2" not in failure.message


def test_a_dead_proxy_is_named_without_its_password(
    scene: Scene, through: pytest.MonkeyPatch, quick: None
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    through.setenv("HTTPS_PROXY", f"http://ann:hunter2@127.0.0.1:{port}")
    failure = failure_of(scene)
    words = f"the proxy 127.0.0.1:{port} makes no connection to localhost:{scene.azure.port}"
    assert (failure.code, failure.message) == ("NoProxy", words)
    assert "NO_PROXY" in failure.fix


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("no-such-host.invalid", "no network knows the name no-such-host.invalid"),
        ("localhost:1", "localhost:1 refuses the connection"),
    ],
)
def test_a_host_that_is_not_there_is_named_with_why(
    scene: Scene, quick: None, host: str, words: str
) -> None:
    scene.cloud = replace(scene.cloud, authority=f"https://{host}")
    failure = failure_of(scene)
    assert (failure.code, failure.message) == ("NoConnection", words)
