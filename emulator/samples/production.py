"""The sample tenant's production: payments, vision, forecasts."""

from __future__ import annotations

from datetime import timedelta

from emulator.tenant.behaviour import at, once_a_month, silent, since, until
from emulator.tenant.resources import Deployment, Endpoint, Subscription, Workspace, stable_uuid
from emulator.tenant.story import Story

LOG_WORKSPACE = stable_uuid("log workspace")
NIGHTLY_JOB = stable_uuid("nightly job")


class Production(Story):
    """Three teams whose models earn money."""

    def production(self) -> Subscription:
        """Three workspaces: payments with everything in order, vision, and forecasting."""
        sub = self.world.subscription(
            "contoso-production",
            tags={"owner": "platform-team@contoso.example", "environment": "production"},
        )
        payments = sub.resource_group(
            "rg-payments-ml", tags={"purpose": "card payments", "cost.center": "4711"}
        )
        scoring = payments.workspace("mlw-payments", region="westeurope")
        self.fraud(scoring)
        chargeback = self.chargeback(scoring)
        self.appeals(chargeback)
        self.ledger(scoring)
        vision = sub.resource_group("rg-vision", tags={"owner": "vision-team@contoso.example"})
        hub = vision.workspace("hub-vision", region="northeurope", kind="Hub")
        project = vision.workspace("proj-parcels", region="northeurope", kind="Project", hub=hub)
        self.parcels(project)
        self.damage(hub)
        forecasting = sub.resource_group("rg-forecasting")
        planning = forecasting.workspace("mlw-forecasting", region="westeurope")
        self.demand(planning)
        self.stores(planning)
        self.world.lock(forecasting.id, name="no-accidents")
        return sub

    def fraud(self, workspace: Workspace) -> None:
        """Blue took over from green 25 days ago; green is the rollback."""
        switched = self.ago(25)
        endpoint = workspace.endpoint(
            "fraud",
            traffic=[(self.ago(200), {"green": 100}), (switched, {"blue": 100})],
            tags={"owner": "fraud-team@contoso.example", "purpose": "scores card payments"},
            created_at=self.ago(220),
        )
        endpoint.deployment(
            "green",
            instance_type="Standard_DS3_v2",
            instances=3,
            model="fraud:6",
            created_at=self.ago(200),
            tags={"role": "rollback"},
            requests=until(switched, 42.0).varying(0.25, self.seed),
            cpu_percent=6.0,
        )
        blue = endpoint.deployment(
            "blue",
            instance_type="Standard_DS3_v2",
            instances=3,
            model="fraud:7",
            created_at=self.ago(32),
            tags={"role": "production"},
            requests=since(switched, 45.0)
            .varying(0.25, self.seed)
            .split({"2xx": 0.99, "4xx": 0.01}),
            cpu_percent=38.0,
        )
        self.world.autoscale(blue, 2, 6)
        self.beside_fraud(endpoint)

    def beside_fraud(self, endpoint: Endpoint) -> None:
        """The next version, not asked yet, and an old one that is marked for deletion."""
        endpoint.deployment(
            "canary",
            instance_type="STANDARD_F4S_V2",
            model="fraud:8",
            created_at=self.ago(5),
            created_by="maria.lind@contoso.example",
            requests=silent(),
        )
        endpoint.deployment(
            "red",
            instance_type="Standard_F8s_v2",
            instances=2,
            model="fraud:4",
            created_at=self.ago(320),
            tags={"role": "retire", "mothball-retire-after": self.day(3)},
        )

    def chargeback(self, workspace: Workspace) -> Endpoint:
        """A live one, and one that a nightly job calls directly, whatever its tag says."""
        endpoint = workspace.endpoint(
            "chargeback",
            traffic={"v3": 100},
            tags={"owner": "fraud-team@contoso.example"},
            created_at=self.ago(300),
        )
        endpoint.deployment(
            "v3",
            instance_type="Standard_DS2_V2",
            instances=2,
            created_at=self.ago(90),
            requests=self.busy(6.0),
            cpu_percent=21.0,
        )
        pinned = endpoint.deployment(
            "v2",
            instance_type="Standard_DS2_V2",
            created_at=self.ago(160),
            tags={"role": "test", "purpose": "the nightly job pins it by header"},
            requests=self.busy(0.4),
            cpu_percent=5.0,
        )
        self.world.diagnose(endpoint, LOG_WORKSPACE)
        self.call_nightly(pinned)
        return endpoint

    def call_nightly(self, deployment: Deployment) -> None:
        """The traffic log of sixty calls."""
        for number in range(60):
            self.world.log_call(
                deployment,
                self.now - timedelta(hours=11 * number + 1),
                caller=NIGHTLY_JOB,
                user_agent="nightly-reconciliation/2.1",
                auth_type="AADToken",
            )

    def appeals(self, endpoint: Endpoint) -> None:
        """What is locked, what is exempt, and one whose exemption is over."""
        audited = endpoint.deployment(
            "v1-audit",
            instance_type="Standard_DS3_v2",
            created_at=self.ago(280),
            tags={"purpose": "kept for the auditors"},
        )
        self.world.lock(audited.id, name="audit-2026")
        endpoint.deployment(
            "v1-appeals",
            instance_type="Standard_DS3_v2",
            created_at=self.ago(270),
            tags={"mothball-exempt-until": self.day(-60), "purpose": "open appeals"},
        )
        endpoint.deployment(
            "v0",
            instance_type="Standard_E4s_v3",
            created_at=self.ago(400),
            tags={"mothball-exempt-until": self.day(20)},
        )

    def ledger(self, workspace: Workspace) -> None:
        """Called once a month, always on the second; and a live one with no rollback."""
        month_end = workspace.endpoint(
            "ledger-close",
            traffic={"main": 100},
            tags={"owner": "finance-ml@contoso.example"},
            created_at=self.ago(410),
        )
        month_end.deployment(
            "main",
            instance_type="Standard_E8s_v3",
            created_at=self.ago(410),
            requests=once_a_month(2, 180) + once_a_month(3, 20),
            cpu_percent=2.0,
        )
        refund = workspace.endpoint(
            "refunds",
            traffic={"main": 100},
            tags={"owner": "finance-ml@contoso.example"},
            created_at=self.ago(120),
        )
        refund.deployment(
            "main",
            instance_type="Standard_DS3_v2",
            created_at=self.ago(120),
            requests=self.busy(3.0).split({"5xx": 1.0}),
            cpu_percent=9.0,
        )

    def parcels(self, workspace: Workspace) -> None:
        """Vision: a shadow that is compared, another that was forgotten."""
        endpoint = workspace.endpoint(
            "parcel-labels",
            traffic={"resnet": 100},
            mirror=[(self.ago(44), {"vit": 10})],
            created_at=self.ago(150),
        )
        endpoint.deployment(
            "resnet",
            instance_type="Standard_NC6s_v3",
            instances=2,
            model="parcel-resnet:12",
            created_at=self.ago(150),
            requests=self.busy(18.0),
            cpu_percent=44.0,
            gpu_percent=51.0,
        )
        endpoint.deployment(
            "vit",
            instance_type="Standard_NC24ads_A100_v4",
            model="parcel-vit:3",
            created_at=self.ago(45),
            tags={"purpose": "shadow of resnet"},
            requests=since(self.ago(44), 1.8).varying(0.25, self.seed),
            cpu_percent=12.0,
            gpu_percent=9.0,
        )
        endpoint.deployment(
            "resnet-old",
            instance_type="Standard_NC6s_v3",
            model="parcel-resnet:9",
            created_at=self.ago(210),
        )

    def damage(self, workspace: Workspace) -> None:
        """An endpoint that is being updated, and one whose live deployment is gone."""
        updating = workspace.endpoint(
            "damage-photos", traffic={"a": 100}, state="Updating", created_at=self.ago(80)
        )
        updating.deployment(
            "a",
            instance_type="Standard_NC6s_v3",
            created_at=self.ago(80),
            requests=silent("nothing"),
        )
        orphaned = workspace.endpoint(
            "damage-severity", traffic={"v5": 100}, created_at=self.ago(130)
        )
        orphaned.deployment(
            "v5",
            instance_type="Standard_DS3_v2",
            created_at=self.ago(130),
            deleted_at=self.ago(15),
            requests=self.busy(0.8),
        )
        orphaned.deployment("v4", instance_type="Standard_DS3_v2", created_at=self.ago(190))

    def demand(self, workspace: Workspace) -> None:
        """Live shares without any request."""
        silent_one = workspace.endpoint(
            "demand-weekly",
            traffic={"prophet": 60, "lgbm": 40},
            tags={"owner": "supply-chain@contoso.example"},
            created_at=self.ago(330),
        )
        silent_one.deployment(
            "prophet", instance_type="Standard_F8s_v2", instances=2, created_at=self.ago(330)
        )
        silent_one.deployment(
            "lgbm",
            instance_type="Standard_F8s_v2",
            created_at=self.ago(200),
            requests=silent("nothing"),
        )

    def stores(self, workspace: Workspace) -> None:
        """Barely used ones, one whose traffic is not reported, and batch beside."""
        barely = workspace.endpoint(
            "store-traffic", traffic={"main": 100}, created_at=self.ago(260)
        )
        barely.deployment(
            "main",
            instance_type="Standard_E16s_v3",
            instances=4,
            created_at=self.ago(260),
            requests=at(self.ago(9), 14) + at(self.ago(20), 3),
            cpu_percent=1.0,
        )
        barely.deployment(
            "backup",
            instance_type="Standard_E16s_v3",
            created_at=self.ago(255),
            tags={"role": "rollback", "mothball-rehearsed-on": self.day(70)},
        )
        nulled = workspace.endpoint("returns", traffic=None, created_at=self.ago(140))
        nulled.deployment("main", instance_type="Standard_DS3_v2", created_at=self.ago(140))
        batch = workspace.batch_endpoint(
            "scores-nightly",
            created_at=self.ago(300),
            tags={"owner": "supply-chain@contoso.example"},
        )
        batch.deployment("default", model="demand:3", created_at=self.ago(300))
