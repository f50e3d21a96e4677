"""A review's questions of what has changed since a quarter, the last or this one, was frozen."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from queries.reports.gathered import Billed, ReviewData, Reviewed
from queries.reports.money_of_review import PARTS, of_currency
from queries.reports.savings import Saving
from queries.reports.sections import Column, Section, section
from queries.text.cells import CENT

COLUMNS = (
    Column("what", "What"),
    Column("reviewed", "As reviewed"),
    Column("now", "As it is known at this review"),
)


def since(gathered: ReviewData) -> Section:
    """In what the quarter before looks different from what its own review told."""
    name = gathered.before.quarter.name
    question = f"What has changed since {name} was reviewed?"
    return _changes(gathered, "since", question, gathered.before, gathered.reviewed)


def since_frozen(gathered: ReviewData) -> Section:
    """In what this quarter looks different from what was frozen of it before."""
    name = gathered.quarter.name
    question = f"What has changed in the bill of {name} since it was last frozen?"
    return _changes(gathered, "since_frozen", question, gathered.now, gathered.earlier)


def _changes(
    gathered: ReviewData, name: str, question: str, held: Billed, reviewed: Reviewed | None
) -> Section:
    quarter = held.quarter.name
    if reviewed is None:
        text = f"{quarter} was not reviewed before."
        return section(name, question, COLUMNS, (), empty=text)
    note = f"{quarter} was reviewed on {reviewed.frozen_at:%Y-%m-%d}"
    note += ", before it had ended." if reviewed.is_preliminary else "."
    rows = [*_restated(held, reviewed), *_settled(gathered.savings, held, reviewed)]
    return section(name, question, COLUMNS, rows, note, "Nothing.")


def _restated(held: Billed, reviewed: Reviewed) -> Iterable[dict[str, str]]:
    """The parts of the bill that were restated, or read, since."""
    names = {title: name for name, title in PARTS}
    reviewed_amounts = {
        (r["currency"], names.get(str(r["part"]))): r["amount"] for r in reviewed.bill.records()
    }
    billed = {bill["currency"] for bill in held.bills}
    for currency in sorted({str(key[0]) for key in reviewed_amounts} | billed):
        now = of_currency(held, currency)
        for name, title in PARTS:
            then, known = reviewed_amounts.get((currency, name)), now.get(name)
            if _cents(then) != _cents(known):
                was, amount = _money(then, currency), _money(known, currency)
                yield {"what": f"{title}, billed", "reviewed": was, "now": amount}


def _settled(
    savings: Iterable[Saving], held: Billed, reviewed: Reviewed
) -> Iterable[dict[str, str]]:
    """The retirements whose saving in the quarter was reported otherwise then."""
    quarter = held.quarter
    then = {(r["deployment"], r["deleted_at"]): r for r in reviewed.savings.records()}
    for saving in savings:
        row = then.get((saving.deployment, f"{saving.deleted_at:%Y-%m-%d %H:%M UTC}"))
        if row is None or "saved" not in row:
            continue
        saved = saving.saved_within(quarter.first_day, quarter.last_day)
        if (row["state"], _cents(row["saved"])) == (saving.state, _cents(saved)):
            continue
        currency = saving.currency or ""
        yield {
            "what": f"Saving of {saving.deployment}",
            "reviewed": f"{row['state']}, {_money(row['saved'], currency)}",
            "now": f"{saving.state}, {_money(saved, currency)}",
        }


def _cents(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(CENT)


def _money(value: object, currency: str) -> str:
    amount = _cents(value)
    return "not known" if amount is None else f"{amount:,.2f} {currency}"
