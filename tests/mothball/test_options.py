"""An option beats an environment variable, which beats the settings; before a command or after."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mothball.shop import OpenShop, Shop, estate, now


def config(folder: Path, text: str, name: str = "config.toml") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def test_the_shared_options_stand_before_or_after_the_command(shop: Shop) -> None:
    options = ("--store", str(shop.store), "--cloud", str(shop.azure.profile))
    before = shop.bare(*options, "list", "--format", "json")
    after = shop.bare("list", "--format", "json", *options)
    assert before.code == after.code == 0
    assert before.json == after.json


@pytest.mark.parametrize("place", ["before", "after"])
def test_read_only_counts_before_and_after_the_command(shop: Shop, place: str) -> None:
    words = ["tag", "ws/fraud/old", "--set", "a=b"]
    words = ["--read-only", *words] if place == "before" else [*words, "--read-only"]
    result = shop.run(*words)
    assert result.code == 4
    assert shop.azure.writes == []


def test_the_environment_names_store_and_cloud(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTHBALL_STORE", str(shop.store))
    monkeypatch.setenv("MOTHBALL_CLOUD", str(shop.azure.profile))
    assert shop.bare("list", "--format", "json").json
    assert shop.bare("doctor").code == 0


@pytest.mark.parametrize("place", ["before", "after"])
def test_an_option_beats_the_environment(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    monkeypatch.setenv("MOTHBALL_STORE", str(tmp_path / "none.duckdb"))
    monkeypatch.setenv("MOTHBALL_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("MOTHBALL_CLOUD", "no such cloud")
    options = [
        *("--store", str(shop.store)),
        *("--cloud", str(shop.azure.profile)),
        *("--config", config(tmp_path, "")),
    ]
    words = [*options, "doctor"] if place == "before" else ["doctor", *options]
    assert shop.bare(*words).code == 0
    words = [*options, "list"] if place == "before" else ["list", *options]
    assert shop.bare(*words).code == 0


@pytest.mark.parametrize(("value", "code"), [("1", 4), ("true", 4), ("0", 0), ("", 0)])
def test_read_only_by_the_environment(
    own: Shop, monkeypatch: pytest.MonkeyPatch, value: str, code: int
) -> None:
    monkeypatch.setenv("MOTHBALL_READ_ONLY", value)
    result = own.run("tag", "ws/fraud/spare", "--set", "a=b")
    assert result.code == code
    assert bool(own.azure.writes) == (code == 0)


def test_the_settings_by_the_environment_and_an_option_over_it(
    own: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOTHBALL_CONFIG", config(tmp_path, "grace_days = 3", "three.toml"))
    own.run("retire", "ws/fraud/spare")
    first = own.world.find("ws/fraud/spare").tags["mothball-retire-after"]
    own.run("retire", "ws/fraud/spare", "--config", config(tmp_path, "grace_days = 30"))
    assert own.world.find("ws/fraud/spare").tags["mothball-retire-after"] > first


def test_the_settings_lie_in_the_configuration_folder_of_the_user(shop: Shop, home: Path) -> None:
    config(home / ".config" / "mothball", "window_days = 0")
    assert "window_days" in shop.run("snapshot").one_line()


def test_the_store_lies_in_the_data_folder_of_the_user(open_shop: OpenShop, home: Path) -> None:
    shop = open_shop(estate(now()))
    result = shop.bare("snapshot", "--cloud", str(shop.azure.profile), "--cost-months", "0")
    assert result.code == 0
    assert (home / ".local" / "share" / "mothball" / "mothball.duckdb").is_file()
    assert len(shop.bare("list", "--format", "json").json) == 16


def test_the_subscriptions_of_the_settings_narrow_and_an_option_beats_them(
    open_shop: OpenShop, tmp_path: Path
) -> None:
    world = estate(now())
    other = world.subscription("other")
    other.resource_group("rg").workspace("apart").endpoint("e").deployment("d")
    shop = open_shop(world)
    only = config(tmp_path, f'subscriptions = ["{other.subscription_id}"]')
    narrowed = shop.run("snapshot", "--config", only, "--format", "json").json
    assert narrowed["workspaces"] == 1
    first = world.subscriptions[0].subscription_id
    asked = shop.run("snapshot", "--config", only, "--subscription", first, "--format", "json")
    assert asked.json["workspaces"] == 2


def test_window_and_age_of_the_settings_count(own: Shop, tmp_path: Path) -> None:
    given = config(tmp_path, "window_days = 20\nminimum_age_days = 1")
    assert own.run("snapshot", "--config", given).code == 0
    rows = own.rows()
    assert "0 requests in 20 days" in " ".join(rows["ws/fraud/old"]["reasons"])
    assert rows["ws/fraud/fresh"]["verdict"] == "idle"


def test_tag_names_of_the_settings_are_read_without_case(own: Shop, tmp_path: Path) -> None:
    given = config(tmp_path, '[tags]\nowner = ["Team", "OWNER"]\nrole = ["lifecycle"]')
    own.world.find("ws/fraud/spare").tags.update({"TEAM": "red", "LifeCycle": "Test"})
    assert own.run("snapshot", "--config", given).code == 0
    rows = own.rows()
    assert (rows["ws/fraud/spare"]["owner"], rows["ws/fraud/spare"]["role"]) == ("red", "test")
    assert rows["ws/fraud/old"]["role"] is None


def test_a_protected_subscription_is_written_to_by_no_command(own: Shop, tmp_path: Path) -> None:
    name = own.world.subscriptions[0].subscription_id.upper()
    given = ("--config", config(tmp_path, f'protected_subscriptions = ["{name}"]'))
    day = (now().date()).isoformat()
    for words in (
        ["tag", "ws/fraud/old", "--set", "a=b"],
        ["retire", "ws/fraud/spare"],
        ["retire", "ws/fraud/old", "--undo"],
        ["extend", "ws/fraud/old", "--until", day, "--reason", "x"],
        ["delete", "ws/fraud/old", "--confirm", "ws/fraud/old"],
    ):
        result = own.run(*words, *given)
        assert result.code == 4, words
        assert "protect" in result.err
    assert own.azure.writes == []


def test_shared_data_in_a_service_of_others_is_reported_as_not_supported(
    shop: Shop, tmp_path: Path
) -> None:
    words = '[stores.team]\ncatalogue = "postgres:host=db"\ndata = "s3://bucket/y"'
    given = config(tmp_path, f'archive_folder = "{tmp_path}"\n{words}')
    result = shop.bare("list", "--config", given, "--store", "team")
    assert result.code == 2
    assert "data in s3:// is not supported" in result.one_line()


NOSUCH = "'nosuch' is no cloud"


@pytest.mark.parametrize("place", ["before", "after", "environment"])
def test_a_cloud_that_there_is_none_of_is_wrong_usage_of_every_command(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    store = ("--store", str(shop.store))
    words = ["list", *store, "--cloud", "nosuch"]
    if place == "before":
        words = ["--cloud", "nosuch", "list", *store]
    if place == "environment":
        monkeypatch.setenv("MOTHBALL_CLOUD", "nosuch")
        words = ["list", *store]
    result = shop.bare(*words)
    assert result.code == 2
    assert NOSUCH in result.one_line()


def test_of_a_group_of_reports_too_the_last_cloud_counts(shop: Shop) -> None:
    words = ["--store", str(shop.store), "--cloud", "nosuch"]
    assert shop.bare("report", *words, "digest").code == 2
    assert shop.bare("report", *words, "digest", "--cloud", "AzureCloud").code == 0


def test_the_help_is_there_whatever_cloud_is_named(shop: Shop) -> None:
    assert shop.bare("list", "--cloud", "nosuch", "--help").code == 0
