"""`mothball doctor`: each source in a line, and the fix where it does not answer."""

from __future__ import annotations

import pytest

from emulator import Fault
from tests.mothball.shop import Shop


def test_all_well_is_exit_zero(shop: Shop) -> None:
    result = shop.run("doctor")
    assert result.code == 0
    for source in ("prices", "subscriptions", "Resource Graph", "locks", "metrics", "cost"):
        assert source in result.out
    assert "billed" in result.out
    assert "signed in as mothball-operator" in result.out
    assert shop.azure.writes == []


def test_a_price_list_that_is_not_reached_is_named_and_no_cost_is_asked(own: Shop) -> None:
    own.azure.forget()
    own.azure.faults.add(Fault("forbid", "retail/prices"))
    result = own.run("doctor", "--format", "json")
    assert result.code == 1
    assert [(row["source"], row["fix"]) for row in result.json if not row["ok"]] == [
        ("prices", "check the network: without the list, list prices are unknown")
    ]
    assert [one for one in own.azure.requests if one.source == "cost"] == []


def test_json_has_a_row_a_source(shop: Shop) -> None:
    rows = shop.run("doctor", "--format", "json").json
    assert all(row["ok"] for row in rows)
    assert {"source", "scope", "ok", "message", "fix"} <= rows[0].keys()


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("Microsoft.Authorization/locks", "locks"),
        ("metrics:getBatch", "metrics"),
        ("Microsoft.ResourceGraph/resources", "Resource Graph"),
    ],
)
def test_a_source_that_answers_403_is_named_with_its_fix(own: Shop, path: str, source: str) -> None:
    own.azure.faults.add(Fault("forbid", path))
    result = own.run("doctor", "--format", "json")
    assert result.code == 1
    (broken,) = [row for row in result.json if not row["ok"]]
    assert broken["source"] == source
    assert "ask for" in broken["fix"]
    assert "AuthorizationFailed" in broken["message"]


def test_a_sign_in_that_fails_is_reported_with_its_fix(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    result = shop.run("doctor")
    assert result.code == 1
    assert "sign-in" in result.out
    assert "AZURE_CLIENT_ID" in result.out + result.err


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_sign_in_that_fails_is_a_row_for_programs_too(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    result = shop.run("doctor", "--format", form)
    assert result.code == 1
    (row,) = result.json if form == "json" else result.csv
    assert (row["source"], str(row["ok"]).lower()) == ("sign-in", "false")
    assert "AZURE_CLIENT_ID" in row["fix"]
    assert result.err == ""


def test_a_sign_in_that_works_is_a_row_like_every_source(shop: Shop) -> None:
    rows = shop.run("doctor", "--format", "json").json
    assert (rows[0]["source"], rows[0]["ok"]) == ("sign-in", True)
    assert "mothball-operator" in rows[0]["message"]


def test_no_store_is_needed(shop: Shop) -> None:
    shop.store.unlink()
    assert shop.run("doctor").code == 0
    assert not shop.store.exists()
