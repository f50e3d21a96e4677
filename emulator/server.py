"""The server: TLS on this machine, routing, faults, hooks, and a record of what was asked."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import tempfile
import threading
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from . import (
    arm,
    autoscale,
    costs,
    graph,
    identity,
    locks,
    logs,
    metrics,
    prices,
    tags,
)
from .certificates import write_certificates
from .clock import Clock
from .faults import Fault, Faults
from .wire import Answer, Call, Route, not_authorized, refused
from .world import CLIENT_ID, CLIENT_SECRET, World

ROUTES: list[Route] = [
    *identity.ROUTES,
    *metrics.ROUTES,
    *tags.ROUTES,
    *locks.ROUTES,
    *graph.ROUTES,
    *costs.ROUTES,
    *prices.ROUTES,
    *autoscale.ROUTES,
    *logs.ROUTES,
    *arm.ROUTES,
]


@dataclass(frozen=True)
class Write:
    """A request that changes something, or would if it were allowed."""

    at: datetime
    method: str
    path: str
    query: str
    body: Any
    status: int


@dataclass(frozen=True)
class Received:
    """A request as it came in. `status` 0: closed without an answer."""

    at: datetime
    method: str
    path: str
    query: str
    status: int
    source: str
    body: Any = None


@dataclass
class Hook:
    """Something to do around the next matching requests."""

    method: str | None
    path: re.Pattern[str]
    do: Callable[[World], object]
    times: int | None

    def fits(self, method: str, path: str) -> bool:
        """Whether it is due; counts itself as used."""
        if self.times == 0 or (self.method and self.method.upper() != method):
            return False
        if not self.path.search(path):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class _Exchange:
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
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Emulator:
        """Start."""
        return self.start()

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
        self._server = _Server(self, self._port, context)
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
        fault = self.faults.take(method, exchange.full)
        if fault and (fault.kind == "slow" or fault.delay_seconds):
            self.stopping.wait(fault.delay_seconds)
        with self.lock:
            return self._answer(exchange, fault), fault

    def _answer(self, exchange: _Exchange, fault: Fault | None) -> Answer | None:
        method, full = exchange.call.method, exchange.full
        for hook in [hook for hook in self._before if hook.fits(method, full)]:
            hook.do(self.world)
        self.world.settle()
        answer = _faulted(fault) if fault else None
        dropped = fault is not None and fault.kind == "drop"
        if answer is None and not dropped:
            answer = self._routed(exchange)
        self._record(exchange, 0 if answer is None else answer.status)
        for hook in [hook for hook in self._after if hook.fits(method, full)]:
            hook.do(self.world)
        return answer

    def _exchange(
        self, method: str, target: str, headers: dict[str, str], content: bytes
    ) -> _Exchange:
        raw_path, _, raw_query = target.partition("?")
        path = urllib.parse.unquote(raw_path)
        pairs = urllib.parse.parse_qsl(raw_query, keep_blank_values=True)
        query = {name.casefold(): value for name, value in pairs}
        call = Call(method, path, query, headers, content, self.world, self.url)
        exchange = _Exchange(call, path, urllib.parse.unquote_plus(raw_query))
        for candidate in ROUTES:
            if candidate.method == method and (match := candidate.pattern.match(path)):
                exchange.route = candidate
                exchange.groups = {k: v or "" for k, v in match.groupdict().items()}
                break
        return exchange

    def _routed(self, exchange: _Exchange) -> Answer:
        call, chosen = exchange.call, exchange.route
        if not (chosen and chosen.anonymous) and not identity.is_valid(
            call.headers.get("authorization")
        ):
            return _unauthenticated(call, self.world.tenant_id)
        if chosen is None:
            return refused(404, "NotFound", f"Nothing here answers {call.method} {call.path}.")
        forbidden = self._forbidden(exchange)
        return forbidden or chosen.answer(call, **exchange.groups)

    def _forbidden(self, exchange: _Exchange) -> Answer | None:
        found = re.search(r"/subscriptions/([^/]+)", exchange.call.path, re.IGNORECASE)
        source = exchange.route.source if exchange.route else "arm"
        if not found or not self.world.is_forbidden(found[1], source):
            return None
        return not_authorized(_action(exchange.call), exchange.call.path)

    def _record(self, exchange: _Exchange, status: int) -> None:
        call, now = exchange.call, self.world.clock.now()
        source = exchange.route.source if exchange.route else "other"
        body = None if source == "identity" else call.body
        path, query = exchange.raw_path, exchange.raw_query
        self.requests.append(Received(now, call.method, path, query, status, source, body))
        reads = call.method in ("GET", "HEAD") or bool(exchange.route and exchange.route.reads)
        if not reads:
            self.writes.append(Write(now, call.method, path, query, body, status))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, azure: Emulator, port: int, context: Any) -> None:
        self.azure = azure
        self.context = context
        self.open: set[socket.socket] = set()
        self.threads: list[threading.Thread] = []
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        raw, address = self.socket.accept()
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secure = self.context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
        with self.guard:
            self.open.add(secure)
        return secure, address

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self.threads = [known for known in self.threads if known.is_alive()] + [thread]
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        with self.guard:
            self.open.discard(request)
        with contextlib.suppress(OSError):
            request.shutdown(socket.SHUT_RDWR)
        request.close()

    def server_close(self) -> None:
        super().server_close()
        with self.guard:
            waiting = list(self.open)
        for connection in waiting:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(timeout=5)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away, or don't trust the certificate, are their own affair."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Stand-in"
    wbufsize = -1
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length else b""
        headers = {name.casefold(): value for name, value in self.headers.items()}
        answer, fault = self.server.azure.answer(self.command, self.path, headers, content)
        if answer is None:
            self.close_connection = True
            return
        self._send(answer, truncated=fault is not None and fault.kind == "truncate")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _send(self, answer: Answer, truncated: bool) -> None:
        content = answer.content()
        self.send_response(answer.status)
        request_id = str(uuid.uuid4())
        for name, value in {
            "Content-Type": "application/json; charset=utf-8",
            "x-ms-request-id": request_id,
            "x-ms-correlation-request-id": self.headers.get("x-ms-correlation-request-id")
            or request_id,
            **answer.headers,
            "Content-Length": str(len(content)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: len(content) // 2] if truncated else content)
        self.wfile.flush()
        self.close_connection = self.close_connection or truncated

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the record is `Emulator.requests`."""


def _faulted(fault: Fault) -> Answer | None:
    headers = dict(fault.headers)
    if fault.retry_after is not None:
        headers["Retry-After"] = f"{fault.retry_after:g}"
    status, code, message = {
        "throttle": (429, "429", "Too many requests. Please retry."),
        "forbid": (
            403,
            "AuthorizationFailed",
            f"The client '{CLIENT_ID}' does not have authorization to perform this action.",
        ),
        "unavailable": (503, "ServiceUnavailable", "The service is unavailable. Please retry."),
        "garble": (200, "", ""),
    }.get(fault.kind, (0, "", ""))
    if not status:
        return None
    if fault.kind == "garble":
        return Answer(fault.status or 200, b"<html>upstream request timeout</html>", headers)
    return Answer(fault.status or status, _shaped(fault, fault.code or code, message), headers)


def _shaped(fault: Fault, code: str, message: str) -> Any:
    if fault.shape == "flat":
        return {"code": code, "message": message}
    if fault.shape == "retail":
        return {"Error": {"Code": code, "Message": message}}
    if fault.shape == "capital":
        return {"Code": code, "Message": message, "Details": []}
    return {"error": {"code": code, "message": message}}


def _unauthenticated(call: Call, tenant_id: str) -> Answer:
    answer = refused(
        401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."
    )
    address = f'authorization_uri="{call.base}/{tenant_id}"'
    answer.headers["WWW-Authenticate"] = f"Bearer {address}, error=\"invalid_token\""
    return answer


def _action(call: Call) -> str:
    verb = {"GET": "read", "DELETE": "delete", "POST": "action"}.get(call.method, "write")
    path = call.path.rsplit("/providers/", 1)[-1].split("/")
    kind = "/".join([path[0], *path[1::2]]) if len(path) > 1 else "Microsoft.Resources"
    return f"{kind}/{verb}"


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
