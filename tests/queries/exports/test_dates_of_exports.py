"""In which order a file writes day and month: decided by the file, or asked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from queries.exports.files import BadExport
from tests.queries.exports.test_exports import EA, Desk, ea, text

PERIOD = [*EA, "BillingPeriodStartDate", "BillingPeriodEndDate"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def days(desk: Desk, *written: str, **options: Any) -> list[str]:
    """The days of the store after a file with these was loaded."""
    desk.load(desk.put("ea.csv", text([ea("1", day) for day in written])), **options)
    return [f"{row[0]:%m-%d}" for row in desk.ask("select distinct day from cost_lines order by 1")]


def test_a_day_that_no_month_has_shows_that_days_come_first(desk: Desk) -> None:
    assert days(desk, "01/10/2026", "12/10/2026", "13/10/2026") == ["10-01", "10-12", "10-13"]


def test_the_documented_order_is_read_where_the_file_shows_no_other(desk: Desk) -> None:
    assert days(desk, "10/01/2026", "10/02/2026", "10/12/2026") == ["10-01", "10-02", "10-12"]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (("01/10/2026", "12/10/2026"), "after today"),
        (("01/09/2026", "02/09/2026", "03/09/2026"), "2026-01-09 to 2026-03-09"),
        (("12/10/2026",), "after today"),
        (("01-10-2026",), "2026-01-10"),
    ],
)
def test_a_file_that_may_be_read_either_way_is_refused(
    desk: Desk, written: tuple[str, ...], why: str
) -> None:
    with pytest.raises(BadExport) as refused:
        days(desk, *written)
    assert why in str(refused.value)
    assert "--dates dmy" in str(refused.value)
    assert "--dates mdy" in str(refused.value)
    assert desk.bill() == []


def test_the_order_that_was_named_is_read(desk: Desk) -> None:
    assert days(desk, "01/10/2026", "12/10/2026", dates="dmy") == ["10-01", "10-12"]
    assert days(desk, "26/10/03", dates="ymd", replace_longer=True) == ["10-03"]


def test_an_order_that_the_file_disproves_is_refused(desk: Desk) -> None:
    with pytest.raises(BadExport, match=r"31/10/2026.*--dates mdy"):
        days(desk, "01/10/2026", "31/10/2026", dates="mdy")


@pytest.mark.parametrize(
    ("written", "dates"),
    [(("01/10/2026", "12/10/2026"), "mdy"), (("10/13/2026", "12/01/2026"), None)],
)
def test_an_order_that_reads_days_after_today_is_refused(
    desk: Desk, written: tuple[str, ...], dates: str | None
) -> None:
    with pytest.raises(BadExport, match=r"days after today \(2026-12-\d\d\) in the order mdy"):
        days(desk, *written, dates=dates)


def test_the_end_of_the_billing_period_gives_the_order_away(desk: Desk) -> None:
    period = {"BillingPeriodStartDate": "01/10/2026", "BillingPeriodEndDate": "31/10/2026"}
    desk.load(desk.put("ea.csv", text([ea("1", "02/10/2026", **period)], PERIOD)))
    assert [row[0] for row in desk.bill()] == [date(2026, 10, 2)]


def test_dates_in_two_orders_are_refused(desk: Desk) -> None:
    with pytest.raises(BadExport, match=r"10/31/2026.*31/10/2026|31/10/2026.*10/31/2026"):
        days(desk, "10/31/2026", "31/10/2026")


def test_dates_in_two_forms_are_refused_as_a_spreadsheet_leaves_them(desk: Desk) -> None:
    with pytest.raises(BadExport, match="two forms"):
        days(desk, "10/31/2026", "05.10.2026")


@pytest.mark.parametrize(
    "written",
    [
        "31.10.2026",
        "31.10.26",
        "31.10.2026 00:00",
        "10/31/26",
        "10/31/2026 0:00",
        "2026/10/31",
        "2026-10-31 00:00:00",
        "2026-10-31T00:00:00+00:00",
        "31-10-2026",
        "20261031",
    ],
)
def test_a_date_is_read_as_programs_write_it_back(desk: Desk, written: str) -> None:
    assert days(desk, written) == ["10-31"]


def test_points_mean_day_before_month(desk: Desk) -> None:
    assert days(desk, "01.10.2026", "01.11.2026") == ["10-01", "11-01"]


def test_each_file_has_its_own_order(desk: Desk) -> None:
    desk.put("in/a.csv", text([ea("1", "31/08/2026"), ea("2", "02/08/2026")]))
    desk.put("in/b.csv", text([ea("4", "09/30/2026"), ea("8", "09/02/2026")]))
    desk.load(str(desk.folder / "in"))
    months = "select month, sum(cost)::integer from billed_lines group by all order by all"
    assert desk.ask(months) == [(date(2026, 8, 1), 3), (date(2026, 9, 1), 12)]


def test_a_file_that_shows_no_order_is_refused_beside_one_that_writes_the_day_first(
    desk: Desk,
) -> None:
    desk.put("in/part_0.csv", text([ea("1", "30/09/2026")]))
    desk.put("in/part_1.csv", text([ea("1", "05/09/2026")]))
    with pytest.raises(BadExport, match=r"part_1\.csv.*part_0\.csv.*--dates dmy"):
        desk.load(str(desk.folder / "in"))
    desk.load(str(desk.folder / "in"), dates="dmy")
    assert [row[0].day for row in desk.bill()] == [5, 30]


def test_files_of_one_day_each_are_judged_together(desk: Desk) -> None:
    for day in ("01", "02", "03"):
        desk.put(f"in/{day}.csv", text([ea("1", f"{day}/09/2026")]))
    with pytest.raises(BadExport, match="--dates dmy"):
        desk.load(str(desk.folder / "in"))
    desk.load(str(desk.folder / "in"), dates="dmy")
    assert [row[0].day for row in desk.bill()] == [1, 2, 3]
