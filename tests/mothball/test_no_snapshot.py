"""A store without a finished snapshot proves nothing: what reads snapshots fails and says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
import pytest

from emulator import World
from mothball.cli import mothball
from queries.store.append import append
from tests.mothball.shop import OpenShop, Shop, estate, now
from tests.stores import copy_store, new_store

TARGET = "ws/fraud/old"
READS_SNAPSHOTS = {
    "decisions import": ["answers.csv"],
    "delete": [TARGET],
    "delete-endpoint": ["ws/quiet"],
    "diff": ["latest~1", "latest"],
    "extend": [TARGET, "--until", "2999-01-01", "--reason", "x"],
    "history": ["ws/fraud"],
    "list": [],
    "report digest": [],
    "report owners": ["--out", "owners"],
    "report proposals": ["--out", "proposals.csv"],
    "report review": ["--quarter", "2026-Q1", "--out", "review.html"],
    "report savings": [],
    "retire": [TARGET],
    "show": [TARGET],
    "tag": [TARGET, "--set", "a=b"],
    "tags restore": [],
}
READS_NONE = {
    "archives": 0,
    "costs forget": 1,  # there is no such month
    "costs import": 2,  # without a file
    "costs status": 0,
    "demo": None,  # has a store of its own
    "doctor": 0,
    "journal": 0,
    "journal head": 0,
    "journal verify": 0,
    "record": 0,
    "report focus": 1,  # reads the bill, which `costs import` brings too, and says what it lacks
    "restore": 1,  # there is no such archive
    "snapshot": 0,
    "sql": 0,
    "store check": 0,
    "store copy": 0,
    "store init": 2,  # the settings name no store that is called so
    "store prune": 0,
}
ARGUMENTS = {
    "costs forget": ["--month", "2026-10"],
    "report focus": ["--month", "2026-10", "--out", "focus.csv"],
    "record": ["recording"],
    "restore": ["nothing"],
    "store init": ["team"],
    "sql": ["select 1"],
    "store copy": ["copy.duckdb"],
    "store prune": ["--older-than", "1d"],
}
MORE = [
    ["list", "--format", "json"],
    ["list", "--format", "csv"],
    ["list", "--fail-on", "idle"],
    ["list", "--snapshot", "x"],
    ["list", "--where", "idle>30d"],
    ["diff", "x", "y", "--format", "json"],
    ["report", "savings", "--format", "json"],
    ["retire", "--where", "verdict:idle"],
    ["show", TARGET, "--format", "json"],
    ["tags", "restore", "--format", "json"],
]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that has its tables, and one snapshot that was stopped."""
    path = tmp_path_factory.mktemp("stopped") / "store.duckdb"
    stopped = {"kind": "snapshot", "status": "stopped", "started_at": datetime(2026, 1, 1)}  # noqa: DTZ001
    with new_store(path).writing() as connection:
        append(connection, "snapshots", [stopped | {"snapshot_id": "stopped"}])
    return path


@pytest.fixture
def shop(
    open_shop: OpenShop, stopped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Shop:
    """An estate, and a copy of the store that knows of one snapshot that was stopped."""
    monkeypatch.chdir(tmp_path)
    Path("answers.csv").write_text(f"id,decision,until,reason\n/x/{TARGET},retire,,\n")
    shop = open_shop(estate(now()))
    copy_store(stopped, shop.store)
    return shop


def _leaves(group: click.Group, ctx: click.Context, above: str = "") -> Iterator[str]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        path = f"{above}{name}"
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield path
            yield from _leaves(command, ctx, f"{path} ")
        else:
            yield path


def test_it_is_decided_of_every_command_whether_it_reads_snapshots() -> None:
    commands = set(_leaves(mothball, click.Context(mothball)))
    assert commands == READS_SNAPSHOTS.keys() | READS_NONE.keys()


@pytest.mark.parametrize(
    "words", [*([*name.split(), *given] for name, given in READS_SNAPSHOTS.items()), *MORE]
)
def test_what_reads_snapshots_fails_in_one_line_with_the_remedy(
    shop: Shop, words: list[str]
) -> None:
    result = shop.run(*words)
    assert result.code == 1
    line = result.one_line()
    assert (
        line == f"mothball: no finished snapshot in {shop.store}: run `mothball snapshot --resume`"
    )
    assert shop.azure.writes == []
    assert not {"owners", "proposals.csv", "review.html"} & {path.name for path in Path().iterdir()}


@pytest.mark.parametrize("words", [["list"], ["list", "--fail-on", "idle", "--format", "json"]])
def test_a_store_that_is_not_there_fails_as_well(shop: Shop, words: list[str]) -> None:
    shop.store.unlink()
    result = shop.run(*words)
    assert result.code == 1
    assert "run `mothball snapshot`" in result.one_line()
    assert not shop.store.exists()


@pytest.mark.parametrize(
    ("name", "code"), [(name, code) for name, code in READS_NONE.items() if code is not None]
)
def test_what_reads_no_snapshot_goes_on(shop: Shop, name: str, code: int) -> None:
    result = shop.run(*name.split(), *ARGUMENTS.get(name, []))
    assert result.code == code, result.err
    assert "no finished snapshot" not in result.err


def test_an_estate_that_was_read_and_has_nothing_is_an_empty_list(open_shop: OpenShop) -> None:
    world = World()
    world.subscription("empty").resource_group("rg")
    shop = open_shop(world)
    assert shop.run("snapshot").code == 0
    result = shop.run("list", "--fail-on", "idle", "--format", "json")
    assert result.code == 0
    assert result.json == []


@pytest.mark.parametrize("words", [["list", "--snapshot", "{}"], ["diff", "{}", "latest"]])
def test_a_snapshot_that_was_stopped_is_not_taken_for_an_empty_one(
    shop: Shop, words: list[str]
) -> None:
    assert shop.run("snapshot").code == 0
    result = shop.run(*(word.format("stopped") for word in words), "--format", "json")
    assert result.code == 1
    assert "'stopped' is stopped: the store does not hold what it found" in result.one_line()


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize("command", ["archives", "journal", "journal head", "journal verify"])
def test_a_store_that_is_not_there_is_no_empty_one(shop: Shop, command: str, form: str) -> None:
    none = replace(shop, store=shop.store.with_name("none.duckdb"))
    options = [] if command == "journal verify" else ["--format", form]
    result = none.run(*command.split(), *options)
    assert (result.code, result.out) == (1, "")
    assert result.one_line() == none.run("list").one_line()


def test_what_was_archived_is_listed_without_its_store(own: Shop) -> None:
    own.run("delete", TARGET, "--confirm", TARGET)
    none = replace(own, store=own.store.with_name("none.duckdb"))
    (archive,) = none.run("archives", "--format", "json").json
    assert archive["deployment"] == "old"
