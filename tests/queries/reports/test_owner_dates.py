"""Dates and tables come back as spreadsheet programs write them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from queries.reports.answers import Answers, read_answers
from queries.reports.returned import NoAnswers

TODAY = date(2026, 11, 30)
JANUARY = date(2027, 1, 31)


def came_back(folder: Path, *untils: Any) -> Answers:
    """What is read of a workbook with an extension until each of these."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["id", "decision", "until", "reason"])
    for place, until in enumerate(untils):
        sheet.append([f"/{place}", "extend", until, "why"])
    book.save(folder / "f.xlsx")
    return read_answers(folder / "f.xlsx", TODAY)


@pytest.mark.parametrize(
    "until",
    [
        "2027-01-31",
        "2027-01-31 00:00:00",
        "2027-01-31T00:00:00Z",
        "2027/01/31",
        "2027. 1. 31.",
        "31.01.2027",
        "31.1.27",
        "31/01/2027",
        "1/31/2027",
        "1/31/27",
        "31-01-2027",
        "31-Jan-27",
        "31-Jan-2027",
        "31. Januar 2027",
        "31 January 2027",
        "Jan 31, 2027",
        "January 31st, 2027",
        "46418",
        46418,
        46418.0,
        date(2027, 1, 31),
        datetime(2027, 1, 31, 12, 30),  # noqa: DTZ001
    ],
)
def test_a_date_is_read_in_every_form_that_programs_write(tmp_path: Path, until: Any) -> None:
    (answer,) = came_back(tmp_path, until).answers
    assert answer.until == JANUARY


@pytest.mark.parametrize(
    ("decisive", "expected"),
    [
        ("31/01/2027", date(2027, 3, 4)),
        ("1/31/2027", date(2027, 4, 3)),
        ("31.01.2027", date(2027, 3, 4)),
        # The twelfth of May is past.
        ("05/12/2026", date(2027, 3, 4)),
        ("12/05/2026", date(2027, 4, 3)),
    ],
)
def test_the_other_dates_of_a_file_decide_whether_the_day_is_first(
    tmp_path: Path, decisive: str, expected: date
) -> None:
    first, _second = came_back(tmp_path, "04/03/2027", decisive).answers
    assert first.until == expected


@pytest.mark.parametrize(
    "others", [(), ("2027-01-31",), ("31/01/2027", "1/31/2027"), (date(2027, 1, 31),)]
)
def test_a_date_that_may_be_two_is_refused_with_both_and_stops_no_other(
    tmp_path: Path, others: tuple[Any, ...]
) -> None:
    reported = came_back(tmp_path, "04/03/2027", *others)
    (wrong,) = reported.wrong
    assert wrong.line == 2
    assert "4 March 2027 or 3 April 2027" in wrong.fix
    assert "write 2027-03-04 or 2027-04-03" in wrong.fix
    assert [answer.until for answer in reported.answers] == [JANUARY] * len(others)


@pytest.mark.parametrize(
    ("written_on", "expected"),
    [
        ("12/1/2026", date(2027, 4, 3)),
        ("1/12/2026", date(2027, 3, 4)),
        ("13/12/2026", date(2027, 3, 4)),
        ("2026-12-01", None),
        ("12/12/2026", None),
        # Neither the first of February nor the second of January lies after the snapshot.
        ("1/2/2026", None),
    ],
)
def test_the_day_of_the_report_shows_in_which_order_the_program_writes(
    tmp_path: Path, written_on: str, expected: date | None
) -> None:
    path = tmp_path / "f.csv"
    line = f"/a,extend,04/03/2027,x,2026-11-30T18:00:00Z,{written_on}"
    path.write_text(f"id,decision,until,reason,as_of,written_on\n{line}\n")
    answers = read_answers(path, date(2026, 12, 8)).answers
    assert [one.until for one in answers] == ([] if expected is None else [expected])


def test_a_date_whose_day_is_its_month_is_one(tmp_path: Path) -> None:
    (answer,) = came_back(tmp_path, "03/03/2027").answers
    assert answer.until == date(2027, 3, 3)


def test_with_dots_the_day_is_first(tmp_path: Path) -> None:
    (answer,) = came_back(tmp_path, "04.03.2027").answers
    assert answer.until == date(2027, 3, 4)


@pytest.mark.parametrize(
    "until", ["soon", "32/13/2027", "12", "99999", "31/01", "2027-02-30", "31-Foo-27", "1/2-2027"]
)
def test_what_is_no_date_is_refused_with_how_to_write_one(tmp_path: Path, until: str) -> None:
    (wrong,) = came_back(tmp_path, until).wrong
    assert wrong.fix == f"{until!r} is not a date such as 2027-01-31"


HEAD = "Answer by 2026-12-14: keep, retire or extend"


@pytest.mark.parametrize(
    "content",
    [
        f'"{HEAD}"\r\nid,decision,until,reason\r\n/a,keep,,Müller\r\n'.encode("utf-8-sig"),
        f"{HEAD};;;\r\nid;decision;until;reason\r\n/a;keep;;Müller\r\n".encode("cp1252"),
        f'"{HEAD}"\t\t\t\r\n"id"\t"decision"\t"until"\t"reason"\r\n"/a"\t"keep"\t""\t"Müller"'.encode(
            "utf-16"
        ),
        b"sep=;\n" + "\n;id;reason;until;decision;\n;;;;;\n;/a;Müller;;keep;\n;;;;;\n".encode(),
        '"id";"decision";"until";"reason"\n"/a";"keep";"";"Müller"\n'.encode(),
        "ID , Decision,UNTIL,Reason,\n/a,Keep ,,Müller,,,\n , ,,\n".encode(),
    ],
)
def test_the_heading_is_found_wherever_a_program_left_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "renamed.txt"
    path.write_bytes(content)
    reported = read_answers(path, TODAY)
    (answer,) = reported.answers
    assert (answer.id, answer.decision, answer.reason) == ("/a", "keep", "Müller")
    assert (reported.wrong, reported.undecided) == ((), 0)


def test_the_table_of_a_workbook_may_be_on_any_sheet_and_in_any_corner(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["What I did", "nothing"])
    sheet = book.create_sheet("theirs")
    for line in ([], [None, HEAD], [None, "reason", "id", "until", "decision"]):
        sheet.append(line)
    sheet.append([None, "why", "/a", None, "keep"])
    book.save(tmp_path / "f.xlsx")
    (answer,) = read_answers(tmp_path / "f.xlsx", TODAY).answers
    assert (answer.line, answer.id, answer.reason) == (4, "/a", "why")


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name in names:
            file.writestr(name, "application/vnd.oasis.opendocument.spreadsheet")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (archive("mimetype", "content.xml"), "is an OpenDocument file: save it as .xlsx or .csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is a workbook of an old Excel: save it as .xlsx or .csv"),
        (archive("other.xml"), "is no workbook that can be read"),
        (b"id,decision,reason\n/a,keep,why\n", "has no column 'until'"),
        (b'id,decision,until,reason\n/a,keep,,"why\n', "line 2: unexpected end of data"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "f.ods"
    path.write_bytes(content)
    with pytest.raises(NoAnswers, match=expected) as refused:
        read_answers(path, TODAY)
    assert "\n" not in str(refused.value)


def test_only_proposals_wait_for_a_decision(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id,proposed,decision,until,reason\n/a,retire,,,\n/b,,,,\n/c,retire,keep,,x\n")
    assert read_answers(path, TODAY).undecided == 1
