"""What the sample tenant's activity log holds: who made, changed and deleted what of late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from emulator.tenant.behaviour import DAY
from emulator.tenant.resources import Deployment, Endpoint, Resource, stable_uuid
from emulator.tenant.story import Story

PIPELINE = stable_uuid("deployment pipeline")
KEPT_DAYS = 89
LASTS = timedelta(minutes=2)
PEOPLE = {
    "mlw-payments": "ines.moreau@contoso.example",
    "hub-vision": "li.chen@contoso.example",
    "proj-parcels": "li.chen@contoso.example",
    "mlw-forecasting": "sam.okafor@contoso.example",
    "mlw-lab": "noor.haddad@contoso.example",
    "mlw-edge": "plant-it@contoso.example",
    "lexnlp": "founder@lexclause.example",
}


class Activity(Story):
    """The operations of the last 89 days, as far as Azure would still know them."""

    def activity(self) -> None:
        """Creations and deletions of what was there; then some changes by name."""
        for resource in [one for same_id in self.world.by_id.values() for one in same_id]:
            if isinstance(resource, (Endpoint, Deployment)):
                self._life(resource)
        self._changed("mlw-payments/fraud", 25, traffic={"blue": 100})
        self._changed("proj-parcels/parcel-labels", 44)
        self._changed("mlw-lab/search-rerank", 9)
        self._changed("mlw-payments/fraud/blue", 12)
        self._changed("lexnlp/clause-extract/distil", 30)

    def _life(self, resource: Resource) -> None:
        who = self._person(resource)
        is_late = resource.created_at and resource.created_at > self.now - KEPT_DAYS * DAY
        if resource.created_at and is_late:
            self.world.log_operation(resource.id, resource.created_at, who)
        if resource.deleted_at and resource.deleted_at > self.now - KEPT_DAYS * DAY:
            self.world.log_operation(resource.id, resource.deleted_at - LASTS, who, "delete")

    def _person(self, resource: Resource) -> str:
        """Whoever works on the workspace."""
        node = resource
        while node.parent is not None and node.name not in PEOPLE:
            node = node.parent
        return PEOPLE.get(node.name, PIPELINE)

    def _changed(self, path: str, days: float, traffic: Mapping[str, int] | None = None) -> None:
        """A write that ended so many days ago; of traffic by the pipeline, with its map."""
        resource = self.world.find(path)
        body = {"properties": {"traffic": dict(traffic)}} if traffic else None
        who = PIPELINE if isinstance(resource, Endpoint) else self._person(resource)
        self.world.log_operation(resource.id, self.ago(days) - LASTS, who, body=body)
