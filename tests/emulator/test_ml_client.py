"""Azure's own Machine Learning client, from its sign-in to a delete."""

from __future__ import annotations

import pytest

from emulator import Deployment, Emulator
from tests.emulator.client import Client


@pytest.mark.filterwarnings("ignore")
def test_the_ml_client_reads_and_deletes(
    azure: Emulator, client: Client, green: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZUREML_CURRENT_CLOUD", "AzureCloud")
    from azure.ai.ml import MLClient

    _, _, subscription, _, group, *_ = green.id.split("/")
    addresses = {
        "azure_portal": azure.url,
        "resource_manager": azure.url,
        "active_directory": azure.url,
        "aml_resource_id": azure.url,
        "storage_endpoint": "localhost",
        "registry_discovery_endpoint": f"{azure.url}/",
    }
    learning = MLClient(
        client.credential,
        subscription,
        group,
        "ws",
        cloud=f"stand-in-{azure.port}",
        cloud_metadata=addresses,
        connection_verify=str(azure.ca_bundle),
        enable_telemetry=False,
        show_progress=False,
    )
    deployments = learning.online_deployments
    assert [one.name for one in deployments.list("fraud")] == ["blue", "green"]
    assert deployments.get("green", "fraud").instance_count == 1
    assert "azmlinfsrv" in deployments.get_logs("green", "fraud", lines=5)
    kind = "storage-initializer"
    assert "Downloaded" in deployments.get_logs("green", "fraud", lines=1, container_type=kind)
    deployments.begin_delete("green", "fraud").result()
    assert not green.exists()
