"""The quarterly review: gathered once, frozen in the store, and the same whenever it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from queries.reports import changes_of_review as changes
from queries.reports import deeds_of_review as deeds
from queries.reports import estate_of_review as estate
from queries.reports import groups_of_review as groups
from queries.reports import idle_of_review as idle
from queries.reports import money_of_review as money
from queries.reports import trends_of_review as trends
from queries.reports.gathered import ReviewData, Reviewed, gather
from queries.reports.headline_of_review import headline
from queries.reports.quarters import Quarter
from queries.reports.sections import Section, as_facts, from_facts
from queries.store import library
from queries.store.append import append, aware_utc
from queries.store.file import Store


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
        """The section of that name; KeyError where the version that froze it had none."""
        found = self.find(name)
        if found is None:
            raise KeyError(name)
        return found

    def find(self, name: str) -> Section | None:
        """The section of that name; None where the version that froze it had none."""
        return next((part for part in self.sections if part.name == name), None)


def review_of(
    store: Store,
    quarter: Quarter,
    before: Quarter,
    now: datetime,
    *,
    anew: bool = False,
    budgets: Mapping[str, Decimal] | None = None,
) -> Review:
    """The frozen review of a quarter; gathered and frozen where there is none, or `anew`.

    `before` is the quarter before it, `budgets` what serving may cost a quarter, by currency. A
    review that is frozen anew replaces no older one: the newest counts.
    """
    kept = None if anew else frozen(store, quarter)
    if kept is not None:
        return kept
    gathered = gather(
        store,
        quarter,
        before,
        _earlier_review(store, before),
        now.date(),
        earlier=_earlier_review(store, quarter),
        budgets=budgets or {},
    )
    as_of = max((row.as_of for row in gathered.rows), default=None)
    review = Review(quarter, now, as_of, _answers(gathered))
    _freeze(store, review)
    return review


def frozen(store: Store, quarter: Quarter) -> Review | None:
    """The newest frozen review of a quarter; None where there is none."""
    with store.reading() as connection:
        place = {"quarter": quarter.name, "first_day": quarter.first_day.isoformat()}
        rows = library.ask(connection, "frozen_review", place)
    if not rows:
        return None
    facts = json.loads(rows[0]["facts"])
    frozen_at = aware_utc(rows[0]["frozen_at"])
    assert frozen_at is not None
    as_of = datetime.fromisoformat(facts["as_of"]) if facts["as_of"] else None
    return Review(quarter, frozen_at, as_of, tuple(map(from_facts, facts["sections"])))


def _earlier_review(store: Store, quarter: Quarter) -> Reviewed | None:
    """What was frozen of a quarter."""
    last = frozen(store, quarter)
    if last is None:
        return None
    bill, savings = last.section("bill"), last.section("savings")
    return Reviewed(last.frozen_at, last.is_preliminary, bill, savings)


def _answers(gathered: ReviewData) -> tuple[Section, ...]:
    return (
        headline(gathered),
        money.bill(gathered),
        trends.quarters(gathered),
        trends.forecast(gathered),
        changes.since(gathered),
        changes.since_frozen(gathered),
        money.weeks(gathered),
        *groups.spent(gathered),
        money.waste(gathered),
        idle.deployments(gathered),
        idle.ages(gathered),
        money.deployments(gathered),
        deeds.savings(gathered),
        groups.right_sizing(gathered),
        groups.owner_tags(gathered),
        deeds.vanished(gathered),
        deeds.calls(gathered),
        estate.rollbacks(gathered),
        estate.exceptions(gathered),
        estate.owners(gathered),
        estate.unknown(gathered),
        trends.endpoint_costs(gathered),
        estate.endpoints(gathered),
    )


def _freeze(store: Store, review: Review) -> None:
    facts: dict[str, Any] = {
        "first_day": review.quarter.first_day.isoformat(),
        "as_of": review.as_of.isoformat() if review.as_of else None,
        "sections": [as_facts(part) for part in review.sections],
    }
    row = {
        "quarter": review.quarter.name,
        "frozen_at": review.frozen_at,
        "facts": json.dumps(facts, sort_keys=True),
    }
    with store.noting() as connection:
        append(connection, "reviews", [row])
