"""Owners answer in LibreOffice, as people of two countries have it, and it is read back right."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from queries.estate.rows import DeploymentRow
from queries.reports.answers import Answers, read_answers
from queries.reports.owners import DECISIONS, head_of, line_of, write_lines
from queries.reports.returned import NoAnswers
from tests.tui.rows import AS_OF
from tests.tui.rows import row as made

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice"),
]
TODAY = date(2026, 11, 30)
# What is typed, by the language of the program; each second date may be two by itself.
TYPED = {
    "de-DE": ("31.01.2027", "04.03.2027", "31.12.26"),
    "en-US": ("1/31/2027", "3/4/2027", "12/31/26"),
}
MEANT = [date(2027, 1, 31), date(2027, 3, 4), date(2026, 12, 31)]
# UTF-8, cells as they are shown; what is read recognizes dates as the program's language has them.
TEXT = "Text - txt - csv (StarCalc)"
AS_SHOWN = f"csv:{TEXT}:{{separator}},34,76,1,,0,false,true"
RECOGNIZING = f"{TEXT}:44,34,76,1,,0,false,true"
SEPARATORS = {"de-DE": 59, "en-US": 44}
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop>
</item></oor:items>
"""


class Office:
    """LibreOffice in a country."""

    def __init__(self, folder: Path, locale: str) -> None:
        self.folder, self.locale = folder, locale
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(PROFILE.format(locale=locale), encoding="utf-8")

    def saved_as(self, path: Path, form: str, read_as: str | None = None) -> Path:
        """A file opened and saved in another form."""
        into = AS_SHOWN.format(separator=SEPARATORS[self.locale]) if form == "csv" else form
        given = ["--convert-to", into, "--outdir", str(self.folder / form), str(path)]
        words = ["soffice", "--headless", f"-env:UserInstallation=file://{self.folder}/profile"]
        words += [f"--infilter={read_as}"] if read_as else []
        subprocess.run([*words, *given], check=True, capture_output=True, timeout=240)
        return self.folder / form / path.with_suffix(f".{form}").name


@pytest.fixture(params=list(TYPED))
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    return Office(tmp_path, request.param)


def asked() -> list[DeploymentRow]:
    purpose = '=1+1; "quoted", Zoë\n2nd line'
    names = ("e/one", "e/two", "e/three")
    return [made(name, verdict="idle", purpose=purpose, created_at=AS_OF) for name in names]


def written(folder: Path, form: str, answers: Mapping[str, tuple[object, str]]) -> Path:
    """An owner's file with an extension until each day, by the name of the deployment."""
    path = folder / f"ann@contoso.example.{form}"
    lines = [line_of(row, {}, "https://portal.example", 0, TODAY) for row in asked()]
    for line in lines:
        line["until"], line["reason"] = answers[line["deployment"]]
        line["decision"] = "extend"
    write_lines(path, lines, head_of(date(2026, 12, 14)))
    return path


def typed(locale: str) -> dict[str, tuple[object, str]]:
    names = (str(row.deployment) for row in asked())
    return {
        name: (word, "für Jürgen, bis dann")
        for name, word in zip(names, TYPED[locale], strict=True)
    }


def check(reported: Answers) -> None:
    assert reported.wrong == ()
    untils = {answer.id.rsplit("/", 1)[-1]: answer.until for answer in reported.answers}
    assert [untils[str(row.deployment)] for row in asked()] == MEANT
    assert {answer.reason for answer in reported.answers} == {"für Jürgen, bis dann"}
    assert {answer.created_at for answer in reported.answers} == {AS_OF}
    assert {answer.decision for answer in reported.answers} <= set(DECISIONS)


def test_answers_in_a_csv_come_back_through_a_program_of_the_country(office: Office) -> None:
    path = written(office.folder, "csv", typed(office.locale))
    saved = office.saved_as(path, "csv", RECOGNIZING)
    assert saved.read_bytes() != path.read_bytes()
    check(read_answers(saved, TODAY))
    check(read_answers(office.saved_as(path, "xlsx", RECOGNIZING), TODAY))


def test_answers_in_a_workbook_come_back_in_every_form_it_is_saved_in(office: Office) -> None:
    days = {str(row.deployment): day for row, day in zip(asked(), MEANT, strict=True)}
    reason = "für Jürgen, bis dann"
    path = written(office.folder, "xlsx", {name: (day, reason) for name, day in days.items()})
    check(read_answers(path, TODAY))
    workbook = office.saved_as(path, "xlsx")
    check(read_answers(workbook, TODAY))
    text = office.saved_as(path, "csv")
    check(read_answers(text, TODAY))
    delimiter = chr(SEPARATORS[office.locale])
    rows = list(csv.reader(io.StringIO(text.read_text(encoding="utf-8")), delimiter=delimiter))
    assert rows[0][0].startswith("Answer by 2026-12-14. ")
    assert len({len(row) for row in rows}) == 1
    with pytest.raises(NoAnswers, match="is an OpenDocument file: save it as"):
        read_answers(office.saved_as(path, "ods"), TODAY)


def test_the_program_keeps_the_link_the_list_and_the_heads(office: Office) -> None:
    path = written(office.folder, "xlsx", typed(office.locale))
    sheet = load_workbook(office.saved_as(path, "xlsx")).worksheets[0]
    links = [cell.hyperlink for line in sheet.iter_rows() for cell in line if cell.hyperlink]
    assert len(links) == len(asked())
    assert {f"{link.target}#{link.location}" for link in links} == {
        f"https://portal.example/#resource{row.id}" for row in asked()
    }
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert rules["list"].formula1 == '"keep,retire,extend"'
    assert "date" in rules
    assert sheet.auto_filter.ref is not None
    assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)
