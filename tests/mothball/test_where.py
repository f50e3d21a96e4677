"""`--where`: the filter of the interface on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from queries.filter import parsed
from tests.mothball.shop import VERDICTS, Shop

PAGE = Path(__file__).parents[2] / "docs" / "filter.md"


def test_a_filter_shows_what_it_says(shop: Shop) -> None:
    assert set(shop.rows("--where", "verdict:idle,failed ws=ws")) == {
        "ws/fraud/old",
        "ws/fraud/spare",
        "ws/fraud/broken",
    }
    assert set(shop.rows("--where", "quiet or llama")) == {"ws/quiet/only", "lab/llama"}


def test_a_filter_and_options_hold_together(shop: Shop) -> None:
    assert set(shop.rows("--verdict", "idle", "--where", "!lab")) == {
        "ws/fraud/old",
        "ws/fraud/spare",
    }


def test_what_is_hidden_as_unknown_is_counted_on_standard_error(shop: Shop) -> None:
    result = shop.run("list", "--where", "requests>0", "--format", "json")
    unknown = [row for row in shop.rows().values() if row["requests_in_window"] is None]
    assert result.code == 0
    assert all(row["requests_in_window"] > 0 for row in result.json)
    assert result.err.startswith(f"{len(unknown)} hidden because unknown")


def test_fail_on_counts_what_the_filter_shows(shop: Shop) -> None:
    assert shop.run("list", "--where", "vision", "--fail-on", "idle").code == 0
    assert shop.run("list", "--where", "old", "--fail-on", "idle").code == 5


@pytest.mark.parametrize("command", ["list", "retire"])
def test_a_mistake_is_one_line_with_its_place(shop: Shop, command: str) -> None:
    result = shop.run(command, "--where", "fraud cots>5")
    assert result.code == 2
    assert result.one_line().endswith("did you mean cost? (column 7)")


def test_retire_marks_what_the_filter_shows_and_nothing_else(own: Shop) -> None:
    assert own.run("retire", "--where", "verdict:idle ep=fraud dep=spare").code == 0
    retired = [path for path in VERDICTS if path.count("/") == 2 and _role(own, path) == "retire"]
    assert retired == ["ws/fraud/old", "ws/fraud/spare"]


def _role(shop: Shop, path: str) -> str | None:
    role: str | None = shop.world.find(path).tags.get("role")
    return role


def test_expired_tests_are_taken_together(own: Shop) -> None:
    for path in ("ws/fraud/spare", "lab/fraud/old"):
        own.world.find(path).tags["role"] = "test"
    own.world.find("ws/fraud/old").tags["role"] = "rollback"
    assert own.run("snapshot").code == 0
    words = ("--where", "role:test finding:expired", "--replace", "--format", "json")
    result = own.run("retire", *words)
    assert result.code == 0, result.err
    assert {row["deployment"] for row in result.json} == {"ws/fraud/spare", "lab/fraud/old"}
    assert own.world.find("ws/fraud/spare").tags["role"] == "retire"
    assert own.world.find("ws/fraud/old").tags["role"] == "rollback"


@pytest.mark.parametrize(
    "arguments", [["--where", " "], [], ["ws/fraud/spare", "--where", "spare"]]
)
def test_retire_takes_targets_or_a_filter_that_says_something(
    own: Shop, arguments: list[str]
) -> None:
    assert own.run("retire", *arguments).code == 2
    assert own.azure.writes == []


def test_a_filter_that_shows_no_online_deployment_retires_nothing(own: Shop) -> None:
    result = own.run("retire", "--where", "kind:serverless")
    assert result.code == 1
    assert "no online deployment matches" in result.one_line()


def test_every_filter_that_is_documented_is_one() -> None:
    typed = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(typed) > 8
    assert all(parsed(text) for text in typed)
