"""What can go wrong with Azure, told by what a person can do about it.

    AzureFailure
    |-- SignInFailed     sign in, or set the three AZURE_ variables
    |-- Refused          ask for a role (401, 403)
    |-- Missing          it is not there (404)
    |-- Throttled        wait: 429 or 529 to the end
    |-- Unreachable      look at the network or try later: no answer, 5xx, a cut answer
    |-- NotUnderstood    report it: an answer or a request that one side did not understand
    |   `-- Misshapen    the same: an answer without the shape that the API promises
    |-- ClockOff         set this machine's clock
    `-- Forbidden        a request that this program may never send was about to be sent
    Stopped              the person stopped it; no failure, so nothing takes it for a read error

SDK exceptions do not leave this package.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    ServiceResponseTimeoutError,
)
from azure.core.rest import HttpResponse

from collectors.connection.parsing import json_of
from collectors.connection.trouble import AnswerCut, NotConnected
from collectors.sources import MONITORING_READER, READER, SIGN_IN, fix_of_code


class AzureFailure(Exception):
    """A request that did not get its answer. `code` is Azure's own word where it gave one."""

    fix = "report it"

    def __init__(self, message: str, code: str, status: int | None = None) -> None:
        """Keep one line of text, Azure's code and the HTTP status (None: no answer)."""
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        # What was asked for, where that is not plain from what the person did.
        self.source: str | None = None
        self.correlation_id: str | None = None
        # The codes of the details of the error, which may say more than its own.
        self.inner_codes: tuple[str, ...] = ()
        # Of a write: whether it may have been taken, or goes on, for all that is known.
        self.is_open = False


class SignInFailed(AzureFailure):
    """No token could be had."""

    fix = SIGN_IN


class Refused(AzureFailure):
    """401 or 403: the sign-in lacks a role."""

    fix = f"ask for the role {READER.role}, and {MONITORING_READER.role} on the subscription"


class Missing(AzureFailure):
    """404: it does not exist, or not any more."""

    fix = "check the name"


class Throttled(AzureFailure):
    """429 or 529 until the patience ran out."""

    fix = "wait a few minutes and run it again"


class Unreachable(AzureFailure):
    """No answer, a server error, or an answer that was cut."""

    fix = "check the network and run it again"


class NotUnderstood(AzureFailure):
    """An answer that is not what the API promises, or a request that Azure calls malformed."""

    fix = "run `mothball doctor`; if it stays, report it"


class Misshapen(NotUnderstood):
    """An answer, or an element of a list, without the shape that the API promises."""

    def __init__(self, message: str, share: float = 0.0) -> None:
        """Keep the text, and which share of the elements was whole (0 to 1).

        Azure gave neither a code nor an error status.
        """
        super().__init__(message, "WrongShape")
        self.share = share


class ClockOff(AzureFailure):
    """This machine's clock is not Azure's, so that days would be taken for others."""

    fix = "set the clock of this machine and run it again"


class Forbidden(AzureFailure):
    """A write from a reading room, or a host that the cloud profile does not name."""

    fix = "report it: this program must never send that"


class Stopped(Exception):
    """The person asked to stop."""


class NoToken(ClientAuthenticationError):
    """A sign-in that failed, as an SDK's exception that holds the failure."""

    def __init__(self, failure: AzureFailure) -> None:
        """Keep it."""
        super().__init__(failure.message)
        self.failure = failure


def from_response(response: HttpResponse) -> AzureFailure:
    """The failure that an answer of 400 or more stands for."""
    status = response.status_code
    code, message = error_of(response)
    if status < 400:
        code, message = "Redirect", f"a redirect, to {_host_of(response.headers.get('Location'))}"
    failure = _kind_of(status)(message, code, status)
    failure.inner_codes = _inner_codes(response)
    if status == 401:
        failure.fix = SIGN_IN
    failure.fix = fix_of_code(code) or failure.fix
    return failure


def _host_of(address: str | None) -> str:
    try:
        return urlsplit(address or "").netloc or "nowhere"
    except ValueError:
        return "nowhere"


def _kind_of(status: int) -> type[AzureFailure]:
    if status in (401, 403):
        return Refused
    if status == 404:
        return Missing
    if status in (429, 529):
        return Throttled
    return Unreachable if status >= 500 or status == 408 else NotUnderstood


def from_sdk(error: AzureError) -> AzureFailure:
    """The failure that an SDK exception stands for."""
    if isinstance(error, NoToken):
        return error.failure
    line = one_line(str(error.message or error))
    if isinstance(error, ClientAuthenticationError):
        return SignInFailed(line, "SignInFailed")
    if isinstance(error, ServiceResponseTimeoutError):
        return Unreachable(line, "NoAnswer")
    if isinstance(error, NotConnected | AnswerCut):
        failure = Unreachable(line, error.code)
        failure.fix = fix_of_code(error.code) or failure.fix
        return failure
    return NotUnderstood(line, type(error).__name__)


def error_of(response: HttpResponse) -> tuple[str, str]:
    """Code and message of an error body, in any of its four shapes (azure.md A13)."""
    fallback = (str(response.status_code), one_line(response.reason or "no reason given"))
    try:
        body = json_of(response.text())
    except ValueError:
        return fallback
    return error_in(body) or fallback


def error_in(body: Any) -> tuple[str, str] | None:
    """Code and message of a parsed error, or None where the body holds none."""
    if not isinstance(body, dict):
        return None
    folded = {str(name).lower(): value for name, value in body.items()}
    inner = folded.get("error")
    if isinstance(inner, dict):
        return error_in(inner)
    code, message = folded.get("code"), folded.get("message")
    if code is None and message is None:
        return None
    parts = [str(message or code), *_details(folded.get("details")), *_inner(folded)]
    return str(code or "Unknown"), one_line(" ".join(dict.fromkeys(parts)))


def _inner_codes(response: HttpResponse) -> tuple[str, ...]:
    try:
        details = json_of(response.text())["error"]["details"]
        return tuple(str(one["code"]) for one in details)
    except (ValueError, KeyError, TypeError):
        return ()


def _inner(folded: dict[str, Any]) -> list[str]:
    """What a log query's error says where its own message is a commonplace."""
    inner = error_in(folded.get("innererror"))
    return [inner[1]] if inner else []


def _details(value: Any) -> list[str]:
    """The service's own words, which Machine Learning hides as JSON in a detail's message."""
    messages = [
        str(one["message"])
        for one in (value if isinstance(value, list) else [])
        if isinstance(one, dict) and one.get("message")
    ]
    return [words for message in messages for words in _unwrapped(message)]


def _unwrapped(message: str) -> list[str]:
    try:
        body = json_of(message)
        errors = body["errors"].values()
    except (ValueError, KeyError, TypeError, AttributeError):
        return [message]
    return [
        str(words) for group in errors for words in (group if isinstance(group, list) else [group])
    ]


def one_line(text: str, longest: int = 300) -> str:
    """The text on one line, without control characters, cut at `longest` characters."""
    words = "".join(c if c.isprintable() else " " for c in text).split()
    line = " ".join(words)
    return line if len(line) <= longest else line[: longest - 1] + "…"
