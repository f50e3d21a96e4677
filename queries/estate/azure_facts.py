"""The facts of Azure as this tenant confirmed or contradicted them, as typed rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from queries.store import library
from queries.store.append import aware_utc
from queries.store.file import Store
from queries.text.azure_facts import evidence_of, title_of

FactState = Literal["confirmed", "contradicted", "not testable", "not tested"]


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact. `state` is confirmed, contradicted, not testable or not tested (no `tested_at`).

    `rests_on_it` is what a contradiction leaves unknown; `number` the section in docs/azure.md.
    """

    fact: str
    number: str
    rests_on_it: tuple[str, ...]
    state: FactState
    code: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    compared: int = 0
    tested_at: datetime | None = None

    @property
    def consequence(self) -> str | None:
        """What a contradiction means; None: nothing is contradicted."""
        if self.state != "contradicted":
            return None
        return f"what rests on it is unknown: {', '.join(self.rests_on_it)}"

    @property
    def sentence(self) -> str:
        """What is taken for granted, and what was seen."""
        title = f"{title_of(self.fact)} ({self.number})"
        if self.code is None or self.tested_at is None:
            return f"{title}: {self.state} yet, see `mothball doctor --facts`"
        seen = evidence_of(self.code, self.parameters)
        return f"{title}: {self.state} on {self.tested_at:%Y-%m-%d}: {seen}"


def facts_of_tenant(store: Store) -> list[FactRow]:
    """Every fact that this version knows, as it was last found to be."""
    with store.reading() as connection:
        rows = library.ask(connection, "facts_of_tenant")
    return [_row(row) for row in rows]


def contradictions_since(store: Store, moment: datetime) -> list[str]:
    """What was contradicted from then on, and what that means, a sentence each."""
    return [
        f"{row.sentence}; {row.consequence}"
        for row in facts_of_tenant(store)
        if row.consequence is not None and row.tested_at is not None and row.tested_at >= moment
    ]


def _row(row: Mapping[str, Any]) -> FactRow:
    parameters = json.loads(row["parameters"] or "{}")
    compared = row["compared"] or 0
    return FactRow(
        fact=row["fact"],
        number=row["number"],
        rests_on_it=tuple(row["rests_on_it"]),
        state=row["state"],
        code=row["code"],
        parameters={"compared": compared} | parameters,
        compared=compared,
        tested_at=aware_utc(row["tested_at"]),
    )
