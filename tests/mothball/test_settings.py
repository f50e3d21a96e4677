"""`config.toml`: every key with its default, and one line for every wrong one."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from collectors.connection.timeouts import Timeouts
from mothball.settings import Settings, SettingsError, read_settings
from tests.mothball.shop import Shop
from tui.views.preferences import Preferences, SavedView, UserCommand

DEFAULTS = """
window_days = 35
minimum_age_days = 14
rollbacks_kept = 1
grace_days = 14
fiscal_year_start = 1            # month
protected_subscriptions = []     # no write there, by the command line either
subscriptions = []               # empty: all that are visible

[tags]                           # several names may stand for one meaning; case does not matter
role = ["role"]
owner = ["owner"]
purpose = ["purpose"]
expires_on = ["expires-on"]
exempt_until = ["mothball-exempt-until"]
retire_after = ["mothball-retire-after"]

[brakes]                         # shares count from two targets up
targets = 10
share_of_endpoint = 0.5
share_of_tenant = 0.1
share_of_money = 0.1

[prices]
currency = "USD"
discount = 0.0
overrides = {}                   # { Standard_DS3_v2 = 0.25 } per hour
"""
GUID = "0f0c0000-0000-0000-0000-00000000000a"
WRONG = [
    'me = "ada"',
    "views = 3",
    '[[views]]\nfilter = "x"',
    '[[views]]\nname = "x"\nfilter = 3',
    '[[views]]\nname = "x"\nkey = 0',
    '[[views]]\nname = "x"\nkey = "1"',
    '[[views]]\nname = "x"\ncolumns = "name"',
    '[[views]]\nname = "x"\ndescending = 1',
    '[[views]]\nname = "x"\nthen = 3',
    '[[views]]\nname = "x"\nthen = "idle"\nthen_descending = "yes"',
    '[[views]]\nname = "x"\nthen_descending = true',
    '[[views]]\nname = "x"\ncolour = "red"',
    "[keys]\ntag = 3",
    "commands = 3",
    '[[commands]]\nrun = ["az"]',
    '[[commands]]\nname = "x"',
    '[[commands]]\nname = "x"\nrun = "az"',
    '[[commands]]\nname = "x"\nrun = ["az", "{deploymnt}"]',
    '[[commands]]\nname = "x"\nrun = ["az"]\nkey = 3',
    '[[commands]]\nname = "x"\nrun = ["az"]\nconfirm = "yes"',
    '[[commands]]\nname = "x"\nrun = ["az"]\nshell = true',
    '[[commands]]\nname = "x"\nrun = ["az"]\n' * 21,
    "timeouts = 3",
    "[timeouts]\nread_seconds = 0",
    "[timeouts]\nread_seconds = -1",
    '[timeouts]\nread_seconds = "60"',
    "[timeouts]\nread_seconds = true",
    "[timeouts]\nread_seconds = inf",
    "[timeouts]\nconnect_seconds = 99999",
    "[timeouts]\nanswer_seconds = 60",
    "window_days = 3651",
    "window_days = 99999999999999999999",
    "minimum_age_days = 1000000",
    "grace_days = 1000000",
    "rollbacks_kept = 101",
    "[brakes]\ntargets = 1000000",
    "[quarterly_budget]\nEUR = 1e300",
    "[prices]\noverrides = { Standard_DS3_v2 = 1e40 }",
    "window_days = 0",
    "window_days = -1",
    'window_days = "35"',
    "window_days = 3.5",
    "window_days = true",
    "minimum_age_days = -1",
    'rollbacks_kept = "one"',
    "grace_days = -14",
    "[database]\nmemory_mb = 127",
    "[database]\nmemory_mb = 2000000",
    '[database]\nmemory_mb = "1 GB"',
    "[database]\nthreads = 0",
    "[database]\nthreads = 257",
    '[database]\ntemporary_folder = "spill"',
    "[database]\ncores = 2",
    "fiscal_year_start = 0",
    "fiscal_year_start = 13",
    'protected_subscriptions = "all"',
    "subscriptions = [1]",
    "tags = 3",
    '[tags]\nrole = "role"',
    "[tags]\nrole = []",
    '[tags]\ncolour = ["colour"]',
    "[brakes]\ntargets = -1",
    '[brakes]\nshare_of_endpoint = "half"',
    "[brakes]\nshare_of_money = -0.1",
    "[brakes]\nshare_of_tenant = nan",
    "[brakes]\nshare_of_tenant = 50",
    "[brakes]\nshares = 1",
    '[prices]\ndiscount = "much"',
    "[prices]\ncurrency = 3",
    '[costs]\nbasis = "billed"',
    "[costs]\nbasis = 1",
    '[costs]\nbase = "actual"',
    "costs = 3",
    "quarterly_budget = 3",
    "[quarterly_budget]\nEUR = -1",
    "[quarterly_budget]\nof_all = 1",
    "[prices]\noverrides = 1",
    '[prices]\noverrides = { Standard_DS3_v2 = "cheap" }',
    "[stores]\nteam = 1",
    '[stores.team]\ncatalogue = "postgres:"',
    "[stores.team]\ncatalogue = 1\ndata = 2",
    "windowdays = 3",
    "window_days =",
    "\x00",
]


def settings(folder: Path, text: str) -> Settings:
    path = folder / "config.toml"
    path.write_text(text)
    return read_settings(path, must_exist=True)


def test_the_defaults_are_those_of_the_contract(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == settings(tmp_path, DEFAULTS)
    assert settings(tmp_path, "") == Settings()


def test_every_key_is_read(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        """
        window_days = 60
        minimum_age_days = 0
        rollbacks_kept = 2
        grace_days = 7
        fiscal_year_start = 10
        archive_folder = "/srv/archives"
        protected_subscriptions = ["0F0C0000-0000-0000-0000-00000000000A"]
        subscriptions = [
            "0f0c0000-0000-0000-0000-00000000000b", "0f0c0000-0000-0000-0000-00000000000c",
        ]
        [tags]
        role = ["lifecycle", "role"]
        [brakes]
        targets = 3
        share_of_endpoint = 0.25
        share_of_tenant = 1
        share_of_money = 0
        [prices]
        currency = "eur"
        discount = 0.15
        overrides = { Standard_DS3_v2 = 0.25 }
        [costs]
        basis = "amortized"
        [quarterly_budget]
        eur = 50000.50
        [stores.team]
        catalogue = "postgres:host=db dbname=mothball"
        data = "az://mothball/data"
        account = "stteam"
        [timeouts]
        connect_seconds = 5
        read_seconds = 0.5
        """,
    )
    assert found.timeouts == Timeouts(5.0, 0.5, 110.0)
    assert found.cost_basis == "AmortizedCost"
    assert (found.window_days, found.minimum_age_days, found.rollbacks_kept) == (60, 0, 2)
    assert (found.grace_days, found.fiscal_year_start) == (7, 10)
    assert found.protected_subscriptions == ("0F0C0000-0000-0000-0000-00000000000A",)
    assert [name[-1] for name in found.subscriptions] == ["b", "c"]
    assert found.tags["role"] == ("lifecycle", "role")
    assert found.tags["owner"] == ("owner",)
    assert (found.brakes.targets, found.brakes.share_of_endpoint) == (3, Decimal("0.25"))
    assert (found.brakes.share_of_tenant, found.brakes.share_of_money) == (Decimal(1), Decimal(0))
    assert (found.prices.currency, found.prices.discount) == ("EUR", Decimal("0.15"))
    assert found.prices.overrides == {"Standard_DS3_v2": Decimal("0.25")}
    assert found.quarterly_budget == {"EUR": Decimal("50000.50")}
    team = found.stores["team"]
    assert (team.data, team.account) == ("az://mothball/data", "stteam")


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text)
    assert "config.toml" in str(caught.value)


@pytest.mark.parametrize("key", ["protected_subscriptions", "subscriptions"])
@pytest.mark.parametrize(
    "entry",
    [
        "production",
        f"/subscriptions/{GUID}",
        f"{{{GUID}}}",
        f" {GUID}",
        f"{GUID}\n",
        GUID.replace("-", ""),
        "",
        " ",
        "*",
    ],
)
def test_what_is_no_subscription_id_is_refused_and_protects_nothing_in_silence(
    shop: Shop, tmp_path: Path, key: str, entry: str
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"{key} = {json.dumps([GUID, entry])}")
    result = shop.run("retire", "ws/fraud/spare", "--config", str(config))
    assert result.code == 2
    line = result.one_line()
    assert key in line
    assert repr(entry) in line
    assert "GUID" in line
    assert shop.azure.requests == []


@pytest.mark.parametrize("text", ["window_days = 0", "windowdays = 3", "window_days =", "\x00"])
def test_a_wrong_setting_is_one_line_and_exit_two(shop: Shop, tmp_path: Path, text: str) -> None:
    config = tmp_path / "wrong.toml"
    config.write_text(text)
    for command in (["snapshot"], ["retire", "ws/fraud/spare"], ["delete", "ws/fraud/old"]):
        result = shop.run(*command, "--config", str(config))
        assert result.code == 2
        assert "wrong.toml" in result.one_line()
    assert shop.azure.requests == []


def test_a_settings_file_that_was_named_has_to_be_there(shop: Shop, tmp_path: Path) -> None:
    result = shop.run("snapshot", "--config", str(tmp_path / "none.toml"))
    assert result.code == 2
    assert "none.toml" in result.err.strip().splitlines()[-1]


def test_a_command_of_the_users_is_read(tmp_path: Path) -> None:
    run = '["az", "show", "--name={deployment}"]'
    found = settings(tmp_path, f'[[commands]]\nname = "Show"\nkey = "z"\nrun = {run}')
    (command,) = found.preferences.commands
    assert command == UserCommand("Show", ("az", "show", "--name={deployment}"), "z")


def test_views_and_keys_are_read_for_the_interface(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        'me = ["ada"]\n[keys]\ncopy = "ctrl+y"\n'
        '[[views]]\nname = "Night"\nfilter = "fraud"\nsort = "idle"\ndescending = true\n'
        'then = "run_rate"\nthen_descending = true\ncolumns = ["name", "idle"]\nkey = 3\n'
        '[[views]]\nname = "All"\n'
    )
    night = SavedView("Night", "fraud", "idle", True, None, ("name", "idle"), 3, "run_rate", True)
    expected = Preferences(("ada",), (night, SavedView("All")), {"copy": "ctrl+y"})
    assert read_settings(path, must_exist=True).preferences == expected


def test_the_interface_follows_the_store_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml", must_exist=False).preferences.follow
    path = tmp_path / "config.toml"
    path.write_text("[interface]\nfollow = false\n")
    assert not read_settings(path, must_exist=True).preferences.follow
    path.write_text('[interface]\nfollow = "no"\n')
    with pytest.raises(SettingsError, match=r"interface\.follow is true or false, not 'no'"):
        read_settings(path, must_exist=True)
