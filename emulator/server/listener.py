"""The listening end: TLS on this machine, HTTP/1.1 with connections that stay open."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import uuid
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from emulator.apis.wire import Answer
from emulator.server.faults import Fault


class Answering(Protocol):
    """Whoever answers the requests; `stopping` is set when it will answer no more."""

    stopping: threading.Event

    def now(self) -> datetime:
        """The time that its answers bear."""

    def answer(
        self, method: str, target: str, headers: dict[str, str], content: bytes
    ) -> tuple[Answer | None, Fault | None]:
        """The answer, None where the connection is to be dropped, and the fault on it."""


class Listener(ThreadingHTTPServer):
    """Accepts connections; each has a thread of its own, and all end with `server_close`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, azure: Answering, port: int, context: ssl.SSLContext) -> None:
        """Listen on `port` (0: any free one) of this machine."""
        self.azure = azure
        self.context = context
        self.open: set[socket.socket] = set()
        self.threads: list[threading.Thread] = []
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept; the handshake is left to the connection's own thread."""
        raw, address = self.socket.accept()
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secure = self.context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
        with self.guard:
            self.open.add(secure)
        return secure, address

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread that `server_close` waits for."""
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self.threads = [known for known in self.threads if known.is_alive()] + [thread]
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self.guard:
            self.open.discard(request)
        with contextlib.suppress(OSError):
            request.shutdown(socket.SHUT_RDWR)
        request.close()

    def server_close(self) -> None:
        """Close the listening socket and every connection."""
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
    server: Listener

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length else b""
        headers = {name.casefold(): value for name, value in self.headers.items()}
        answer, fault = self.server.azure.answer(self.command, self.path, headers, content)
        if answer is None:
            self.close_connection = True
            return
        self._send(answer, fault)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _send(self, answer: Answer, fault: Fault | None) -> None:
        content = answer.content()
        truncated = fault is not None and fault.kind in ("truncate", "stall")
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
        if fault is not None and fault.kind == "stall":
            self.server.azure.stopping.wait(fault.delay_seconds)
        self.close_connection = self.close_connection or truncated

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The `Date` of an answer."""
        at = self.server.azure.now().timestamp() if timestamp is None else timestamp
        return super().date_time_string(at)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the record is `Emulator.requests`."""
