"""Tags are merged, read back, and none is touched that nobody spoke of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.session import Limits, Refusal
from actions.tags.tag import tag
from collectors.connection.errors import AzureFailure
from emulator import Fault, World
from tests.actions.stage import POLLS, Make, Stage, no_answers, tenant

TAGS = "Microsoft.Resources/tags/default"


def tags(stage: Stage) -> dict[str, str]:
    return stage.deployment().tags


def refused(stage: Stage, sets: dict[str, str]) -> str:
    with pytest.raises(Refusal) as caught:
        tag(stage.session, stage.rows()[0], sets, ())
    assert stage.writes == []
    last = stage.journal()[-1]
    assert (last.action, last.outcome) == ("tag", "refused")
    return str(caught.value)


def test_a_tag_set_by_somebody_else_since_the_snapshot_survives(stage: Stage) -> None:
    row = stage.rows()[0]
    tags(stage)["cost.center"] = "4711"
    after = tag(stage.session, row, {"owner": "jo@contoso.example"}, ())
    assert after == tags(stage)
    assert after["cost.center"] == "4711"
    assert after["owner"] == "jo@contoso.example"
    assert after["role"] == "retire"


def test_a_tag_set_by_somebody_else_between_read_and_write_survives(stage: Stage) -> None:
    stage.azure.before(
        "PATCH", TAGS, lambda world: world.find("ws/fraud/old").tags.update({"late": "yes"})
    )
    tag(stage.session, stage.rows()[0], {"owner": "jo"}, ("role",))
    assert tags(stage)["late"] == "yes"
    assert "role" not in tags(stage)


def test_the_only_writes_are_patches_of_the_tags_with_merge_or_delete(stage: Stage) -> None:
    tag(stage.session, stage.rows()[0], {"owner": "jo"}, ("role",))
    assert [(w.method, w.body["operation"]) for w in stage.writes] == [
        ("PATCH", "Delete"),
        ("PATCH", "Merge"),
    ]
    assert all(write.path.endswith(TAGS) for write in stage.writes)
    assert stage.writes[0].body["properties"]["tags"] == {"role": "retire"}
    assert stage.writes[1].body["properties"]["tags"] == {"owner": "jo"}


def test_names_compare_without_case_and_keep_their_spelling(stage: Stage) -> None:
    tags(stage)["Owner"] = "somebody"
    tag(stage.session, stage.rows()[0], {"OWNER": "jo"}, ("ROLE",))
    assert tags(stage)["Owner"] == "jo"
    assert {name.lower() for name in tags(stage)} == {"owner", "mothball-retire-after"}


def test_removing_a_tag_that_is_not_there_writes_nothing(stage: Stage) -> None:
    before = dict(tags(stage))
    assert tag(stage.session, stage.rows()[0], {}, ("nothing",)) == before
    assert stage.writes == []


def test_a_tag_that_does_not_read_back_is_a_failure(stage: Stage) -> None:
    stage.azure.after(
        "PATCH", TAGS, lambda world: world.find("ws/fraud/old").tags.update({"owner": "a bot"})
    )
    with pytest.raises(AzureFailure, match="'owner' does not read back"):
        tag(stage.session, stage.rows()[0], {"owner": "jo"}, ())
    assert stage.outcomes() == ["intended", "failed"]


def test_a_removed_tag_that_comes_back_is_a_failure(stage: Stage) -> None:
    stage.azure.after(
        "PATCH", TAGS, lambda world: world.find("ws/fraud/old").tags.update({"role": "retire"})
    )
    with pytest.raises(AzureFailure, match="'role' does not read back"):
        tag(stage.session, stage.rows()[0], {}, ("role",))


def test_a_write_is_journalled_before_and_after_with_azures_id(stage: Stage) -> None:
    seen: list[list[str]] = []
    stage.azure.before("PATCH", do=lambda _world: seen.append(stage.outcomes()))
    tag(stage.session, stage.rows()[0], {"owner": "jo"}, (), "tag", "for the audit")
    assert seen == [["intended"]]
    intended, done = stage.journal()
    assert (done.outcome, done.reason) == ("done", "for the audit")
    assert done.correlation_id
    assert intended.correlation_id is None
    assert done.evidence["set"] == {"owner": "jo"}
    assert done.evidence["before"]["role"] == "retire"
    assert done.evidence["after"]["owner"] == "jo"
    assert done.actor.startswith("mothball-operator (")


def test_a_refused_write_is_journalled_as_failed(stage: Stage) -> None:
    stage.azure.faults.add(Fault("forbid", TAGS, method="PATCH"))
    with pytest.raises(AzureFailure):
        tag(stage.session, stage.rows()[0], {"owner": "jo"}, ())
    assert stage.outcomes() == ["intended", "failed"]


def test_a_locked_deployment_is_reported_truthfully(stage: Stage) -> None:
    stage.world.lock(stage.deployment(), "ReadOnly")
    with pytest.raises(AzureFailure) as caught:
        tag(stage.session, stage.rows()[0], {"owner": "jo"}, ())
    assert caught.value.code == "ScopeLocked"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a<b", "x"),
        ("per%cent", "x"),
        ("a/b", "x"),
        ("back\\slash", "x"),
        ("what?", "x"),
        ("a&b", "x"),
        ("n" * 513, "x"),
        ("name", "v" * 257),
        (" ", "x"),
    ],
)
def test_what_azure_would_not_take_is_refused_before_anything_is_sent(
    stage: Stage, name: str, value: str
) -> None:
    refused(stage, {name: value})
    assert [r for r in stage.azure.requests if r.source == "tags"] == []


def test_the_longest_name_and_value_are_taken(stage: Stage) -> None:
    after = tag(stage.session, stage.rows()[0], {"n" * 512: "v" * 256}, ())
    assert after["n" * 512] == "v" * 256


def test_a_fifty_first_tag_is_refused_and_journalled(stage: Stage) -> None:
    tags(stage).update({f"t{number}": "x" for number in range(48)})
    assert len(tags(stage)) == 50
    assert "50" in refused(stage, {"owner": "jo"})


def test_a_tag_in_place_of_a_removed_one_fits_among_fifty(stage: Stage) -> None:
    tags(stage).update({f"t{number}": "x" for number in range(48)})
    after = tag(stage.session, stage.rows()[0], {"owner": "jo"}, ("t1",))
    assert len(after) == 50
    assert after["owner"] == "jo"


def test_read_only_mode_refuses(make_stage: Make) -> None:
    assert "read-only" in refused(make_stage(tenant(), Limits(read_only=True)), {"a": "b"})


def test_a_protected_subscription_refuses(make_stage: Make) -> None:
    world: World = tenant()
    limits = Limits(protected_subscriptions=frozenset({world.subscriptions[0].subscription_id}))
    assert "protect" in refused(make_stage(world, limits), {"a": "b"})


@pytest.mark.of_a_file
def test_without_a_journal_no_tag_is_written(stage: Stage) -> None:
    row = stage.rows()[0]
    path = stage.session.store.path
    stage.azure.after("GET", TAGS, lambda _world: path.write_bytes(b"spoilt" * 5000))
    with pytest.raises(Exception, match="store"):
        tag(stage.session, row, {"a": "b"}, ())
    assert stage.writes == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"properties": None},
        {"properties": {"tags": []}},
        {"properties": {"tags": {"role": 5}}},
    ],
)
def test_tags_that_are_not_understood_are_never_taken_for_none(stage: Stage, body: object) -> None:
    stage.azure.faults.add(Fault("answer", TAGS, method="GET", body=body))
    with pytest.raises(AzureFailure, match="does not report the tags|nothing in it"):
        tag(stage.session, stage.rows()[0], {"owner": "ann"}, (), only_absent=True)
    assert stage.writes == []


def take_later(stage: Stage) -> None:
    """The next change of tags is taken, and goes on in an operation of which nobody can tell."""
    address = f"{stage.azure.url}/subscriptions/s/{POLLS}"
    headers = {"Azure-AsyncOperation": address, "Location": address}
    stage.azure.faults.add(Fault("answer", TAGS, method="PATCH", status=202, headers=headers))


@no_answers
def test_a_change_of_tags_whose_end_nobody_tells_is_read_back(stage: Stage, fault: Fault) -> None:
    take_later(stage)
    stage.azure.faults.add(replace(fault))
    stage.azure.after("PATCH", do=lambda _world: stage.deployment().tags.update(owner="ann"))
    assert tag(stage.session, stage.rows()[0], {"owner": "ann"}, ())["owner"] == "ann"
    assert stage.outcomes() == ["intended", "done"]


def test_a_change_of_tags_that_may_come_yet_is_reported_as_unverified(stage: Stage) -> None:
    take_later(stage)
    stage.azure.faults.add(Fault("garble", POLLS))
    with pytest.raises(AzureFailure, match="none was Azure's"):
        tag(stage.session, stage.rows()[0], {"owner": "ann"}, ())
    assert stage.outcomes() == ["intended", "unverified"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("truncate", TAGS, method="PATCH"),
        Fault("garble", TAGS, method="PATCH", status=502),
        Fault("answer", TAGS, method="PATCH", status=302, body=b"<html></html>"),
    ],
    ids=["cut", "a proxy's error", "a proxy's redirect"],
)
def test_a_change_of_tags_whose_answer_is_lost_is_read_back(stage: Stage, fault: Fault) -> None:
    stage.azure.faults.add(replace(fault))
    stage.azure.after("PATCH", do=lambda _world: stage.deployment().tags.update(owner="ann"))
    assert tag(stage.session, stage.rows()[0], {"owner": "ann"}, ())["owner"] == "ann"
    assert stage.outcomes() == ["intended", "done"]
    assert len(stage.writes) == 1


def test_a_change_of_tags_that_cannot_be_read_back_is_unverified(stage: Stage) -> None:
    stage.azure.after(
        "PATCH", do=lambda _world: stage.azure.faults.add(Fault("unavailable", TAGS, method="GET"))
    )
    with pytest.raises(AzureFailure, match="unavailable"):
        tag(stage.session, stage.rows()[0], {"owner": "ann"}, ())
    assert stage.outcomes() == ["intended", "unverified"]
    assert tags(stage)["owner"] == "ann"
