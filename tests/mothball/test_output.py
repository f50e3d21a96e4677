"""Output wherever it goes: no character is a failure, and what is written is its owner's alone."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from emulator import World
from queries.text.json_text import json_text
from tests.mothball.shop import OpenShop, Shop, now
from tests.mothball.test_processes import environment

OWNER = "Zoë → 値段 \U0001f4b8"


@pytest.fixture
def shop_abroad(open_shop: OpenShop) -> Shop:
    """A snapshot of a deployment whose owner many an encoding cannot say."""
    world = World()
    endpoint = world.subscription("p").resource_group("rg").workspace("ws").endpoint("e")
    endpoint.deployment("d", tags={"owner": OWNER})
    world.clock.set(now())
    shop = open_shop(world)
    assert shop.run("snapshot").code == 0
    return shop


def run(
    shop: Shop, home: Path, *words: str, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    more: Mapping[str, str] = shop.azure.environment | variables
    options = ["--store", str(shop.store), "--cloud", str(shop.azure.profile)]
    return subprocess.run(
        [sys.executable, "-m", "mothball", *words, *options],
        env=environment(home, more),
        cwd=home,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "cp932"])
def test_a_table_degrades_where_a_character_cannot_be_said(
    shop_abroad: Shop, home: Path, encoding: str
) -> None:
    for words in (["list"], ["show", "ws/e/d"], ["list", "--format", "csv"]):
        done = run(shop_abroad, home, *words, PYTHONIOENCODING=encoding)
        assert done.returncode == 0, done.stderr
        assert done.stderr.decode(encoding) == ""
        assert "Zo" in done.stdout.decode(encoding)


def test_json_is_the_same_in_any_encoding(shop_abroad: Shop, home: Path) -> None:
    for encoding in ("ascii", "cp1252", "utf-8"):
        done = run(shop_abroad, home, "list", "--format", "json", PYTHONIOENCODING=encoding)
        assert [row["owner"] for row in json.loads(done.stdout.decode(encoding))] == [OWNER]


@pytest.mark.parametrize("indent", [None, 2])
def test_json_steers_no_terminal_and_reads_back_the_same(indent: int | None) -> None:
    value = {"a\x9b2J": ["\u202e", "\x7f\u2028\ufeff", "\ud83d", "\U0001f9ea\xe9"]}
    text = json_text(value, indent)
    assert all(line.isprintable() for line in text.split("\n"))
    assert "\U0001f9ea\xe9" in text
    assert json.loads(text) == value


def test_what_goes_into_a_pipe_is_utf_8_whatever_the_locale(shop_abroad: Shop, home: Path) -> None:
    for variables in ({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {}):
        done = run(shop_abroad, home, "list", "--format", "csv", **variables)
        assert done.returncode == 0, done.stderr
        assert OWNER in done.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_whatever_is_written_is_readable_by_its_owner_alone(shop: Shop, home: Path) -> None:
    folder = home / "made"
    before = os.umask(0o002)
    try:
        store = folder / "store.duckdb"
        profile = str(shop.azure.profile)
        given = ["--store", str(store), "--cloud", profile]
        assert shop.bare("snapshot", "--cost-months", "0", *given).code == 0
        target = ["delete", "ws/fraud/old", *given]
        assert shop.bare(*target, "--confirm", "ws/fraud/old", "--read-only").code == 4
        for words in (
            ["report", "owners", "--out", str(folder / "owners")],
            ["report", "review", "--quarter", "2026-Q4", "--out", str(folder / "review.html")],
            ["report", "proposals", "--out", str(folder / "proposals.parquet")],
            ["store", "copy", str(folder / "copies" / "copy.duckdb")],
        ):
            assert shop.bare(*words, *given).code in (0, 3), words
    finally:
        assert os.umask(before) == 0o002
    made = [folder, *folder.rglob("*")]
    assert len(made) > 6
    for path in made:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
