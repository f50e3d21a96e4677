"""The whole loop: an owner decides, the grace passes, a deletion saves, the review tells of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from actions import decide
from actions.delete import delete, plan_deletion
from actions.operator import Brakes, Limits
from collectors.pace import Budget
from collectors.patience import Patience, Stop
from collectors.reading import Reader
from collectors.scope import Scope
from emulator import World, steady
from queries.estate import current_deployments
from queries.money import Money
from queries.reports.answers import read_answers
from queries.reports.owners import COLUMNS, index_of, line_of, read_owners
from queries.reports.quarters import quarter_before, quarter_named
from queries.reports.review import Review, review_of
from queries.reports.savings import Saving, savings
from queries.reports.sections import Section
from queries.reports.sheets import write_csv
from queries.reports.writing import as_html, as_markdown
from queries.snapshot import Occasion, take_snapshot
from tests.actions.stage import SECRET, WEEK, Make, Stage
from tests.scene import ago

CENT = Decimal("0.01")
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


@pytest.fixture
def stage(make_stage: Make, world: World) -> Stage:
    limits = Limits(brakes=replace(Brakes(), share_of_money=Decimal(1)))
    return make_stage(estate(world), limits)


def look(stage: Stage) -> None:
    """A snapshot with the bill of the months since July."""
    scene, clock = stage.scene, [0.0]

    def wait(seconds: float) -> bool:
        clock[0] += seconds
        return False

    stop = Stop()
    today = scene.clock.now().date()
    months = [today.replace(month=month, day=1) for month in range(today.month, 6, -1)]
    occasion = Occasion(scene.cloud.name, None, Scope(), WEEK, money=Money(tuple(months)))
    budget = Budget(lambda: clock[0])
    stop.wait = wait  # type: ignore[method-assign]
    patience = Patience(wait, clock=lambda: clock[0])
    with Reader(scene.cloud, scene.credential, stop, None, patience, budget) as reader:
        take_snapshot(scene.store, reader, occasion, scene.clock.now, lambda *_told: None)
    stage.known = stage.ready = None


def reviewed(stage: Stage, *, anew: bool = False) -> Review:
    return review_of(stage.scene.store, Q4, quarter_before(Q4), stage.clock.now(), anew=anew)


def values(part: Section, name: str) -> list[object]:
    return [row[part.column(name)] for row in part.rows]


def answer(stage: Stage, folder: Path, decision: str) -> Path:
    """Ann's file with her decision about `old` filled in, as a spreadsheet would save it."""
    files, limits = read_owners(stage.scene.store)
    (ann,) = [file for file in files if file.owner == "ann"]
    path = folder / f"{ann.name}.csv"
    write_csv(path, COLUMNS, [line_of(row, limits, None) for row in ann.rows])
    with path.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    write_csv(path, COLUMNS, [line | {"decision": decision}])
    return path


def deleted(stage: Stage, folder: Path) -> Saving:
    """The decision imported, the grace over, the deployment deleted; its saving after 12 days."""
    answers = read_answers(answer(stage, folder, "retire")).answers
    looked = decide.look(stage.operator, answers)
    (done,) = decide.apply(stage.operator, looked, lambda _told: None)
    assert done.outcome == "done", done.change
    stage.clock.advance(timedelta(days=15))
    look(stage)
    row = stage.scene.rows()["fraud/old"]
    plan = plan_deletion(stage.operator, [row])
    plan = delete(stage.operator, plan, plan.phrase, {}, lambda _target, _told: None)
    assert [target.outcome for target in plan.targets] == ["deleted"], plan.targets[0].message
    stage.clock.advance(timedelta(days=12))
    look(stage)
    (saving,) = savings(stage.scene.store)
    return saving


def test_a_decision_becomes_a_saving_on_the_bill_and_a_line_of_the_review(
    stage: Stage, tmp_path: Path
) -> None:
    look(stage)
    before = stage.scene.rows()["fraud/old"]
    assert before.verdict == "idle"
    saving = deleted(stage, tmp_path)
    assert saving.state == "realised", saving.told
    assert saving.deployment == "ws/fraud/old"
    assert saving.forecast is not None
    assert saving.realised is not None
    assert saving.forecast == before.monthly_run_rate
    assert abs(saving.realised - saving.forecast) < saving.forecast / 20
    review = reviewed(stage)
    assert values(review.section("savings"), "state") == ["realised"]
    owners = review.section("owners")
    by_owner = dict(zip(values(owners, "owner"), values(owners, "retire"), strict=True))
    assert by_owner["ann"] == 1
    assert "ws/fraud/old" not in [row.path for row in current_deployments(stage.scene.store)]


def test_a_saving_is_pending_until_a_week_is_billed(stage: Stage) -> None:
    look(stage)
    row = stage.scene.rows()["fraud/old"]
    overrides = {"retire-mark": "agreed"}
    plan = plan_deletion(stage.operator, [row], overrides)
    delete(stage.operator, plan, plan.phrase, overrides, lambda _target, _told: None)
    look(stage)
    (saving,) = savings(stage.scene.store)
    assert (saving.state, saving.realised) == ("pending", None)
    stage.clock.advance(timedelta(days=8))
    look(stage)
    (saving,) = savings(stage.scene.store)
    assert saving.state == "pending"
    stage.clock.advance(timedelta(days=2))
    look(stage)
    (saving,) = savings(stage.scene.store)
    assert saving.state == "realised"


def test_what_other_deployments_of_the_endpoint_grew_is_told(stage: Stage) -> None:
    look(stage)
    overrides = {"retire-mark": "agreed"}
    plan = plan_deletion(stage.operator, [stage.scene.rows()["fraud/old"]], overrides)
    delete(stage.operator, plan, plan.phrase, overrides, lambda _target, _told: None)
    fraud = stage.world.find("ws/fraud")
    fraud.deployment("heir", instances=2, created_at=stage.clock.now())
    stage.clock.advance(timedelta(days=12))
    look(stage)
    (saving,) = savings(stage.scene.store)
    assert saving.state == "grown elsewhere"
    assert saving.realised is not None
    assert saving.net is not None
    assert saving.net < saving.realised / 2


def test_a_frozen_review_stays_and_the_next_one_tells_the_difference(
    stage: Stage, tmp_path: Path
) -> None:
    look(stage)
    earlier = review_of(stage.scene.store, Q3, quarter_before(Q3), stage.clock.now())
    first = reviewed(stage)
    stage.world.extra_charges.clear()
    with stage.scene.store.writing() as connection:
        connection.execute("update cost_lines set cost = cost + 1 where month < '2026-10-01'")
    deleted(stage, tmp_path)
    assert reviewed(stage) == first
    assert review_of(stage.scene.store, Q3, quarter_before(Q3), stage.clock.now()) == earlier
    again = reviewed(stage, anew=True)
    assert again.sections != first.sections
    assert reviewed(stage) == again
    bill = again.section("bill")
    (now,), (then,) = values(bill, "serving_before"), values(bill, "serving_before_as_reviewed")
    assert then == values(earlier.section("bill"), "serving")[0]
    assert Decimal(str(now)) > Decimal(str(then))


def test_the_owners_files_the_money_view_and_the_review_agree_to_the_cent(stage: Stage) -> None:
    look(stage)
    files, _limits = read_owners(stage.scene.store)
    rates = [line["monthly_run_rate"] for line in index_of(files, "csv")]
    rate = sum(filter(None, rates), Decimal(0))
    ((viewed, in_window),) = stage.scene.sql(
        "select sum(monthly_run_rate), sum(cost_in_window) from deployment_money"
    )
    part = reviewed(stage).section("deployments")
    told = sum((Decimal(str(v)) for v in values(part, "monthly_run_rate") if v), Decimal(0))
    cost = sum((Decimal(str(v)) for v in values(part, "cost_in_window") if v), Decimal(0))
    assert rate.quantize(CENT) == viewed.quantize(CENT) == told.quantize(CENT) > 0
    assert cost.quantize(CENT) == in_window.quantize(CENT) > 0


def test_the_parts_of_the_bill_add_up_and_name_what_served_nobody(stage: Stage) -> None:
    look(stage)
    part = reviewed(stage).section("bill")
    (row,) = [dict(zip([c.name for c in part.columns], row, strict=True)) for row in part.rows]
    amounts = {name: Decimal(str(row[name])) for name in row if name not in ("currency",)
               and row[name] is not None and name != "billed_through"}  # fmt: skip
    pieces = ("in_use", "served_nobody", "kept", "not_judged", "endpoints_alone")
    assert sum(amounts[name] for name in pieces) == amounts["serving"]
    assert amounts["serving"] + amounts["elsewhere"] == amounts["bill"]
    assert all(amounts[name] > 0 for name in ("in_use", "served_nobody", "kept"))
    assert part.note == ""


def test_nothing_that_owners_write_becomes_markup(stage: Stage) -> None:
    look(stage)
    review = reviewed(stage)
    html, text = as_html(review), as_markdown(review)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert r"\|\[a\](http://b)" in text
    assert SECRET not in html + text
    assert not any(word in html for word in ('http-equiv="refresh', 'src="http', "url(http"))


def test_a_month_that_was_not_read_is_named(stage: Stage) -> None:
    assert "The bill lacks 2026-10 of" in reviewed(stage).section("bill").note
