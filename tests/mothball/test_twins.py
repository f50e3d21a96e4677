"""Two workspaces share `fraud/old`: whatever is said of one says which of the two."""

from __future__ import annotations

import pytest

from emulator import Clock, World
from tests.actions.stage import DUE
from tests.mothball.shop import OpenShop, Shop, now

pytestmark = pytest.mark.journey

TARGET, SHORT = "ws/fraud/old", "fraud/old"


@pytest.fixture
def far(open_shop: OpenShop) -> Shop:
    """The same workspace, endpoint and deployment in two subscriptions."""
    world = World(clock=Clock.running(now()))
    for name in ("production", "acquired"):
        workspace = world.subscription(name).resource_group("rg").workspace("ws")
        endpoint = workspace.endpoint("fraud")
        endpoint.deployment("old", tags=DUE)
        endpoint.deployment("kept", tags={"role": "rollback"})
    made = open_shop(world)
    assert made.run("snapshot").code == 0
    return made


def test_the_plan_of_a_twin_asks_for_a_phrase_that_names_its_workspace(own: Shop) -> None:
    assert own.run("delete", TARGET, "--format", "json").json["phrase"] == TARGET
    result = own.run("delete", TARGET).out
    assert f'--confirm "{TARGET}"' in result
    assert " fraud/old" not in result
    assert own.run("delete", "ws/fraud/spare", "--format", "json").json["phrase"] == "fraud/spare"


def test_the_short_phrase_is_refused_for_a_twin(own: Shop) -> None:
    result = own.run("delete", TARGET, "--confirm", SHORT)
    assert result.code == 4
    assert result.one_line().endswith(f"the phrase to confirm is '{TARGET}'; nothing was written")
    assert own.azure.writes == []
    done = own.run("delete", TARGET, "--confirm", TARGET)
    assert done.code == 0, done.err
    assert f"{TARGET}: deleted" in done.err
    assert "\nfraud/old" not in f"\n{done.err}"
    assert own.world.find("lab/fraud/old").exists()


def test_the_phrase_of_an_endpoint_with_a_twin_names_its_workspace(own: Shop) -> None:
    assert own.run("delete-endpoint", "ws/quiet", "--format", "json").json["phrase"] == "quiet"
    assert own.run("delete-endpoint", "lab/fraud", "--format", "json").json["phrase"] == "lab/fraud"
    result = own.run("delete-endpoint", "lab/fraud", "--confirm", "fraud")
    assert (result.code, "'lab/fraud'" in result.err) == (4, True)


def test_two_twins_in_one_plan_have_each_their_own_notes(own: Shop) -> None:
    own.world.autoscale(own.world.find("lab/fraud/old"))
    assert own.run("snapshot").code == 0
    result = own.run("delete", TARGET, "lab/fraud/old").out
    assert "note: lab/fraud/old: the autoscale setting" in result
    assert "note: fraud/old" not in result


def test_the_brake_on_an_endpoint_says_which_of_the_two(own: Shop) -> None:
    result = own.run("delete", "lab/fraud/old", TARGET).out
    assert "1 of the 1 deployments of lab/fraud are more than 50%" in result


def test_a_twin_that_is_not_tagged_is_reported_with_its_workspace(own: Shop) -> None:
    result = own.run("retire", "lab/fraud/old", TARGET, "--read-only")
    assert result.code == 4
    lines = result.err.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["lab/fraud/old", TARGET]


def test_a_restore_of_a_twin_asks_for_its_workspace_too(own: Shop) -> None:
    assert own.run("delete", TARGET, "--confirm", TARGET).code == 0
    assert TARGET in own.run("archives").out
    (archive,) = own.run("archives", "--format", "json").json
    plan = own.run("restore", archive["name"]).out
    assert plan.startswith(f"{TARGET}, archived")
    assert f"nothing is called {TARGET}" in plan
    assert own.run("restore", archive["name"], "--confirm", SHORT).code == 4
    done = own.run("restore", archive["name"], "--confirm", TARGET)
    assert done.code == 0, done.err


def olds(far: Shop) -> list[str]:
    """The ids of the twins."""
    rows = far.run("list", "--where", "deployment=old", "--format", "json").json
    return [row["id"] for row in rows]


def test_twins_of_two_subscriptions_are_reported_by_these(far: Shop) -> None:
    ids = olds(far)
    names = [f"{each.split('/')[2]}/rg/ws/fraud/old" for each in ids]
    plans = [far.run("delete", each, "--format", "json").json for each in ids]
    assert [plan["phrase"] for plan in plans] == names
    assert far.run("delete", ids[0], "--confirm", TARGET).code == 4
    journal = far.run("journal").out
    assert all(name in journal for name in names)


def test_the_archive_of_such_a_twin_says_its_subscription(far: Shop) -> None:
    (target, _other) = olds(far)
    phrase = far.run("delete", target, "--format", "json").json["phrase"]
    done = far.run("delete", target, "--confirm", phrase)
    assert done.code == 0, done.err
    assert phrase in far.run("archives").out


def test_the_journal_calls_an_endpoint_by_its_workspace_and_name(own: Shop) -> None:
    own.run("delete-endpoint", "ws/quiet")
    text = own.run("journal").out
    assert "  ws/quiet  " in text
    assert "Microsoft" not in text
