"""Entra ID: the token endpoint and the documents that sign-in reads before."""

from __future__ import annotations

import base64
import json
import time
import urllib.parse
from typing import Any

from emulator.apis.wire import Answer, Call, route
from emulator.tenant.world import CLIENT_ID, CLIENT_NAME, CLIENT_SECRET, OBJECT_ID, World

LIFETIME_SECONDS = 3600
_issued: dict[str, float] = {}


def is_valid(authorization: str | None) -> bool:
    """Whether the Authorization header carries a token that was issued here and still holds."""
    scheme, _, token = (authorization or "").partition(" ")
    return scheme.casefold() == "bearer" and _issued.get(token, 0.0) > time.monotonic()


def client_of(authorization: str | None) -> str:
    """The client id in a token; empty for what is none."""
    try:
        claims = (authorization or "").split(".")[1]
        decoded = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except (IndexError, ValueError):
        return ""
    return str(decoded.get("appid", ""))


def metadata(call: Call) -> Answer:
    """The cloud's addresses; anonymous, as ARM's own."""
    cloud = {
        "portal": call.base,
        "authentication": {
            "loginEndpoint": call.base,
            "audiences": [call.base],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "graph": call.base,
        "graphAudience": call.base,
        "name": "Emulator",
        "suffixes": {"storage": "localhost", "keyVaultDns": "localhost"},
        "batch": call.base,
        "resourceManager": call.base,
        "gallery": call.base,
    }
    return Answer(200, [cloud])


def configuration(call: Call, tenant: str) -> Answer:
    """The OpenID configuration of a tenant."""
    tenant_base = f"{call.base}/{tenant}"
    return Answer(
        200,
        {
            "issuer": f"{tenant_base}/v2.0",
            "authorization_endpoint": f"{tenant_base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{tenant_base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{tenant_base}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{tenant_base}/discovery/v2.0/keys",
            "response_types_supported": ["code", "id_token", "token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "tenant_region_scope": "EU",
        },
    )


def token(call: Call, tenant: str) -> Answer:
    """A token for the client credentials of this run; anything else is refused."""
    form = call.form()
    if tenant.casefold() != call.world.tenant_id.casefold():
        return _refused(400, "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.")
    if form.get("grant_type") != "client_credentials":
        return _refused(400, "unsupported_grant_type", "AADSTS70003: Unsupported grant type.")
    if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
        return _refused(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
    audience = form.get("scope", "").removesuffix("/.default")
    if not _is_ours(audience, call.base):
        text = f"AADSTS500011: The resource principal named {audience} was not found in the tenant."
        return _refused(400, "invalid_resource", text)
    return Answer(
        200,
        {
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS - 1,
            "ext_expires_in": LIFETIME_SECONDS - 1,
            "access_token": _issue(call.world, call.base, audience),
        },
    )


def _issue(world: World, base: str, audience: str) -> str:
    now = int(time.time())
    claims = {
        "aud": audience,
        "iss": f"{base}/{world.tenant_id}/v2.0",
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME_SECONDS,
        "appid": CLIENT_ID,
        "app_displayname": CLIENT_NAME,
        "idtyp": "app",
        "oid": OBJECT_ID,
        "sub": OBJECT_ID,
        "tid": world.tenant_id,
        "uti": str(len(_issued)),
        "ver": "1.0",
    }
    value = ".".join((_encoded({"typ": "JWT", "alg": "none"}), _encoded(claims), "unsigned"))
    _issued[value] = time.monotonic() + LIFETIME_SECONDS
    return value


def _is_ours(audience: str, base: str) -> bool:
    return urllib.parse.urlsplit(audience).netloc == urllib.parse.urlsplit(base).netloc


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _refused(status: int, error: str, text: str) -> Answer:
    codes = [int("".join(filter(str.isdigit, text.split(":", 1)[0])) or 0)]
    return Answer(status, {"error": error, "error_description": text, "error_codes": codes})


ROUTES = [
    route("GET", "/metadata/endpoints", "identity", metadata, anonymous=True),
    route(
        "GET",
        r"/{tenant}/v2\.0/\.well-known/openid-configuration",
        "identity",
        configuration,
        anonymous=True,
    ),
    route("POST", r"/{tenant}/oauth2/v2\.0/token", "identity", token, reads=True, anonymous=True),
]
