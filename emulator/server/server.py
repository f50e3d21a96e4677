"""The server: TLS on this machine, routing, faults, hooks, and a record of what was asked."""

from __future__ import annotations

import json
import re
import tempfile
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from emulator.apis import (
    activity,
    arm,
    autoscale,
    costs,
    graph,
    identity,
    locks,
    logs,
    metrics,
    permissions,
    prices,
    resource_list,
    tags,
)
from emulator.apis.wire import Answer, Call, Route, not_authorized, refused
from emulator.server.certificates import write_certificates
from emulator.server.faults import Fault, Faults, faulted
from emulator.server.listener import Listener
from emulator.server.record import Hook, Received, Write
from emulator.tenant.clock import Clock
from emulator.tenant.world import CLIENT_ID, CLIENT_SECRET, World

ROUTES: list[Route] = [
    *identity.ROUTES,
    *metrics.ROUTES,
    *tags.ROUTES,
    *locks.ROUTES,
    *permissions.ROUTES,
    *graph.ROUTES,
    *costs.ROUTES,
    *prices.ROUTES,
    *autoscale.ROUTES,
    *logs.ROUTES,
    *activity.ROUTES,
    *resource_list.ROUTES,
    *arm.ROUTES,
]


@dataclass
class Asked:
    """A request, and the route that answers it."""

    call: Call
    raw_path: str
    raw_query: str
    route: Route | None = None
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def full(self) -> str:
        """The path and the query."""
        return f"{self.raw_path}?{self.raw_query}" if self.raw_query else self.raw_path


class Emulator:
    """A small Azure on this machine; a context manager.

    `profile` is a cloud profile that points at it, `environment` what DefaultAzureCredential
    needs. `lock` guards `world` while it serves.
    """

    def __init__(
        self,
        world: World,
        clock: Clock | None = None,
        directory: Path | None = None,
        port: int = 0,
    ) -> None:
        """Prepare to serve `world` by `clock`; nothing listens before `start`."""
        self.world = world
        if clock is not None:
            world.clock = clock
        self.lock = threading.RLock()
        self.faults = Faults()
        self.writes: list[Write] = []
        self.requests: list[Received] = []
        self.stopping = threading.Event()
        self._before: list[Hook] = []
        self._after: list[Hook] = []
        self._port = port
        self._given = directory
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._server: Listener | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def start(self) -> Emulator:
        """Write the certificates and the profile, and listen."""
        if self._given is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="mothball-azure-")
        self.directory = self._given or Path(self._temporary.name if self._temporary else ".")
        self.directory.mkdir(parents=True, exist_ok=True)
        context = write_certificates(self.directory)
        self._server = Listener(self, self._port, context)
        self.port = int(self._server.server_address[1])
        self.url = f"https://localhost:{self.port}"
        self.profile = self.directory / "profile.toml"
        self.profile.write_text(_profile(self.url), encoding="utf-8")
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close every connection and remove what was written into a folder of its own."""
        self.stopping.set()
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None
        if self._temporary:
            self._temporary.cleanup()

    @property
    def ca_bundle(self) -> Path:
        """The certificate that clients have to trust."""
        return self.directory / "ca.pem"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which DefaultAzureCredential signs in here."""
        return {
            "AZURE_TENANT_ID": self.world.tenant_id,
            "AZURE_CLIENT_ID": CLIENT_ID,
            "AZURE_CLIENT_SECRET": CLIENT_SECRET,
        }

    def before(
        self,
        method: str | None = None,
        path: str = ".*",
        do: Callable[[World], object] = lambda world: None,
        times: int | None = 1,
    ) -> None:
        """Run `do` under the lock before the next matching requests are answered."""
        self._before.append(Hook(method, re.compile(path, re.IGNORECASE), do, times))

    def after(
        self,
        method: str | None = None,
        path: str = ".*",
        do: Callable[[World], object] = lambda world: None,
        times: int | None = 1,
    ) -> None:
        """Run `do` under the lock after the answer of the next matching requests was made."""
        self._after.append(Hook(method, re.compile(path, re.IGNORECASE), do, times))

    def now(self) -> datetime:
        """The time that answers bear."""
        return self.world.clock.now() + self.world.date_header_off

    def forget(self) -> None:
        """Empty the records of requests and writes."""
        with self.lock:
            self.requests.clear()
            self.writes.clear()

    def answer(
        self, method: str, target: str, headers: dict[str, str], content: bytes
    ) -> tuple[Answer | None, Fault | None]:
        """The answer to one request; None where the connection is to be dropped."""
        exchange = self._exchange(method, target, headers, content)
        fault = self.faults.take(method, exchange.full, content)
        if fault and fault.kind != "stall" and (fault.kind == "slow" or fault.delay_seconds):
            self.stopping.wait(fault.delay_seconds)
        with self.lock:
            answer = self._answer(exchange, fault)
            if answer is not None:
                answer.body = answer.content()
            return answer, fault

    def _answer(self, exchange: Asked, fault: Fault | None) -> Answer | None:
        self._run(self._before, exchange)
        self.world.settle()
        answer = faulted(fault) if fault else None
        dropped = fault is not None and fault.kind == "drop"
        if answer is None and not dropped:
            answer = self._routed(exchange)
            if exchange.route is not None and not exchange.route.reads:
                self.world.moved()
        self._record(exchange, 0 if answer is None else answer.status)
        self._run(self._after, exchange)
        return answer

    def _run(self, hooks: list[Hook], exchange: Asked) -> None:
        """Do what is due around this request, after which nothing is as it was worked out."""
        for hook in [hook for hook in hooks if hook.fits(exchange.call.method, exchange.full)]:
            hook.do(self.world)
            self.world.moved()

    def _exchange(self, method: str, target: str, headers: dict[str, str], content: bytes) -> Asked:
        raw_path, _, raw_query = target.partition("?")
        path = urllib.parse.unquote(raw_path)
        pairs = urllib.parse.parse_qsl(raw_query, keep_blank_values=True)
        query = {name.casefold(): value for name, value in pairs}
        call = Call(method, path, query, headers, content, self.world, self.url)
        exchange = Asked(call, path, urllib.parse.unquote_plus(raw_query))
        for candidate in ROUTES:
            if candidate.method == method and (match := candidate.pattern.match(path)):
                exchange.route = candidate
                exchange.groups = {k: v or "" for k, v in match.groupdict().items()}
                break
        return exchange

    def _routed(self, exchange: Asked) -> Answer | None:
        """The answer where nothing disturbs it; None: the connection is dropped."""
        call, chosen = exchange.call, exchange.route
        if not (chosen and chosen.anonymous) and not identity.is_valid(
            call.headers.get("authorization")
        ):
            return _unauthenticated(call, self.world.tenant_id)
        if chosen is None:
            return refused(404, "NotFound", f"Nothing here answers {call.method} {call.path}.")
        refusal = self._forbidden(exchange) or self._frozen(exchange)
        if refusal is None and not chosen.anonymous:
            refusal = permissions.refusal_of(call)
        return refusal or chosen.answer(call, **exchange.groups)

    def _frozen(self, exchange: Asked) -> Answer | None:
        """What a disabled subscription answers to a write, and a deleted one to anything."""
        found = re.match(r"(/subscriptions/[^/]+)/", exchange.call.path, re.IGNORECASE)
        subscription = self.world.lookup(found[1]) if found else None
        if subscription is None or exchange.route is None:
            return None
        state, identity = subscription.state.casefold(), subscription.subscription_id
        if state == "deleted":
            text = f"The subscription '{identity}' could not be found."
            return refused(404, "SubscriptionNotFound", text)
        if state == "disabled" and not exchange.route.reads:
            text = f"The subscription '{identity}' is disabled and so can only be read."
            return refused(409, "ReadOnlyDisabledSubscription", text)
        return None

    def _forbidden(self, exchange: Asked) -> Answer | None:
        found = re.search(r"/subscriptions/([^/]+)", exchange.call.path, re.IGNORECASE)
        source = exchange.route.source if exchange.route else "arm"
        if not found or not self.world.is_forbidden(found[1], source):
            return None
        action = permissions.action_of(exchange.call.method, exchange.call.path)
        return not_authorized(action, exchange.call.path)

    def _record(self, exchange: Asked, status: int) -> None:
        call, now = exchange.call, self.world.clock.now()
        source = exchange.route.source if exchange.route else "other"
        body = None if source == "identity" else call.body
        path, query = exchange.raw_path, exchange.raw_query
        headers = {name: v for name, v in call.headers.items() if name != "authorization"}
        self.requests.append(Received(now, call.method, path, query, status, source, body, headers))
        reads = call.method in ("GET", "HEAD") or bool(exchange.route and exchange.route.reads)
        if not reads:
            self.writes.append(Write(now, call.method, path, query, body, status))


def _unauthenticated(call: Call, tenant_id: str) -> Answer:
    answer = refused(
        401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."
    )
    address = f'authorization_uri="{call.base}/{tenant_id}"'
    answer.headers["WWW-Authenticate"] = f'Bearer {address}, error="invalid_token"'
    return answer


def _profile(url: str) -> str:
    entries = {
        "name": "emulator",
        "resource_manager": url,
        "authority": url,
        "metrics": f"{url}/{{region}}",
        "logs": url,
        "retail_prices": f"{url}/api/retail/prices",
        "portal": url,
        "ca_bundle": "ca.pem",
    }
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in entries.items())
