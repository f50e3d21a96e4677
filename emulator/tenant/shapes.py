"""Raw properties of new resources, as the services answer them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def deployment_defaults(kubernetes: bool) -> Json:
    """What a deployment has beside its model, environment, code and size."""
    probe = {
        "failureThreshold": 30,
        "successThreshold": 1,
        "timeout": "PT2S",
        "period": "PT10S",
        "initialDelay": "PT10S",
    }
    defaults: Json = {
        "endpointComputeType": "Kubernetes" if kubernetes else "Managed",
        "scaleSettings": {"scaleType": "Default"},
        "requestSettings": {
            "maxQueueWait": "PT0.5S",
            "requestTimeout": "PT1M30S",
            "maxConcurrentRequestsPerInstance": 1,
        },
        "appInsightsEnabled": False,
        "livenessProbe": dict(probe),
        "readinessProbe": dict(probe),
        "modelMountPath": None,
        "properties": {},
    }
    if kubernetes:
        wanted = {"cpu": "1", "memory": "2Gi"}
        defaults["containerResourceRequirements"] = {
            "containerResourceRequests": dict(wanted),
            "containerResourceLimits": dict(wanted),
        }
    else:
        defaults["privateNetworkConnection"] = None
        defaults["egressPublicNetworkAccess"] = "Enabled"
    return defaults


def system_identity(tenant_id: str, principal_id: str) -> Json:
    """A system-assigned identity."""
    return {
        "type": "SystemAssigned",
        "principalId": principal_id,
        "tenantId": tenant_id,
    }


def batch_properties(compute_id: str, model_id: str, instances: int) -> Json:
    """The properties of a batch deployment."""
    return {
        "compute": compute_id,
        "resources": {"instanceCount": instances, "instanceType": None, "properties": {}},
        "maxConcurrencyPerInstance": 1,
        "retrySettings": {"maxRetries": 3, "timeout": "PT30S"},
        "outputAction": "AppendRow",
        "outputFileName": "predictions.csv",
        "errorThreshold": -1,
        "miniBatchSize": 10,
        "loggingLevel": "Info",
        "model": {"referenceType": "Id", "assetId": model_id},
        "environmentVariables": {},
        "properties": {},
    }


def endpoint_properties(
    auth_mode: str, host: str | None, compute: str | None, endpoint_id: str
) -> Json:
    """The properties of an online endpoint without its traffic; no host: not there yet."""
    return {
        "authMode": auth_mode,
        "description": None,
        "properties": {"azureml.onlineendpointid": endpoint_id},
        "scoringUri": host and f"{host}/score",
        "swaggerUri": host and f"{host}/swagger.json",
        "compute": compute,
        "publicNetworkAccess": "Enabled",
    }


def serverless_properties(uri: str, model_id: str) -> Json:
    """The properties of a serverless endpoint."""
    return {
        "authMode": "Key",
        "contentSafety": {"contentSafetyStatus": "Enabled"},
        "endpointState": "Online",
        "inferenceEndpoint": {"uri": uri, "headers": {}},
        "marketplaceSubscriptionId": None,
        "modelSettings": {"modelId": model_id},
    }


def workspace_properties(group_id: str, name: str, workspace_id: str) -> Json:
    """The properties of a workspace."""
    base = f"{group_id}/providers"
    return {
        "workspaceId": workspace_id,
        "friendlyName": name,
        "description": "",
        "storageAccount": f"{base}/Microsoft.Storage/storageAccounts/{name.replace('-', '')}",
        "keyVault": f"{base}/Microsoft.KeyVault/vaults/{name}",
        "applicationInsights": f"{base}/Microsoft.Insights/components/{name}",
        "publicNetworkAccess": "Enabled",
    }
