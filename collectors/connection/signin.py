"""Sign-in: azure-identity's default chain against the cloud's own authority, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure.core.exceptions import ClientAuthenticationError

from collectors.connection.cloud import Cloud
from collectors.connection.patience import Stop
from collectors.connection.timeouts import Timeouts
from collectors.connection.watching import WatchedTransport, transport_for

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken, TokenCredential
    from azure.identity import DefaultAzureCredential


def credential_for(cloud: Cloud, timeouts: Timeouts | None = None) -> TokenCredential:
    """The default credential chain of azure-identity (environment, `az login`, …).

    A custom cloud has no instance discovery, which would ask a public host, and managed
    identity only where its profile says so.
    """
    from azure.identity import DefaultAzureCredential  # 0.35 s to import: not at start

    transport = transport_for(cloud, timeouts or Timeouts(), Stop())
    options: dict[str, Any] = {"authority": cloud.authority, "transport": transport}
    if cloud.custom:
        options["disable_instance_discovery"] = True
        options["exclude_managed_identity_credential"] = not cloud.managed_identity
    # Silence is what the transport counts; the rest of its retries are azure-identity's own.
    return SignIn(DefaultAzureCredential(retry_read=1, **options), transport)


class SignIn:
    """A chain of credentials that says where it failed for silence, which it hides in a text."""

    def __init__(self, chain: DefaultAzureCredential, transport: WatchedTransport) -> None:
        """Keep the chain and what it asks through."""
        self._chain = chain
        self._transport = transport

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token; raises ClientAuthenticationError, or Silent where the authority was."""
        self._transport.silence = None
        try:
            return self._chain.get_token(*scopes, **options)
        except ClientAuthenticationError as error:
            raise self._transport.silence or error from None

    def close(self) -> None:
        """Close the connections."""
        self._chain.close()
