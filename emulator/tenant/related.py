"""What lies beside an endpoint: autoscale and diagnostic settings, rows of the traffic log."""

from __future__ import annotations

from datetime import datetime

from emulator.tenant.resources import Deployment, Endpoint
from emulator.tenant.shapes import Json


def autoscale_setting(deployment: Deployment, minimum: int, maximum: int) -> Json:
    """A setting that scales a deployment; its capacities are numeric strings."""
    group = "/".join(deployment.id.split("/")[:5])
    name = f"{deployment.name}-autoscale"
    capacity = {"minimum": str(minimum), "maximum": str(maximum), "default": str(minimum)}
    return {
        "id": f"{group}/providers/microsoft.insights/autoscalesettings/{name}",
        "name": name,
        "type": "Microsoft.Insights/autoscaleSettings",
        "location": deployment.location,
        "tags": {},
        "properties": {
            "name": name,
            "enabled": True,
            "targetResourceUri": deployment.id,
            "targetResourceLocation": deployment.location,
            "profiles": [{"name": "default", "capacity": capacity, "rules": []}],
            "notifications": [],
        },
    }


def diagnostic_setting(endpoint: Endpoint, workspace_guid: str, name: str) -> Json:
    """A setting that sends the traffic log to a Log Analytics workspace."""
    group = "/".join(endpoint.id.split("/")[:5])
    return {
        "id": f"{endpoint.id}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        "name": name,
        "type": "Microsoft.Insights/diagnosticSettings",
        "workspaceGuid": workspace_guid,
        "properties": {
            "workspaceId": f"{group}/providers/Microsoft.OperationalInsights/workspaces/logs",
            "logs": [{"category": "AmlOnlineEndpointTrafficLog", "enabled": True}],
            "metrics": [],
        },
    }


def logged_call(
    deployment: Deployment,
    at: datetime,
    caller: str,
    user_agent: str,
    auth_type: str,
    status: int,
) -> Json:
    """A row of the traffic log; its user agent is cut at 70 letters."""
    endpoint = deployment.parent
    workspace = endpoint.parent if endpoint else None
    if endpoint is None or workspace is None:
        raise ValueError(f"{deployment.id} is in no endpoint")
    return {
        "TimeGenerated": at,
        "OperationName": "InferenceOperation",
        "Location": endpoint.location,
        "Method": "POST",
        "Path": "/score",
        "Protocol": "HTTP/1.1",
        "AzureMLWorkspaceId": workspace.properties.get("workspaceId"),
        "AzureMLWorkspaceName": workspace.name,
        "EndpointName": endpoint.name,
        "DeploymentName": deployment.name,
        "AuthType": auth_type,
        "IdentityData": caller,
        "UserAgent": user_agent[:70],
        "ResponseCode": status,
        "ModelStatusCode": status,
        "TotalDurationMs": deployment.requests.latency_ms,
        "_ResourceId": workspace.id.lower(),
        "_SubscriptionId": workspace.subscription_id,
        "_EndpointId": endpoint.id,
        "Type": "AmlOnlineEndpointTrafficLog",
        "TenantId": deployment.world.tenant_id,
    }
