"""What can go wrong on the way: throttling, refusals, broken answers, slow ones."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from emulator.apis.wire import Answer
from emulator.tenant.world import CLIENT_ID

Kind = Literal[
    "throttle",
    "forbid",
    "unavailable",
    "drop",
    "truncate",
    "slow",
    "stall",
    "garble",
    "answer",
]


@dataclass
class Fault:
    """One disturbance of the requests whose path and query match; `times` None is always.

    `status`, `code` and `message` replace the kind's own; `retry_after` is in seconds, None
    sends no such header; `shape` is one of the four error bodies of Azure's services. An `answer`
    is a good status with `body` in it: JSON, bytes, or None for an empty one. `holds` narrows it
    to requests whose body contains this text: one id of a batch, one subscription of a query.
    `slow` waits so long before the answer, `stall` in the middle of it.
    """

    kind: Kind
    path: str = ".*"
    method: str | None = None
    times: int | None = None
    status: int | None = None
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    code: str | None = None
    message: str | None = None
    shape: Literal["arm", "flat", "retail", "capital"] = "arm"
    body: Any = None
    holds: str = ""

    def fits(self, method: str, path_and_query: str, content: bytes) -> bool:
        """Whether this fault disturbs such a request."""
        if self.times == 0 or (self.method and self.method.upper() != method):
            return False
        if self.holds.lower().encode() not in content.lower():
            return False
        return re.search(self.path, path_and_query, re.IGNORECASE) is not None


class Faults:
    """The disturbances in force; each request meets the first that fits."""

    def __init__(self) -> None:
        """Begin with none."""
        self._faults: list[Fault] = []
        # Set once a fault disturbed a request.
        self.taken = threading.Event()
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Disturb from now on; hands the fault back."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Disturb no more."""
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path_and_query: str, content: bytes) -> Fault | None:
        """The fault for this request, counted as used."""
        with self._lock:
            for fault in self._faults:
                if fault.fits(method, path_and_query, content):
                    if fault.times is not None:
                        fault.times -= 1
                    self.taken.set()
                    return fault
        return None


def faulted(fault: Fault) -> Answer | None:
    """The answer that a fault puts in place of the real one, if it does."""
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
        "answer": (200, "", ""),
    }.get(fault.kind, (0, "", ""))
    if not status:
        return None
    if fault.kind == "answer":
        return Answer(fault.status or status, fault.body, headers)
    if fault.kind == "garble":
        return Answer(fault.status or 200, b"<html>upstream request timeout</html>", headers)
    body = _shaped(fault, fault.code or code, fault.message or message)
    return Answer(fault.status or status, body, headers)


def _shaped(fault: Fault, code: str, message: str) -> Any:
    if fault.shape == "flat":
        return {"code": code, "message": message}
    if fault.shape == "retail":
        return {"Error": {"Code": code, "Message": message}}
    if fault.shape == "capital":
        return {"Code": code, "Message": message, "Details": []}
    return {"error": {"code": code, "message": message}}
