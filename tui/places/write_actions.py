"""What a place of deployments can do to them: each action opens its dialog on the targets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from tui.state.failures import report_failures_to
from tui.state.messages import LostTagsFound, Work
from tui.state.workers import in_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import DeploymentRow
    from tui.places.place import Handler, Place
    from tui.state.interface import Interface


class Chosen(Protocol):
    """What a place would have written to."""

    @property
    def targets(self) -> Sequence[DeploymentRow]:
        """What an action takes: the marked rows, hidden ones too, else the one under the cursor."""

    @property
    def hidden_keys(self) -> frozenset[str]:
        """The keys of marked rows that the filter hides."""


def delete_endpoint(app: Interface, rows: Sequence[DeploymentRow]) -> None:
    """Open the plan to delete an endpoint; these are the deployments that it is known to have."""
    from tui.dialogs.endpoint_deletion import EndpointDeletion

    app.push_screen(EndpointDeletion(rows, frozenset()), partial(drop_deleted, app))


def drop_deleted(app: Interface, keys: frozenset[str] | None) -> None:
    """Show no more what a dialog tells to be deleted."""
    if keys and app.estate is not None:
        app.estate = app.estate.without(keys)
        app.notify(f"{len(keys)} deleted; r takes a fresh snapshot", markup=False)


class WriteActions:
    """Those of a place with targets. Dialogs are loaded when they are first opened."""

    def __init__(self, place: Place, chosen: Chosen) -> None:
        """Nothing is opened yet; what is chosen is asked for at each action."""
        self._place, self._chosen = place, chosen

    def handlers(self) -> dict[str, Handler]:
        """The actions that write, by a dialog."""
        return {
            "tag": self.tag,
            "retire": self.retire,
            "extend": self.extend,
            "delete": self.delete,
            "delete_endpoint": self.delete_endpoint,
            "restore_tags": self.restore_tags,
            "undo": self.undo,
        }

    def tag(self) -> None:
        """Open the tag dialog."""
        from tui.dialogs.tagging import Tagging

        self._place.app.push_screen(Tagging(self._chosen.targets, self._chosen.hidden_keys))

    def retire(self) -> None:
        """Open the retire dialog."""
        from tui.dialogs.retiring import Retiring

        self._place.app.push_screen(Retiring(self._chosen.targets, self._chosen.hidden_keys))

    def extend(self) -> None:
        """Open the extend dialog."""
        from tui.dialogs.extending import Extending

        self._place.app.push_screen(Extending(self._chosen.targets, self._chosen.hidden_keys))

    def delete(self) -> None:
        """Open the plan of a deletion; it tells which deployments are gone."""
        from tui.dialogs.deletion import DeletionDialog

        app = self._place.app
        plan = DeletionDialog(self._chosen.targets, self._chosen.hidden_keys)
        app.push_screen(plan, partial(drop_deleted, app))

    def delete_endpoint(self) -> None:
        """Open the plan to delete the whole endpoint of the target."""
        estate, targets = self._place.app.estate, self._chosen.targets
        if estate is None:
            return
        key = targets[0].endpoint_key
        delete_endpoint(self._place.app, tuple(estate.rows.where("endpoint_key", key)))

    def restore_tags(self) -> None:
        """Look for tags that were lost: of the marked ones, or else of all."""
        estate = self._place.app.estate
        if estate is not None:
            rows = self._place.grid_of().marked or estate.rows
            in_thread(self._place, partial(self._find_lost_tags, rows), "ledger")

    def undo(self) -> None:
        """Open the dialog that takes back the last write of tags to each target."""
        from tui.dialogs.undoing import Undoing

        self._place.app.push_screen(Undoing(self._chosen.targets, self._chosen.hidden_keys))

    def offer_lost_tags(self, message: LostTagsFound) -> None:
        """Open the dialog that puts them back, or say that there is nothing to put back."""
        if not message.lost:
            text = "every tag that was written here is as it was, in the newest snapshot"
            self._place.app.notify(text, markup=False)
            return
        from tui.dialogs.restoring_tags import RestoringTags

        self._place.app.push_screen(RestoringTags(message.lost, self._chosen.hidden_keys))

    def _find_lost_tags(self, rows: Sequence[DeploymentRow]) -> None:
        with report_failures_to(self._place, Work.LOST_TAGS):
            from actions.tags.lost import plan_tag_restore
            from queries.estate.tag_ledger import tag_drift

            session = self._place.app.session
            lost = plan_tag_restore(session, rows, tag_drift(session.store))
            self._place.post_message(LostTagsFound(lost))
