"""Autoscale and diagnostic settings: resources beside the endpoint that outlive it."""

from __future__ import annotations

from emulator.apis.locks import locked
from emulator.apis.wire import Answer, Call, not_found, route
from emulator.tenant.resources import same
from emulator.tenant.shapes import Json

INSIGHTS = "/providers/Microsoft.Insights"
GROUP = "/subscriptions/{subscription}/resourceGroups/{group}"
SETTING = f"{GROUP}{INSIGHTS}/autoscaleSettings/{{name}}"
DIAGNOSTICS = f"(?P<scope>/subscriptions/.+){INSIGHTS}/diagnosticSettings"


def listing(call: Call, subscription: str, group: str = "") -> Answer:
    """The autoscale settings of a subscription or group."""
    prefix = f"/subscriptions/{subscription}/" + (f"resourceGroups/{group}/" if group else "")
    rows = [
        one
        for one in call.world.autoscale_settings
        if one["id"].casefold().startswith(prefix.casefold())
    ]
    return Answer(200, {"value": rows})


def single(call: Call, **_names: str) -> Answer:
    """One setting of either kind."""
    found = _find(call)
    return Answer(200, found) if found else not_found(call, call.path)


def put(call: Call, name: str, **_names: str) -> Answer:
    """Create or replace a setting of either kind."""
    refusal = locked(call.world, call.path, "PUT")
    if refusal:
        return refusal
    found = _find(call)
    settings = _settings(call)
    if found:
        settings.remove(found)
    shown: Json = {**(call.body or {}), "id": call.path, "name": name}
    settings.append(shown)
    return Answer(200 if found else 201, shown)


def delete(call: Call, **_names: str) -> Answer:
    """Delete a setting of either kind."""
    refusal = locked(call.world, call.path, "DELETE")
    if refusal:
        return refusal
    found = _find(call)
    if found is None:
        return Answer(204)
    _settings(call).remove(found)
    return Answer(200)


def diagnostics(call: Call, scope: str) -> Answer:
    """The diagnostic settings of a resource."""
    start = f"{scope}{INSIGHTS}/diagnosticSettings/".casefold()
    settings = call.world.diagnostic_settings
    return Answer(
        200, {"value": [one for one in settings if one["id"].casefold().startswith(start)]}
    )


def _settings(call: Call) -> list[Json]:
    autoscale = "/autoscalesettings/" in call.path.casefold()
    return call.world.autoscale_settings if autoscale else call.world.diagnostic_settings


def _find(call: Call) -> Json | None:
    return next((one for one in _settings(call) if same(one["id"], call.path)), None)


ROUTES = [
    route(
        "GET",
        f"/subscriptions/{{subscription}}{INSIGHTS}/autoscaleSettings",
        "autoscale",
        listing,
    ),
    route("GET", f"{GROUP}{INSIGHTS}/autoscaleSettings", "autoscale", listing),
    route("GET", SETTING, "autoscale", single),
    route("PUT", SETTING, "autoscale", put),
    route("DELETE", SETTING, "autoscale", delete),
    route("GET", DIAGNOSTICS, "autoscale", diagnostics),
    route("GET", f"{DIAGNOSTICS}/{{name}}", "autoscale", single),
    route("PUT", f"{DIAGNOSTICS}/{{name}}", "autoscale", put),
    route("DELETE", f"{DIAGNOSTICS}/{{name}}", "autoscale", delete),
]
