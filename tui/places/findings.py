"""Findings: what is odd about a deployment beside its verdict, a line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui.details.verdict import verdict
from tui.grid.columns import Column, fields_of
from tui.grid.deployment_columns import owner_of, run_rate_of
from tui.places.table import Table
from tui.state.history import Address, RowScope
from tui.views.view import Sort
from tui.words.verdicts import look_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.estate.rows import DeploymentRow
    from queries.store.file import Store
    from tui.state.estate import Estate


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of one deployment; `place` is its number among them."""

    row: DeploymentRow
    place: int

    @property
    def text(self) -> str:
        """The sentence."""
        return self.row.findings[self.place].sentence


FINDINGS: tuple[Column[Found], ...] = (
    Column(
        "name",
        "endpoint/deployment",
        28,
        lambda found: found.row.name,
        lambda found: found.row.name.casefold(),
        priority=11,
        frozen=True,
        grows_to=40,
    ),
    Column(
        "finding",
        "finding",
        60,
        lambda found: found.text,
        lambda found: found.text.casefold(),
        priority=10,
        grows_to=110,
    ),
    Column(
        "rate",
        "run rate/mo",
        13,
        lambda found: run_rate_of(found.row),
        lambda found: found.row.monthly_run_rate,
        align="right",
        priority=9,
        why=lambda _found: "no bill was read, and no list price is known",
    ),
    Column(
        "verdict",
        "verdict",
        15,
        lambda found: f"{look_of(found.row.verdict).symbol} {found.row.verdict}",
        lambda found: found.row.verdict,
        priority=8,
        tone=lambda found: look_of(found.row.verdict).tone,
    ),
    Column(
        "owner",
        "owner",
        24,
        lambda found: owner_of(found.row),
        lambda found: None if found.row.owner is None else found.row.owner.casefold(),
        priority=7,
        why=lambda _found: "no owner tag on it or above it, and Azure did not report who made it",
    ),
    Column(
        "workspace",
        "workspace",
        20,
        lambda found: found.row.workspace,
        lambda found: found.row.workspace.casefold(),
        priority=6,
    ),
)


class Findings(Table[Found]):
    """Every finding of every deployment, the dearest first; enter goes to the deployment."""

    noun, nouns = "finding", "findings"
    nothing = "nothing is odd"
    columns = FINDINGS
    fields = fields_of(FINDINGS)
    first_sort = Sort("rate", descending=True)

    def key(self, row: Found) -> str:
        """The deployment and the sentence."""
        return f"{row.row.deployment_key} {row.text}"

    def read(self, store: Store, estate: Estate | None) -> Sequence[Found]:
        """All of the estate."""
        rows = estate.rows if estate is not None else ()
        return [Found(row, place) for row in rows for place in range(len(row.findings))]

    def described(self, row: Found, width: int) -> Content:
        """Verdict, reasons and all findings of the deployment."""
        return Content.assemble(*verdict(row.row, width))

    def inside(self, row: Found) -> Address:
        """The deployment alone."""
        scope = RowScope("deployment_key", row.row.deployment_key, row.row.name)
        return Address("deployments", scope)
