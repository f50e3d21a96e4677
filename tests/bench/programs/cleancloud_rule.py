"""Cleancloud's rule about silent endpoints against the stand-in, its clients bent to one address.

PYTHON tests/bench/programs/cleancloud_rule.py URL CA SUBSCRIPTION

PYTHON is that of an environment with cleancloud[azure] and six in it. Prints the ids it found.
"""

from __future__ import annotations

import os
import sys
import warnings
from functools import partial
from typing import Any


def main() -> None:
    """Run the one rule that `cleancloud scan --category ai` has about online endpoints."""
    warnings.filterwarnings("ignore")
    os.environ["AZUREML_CURRENT_CLOUD"] = "AzureCloud"
    import azure.ai.ml
    from azure.identity import ClientSecretCredential
    from cleancloud.providers.azure.rules.ai import (  # type: ignore[import-not-found]
        ml_online_endpoint_idle as rule,
    )

    url, bundle, subscription = sys.argv[1:]
    given = [os.environ[f"AZURE_{name}"] for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET")]
    credential = ClientSecretCredential(
        *given, authority=url, disable_instance_discovery=True, connection_verify=bundle
    )
    here: dict[str, Any] = {"base_url": url, "credential_scopes": [f"{url}/.default"]}
    for name in ("AzureMachineLearningWorkspaces", "MonitorManagementClient"):
        setattr(rule, name, partial(getattr(rule, name), **here, connection_verify=bundle))
    same = ("azure_portal", "resource_manager", "active_directory", "aml_resource_id")
    others = {"storage_endpoint": "localhost", "registry_discovery_endpoint": f"{url}/"}
    azure.ai.ml.MLClient = partial(  # type: ignore[misc,assignment]
        azure.ai.ml.MLClient,
        cloud="measured",
        cloud_metadata=dict.fromkeys(same, url) | others,
        connection_verify=bundle,
        enable_telemetry=False,
        show_progress=False,
    )
    for finding in rule.find_idle_ml_online_endpoints(
        subscription_id=subscription, credential=credential
    ):
        print(finding.resource_id)


if __name__ == "__main__":
    main()
