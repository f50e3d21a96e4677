"""The door itself: help with examples, one line for every failure, nothing heavy at the start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mothball import __version__
from mothball.cli import COMMANDS
from tests.mothball.shop import Shop

NEEDED = (
    *("archives", "delete", "demo", "doctor", "extend", "journal"),
    *("list", "retire", "show", "snapshot", "sql", "tag"),
)
WITH_STORE = {
    "archives": [],
    "delete": ["ws/fraud/old"],
    "extend": ["ws/fraud/old", "--until", "2999-01-01", "--reason", "x"],
    "journal": [],
    "list": [],
    "retire": ["ws/fraud/spare"],
    "show": ["ws/fraud/old"],
    "sql": ["select 1"],
    "tag": ["ws/fraud/old", "--set", "a=b"],
}


def test_every_command_of_this_version_is_there(shop: Shop) -> None:
    assert set(NEEDED) <= COMMANDS.keys()
    result = shop.bare("--help")
    assert result.code == 0
    assert all(command in result.out for command in NEEDED)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_help_of_every_command_has_an_example(shop: Shop, command: str) -> None:
    result = shop.bare(command, "--help")
    assert result.code == 0
    assert "Example" in result.out
    assert result.out.count(f"mothball {command}") >= 2
    for option in ("--store", "--config", "--cloud", "--read-only"):
        assert option in result.out


@pytest.mark.parametrize(
    "command", ["list", "show", "snapshot", "journal", "archives", "sql", "doctor", "delete"]
)
def test_what_prints_rows_has_three_formats(shop: Shop, command: str) -> None:
    assert "[table|json|csv]" in shop.bare(command, "--help").out


def test_the_version_is_reported(shop: Shop) -> None:
    assert __version__ in shop.bare("--version").out


@pytest.mark.parametrize(
    "words", [["nonsense"], ["list", "--nonsense"], ["list", "surplus"], ["--nonsense"], ["show"]]
)
def test_wrong_usage_exits_with_two(shop: Shop, words: list[str]) -> None:
    result = shop.bare(*words)
    assert result.code == 2
    assert result.out == ""
    assert result.err


@pytest.mark.parametrize("command", sorted(WITH_STORE.keys() - {"archives", "journal"}))
def test_without_a_store_one_line_says_what_to_do(shop: Shop, command: str) -> None:
    shop.store.unlink()
    result = shop.run(command, *WITH_STORE[command])
    assert result.code == 1
    assert "mothball snapshot" in result.one_line()
    assert not shop.store.exists()


@pytest.mark.parametrize("command", sorted(WITH_STORE.keys() - {"archives"}))
@pytest.mark.parametrize("content", [b"", b"not a store at all" * 1000], ids=["empty", "noise"])
def test_a_file_that_is_no_store_is_one_line(shop: Shop, command: str, content: bytes) -> None:
    shop.store.write_bytes(content)
    result = shop.run(command, *WITH_STORE[command])
    assert result.code == 1
    assert "store.duckdb" in result.one_line()
    assert shop.azure.writes == []


def test_a_store_that_is_cut_in_half_is_one_line(shop: Shop) -> None:
    content = shop.store.read_bytes()
    shop.store.write_bytes(content[: len(content) // 2])
    result = shop.run("list")
    assert result.code == 1
    assert result.one_line()


def test_a_store_that_is_a_folder_is_one_line(shop: Shop) -> None:
    shop.store.unlink()
    shop.store.mkdir()
    result = shop.run("list")
    assert result.code == 1
    assert "store.duckdb" in result.one_line()


def test_a_store_where_nothing_can_be_written_is_one_line(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = tmp_path / "file" / "store.duckdb"
    result = shop.bare("snapshot", "--store", str(store), "--cloud", str(shop.azure.profile))
    assert result.code == 1
    assert str(tmp_path / "file") in result.err.strip().splitlines()[-1]
    assert "unexpected" not in result.err


PROBE = """
import sys
from mothball.cli import run
code = run(sys.argv[1:])
heavy = [n for n in ("textual", "azure.ai.ml", "azure.identity", "emulator") if n in sys.modules]
print(code, heavy, file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["--help"], ["list"]])
def test_the_command_line_starts_without_what_is_heavy(shop: Shop, words: list[str]) -> None:
    options = [] if words == ["--help"] else ["--store", str(shop.store)]
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, *words, *options],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr.strip().splitlines()[-1] == "0 []"


def test_the_database_is_not_loaded_where_nothing_is_asked_of_it() -> None:
    code = PROBE.replace('"textual"', '"duckdb"')
    ran = subprocess.run(
        [sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stderr.strip().splitlines()[-1] == "0 []"


def test_a_reader_that_goes_away_is_no_failure(shop: Shop) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mothball", "list", "--store", str(shop.store), "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        result = process.stderr.read()
        process.wait()
    assert b"Traceback" not in result
    assert b"Exception ignored" not in result
