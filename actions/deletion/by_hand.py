"""The commands of `az ml` that do a deletion by hand: for a runbook, a
rehearsal, or a day on which this program is not there.

A YAML file of an archive has the values of environment variables masked: fill them in before
`create`. `mothball restore` needs no hand, and loses no field.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from collectors.inventory.resources import parent, part, shares

# Where a plan cannot know yet what the archive will be called.
NO_FOLDER_YET = Path("ARCHIVE")
Verb = Literal["delete", "create", "traffic"]
_KINDS = ("online", "batch", "serverless")
WORDS: Mapping[Verb, str] = {"delete": "delete", "traffic": "traffic back"}


@dataclass(frozen=True, slots=True)
class ByHand:
    """One step: what it does, and the command. `target` is what goes or comes back.

    `name` is the resource that a `create` makes.
    """

    target: str
    verb: Verb
    command: str
    name: str = ""

    @property
    def what(self) -> str:
        """What it does, in words."""
        return f"create {self.name}" if self.verb == "create" else WORDS[self.verb]


def for_deployment(
    deployment_id: str, endpoint: Mapping[str, Any], folder: Path = NO_FOLDER_YET
) -> tuple[ByHand, ...]:
    """Delete a deployment, create it again, and give its endpoint the map that it has."""
    steps = [ByHand(deployment_id, "delete", _deployment("delete", deployment_id))]
    steps += _create("deployment", deployment_id, folder / "deployment.yml")
    steps += _traffic_back(parent(deployment_id), endpoint)
    return tuple(replace(step, target=deployment_id) for step in steps)


def for_endpoint(
    endpoint_id: str,
    deployment_ids: Sequence[str],
    endpoint: Mapping[str, Any],
    folder: Path = NO_FOLDER_YET,
) -> tuple[ByHand, ...]:
    """The commands for an endpoint with all that is in it, in the order of its archive."""
    steps = [ByHand(endpoint_id, "delete", _endpoint("delete", endpoint_id))]
    steps += _create("endpoint", endpoint_id, folder / "endpoint.yml")
    for number, deployment_id in enumerate(deployment_ids, 1):
        place = "NNN" if folder == NO_FOLDER_YET else f"{number:03}"
        steps += _create("deployment", deployment_id, folder / f"deployment-{place}.yml")
    steps += _traffic_back(endpoint_id, endpoint)
    return tuple(replace(step, target=endpoint_id) for step in steps)


def traffic_command(
    endpoint_id: str, live: Mapping[str, float], mirror: Mapping[str, float] | None = None
) -> str | None:
    """The command that gives an endpoint these shares (percent); None where there are none."""
    words: list[str] = []
    for option, percents in (("--traffic", live), ("--mirror-traffic", mirror or {})):
        given = " ".join(f"{name}={percent:g}" for name, percent in percents.items() if percent)
        words += [option, given] if given else []
    return _endpoint("update", endpoint_id, *words) if words else None


def show_command(resource_id: str) -> str:
    """The command that shows a deployment, or an endpoint that is all there is."""
    kind = next(kind for kind in _KINDS if part(resource_id, f"{kind}Endpoints") is not None)
    endpoint, name = part(resource_id, f"{kind}Endpoints"), part(resource_id, "deployments")
    if name is None:
        return _az(f"{kind}-endpoint", "show", resource_id, ["--name", endpoint or ""])
    words = ["--name", name, "--endpoint-name", endpoint or ""]
    return _az(f"{kind}-deployment", "show", resource_id, words)


def _create(kind: str, resource_id: str, file: Path) -> Iterator[ByHand]:
    """Nothing where the archive has no such file: azure-ai-ml cannot express everything."""
    if file.is_relative_to(NO_FOLDER_YET) or file.exists():
        command = _endpoint if kind == "endpoint" else _deployment
        name = resource_id.rsplit("/", 1)[-1]
        made = command("create", resource_id, "--file", str(file))
        yield ByHand(resource_id, "create", made, name)


def _traffic_back(endpoint_id: str, endpoint: Mapping[str, Any]) -> Iterator[ByHand]:
    properties = endpoint.get("properties") or {}
    live, mirror = (shares(properties.get(name)) or {} for name in ("traffic", "mirrorTraffic"))
    command = traffic_command(endpoint_id, live, mirror)
    if command is not None:
        yield ByHand(endpoint_id, "traffic", command)


def _deployment(verb: str, deployment_id: str, *more: str) -> str:
    name, endpoint = part(deployment_id, "deployments"), part(deployment_id, "onlineEndpoints")
    words = ["--name", name or "", "--endpoint-name", endpoint or "", *more]
    return _az("online-deployment", verb, deployment_id, words)


def _endpoint(verb: str, endpoint_id: str, *more: str) -> str:
    name = part(endpoint_id, "onlineEndpoints")
    return _az("online-endpoint", verb, endpoint_id, ["--name", name or "", *more])


def _az(noun: str, verb: str, resource_id: str, words: Sequence[str]) -> str:
    home = [
        *("--workspace-name", part(resource_id, "workspaces") or ""),
        *("--resource-group", part(resource_id, "resourceGroups") or ""),
        *("--subscription", part(resource_id, "subscriptions") or ""),
    ]
    return shlex.join(["az", "ml", noun, verb, *words, *home])
