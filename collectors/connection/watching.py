"""Nothing is waited for in vain: a silent host costs a limited time, and a stop ends any wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from azure.core.exceptions import (
    AzureError,
    ServiceRequestTimeoutError,
    ServiceResponseTimeoutError,
)
from azure.core.pipeline.transport import HttpTransport, RequestsTransport
from urllib3.exceptions import ReadTimeoutError

from collectors.connection.cloud import Cloud
from collectors.connection.errors import Stopped
from collectors.connection.patience import Stop
from collectors.connection.timeouts import Silences, Timeouts
from collectors.connection.trouble import in_words
from collectors.sources import api_of

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential

Result = TypeVar("Result")
# How often a wait looks whether it is to end.
LOOK_SECONDS = 0.1
# A write that is on its way when it is stopped mostly has its answer within this time.
GRACE_OF_A_WRITE_SECONDS = 0.6
QUESTIONS = ("GET", "POST")


class Silent(ServiceResponseTimeoutError):
    """No answer came. `is_over`: it was silent for so long that it is not asked again."""

    def __init__(self, message: str, *, is_over: bool) -> None:
        """Keep both."""
        super().__init__(message)
        self.is_over = is_over


def until_stopped(
    work: Callable[[], Result],
    stop: Stop,
    limit_seconds: float = float("inf"),
    grace_seconds: float = 0.0,
) -> Result:
    """What `work` comes to; Stopped or TimeoutError where that takes until a stop or too long.

    Nothing can end a thread that waits for a socket, a name or another program, so the work has
    one of its own, which is left alone then.
    """
    results: list[Result] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=run, daemon=True).start()
    given_up_at, left_at = time.monotonic() + limit_seconds, float("inf")
    while not done.wait(max(min(LOOK_SECONDS, given_up_at - time.monotonic()), 0.0)):
        now = time.monotonic()
        if stop.is_set():
            left_at = min(left_at, now + grace_seconds)
        if now >= left_at:
            raise Stopped
        if now >= given_up_at:
            raise TimeoutError
    if errors:
        raise errors[0]
    return results[0]


class WatchedTransport(HttpTransport[Any, Any]):
    """Another transport, within time limits and until a stop. Threads share one."""

    def __init__(self, transport: RequestsTransport, timeouts: Timeouts, stop: Stop) -> None:
        """Keep all three."""
        self._transport = transport
        self._timeouts = timeouts
        self._stop = stop
        self._silences = Silences(timeouts.total_seconds)
        self._guard = threading.Lock()
        # The `Date` of the newest answer.
        self.newest_date: str | None = None
        # What ended the last request, None where it was answered; where the last answer came from,
        # and its status.
        self.unanswered: AzureError | None = None
        self.answered: tuple[str, int] | None = None

    def send(self, request: Any, **options: Any) -> Any:
        """Send, and hand on the whole answer.

        Raises Stopped, or Silent where no answer comes or the source was silent for too long.
        """
        if self._stop.is_set():
            raise Stopped
        host = urlsplit(request.url).netloc
        source = host, api_of(request.url).name
        start = time.monotonic()
        with self._guard:
            left = self._silences.left(source, start)
        if left <= 0:
            raise self._silent(host, is_over=True)
        try:
            answer = self._within(request, left, options)
        except (AzureError, TimeoutError) as error:
            self.unanswered = (
                self._note(source, start, error, left)
                if isinstance(error, TimeoutError) or _is_silence(error)
                else in_words(error, request.url)
            )
            raise self.unanswered from error
        with self._guard:
            self._silences.answered(source)
        self.unanswered, self.answered = None, (request.url, answer.status_code)
        self.newest_date = answer.headers.get("Date") or self.newest_date
        return answer

    def _within(self, request: Any, left: float, options: dict[str, Any]) -> Any:
        limits = {
            "connection_timeout": min(self._timeouts.connect_seconds, left),
            "read_timeout": min(self._timeouts.read_seconds, left),
        }
        grace = 0.0 if request.method in QUESTIONS else GRACE_OF_A_WRITE_SECONDS
        return until_stopped(
            lambda: self._transport.send(request, **(options | limits)), self._stop, left, grace
        )

    def _note(self, source: tuple[str, str], start: float, error: Exception, left: float) -> Silent:
        end = time.monotonic()
        with self._guard:
            self._silences.add(source, start, end)
            is_over = self._silences.left(source, end) <= 0
        if isinstance(error, ServiceRequestTimeoutError):
            return self._silent(source[0], is_over, "connection to", self._timeouts.connect_seconds)
        if isinstance(error, TimeoutError) and left > self._timeouts.read_seconds:
            return self._silent(source[0], True, "whole answer from", self._timeouts.total_seconds)
        return self._silent(source[0], is_over)

    def _silent(
        self, host: str, is_over: bool, what: str = "answer from", seconds: float | None = None
    ) -> Silent:
        limit = self._timeouts.read_seconds if seconds is None else seconds
        return Silent(f"no {what} {host} in {limit:g} s", is_over=is_over)

    def sleep(self, duration: float) -> None:
        """Wait before a retry; raises Stopped."""
        if self._stop.wait(duration):
            raise Stopped

    def open(self) -> None:
        """Open the connections."""
        self._transport.open()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> WatchedTransport:
        """Open."""
        self._transport.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        """Close."""
        self._transport.__exit__(kind, error, trace)


class StoppableCredential:
    """Another sign-in that is waited for until a stop: it may ask a program or a person."""

    def __init__(self, credential: TokenCredential, stop: Stop) -> None:
        """Keep both."""
        self._credential = credential
        self._stop = stop

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token; raises Stopped, and what the other one raises."""
        return until_stopped(lambda: self._credential.get_token(*scopes, **options), self._stop)


def transport_for(cloud: Cloud, timeouts: Timeouts, stop: Stop) -> WatchedTransport:
    """A connection pool that checks certificates, by the profile's own bundle if it has one."""
    verify = True if cloud.ca_bundle is None else str(cloud.ca_bundle)
    return WatchedTransport(RequestsTransport(connection_verify=verify), timeouts, stop)


def _is_silence(error: BaseException | None) -> bool:
    """Whether nothing came in time, as opposed to a connection that was refused or closed.

    A body that stops half-way comes as another error, with the timeout inside.
    """
    if error is None:
        return False
    if isinstance(error, TimeoutError | ServiceRequestTimeoutError | ServiceResponseTimeoutError):
        return True
    if isinstance(error, ReadTimeoutError):
        return True
    inner = getattr(error, "inner_exception", None) or next(iter(error.args), None)
    return isinstance(inner, BaseException) and _is_silence(inner)
