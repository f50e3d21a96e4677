"""The sample tenant's legal startup: GPUs that nobody remembers."""

from __future__ import annotations

from emulator.tenant.behaviour import silent, until
from emulator.tenant.resources import ABSENT, Workspace
from emulator.tenant.story import Story


class Startup(Story):
    """What came with the company that was bought."""

    def startup(self) -> None:
        """What came with the legal startup: GPUs that nobody remembers."""
        sub = self.world.subscription(
            "lexclause-legacy", tags={"Owner": "legal-ai@contoso.example"}
        )
        group = sub.resource_group("nlp-prod-rg", region="eastus")
        workspace = group.workspace("lexnlp", region="eastus", tags={"product": "contract review"})
        self.clauses(workspace)
        self.precedents(workspace)
        unread = workspace.endpoint("demo-day", traffic=ABSENT, created_at=self.ago(460))
        unread.deployment(
            "pitch", instance_type="Standard_DS3_v2", created_at=self.ago(460), state="Canceled"
        )

    def clauses(self, workspace: Workspace) -> None:
        """GPUs without traffic: one that was asked once, one that failed, one that is marked."""
        clauses = workspace.endpoint("clause-extract", created_at=self.ago(500), traffic={})
        clauses.deployment(
            "bert-large",
            instance_type="Standard_NC24ads_A100_v4",
            created_at=self.ago(480),
            created_by="founder@lexclause.example",
            requests=until(self.ago(140), 0.5),
            gpu_percent=0.0,
        )
        clauses.deployment(
            "longformer",
            instance_type="STANDARD_NC6S_V3",
            instances=2,
            model="clause-longformer:4",
            created_at=self.ago(430),
            requests=silent("nothing"),
        )
        clauses.deployment(
            "llama-ft",
            instance_type="Standard_NC24ads_A100_v4",
            created_at=self.ago(65),
            state="Failed",
            requests=silent("nothing"),
        )
        clauses.deployment(
            "distil",
            instance_type="STANDARD_F4S_V2",
            created_at=self.ago(420),
            tags={"role": "retire", "mothball-retire-after": self.day(1)},
        )
        self.world.remove_asset("models/clause-longformer/4")

    def precedents(self, workspace: Workspace) -> None:
        """One that is in use, with an older one whose model was archived."""
        search = workspace.endpoint(
            "precedent-search",
            traffic={"prod": 95, "EU": 5},
            tags={"owner": "legal-ai@contoso.example"},
            created_at=self.ago(450),
        )
        search.deployment(
            "prod",
            instance_type="Standard_DS4_v2",
            created_at=self.ago(240),
            requests=self.busy(1.2),
            cpu_percent=7.0,
        )
        search.deployment("eu", instance_type="Standard_DS4_v2", created_at=self.ago(180))
        search.deployment(
            "prod-old",
            instance_type="Standard_DS4_v2",
            model="precedents:2",
            created_at=self.ago(300),
        )
        self.world.archive_asset("models/precedents/2")
