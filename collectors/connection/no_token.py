"""Why no token was had: azure-identity's text of all its attempts -> one cause, and its fix."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from azure.core.exceptions import ClientAuthenticationError

from collectors.connection.errors import (
    AzureFailure,
    SignInFailed,
    Throttled,
    Unreachable,
    one_line,
)
from collectors.sources import SIGN_IN, fix_of_code, fix_of_sign_in

_ATTEMPT = re.compile(r"^\t(\w+): (.*(?:\n(?!\t|To mitigate).*)*)", re.MULTILINE)
_ENTRA = re.compile(r"(AADSTS\d+): *(.+?)(?= *(?:Trace ID|Timestamp|Correlation ID|$))", re.DOTALL)
_COMMAND = re.compile(r"az login (?:--\S+ \S+ *)*--claims-challenge \S+(?: --\S+ \S+)*")
_NO_ACCOUNT = ("az login", "not found on path")
_AZ = "AzureCliCredential"
# What azure-identity says where `az` ran for longer than it may.
_AZ_SLOW = "Failed to invoke the Azure CLI"


def why_no_token(
    error: ClientAuthenticationError,
    answered: tuple[str, int] | None,
    az_seconds: float,
) -> AzureFailure:
    """The cause of a failed sign-in.

    `answered` is the address and status of its last answer, None where it asked nothing;
    `az_seconds` is how long `az` may take.
    """
    text = str(error.message)
    found = _ENTRA.search(text)
    if found:
        return _by_entra(found[1], found[2], text)
    command = _COMMAND.search(text)
    if command:
        return _failed("Azure asks for more proof of who you are", "ClaimsChallenge", _run(command))
    if answered is not None:
        return _by_status(urlsplit(answered[0]).netloc, answered[1])
    return _by_attempts(text, az_seconds)


def _by_entra(code: str, words: str, text: str) -> SignInFailed:
    command = _COMMAND.search(text)
    fix = _run(command) if command else fix_of_sign_in(code)
    return _failed(one_line(words), code, fix)


def _by_status(host: str, status: int) -> AzureFailure:
    if status < 300:
        return _failed(f"the answer of {host} is no token", "NoToken", fix_of_code("WebPage"))
    if status == 429:
        return Throttled(f"{host} takes no more sign-ins for now", "429", status)
    if status >= 500:
        return Unreachable(f"{host} answers the sign-in with {status}", str(status), status)
    code = "ProxySignIn" if status == 407 else "Redirect" if status < 400 else str(status)
    return _failed(f"{host} answers the sign-in with {status}", code, fix_of_code(code))


def _by_attempts(text: str, az_seconds: float) -> SignInFailed:
    attempts = dict(_ATTEMPT.findall(text))
    az = attempts.get(_AZ, "")
    if az.startswith(_AZ_SLOW):
        words = f"`az` gave no token in {az_seconds:g} s"
        return _failed(words, "AzSlow", fix_of_sign_in("AzSlow"))
    if any(words in az for words in _NO_ACCOUNT) and len(attempts) > 1:
        return _failed("nobody is signed in", "SignInFailed", SIGN_IN)
    last = next(reversed(attempts.values()), text)
    return _failed(one_line(last), "SignInFailed", SIGN_IN)


def _run(command: re.Match[str]) -> str:
    return f"run `{command[0].strip()}`"


def _failed(message: str, code: str, fix: str | None) -> SignInFailed:
    failure = SignInFailed(message, code)
    failure.fix = fix or SIGN_IN
    return failure
