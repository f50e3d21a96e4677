"""Keeps what the facts of Azure came to on a tenant; judges anew where that changes verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import duckdb

from collectors.records import FactFinding
from queries.intake.snapshots import check_identity
from queries.judge import judge
from queries.store import library
from queries.store.append import append
from queries.store.file import Store
from queries.store.listing import refresh_listing


def facts_were_tested(store: Store) -> bool:
    """Whether the tenant of the store was ever asked about any of them."""
    with store.reading() as connection:
        return bool(library.ask(connection, "facts_tested"))


def note_facts(store: Store, findings: Iterable[FactFinding], at: datetime) -> None:
    """Keep the findings for the snapshot that is still to be judged."""
    with store.noting() as connection:
        _append(connection, findings, at)


def keep_facts(
    store: Store, cloud: str, tenant_id: str | None, findings: Iterable[FactFinding], at: datetime
) -> None:
    """Keep the findings; what is current is judged anew where they contradict other facts.

    Raises WrongStore where the store belongs to another cloud or tenant.
    """
    with store.noting() as connection:
        check_identity(connection, cloud, tenant_id)
        before = _contradicted(connection)
        _append(connection, findings, at)
        if _contradicted(connection) != before:
            for row in library.ask(connection, "current_snapshots"):
                judge(connection, row["snapshot_id"])
            refresh_listing(connection)


def lines_of_bill(store: Store, subscription_ids: Sequence[str]) -> tuple[int, int]:
    """How many lines the bill of these subscriptions has, and how many name a deployment."""
    values = {"subscription_ids": [one.lower() for one in subscription_ids]}
    with store.reading() as connection:
        (row,) = library.ask(connection, "lines_of_bill", values)
    return row["lines"], row["tagged_lines"]


def _append(
    connection: duckdb.DuckDBPyConnection, findings: Iterable[FactFinding], at: datetime
) -> None:
    append(
        connection,
        "azure_facts",
        (
            {
                "fact": one.fact,
                "state": one.state,
                "code": one.code,
                "parameters": json.dumps(dict(one.parameters)),
                "compared": one.compared,
                "tested_at": at,
            }
            for one in findings
        ),
    )


def _contradicted(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {row["fact"] for row in library.ask(connection, "contradicted_facts")}
