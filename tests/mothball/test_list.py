"""`mothball list`: the fields to the letter, what is unknown as null, the exit codes in order."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.mothball.shop import CONTROL, FORMULA, VERDICTS, OpenShop, Shop, estate, now, path_of

FIELDS = [
    "id",
    "subscription_id",
    "resource_group",
    "workspace",
    "endpoint",
    "deployment",
    "region",
    "kind",
    "provisioning_state",
    "instance_type",
    "instance_count",
    "model",
    "environment",
    "created_at",
    "created_by",
    "live_traffic_percent",
    "mirror_traffic_percent",
    "requests_in_window",
    "last_request_at",
    "idle_days",
    "role",
    "owner",
    "owner_source",
    "purpose",
    "expires_on",
    "tags",
    "cost_in_window",
    "cost_through",
    "list_price_per_month",
    "monthly_run_rate",
    "run_rate_source",
    "currency",
    "verdict",
    "reasons",
    "findings",
    "reason_codes",
    "finding_codes",
    "last_changed_at",
    "last_changed_by",
    "rollback_for",
    "snapshot_id",
    "as_of",
]
TEXTS = {
    "id",
    "subscription_id",
    "resource_group",
    "workspace",
    "endpoint",
    "kind",
    "verdict",
    "snapshot_id",
    "as_of",
}
NUMBERS = {"instance_count", "live_traffic_percent", "mirror_traffic_percent", "idle_days"}


def test_every_deployment_is_there_once_with_its_verdict(shop: Shop) -> None:
    rows = shop.run("list", "--format", "json").json
    assert len(rows) == len(VERDICTS)
    assert {path_of(row): row["verdict"] for row in rows} == VERDICTS


def test_the_fields_are_those_of_the_contract(shop: Shop) -> None:
    for row in shop.run("list", "--format", "json").json:
        assert sorted(row) == sorted(FIELDS)
    assert list(shop.run("list", "--format", "csv").csv[0]) == list(
        shop.run("list", "--format", "json").json[0]
    )


def test_each_field_has_its_type(shop: Shop) -> None:
    for row in shop.rows().values():
        assert all(isinstance(row[name], str) and row[name] for name in TEXTS)
        assert all(isinstance(row[n], int | float | None) for n in NUMBERS)
        assert isinstance(row["requests_in_window"], int | None)
        assert isinstance(row["tags"], dict)
        for name in ("reasons", "findings", "reason_codes", "finding_codes"):
            assert isinstance(row[name], list)
            assert all(isinstance(sentence, str) for sentence in row[name])
        assert row["reasons"]
        for name in ("created_at", "last_request_at", "as_of"):
            reported = row[name]
            assert reported is None or datetime.fromisoformat(reported).utcoffset() is not None


def test_an_idle_one_tells_its_facts(shop: Shop) -> None:
    row = shop.rows()["ws/fraud/old"]
    assert row["kind"] == "managed"
    assert row["region"] == "westeurope"
    assert row["resource_group"] == "rg-ML"
    assert row["provisioning_state"] == "Succeeded"
    assert (row["instance_type"], row["instance_count"]) == ("Standard_DS3_v2", 1)
    assert row["model"].endswith("/models/fraud/versions/1")
    assert row["environment"].endswith("/environments/sklearn/versions/3")
    assert row["created_at"] == "2025-01-15T08:30:00Z"
    assert row["created_by"] == "Ada Example"
    assert (row["live_traffic_percent"], row["mirror_traffic_percent"]) == (0, 0)
    assert row["requests_in_window"] == 0
    assert row["last_request_at"] is None
    assert row["idle_days"] >= 35
    assert row["role"] == "retire"
    assert row["rollback_for"] is None


def test_an_owner_is_inherited_and_its_source_told(shop: Shop) -> None:
    rows = shop.rows()
    assert rows["ws/fraud/blue"]["owner"] == "Fraud-Team@contoso.example"
    assert "deployment" in rows["ws/fraud/blue"]["owner_source"]
    assert rows["ws/fraud/spare"]["owner"] == "platform@contoso.example"
    assert "subscription" in rows["ws/fraud/spare"]["owner_source"]
    assert rows["ws/fraud/spare"]["purpose"] == "card payments"
    assert rows["ws/fraud/spare"]["role"] is None


def test_what_is_not_known_is_null_and_never_zero(shop: Shop) -> None:
    rows = shop.rows()
    assert rows["ws/nulled/main"]["live_traffic_percent"] is None
    assert rows["ws/fraud/broken"]["requests_in_window"] is None
    assert rows["ws/fraud/broken"]["idle_days"] in (None, 0)
    assert rows["lab/llama"]["deployment"] is None
    assert rows["lab/llama"]["instance_count"] is None


def test_traffic_and_requests_are_numbers(shop: Shop) -> None:
    rows = shop.rows()
    blue = rows["ws/fraud/blue"]
    assert blue["live_traffic_percent"] == 100
    assert blue["requests_in_window"] > 35 * 1440 * 2
    assert blue["last_request_at"]
    assert rows["ws/vision/shadow"]["mirror_traffic_percent"] == 10
    assert rows["ws/fraud/green"]["rollback_for"] == "fraud"


def test_verdicts_filter(shop: Shop) -> None:
    assert set(shop.rows("--verdict", "idle,failed")) == {
        path for path, verdict in VERDICTS.items() if verdict in ("idle", "failed")
    }


def test_owner_and_endpoint_filter_without_case(shop: Shop) -> None:
    assert set(shop.rows("--owner", "fraud-team@CONTOSO.example")) == {"ws/fraud/blue"}
    assert set(shop.rows("--endpoint", "QUIET")) == {"ws/quiet/only"}
    assert set(shop.rows("--endpoint", "fraud", "--verdict", "idle")) == {
        "ws/fraud/old",
        "ws/fraud/spare",
        "lab/fraud/old",
    }


@pytest.mark.parametrize("option", ["--verdict", "--fail-on"])
def test_a_verdict_that_does_not_exist_is_wrong_usage(shop: Shop, option: str) -> None:
    result = shop.run("list", option, "idel")
    assert result.code == 2
    assert "idel" in result.err
    assert result.out == ""


def test_nothing_that_fits_is_an_empty_list(shop: Shop) -> None:
    result = shop.run("list", "--owner", "nobody", "--format", "json")
    assert (result.code, result.json) == (0, [])
    result = shop.run("list", "--owner", "nobody", "--format", "csv")
    assert (result.code, result.csv) == (0, [])
    assert result.out.startswith("id,")
    assert shop.run("list", "--owner", "nobody").code == 0


@pytest.mark.parametrize(("verdicts", "code"), [("idle", 5), ("idle,failed", 5), ("", 0)])
def test_fail_on_exits_with_five_where_it_found_something(
    shop: Shop, verdicts: str, code: int
) -> None:
    assert shop.run("list", "--fail-on", verdicts).code == code


def test_fail_on_counts_what_is_shown(shop: Shop) -> None:
    assert shop.run("list", "--endpoint", "vision", "--fail-on", "idle").code == 0


def test_an_earlier_snapshot_is_shown_as_it_was(own: Shop) -> None:
    first = own.rows()["ws/fraud/spare"]["snapshot_id"]
    own.world.find("ws/fraud").remove(own.world.find("ws/fraud/spare"))
    assert own.run("snapshot").code == 0
    assert "ws/fraud/spare" not in own.rows()
    assert own.rows("--snapshot", first)["ws/fraud/spare"]["snapshot_id"] == first
    assert "money is known of the newest" in own.run("list", "--snapshot", first).err


def test_a_snapshot_that_does_not_exist_is_one_line(shop: Shop) -> None:
    result = shop.run("list", "--snapshot", "nope")
    assert result.code == 1
    assert "nope" in result.one_line()


def test_a_read_error_exits_with_three_and_what_was_found_comes_first(open_shop: OpenShop) -> None:
    world = estate(now())
    closed = world.subscription("closed")
    closed.resource_group("rg").workspace("hidden").endpoint("e").deployment("d")
    world.forbid(closed, ["arm", "metrics", "locks", "tags", "graph"])
    shop = open_shop(world)
    assert shop.run("snapshot").code == 3
    result = shop.run("list")
    assert result.code == 3
    assert closed.subscription_id in result.err
    assert shop.run("list", "--fail-on", "idle").code == 5
    assert shop.run("list", "--fail-on", "idel").code == 2


def test_a_formula_is_neutralised_in_csv_and_as_it_is_in_json(shop: Shop) -> None:
    cells = [cell for row in shop.run("list", "--format", "csv").csv for cell in row.values()]
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for cell in cells)
    assert any(FORMULA in cell for cell in cells)
    row = shop.rows()["lab/hostile/tags"]
    assert row["owner"] == FORMULA
    assert row["tags"]["purpose"] == CONTROL


@pytest.mark.parametrize(
    "command",
    [
        ("list",),
        ("show", "hostile/tags"),
        ("show", "hostile/dates"),
        ("delete", "lab/hostile/dates"),
        ("delete", "lab/hostile/dates", "--confirm", "hostile/dates"),
        ("retire", "lab/hostile/dates"),
        ("journal",),
        ("sql", "select * from current_deployments"),
    ],
)
def test_no_control_character_of_a_tag_reaches_the_terminal(
    shop: Shop, command: tuple[str, ...]
) -> None:
    shop.run("delete", "lab/hostile/dates", "--confirm", "wrong")
    result = shop.run(*command)
    for character in result.out + result.err:
        assert character == "\n" or character.isprintable(), hex(ord(character))


def test_markup_in_a_tag_is_text(shop: Shop) -> None:
    assert "[bold]x" in shop.run("show", "hostile/tags").out


def test_the_table_is_for_people_and_says_unknown_as_a_dash(shop: Shop) -> None:
    result = shop.run("list", "--endpoint", "nulled")
    assert result.code == 0
    assert "nulled/main" in result.out or "main" in result.out
    assert "unknown" in result.out


def test_nothing_is_asked_of_azure(shop: Shop) -> None:
    shop.run("list")
    shop.run("show", "quiet/only")
    assert shop.azure.requests == []
