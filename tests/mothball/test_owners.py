"""Owners get files, and their decisions come back."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from openpyxl import load_workbook

from emulator import Fault
from queries.estate.questions import current_deployments
from queries.reports.answers import filled_in, read_answers
from queries.reports.asking import note_asked, read_questions, waiting_days
from queries.store.file import Store
from tests.mothball.shop import FORMULA, SECRET, Shop, now


def table_of(path: Path) -> list[dict[str, str]]:
    """The rows below the heading, which the line that asks stands above."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    at = next(n for n, line in enumerate(lines) if "deployment" in line or "deployments" in line)
    return [dict(zip(lines[at], line, strict=True)) for line in lines[at + 1 :]]


def all_of(folder: Path) -> list[dict[str, str]]:
    return [
        row for path in folder.glob("*.csv") if path.name != "index.csv" for row in table_of(path)
    ]


def decide(folder: Path, source: Path, **decisions: tuple[str, str, str]) -> Path:
    """The rows of a report with decisions filled in, by name of the deployment."""
    rows = [
        row for path in source.glob("*.csv") if path.name != "index.csv" for row in table_of(path)
    ]
    for row in rows:
        name = f"{row['endpoint']}_{row['deployment']}"
        row["decision"], row["until"], row["reason"] = decisions.get(name, ("", "", ""))
    path = folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_every_row_of_the_list_is_in_exactly_one_owners_file(shop: Shop, tmp_path: Path) -> None:
    result = shop.run("report", "owners", "--out", str(tmp_path / "deep" / "out"))
    assert result.code == 0, result.err
    folder = tmp_path / "deep" / "out"
    listed = shop.rows().values()
    assert sorted(row["id"] for row in all_of(folder)) == sorted(row["id"] for row in listed)
    index = table_of(folder / "index.csv")
    assert {line["file"] for line in index} | {"index.csv"} == {p.name for p in folder.iterdir()}
    assert sum(int(line["deployments"]) for line in index) == len(listed)
    rates = sum(Decimal(row["monthly_run_rate"] or 0) for row in all_of(folder))
    assert rates == sum(Decimal(line["monthly_run_rate"] or 0) for line in index)
    assert shop.azure.writes == []


def test_no_tag_becomes_a_formula_a_path_or_a_secret(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert shop.run("report", "owners", "--out", str(folder)).code == 0
    owners = {row["owner"] for row in all_of(folder)}
    assert f"'{FORMULA}" in owners
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8-sig")
        assert "\x1b" not in text
        assert SECRET not in text
        assert path.resolve().parent == folder.resolve()


def test_a_folder_that_cannot_be_made_is_one_line(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    result = shop.run("report", "owners", "--out", str(tmp_path / "taken" / "out"))
    assert result.code == 1
    assert "cannot be written to" in result.one_line()


def report(own: Shop, tmp_path: Path) -> Path:
    folder = tmp_path / "owners"
    assert own.run("report", "owners", "--out", str(folder)).code == 0
    return folder


def test_decisions_are_shown_first_and_nothing_is_written(own: Shop, tmp_path: Path) -> None:
    until = (now().date() + timedelta(days=60)).isoformat()
    answers = decide(
        tmp_path,
        report(own, tmp_path),
        fraud_spare=("retire", "", ""),
        fraud_blue=("extend", until, "the audit"),
    )
    result = own.run("decisions", "import", str(answers), "--format", "json")
    assert result.code == 0, result.err
    fields = {row["id"].rsplit("/", 1)[-1]: row for row in result.json}
    assert fields["spare"]["outcome"] == fields["blue"]["outcome"] == "would change"
    assert fields["blue"]["change"] == f"exempt until {until}"
    assert own.azure.writes == []


def done_of(own: Shop) -> list[dict[str, Any]]:
    """The decisions that were done, by the journal."""
    found = [entry for entry in own.journal() if entry["action"] == "decide"]
    return [entry for entry in found if entry["outcome"] == "done"]


def test_decisions_are_done_once_and_a_second_import_changes_nothing(
    own: Shop, tmp_path: Path
) -> None:
    until = (now().date() + timedelta(days=60)).isoformat()
    folder = report(own, tmp_path)
    answers = decide(
        tmp_path,
        folder,
        fraud_spare=("retire", "", ""),
        fraud_blue=("extend", until, "the audit"),
        fraud_green=("KEEP", "", "we fall back on it"),
    )
    result = own.run("decisions", "import", str(answers), "--apply", "--format", "json")
    assert result.code == 0, result.err
    assert {row["outcome"] for row in result.json} == {"done"}
    assert own.world.find("ws/fraud/spare").tags["role"] == "retire"
    assert own.world.find("ws/fraud/blue").tags["mothball-exempt-until"] == until
    decided = done_of(own)
    assert {entry["evidence"]["decision"] for entry in decided} == {"extend", "keep", "retire"}
    own.azure.forget()
    again = own.run("decisions", "import", str(answers), "--apply", "--format", "json")
    assert {row["outcome"] for row in again.json} == {"nothing to change"}
    assert own.azure.writes == []
    assert len(done_of(own)) == 3


def test_wrong_lines_are_named_and_the_right_ones_are_done(own: Shop, tmp_path: Path) -> None:
    past = (now().date() - timedelta(days=1)).isoformat()
    answers = decide(
        tmp_path,
        report(own, tmp_path),
        fraud_blue=("retire", "", ""),
        fraud_spare=("retire", "", ""),
        fraud_green=("extend", past, "late"),
        fraud_broken=("keep", "", ""),
        fraud_pinned=("extend", "soon", "x"),
    )
    result = own.run("decisions", "import", str(answers), "--apply", "--format", "json")
    assert result.code == 1
    fields = {(row["id"] or "").rsplit("/", 1)[-1]: row for row in result.json}
    assert fields["spare"]["outcome"] == "done"
    assert "its verdict is serving" in fields["blue"]["change"]
    assert "is past" in fields["green"]["change"]
    assert "keep needs a reason" in fields["broken"]["change"]
    assert "not a date such as" in fields["pinned"]["change"]
    for name in ("blue", "green", "broken", "pinned"):
        assert f"line {fields[name]['line']}: " in result.err


def test_a_deployment_that_was_created_anew_is_not_decided_on(own: Shop, tmp_path: Path) -> None:
    answers = decide(tmp_path, report(own, tmp_path), fraud_spare=("retire", "", ""))
    text = answers.read_text(encoding="utf-8")
    (row,) = [row for row in table_of(answers) if row["deployment"] == "spare"]
    answers.write_text(text.replace(row["created_at"], "2020-01-01T00:00:00Z"), encoding="utf-8")
    result = own.run("decisions", "import", str(answers), "--apply", "--format", "json")
    assert result.code == 1
    (message,) = [row for row in result.json if row["outcome"] == "wrong"]
    assert "created anew" in message["change"]
    assert own.azure.writes == []


def test_one_whose_age_was_not_known_is_compared_with_the_report(own: Shop, tmp_path: Path) -> None:
    answers = decide(tmp_path, report(own, tmp_path), fraud_fresh=("keep", "", "mine"))
    text = answers.read_text(encoding="utf-8")
    (row,) = [row for row in table_of(answers) if row["deployment"] == "fresh"]
    text = text.replace(row["created_at"], "")
    answers.write_text(text.replace(row["as_of"], "2026-01-01T00:00:00Z"), encoding="utf-8")
    result = own.run("decisions", "import", str(answers), "--format", "json")
    assert result.code == 1
    assert "created anew" in result.json[0]["change"]


def test_a_role_that_would_be_lost_is_reported_before_anything_is_done(
    own: Shop, tmp_path: Path
) -> None:
    own.world.find("ws/fraud/spare").tags["role"] = "test"
    answers = decide(tmp_path, report(own, tmp_path), fraud_spare=("retire", "", ""))
    result = own.run("decisions", "import", str(answers), "--format", "json")
    assert result.code == 1
    assert "its role is test: mothball retire --replace" in result.json[0]["change"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_owners_filled_in_stays_when_the_files_are_written_anew(
    shop: Shop, tmp_path: Path, form: str
) -> None:
    words = ("report", "owners", "--out", str(tmp_path), "--format", form)
    assert shop.run(*words).code == 0
    path = tmp_path / f"_without-owner.{form}"
    if not path.exists():
        path = next(p for p in tmp_path.glob(f"*platform*.{form}"))
    fill_in(path, "spare", ("retire", "soon", "=not needed"))
    assert shop.run(*words).code == 0
    found = {(a.id.rsplit("/", 1)[-1], a.fix) for a in read_answers(path, now().date()).wrong}
    assert found == {("spare", "'soon' is not a date such as 2027-01-31")}
    (row,) = [row for row in filled_in(path, now().date()).values() if row["deployment"] == "spare"]
    assert (row["decision"], row["reason"]) == ("retire", "'=not needed")


def test_a_file_of_an_earlier_report_is_named_and_kept(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "left@contoso.example.csv").write_text("id\n")
    result = shop.run("report", "owners", "--out", str(tmp_path))
    assert result.code == 0
    assert "left@contoso.example.csv is left from an earlier report" in result.err
    assert result.err.count("is left from") == 1
    assert (tmp_path / "left@contoso.example.csv").read_text() == "id\n"


def fill_in(path: Path, deployment: str, words: tuple[str, str, str]) -> None:
    """An owner's answer, saved as a spreadsheet program would."""
    if path.suffix == ".csv":
        rows = table_of(path)
        for row in rows:
            if row["deployment"] == deployment:
                row |= zip(("decision", "until", "reason"), words, strict=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return
    book = load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[2]]
    for line in sheet.iter_rows(min_row=3):
        if line[names.index("deployment")].value == deployment:
            for name, word in zip(("decision", "until", "reason"), words, strict=True):
                line[names.index(name)].value = word
                line[names.index(name)].data_type = "s"
    book.save(path)


def ids_of(folder: Path) -> set[str]:
    return {row["id"].rsplit("/", 1)[-1] for row in all_of(folder)}


def waiting_of(folder: Path) -> dict[str, str]:
    return {f"{row['endpoint']}/{row['deployment']}": row["waiting_days"] for row in all_of(folder)}


def asked_before(own: Shop, *days: int, name: str = "fraud/spare") -> None:
    """Reports that asked about one deployment so many days ago."""
    store = Store(own.store)
    rows = [row for row in current_deployments(store) if row.name == name]
    keys = {row.deployment_key for row in rows}
    for ago in days:
        at = now() - timedelta(days=ago)
        note_asked(store, rows, keys, at.date(), at)


def test_a_report_remembers_since_when_an_answer_is_awaited(own: Shop, tmp_path: Path) -> None:
    asked_before(own, 35, 12)
    folder = report(own, tmp_path)
    waiting = waiting_of(folder)
    assert (waiting["fraud/spare"], waiting["quiet/only"]) == ("35", "0")
    # Marked already, and serving.
    assert waiting["fraud/blue"] == ""
    (line,) = [line for line in table_of(folder / "index.csv") if line["waiting_days"] == "35"]
    assert int(line["proposed"]) > 0
    result = own.run("report", "owners", "--out", str(folder))
    assert "without an answer, the oldest asked 35 days ago" in result.err
    question = "select count(asked_at) as n from owner_questions where answer_by > '2020-01-01'"
    (asked,) = own.run("sql", question, "--format", "json").json
    assert asked["n"] == sum(days != "" for days in waiting.values())


def test_a_reminder_holds_what_nobody_answered_since_alone(own: Shop, tmp_path: Path) -> None:
    asked_before(own, 35)
    answers = decide(
        tmp_path,
        report(own, tmp_path),
        quiet_only=("keep", "", "we need it"),
        fraud_blue=("extend", "2099-01-31", "not proposed"),
    )
    assert own.run("decisions", "import", str(answers), "--apply").code == 0
    today, folder = now().date(), tmp_path / "reminders"
    words = ("report", "owners", "--out", str(folder), "--since")
    result = own.run(*words, str(today))
    assert result.code == 0, result.err
    proposed = {name for name, days in waiting_of(folder).items() if days}
    assert set(waiting_of(folder)) == proposed
    assert "fraud/spare" in proposed
    assert "quiet/only" not in proposed
    (path,) = [path for path in folder.glob("*.csv") if "fraud,ws" in path.read_text()][:1]
    asks = path.read_text(encoding="utf-8-sig").splitlines()[0]
    assert asks.startswith("Reminder: the oldest question is 35 days old. Answer by ")
    # It was answered, but not since tomorrow.
    own.run(*words, str(today))
    assert own.run(*words, str(today + timedelta(days=1))).code == 2


def test_a_reminder_keeps_what_was_filled_in_and_not_sent_back_yet(
    own: Shop, tmp_path: Path
) -> None:
    folder = report(own, tmp_path)
    path = next(path for path in folder.glob("*.csv") if "fraud,ws" in path.read_text())
    deployment = next(row["deployment"] for row in table_of(path) if not row["proposed"])
    fill_in(path, deployment, ("extend", "2099-01-31", "still wanted"))
    result = own.run("report", "owners", "--out", str(folder), "--since", str(now().date()))
    assert result.code == 0, result.err
    (kept,) = [row for row in table_of(path) if not row["proposed"]]
    assert (kept["deployment"], kept["reason"]) == (deployment, "still wanted")


def test_one_that_serves_again_is_asked_anew_later(own: Shop) -> None:
    store = Store(own.store)
    asked_before(own, 35)
    (row,) = [row for row in current_deployments(store) if row.name == "fraud/spare"]
    asked = {row.deployment_key}
    at = now() - timedelta(days=20)
    note_asked(store, [replace(row, verdict="serving")], set(), at.date(), at)
    assert waiting_days(row, read_questions(store), now().date()) == 0
    asked_before(own, 10, 3)
    assert waiting_days(row, read_questions(store), now().date()) == 10
    young = replace(row, created_at=now() - timedelta(days=5))
    assert waiting_days(young, read_questions(store), now().date()) == 0
    at = now() - timedelta(days=4)
    note_asked(store, [young], asked, at.date(), at)
    assert waiting_days(young, read_questions(store), now().date()) == 4


@pytest.fixture
def open_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home that every user reaches, which pytest's own folders are not."""
    folder = Path(mkdtemp())
    folder.chmod(0o777)
    monkeypatch.setenv("HOME", str(folder))
    yield folder
    shutil.rmtree(folder)


def test_who_may_only_read_the_store_gets_the_files_all_the_same(
    shop: Shop, open_folder: Path
) -> None:
    store = Path(shutil.copy(shop.store, open_folder / "s.duckdb"))
    store.chmod(0o444)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)  # the rights of root overrule every mode
    try:
        words = ("--out", str(open_folder / "out"), "--store", str(store))
        result = shop.bare("report", "owners", *words)
    finally:
        if is_root:
            os.seteuid(0)
    assert result.code == 0, result.err
    assert "since when they ask is not kept: " in result.err
    assert len(ids_of(open_folder / "out")) > 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--answer-by", "2020-01-31"), "--answer-by 2020-01-31 is past"),
        (("--since", "2099-01-31"), "--since 2099-01-31 lies ahead"),
        (("--since", "31.01.2026"), "'31.01.2026' is no day such as 2026-10-31"),
    ],
)
def test_a_day_that_cannot_be_meant_is_wrong_usage(
    shop: Shop, tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    result = shop.run("report", "owners", "--out", str(tmp_path / "out"), *words)
    assert result.code == 2
    assert why in result.err
    assert not (tmp_path / "out").exists()


def test_keeping_takes_a_retire_mark_away(own: Shop, tmp_path: Path) -> None:
    answers = decide(tmp_path, report(own, tmp_path), fraud_old=("keep", "", "still needed"))
    assert own.run("decisions", "import", str(answers), "--apply").code == 0
    assert "mothball-retire-after" not in own.world.find("ws/fraud/old").tags


def test_ctrl_c_ends_decisions_after_the_one_under_way(own: Shop, tmp_path: Path) -> None:
    until = (now().date() + timedelta(days=60)).isoformat()
    folder = report(own, tmp_path)
    answers = decide(
        tmp_path,
        folder,
        fraud_spare=("retire", "", ""),
        fraud_blue=("extend", until, "the audit"),
    )
    own.azure.before("PATCH", "tags", lambda _world: os.kill(os.getpid(), signal.SIGINT))
    result = own.run("decisions", "import", str(answers), "--apply", "--format", "json")
    assert result.code == 1
    assert sorted(row["outcome"] for row in result.json) == ["done", "would change"]
    assert "stopping after this one" in result.err
    assert "1 not touched: the run was stopped before it" in result.err


def test_a_decision_that_azure_refuses_is_named_with_its_fix_and_stops_no_other(
    own: Shop, tmp_path: Path
) -> None:
    until = (now().date() + timedelta(days=60)).isoformat()
    folder = report(own, tmp_path)
    answers = decide(
        tmp_path,
        folder,
        fraud_spare=("retire", "", ""),
        fraud_blue=("extend", until, "the audit"),
    )
    own.azure.faults.add(Fault("forbid", path="/spare/", method="PATCH"))
    result = own.run("decisions", "import", str(answers), "--apply", "--format", "json")
    assert result.code == 1
    assert sorted(row["outcome"] for row in result.json) == ["done", "failed"]
    (failed,) = [row for row in result.json if row["outcome"] == "failed"]
    assert "(AuthorizationFailed): " in failed["change"]


def test_decisions_are_refused_in_read_only_mode(own: Shop, tmp_path: Path) -> None:
    answers = decide(tmp_path, report(own, tmp_path), fraud_spare=("retire", "", ""))
    result = own.run("decisions", "import", str(answers), "--apply", "--read-only")
    assert result.code == 4
    assert own.azure.writes == []


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n"])
def test_what_is_no_owners_file_is_one_line(shop: Shop, tmp_path: Path, content: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(content)
    result = shop.run("decisions", "import", str(path))
    assert result.code == 1
    assert "no column 'id'" in result.one_line()


@pytest.mark.journey
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_spreadsheet_program_shows_text_and_numbers(
    shop: Shop, tmp_path: Path, form: str
) -> None:
    folder, shown = tmp_path / "out", tmp_path / "shown"
    assert shop.run("report", "owners", "--out", str(folder), "--format", form).code == 0
    files = sorted(str(path) for path in folder.glob(f"*.{form}") if path.name != "index.csv")
    # The last words of the filter ask for what formulas show; 76 is UTF-8.
    into = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
    filters = {"csv": "Text - txt - csv (StarCalc):44,34,76,1", "xlsx": "Calc MS Excel 2007 XML"}
    program = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    options = [f"--infilter={filters[form]}", "--convert-to", into, "--outdir", str(shown)]
    subprocess.run([*program, *options, *files], check=True, capture_output=True, timeout=240)
    rows = [row for path in shown.glob("*.csv") for row in table_of(path)]
    assert len(rows) == len(shop.rows())
    assert any(FORMULA.strip("=") in row["owner"] for row in rows)
    assert not any(row["owner"].strip("'").startswith(("Err:", "#")) for row in rows)
    assert all(row["instance_count"].isdigit() for row in rows if row["instance_count"])
