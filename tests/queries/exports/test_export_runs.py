"""Two runs of one month are never added up, and a month does not shrink by itself."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from queries.exports.files import BadExport
from queries.exports.reading import ACTUAL, AMORTIZED
from tests.queries.exports.test_exports import OTHER, SUB, Desk, ea, ends, focus, tags, text, ws

RUN_1 = "ml/20261001-20261031/1c2d3e4f-0000-4000-8000-00000000000a"
RUN_2 = "ml/20261001-20261031/6f9b0d6e-0000-4000-8000-00000000000b"
INVOICED = ["InvoiceId", "SubscriptionId", "Date", "CostInBillingCurrency", "ResourceId", "Tags"]
INVOICED += ["BillingCurrencyCode", "MeterId"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def invoiced(cost: str, day: str = "10/05/2026", invoice: str = "", **more: str) -> dict[str, str]:
    row = ea(cost, day, InvoiceId=invoice, MeterId="meter-1") | more
    return {name: row.get(name, "") for name in INVOICED}


def run(desk: Desk, folder: str, *parts: list[dict[str, str]]) -> str:
    """A run of an export: a folder with its parts."""
    for number, rows in enumerate(parts):
        desk.put(f"{folder}/part_{number}_0001.csv", text(rows, INVOICED))
    return str(desk.folder / folder)


@pytest.mark.parametrize("folders", [(RUN_1, RUN_2), ("monday", "tuesday")])
@pytest.mark.parametrize("restated", ["1", "1.5"])
def test_two_runs_of_one_month_are_refused_and_both_named(
    desk: Desk, folders: tuple[str, str], restated: str
) -> None:
    desk.load(desk.put("known.csv", text([ea("9")])))
    first = [invoiced("1"), invoiced("2", "10/06/2026")]
    again = [invoiced(restated, invoice="INV"), invoiced("2", "10/06/2026", "INV")]
    more = [invoiced("7", "10/07/2026", "INV")]
    names = run(desk, folders[0], first), run(desk, folders[1], again, more)
    with pytest.raises(BadExport) as failure:
        desk.load(*names)
    assert all(f"{name}/part_0_0001.csv" in str(failure.value) for name in names)
    assert "from 2026-10-05 on" in str(failure.value)
    assert desk.total() == Decimal(9)


def test_two_runs_are_refused_in_focus_without_any_meter(desk: Desk) -> None:
    desk.put("monday/part_0_0001.csv", text([focus("1", "1")], ["InvoiceId", *_focus()]))
    desk.put("tuesday/part_0_0001.csv", text([focus("2", "2")], ["InvoiceId", *_focus()]))
    with pytest.raises(BadExport, match="hold the same rows at other costs"):
        desk.load(str(desk.folder))


def test_rows_that_name_their_meter_by_different_columns_may_be_the_same(desk: Desk) -> None:
    desk.put("a.csv", text([invoiced("1")], INVOICED))
    desk.put("b.csv", text([ea("2")]))
    with pytest.raises(BadExport, match="hold the same rows at other costs"):
        desk.load(str(desk.folder))


def _focus() -> list[str]:
    return list(focus("0", "0"))


def test_runs_of_one_export_are_refused_where_they_share_no_more_than_a_day(desk: Desk) -> None:
    run(desk, RUN_1, [invoiced("1")])
    run(desk, RUN_2, [invoiced("2", Tags=tags("fraud", "green"))])
    with pytest.raises(BadExport, match="two runs of one export"):
        desk.load(str(desk.folder))


@pytest.mark.parametrize(
    "folders",
    [
        ("ml/20261001-20261031/202611020400/" + RUN_1[-36:],
         "ml/20261001-20261031/202611030400/" + RUN_2[-36:]),
        ("ml/20261001-20261031", "copy/20261001-20261031"),
    ],
)  # fmt: skip
def test_runs_are_distinguished_in_every_layout_of_folders(
    desk: Desk, folders: tuple[str, str]
) -> None:
    for folder, cost in zip(folders, ("1", "1.1"), strict=True):
        run(desk, folder, [invoiced(cost)])
    with pytest.raises(BadExport):
        desk.load(str(desk.folder))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ml_20261105.csv", "ml_20261106.csv"),
        ("part_0_0001.csv", "part_0_0001 (1).csv"),
        ("part_20261105.csv", "part_20261106.csv"),
        ("october_part1_20261105.csv", "october_part1_20261106.csv"),
        (f"ml_{RUN_1[-36:]}.csv", f"ml_{RUN_2[-36:]}.csv"),
        (f"{RUN_1[-36:]}_part_0.csv", f"{RUN_2[-36:]}_part_0.csv"),
    ],
)
def test_two_runs_in_one_folder_are_no_parts_of_one(desk: Desk, one: str, other: str) -> None:
    desk.put(f"in/{one}", text([ea("1"), ea("3", "10/06/2026")]))
    desk.put(f"in/{other}", text([ea("1.5"), ea("3.5", "10/06/2026")]))
    with pytest.raises(BadExport) as failure:
        desk.load(str(desk.folder / "in"))
    assert f"/{one} " in str(failure.value)
    assert f"/{other} " in str(failure.value)


@pytest.mark.parametrize(
    "name",
    [
        "part_{}_0001.csv",
        "part_{}.csv",
        "october.part{}.csv",
        f"part-0000{{}}-{RUN_1[-36:]}-c000.csv",
        f"{RUN_1[-36:]}__part_{{}}_0001.csv",
        f"ml_{RUN_1[-36:]}_00000{{}}.csv",
    ],
)
def test_the_parts_of_a_run_load_whole_though_they_bill_the_same(desk: Desk, name: str) -> None:
    for number, cost in enumerate(("1", "2", "4")):
        rows = [invoiced(cost), invoiced(cost, f"10/1{number}/2026")]
        desk.put("run/" + name.format(number), text(rows, INVOICED))
    desk.load(str(desk.folder / "run"))
    assert desk.total() == Decimal(14)


def test_a_day_cut_evenly_between_two_parts_is_no_repeat(desk: Desk) -> None:
    # The same deployment every hour; the parts differ in their other days.
    day = [invoiced("1")] * 12
    early, late = invoiced("5", "10/04/2026"), invoiced("6", "10/06/2026")
    desk.load(run(desk, RUN_1, [early, *day], [*day, late]))
    assert desk.total() == Decimal(35)


def test_a_part_that_an_older_run_left_behind_is_refused(desk: Desk) -> None:
    rows = [invoiced("1"), invoiced("2", "10/06/2026")]
    left = [row | {"InvoiceId": "OLD"} for row in rows]
    with pytest.raises(BadExport, match="hold the same rows"):
        desk.load(run(desk, RUN_1, [*rows, invoiced("3", "10/07/2026")], left))


def test_runs_that_differ_in_invoice_numbers_alone_count_once(desk: Desk) -> None:
    early, late = ("1", "10/05/2026"), ("2", "10/06/2026")
    first = run(desk, RUN_1, [invoiced(*early), invoiced(*late)])
    second = run(desk, RUN_2, [invoiced(*early, "INV")], [invoiced(*late, "INV")])
    report = desk.load(first, second)
    assert desk.total() == Decimal(3)
    assert sum(ends(report).values()) == 2
    assert not report.is_partial
    [note] = report.notes
    assert note == (
        f"{second}/part_0_0001.csv: 2026-10 of {SUB} holds the same rows as"
        f" {first}/part_0_0001.csv, and counts once"
    )


def test_a_run_that_shares_a_part_with_an_equal_one_counts_once(desk: Desk) -> None:
    first = run(desk, RUN_1, [invoiced("1")], [invoiced("2", "10/06/2026")])
    second = run(desk, RUN_2, [invoiced("1")], [invoiced("2", "10/06/2026", "INV")])
    desk.load(first, second)
    assert desk.total() == Decimal(3)


def test_a_run_that_shares_a_part_with_a_shorter_one_is_refused(desk: Desk) -> None:
    run(desk, RUN_1, [invoiced("1")])
    run(desk, RUN_2, [invoiced("1")], [invoiced("2", "10/06/2026")])
    with pytest.raises(BadExport, match="two runs of one export"):
        desk.load(str(desk.folder))


def test_a_month_that_only_one_of_two_equal_runs_has_is_loaded(desk: Desk) -> None:
    first = run(desk, RUN_1, [invoiced("1")])
    second = run(desk, RUN_2, [invoiced("1", invoice="INV"), invoiced("2", "11/20/2026")])
    desk.load(first, second)
    assert desk.total() == Decimal(3)


def test_exports_of_other_subscriptions_groups_and_days_are_one_bill(desk: Desk) -> None:
    run(desk, f"all/{RUN_1}", [invoiced("1")])
    run(desk, f"group/{RUN_2}", [invoiced("2", ResourceId=ws("lab"))])
    other = {"SubscriptionId": OTHER, "ResourceId": ws("ws", OTHER)}
    run(desk, RUN_1, [invoiced("4", **other)])
    run(desk, RUN_2, [invoiced("8", "10/20/2026", **other)])
    desk.load(str(desk.folder))
    assert desk.total() == Decimal(15)


def test_an_amortized_bill_beside_an_actual_one_is_no_second_run(desk: Desk) -> None:
    desk.put("actual/part_0.csv", text([ea("0", PricingModel="Reservation"), ea("1")]))
    desk.put("amortized/part_0.csv", text([ea("3", PricingModel="Reservation"), ea("1")]))
    desk.load(str(desk.folder))
    assert desk.by_basis() == {ACTUAL: Decimal(1), AMORTIZED: Decimal(4)}


def month(cost: int, **more: str) -> list[dict[str, str]]:
    """Three days of two deployments and of training, each at `cost`."""
    kinds = (tags("fraud", "blue"), tags("fraud", "green"), "")
    days = (f"10/0{day}/2026" for day in (1, 2, 3))
    return [ea(str(cost), day, Tags=kind, **more) for day in days for kind in kinds]


def test_a_month_that_shrank_replaces_the_known_one_only_when_told_to(desk: Desk) -> None:
    desk.load(desk.put("a.csv", text(month(10))))
    path = desk.put("b.csv", text(month(1)))
    report = desk.load(path)
    assert report.is_partial
    assert desk.total() == Decimal(90)
    [note] = report.notes
    assert note.startswith(f"2026-10 of {SUB} (ActualCost): the export bills 9.00 USD where the")
    assert "the store knows 90.00 USD" in note
    assert "--replace takes the export's" in note
    assert not desk.load(path, replace_longer=True).is_partial
    assert desk.total() == Decimal(9)


def test_a_month_that_lost_its_deployments_replaces_the_known_one_only_when_told_to(
    desk: Desk,
) -> None:
    desk.load(desk.put("a.csv", text(month(10))))
    rows = [row | {"Tags": ""} for row in month(10)]
    path = desk.put("b.csv", text(rows))
    report = desk.load(path)
    assert report.is_partial
    assert desk.total() == Decimal(90)
    [note] = report.notes
    assert "bills 0.00 USD on deployments where the store knows 60.00 USD" in note
    assert not desk.load(path, replace_longer=True).is_partial
    assert desk.ask("select distinct endpoint from billed_lines") == [(None,)]


def test_a_month_without_any_row_of_a_workspace_is_kept_and_said(desk: Desk) -> None:
    desk.load(desk.put("a.csv", text(month(10))))
    machine = f"/subscriptions/{SUB}/resourceGroups/rg/providers/A.B/c/d"
    rows = [row | {"Tags": ""} for row in month(10, ResourceId=machine)]
    report = desk.load(desk.put("b.csv", text(rows)))
    assert report.is_partial
    assert desk.total() == Decimal(90)


@pytest.mark.parametrize(("cost", "stays"), [("98", False), ("97.99", True)])
def test_a_month_may_fall_by_two_in_a_hundred(desk: Desk, cost: str, stays: bool) -> None:
    desk.load(desk.put("a.csv", text([ea("100")])))
    assert desk.load(desk.put("b.csv", text([ea(cost)]))).is_partial is stays
    assert desk.total() == Decimal("100" if stays else cost)


def test_a_currency_that_fell_is_not_hidden_by_another_that_rose(desk: Desk) -> None:
    euros = {"BillingCurrencyCode": "EUR", "ResourceId": ws("lab")}
    desk.load(desk.put("a.csv", text([ea("10"), ea("10", **euros)])))
    report = desk.load(desk.put("b.csv", text([ea("100"), ea("1", **euros)])))
    assert report.is_partial
    assert "bills 1.00 EUR where the store knows 10.00 EUR" in report.notes[0]
    assert desk.total() == Decimal(20)


def test_amortized_cost_below_the_known_actual_one_is_no_fall(desk: Desk) -> None:
    path = desk.put("a.csv", text([focus("10", "1")], _focus()))
    desk.load(path)
    assert not desk.load(path, basis=AMORTIZED).is_partial
    assert desk.by_basis() == {ACTUAL: Decimal(10), AMORTIZED: Decimal(1)}


def test_a_credit_that_the_store_knows_may_be_smaller(desk: Desk) -> None:
    desk.load(desk.put("a.csv", text([ea("-10")])))
    assert not desk.load(desk.put("b.csv", text([ea("-5")]))).is_partial
    assert desk.load(desk.put("c.csv", text([ea("-6")]))).is_partial
    assert desk.total() == Decimal(-5)
