"""The review answers the meeting: each figure by hand, and the same in every report."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.worksheet.worksheet import Worksheet

from actions.deletion.delete import delete, plan_deletion
from actions.session import Brakes, Limits
from actions.tags import decisions as decide
from emulator import Clock, World, steady
from queries.estate.questions import current_deployments, current_read_errors
from queries.reports.answers import Answer
from queries.reports.charts import charts_of
from queries.reports.digest import digest
from queries.reports.owners import index_of, line_of, read_owners
from queries.reports.quarters import quarter_before, quarter_named
from queries.reports.review import Review, frozen, review_of
from queries.reports.savings import saved_by_quarter, savings
from queries.reports.sections import Cell, Section
from queries.reports.writing import as_html, as_markdown, write_review
from queries.store.file import Store
from queries.vocabulary import SERVES_NOBODY
from tests.actions.stage import Stage, staged
from tests.queries.bills import read_bill
from tests.scene import NOW, ago

pytestmark = pytest.mark.journey

DAY = timedelta(days=1)
CENT = Decimal("0.01")
BEGAN = NOW - 45 * DAY
MONTHS = [date(2026, month, 1) for month in range(7, 12)]
Q4 = quarter_named("2026-Q4")
Q3 = quarter_before(Q4)
BUDGET = Decimal(20000)
FREE = Limits(brakes=replace(Brakes(), share_of_money=Decimal(1), share_of_tenant=Decimal(1)))


def estate() -> World:
    """Two subscriptions: one with a team and a cost centre, one with neither of the two."""
    world = World(clock=Clock(BEGAN))
    tags = {"team": "payments", "CostCenter": "4711"}
    home = world.subscription("production", tags=tags).resource_group("rg-ML").workspace("ws")
    endpoint = home.endpoint("fraud", traffic={"blue": 100}, created_at=ago(300))
    endpoint.deployment("blue", requests=steady(3.0), created_at=ago(300), instances=2)
    endpoint.deployment("green", created_at=ago(300), tags={"role": "rollback"})
    endpoint.deployment("old", created_at=ago(300), instances=2, tags={"owner": "ann"})
    endpoint.deployment("gone", created_at=ago(300), tags={"owner": "ANN", "team": "Payments"})
    endpoint.deployment(
        "gpu", created_at=ago(300), instance_type="Standard_NC6s_v3", created_by="grace@x.example"
    )
    lab = world.subscription("lab").resource_group("rg-lab").workspace("lab")
    trial = lab.endpoint("trial", traffic={"a": 100}, created_at=ago(300))
    trial.deployment("a", requests=steady(5), cpu_percent=5.0, instances=4, created_at=ago(300))
    trial.deployment("kept", created_at=ago(300), tags={"role": "rollback"})
    trial.deployment("covered", created_at=ago(300), instance_type="Standard_F8s_v2")
    world.reserved_sizes.add("standard_f8s_v2")
    return world


def look(stage: Stage) -> None:
    today = stage.scene.clock.now().date()
    read_bill(stage.scene, [month for month in MONTHS if month <= today])
    stage.known = stage.ready = None


@dataclass(frozen=True)
class Lived:
    """A quarter that was lived through, and its two reviews."""

    store: Store
    first: Review
    review: Review

    def records(self, name: str) -> list[dict[str, Cell]]:
        """The rows of a section without its sums."""
        part = self.review.section(name)
        return [row for at, row in enumerate(part.records()) if at not in part.totals]

    def sum(self, name: str, column: str) -> Decimal:
        """A column of a section, added up to the cent."""
        known = [row[column] for row in self.records(name) if row[column] not in (None, "")]
        return cents(sum((Decimal(str(value)) for value in known), Decimal(0)))

    def total(self, name: str, column: str) -> Decimal:
        """The sum that a section shows in the only currency."""
        part = self.review.section(name)
        (place,) = part.totals
        return cents(Decimal(str(part.records()[place][column])))

    def sql(self, statement: str) -> Decimal:
        with self.store.reading() as connection:
            found = connection.execute(statement).fetchone()
        assert found is not None
        return cents(found[0])


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with staged(tmp_path_factory.mktemp("lived"), estate(), FREE) as stage:
        look(stage)
        store, clock = stage.scene.store, stage.clock
        first = review_of(store, Q4, Q3, clock.now())
        rows = stage.scene.rows()
        answers = [
            Answer(line, rows[name].id, None, None, "retire", None, "replaced")
            for line, name in enumerate(("fraud/old", "fraud/gone"))
        ]
        for done in decide.apply(stage.session, decide.look(stage.session, answers), print):
            assert done.outcome == "done", done.change
        clock.advance(39 * DAY)
        look(stage)
        plan = plan_deletion(stage.session, [stage.scene.rows()["fraud/gone"]])
        plan = delete(stage.session, plan, plan.phrase, {}, lambda *_words: None)
        assert [target.outcome for target in plan.targets] == ["deleted"]
        clock.advance(6 * DAY)
        look(stage)
        budgets = {"EUR": BUDGET}
        review = review_of(store, Q4, Q3, clock.now(), anew=True, budgets=budgets)
        yield Lived(store, first, review)


def figure(lived: Lived, name: str) -> Decimal:
    rows = {row["figure"]: row for row in lived.review.section("headline").records()}
    return cents(Decimal(str(rows[name]["amount"])))


def test_the_run_rates_agree_between_list_files_index_review_digest_and_sql(lived: Lived) -> None:
    listed = current_deployments(lived.store)
    rate = cents(sum((row.monthly_run_rate or Decimal(0) for row in listed), Decimal(0)))
    files, limits = read_owners(lived.store)
    lines = [line_of(row, limits, None) for file in files for row in file.rows]
    index = index_of(files, "csv")
    for rows in (lines, index, lived.records("deployments")):
        found = [Decimal(str(row["monthly_run_rate"])) for row in rows if row["monthly_run_rate"]]
        assert cents(sum(found, Decimal(0))) == rate > 0
    assert lived.sum("owner_tags", "monthly_run_rate") == rate
    assert lived.total("owner_tags", "monthly_run_rate") == rate
    by_owner = "select sum(monthly_run_rate) from money_by_group where grouping_name = 'owner'"
    assert lived.sql(by_owner) == rate
    silent = [row for row in listed if row.verdict in SERVES_NOBODY]
    waste = cents(sum((row.monthly_run_rate or Decimal(0) for row in silent), Decimal(0)))
    assert lived.sql(by_owner.replace("monthly_run_rate", "waste_per_month")) == waste > 0
    assert lived.sum("idle", "monthly_run_rate") == lived.total("idle", "monthly_run_rate") == waste
    assert lived.sum("proposals", "monthly_run_rate") == waste
    assert lived.sum("deployments", "saving_proposed") == waste
    assert figure(lived, "Could be retired, a month") == waste
    text = digest(listed, current_read_errors(lived.store), [], NOW.date(), 5)
    assert f"{len(silent)} of {len(listed)} deployments serve nobody: {waste:,.0f} EUR" in text


def test_what_was_billed_agrees_between_every_question_and_sql(lived: Lived) -> None:
    bill = {str(row["part"]): row["amount"] for row in lived.review.section("bill").records()}
    serving = cents(Decimal(str(bill["Serving"])))
    nobody = cents(Decimal(str(bill["Served nobody: idle, failed"])))
    whole = "select sum(cost) from costs where day >= '2026-10-01'"
    assert cents(Decimal(str(bill["The whole bill"]))) == lived.sql(whole)
    assert serving == lived.sql(f"{whole} and part <> 'training and shared'") > nobody > 0
    assert lived.sum("weeks", "serving") == serving == figure(lived, "Serving")
    for name in ("teams", "cost_centers", "subscriptions", "gpu_families"):
        assert lived.sum(name, "spent") == lived.total(name, "spent") == serving, name
        assert lived.sum(name, "served_nobody") == nobody == lived.total(name, "served_nobody")
    assert lived.sum("waste", "served_nobody") == nobody == figure(lived, "Served nobody")
    (quarter,) = [row for row in lived.records("quarters") if row["quarter"] == "2026-Q4"]
    assert cents(Decimal(str(quarter["serving"]))) == serving
    (forecast,) = [row for row in lived.records("forecast") if row["part"] == "Serving"]
    assert cents(Decimal(str(forecast["billed"]))) == serving
    endpoints = lived.sum("endpoint_costs", "cost")
    assert endpoints == serving


def test_what_was_saved_agrees_between_savings_review_and_sql(lived: Lived) -> None:
    (saving,) = savings(lived.store)
    assert saving.saved is not None
    saved = cents(saving.saved)
    (quarter,) = saved_by_quarter([saving])
    assert cents(quarter.saved) == saved > 0
    assert lived.sql("select sum(saved) from savings_by_quarter where quarter = '2026-Q4'") == saved
    assert lived.sum("savings", "saved") == lived.total("savings", "saved") == saved
    assert lived.sum("quarters", "saved") == saved
    assert figure(lived, "Saved this quarter") == figure(lived, "Saved since the start") == saved


def test_what_is_idle_is_listed_with_evidence_money_owner_and_answer(lived: Lived) -> None:
    idle = {str(row["deployment"]): row for row in lived.records("idle")}
    assert set(idle) == {"ws/fraud/old", "ws/fraud/gpu", "lab/trial/covered"}
    old = idle["ws/fraud/old"]
    assert (old["verdict"], old["owner"]) == ("idle", "ann")
    assert int(str(old["idle_days"])) > 35
    assert old["proposed_since"] == BEGAN.date().isoformat()
    assert re.fullmatch(r"retire( until [\d-]+)?, 2026-10-\d\d by .+", str(old["answer"]))
    assert str(old["answer"]).endswith(": replaced")
    assert Decimal(str(old["cost_since_idle"])) > Decimal(str(old["monthly_run_rate"]))
    assert old["saving"] == old["monthly_run_rate"]
    assert idle["ws/fraud/gpu"]["answer"] is None


def test_a_reservation_is_no_saving_though_nothing_is_asked(lived: Lived) -> None:
    (row,) = [r for r in lived.records("idle") if r["deployment"] == "lab/trial/covered"]
    assert Decimal(str(row["saving"])) == 0
    assert "the bill will not fall" in str(row["what_is_to_know"])


def test_money_is_grouped_by_team_cost_centre_subscription_and_gpu_family(lived: Lived) -> None:
    def names(section: str) -> set[object]:
        return {row["name"] for row in lived.records(section)}

    assert names("teams") == {"payments", None}
    assert names("cost_centers") == {"4711", None}
    assert len(names("subscriptions")) == 2
    assert names("gpu_families") == {"NCSv3", "no GPU", None}
    owners = [str(row["owner"]).lower() for row in lived.records("waste")]
    assert owners.count("ann") == 1
    gpu = next(row for row in lived.records("gpu_families") if row["name"] == "NCSv3")
    assert gpu["spent"] == gpu["served_nobody"]
    billed = "select sum(cost) from costs where deployment = 'gpu' and day >= '2026-10-01'"
    assert cents(Decimal(str(gpu["spent"]))) == lived.sql(billed)


def test_the_forecast_goes_on_at_the_rate_of_the_newest_settled_days(lived: Lived) -> None:
    (row,) = [row for row in lived.records("forecast") if row["part"] == "Serving"]
    through = date.fromisoformat(str(row["settled_through"]))
    serving = "select sum(cost) from costs where part <> 'training and shared' and day"
    settled = lived.sql(f"{serving} between '2026-10-01' and '{through}'")
    newest = lived.sql(f"{serving} between '{through - 6 * DAY}' and '{through}'")
    days_left = (Q4.last_day - through).days
    assert row["days_left"] == days_left > 30
    expected = settled + newest / 7 * days_left
    assert abs(Decimal(str(row["forecast"])) - expected) < Decimal("0.1")
    assert Decimal(str(row["budget"])) == BUDGET
    assert row["share"] == pytest.approx(float(expected / BUDGET * 100), abs=0.1)
    (whole,) = [row for row in lived.records("forecast") if row["part"] == "The whole bill"]
    assert whole["budget"] == ""


def test_without_the_whole_bill_there_is_no_forecast(lived: Lived, tmp_path: Path) -> None:
    with staged(tmp_path, estate(), FREE) as stage:
        read_bill(stage.scene, [])
        empty = review_of(stage.scene.store, Q4, Q3, stage.clock.now())
        assert empty.section("forecast").rows == ()
        stage.clock.advance(45 * DAY)
        read_bill(stage.scene, [date(2026, 11, 1)])
        review = review_of(stage.scene.store, Q4, Q3, stage.clock.now(), anew=True)
    records = review.section("forecast").records()
    assert [row["forecast"] for row in records] == [None, None]
    assert "Without it there is no forecast" in review.section("forecast").note


def test_a_thousand_requests_cost_what_was_billed_on_days_that_were_read(lived: Lived) -> None:
    rows = {str(row["endpoint"]): row for row in lived.records("endpoint_costs")}
    fraud = rows["ws/fraud"]
    days, requests = int(str(fraud["days"])), int(str(fraud["requests"]))
    assert requests == pytest.approx(days * 3 * 1440, rel=0.02)
    assert days > 40
    # Of the days between the first snapshot and the window of the next no metrics were read.
    unread = f"day between '{BEGAN.date()}' and '{BEGAN.date() + 3 * DAY}'"
    cost = "select sum(cost) from costs where endpoint = 'fraud' and day >= '2026-10-01'"
    assert cents(Decimal(str(fraud["cost"]))) == lived.sql(cost)
    known = Decimal(str(fraud["per_thousand"])) * requests / 1000
    assert cents(known) == lived.sql(f"{cost} and not ({unread})") < lived.sql(cost)


def test_what_could_run_on_less_is_added_up(lived: Lived) -> None:
    sizes = "select sum(saving_per_month) from right_sizing"
    assert lived.total("right_sizing", "saving_per_month") == lived.sql(sizes) > 0
    assert [row["deployment"] for row in lived.records("right_sizing")][0] == "lab/trial/a"


def test_owner_tags_are_told_from_guesses_and_from_nobody(lived: Lived) -> None:
    found = {str(row["owner"]): row["deployments"] for row in lived.records("owner_tags")}
    assert found["named by a tag"] == 1
    assert sum(int(str(count)) for count in found.values()) == 7


def test_what_changed_since_the_quarter_was_frozen_is_named(lived: Lived) -> None:
    assert lived.first.section("since_frozen").empty == "2026-Q4 was not reviewed before."
    part = lived.review.section("since_frozen")
    assert "before it had ended" in part.note
    changed = {str(row["what"]): row for row in part.records()}
    serving = figure(lived, "Serving")
    assert changed["Serving, billed"]["now"] == f"{serving:,.2f} EUR"


def workbook(review: Review, folder: Path) -> Workbook:
    path = folder / "review.xlsx"
    write_review(review, path)
    return load_workbook(io.BytesIO(path.read_bytes()))


def cells(sheet: Worksheet, of: str) -> dict[str, SheetCell]:
    """The line of a sheet that begins so, by the heads."""
    heads = [str(cell.value) for cell in sheet[3]]
    line = next(row for row in sheet.iter_rows(min_row=4) if row[0].value == of)
    return dict(zip(heads, (cell for cell in line if isinstance(cell, SheetCell)), strict=True))


def test_a_workbook_has_a_sheet_for_each_question_with_numbers_and_dates(
    lived: Lived, tmp_path: Path
) -> None:
    book = workbook(lived.review, tmp_path)
    assert len(book.sheetnames) == len(lived.review.sections)
    sheet = book["idle"]
    assert sheet["A1"].value == lived.review.section("idle").question
    line = cells(sheet, "ws/fraud/old")
    money, since = line["Cost since idle"], line["Proposed since (UTC)"]
    assert isinstance(money.value, float | Decimal)
    assert money.number_format == "#,##0.00"
    assert isinstance(since.value, datetime)
    assert since.value.date() == BEGAN.date()
    assert since.number_format == "yyyy-mm-dd"
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:N6"
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in line.values()]
    assert all(9 <= width < 61 for width in widths)


def test_no_cell_of_the_workbook_is_a_formula_and_nothing_unknown_is_a_number(
    lived: Lived, tmp_path: Path
) -> None:
    book = workbook(lived.review, tmp_path)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in found if cell.data_type == "f"]
    assert cells(book["quarters"], "2026-Q3")["Saved"].value == "–"


def test_a_review_that_an_earlier_version_froze_is_written_in_every_form(
    lived: Lived, tmp_path: Path
) -> None:
    known = {"headline", "bill", "since", "weeks", "waste", "deployments", "savings", "unknown"}
    with lived.store.noting() as connection:
        ((facts,),) = connection.execute(
            "select facts from reviews order by frozen_at desc limit 1"
        ).fetchall()
        held = json.loads(facts)
        held["sections"] = [part for part in held["sections"] if part["name"] in known]
        held["sections"] = [part for part in held["sections"] if part["name"] != "weeks"]
        held["first_day"] = "2026-07-01"
        connection.execute(
            "insert into reviews by name select '2026-Q3' as quarter, frozen_at, ? as facts"
            " from reviews limit 1",
            [json.dumps(held)],
        )
    earlier = frozen(lived.store, Q3)
    assert earlier is not None
    assert earlier.find("idle") is None
    assert "weeks" not in charts_of(earlier)
    assert "What did serving cost" in as_html(earlier)
    assert "What did serving cost" in as_markdown(earlier)
    assert "idle" not in workbook(earlier, tmp_path).sheetnames
    following = review_of(lived.store, Q4, Q3, NOW + DAY, anew=True)
    assert isinstance(following.section("since"), Section)
