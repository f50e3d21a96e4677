"""`mothball doctor` has its table, and its rows, whatever keeps the sign-in from a token."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator import Fault
from tests.collectors.test_sign_in import Proxy
from tests.mothball.shop import Result, Shop

TOKEN = {
    "accessToken": "e30.eyJhdWQiOiJ4In0.x",
    "expiresOn": "2099-01-01 00:00:00.000000",
    "tenant": "t",
}
CLAIMS = "eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="
SOURCES = {"sign-in", "prices", "subscriptions", "Resource Graph", "locks", "metrics", "cost"}


@dataclass
class Trouble:
    """A shop, and ways to keep its sign-in from a token."""

    shop: Shop
    folder: Path
    environment: pytest.MonkeyPatch
    nobody: socket.socket
    patience_seconds: int = 30

    def run(self, *words: str) -> Result:
        """The doctor."""
        settings = self.folder / "settings.toml"
        settings.write_text(f"[timeouts]\nsign_in_seconds = {self.patience_seconds}\n")
        cloud = str(self.profile)
        given = ["--store", str(self.shop.store), "--config", str(settings), "--cloud", cloud]
        return self.shop.bare("doctor", *words, *given)

    @property
    def profile(self) -> Path:
        """The cloud's profile, or its untrusting copy."""
        copy = self.folder / "untrusting.toml"
        return copy if copy.exists() else self.shop.azure.profile

    def refused(self) -> None:
        """Entra ID says no."""
        sentence = "AADSTS7000222: The provided client secret keys are expired. Trace ID: 1f"
        body = {"error": "invalid_client", "error_description": sentence}
        self.shop.azure.faults.add(Fault("answer", "/oauth2/", status=401, body=body))

    def challenged(self) -> None:
        """Azure wants more than the token says."""
        self.az(f"echo '{json.dumps(TOKEN)}'")
        header = f'Bearer error="insufficient_claims", claims="{CLAIMS}"'
        headers = {"WWW-Authenticate": header}
        self.shop.azure.faults.add(Fault("forbid", "/subscriptions", status=401, headers=headers))

    def inspected(self) -> None:
        """Somebody on the way shows a certificate of their own."""
        text = re.sub("(?m)^ca_bundle.*$", "", self.shop.azure.profile.read_text())
        (self.folder / "untrusting.toml").write_text(text)

    def dead_proxy(self) -> None:
        """Nobody is at the proxy's address."""
        self.through(self.nobody.getsockname()[1])

    def through(self, port: int) -> None:
        """Everything goes through a proxy on this machine."""
        for name in ("NO_PROXY", "no_proxy", "https_proxy"):
            self.environment.delenv(name, raising=False)
        self.environment.setenv("HTTPS_PROXY", f"http://ann:hunter2@127.0.0.1:{port}")

    def slow_az(self) -> None:
        """`az` takes its time."""
        self.patience_seconds = 1
        self.az("exec sleep 600")

    def no_az(self) -> None:
        """There is nothing to sign in with."""
        self.az("")
        (self.folder / "bin" / "az").unlink()

    def az(self, script: str) -> None:
        """A program of the name `az` is all that there is to sign in with."""
        program = self.folder / "bin" / "az"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        self.environment.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        for name in self.shop.azure.environment:
            self.environment.delenv(name)


@pytest.fixture
def trouble(own: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trouble]:
    monkeypatch.setattr("collectors.connection.watching.WatchedTransport.sleep", lambda *_: None)
    monkeypatch.setattr("collectors.connection.patience.Patience._pause", lambda *_: None)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # nobody listens there, nor can anybody else
        yield Trouble(own, tmp_path, monkeypatch, nobody)


def told_in(result: Result) -> str:
    """What is told of the sign-in, or of the first source that the token does not open."""
    rows = {row["source"]: row for row in result.json}
    assert rows.keys() >= SOURCES
    broken = next(row for row in result.json if row["ok"] is False)
    assert broken["source"] in ("sign-in", "subscriptions")
    return f"{broken['source']}: {broken['message']}: {broken['fix']}"


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        (Trouble.refused, ("sign-in: ", "AADSTS7000222", "make a new secret")),
        (Trouble.challenged, ("subscriptions: ", f"az login --claims-challenge {CLAIMS}")),
        (Trouble.inspected, ("sign-in: ", "is not trusted", "REQUESTS_CA_BUNDLE")),
        (Trouble.dead_proxy, ("sign-in: ", "makes no connection", "NO_PROXY")),
        (Trouble.slow_az, ("sign-in: ", "`az` gave no token in 1 s", "`sign_in_seconds`")),
        (Trouble.no_az, ("sign-in: ", "az login")),
    ],
    ids=["refused", "claims challenge", "TLS inspection", "dead proxy", "slow az", "no az"],
)
def test_the_doctor_has_its_table_in_each_failure_of_a_sign_in(
    trouble: Trouble, begins: Callable[[Trouble], None], words: tuple[str, ...]
) -> None:
    begins(trouble)
    _assert_told(trouble, words)


def test_the_doctor_has_its_table_behind_a_proxy_that_wants_a_password(trouble: Trouble) -> None:
    with closing(Proxy("407 Proxy Authentication Required")) as proxy:
        trouble.through(proxy.port)
        _assert_told(trouble, ("sign-in: ", "ProxySignIn", "put user and password into"))


def _assert_told(trouble: Trouble, words: tuple[str, ...]) -> None:
    rows, table = trouble.run("--format", "json"), trouble.run()
    assert (rows.code, table.code) == (1, 1)
    assert all(word in told_in(rows) for word in words), told_in(rows)
    assert rows.err == ""
    assert all(source in table.out for source in SOURCES)
    assert words[-1] in table.out + table.err
    assert "hunter2" not in rows.out + table.out + table.err
