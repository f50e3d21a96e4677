"""A name says as much of where a target lies as tells it apart, and no more."""

from __future__ import annotations

import pytest

from queries.estate.naming import Names


def id_of(path: str, kind: str = "onlineEndpoints") -> str:
    """The ARM id of `subscription/group/workspace/endpoint[/deployment]`."""
    subscription, group, workspace, endpoint, *deployment = path.split("/")
    home = f"/subscriptions/{subscription}/resourceGroups/{group}/providers"
    end = "".join(f"/deployments/{each}" for each in deployment)
    services = "Microsoft.MachineLearningServices"
    return f"{home}/{services}/workspaces/{workspace}/{kind}/{endpoint}{end}"


RED = "one/rg/ws/fraud/red"


@pytest.mark.parametrize(
    ("others", "name", "path"),
    [
        ([], "fraud/red", "ws/fraud/red"),
        (["one/rg/lab/fraud/blue"], "fraud/red", "ws/fraud/red"),
        (["one/rg/lab/fraud/red"], "ws/fraud/red", "ws/fraud/red"),
        (["ONE/RG/WS/Fraud/Red"], "fraud/red", "ws/fraud/red"),
        (["two/rg/lab/FRAUD/red"], "ws/fraud/red", "ws/fraud/red"),
        (["one/other/ws/fraud/red"], "rg/ws/fraud/red", "rg/ws/fraud/red"),
        (["two/rg/ws/fraud/red"], "one/rg/ws/fraud/red", "one/rg/ws/fraud/red"),
        (
            ["one/rg/lab/fraud/red", "two/rg/ws/fraud/red"],
            "one/rg/ws/fraud/red",
            "one/rg/ws/fraud/red",
        ),
    ],
)
def test_a_deployment_is_named_by_as_few_segments_as_tell_it_apart(
    others: list[str], name: str, path: str
) -> None:
    names = Names(map(id_of, [RED, *others]))
    assert names.of(id_of(RED)) == name
    assert names.path(id_of(RED)) == path


def test_an_endpoint_has_a_twin_where_another_workspace_has_its_name() -> None:
    names = Names(map(id_of, [RED, "one/rg/lab/fraud/blue", "one/rg/lab/scores"]))
    assert names.of(id_of("one/rg/ws/fraud")) == "ws/fraud"
    assert names.of(id_of("one/rg/lab/scores")) == "scores"
    assert names.path(id_of("one/rg/lab/scores")) == "lab/scores"


def test_what_is_not_known_itself_is_distinguished_from_what_is() -> None:
    names = Names([id_of("one/rg/lab/fraud/red")])
    assert names.of(id_of(RED)) == "ws/fraud/red"


def test_a_batch_endpoint_of_the_same_workspace_makes_no_name_longer() -> None:
    names = Names([id_of(RED), id_of(RED, "batchEndpoints")])
    assert names.of(id_of(RED)) == "fraud/red"


def test_what_is_no_target_is_called_by_its_id() -> None:
    assert Names([id_of(RED), "/subscriptions/one"]).path("/subscriptions/one") == (
        "/subscriptions/one"
    )
