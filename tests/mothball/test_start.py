"""`mothball --view --filter --target`: what cannot be opened is one line, and nothing opens."""

from __future__ import annotations

import pytest

from mothball.context import AppContext
from mothball.start import start_from
from mothball.targets import NoTarget, nearest_known
from tests.mothball.shop import Shop


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--view", "idel"], "no view 'idel': there are Idle by money, Silent endpoints"),
        (["--view", ""], "no view ''"),
        (["--view", "m"], "--view 'm' may mean Idle by money, Mine"),
        (["--filter", "cots>5"], "--filter: "),
        (["--target", "fraud/old"], "'fraud/old' may mean /subscriptions/"),
        (["--target", "fraud/nothing"], "the store knows no deployment 'fraud/nothing'"),
    ],
)
def test_what_cannot_be_opened_is_one_line_of_wrong_usage(
    shop: Shop, words: list[str], line: str
) -> None:
    result = shop.run(*words)
    assert result.code == 2
    assert line in result.one_line()


def test_what_opens_the_interface_goes_without_a_command(shop: Shop) -> None:
    result = shop.run("--view", "idle", "list")
    assert result.code == 2
    assert "--view opens the interface: it goes without 'list'" in result.err


def test_views_are_found_by_name_digit_or_the_beginning_of_a_word(shop: Shop) -> None:
    context = AppContext(store_name=str(shop.store))
    names = [start_from(context, word, None, None).view for word in ("GPU", "1", "endpo", "by mo")]
    assert [view and view.key for view in names] == [3, 1, 2, 1]
    target = start_from(context, None, None, "ws/fraud/OLD").target
    assert target is not None
    assert target.endswith("/workspaces/ws/onlineendpoints/fraud/deployments/old")
    assert start_from(context, None, None, "llama").target is not None


def test_an_endpoint_is_no_target_of_its_own() -> None:
    ids = [
        f"/subscriptions/s/resourceGroups/g/providers/x/workspaces/w/onlineEndpoints/{name}"
        for name in ("fraud", "fraud/deployments/blue")
    ]
    assert nearest_known(ids, "w/fraud/blue").id == ids[1]
    with pytest.raises(NoTarget):
        nearest_known(ids, "w/fraud")
