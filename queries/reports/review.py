"""The quarterly review: gathered once, frozen in the store, and the same whenever it is read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from queries import library
from queries.append import append, aware_utc
from queries.reports import answers_of_review as answered
from queries.reports.quarters import Quarter
from queries.reports.sections import Section, as_facts, from_facts
from queries.store import Store


@dataclass(frozen=True, slots=True)
class Review:
    """A quarter's answers, as they were when they were frozen."""

    quarter: Quarter
    frozen_at: datetime
    as_of: datetime | None
    sections: tuple[Section, ...]

    @property
    def is_preliminary(self) -> bool:
        """Whether the quarter had not ended when it was frozen."""
        return self.frozen_at.date() <= self.quarter.last_day

    def section(self, name: str) -> Section:
        """The section of that name."""
        return next(part for part in self.sections if part.name == name)


def review_of(
    store: Store, quarter: Quarter, before: Quarter, now: datetime, *, anew: bool = False
) -> Review:
    """The frozen review of a quarter; gathered and frozen where there is none, or `anew`.

    `before` is the quarter before it. A review that is frozen anew replaces no older one: the
    newest counts.
    """
    kept = None if anew else frozen(store, quarter)
    if kept is not None:
        return kept
    review = Review(quarter, now, *_gathered(store, quarter, before, now))
    _freeze(store, review)
    return review


def frozen(store: Store, quarter: Quarter) -> Review | None:
    """The newest frozen review of a quarter; None where there is none."""
    with store.reading() as connection:
        rows = library.ask(connection, "frozen_review", {"quarter": quarter.name})
    if not rows:
        return None
    facts = json.loads(rows[0]["facts"])
    frozen_at = aware_utc(rows[0]["frozen_at"])
    assert frozen_at is not None
    as_of = datetime.fromisoformat(facts["as_of"]) if facts["as_of"] else None
    return Review(quarter, frozen_at, as_of, tuple(map(from_facts, facts["sections"])))


def _gathered(
    store: Store, quarter: Quarter, before: Quarter, now: datetime
) -> tuple[datetime | None, tuple[Section, ...]]:
    last = frozen(store, before)
    gathered = answered.gather(store, quarter, now.date())
    then = answered.bills_of(store, before)
    frozen_then = last.section("bill") if last else None
    sections: Sequence[Section] = (
        answered.bill(gathered, then, frozen_then),
        answered.weeks(gathered),
        answered.waste(gathered),
        answered.deployments(gathered),
        answered.savings(gathered),
        answered.calls(gathered),
        answered.rollbacks(gathered),
        answered.exceptions(gathered, now.date()),
        answered.owners(gathered),
        answered.unknown(gathered),
        answered.endpoints(gathered),
    )
    as_of = max((row.as_of for row in gathered.rows), default=None)
    return as_of, tuple(sections)


def _freeze(store: Store, review: Review) -> None:
    facts: dict[str, Any] = {
        "as_of": review.as_of.isoformat() if review.as_of else None,
        "sections": [as_facts(part) for part in review.sections],
    }
    row = {
        "quarter": review.quarter.name,
        "frozen_at": review.frozen_at,
        "facts": json.dumps(facts, sort_keys=True),
    }
    with store.writing() as connection:
        _append(connection, row)


def _append(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> None:
    append(connection, "reviews", [row])
