"""The documented roles: each does what it is for, and Azure refuses it everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from emulator import CLIENT_ID
from emulator.apis.permissions import action_of, is_allowed
from tests.mothball.shop import Shop

ROLES = Path(__file__).parents[2] / "docs" / "roles"
ONLINE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
TAG = ["tag", "ws/fraud/spare", "--set", "purpose=test"]
DELETE = ["delete", "ws/fraud/old", "--confirm", "ws/fraud/old"]


def role(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def sign_in_with(shop: Shop, name: str, *without: str) -> None:
    actions = [one for one in role(name)["Actions"] if one not in without]
    shop.world.allowed_actions = {CLIENT_ID: tuple(actions)}


def rights(shop: Shop) -> list[str]:
    rows = shop.run("doctor", "--format", "json").json
    return [row["message"] for row in rows if row["source"] == "rights"]


def written(shop: Shop) -> list[int]:
    return [write.status for write in shop.azure.writes]


@pytest.mark.parametrize("name", ["read", "tag", "retire"])
def test_a_role_is_one_that_azure_takes(name: str) -> None:
    found = role(name)
    lists = {"Actions", "NotActions", "DataActions", "NotDataActions", "AssignableScopes"}
    assert found.keys() == {"Name", "IsCustom", "Description"} | lists
    assert found["IsCustom"] is True
    assert all(isinstance(found[one], list) for one in lists)
    assert len(set(found["Actions"])) == len(found["Actions"])
    assert "*" not in found["Actions"]
    assert found["AssignableScopes"] == ["/subscriptions/00000000-0000-0000-0000-000000000000"]


def test_each_role_is_the_one_before_and_what_is_written() -> None:
    read, tag, retire = (set(role(name)["Actions"]) for name in ("read", "tag", "retire"))
    allowed_to_read = {one for one in read if one.endswith("/read")}
    assert read - allowed_to_read == {"Microsoft.CostManagement/query/action"}
    assert tag - read == {"Microsoft.Resources/tags/write"}
    assert retire - tag == {
        f"{ONLINE}/{action}"
        for action in ("write", "delete", "deployments/write", "deployments/delete")
    }


def test_the_reader_takes_a_whole_snapshot_and_is_refused_every_write(own: Shop) -> None:
    sign_in_with(own, "read")
    result = own.run("snapshot", "--format", "json", "--cost-months", "1")
    assert (result.code, result.json["errors"]) == (0, [])
    assert own.run(*TAG).code == 1
    assert own.run(*DELETE).code == 1
    assert set(written(own)) == {403}
    assert own.run("doctor").code == 0
    assert rights(own) == [
        "may not tag: the sign-in lacks Microsoft.Resources/tags/write",
        f"may not delete: the sign-in lacks {ONLINE}/deployments/delete and {ONLINE}/delete",
        f"may not restore: the sign-in lacks {ONLINE}/deployments/write and {ONLINE}/write",
    ]


def test_the_tagger_tags_and_retires_and_is_refused_the_deletion(own: Shop) -> None:
    sign_in_with(own, "tag")
    assert own.run(*TAG).code == 0
    assert own.run("retire", "ws/fraud/spare", "--after", "14d").code == 0
    assert own.run("extend", "ws/fraud/spare", "--until", "2099-01-01", "--reason", "x").code == 0
    assert set(written(own)) == {200}
    own.azure.forget()
    result = own.run(*DELETE)
    assert result.code == 1
    assert f"'{ONLINE}/deployments/delete'" in result.err
    assert written(own) == [403]
    assert [text.split(":")[0] for text in rights(own)] == [
        "may tag",
        "may not delete",
        "may not restore",
    ]


def test_the_retirer_deletes_and_restores(own: Shop) -> None:
    sign_in_with(own, "retire")
    deleted = own.run(*DELETE)
    assert deleted.code == 0, deleted.err
    (archive,) = own.run("archives", "--format", "json").json
    restored = own.run("restore", archive["name"], "--confirm", "ws/fraud/old")
    assert restored.code == 0, restored.err
    assert rights(own) == ["may tag", "may delete", "may restore"]


@pytest.mark.parametrize(
    ("action", "source"),
    [
        ("Microsoft.Insights/metrics/read", "metrics"),
        ("Microsoft.Authorization/locks/read", "locks"),
        ("Microsoft.Insights/eventtypes/values/read", "activity log"),
        ("Microsoft.CostManagement/query/action", "cost"),
    ],
)
def test_the_doctor_names_the_action_that_is_missing(own: Shop, action: str, source: str) -> None:
    sign_in_with(own, "read", action)
    result = own.run("doctor", "--format", "json")
    assert result.code == 1
    (row,) = [row for row in result.json if row["ok"] is False]
    assert row["source"] == source
    assert f"'{action}'" in row["message"]


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "/subscriptions", "Microsoft.Resources/subscriptions/read"),
        ("GET", "/subscriptions/1/resources", "Microsoft.Resources/subscriptions/resources/read"),
        (
            "PATCH",
            "/subscriptions/1/resourceGroups/g/providers/Microsoft.MachineLearningServices"
            "/workspaces/w/providers/Microsoft.Resources/tags/default",
            "Microsoft.Resources/tags/write",
        ),
        (
            "POST",
            "/subscriptions/1/resourceGroups/g/providers/Microsoft.MachineLearningServices"
            "/workspaces/w/onlineEndpoints/e/deployments/d/getLogs",
            f"{ONLINE}/deployments/getLogs/action",
        ),
        ("POST", "/westeurope/subscriptions/1/metrics:getBatch", "Microsoft.Insights/metrics/read"),
    ],
)
def test_an_action_is_named_as_azure_names_it(method: str, path: str, action: str) -> None:
    assert action_of(method, path) == action


def test_a_star_stands_for_any_part_and_case_does_not_matter() -> None:
    allowed = ("Microsoft.MachineLearningServices/*/read",)
    assert is_allowed("microsoft.machinelearningservices/workspaces/onlineEndpoints/READ", allowed)
    assert not is_allowed(f"{ONLINE}/write", allowed)
