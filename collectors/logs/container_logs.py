"""What a deployment's containers printed: asked for one person to look at, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from collectors.connection.errors import AzureFailure, Refused
from collectors.connection.reading import Reader
from collectors.inventory.endpoint import get_resource
from collectors.logs.ml_client import log_of
from collectors.logs.scrubbing import scrubbed
from collectors.sources import CONTAINER_LOGS

INFERENCE_SERVER, STORAGE_INITIALIZER = "inference-server", "storage-initializer"
MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class ContainerLog:
    """The last lines of one container, scrubbed; `is_cut`: there may be more before them."""

    container: str
    lines: tuple[str, ...]
    is_cut: bool


def read_log(reader: Reader, deployment_id: str, container: str) -> ContainerLog:
    """The newest lines of a container; any refusal is raised, with the fix that fits a log.

    The deployment is read first: what its environment variables hold is masked wherever it stands,
    and where they cannot be read, nothing is shown.
    """
    try:
        secrets = _environment(get_resource(reader, deployment_id))
        text = log_of(reader, deployment_id, container, MOST_LINES)
    except AzureFailure as failure:
        raise _with_fix(failure) from failure
    lines = scrubbed(text, secrets)
    return ContainerLog(container, lines, is_cut=text.count("\n") >= MOST_LINES)


def _environment(body: dict[str, Any]) -> dict[str, str]:
    properties = body.get("properties")
    variables = properties.get("environmentVariables") if isinstance(properties, dict) else None
    return {str(k): str(v) for k, v in variables.items()} if isinstance(variables, dict) else {}


def _with_fix(failure: AzureFailure) -> AzureFailure:
    """The failure with the fix that fits a log."""
    if failure.code in CONTAINER_LOGS.fixes:
        failure.fix = CONTAINER_LOGS.fixes[failure.code]
    elif isinstance(failure, Refused):
        failure.fix = CONTAINER_LOGS.fix_of_refusal
    return failure
