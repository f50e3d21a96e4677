"""The facts under the verdict, by where they come from: state, coverage, window and age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len

from collectors.records import counted
from tui.details.parts import MUTED, WARNING, section
from tui.words.ages import ago
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts, hanging

if TYPE_CHECKING:
    from queries.estate.facts import Fact

# A sign of its own for each state, so that no colour is needed to tell a zero from ignorance.
SIGNS = {"zero": "0", "non-zero": "●", "no data": "-", "refused": "✗", "not asked": "?"}
_STYLES = {"no data": WARNING, "refused": "$text-error", "not asked": MUTED}
_NAME_WIDTH = 18


def proof(facts: Sequence[Fact], now: datetime, width: int) -> Parts:
    """A line a fact under its source, and what the signs mean."""
    body: Parts = []
    for about, group in groupby(facts, key=lambda fact: _about(fact, now)):
        body.append((f"{hanging(about, width, 0)}\n", MUTED))
        for fact in group:
            body += _line(fact, width)
    if facts:
        states = {fact.state for fact in facts}
        text = "  ".join(f"{sign} {state}" for state, sign in SIGNS.items() if state in states)
        body.append((hanging(text, width, 0) + "\n", MUTED))
    return section("what the verdict rests on", body, width)


def _about(fact: Fact, now: datetime) -> str:
    """`metrics of the endpoint · 19 Oct–23 Nov · 36 of 36 days · 6 min ago`."""
    parts = [harmless(fact.source)]
    if fact.first_day is not None and fact.last_day is not None:
        parts.append(f"{_day(fact.first_day)}–{_day(fact.last_day)}")
        parts.append(f"{fact.days_known} of {counted(fact.days_wanted or 0, 'day')}")
    if fact.read_at is not None:
        parts.append(ago(fact.read_at, now))
    return " · ".join(parts)


def _line(fact: Fact, width: int) -> Parts:
    known = fact.known if fact.known is not None else fact.state
    if fact.fact == "callers":
        known = "not asked: w asks"
    if fact.code is not None:
        known = f"refused ({fact.code})" if fact.known is None else f"{known} ({fact.code})"
    before = f"  {SIGNS[fact.state]} {fact.fact:<{_NAME_WIDTH}}"
    text = hanging(harmless(known), width, cell_len(before))
    return [(before, _STYLES.get(fact.state, "")), (f"{text}\n", _STYLES.get(fact.state, ""))]


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
