"""`mothball tags restore`: shows what was lost, and puts it back when told."""

from __future__ import annotations

import os
import signal

import pytest

from tests.mothball.shop import CONTROL, Shop

FIELDS = [
    "id",
    "workspace",
    "endpoint",
    "deployment",
    "name",
    "value",
    "found",
    "drift",
    "written_at",
    "written_by",
    "missing_since",
    "was_recreated",
    "outcome",
    "why",
    "as_of",
]
SPARE = "ws/fraud/spare"


@pytest.fixture
def lost(own: Shop) -> Shop:
    """`spare` and `lab/fraud/old` were tagged, and a pipeline dropped it all; seen since."""
    assert own.run("tag", SPARE, "--set", "owner=jo", "--set", "team=risk").code == 0
    assert (
        own.run("extend", "lab/fraud/old", "--until", "2999-01-01", "--reason", "audit").code == 0
    )
    own.world.find(SPARE).tags = {"team": CONTROL}
    own.world.find("lab/fraud/old").tags = {}
    assert own.run("snapshot").code == 0
    own.azure.forget()
    return own


def outcomes(rows: list[dict[str, str]]) -> dict[tuple[str, str], str]:
    return {(row["deployment"], row["name"]): row["outcome"] for row in rows}


def test_what_was_lost_is_shown_and_nothing_is_written(lost: Shop) -> None:
    result = lost.run("tags", "restore", "--format", "json")
    assert result.code == 0
    assert all(list(row) == FIELDS for row in result.json)
    assert outcomes(result.json) == {
        ("spare", "owner"): "planned",
        ("spare", "team"): "left",
        ("old", "mothball-exempt-until"): "planned",
    }
    assert {row["name"]: row["drift"] for row in result.json}["team"] == "changed"
    assert list(lost.run("tags", "restore", "--format", "csv").csv[0]) == FIELDS
    result = lost.run("tags", "restore")
    assert "ws/fraud/spare" in result.out
    assert "\x1b[31m" not in result.out + result.err
    assert lost.azure.writes == []
    assert any("lost" in finding for finding in lost.rows()[SPARE]["findings"])


def test_applied_it_is_put_back(lost: Shop) -> None:
    result = lost.run("tags", "restore", "--apply", "--format", "json")
    assert result.code == 0, result.err
    assert lost.world.find(SPARE).tags == {"team": CONTROL, "owner": "jo"}
    assert lost.world.find("lab/fraud/old").tags == {"mothball-exempt-until": "2999-01-01"}
    assert outcomes(result.json)["spare", "owner"] == "restored"
    assert lost.run("snapshot").code == 0
    rows = lost.run("tags", "restore", "--format", "json").json
    assert [row["name"] for row in rows] == ["team"]


def test_only_the_targets_are_looked_at(lost: Shop) -> None:
    result = lost.run("tags", "restore", "lab/fraud/old", "--apply", "--format", "json")
    assert set(outcomes(result.json)) == {("old", "mothball-exempt-until")}
    assert "owner" not in lost.world.find(SPARE).tags


def test_an_unknown_target_is_one_line(lost: Shop) -> None:
    result = lost.run("tags", "restore", "ws/fraud/nobody", "--apply")
    assert result.code == 1
    assert "nobody" in result.one_line()


def test_read_only_exits_with_four_and_writes_nothing(lost: Shop) -> None:
    result = lost.run("tags", "restore", "--apply", "--read-only", "--format", "json")
    assert result.code == 4
    assert outcomes(result.json)["spare", "owner"] == "refused"
    assert lost.azure.writes == []


def test_one_failure_stops_no_other(lost: Shop) -> None:
    lost.world.lock(lost.world.find(SPARE), "ReadOnly")
    result = lost.run("tags", "restore", "--apply", "--format", "json")
    assert result.code == 1
    assert "fraud/spare" in result.err
    assert outcomes(result.json)["spare", "owner"] == "failed"
    assert outcomes(result.json)["old", "mothball-exempt-until"] == "restored"


def test_ctrl_c_leaves_the_tags_of_the_next_deployment(lost: Shop) -> None:
    lost.azure.before("PATCH", "tags", lambda _world: os.kill(os.getpid(), signal.SIGINT))
    result = lost.run("tags", "restore", "--apply", "--format", "json")
    assert result.code == 1
    assert sorted(outcomes(result.json).values()) == ["left", "planned", "restored"]
    assert "not touched: the run was stopped before it" in result.err


def test_nothing_lost_is_said(shop: Shop) -> None:
    assert shop.run("tags", "restore", "--format", "json").json == []
    result = shop.run("tags", "restore")
    assert (result.code, result.out) == (0, "")
    assert "as it was" in result.err


def test_show_tells_who_extended_it_and_why(lost: Shop) -> None:
    (written,) = lost.run("show", "lab/fraud/old", "--format", "json").json["tags_written"]
    assert written["name"] == "mothball-exempt-until"
    assert (written["action"], written["reason"]) == ("extend", "audit")
    assert written["written_by"].startswith("mothball-operator (")
    result = lost.run("show", "lab/fraud/old")
    assert "audit" in result.out
    assert "mothball-operator" in result.out


@pytest.mark.parametrize("view", ["tag_ledger", "written_tags", "tag_drift"])
def test_the_ledger_can_be_asked_in_sql(lost: Shop, view: str) -> None:
    assert lost.run("sql", f"from {view}", "--format", "json").json
