"""Workspaces, subscriptions and owners: what the deployments of each come to."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual.content import Content

from queries.estate.packed import counts_of
from queries.text.spellings import spellings
from tui.grid.columns import fields_of
from tui.grid.gathered import (
    DEPLOYMENT_COUNT,
    INSTANCES,
    RATE,
    REQUESTS,
    SUMMARIES,
    VERDICTS,
    WASTED,
    DeploymentGroup,
    gathered,
    group_content,
    name_column,
)
from tui.places.table import Table
from tui.state.history import Address, RowScope
from tui.views.view import Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import DeploymentRow
    from queries.store.file import Store
    from tui.state.estate import Estate

_SHARED = (RATE, WASTED, VERDICTS, DEPLOYMENT_COUNT, INSTANCES, REQUESTS)
_WORKSPACES = (name_column("workspace"), *_SHARED)
_SUBSCRIPTIONS = (name_column("subscription", 38), *_SHARED)
_OWNERS = (name_column("owner"), *_SHARED)


class Gathering(Table[DeploymentGroup]):
    """Deployments by one of their fields; enter shows those of a row."""

    field: str
    first_sort = Sort("waste", descending=True)
    summaries = SUMMARIES

    @abstractmethod
    def name_of(self, row: DeploymentRow) -> str | None:
        """What the row of a deployment is called."""

    def key(self, row: DeploymentGroup) -> str:
        """The value of the field."""
        return row.key

    def read(self, store: Store, estate: Estate | None) -> Sequence[DeploymentGroup]:
        """All deployments of the estate, by the field."""
        rows = estate.rows if estate is not None else ()
        return gathered(rows, lambda row: str(getattr(row, self.field)), self.name_of, [self.field])

    def described(self, row: DeploymentGroup, width: int) -> Content:
        """Its deployments."""
        return group_content(row)

    def inside(self, row: DeploymentGroup) -> Address:
        """Its deployments, as a place of their own."""
        values = frozenset(counts_of(row.rows, self.field))
        title = row.name or f"without {self.noun}"
        return Address("deployments", RowScope(self.field, values, title))


class Workspaces(Gathering):
    """Every workspace with a deployment."""

    noun, nouns, field = "workspace", "workspaces", "workspace_key"
    columns, fields = _WORKSPACES, fields_of(_WORKSPACES)

    def name_of(self, row: DeploymentRow) -> str:
        """Its own name."""
        return row.workspace


class Subscriptions(Gathering):
    """Every subscription with a deployment."""

    noun, nouns, field = "subscription", "subscriptions", "subscription_id"
    columns, fields = _SUBSCRIPTIONS, fields_of(_SUBSCRIPTIONS)

    def name_of(self, row: DeploymentRow) -> str:
        """Its id."""
        return row.subscription_id


class Owners(Gathering):
    """Every owner, and what has none."""

    noun, nouns, field = "owner", "owners", "owner"
    columns, fields = _OWNERS, fields_of(_OWNERS)

    def read(self, store: Store, estate: Estate | None) -> Sequence[DeploymentGroup]:
        """Names that differ only in case are one owner, as in the reports."""
        if estate is None:
            return []
        self._spelt = spellings(estate.rows.column("owner").by_row())
        return gathered(
            estate.rows, lambda row: (row.owner or "").casefold(), self.name_of, [self.field]
        )

    def name_of(self, row: DeploymentRow) -> str | None:
        """As most tags spell it."""
        return None if row.owner is None else self._spelt[row.owner]
