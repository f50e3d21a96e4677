"""azure-ai-ml held to one cloud: its own client, over this program's pipeline and connections.

MLClient ignores `base_url`, names the cloud in an environment variable of the whole process, and
takes addresses from others (azure.md A62). Handed the read-only policies and the transport,
none of its clients can reach a host that the profile does not name, send a write, or trust another
certificate, whatever the environment says.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError, HttpResponseError

from collectors.connection.cloud import Cloud
from collectors.connection.errors import Misshapen, from_response, from_sdk
from collectors.connection.reading import Reader
from collectors.inventory.resources import part

if TYPE_CHECKING:
    from azure.ai.ml import MLClient
    from azure.core.credentials import TokenCredential

_CLOUD_VARIABLE = "AZUREML_CURRENT_CLOUD"


def log_of(reader: Reader, deployment_id: str, container: str, lines: int) -> str:
    """The last lines of a container (`inference-server` or `storage-initializer`) as printed.

    Loading azure-ai-ml takes about 3 s the first time.
    """
    with _quiet():
        client = reader.sdk_client(partial(_client, reader.cloud, deployment_id))
        try:
            text: Any = client.online_deployments.get_logs(
                part(deployment_id, "deployments") or "",
                part(deployment_id, "onlineEndpoints") or "",
                lines,
                container_type=container,
            )
            if not isinstance(text, str):
                raise Misshapen("the answer is no text of a log")
            return text
        except HttpResponseError as error:
            answer: Any = error.response
            raise (from_sdk(error) if answer is None else from_response(answer)) from error
        except AzureError as error:
            raise from_sdk(error) from error


def _client(
    cloud: Cloud,
    deployment_id: str,
    credential: TokenCredential,
    policies: Sequence[Any],
    transport: Any,
) -> MLClient:
    from azure.ai.ml import MLClient

    manager = cloud.resource_manager
    return MLClient(
        credential,
        part(deployment_id, "subscriptions"),
        part(deployment_id, "resourceGroups"),
        part(deployment_id, "workspaces"),
        # A name can be given addresses only once in a process, so it holds the address.
        cloud=f"{cloud.name} at {manager}",
        cloud_metadata={
            "azure_portal": cloud.portal or manager,
            "resource_manager": manager,
            "active_directory": cloud.authority,
            "aml_resource_id": manager,
            "storage_endpoint": manager,
            "registry_discovery_endpoint": f"{manager}/",
        },
        policies=list(policies),
        transport=transport,
        enable_telemetry=False,
        show_progress=False,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Without its warnings, which would run across the screen; the environment as it was after."""
    before = os.environ.get(_CLOUD_VARIABLE)
    logging.getLogger("azure.ai.ml").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if before is None:
            os.environ.pop(_CLOUD_VARIABLE, None)
        else:
            os.environ[_CLOUD_VARIABLE] = before
