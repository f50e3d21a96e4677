"""The sample tenant's laboratory: tests that stayed, Kubernetes, serverless."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.tenant.behaviour import alive_except, silent, since
from emulator.tenant.resources import Endpoint, ResourceGroup, Subscription, Workspace
from emulator.tenant.story import Story


class Science(Story):
    """Where people try things."""

    def data_science(self) -> Subscription:
        """Where people try things: tests that stayed, Kubernetes, serverless."""
        sub = self.world.subscription(
            "contoso-data-science", tags={"owner": "data-science@contoso.example"}
        )
        group = sub.resource_group("rg-lab", tags={"environment": "lab"})
        lab = group.workspace("mlw-lab", region="westeurope", tags={"purpose": "experiments"})
        self.trial(lab)
        self.pricing(lab)
        self.search(lab)
        lab.serverless_endpoint("llama-playground", created_at=self.ago(50))
        self.kubernetes(group)
        return sub

    def trial(self, workspace: Workspace) -> None:
        """Tests whose date is over, new ones, marked ones."""
        trial = workspace.endpoint("churn-trial", created_at=self.ago(100))
        self.test(trial, "xgb", 100, {"role": "test", "expires-on": self.day(30)})
        self.test(trial, "tabnet", 60, {"role": "test"}, size="Standard_NC6s_v3")
        self.test(trial, "tft", 9, {"role": "test", "owner": "jo@contoso.example"})
        self.test(
            trial,
            "gru",
            95,
            {"role": "retire", "mothball-retire-after": self.day(1)},
            size="Standard_NC6s_v3",
        )

    def pricing(self, workspace: Workspace) -> None:
        """One with a gap in its life, one whose role contradicts, one that scales by itself."""
        gap = workspace.endpoint("pricing-lab", created_at=self.ago(110))
        gap.deployment(
            "bandit",
            instance_type="Standard_DS3_v2",
            created_at=self.ago(110),
            requests=silent("nothing"),
            life=alive_except(self.ago(12), self.ago(13)),
        )
        gap.deployment(
            "uplift",
            instance_type="Standard_DS3_v2",
            created_at=self.ago(75),
            tags={"role": "production", "owner": "pricing@contoso.example"},
        )
        gap.deployment(
            "thompson",
            instance_type="Standard_DS3_v2",
            created_at=self.ago(70),
            created_by="9f1c2f6e-3d0b-4f55-8a52-0c7c3a8f2d11",
            sku=None,
            extra={"scaleSettings": {"scaleType": "TargetUtilization", "minInstances": 1}},
        )

    def search(self, workspace: Workspace) -> None:
        """A young shadow, spelt in another case than its share."""
        mirror = workspace.endpoint(
            "search-rerank",
            traffic={"bm25": 100},
            mirror=[(self.ago(9), {"MiniLM": 20})],
            created_at=self.ago(60),
        )
        mirror.deployment(
            "bm25",
            instance_type="Standard_DS2_V2",
            created_at=self.ago(60),
            requests=self.busy(2.0),
            cpu_percent=11.0,
        )
        mirror.deployment(
            "minilm",
            instance_type="Standard_NC6s_v3",
            created_at=self.ago(10),
            requests=since(self.ago(9), 0.4),
        )

    def test(
        self,
        endpoint: Endpoint,
        name: str,
        age_days: int,
        tags: Mapping[str, str],
        size: str = "Standard_DS3_v2",
    ) -> None:
        """A silent experiment."""
        endpoint.deployment(
            name,
            instance_type=size,
            created_at=self.ago(age_days),
            created_by="Noor Example",
            tags=tags,
            requests=silent("nothing" if age_days % 2 else "zeros"),
        )

    def kubernetes(self, group: ResourceGroup) -> None:
        """An endpoint on a cluster of their own: Azure Monitor knows nothing of it."""
        workspace = group.workspace("mlw-edge", region="swedencentral")
        endpoint = workspace.endpoint(
            "edge-quality",
            traffic={"line1": 100},
            kind="K8S",
            tags={"owner": "plant-it@contoso.example"},
            created_at=self.ago(170),
        )
        endpoint.deployment("line1", instance_type="cpuinstance", created_at=self.ago(170))
        endpoint.deployment("line2", instance_type="gpuinstance", created_at=self.ago(140))
