"""The one connection that can write: only the writes listed here, within the limits."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError, HttpResponseError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import (
    BearerTokenCredentialPolicy,
    HTTPPolicy,
    RequestIdPolicy,
)
from azure.core.polling import LROPoller
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core import ARMPipelineClient
from azure.mgmt.core.polling.arm_polling import ARMPolling, AzureAsyncOperationPolling

from actions.session import Limits, Refusal, Session
from collectors.connection.errors import (
    AzureFailure,
    Forbidden,
    NotUnderstood,
    Refused,
    SignInFailed,
    Stopped,
    Unreachable,
    error_in,
    from_response,
    from_sdk,
    one_line,
)
from collectors.connection.parsing import json_of
from collectors.connection.patience import Patience, Stop, Wait
from collectors.connection.reading import Counting, OnlyNamedHosts, user_agent
from collectors.connection.tally import Tally
from collectors.connection.watching import LOOK_SECONDS, StoppableCredential, transport_for
from collectors.inventory.resources import part
from collectors.records import key_of
from collectors.sources import fix_of_write

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

POLL_SECONDS = 5
LONGEST_POLL_WAIT_SECONDS = 60.0
LONGEST_OPERATION_SECONDS = 1800.0
# The two words with which Azure ends an operation that did not come about.
FAILED = frozenset({"failed", "canceled"})
# No dots alone and nothing encoded: a path that climbs would name something else.
_ANY = r"(?!\.+/)[^/%\\]+"
_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_WORKSPACE = (
    f"/subscriptions/{_ANY}/resourceGroups/{_ANY}"
    rf"/providers/Microsoft\.MachineLearningServices/workspaces/{_ANY}"
)
_ENDPOINT = f"{_WORKSPACE}/onlineEndpoints/{_NAME}"
_DEPLOYMENT = f"{_ENDPOINT}/deployments/{_NAME}"
WRITES = tuple(
    (method, re.compile(pattern, re.IGNORECASE))
    for method, pattern in (
        ("PATCH", rf"{_DEPLOYMENT}/providers/Microsoft\.Resources/tags/default"),
        ("DELETE", _DEPLOYMENT),
        ("DELETE", _ENDPOINT),
        ("PUT", _DEPLOYMENT),
        ("PUT", _ENDPOINT),
    )
)


class OnlyListedWrites(HTTPPolicy[Any, Any]):
    """Raises before a write leaves that is not listed, or that the limits forbid.

    A PUT replaces all of a resource, its traffic and instance count too: it leaves only for what
    is among `creatable` (by key), which the caller may add to while the connection is open.
    """

    def __init__(self, limits: Limits, creatable: Collection[str] = frozenset()) -> None:
        """Keep both."""
        super().__init__()
        self._limits = limits
        self._creatable = creatable

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Hand on a read, or a write that is listed and allowed."""
        method, path = request.http_request.method, urlsplit(request.http_request.url).path
        if method != "GET":
            if not any(method == known and at.fullmatch(path) for known, at in WRITES):
                raise Forbidden(f"{method} {path} is no write of this program", "WriteRefused")
            if method == "PUT" and key_of(path) not in self._creatable:
                raise Forbidden(f"PUT {path} was not found to be free", "WriteRefused")
            barred = self._limits.why_not(part(path, "subscriptions") or "")
            if barred:
                raise Refusal(f"nothing was written: {barred}")
        return self.next.send(request)


class Polling(ARMPolling):
    """Asks again where a poll brings what is no answer of Azure, such as a proxy's page.

    Only Azure's own word ends an operation; NotUnderstood is raised where none came within the
    time that an operation may take, or until the work was asked to end.
    """

    _operation: Any

    def __init__(self, wait: Wait) -> None:
        """`wait` is how the next try is waited for; it returns True when the work is to end."""
        super().__init__(POLL_SECONDS)
        self._wait = wait

    def update_status(self) -> None:
        """Ask until Azure answers, for as long as an operation may take."""
        left, pause = LONGEST_OPERATION_SECONDS, float(POLL_SECONDS)
        while True:
            self._pipeline_response = self.request_status(self._operation.get_polling_url())
            answer: Any = self._pipeline_response.http_response
            if answer.status_code >= 400:
                raise HttpResponseError(response=answer)
            if self._is_azures(answer):
                self._status = self._operation.get_status(self._pipeline_response)
                return
            if left <= 0 or self._wait(pause):
                text = "Azure took it, but of the answers to how it goes none was Azure's"
                raise NotUnderstood(text, "NoAnswer")
            left -= pause
            pause = min(pause * 2, LONGEST_POLL_WAIT_SECONDS)

    def _is_azures(self, answer: HttpResponse) -> bool:
        if answer.status_code not in (200, 201, 202, 204):
            return False
        if isinstance(self._operation, AzureAsyncOperationPolling):
            status = _body(answer).get("status")
            return isinstance(status, str) and bool(status.strip())
        return not answer.content or bool(_body(answer))


class Written:
    """What a write came to: Azure's correlation id, and the body of its answer."""

    def __init__(self, correlation_id: str | None, body: Mapping[str, Any]) -> None:
        """Keep both; the body is empty where the answer had none."""
        self.correlation_id = correlation_id
        self.body = body


class Writer:
    """Writes to Resource Manager, one request at a time; nothing is repeated but a 429."""

    def __init__(self, session: Session, stop: Stop | None = None) -> None:
        """Open no connection yet; the session says how everything here waits.

        Refusal: nobody who cannot write the journal writes to Azure.
        """
        barred = session.store.why_read_only()
        if barred is not None:
            raise Refusal(f"nothing was written: {barred}")
        self._manager = session.cloud.resource_manager
        self._stop = stop or Stop()
        self._transport = transport_for(session.cloud, session.timeouts, self._stop)
        credential: TokenCredential = StoppableCredential(session.sign_in(), self._stop)
        self._wait = session.wait or self._stop.wait
        self._created: set[str] = set()
        self._client = ARMPipelineClient[HttpRequest, HttpResponse](
            self._manager,
            policies=[
                RequestIdPolicy(),
                user_agent(),
                OnlyListedWrites(session.limits, self._created),
                OnlyNamedHosts(session.cloud),
                Patience(self._wait),
                BearerTokenCredentialPolicy(
                    credential, session.cloud.scope_for("resource_manager")
                ),
                Counting(Tally()),
            ],
            transport=self._transport,
        )

    def __enter__(self) -> Writer:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._transport.close()

    def patch(self, path: str, body: Mapping[str, Any], api_version: str) -> Written:
        """PATCH and wait for the end of the operation."""
        url = self._manager + path
        return self._write(HttpRequest("PATCH", url, params=_version(api_version), json=body))

    def create(self, path: str, body: Mapping[str, Any], api_version: str) -> Written:
        """PUT what is not there and wait for the end; raises Forbidden where something is.

        Resource Manager has no conditional PUT: a read right before it has to answer 404.
        """
        self._assert_free(path, api_version)
        self._created.add(key_of(path))
        return self.replace(path, body, api_version)

    def replace(self, path: str, body: Mapping[str, Any], api_version: str) -> Written:
        """PUT anew what this connection created; raises Forbidden for anything else."""
        url = self._manager + path
        return self._write(HttpRequest("PUT", url, params=_version(api_version), json=body))

    def delete(self, path: str, api_version: str) -> Written:
        """DELETE and wait for the end of the operation."""
        url = self._manager + path
        return self._write(HttpRequest("DELETE", url, params=_version(api_version)))

    def _assert_free(self, path: str, api_version: str) -> None:
        url = self._manager + path
        try:
            answer = self._client.send_request(
                HttpRequest("GET", url, params=_version(api_version))
            )
        except AzureError as error:
            raise from_sdk(error) from error
        if answer.status_code < 300:
            raise Forbidden(f"{path} exists, and is never overwritten", "Exists")
        if answer.status_code != 404:
            raise from_response(answer)

    def _write(self, request: HttpRequest) -> Written:
        """Send and wait; a failure tells whether the write may be taken, or go on, all the same."""
        correlation_id: str | None = None
        if self._stop.is_set():
            raise Stopped
        try:
            first: Any = self._client.send_request(request, _return_pipeline_response=True)
            answer: HttpResponse = first.http_response
            correlation_id = answer.headers.get("x-ms-correlation-request-id")
            if answer.status_code >= 300:
                raise from_response(answer)
            if answer.status_code in (201, 202) or _is_operation(answer):
                self._wait_for(first)
            return Written(correlation_id, _body(answer))
        except Stopped:
            stopped = Unreachable("stopped before Azure said how it ended", "Stopped")
            stopped.correlation_id, stopped.is_open = correlation_id, True
            raise stopped from None
        except AzureFailure as failure:
            failure.correlation_id = correlation_id
            failure.is_open = failure.is_open or not _is_azures_word(failure)
            is_refused = isinstance(failure, Refused)
            fix = fix_of_write(request.method, request.url, failure.code, is_refused=is_refused)
            failure.fix = fix or failure.fix
            raise
        except AzureError as error:
            azure_failure = from_sdk(error)
            azure_failure.correlation_id = correlation_id
            azure_failure.is_open = not isinstance(azure_failure, SignInFailed)
            raise azure_failure from error

    def _wait_for(self, first: Any) -> None:
        """Poll to the end; raises with `is_open` where that could not be seen."""
        poller: LROPoller[None] = LROPoller(
            self._client, first, lambda _response: None, Polling(self._wait)
        )
        try:
            given_up_at = time.monotonic() + LONGEST_OPERATION_SECONDS
            while not poller.done() and time.monotonic() < given_up_at:
                if self._stop.is_set():
                    raise Stopped
                poller.wait(LOOK_SECONDS)
            if poller.done():
                poller.result()
                return
        except HttpResponseError as error:
            raise _ended_badly(error) from error
        except AzureFailure as failure:
            failure.is_open = True  # it was taken, and nobody may be asked how it went
            raise
        minutes = LONGEST_OPERATION_SECONDS / 60
        raise Unreachable(f"the operation did not end within {minutes:.0f} min", "StillRunning")


def _is_azures_word(failure: AzureFailure) -> bool:
    """Whether an answer says that the write was not taken: Azure answers none with a redirect."""
    is_redirect = failure.status is not None and failure.status < 400
    return not is_redirect and not isinstance(failure, Unreachable)


def _ended_badly(error: HttpResponseError) -> AzureFailure:
    """An operation that failed answers HTTP 200 with an error inside; a poll may be refused too."""
    answer: Any = error.response
    if answer is not None and answer.status_code >= 400:
        refused = from_response(answer)
        text = f"Azure took it, but its end could not be asked for: {refused.message}"
        unseen = type(refused)(text, refused.code, refused.status)
        unseen.is_open = True
        return unseen
    body = _body(answer) if answer is not None else {}
    code, message = error_in(body) or ("Failed", f"the operation ended as {_status(body)}")
    ended = NotUnderstood(one_line(message), code)
    ended.is_open = _status(body).lower() not in FAILED
    return ended


def _status(body: Mapping[str, Any]) -> str:
    properties = body.get("properties")
    inner = properties.get("provisioningState") if isinstance(properties, dict) else None
    return str(body.get("status") or inner or "not known")


def _is_operation(answer: HttpResponse) -> bool:
    headers = answer.headers
    return "azure-asyncoperation" in headers or "Azure-AsyncOperation" in headers


def _body(answer: HttpResponse) -> Mapping[str, Any]:
    try:
        body = json_of(answer.text())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _version(api_version: str) -> dict[str, str]:
    return {"api-version": api_version}
