"""What a place of deployments can do to them: each action opens its dialog on the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from tui.places.place import Place
from tui.state.failures import told_to
from tui.state.messages import LostTagsFound, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import DeploymentRow


class Deletes(Place):
    """A place in which things are deleted."""

    def delete_endpoint(self, rows: Sequence[DeploymentRow]) -> None:
        """Open the plan to delete an endpoint; these are the deployments that it is known to have.

        It tells which are gone.
        """
        from tui.dialogs.endpoint_deletion import EndpointDeletion

        self.app.push_screen(EndpointDeletion(rows, frozenset()), self.drop_deleted)

    def drop_deleted(self, keys: frozenset[str] | None) -> None:
        """Show no more what was deleted."""
        if keys and self.app.estate is not None:
            self.app.estate = self.app.estate.without(keys)
            text = f"{len(keys)} deleted; r takes a fresh snapshot"
            self.app.notify(text, markup=False)


class Acts(Deletes):
    """A place with targets. Dialogs are loaded when they are first opened."""

    @property
    def targets(self) -> list[DeploymentRow]:
        """What an action takes: the marked rows, hidden ones too, else the one under the cursor."""
        raise NotImplementedError

    @property
    def hidden_keys(self) -> frozenset[str]:
        """The keys of marked rows that the filter hides."""
        raise NotImplementedError

    def do_tag(self) -> None:
        """Open the tag dialog."""
        from tui.dialogs.tagging import Tagging

        self.app.push_screen(Tagging(self.targets, self.hidden_keys))

    def do_retire(self) -> None:
        """Open the retire dialog."""
        from tui.dialogs.retiring import Retiring

        self.app.push_screen(Retiring(self.targets, self.hidden_keys))

    def do_extend(self) -> None:
        """Open the extend dialog."""
        from tui.dialogs.extending import Extending

        self.app.push_screen(Extending(self.targets, self.hidden_keys))

    def do_delete(self) -> None:
        """Open the plan of a deletion; it tells which deployments are gone."""
        from tui.dialogs.deletion import Deletion

        self.app.push_screen(Deletion(self.targets, self.hidden_keys), self.drop_deleted)

    def do_delete_endpoint(self) -> None:
        """Open the plan to delete the whole endpoint of the target."""
        estate, targets = self.app.estate, self.targets
        if estate is None:
            return
        key = targets[0].endpoint_key
        self.delete_endpoint([row for row in estate.rows if row.endpoint_key == key])

    def do_restore_tags(self) -> None:
        """Look for tags that were lost: of the marked ones, or else of all."""
        estate = self.app.estate
        if estate is not None:
            self._find_lost_tags(self.grid_of().marked or estate.rows)

    # Textual describes a worker by all that it is given, here every row, unless told otherwise.
    @work(thread=True, exclusive=True, exit_on_error=False, group="ledger", description="ledger")
    def _find_lost_tags(self, rows: Sequence[DeploymentRow]) -> None:
        with told_to(self, Work.LOST_TAGS):
            from actions.tags.lost import plan_restore
            from queries.estate.tag_ledger import tag_drift

            operator = self.app.operator
            lost = plan_restore(operator, rows, tag_drift(operator.store))
            self.post_message(LostTagsFound(lost))

    def on_lost_tags_found(self, message: LostTagsFound) -> None:
        """Open the dialog that puts them back, or say that there is nothing to put back."""
        if not message.lost:
            text = "every tag that was written here is as it was, in the newest snapshot"
            self.app.notify(text, markup=False)
            return
        from tui.dialogs.restoring_tags import RestoringTags

        self.app.push_screen(RestoringTags(message.lost, self.hidden_keys))
