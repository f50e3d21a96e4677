"""What a deletion leaves behind, and the command that removes it: settings outlive a target."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from actions.archive.definitions import Definitions, Raw
from collectors.inventory.resources import part


def left_behind(definitions: Definitions) -> tuple[str, ...]:
    """A line for each setting that stays, and for what could not be read of them.

    Diagnostic settings lie on the endpoint, so they are left behind by its own deletion alone.
    """
    return tuple(_lines(definitions))


def _lines(definitions: Definitions) -> Iterator[str]:
    for setting in definitions.autoscale or ():
        command = delete_autoscale(str(setting.get("id") or ""), _name(setting))
        yield f"the autoscale setting {_name(setting)} stays: {command}"
    if definitions.kind == "endpoint":
        endpoint_id = str(definitions.endpoint.get("id") or "")
        yield from diagnostics_left(definitions.diagnostics or (), endpoint_id)
    yield from definitions.not_archived


def diagnostics_left(settings: Iterable[Raw], endpoint_id: str) -> Iterator[str]:
    """A line for each diagnostic setting of an endpoint that goes."""
    for setting in settings:
        command = _delete_diagnostics(setting, endpoint_id)
        yield f"the diagnostic setting {_name(setting)} stays: {command}"


def delete_autoscale(setting_id: str, name: str) -> str:
    """The command that removes an autoscale setting."""
    return shlex.join(
        [
            *("az", "monitor", "autoscale", "delete", "--name", name),
            *("--resource-group", part(setting_id, "resourceGroups") or ""),
            *("--subscription", part(setting_id, "subscriptions") or ""),
        ]
    )


def _delete_diagnostics(setting: Raw, endpoint_id: str) -> str:
    words = ["az", "monitor", "diagnostic-settings", "delete"]
    return shlex.join([*words, "--name", _name(setting), "--resource", endpoint_id])


def _name(setting: Raw) -> str:
    return str(setting.get("name") or "")
