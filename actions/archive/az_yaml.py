"""A definition as `az ml` YAML for people, by azure-ai-ml's own schema, and what it cannot hold.

The YAML restores nothing here: azure-ai-ml loses fields (azure.md A63), the raw JSON does not.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from actions.archive.definitions import Kind
from actions.archive.service_made import without_service_made
from actions.secrecy import masked
from collectors.connection.errors import one_line

_SCHEMA = "https://azuremlschemas.azureedge.net/latest/{}.schema.json"
# What azure-ai-ml writes of the service's own, and of no use to whoever applies the file.
_OF_THE_SERVICE = (
    "id",
    "provisioning_state",
    "creation_context",
    "scoring_uri",
    "openapi_uri",
    "kind",
    "location",
)
# Names of the raw JSON that are other words in the YAML, beside camel and snake case.
_WORDS = {
    "environmentId": "environment",
    "codeId": "code",
    "capacity": "instance_count",
    "endpointComputeType": "type",
    "scaleType": "type",
    "requestTimeout": "request_timeout_ms",
    "maxQueueWait": "max_queue_wait_ms",
    "containerResourceRequirements": "resources",
    "containerResourceRequests": "requests",
    "containerResourceLimits": "limits",
}
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


class NoYaml(Exception):
    """azure-ai-ml cannot express this definition; the text says why, in one line."""


def warm_up() -> None:
    """Load azure-ai-ml before time counts: it takes seconds, and a guard's word holds for 60."""
    with warnings.catch_warnings(), suppress(Exception):  # `yaml_of` says what is wrong with it
        warnings.simplefilter("ignore")
        for name in ("_restclient.arm_ml_service", "_utils.utils", "entities"):
            import_module(f"azure.ai.ml.{name}")


def yaml_of(kind: Kind, raw: Mapping[str, Any]) -> str:
    """The definition in YAML, environment values masked, under a header of what is missing.

    Raises NoYaml. Loads azure-ai-ml, which takes seconds.
    """
    plain = without_service_made(masked(raw))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # azure-ai-ml's own, about its own dependencies
            logging.getLogger("azure.ai.ml").setLevel(logging.CRITICAL)
            name = str(raw["id"]).rsplit("/", 1)[-1]
            converted, dump = _converted(kind, plain | {"id": raw["id"], "name": name})
        schema, converted = _cleaned(kind, converted)
        text = dump(
            schema | converted, default_flow_style=False, sort_keys=False, allow_unicode=True
        )
    except Exception as error:  # any of what a converter raises that meets what it does not know
        raise NoYaml(one_line(f"{type(error).__name__}: {error}", 160)) from error
    return _header(kind, _lost(plain, converted)) + str(text)


def _converted(kind: str, raw: Mapping[str, Any]) -> tuple[dict[str, Any], Callable[..., Any]]:
    from azure.ai.ml._restclient.arm_ml_service import models
    from azure.ai.ml._utils.utils import dump_yaml
    from azure.ai.ml.entities import OnlineEndpoint
    from azure.ai.ml.entities._deployment.online_deployment import OnlineDeployment

    # It reads the instance count without looking whether there is a sku.
    whole = json.loads(json.dumps({"sku": {}} | dict(raw)))
    entity: Any
    if kind == "endpoint":
        entity = OnlineEndpoint._from_rest_object(models.OnlineEndpoint(whole))
    else:
        entity = OnlineDeployment._from_rest_object(models.OnlineDeployment(whole))
    return json.loads(json.dumps(entity._to_dict(), default=str)), dump_yaml


def _cleaned(kind: str, converted: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """The schema's address, and the YAML without what is empty or the service's own."""
    kubernetes = converted.get("type") == "kubernetes" or "compute" in converted
    noun = "kubernetesOnline" if kubernetes else "managedOnline"
    schema = _SCHEMA.format(f"{noun}{kind.capitalize()}")
    kept = {
        name: value
        for name, value in converted.items()
        if name not in _OF_THE_SERVICE and value not in (None, {}, [])
    }
    return {"$schema": schema}, kept


def _header(kind: str, lost: list[str]) -> str:
    lines = [
        f"The {kind} for `az ml online-{kind} create`, written for people.",
        "The raw JSON of this archive restores it: `mothball restore`.",
        "Values of environment variables are masked here.",
        "Not held by this file, or not as it was:" if lost else "Every other field is held.",
        *(f"  {path}" for path in lost),
    ]
    return "".join(f"# {line}\n" for line in lines)


def _lost(raw: Mapping[str, Any], converted: Mapping[str, Any]) -> list[str]:
    """The paths of the raw definition whose values do not stand in the YAML."""
    return [
        one_line(".".join(path))
        for path, value in _leaves((), raw)
        if not any(_same(value, found) for found in _found(_steps(path), converted))
    ]


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves((*path, str(name)), inner)
    elif value not in (None, []):
        yield path, value


def _steps(path: tuple[str, ...]) -> tuple[str, ...]:
    """The YAML has neither the envelope of the properties nor the sku around the count."""
    return path[1:] if path[0] in ("properties", "sku") else path


def _found(path: tuple[str, ...], converted: Any) -> Iterator[Any]:
    if not path:
        yield converted
    elif isinstance(converted, dict):
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", path[0]).lower()
        for name in {path[0], snake, _WORDS.get(path[0], "")} & converted.keys():
            yield from _found(path[1:], converted[name])


def _same(raw: Any, converted: Any) -> bool:
    seconds = _seconds(raw)
    if seconds is not None and isinstance(converted, int | float):
        return converted in (seconds, seconds * 1000)
    if isinstance(raw, str) and isinstance(converted, str):
        return _letters(raw) == _letters(converted.removeprefix("azureml:"))
    return bool(raw == converted)


def _letters(text: str) -> str:
    """What `AMLToken` and `aml_token`, or an id in any spelling, have in common."""
    return text.lower().replace("_", "")


def _seconds(value: Any) -> float | None:
    """An ISO duration of days and less; None for anything else."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None or value in ("P", "PT"):
        return None
    sizes = (86400, 3600, 60, 1)
    return sum(float(part or 0) * size for part, size in zip(found.groups(), sizes, strict=True))
