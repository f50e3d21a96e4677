"""What a deletion saved on the bill: days that were read count, growth beside it is reported."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from collectors.records import CostLine
from queries.intake.bills import MonthlyBill, keep_month
from queries.money.counted import count_by
from queries.money.waste import Amount
from queries.reports.savings import SavedSoFar, Saving, saved_by_quarter, saved_so_far, savings
from queries.store.file import Store
from queries.store.journal import Happening, write
from queries.store.user_sql import answer

SUBSCRIPTION = "00000000-0000-0000-0000-00000000aaaa"
WORKSPACE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/"
    "Microsoft.MachineLearningServices/workspaces/ws"
)
DELETED = date(2026, 8, 31)
DAY = timedelta(days=1)
MONTH = Decimal(365) / 12
Cost = Callable[[date], str | None]
Bill = dict[str, Cost]


def until(last: date, cost: str) -> Cost:
    return lambda day: cost if day <= last else None


def since(first: date, cost: str) -> Cost:
    return lambda day: cost if day >= first else None


GONE = until(DELETED, "10")
SAME = until(date.max, "5")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without anything in it."""
    store = Store(tmp_path_factory.mktemp("savings") / "store.duckdb")
    with store.writing():
        pass
    return store.path


@pytest.fixture
def bare(empty: Path, tmp_path: Path) -> Store:
    """A copy of the empty store."""
    return Store(Path(shutil.copy(empty, tmp_path)))


@pytest.fixture
def store(bare: Store) -> Store:
    """A store whose journal has the deletion of `ws/fraud/old` on the last of August."""
    delete(bare, "old")
    return bare


def delete(
    store: Store,
    name: str,
    action: str = "delete",
    *,
    forecast: str | None = "304.00",
    on: datetime = datetime(2026, 8, 31, 12, tzinfo=UTC),
) -> None:
    target = f"{WORKSPACE}/onlineEndpoints/fraud/deployments/{name}"
    evidence = {"monthly_saving": forecast, "currency": "EUR"}
    write(store, [Happening(on, "jo", action, target, "deleted", evidence=evidence)])


def keep(store: Store, month: date, bill: Bill, read_on: date) -> None:
    """The bill of a month as it was read on that day."""
    lines = tuple(_lines(month, bill, read_on))
    places = tuple(
        CostLine(one.day, WORKSPACE.lower(), one.endpoint, None, one.cost, "EUR") for one in lines
    )
    reported = MonthlyBill(SUBSCRIPTION, month, "ActualCost", lines, places)
    at = datetime.combine(read_on, datetime.min.time(), UTC)
    with store.noting() as connection:
        keep_month(connection, None, reported, "query", at)


def _lines(month: date, bill: Bill, read_on: date) -> Iterator[CostLine]:
    day = month
    while day.month == month.month and day <= read_on:
        for name, cost in bill.items():
            amount = cost(day)
            if amount is not None:
                yield CostLine(day, None, "fraud", name, Decimal(amount), "EUR")
        day += DAY


def keep_untagged(store: Store, month: date) -> None:
    """The bill of a month whose lines carry no tags of the service."""
    lines = tuple(
        CostLine(month + day * DAY, None, None, None, Decimal(15), "EUR") for day in range(31)
    )
    reported = MonthlyBill(SUBSCRIPTION, month, "ActualCost", lines)
    with store.noting() as connection:
        keep_month(connection, None, reported, "query", datetime(2026, 10, 20, tzinfo=UTC))


def read(store: Store, bill: Bill, *months: int, on: date = date(2026, 10, 20)) -> Saving:
    return read_all(store, bill, *months, on=on)[0]


def read_all(store: Store, bill: Bill, *months: int, on: date = date(2026, 10, 20)) -> list[Saving]:
    for month in months:
        keep(store, date(2026, month, 1), bill, on)
    return savings(store)


def amounts(saving: Saving) -> tuple[str, object, object]:
    """Its state, what was saved, and what grew beside it."""
    return saving.state, saving.saved, saving.grown_elsewhere


def by_quarter(found: list[Saving], begins: int) -> dict[str, Decimal]:
    return {one.quarter: one.saved for one in saved_by_quarter(found, begins)}


def cents(amount: Decimal | None) -> Decimal:
    assert amount is not None
    return amount.quantize(Decimal("0.01"))


def test_what_was_not_spent_since_is_saved_day_by_day(store: Store) -> None:
    """The bill is settled through 18 October: 30 days of September and 18 of October at 10."""
    saving = read(store, {"old": GONE, "blue": SAME}, 8, 9, 10)
    assert (saving.state, saving.days_after) == ("realised", 48)
    assert cents(saving.rate_before) == cents(saving.realised) == cents(10 * MONTH)
    assert amounts(saving)[1:] == (480, 0)
    assert [(one.month.month, one.days) for one in saving.months] == [(8, 1), (9, 30), (10, 18)]
    assert [one.saved for one in saving.months] == [Decimal(0), Decimal(300), Decimal(180)]


def test_savings_are_carried_over_quarters_and_booked_once(store: Store) -> None:
    found = read_all(store, {"old": GONE, "blue": SAME}, 8, 9, 10)
    assert by_quarter(found, 1) == {"2026-Q3": 300, "2026-Q4": 180}
    assert by_quarter(found, 9) == {"2025-Q4": 0, "2026-Q1": 480}
    with store.noting() as connection:
        count_by(connection, "ActualCost", "EUR", 9)
    assert saved_so_far(store, date(2026, 10, 20)) == SavedSoFar(
        "2026-Q1", (Amount(Decimal(480), "EUR", is_billed=True),)
    )
    assert saved_so_far(store, date(2026, 8, 31)) is None
    ledger = answer(store, "select quarter, saved from savings_by_quarter order by quarter")
    assert ledger.rows == (("2025-Q4", Decimal(0)), ("2026-Q1", Decimal(480)))


@pytest.mark.parametrize(("last", "state"), [(8, "pending"), (9, "realised")])
def test_a_saving_is_pending_until_a_week_of_settled_days(
    store: Store, last: int, state: str
) -> None:
    """The two newest days of a bill still grow, and the deployment's own end is no sign of it."""
    saving = read(store, {"old": GONE, "blue": SAME}, 8, 9, on=date(2026, 9, last))
    assert (saving.state, saving.days_after) == (state, last - 2)
    assert (saving.realised is None) == (state == "pending")
    assert saving.saved == 10 * (last - 2)


def test_the_rate_is_the_median_of_the_week_before(store: Store) -> None:
    """One day of a burst, and what it cost in the weeks before, are no part of it."""

    def cost(day: date) -> str | None:
        if day > DELETED:
            return None
        return {date(2026, 8, 27): "90"}.get(day, "10" if day >= date(2026, 8, 24) else "50")

    saving = read(store, {"old": cost, "blue": SAME}, 8, 9, 10)
    assert cents(saving.rate_before) == cents(10 * MONTH)


def test_a_deployment_younger_than_a_week_has_the_rate_of_its_whole_days(store: Store) -> None:
    """It came on the 28th, of which 3 were billed; on the day of the deletion it was 6."""
    costs = {28: "3", 29: "10", 30: "12", 31: "6"}

    def young(day: date) -> str | None:
        return costs.get(day.day) if day.month == 8 else None

    saving = read(store, {"old": young, "blue": SAME}, 8, 9)
    assert cents(saving.rate_before) == cents(11 * MONTH)
    # 28 settled days of September at 11, and the last of August at 11 less the 6 that were billed.
    assert saving.saved == 11 * 28 + 5


def test_the_rest_of_the_day_of_the_deletion_is_saved(store: Store) -> None:
    half: Cost = lambda day: "10" if day < DELETED else "5" if day == DELETED else None  # noqa: E731
    assert read(store, {"old": half, "blue": SAME}, 8, 9, 10).saved == 480 + 5


def test_a_month_that_was_not_read_saves_nothing(store: Store) -> None:
    saving = read(store, {"old": GONE, "blue": SAME}, 8, 10)
    assert (*amounts(saving)[:2], saving.days_after) == ("realised", 180, 18)


def test_a_bill_that_was_not_read_before_the_deletion_proves_nothing(store: Store) -> None:
    saving = read(store, {"old": GONE, "blue": SAME}, 9, 10)
    assert (saving.state, saving.realised, saving.saved) == ("pending", None, None)
    assert "before it was not read" in saving.reason


def test_one_that_was_billed_at_nothing_was_covered_by_a_commitment(store: Store) -> None:
    saving = read(store, {"old": until(DELETED, "0"), "blue": SAME}, 8, 9)
    assert amounts(saving)[:2] == ("covered by a commitment", 0)


def test_one_without_a_forecast_that_was_never_billed_is_reported(bare: Store) -> None:
    delete(bare, "old", forecast=None)
    assert read(bare, {"blue": SAME}, 8, 9).state == "not billed"


def test_a_bill_that_names_no_deployment_shows_no_saving_and_no_commitment(store: Store) -> None:
    """Its lines carry no tags: what the deployment cost is not known, and is not 0."""
    keep_untagged(store, date(2026, 8, 1))
    saving = read(store, {"old": GONE, "blue": SAME}, 9, 10)
    assert (*amounts(saving)[:2], saving.rate_before) == ("not billed", None, None)
    assert "names no deployment" in saving.reason


def test_where_nothing_is_billed_any_more_the_saving_still_ends_pending(store: Store) -> None:
    early = read(store, {"old": GONE}, 8, 9, on=date(2026, 9, 6))
    assert early.state == "pending"
    saving = read(store, {"old": GONE}, 9, on=date(2026, 9, 20))
    assert (saving.state, saving.days_after) == ("realised", 15)


def test_a_sibling_that_costs_the_same_as_before_is_no_growth(store: Store) -> None:
    """Whatever it cost weeks ago: it counts from what it cost just before the deletion."""
    grown_long_ago: Cost = lambda day: "5" if day < date(2026, 8, 20) else "90"  # noqa: E731
    saving = read(store, {"old": GONE, "blue": grown_long_ago}, 8, 9, 10)
    assert amounts(saving) == ("realised", 480, 0)


def test_growth_beside_it_is_reported_and_is_no_part_of_the_saving(store: Store) -> None:
    grown: Cost = lambda day: "5" if day <= DELETED else "8"  # noqa: E731
    saving = read(store, {"old": GONE, "blue": grown}, 8, 9, 10)
    assert amounts(saving) == ("realised", 480, 3 * 48)


def test_growth_never_exceeds_what_was_saved(store: Store) -> None:
    grown: Cost = lambda day: "5" if day <= DELETED else "500"  # noqa: E731
    saving = read(store, {"old": GONE, "blue": grown}, 8, 9, 10)
    assert amounts(saving) == ("moved", 480, 480)


def test_two_deletions_of_an_endpoint_share_what_grew_beside_them(store: Store) -> None:
    """The bill falls by 40 a day and grows by 8: 2 of it beside the one of 10, 6 beside 30."""
    delete(store, "older")
    bill = {"old": GONE, "older": until(DELETED, "30"), "heir": since(DELETED + DAY, "8")}
    found = read_all(store, bill, 8, 9, 10)
    assert [amounts(one)[1:] for one in found] == [(480, 96), (1440, 288)]
    assert [one.deployment for one in found] == ["ws/fraud/old", "ws/fraud/older"]
    assert by_quarter(found, 1) == {"2026-Q3": 1200, "2026-Q4": 720}


def test_a_deployment_of_a_deleted_endpoint_has_its_saving_too(bare: Store) -> None:
    delete(bare, "old", "delete-endpoint")
    assert read(bare, {"old": GONE}, 8, 9, 10).state == "realised"


@pytest.mark.parametrize("of_endpoint", [False, True])
def test_what_came_back_saved_until_then_and_no_longer(store: Store, of_endpoint: bool) -> None:
    endpoint = f"{WORKSPACE}/onlineEndpoints/fraud"
    target = endpoint if of_endpoint else f"{endpoint}/deployments/old"
    at = datetime(2026, 9, 15, 12, tzinfo=UTC)
    write(store, [Happening(at, "jo", "restore", target, "done")])
    back: Cost = lambda day: None if DELETED < day < at.date() else "10"  # noqa: E731
    saving = read(store, {"old": back, "blue": SAME}, 8, 9, 10)
    assert (saving.state, saving.restored_at, saving.days_after) == ("restored", at, 14)
    assert saving.saved == 140
    assert cents(saving.realised) == cents(10 * MONTH)


def test_one_that_came_back_and_went_again_saves_in_two_parts(store: Store) -> None:
    target = f"{WORKSPACE}/onlineEndpoints/fraud/deployments/old"
    write(store, [Happening(datetime(2026, 9, 15, tzinfo=UTC), "jo", "restore", target, "done")])
    delete(store, "old", on=datetime(2026, 9, 30, 23, tzinfo=UTC))
    there: Cost = lambda day: (  # noqa: E731
        "10" if day <= DELETED or date(2026, 9, 15) <= day <= date(2026, 9, 30) else None
    )
    found = read_all(store, {"old": there, "blue": SAME}, 8, 9, 10)
    assert [amounts(one)[:2] for one in found] == [("restored", 140), ("realised", 180)]


def test_one_that_is_billed_on_saved_nothing(store: Store) -> None:
    assert read(store, {"old": SAME}, 8, 9, 10).state == "not realised"
