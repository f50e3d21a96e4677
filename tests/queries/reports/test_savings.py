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
from queries.reports.savings import Saving, savings
from queries.store.file import Store
from queries.store.journal import Happening, write

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


def delete(store: Store, name: str, action: str = "delete") -> None:
    at = datetime(2026, 8, 31, 12, tzinfo=UTC)
    target = f"{WORKSPACE}/onlineEndpoints/fraud/deployments/{name}"
    evidence = {"monthly_saving": "304.00", "currency": "EUR"}
    write(store, [Happening(at, "jo", action, target, "deleted", evidence=evidence)])


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


def read(store: Store, bill: Bill, *months: int, on: date = date(2026, 10, 20)) -> Saving:
    for month in months:
        keep(store, date(2026, month, 1), bill, on)
    return savings(store)[0]


def cents(amount: Decimal | None) -> Decimal:
    assert amount is not None
    return amount.quantize(Decimal("0.01"))


def test_what_the_bill_lost_is_realised(store: Store) -> None:
    saving = read(store, {"old": GONE, "blue": SAME}, 8, 9, 10)
    assert (saving.state, saving.days_after) == ("realised", 30)
    assert cents(saving.realised) == cents(saving.net) == cents(10 * MONTH)
    assert saving.grown_elsewhere == 0


@pytest.mark.parametrize(("last", "state"), [(8, "pending"), (9, "realised")])
def test_a_saving_is_pending_until_a_week_of_settled_days(
    store: Store, last: int, state: str
) -> None:
    """The two newest days of a bill still grow, and the deployment's own end is no sign of it."""
    saving = read(store, {"old": GONE, "blue": SAME}, 8, 9, on=date(2026, 9, last))
    assert (saving.state, saving.days_after) == (state, last - 2)
    assert (saving.realised is None) == (state == "pending")


def test_a_month_that_was_not_read_saves_nothing(store: Store) -> None:
    saving = read(store, {"old": GONE, "blue": SAME}, 8, 10)
    assert (saving.state, saving.realised, saving.days_after) == ("pending", None, 0)


def test_a_bill_that_was_not_read_before_the_deletion_proves_nothing(store: Store) -> None:
    saving = read(store, {"old": GONE, "blue": SAME}, 9, 10)
    assert (saving.state, saving.realised) == ("pending", None)
    assert "before it was not read" in saving.reason


def test_a_bill_that_never_named_it_is_reported(store: Store) -> None:
    assert read(store, {"blue": SAME}, 8, 9).state == "not billed"


def test_where_nothing_is_billed_any_more_the_saving_still_ends_pending(store: Store) -> None:
    early = read(store, {"old": GONE}, 8, 9, on=date(2026, 9, 6))
    assert early.state == "pending"
    saving = read(store, {"old": GONE}, 9, on=date(2026, 9, 20))
    assert (saving.state, saving.days_after) == ("realised", 15)


def test_growth_beside_a_young_deployment_is_not_hidden_by_its_elders(store: Store) -> None:
    young = lambda day: "10" if date(2026, 8, 22) <= day <= DELETED else None  # noqa: E731
    grown = lambda day: "5" if day <= DELETED else "15"  # noqa: E731
    saving = read(store, {"old": young, "blue": grown}, 8, 9, 10)
    assert saving.state == "grown elsewhere"
    assert cents(saving.grown_elsewhere) == cents(10 * MONTH)


def test_a_sibling_deleted_too_does_not_hide_that_another_one_grew(store: Store) -> None:
    delete(store, "older")
    bill = {"old": GONE, "older": GONE, "heir": since(DELETED + DAY, "9")}
    saving = read(store, bill, 8, 9, 10)
    assert saving.state == "grown elsewhere"
    assert cents(saving.grown_elsewhere) == cents(9 * MONTH)
    assert [one.deployment for one in savings(store)] == ["ws/fraud/old", "ws/fraud/older"]


def test_a_deployment_of_a_deleted_endpoint_has_its_saving_too(bare: Store) -> None:
    delete(bare, "old", "delete-endpoint")
    assert read(bare, {"old": GONE}, 8, 9, 10).state == "realised"


@pytest.mark.parametrize("of_endpoint", [False, True])
def test_what_came_back_is_reported_and_its_new_bill_is_no_part_of_it(
    store: Store, of_endpoint: bool
) -> None:
    endpoint = f"{WORKSPACE}/onlineEndpoints/fraud"
    target = endpoint if of_endpoint else f"{endpoint}/deployments/old"
    at = datetime(2026, 9, 15, 12, tzinfo=UTC)
    write(store, [Happening(at, "jo", "restore", target, "done")])
    back: Cost = lambda day: None if DELETED < day < at.date() else "10"  # noqa: E731
    saving = read(store, {"old": back, "blue": SAME}, 8, 9, 10)
    assert (saving.state, saving.restored_at, saving.days_after) == ("restored", at, 14)
    assert cents(saving.realised) == cents(10 * MONTH)


def test_one_that_is_billed_on_saved_nothing(store: Store) -> None:
    assert read(store, {"old": SAME}, 8, 9, 10).state == "not realised"
