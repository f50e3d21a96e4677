"""What a shell is offered for a word that is begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from actions.archive.writing import archive_root
from mothball.cli import mothball, run
from mothball.context import AppContext
from queries.estate.questions import snapshots
from queries.vocabulary import NAMES
from tests.mothball.shop import FORMULA, Shop


def offered(shop: Shop, *words: str) -> list[str]:
    """Of the last word, with those before it typed; as click is asked by every shell."""
    asked = ShellComplete(mothball, {"obj": AppContext()}, "mothball", "_MOTHBALL_COMPLETE")
    *before, begun = words
    options = ["--store", str(shop.store), "--cloud", str(shop.azure.profile)]
    return [item.value for item in asked.get_completions([*options, *before], begun)]


def test_targets_are_completed_by_path_and_id_and_what_only_reads_by_tails(shop: Shop) -> None:
    of_fraud = offered(shop, "retire", "ws/fraud/")
    assert {"ws/fraud/old", "ws/fraud/spare"} <= set(of_fraud)
    assert offered(shop, "retire", "FRAUD/sp") == []
    assert offered(shop, "show", "fraud/sp") == ["fraud/spare"]
    assert offered(shop, "show", "fraud/ol") == []
    assert offered(shop, "tag", "ws/fraud/old", "lab/fr") == ["lab/fraud/old"]
    assert offered(shop, "--target", "llama") == ["llama"]
    (identity,) = [each for each in offered(shop, "delete", "/sub") if each.endswith("/spare")]
    assert identity.startswith("/subscriptions/")
    assert offered(shop, "delete-endpoint", "ws/q") == ["ws/quiet"]
    assert offered(shop, "list", "--endpoint", "vis") == ["vision"]


def test_verdicts_are_completed_each_and_behind_a_comma(shop: Shop) -> None:
    assert offered(shop, "list", "--verdict", "") == list(NAMES)
    assert offered(shop, "list", "--fail-on", "failed,idle-") == ["failed,idle-endpoint"]


def test_owners_are_completed_but_none_that_a_shell_would_read_as_more_than_a_word(
    shop: Shop,
) -> None:
    assert offered(shop, "list", "--owner", "fraud") == ["Fraud-Team@contoso.example"]
    every = offered(shop, "list", "--owner", "")
    assert "platform@contoso.example" in every
    assert FORMULA not in every
    assert all(set(each) <= set("-@.") | set(filter(str.isalnum, each)) for each in every)


def test_snapshots_archives_views_stores_and_clouds_are_completed(
    own: Shop, tmp_path: Path
) -> None:
    context = AppContext(store_name=str(own.store))
    (known,) = [row.snapshot_id for row in snapshots(context.store_as_it_is)]
    assert offered(own, "list", "--snapshot", "") == [known]
    assert offered(own, "diff", "latest~1", "") == ["latest", "latest~1", known]
    assert offered(own, "--view", "i") == ["idle"]
    assert offered(own, "list", "--cloud", "azureu") == ["AzureUSGovernment"]
    config = tmp_path / "config.toml"
    config.write_text('[stores.team]\ncatalogue = "postgres:host=db"\ndata = "/mnt/team"\n')
    assert offered(own, "--config", str(config), "store", "copy", "te") == ["team"]
    plan = own.run("delete", "ws/fraud/old", "--confirm", "ws/fraud/old")
    assert plan.code == 0, plan.err
    (archive,) = [each.name for each in archive_root(context.session).iterdir()]
    assert offered(own, "restore", archive[:4]) == [archive]


def test_filters_and_columns_are_completed(shop: Shop) -> None:
    assert offered(shop, "list", "--where", "verdict:pay") == ["verdict:pay-per-use"]
    assert "owner:" in offered(shop, "--filter", "own")
    assert offered(shop, "archives", "--columns", "name,kin") == ["name,kind"]
    assert offered(shop, "archives", "--sort", "work") == ["workspace"]


def test_without_a_store_nothing_is_offered_or_made_and_no_word_is_said(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.store.unlink()
    assert offered(shop, "show", "") == []
    assert offered(shop, "list", "--owner", "") == []
    assert not shop.store.exists()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_given_its_script(
    shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_MOTHBALL_COMPLETE", f"{shell}_source")
    assert run([]) == 0
    assert "_MOTHBALL_COMPLETE" in capsys.readouterr().out
