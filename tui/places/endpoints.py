"""Endpoints: the traffic of each as a bar, who is active, and what it falls back on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from tui.grid.columns import Column, fields_of, percent, text_column
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
)
from tui.keys.registry import ActionContext
from tui.places.place import Handler
from tui.places.table import Table
from tui.places.write_actions import delete_endpoint
from tui.state.history import Address, RowScope
from tui.views.view import Sort
from tui.words.traffic import SIGNS, bar, shares_in
from tui.words.untrusted import UNKNOWN, harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from queries.estate.rows import DeploymentRow
    from queries.store.file import Store
    from tui.state.estate import Estate

BAR_WIDTH = 16


def active_of(row: DeploymentGroup) -> str | None:
    """The deployments with live traffic and their shares; None: Azure did not report the map."""
    shares = shares_in(row.rows)
    if shares is None:
        return None
    parts = [f"{each.deployment} {percent(share)} %" for each, share in shares]
    return ", ".join(parts) or "none"


def rollbacks_of(row: DeploymentGroup) -> str:
    """The deployments that the endpoint falls back on."""
    return ", ".join(each.deployment or UNKNOWN for each in row.rows if each.rollback_for) or "none"


def _bar(row: DeploymentGroup) -> str | None:
    shares = shares_in(row.rows)
    return None if shares is None else bar([share for _row, share in shares], BAR_WIDTH)


def _shared(field: str) -> Callable[[DeploymentGroup], str | None]:
    """What all deployments of an endpoint have in common; None where there is none."""
    return lambda row: getattr(row.rows[0], field) if row.rows else None


_NOT_REPORTED = "Azure did not report the endpoint's traffic"
ENDPOINTS: tuple[Column[DeploymentGroup], ...] = (
    Column(
        "name",
        "workspace/endpoint",
        30,
        lambda row: row.name,
        lambda row: (row.name or "").casefold(),
        priority=11,
        frozen=True,
        grows_to=44,
        group=lambda row: (row.name or "").partition("/")[0],
    ),
    Column(
        "traffic", "traffic", BAR_WIDTH, _bar, _bar, priority=10, why=lambda _row: _NOT_REPORTED
    ),
    Column("active", "active", 20, active_of, active_of, priority=9, grows_to=32),
    Column("rollback", "rollback", 14, rollbacks_of, rollbacks_of, priority=8, grows_to=20),
    VERDICTS,
    RATE,
    WASTED,
    REQUESTS,
    DEPLOYMENT_COUNT,
    INSTANCES,
    text_column("kind", 11, read=_shared("kind"), priority=3),
    text_column("region", 14, read=_shared("region"), priority=3, is_default=False),
    text_column("owner", 24, read=_shared("owner"), priority=3, is_default=False),
    text_column("subscription", 36, read=_shared("subscription_id"), priority=3, is_default=False),
)


class Endpoints(Table[DeploymentGroup]):
    """Every endpoint, those without a deployment too; enter shows its deployments.

    What is deleted here is the endpoint under the cursor with all that is in it.
    """

    noun, nouns = "endpoint", "endpoints"
    columns = ENDPOINTS
    fields = fields_of(ENDPOINTS)
    first_sort = Sort("waste", descending=True)
    summaries = SUMMARIES
    footer = ("open_row", "back", "filter", "delete", "snapshot", "help")

    def key(self, row: DeploymentGroup) -> str:
        """The endpoint's id, folded."""
        return row.key

    def read(self, store: Store, estate: Estate | None) -> Sequence[DeploymentGroup]:
        """Those of the deployments, then those that hold none."""
        from queries.estate.questions import current_endpoints

        rows = estate.rows if estate is not None else ()
        held = gathered(rows, lambda row: row.endpoint_key, _path, ["endpoint_key"])
        keys = {each.key for each in held}
        empty = [e for e in current_endpoints(store) if e.endpoint_key not in keys]
        return [*held, *(DeploymentGroup(e.endpoint_key, e.path, ()) for e in empty)]

    def described(self, row: DeploymentGroup, width: int) -> Content:
        """Its traffic with the names, then its deployments."""
        return group_content(
            row, [*_legend(row, width), (f"falls back on {rollbacks_of(row)}\n\n", "")]
        )

    def situation(self) -> ActionContext:
        """The deployments of the endpoint under the cursor."""
        row = self.grid.current
        return replace(super().situation(), targets=() if row is None else row.rows)

    def make_handlers(self) -> dict[str, Handler]:
        """What is deleted here is a whole endpoint."""
        return {**super().make_handlers(), "delete": self.delete}

    def delete(self) -> None:
        """Open the plan to delete the whole endpoint."""
        if (row := self.grid.current) is not None:
            delete_endpoint(self.app, row.rows)

    def inside(self, row: DeploymentGroup) -> Address | None:
        """Its deployments; an endpoint without any has no inside."""
        if not row.rows:
            return None
        return Address("deployments", RowScope("endpoint_key", row.key, row.name or UNKNOWN))


def _path(row: DeploymentRow) -> str:
    return f"{row.workspace}/{row.endpoint}"


def _legend(row: DeploymentGroup, width: int) -> list[tuple[str, str]]:
    shares = shares_in(row.rows)
    if shares is None:
        return [(f"{_NOT_REPORTED}\n", "$text-warning")]
    if not shares:
        return [("no deployment has live traffic\n", "$text-warning")]
    parts = [(f"{bar([share for _row, share in shares], width)}\n", "$text-success")]
    for place, (each, share) in enumerate(shares):
        name = harmless(each.deployment or UNKNOWN)
        parts.append((f"{SIGNS[place % len(SIGNS)]} {name} {percent(share)} %\n", ""))
    return parts
