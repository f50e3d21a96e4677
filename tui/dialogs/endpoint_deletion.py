"""The plan to delete a silent endpoint with every deployment in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.dialogs.deletion import DeletionDialog
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from actions.deletion.plan import Plan
    from queries.estate.rows import DeploymentRow


class EndpointDeletion(DeletionDialog):
    """All that is in the endpoint goes with it, so nothing can be taken out of the plan."""

    whole = True

    def make_plan(self, rows: Sequence[DeploymentRow], overrides: Mapping[str, str]) -> Plan:
        """The plan for the endpoint; called from a worker."""
        from actions.deletion.delete import plan_endpoint_deletion
        from actions.session import Refusal
        from queries.estate.questions import current_endpoints

        session, key = self.app.session, self.rows[0].endpoint_key
        known = (e for e in current_endpoints(session.store) if e.endpoint_key == key)
        endpoint = next(known, None)
        if endpoint is None:
            raise Refusal("the newest snapshot knows no such endpoint: take a fresh one")
        return plan_endpoint_deletion(session, endpoint, overrides)

    def take_over(self, plan: Plan) -> None:
        """The store may know deployments of it that were not on screen: they would go too."""
        self.rows = tuple(target.row for target in plan.targets)

    def title_words(self) -> str:
        """The endpoint."""
        row = self.rows[0]
        count = len(self.rows)
        what = f"{count} deployment{'s' if count > 1 else ''}"
        path = self.names.path(row.id).rpartition("/")[0]
        return f"the endpoint {harmless(path)} with {what}"
