"""tag, retire, extend, delete, journal and archives by the command line."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from emulator import Fault
from tests.mothball.shop import SECRET, Shop, now

pytestmark = pytest.mark.journey

CHECKS = [
    "same-resource",
    "live-traffic",
    "mirror-traffic",
    "requests",
    "callers",
    "rollback",
    "lock",
    "exemption",
    "retire-mark",
    "operation",
    "assets",
    "restorable",
]
TARGET = "ws/fraud/old"


def day(days: int) -> str:
    return (now().date() + timedelta(days=days)).isoformat()


def test_nothing_is_written_by_what_only_reads_or_plans(own: Shop) -> None:
    assert own.run("snapshot").code == 0
    for words in (
        ["list"],
        ["show", TARGET],
        ["doctor"],
        ["delete", TARGET],
        ["delete", "ws/fraud/blue"],
        ["delete", TARGET, "ws/fraud/spare", "--format", "json"],
        ["journal"],
        ["journal", "verify"],
        ["archives"],
        ["sql", "select 1"],
    ):
        assert own.run(*words).code == 0, words
    assert own.azure.writes == []


def test_what_a_disabled_subscription_means_is_told_of_a_plan_as_json_and_of_its_refusal(
    own: Shop,
) -> None:
    own.world.subscriptions[0].state = "Disabled"
    assert own.run("snapshot").code == 0
    planned = own.run("delete", TARGET, "--format", "json")
    assert planned.code == 0
    phrase = planned.json["phrase"]
    assert "ws/fraud/old: its subscription is Disabled: Azure takes no write" in planned.err
    refused = own.run("delete", TARGET, "--confirm", phrase, "--format", "json")
    assert refused.code == 4
    assert "nothing was written: ws/fraud/old: its subscription is Disabled" in refused.one_line()


def test_tag_merges_and_says_what_it_read_back(own: Shop) -> None:
    own.world.find(TARGET).tags["cost.center"] = "4711"
    result = own.run(
        "tag", TARGET, "--set", "owner=jo=x", "--set", "a=", "--remove", "ROLE", "--format", "json"
    )
    assert result.code == 0
    (row,) = result.json
    assert row["tags"] == own.world.find(TARGET).tags
    assert row["tags"]["cost.center"] == "4711"
    assert row["tags"]["owner"] == "jo=x"
    assert row["tags"]["a"] == ""
    assert "role" not in row["tags"]


def test_tag_takes_several_targets_and_one_failure_stops_none(own: Shop) -> None:
    own.world.lock(own.world.find("ws/fraud/spare"), "ReadOnly")
    result = own.run("tag", "ws/fraud/spare", TARGET, "--set", "a=b")
    assert result.code == 1
    assert "fraud/spare" in result.err
    assert own.world.find(TARGET).tags["a"] == "b"


@pytest.mark.parametrize(
    "words",
    [
        ["tag", TARGET],
        ["tag", "--set", "a=b"],
        ["tag", TARGET, "--set", "a"],
        ["tag", TARGET, "--set", "=b"],
        ["tag", TARGET, "--set", "a=b", "--remove", "A"],
        ["retire"],
        ["retire", TARGET, "--after", "soon"],
        ["retire", "ws/fraud/spare", "--after", "13d"],
        ["retire", "ws/fraud/spare", "--after", "13d", "--reason", " "],
        ["extend", TARGET, "--until", "2999-01-01"],
        ["extend", TARGET, "--reason", "x"],
        ["extend", TARGET, "--until", "tomorrow", "--reason", "x"],
        ["extend", TARGET, "--until", "2020-01-01", "--reason", "x"],
        ["extend", TARGET, "--until", "2999-01-01", "--reason", " "],
        ["delete"],
        ["delete", TARGET, "--override", "rollback"],
        ["delete", TARGET, "--override", "rollback="],
        ["delete", TARGET, "--override", "everything=please"],
    ],
)
def test_wrong_usage_exits_with_two_and_writes_nothing(shop: Shop, words: list[str]) -> None:
    result = shop.run(*words)
    assert result.code == 2
    assert result.out == ""
    assert shop.azure.writes == []


@pytest.mark.parametrize("command", ["tag", "retire", "extend", "delete"])
@pytest.mark.parametrize("target", ["old", "fraud/old", "ws/fraud/nobody", "lab/llama"])
def test_a_command_that_writes_takes_no_tail_and_no_stranger(
    shop: Shop, command: str, target: str
) -> None:
    more = {
        "tag": ["--set", "a=b"],
        "retire": [],
        "extend": ["--until", "2999-01-01", "--reason", "x"],
        "delete": ["--confirm", "ws/fraud/old"],
    }[command]
    result = shop.run(command, target, *more)
    assert result.code in (1, 2)
    assert result.one_line()
    assert shop.azure.writes == []


def test_retire_marks_with_the_grace_of_the_settings_or_a_longer_one(own: Shop) -> None:
    assert own.run("retire", "ws/fraud/spare", "lab/fraud/old").code == 0
    assert own.world.find("ws/fraud/spare").tags["mothball-retire-after"] == day(14)
    assert own.world.find("lab/fraud/old").tags["role"] == "retire"
    assert own.run("retire", "ws/fraud/spare", "--after", "3w").code == 0
    assert own.world.find("ws/fraud/spare").tags["mothball-retire-after"] == day(21)
    assert own.run("retire", "ws/fraud/spare", "--after", "2", "--reason", "agreed").code == 0
    assert own.world.find("ws/fraud/spare").tags["mothball-retire-after"] == day(2)
    assert own.run("retire", "ws/fraud/spare", "--undo").code == 0
    assert own.world.find("ws/fraud/spare").tags == {}


@pytest.mark.parametrize(
    "target", ["ws/fraud/blue", "ws/fraud/green", "ws/fraud/kept", "ws/nulled/main"]
)
def test_retire_refuses_what_is_not_idle_or_failed(own: Shop, target: str) -> None:
    before = dict(own.world.find(target).tags)
    result = own.run("retire", target)
    assert result.code == 4
    assert own.azure.writes == []
    assert own.world.find(target).tags == before
    assert own.journal()[-1]["outcome"] == "refused"


def test_retire_replaces_a_foreign_role_only_when_told(own: Shop) -> None:
    own.world.find("ws/fraud/spare").tags["Role"] = "test"
    assert own.run("retire", "ws/fraud/spare").code == 4
    assert own.azure.writes == []
    assert own.run("retire", "ws/fraud/spare", "--replace").code == 0
    assert own.world.find("ws/fraud/spare").tags["Role"] == "retire"


def test_extend_exempts_with_a_reason_in_the_journal(own: Shop) -> None:
    result = own.run("extend", TARGET, "--until", day(40), "--reason", "audit in January")
    assert result.code == 0
    assert own.world.find(TARGET).tags["mothball-exempt-until"] == day(40)
    last = own.journal()[-1]
    assert (last["action"], last["outcome"], last["reason"]) == (
        "extend",
        "done",
        "audit in January",
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["extend", TARGET, "--until", "2020-01-01", "--reason", "audit"], "2020-01-01 is past"),
        (["extend", TARGET, "--until", "2999-01-01", "--reason", " "], "needs a reason"),
        (["retire", TARGET, "--after", "3d"], "a grace shorter than 14 days needs a reason"),
    ],
)
def test_what_the_rules_forbid_by_the_words_alone_is_a_usage_error(
    shop: Shop, words: list[str], why: str
) -> None:
    result = shop.run(*words)
    assert result.code == 2
    assert why in result.err
    assert result.out == ""


def test_the_plan_is_one_object_with_the_fields_of_the_contract(shop: Shop) -> None:
    result = shop.run("delete", TARGET, "--format", "json")
    assert result.code == 0
    plan = result.json
    assert plan["phrase"] == "ws/fraud/old"
    (target,) = plan["targets"]
    assert sorted(target) >= sorted(
        ["id", "verdict", "monthly_saving", "currency", "checks", "outcome"]
    )
    assert (target["verdict"], target["outcome"]) == ("idle", "planned")
    assert [check["check"] for check in target["checks"]] == CHECKS
    for check in target["checks"]:
        assert sorted(check) == ["age_seconds", "check", "evidence", "override", "state"]
        assert check["state"] in ("pass", "fail", "unknown")
        assert isinstance(check["age_seconds"], int | None)
        assert check["override"] is None


def test_the_plan_of_a_serving_one_fails_in_its_checks_and_exits_with_zero(shop: Shop) -> None:
    result = shop.run("delete", "ws/fraud/blue", "--format", "json")
    assert result.code == 0
    states = {c["check"]: c["state"] for c in result.json["targets"][0]["checks"]}
    assert states["live-traffic"] == states["requests"] == "fail"


def test_a_plan_for_people_tells_phrase_checks_and_saving(shop: Shop) -> None:
    result = shop.run("delete", TARGET)
    assert '--confirm "ws/fraud/old"' in result.out
    assert all(check in result.out for check in CHECKS)
    assert "run rate a month" in result.out


def test_a_plan_of_several_is_one_table_with_its_money_and_what_stands_in_the_way(
    shop: Shop,
) -> None:
    out = shop.run("delete", TARGET, "ws/fraud/spare").out
    lines = out.splitlines()
    assert lines[0].split()[:2] == ["target", "verdict"]
    assert [lines[1].split()[0], " ".join(lines[1].split()[4:7])] == ["ws/fraud/old", "12 of 12"]
    assert "retire-mark fail" in lines[2]
    assert re.search(r"^  run rate a month: ([\d,.]+ [A-Z]{3}|not known for 2 of 2)$", out, re.M)
    assert "  ws/fraud/spare: retire-mark fail: it carries no retire mark" in out
    assert out.count("az ml online-deployment delete") == 2
    assert 'to go on, add: --confirm "delete 2 deployments' in out


def test_the_journal_tells_the_commands_that_do_the_same(own: Shop) -> None:
    assert own.run("delete", TARGET, "--confirm", "ws/fraud/old").code == 0
    reported = own.run("journal", "--by-hand").out
    assert "delete ws/fraud/old: deleted" in reported
    assert "#   delete: az ml online-deployment delete --name old --endpoint-name fraud" in reported
    assert "#   create old: az ml online-deployment create" in reported
    assert (
        "#   traffic back: az ml online-endpoint update --name fraud --traffic blue=100" in reported
    )
    assert all(line.startswith("#") for line in reported.splitlines())


def test_a_grace_that_is_over_is_not_moved_without_a_word(own: Shop) -> None:
    result = own.run("retire", TARGET, "ws/fraud/spare")
    assert result.code == 0
    (line,) = result.err.strip().splitlines()
    assert "marked already: its grace was over on " in line
    assert "the new one ends on " in line


def test_the_phrase_deletes_what_is_proven_idle(own: Shop) -> None:
    result = own.run("delete", TARGET, "--confirm", "ws/fraud/old", "--format", "json")
    assert result.code == 0, result.err
    assert result.json["targets"][0]["outcome"] == "deleted"
    assert [write.method for write in own.azure.writes] == ["DELETE"]
    with pytest.raises(KeyError):
        own.world.find(TARGET)
    rows = own.run("archives", "--format", "json").json
    assert [(row["workspace"], row["endpoint"], row["deployment"]) for row in rows] == [
        ("ws", "fraud", "old")
    ]
    assert Path(rows[0]["folder"]).is_dir()
    assert [row["outcome"] for row in own.journal()] == ["planned", "intended", "deleted"]
    assert own.run("journal", "verify").code == 0


@pytest.mark.parametrize(
    "target",
    ["ws/fraud/blue", "ws/fraud/green", "ws/fraud/spare", "ws/fraud/broken", "ws/fraud/kept"]
    + ["ws/vision/shadow", "ws/quiet/only"],
)
def test_nothing_else_is_deleted_by_its_phrase(own: Shop, target: str) -> None:
    phrase = target.split("/", 1)[1]
    result = own.run("delete", target, "--confirm", phrase, "--format", "json")
    assert result.code == 4
    assert result.json["targets"][0]["outcome"] == "refused"
    assert own.azure.writes == []
    last = own.journal()[-1]
    assert last["outcome"] == "refused"
    assert last["reason"] in result.err


def test_a_wrong_phrase_exits_with_four(shop: Shop) -> None:
    result = shop.run("delete", TARGET, "--confirm", "old")
    assert result.code == 4
    assert "fraud/old" in result.one_line()
    assert shop.azure.writes == []


@pytest.mark.parametrize("check", ["same-resource", "live-traffic", "mirror-traffic", "lock"])
def test_an_override_that_is_not_allowed_writes_nothing(shop: Shop, check: str) -> None:
    override = ("--override", f"{check}=I know better")
    result = shop.run("delete", TARGET, "--confirm", "ws/fraud/old", *override)
    assert result.code in (2, 4)
    assert check in result.one_line()
    assert shop.azure.writes == []


def test_a_plan_says_beforehand_that_an_override_is_not_allowed(shop: Shop) -> None:
    result = shop.run("delete", TARGET, "--override", "lock=I know better")
    assert result.code == 0
    assert "the check 'lock' cannot be overridden" in result.out


def test_an_override_is_shown_in_the_plan(own: Shop) -> None:
    result = own.run(
        "delete", "ws/fraud/spare", "--override", "retire-mark=agreed", "--format", "json"
    )
    shown = {c["check"]: c["override"] for c in result.json["targets"][0]["checks"]}
    assert shown["retire-mark"] == "agreed"
    assert [name for name, reason in shown.items() if reason] == ["retire-mark"]


def test_a_failed_deletion_exits_with_one_and_says_what(own: Shop) -> None:
    own.world.will_end(message="The cluster was not released.")
    result = own.run("delete", TARGET, "--confirm", "ws/fraud/old", "--format", "json")
    assert result.code == 1
    assert result.json["targets"][0]["outcome"] == "failed"
    assert "The cluster was not released." in result.err


def test_a_failure_counts_before_a_refusal(own: Shop, tmp_path: Path) -> None:
    config = tmp_path / "loose.toml"
    config.write_text("[brakes]\nshare_of_endpoint = 1\nshare_of_tenant = 1\nshare_of_money = 1\n")
    two = ["delete", TARGET, "ws/fraud/spare", "--config", str(config)]
    phrase = own.run(*two, "--format", "json").json["phrase"]
    own.world.will_end()
    result = own.run(*two, "--confirm", phrase, "--format", "json")
    assert [target["outcome"] for target in result.json["targets"]] == ["failed", "refused"]
    assert result.code == 1


def test_the_brakes_of_the_settings_refuse(own: Shop) -> None:
    two = ["delete", TARGET, "ws/fraud/spare"]
    phrase = own.run(*two, "--format", "json").json["phrase"]
    result = own.run(*two, "--confirm", phrase)
    assert result.code == 4
    assert "tenant" in result.err
    assert own.azure.writes == []


def test_a_deletion_that_raced_exits_with_one(own: Shop) -> None:
    own.azure.after(
        "DELETE",
        do=lambda world: setattr(world.find("ws/fraud"), "traffic", {"blue": 90, "old": 10}),
    )
    result = own.run("delete", TARGET, "--confirm", "ws/fraud/old", "--format", "json")
    assert result.code == 1
    assert result.json["targets"][0]["outcome"] == "raced"


def test_evidence_that_is_refused_exits_with_four(own: Shop) -> None:
    own.azure.faults.add(Fault("forbid", "metrics:getBatch"))
    result = own.run("delete", TARGET, "--confirm", "ws/fraud/old")
    assert result.code == 4
    assert own.azure.writes == []


def test_a_secret_of_the_environment_is_never_printed(own: Shop) -> None:
    known = [
        own.run("snapshot", "--format", "json"),
        own.run("show", TARGET, "--format", "json"),
        own.run("show", TARGET),
        own.run("delete", TARGET, "--confirm", "ws/fraud/old", "--format", "json"),
        own.run("journal", "--format", "json"),
        own.run("archives"),
        own.run("sql", "select * from raw_resources", "--format", "json"),
    ]
    assert all(one.code == 0 for one in known)
    assert not any(SECRET in one.out + one.err for one in known)
    held = [p for p in own.archives.rglob("*") if p.is_file() and SECRET in p.read_text()]
    assert [path.name for path in held] == ["deployment.json"]


def test_the_journal_is_an_array_with_the_fields_of_the_contract(own: Shop) -> None:
    own.run("tag", TARGET, "--set", "a=b")
    rows = own.journal()
    fields = [
        "sequence",
        "at",
        "actor",
        "action",
        "target",
        "outcome",
        "reason",
        "correlation_id",
        "evidence",
        "hash",
    ]
    for row in rows:
        assert list(row) == fields
    assert [row["sequence"] for row in rows] == [1, 2]
    assert rows[1]["correlation_id"]
    assert isinstance(rows[1]["evidence"], dict)
    assert list(own.run("journal", "--format", "csv").csv[0]) == fields


def test_an_empty_journal_is_an_empty_array(shop: Shop) -> None:
    assert shop.journal() == []
    assert shop.run("journal", "verify").code == 0


def test_a_journal_that_was_changed_exits_with_one(own: Shop) -> None:
    import duckdb

    own.run("tag", TARGET, "--set", "a=b")
    with duckdb.connect(str(own.store)) as connection:
        connection.execute("update journal set actor = 'nobody' where sequence = 1")
    result = own.run("journal", "verify")
    assert result.code == 1
    assert "1" in result.one_line()


def test_a_journal_that_lost_its_end_is_shown_by_the_archives(own: Shop) -> None:
    import duckdb

    assert own.run("delete", TARGET).code == 0
    assert own.run("delete", TARGET, "--confirm", "ws/fraud/old").code == 0
    assert own.run("journal", "verify").code == 0
    with duckdb.connect(str(own.store)) as connection:
        connection.execute("delete from journal where sequence > 1")
    result = own.run("journal", "verify")
    assert result.code == 1
    assert "knows entry 2, which is not there any more" in result.err


def test_no_archive_yet_is_an_empty_array(shop: Shop) -> None:
    assert shop.run("archives", "--format", "json").json == []
    assert shop.run("archives").code == 0


def test_a_broken_archive_is_named_and_the_rest_listed(own: Shop) -> None:
    own.run("delete", TARGET, "--confirm", "ws/fraud/old")
    broken = own.archives / "20200101T000000-broken"
    broken.mkdir()
    (broken / "manifest.json").write_text(json.dumps([]))
    result = own.run("archives", "--format", "json")
    assert result.code == 1
    assert len(result.json) == 1
    assert "broken" in result.err


def test_a_refusal_beside_a_deed_is_a_failure_for_some_targets(own: Shop) -> None:
    result = own.run("retire", "ws/fraud/spare", "ws/fraud/blue")
    assert own.world.find("ws/fraud/spare").tags["role"] == "retire"
    assert result.code == 1
    assert own.run("retire", "ws/fraud/blue").code == 4


def test_debugging_changes_no_exit_code_of_a_refusal(
    own: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTHBALL_DEBUG", "1")
    assert own.run("delete", TARGET, "--confirm", "wrong").code == 4


def test_a_plan_of_several_without_a_sign_in_says_why_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "wrong")
    result = shop.run("delete", TARGET, "ws/fraud/spare", "lab/fraud/old")
    assert result.code == 0
    (line,) = [line for line in result.out.splitlines() if "could not be read" in line]
    assert line.startswith("  all 3 targets: assets unknown: model, environment, code could not")
    assert line.count("AADSTS7000215") == 1
