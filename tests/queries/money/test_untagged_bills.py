"""A bill whose lines name no deployment says nothing of what one costs: not known, and never 0."""

from __future__ import annotations

from decimal import Decimal

from emulator import Workspace, World, steady
from queries.reports.gathered import gather
from queries.reports.groups_of_review import spent
from queries.reports.headline_of_review import headline
from queries.reports.money_of_review import bill, weeks
from queries.reports.quarters import quarter_named
from queries.reports.trends_of_review import forecast, quarters
from tests.queries.money.test_money import billed
from tests.scene import NOW, Scene, SceneOf, ago

QUARTERS = quarter_named("2026-Q4"), quarter_named("2026-Q3")


def without_tags(
    world: World, workspace: Workspace, scene_of: SceneOf, *, tags: bool = False
) -> Scene:
    endpoint = workspace.endpoint("score", traffic={"blue": 100}, created_at=ago(200))
    endpoint.deployment("blue", requests=steady(2.0), created_at=ago(200))
    endpoint.deployment("old", created_at=ago(200))
    world.bill_has_tags = tags
    scene = scene_of(world)
    billed(scene)
    return scene


def test_the_cost_of_each_deployment_is_not_known(
    world: World, workspace: Workspace, scene_of: SceneOf
) -> None:
    row = without_tags(world, workspace, scene_of).rows()["score/old"]
    assert (row.cost_in_window, row.month_to_date, row.billed_per_month) == (None, None, None)
    assert row.list_price_per_month is not None
    assert (row.monthly_run_rate, row.run_rate_source) == (row.list_price_per_month, "list")
    assert "bill-without-tags" in row.findings.codes
    assert "the bill carries no deployment tags" in " ".join(row.findings.sentences)


def test_a_bill_with_tags_has_no_such_finding(
    world: World, workspace: Workspace, scene_of: SceneOf
) -> None:
    row = without_tags(world, workspace, scene_of, tags=True).rows()["score/old"]
    assert row.cost_in_window is not None
    assert "bill-without-tags" not in row.findings.codes


def test_a_review_says_that_serving_is_not_known_and_what_the_whole_bill_is(
    world: World, workspace: Workspace, scene_of: SceneOf
) -> None:
    scene = without_tags(world, workspace, scene_of)
    gathered = gather(scene.store, *QUARTERS, None, NOW.date())
    amounts = {row["part"]: row["amount"] for row in bill(gathered).records()}
    assert amounts["Serving"] is None
    assert Decimal(str(amounts["The whole bill"])) > 100
    figures = {row["figure"]: row for row in headline(gathered).records()}
    assert figures["Serving"]["amount"] is None
    assert "carries no deployment tags" in str(figures["Serving"]["note"])
    assert {row["serving"] for row in weeks(gathered).records()} == {None}


def test_a_review_puts_such_a_bill_into_its_subscription_alone_and_knows_no_part_of_it(
    world: World, workspace: Workspace, scene_of: SceneOf
) -> None:
    scene = without_tags(world, workspace, scene_of)
    gathered = gather(scene.store, *QUARTERS, None, NOW.date())
    found = {part.name: part for part in spent(gathered)}
    assert [part.records() for name, part in found.items() if name != "subscriptions"] == [[]] * 3
    rows = found["subscriptions"].records()
    assert [(row["spent"], row["served_nobody"], row["share"]) for row in rows] == [
        (None, None, None),
        (None, None, None),
    ]
    assert "carries no deployment tags" in found["subscriptions"].note
    assert [row["forecast"] for row in forecast(gathered).records()][0] is None
    (quarter,) = quarters(gathered).records()
    assert (quarter["serving"], quarter["share"]) == (None, None)
