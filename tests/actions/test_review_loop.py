"""The whole loop: an owner decides, the grace passes, a deletion saves, the review covers it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from actions.deletion.delete import delete, plan_deletion
from actions.session import Brakes, Limits
from actions.snapshot.request import Money, SnapshotRequest, months_of_window
from actions.snapshot.take import take_snapshot
from actions.tags import decisions as decide
from collectors.connection.pace import Budget
from collectors.connection.patience import Patience, Stop
from collectors.connection.reading import Reader
from collectors.inventory.scope import Scope
from emulator import Clock, World, steady
from queries.estate.questions import current_deployments
from queries.reports.answers import read_answers
from queries.reports.owners import COLUMNS, index_of, line_of, read_owners
from queries.reports.quarters import quarter_before, quarter_named
from queries.reports.review import Review, review_of
from queries.reports.savings import Saving, savings
from queries.reports.sections import Section
from queries.reports.sheets import write_csv
from queries.reports.writing import as_html, as_markdown
from tests.actions.stage import SECRET, WEEK, Make, Stage, staged
from tests.scene import NOW, ago
from tests.stores import copy_store

pytestmark = pytest.mark.journey

CENT = Decimal("0.01")
JULY = date(2026, 7, 1)
Q3, Q4 = quarter_named("2026-Q3"), quarter_named("2026-Q4")
HOSTILE = '<script>alert("x")</script>|[a](http://b)'


def estate(world: World) -> World:
    """A live deployment, and one that nobody asks since long."""
    workspace = world.subscription("production").resource_group("rg-ML").workspace("ws")
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100}, created_at=ago(300))
    endpoint.deployment("blue", requests=steady(3.0), created_at=ago(200))
    endpoint.deployment("green", created_at=ago(250), tags={"role": "rollback"})
    endpoint.deployment(
        "old",
        created_at=ago(200),
        instances=2,
        tags={"owner": "ann"},
        environment_variables={"TOKEN": SECRET},
    )
    endpoint.deployment("gpu", created_at=ago(200), tags={"owner": HOSTILE})
    return world


FREE = Limits(brakes=replace(Brakes(), share_of_money=Decimal(1)))


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of one look at the estate, with its bill."""
    with staged(tmp_path_factory.mktemp("looked"), estate(World(clock=Clock(NOW))), FREE) as made:
        look(made)
        return made.scene.store.path


@pytest.fixture
def stage(tmp_path: Path, looked: Path) -> Iterator[Stage]:
    """The estate as it was looked at; nothing was asked since."""
    copy_store(looked, tmp_path / "store.duckdb")
    with staged(tmp_path, estate(World(clock=Clock(NOW))), FREE) as made:
        yield made


def look(stage: Stage) -> None:
    """A snapshot with the bill of the months since July."""
    scene, clock = stage.scene, [0.0]

    def wait(seconds: float) -> bool:
        clock[0] += seconds
        return False

    stop = Stop()
    today = scene.clock.now().date()
    months = months_of_window(today, (today - JULY).days)
    snapshot_request = SnapshotRequest(
        scene.cloud.name, None, Scope(), WEEK, money=Money(tuple(months))
    )
    budget = Budget(lambda: clock[0])
    stop.wait = wait  # type: ignore[method-assign]
    patience = Patience(wait, clock=lambda: clock[0])
    with Reader(scene.cloud, scene.credential, stop, None, patience, budget) as reader:
        take_snapshot(scene.store, reader, snapshot_request, scene.clock.now, lambda *_text: None)
    stage.known = stage.ready = None


def reviewed(stage: Stage, *, anew: bool = False) -> Review:
    return review_of(stage.scene.store, Q4, quarter_before(Q4), stage.clock.now(), anew=anew)


def values(part: Section, name: str) -> list[object]:
    """A column, without the sums below it."""
    return [row[part.column(name)] for at, row in enumerate(part.rows) if at not in part.totals]


def parts_of(review: Review, column: str = "amount") -> dict[str, Decimal]:
    """The parts of the bill by the first word of their titles; the tenant has one currency."""
    rows = review.section("bill").records()
    return {str(r["part"]).split(":")[0]: Decimal(str(r[column])) for r in rows if r[column]}


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def answer(stage: Stage, folder: Path, decision: str) -> Path:
    """Ann's file with her decision about `old` filled in, as a spreadsheet would save it."""
    files, limits = read_owners(stage.scene.store)
    (ann,) = [file for file in files if file.owner == "ann"]
    path = folder / f"{ann.name}.csv"
    write_csv(path, COLUMNS, [line_of(row, limits, None) for row in ann.rows])
    (line,) = table_of(path)
    write_csv(path, COLUMNS, [line | {"decision": decision}])
    return path


def deleted(stage: Stage, folder: Path) -> Saving:
    """The decision imported, the grace over, the deployment deleted; its saving after 12 days."""
    answers = read_answers(answer(stage, folder, "retire"), stage.clock.now().date()).answers
    looked = decide.look(stage.session, answers)
    (done,) = decide.apply(stage.session, looked, lambda _text: None)
    assert done.outcome == "done", done.change
    stage.clock.advance(timedelta(days=15))
    look(stage)
    row = stage.scene.rows()["fraud/old"]
    plan = plan_deletion(stage.session, [row])
    plan = delete(stage.session, plan, plan.phrase, {}, lambda _target, _text: None)
    assert [target.outcome for target in plan.targets] == ["deleted"], plan.targets[0].message
    stage.clock.advance(timedelta(days=12))
    look(stage)
    (saving,) = savings(stage.scene.store)
    return saving


def delete_old(stage: Stage) -> None:
    """The deployment deleted at once, its mark waived."""
    overrides = {"retire-mark": "agreed"}
    plan = plan_deletion(stage.session, [stage.scene.rows()["fraud/old"]], overrides)
    plan = delete(stage.session, plan, plan.phrase, overrides, lambda _target, _text: None)
    assert [target.outcome for target in plan.targets] == ["deleted"], plan.targets[0].message


def test_a_decision_becomes_a_saving_on_the_bill_and_a_line_of_the_review(
    stage: Stage, tmp_path: Path
) -> None:
    before = stage.scene.rows()["fraud/old"]
    assert before.verdict == "idle"
    saving = deleted(stage, tmp_path)
    assert saving.state == "realised", saving.reason
    assert saving.deployment == "ws/fraud/old"
    assert saving.forecast is not None
    assert saving.realised is not None
    assert saving.forecast == before.monthly_run_rate
    assert abs(saving.realised - saving.forecast) < saving.forecast / 20
    review = reviewed(stage)
    assert values(review.section("savings"), "state") == ["realised"]
    owners = review.section("owners")
    by_owner = {row["owner"]: row for row in owners.records()}
    assert (by_owner["ann"]["retire"], by_owner["ann"]["unanswered"]) == (1, 0)
    assert (by_owner[HOSTILE]["unanswered"], by_owner[HOSTILE]["which"]) == (1, "ws/fraud/gpu")
    assert "ws/fraud/old" not in [row.path for row in current_deployments(stage.scene.store)]


def test_a_frozen_review_stays_and_the_next_one_tells_the_difference(stage: Stage) -> None:
    earlier = review_of(stage.scene.store, Q3, quarter_before(Q3), stage.clock.now())
    first = reviewed(stage)
    stage.world.extra_charges.clear()
    with stage.scene.store.writing() as connection:
        connection.execute("update cost_lines set cost = cost + 1 where month < '2026-10-01'")
    delete_old(stage)
    stage.clock.advance(timedelta(days=1))
    look(stage)
    assert reviewed(stage) == first
    assert review_of(stage.scene.store, Q3, quarter_before(Q3), stage.clock.now()) == earlier
    again = reviewed(stage, anew=True)
    assert again.sections != first.sections
    assert reviewed(stage) == again
    then, now = parts_of(earlier)["Serving"], parts_of(again, "before")["Serving"]
    assert now > then
    changed = {str(row["what"]): row for row in again.section("since").records()}
    reported = changed["Serving, billed"]
    assert (reported["reviewed"], reported["now"]) == (f"{then:,.2f} EUR", f"{now:,.2f} EUR")
    assert "2026-Q3 was reviewed on" in again.section("since").note


def test_a_saving_that_was_pending_then_is_reported_in_the_next_review(stage: Stage) -> None:
    delete_old(stage)
    then = reviewed(stage)
    assert values(then.section("savings"), "state") == ["pending"]
    stage.clock.advance(timedelta(days=60))
    look(stage)
    q1 = quarter_named("2027-Q1")
    following = review_of(stage.scene.store, q1, Q4, stage.clock.now())
    assert values(following.section("savings"), "state") == ["realised"]
    (text,) = [row for row in following.section("since").records() if "Saving" in str(row["what"])]
    assert str(text["reviewed"]).startswith("pending, not known")
    assert str(text["now"]).startswith("realised, ")
    assert following.section("since").note.endswith("before it had ended.")


def test_the_owners_files_the_money_view_and_the_review_agree_to_the_cent(
    stage: Stage, tmp_path: Path
) -> None:
    files, limits = read_owners(stage.scene.store)
    for file in files:
        path = tmp_path / f"{file.name}.csv"
        write_csv(path, COLUMNS, [line_of(row, limits, None) for row in file.rows])
    lines = [line for path in tmp_path.glob("*.csv") for line in table_of(path)]
    rate = sum((Decimal(line["monthly_run_rate"] or 0) for line in lines), Decimal(0))
    in_files = sum((Decimal(line["cost_in_window"] or 0) for line in lines), Decimal(0))
    ((viewed, in_window),) = stage.scene.sql(
        "select sum(monthly_run_rate), sum(cost_in_window) from deployment_money"
    )
    part = reviewed(stage).section("deployments")
    reported = sum((Decimal(str(v)) for v in values(part, "monthly_run_rate") if v), Decimal(0))
    cost = sum((Decimal(str(v)) for v in values(part, "cost_in_window") if v), Decimal(0))
    assert rate.quantize(CENT) == viewed.quantize(CENT) == reported.quantize(CENT) > 0
    saving = sum((Decimal(line["saving_if_retired"] or 0) for line in lines), Decimal(0))
    promised = sum((Decimal(str(v)) for v in values(part, "saving_proposed") if v), Decimal(0))
    indexed = sum((line["saving_proposed"] or 0 for line in index_of(files, "csv")), Decimal(0))
    assert saving == indexed
    assert saving.quantize(CENT) == promised.quantize(CENT) > 0
    assert {line["saving_if_retired"] for line in lines if not line["proposed"]} == {""}
    (headline,) = [
        row
        for row in reviewed(stage).section("headline").records()
        if row["figure"] == "Could be retired, a month"
    ]
    assert Decimal(str(headline["amount"])).quantize(CENT) == saving.quantize(CENT)
    assert cost.quantize(CENT) == in_window.quantize(CENT) == in_files.quantize(CENT) > 0


def test_the_parts_of_the_bill_add_up_and_name_what_served_nobody(stage: Stage) -> None:
    review = reviewed(stage)
    parts = parts_of(review)
    pieces = ("In use", "Served nobody", "Kept", "Endpoints without a deployment")
    assert sum(parts[name] for name in pieces) + parts.get("Not judged", 0) == parts["Serving"]
    assert parts["Serving"] + parts["Training and shared"] == parts["The whole bill"]
    assert all(parts[name] > 0 for name in pieces[:3])
    weeks = sum(Decimal(str(value)) for value in values(review.section("weeks"), "serving"))
    assert weeks == parts["Serving"]
    figures = {row["figure"]: row for row in review.section("headline").records()}
    assert Decimal(str(figures["Serving"]["amount"])) == parts["Serving"]
    assert review.section("headline").note == review.section("bill").note == ""


def test_nothing_that_owners_write_becomes_markup(stage: Stage) -> None:
    review = reviewed(stage)
    html, text = as_html(review), as_markdown(review)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert r"\|\[a\](http://b)" in text
    assert SECRET not in html + text
    assert not any(word in html for word in ('http-equiv="refresh', 'src="http', "url(http"))


def test_a_month_that_was_not_read_is_named(make_stage: Make) -> None:
    review = reviewed(make_stage(estate(World(clock=Clock(NOW)))))
    assert review.section("headline").note == "The bill of 2026-Q4 lacks 2026-10, 2026-11."
    assert "lacks 2026-07, 2026-08, 2026-09" in review.section("bill").note
