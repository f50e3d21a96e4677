"""What the containers of a deployment print, and the action that tells it."""

from __future__ import annotations

from typing import Any

from emulator.apis.locks import locked
from emulator.apis.wire import Answer, Call, not_found, refused, service_refused
from emulator.tenant.clock import instant
from emulator.tenant.resources import Deployment

CONTAINERS = ("InferenceServer", "StorageInitializer")
# The service tells so many lines where it is not asked for a number.
USUAL_LINES = 100


def get_logs(call: Call, id: str, **_names: str) -> Answer:
    """The last lines of one container. It changes nothing, yet a ReadOnly lock refuses it.

    An action is a POST, and such a lock refuses every POST (azure.md A15, A22).
    """
    target = call.world.lookup(id)
    if not isinstance(target, Deployment):
        return not_found(call, id)
    refusal = locked(call.world, target.id, "POST")
    if refusal:
        return refusal
    given: Any = call.body or {}
    container = given.get("containerType") or CONTAINERS[0]
    lines = given.get("tail") or USUAL_LINES
    if container not in CONTAINERS:
        return service_refused(400, "BadRequest", f"'{container}' is no container type.")
    if target.state in ("Creating", "Deleting"):
        return refused(404, "UserError", "The container is not running yet, so it has no log.")
    log = target.container_logs.get(container, _usual(target, container))
    return Answer(200, {"content": "".join(log.splitlines(keepends=True)[-lines:])})


def _usual(target: Deployment, container: str) -> str:
    """A server that came up, or files that were fetched."""
    at = instant(target.created_at or target.world.clock.now())[:19]
    model = str(target.properties.get("model") or "").rpartition("/models/")[2]
    if container == "StorageInitializer":
        lines: tuple[str, ...] = (
            "Instance status:",
            "SystemSetup: Succeeded",
            "UserContainerImagePull: Succeeded",
            "ModelDownload: Succeeded",
            f"{at} Downloading model {model} to /var/azureml-app/azureml-models",
            f"{at} Downloaded 214.7 MiB in 9.1 s",
        )
    else:
        lines = (
            "Instance status:",
            "UserContainerStart: Succeeded",
            f"{at} I 17 azmlinfsrv - Starting up app insights client",
            f"{at} I 17 azmlinfsrv - Loading scoring script score.py",
            f"{at} W 17 score - model {model} was pickled by an older scikit-learn",
            f"{at} I 17 azmlinfsrv - Users's init has completed successfully",
            f'{at} I 17 azmlinfsrv - 127.0.0.1 "GET /" 200 1 ms',
        )
    return "\n".join(lines) + "\n"
