"""delete, archives, restore by the command line, and no secret on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mothball.shop import SECRET, Shop

pytestmark = pytest.mark.journey

TARGET = "ws/fraud/old"


def gone(own: Shop) -> str:
    """The name of the archive of what was just deleted."""
    result = own.run("delete", TARGET, "--confirm", "ws/fraud/old", "--format", "json")
    assert result.code == 0, result.err
    (archive,) = own.run("archives", "--format", "json").json
    own.azure.forget()
    return str(archive["name"])


def test_a_deleted_one_is_planned_back_and_comes_back(own: Shop) -> None:
    name = gone(own)
    plan = own.run("restore", name, "--format", "json")
    assert plan.code == 0, plan.err
    reported = plan.json
    assert reported["phrase"] == "ws/fraud/old"
    assert reported["outcome"] == "planned"
    assert {check["state"] for check in reported["checks"]} == {"pass"}
    assert reported["changes"] == []
    assert [step["what"] for step in reported["by_hand"]] == ["create old"]
    assert own.azure.writes == []
    result = own.run("restore", name, "--confirm", "ws/fraud/old", "--format", "json")
    assert result.code == 0, result.err
    assert result.json["outcome"] == "restored"
    assert result.json["differences"] == []
    assert own.world.find(TARGET).properties["environmentVariables"] == {"API_TOKEN": SECRET}
    assert "mothball-retire-after" not in own.world.find(TARGET).tags
    assert [w.method for w in own.azure.writes] == ["PUT"]


def test_a_name_that_exists_is_refused_with_four(own: Shop) -> None:
    name = gone(own)
    assert own.run("restore", name, "--confirm", "ws/fraud/old").code == 0
    own.azure.forget()
    result = own.run("restore", name, "--confirm", "ws/fraud/old")
    assert result.code == 4
    assert "never overwrites" in result.err
    assert own.azure.writes == []
    assert own.journal()[-1]["outcome"] == "refused"


def test_a_store_in_a_checkout_has_its_archives_elsewhere(own: Shop, home: Path) -> None:
    (own.store.parent / ".git").mkdir()
    result = own.run("delete", TARGET, "--confirm", "ws/fraud/old", "--format", "json")
    assert result.code == 0, result.err
    assert not own.archives.exists()
    (archive,) = own.run("archives", "--format", "json").json
    assert home in Path(archive["folder"]).parents
    assert own.run("restore", archive["name"], "--confirm", "ws/fraud/old").code == 0


def test_a_wrong_phrase_read_only_mode_and_no_archive_are_refused(own: Shop) -> None:
    name = gone(own)
    assert own.run("restore", name, "--confirm", "old").code == 4
    assert own.run("restore", name, "--confirm", "ws/fraud/old", "--read-only").code == 4
    result = own.run("restore", "nothing")
    assert result.code == 1
    assert "no archive 'nothing'" in result.one_line()
    assert own.azure.writes == []


def test_no_secret_is_reported_by_any_command_or_kept_in_the_store(own: Shop) -> None:
    name = gone(own)
    known = [
        own.run(*words)
        for words in (
            ["restore", name],
            ["restore", name, "--confirm", "ws/fraud/old", "--format", "json"],
            ["archives", "--format", "json"],
            ["journal", "--format", "json"],
            ["snapshot"],
            ["list", "--format", "json"],
            ["show", TARGET, "--format", "json"],
            ["sql", "select * from raw_resources"],
            ["report", "digest"],
        )
    ]
    assert not [one for one in known if SECRET in one.out + one.err]
    assert SECRET.encode() not in own.store.read_bytes()
    (folder,) = own.archives.iterdir()
    holders = [path.name for path in folder.iterdir() if SECRET in path.read_text()]
    assert holders == ["deployment.json"]


def test_an_endpoint_goes_and_comes_back_whole(own: Shop) -> None:
    quiet = own.world.find("ws/quiet/only")
    quiet.tags = dict(own.world.find(TARGET).tags)
    assert own.run("snapshot").code in (0, 3)
    own.azure.forget()
    result = own.run("delete-endpoint", "ws/quiet", "--confirm", "quiet", "--format", "json")
    assert result.code == 0, result.out + result.err
    assert [target["outcome"] for target in result.json["targets"]] == ["deleted"]
    assert set(result.json) == {"phrase", "targets"}
    checks = [check["check"] for check in result.json["targets"][0]["checks"]]
    assert "endpoint-silent" in checks
    assert "live-traffic" not in checks
    (archive,) = own.run("archives", "--format", "json").json
    back = own.run("restore", archive["name"], "--confirm", "quiet", "--format", "json")
    assert back.code == 0, back.err
    assert own.world.find("ws/quiet").traffic == {"only": 100}


def test_what_is_no_online_endpoint_is_named(own: Shop) -> None:
    assert "no endpoint 'ws/nothing'" in own.run("delete-endpoint", "ws/nothing").one_line()
    result = own.run("delete-endpoint", "ws/fraud", "--confirm", "fraud")
    assert result.code == 4
    assert own.azure.writes == []
