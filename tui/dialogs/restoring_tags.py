"""Puts back the tags that deployments lost, as the store's ledger knows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Static

from tui.dialogs.tag_writes import TagWrites
from tui.dialogs.write_targets import Foreseen

if TYPE_CHECKING:
    from actions.tags.lost import LostTag
    from queries.estate.rows import DeploymentRow

HINT = "only what is absent is put back; what somebody changed since is left as it is"
Ledger = Mapping[str, Sequence["LostTag"]]


class RestoringTags(TagWrites[Ledger]):
    """There is nothing to type: the ledger tells what was there."""

    TITLE_WORD = "Put back the tags of"
    BUTTON = "Put them back in Azure"

    def __init__(self, lost: Sequence[LostTag], hidden_keys: frozenset[str]) -> None:
        """Keep what drifted, by deployment."""
        from actions.tags.lost import by_deployment

        groups = by_deployment(lost)
        self._ledger: Ledger = {tags[0].row.deployment_key: tags for tags in groups}
        super().__init__([tags[0].row for tags in groups], hidden_keys)

    def compose_fields(self) -> ComposeResult:
        """A word on what is done."""
        yield Static(HINT, classes="hint", markup=False)

    def read_change(self) -> Ledger:
        """What drifted."""
        return self._ledger

    def foresee(self, row: DeploymentRow, change: Ledger) -> Foreseen:
        """What would be put back, and what is left for which reason."""
        barred = self.app.session.limits.why_not_on(row)
        if barred is not None:
            return Foreseen(barred, is_left=True)
        parts, is_left = [], True
        for one in change[row.deployment_key]:
            tag = f"{one.drift.name}={one.drift.value}"
            if one.outcome == "planned":
                is_left = False
                parts.append(f"put back {tag} (written {one.drift.written_at:%Y-%m-%d})")
            else:
                parts.append(f"leave {tag}: {one.why}")
        return Foreseen("; ".join(parts), is_left=is_left)

    def write(self, row: DeploymentRow, change: Ledger) -> Mapping[str, str]:
        """Put them back where they are absent still."""
        from actions.tags.lost import restore_tags

        done = restore_tags(self.app.session, change[row.deployment_key])
        restored = {one.drift.name: one.drift.value for one in done if one.outcome == "restored"}
        return {**row.tags, **restored}

    def prepare(self) -> None:
        """The ledger was read before: all that is needed is there."""
