"""The facts that a verdict rests on, each with its state, source, window, coverage and time.

They are the judge's own evidence, asked for one deployment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from queries.estate.fact_rows import Fact, Measured
from queries.estate.fact_words import Subject, facts_from
from queries.estate.rows import DayRow
from queries.judge import evidence
from queries.store import library
from queries.store.file import Store

__all__ = ["Evidence", "Fact", "evidence_of", "facts_of"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts and days of one deployment, both as one snapshot knew them."""

    facts: list[Fact]
    days: list[DayRow]


def facts_of(store: Store, deployment_key: str, snapshot_id: str) -> list[Fact]:
    """What the verdict of one snapshot on a deployment rests on; empty where it has none."""
    with store.reading() as connection, evidence(connection, snapshot_id, deployment_key):
        return _facts_in(connection, deployment_key, snapshot_id)


def evidence_of(
    store: Store, deployment_key: str, snapshot_id: str, first_day: date, last_day: date
) -> Evidence:
    """The same with every UTC day of the span."""
    span = {"deployment_key": deployment_key, "first_day": first_day, "last_day": last_day}
    with store.reading() as connection, evidence(connection, snapshot_id, deployment_key):
        facts = _facts_in(connection, deployment_key, snapshot_id)
        days = library.ask(connection, "days_of_deployment", span)
    return Evidence(facts, [DayRow(**day) for day in days])


def _facts_in(
    connection: duckdb.DuckDBPyConnection, deployment_key: str, snapshot_id: str
) -> list[Fact]:
    key = {"deployment_key": deployment_key}
    asked = key | {"snapshot_id": snapshot_id}
    subjects = [Subject(**row) for row in library.ask(connection, "facts_of_deployment", asked)]
    days = [Measured(**row) for row in library.ask(connection, "measured_facts", key)]
    return [fact for subject in subjects for fact in facts_from(subject, days)]
