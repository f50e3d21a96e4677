"""What could not be read: counted, the worst first, and all of it where that is asked."""

from __future__ import annotations

import pytest

from emulator import World
from mothball.listing import summed_up
from mothball.unread import worst_first
from queries.estate.rows import DeploymentRow, ReadErrorRow
from queries.money.waste import serving_nobody
from tests.mothball.shop import OpenShop, Shop, estate, now
from tests.tui.rows import row

CLOSED = 5
WORKSPACE = "/subscriptions/S/resourceGroups/g/providers/Microsoft.M/workspaces/w"


def with_closed_subscriptions(world: World) -> World:
    for number in range(CLOSED):
        closed = world.subscription(f"closed-{number}")
        closed.resource_group("rg").workspace(f"w{number}").endpoint("e").deployment("d")
        world.forbid(closed, ["arm", "metrics", "locks", "tags", "graph"])
    return world


@pytest.fixture
def partial(open_shop: OpenShop) -> Shop:
    shop = open_shop(with_closed_subscriptions(estate(now())))
    assert shop.run("snapshot").code == 3
    return shop


def unread(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("not read: ")]


@pytest.mark.parametrize(
    "command", [("list",), ("show", "quiet/only"), ("report", "digest"), ("tags", "restore")]
)
def test_of_many_errors_the_worst_three_are_named_and_all_where_that_is_asked(
    partial: Shop, command: tuple[str, ...]
) -> None:
    result = partial.run(*command)
    assert result.code == 3
    every = unread(partial.run(*command, "--errors").err)
    assert len(every) >= CLOSED
    assert unread(result.err) == every[:3]
    assert f"{len(every)} read errors; the worst 3 (--errors names all):" in result.err


def test_a_few_errors_are_all_named_without_a_count(open_shop: OpenShop) -> None:
    world = estate(now())
    closed = world.subscription("closed")
    closed.resource_group("rg").workspace("w").endpoint("e").deployment("d")
    world.forbid(closed, ["graph"])
    shop = open_shop(world)
    shop.run("snapshot")
    result = shop.run("list")
    assert 1 <= len(unread(result.err)) <= 3
    assert "--errors" not in result.err


def read_error(source: str, scope: str) -> ReadErrorRow:
    return ReadErrorRow("one", source, scope, "Forbidden", "no")


def in_azure(endpoint: str, deployment: str) -> DeploymentRow:
    identity = f"{WORKSPACE}/onlineEndpoints/{endpoint}/deployments/{deployment}"
    return row(f"{endpoint}/{deployment}", id=identity)


def test_a_whole_subscription_is_worse_than_any_part_and_many_deployments_than_few() -> None:
    rows = [in_azure("fraud", "blue"), in_azure("fraud", "green"), in_azure("vision", "main")]
    ordered = [
        read_error("inventory", "another"),
        read_error("locks", "s"),
        read_error("cost", "s/2026-11"),
        read_error("deployments", f"{WORKSPACE}/onlineEndpoints/FRAUD"),
        read_error("metrics", rows[2].id),
        read_error("prices", "eastus/Standard_DS3_v2"),
    ]
    assert worst_first(ordered[::-1], rows) == ordered


def test_the_table_ends_with_what_serves_nobody_and_the_other_formats_do_not(shop: Shop) -> None:
    last = shop.run("list").out.splitlines()[-1]
    assert last == "6 of 16 deployments serve nobody: ~1,429 USD a month"
    shown = shop.run("list", "--verdict", "idle,serving").out.splitlines()[-1]
    assert shown.startswith("4 of 6 deployments shown serve nobody: ")
    assert "serve nobody" not in shop.run("list", "--format", "csv").out
    assert isinstance(shop.run("list", "--format", "json").json, list)


def test_currencies_are_never_added_up_and_what_has_no_price_is_counted() -> None:
    rows = [
        row("a/a", monthly_run_rate=1200, currency="EUR", run_rate_source="billed"),
        row("a/b", monthly_run_rate=300, currency="EUR", run_rate_source="billed"),
        row("a/c", monthly_run_rate=90, currency="USD", run_rate_source="list", verdict="failed"),
        row("a/d", verdict="idle-endpoint"),
        row("a/e", monthly_run_rate=5000, currency="EUR", verdict="serving"),
    ]
    text = summed_up(serving_nobody(rows))
    assert text == (
        "4 of 5 deployments serve nobody: 1,500 EUR and ~90 USD a month, 1 without a price"
    )
    assert summed_up(serving_nobody(rows[4:])) == "0 of 1 deployments serve nobody"
