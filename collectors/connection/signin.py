"""Sign-in: azure-identity's default chain against the cloud's own authority, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError, ClientAuthenticationError

from collectors.connection.cloud import Cloud
from collectors.connection.errors import NoToken
from collectors.connection.no_token import why_no_token
from collectors.connection.patience import Stop
from collectors.connection.timeouts import Timeouts
from collectors.connection.watching import WatchedTransport, transport_for

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential
    from azure.identity import DefaultAzureCredential


def credential_for(
    cloud: Cloud, timeouts: Timeouts | None = None, stop: Stop | None = None
) -> TokenCredential:
    """The default credential chain of azure-identity (environment, `az login`, …).

    A custom cloud has no instance discovery, which would ask a public host, and managed
    identity only where its profile says so. `stop` ends its pauses between tries.
    """
    from azure.identity import DefaultAzureCredential  # 0.35 s to import: not at start

    transport = transport_for(cloud, timeouts or Timeouts(), stop or Stop())
    options: dict[str, Any] = {"authority": cloud.authority, "transport": transport}
    if cloud.custom:
        options["disable_instance_discovery"] = True
        options["exclude_managed_identity_credential"] = not cloud.managed_identity
    options["process_timeout"] = (timeouts or Timeouts()).sign_in_seconds
    # Silence is what the transport counts; the rest of its retries are azure-identity's own.
    chain = DefaultAzureCredential(retry_read=1, **options)
    return SignIn(chain, transport, options["process_timeout"])


class SignIn:
    """A chain of credentials that says why it gave no token, which the chain hides in a text."""

    def __init__(
        self, chain: DefaultAzureCredential, transport: WatchedTransport, az_seconds: float
    ) -> None:
        """Keep the chain, what it asks through, and for how long it lets `az` run."""
        self._chain = chain
        self._transport = transport
        self._az_seconds = az_seconds

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token; raises NoToken, or what kept its last request from an answer."""
        self._transport.unanswered = self._transport.answered = None
        try:
            token = self._chain.get_token(*scopes, **options)
        except ClientAuthenticationError as error:
            raise self._cause(error) from None
        if not isinstance(token.token, str):
            raise self._cause(ClientAuthenticationError("Authentication failed: None"))
        return token

    def _cause(self, error: ClientAuthenticationError) -> AzureError:
        unanswered, answered = self._transport.unanswered, self._transport.answered
        if unanswered is not None:
            return unanswered
        return NoToken(why_no_token(error, answered, self._az_seconds))

    def close(self) -> None:
        """Close the connections."""
        self._chain.close()
