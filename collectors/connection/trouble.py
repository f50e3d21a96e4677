"""Why no answer came over a connection, in words; the SDK prints objects of its libraries."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError, ServiceRequestError, ServiceResponseError
from requests.exceptions import ProxyError, SSLError
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import NameResolutionError

CUT, NO_CONNECTION = "CutAnswer", "NoConnection"
UNTRUSTED, NO_PROXY, PROXY_SIGN_IN = "UntrustedCertificate", "NoProxy", "ProxySignIn"
_REASON = re.compile(r"certificate verify failed: (.+?)(?: \(_ssl|'|$)")


class NotConnected(ServiceRequestError):
    """No connection came about. `is_over`: trying again would not help."""

    def __init__(self, message: str, code: str, *, is_over: bool = False) -> None:
        """Keep all three."""
        super().__init__(message)
        self.code = code
        self.is_over = is_over


class AnswerCut(ServiceResponseError):
    """A connection that was closed before the answer was whole."""

    code = CUT


def in_words(error: AzureError, url: str) -> AzureError:
    """An error of a connection as a sentence with the host in it; any other one as it is."""
    host = urlsplit(url).netloc
    if isinstance(error, ServiceRequestError):
        return _not_connected(error, url, host)
    if isinstance(error, ServiceResponseError):
        return AnswerCut(f"{host} closed the connection without an answer")
    if type(error).__name__ == "IncompleteReadError":
        return AnswerCut(f"the answer of {host} was cut")
    return error


def _not_connected(error: ServiceRequestError, url: str, host: str) -> NotConnected:
    causes, text = list(_causes(error)), str(error)
    if any(isinstance(one, ProxyError) for one in causes):
        return _no_proxy(text, url, host)
    if any(isinstance(one, SSLError) for one in causes):
        return _untrusted(text, host)
    if any(isinstance(one, NameResolutionError) for one in causes) or "resolve" in text:
        return NotConnected(f"no network knows the name {host}", NO_CONNECTION)
    if "refused" in text.lower():
        return NotConnected(f"{host} refuses the connection", NO_CONNECTION)
    return NotConnected(f"no way leads to {host}", NO_CONNECTION)


def _no_proxy(text: str, url: str, host: str) -> NotConnected:
    proxy = _proxy_of(url)
    if "407" in text:
        return NotConnected(f"{proxy} wants a sign-in of its own", PROXY_SIGN_IN, is_over=True)
    return NotConnected(f"{proxy} makes no connection to {host}", NO_PROXY)


def _proxy_of(url: str) -> str:
    """The proxy of the environment for an address, without its password."""
    proxy = urlsplit(select_proxy(url, get_environ_proxies(url)) or "")
    return f"the proxy {proxy.netloc.rpartition('@')[2]}" if proxy.netloc else "the proxy"


def _untrusted(text: str, host: str) -> NotConnected:
    found = _REASON.search(text)
    if found is None:
        return NotConnected(f"{host} speaks no TLS that this machine understands", NO_CONNECTION)
    reason = f"the certificate of {host} is not trusted: {found[1]}"
    return NotConnected(reason, UNTRUSTED, is_over=True)


def _causes(error: BaseException | None) -> list[BaseException]:
    """An error and all that it was made of."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        inner = getattr(error, "inner_exception", None) or getattr(error, "reason", None)
        first = next(iter(error.args), None)
        nested = inner or getattr(first, "reason", None) or error.__cause__ or error.__context__
        error = nested if isinstance(nested, BaseException) else None
    return found
