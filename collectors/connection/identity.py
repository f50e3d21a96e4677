"""Who is signed in, by the claims of the token itself: no request beyond the sign-in."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError

from collectors.connection.cloud import Cloud
from collectors.connection.errors import from_sdk

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


_NAMES = ("upn", "unique_name", "name", "app_displayname", "appid")


@dataclass(frozen=True, slots=True)
class Person:
    """A user or a service principal; what the token does not report is None."""

    object_id: str | None
    name: str | None
    tenant_id: str | None


def who_is(credential: TokenCredential, cloud: Cloud) -> Person:
    """The person that the Resource Manager token speaks of; raises SignInFailed without one."""
    try:
        token = credential.get_token(cloud.scope_for("resource_manager")).token
    except AzureError as error:
        raise from_sdk(error) from error
    claims = _claims(token)
    name = next(
        (
            claims[c]
            for c in ("upn", "unique_name", "name", "app_displayname", "appid")
            if c in claims
        ),
        None,
    )
    return Person(claims.get("oid"), name, claims.get("tid"))


def _claims(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}
