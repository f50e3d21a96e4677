"""The owners' files: safe names, every row in exactly one, sums by currency."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.estate.rows import DeploymentRow
from queries.reports.answers import read_answers
from queries.reports.names import file_names
from queries.reports.owners import COLUMNS, head_of, index_of, line_of, owner_files, write_lines
from queries.reports.returned import NoAnswers
from queries.reports.sheets import write_csv
from queries.text.cells import as_cell, from_cell
from queries.vocabulary import NAMES, RETIRABLE
from tests.tui.rows import row as made

TODAY = date(2026, 11, 30)
HOSTILE = (
    '=HYPERLINK("http://attacker.example";"x")',
    "@SUM(A1)",
    "../../etc/passwd",
    "..",
    "a/b\\c:d",
    "red\x1b[31m\x07",
    "x" * 300,
    "Ann",
    "ann",
    "CON",
    "nul.csv",
    "com1.a.b",
    "index",
    "名前",
    "Zoë",
    "_without-owner",
    " ",
)


def test_every_owner_value_gives_a_file_of_its_own_in_the_folder(tmp_path: Path) -> None:
    names = file_names([*HOSTILE, None])
    assert len({name.casefold() for name in names.values()}) == len(HOSTILE) + 1
    for name in names.values():
        path = (tmp_path / f"{name}.csv").resolve()
        assert path.parent == tmp_path.resolve()
        path.write_text("written")
        assert not name.startswith((".", "-"))
        assert name.isprintable()
        assert len(name.encode()) < 120
        assert name.split(".")[0].casefold() not in ("con", "nul", "com1", "index")
    assert names["Zoë"] == "Zoë"
    assert names["名前"] == "名前"


@given(st.lists(st.text(max_size=400), unique=True, max_size=20))
def test_no_value_at_all_leaves_the_folder_or_meets_another(owners: list[str]) -> None:
    names = file_names([*owners, None])
    assert len({name.casefold() for name in names.values()}) == len(owners) + 1
    assert not any(set(name) & set("/\\:\0") or name.startswith(".") for name in names.values())


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = as_cell(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    if text.isprintable() and text == text.strip() and not text.startswith("'"):
        assert from_cell(cell) == text


def amount(text: str) -> dict[str, Any]:
    return {"monthly_run_rate": Decimal(text), "ranking_amount": Decimal(text)}


def rows() -> list[DeploymentRow]:
    cheap, dear, free, other = (
        replace(made("e/cheap", verdict="idle"), owner="ann", currency="USD", **amount("10.01")),
        replace(made("e/dear", verdict="serving"), owner="ann", currency="USD", **amount("99.99")),
        replace(made("e/unknown", verdict="idle"), owner="ann", currency=None),
        replace(made("e/euro", verdict="idle"), owner="ann", currency="EUR", **amount("5")),
    )
    return [cheap, dear, free, other, replace(made("e/nobodys", verdict="failed"), owner=None)]


def test_each_row_is_in_exactly_one_file_and_what_is_proposed_comes_first() -> None:
    files = owner_files(rows())
    assert [file.owner for file in files] == ["ann", None]
    known = [row.deployment for row in files[0].rows]
    assert known == ["unknown", "cheap", "euro", "dear"]
    assert sum(len(file.rows) for file in files) == 5


def owned(*owners: str | None) -> list[DeploymentRow]:
    return [replace(made(f"e/{n}", verdict="idle"), owner=one) for n, one in enumerate(owners)]


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        (("ann@", "ANN@", "ANN@"), "ANN@"),
        (("Ann@", "ANN@"), "ANN@"),
        (("ANN@", "Ann@"), "ANN@"),
        (("ann@", "ANN@", "Ann@", "ANN@"), "ANN@"),
        (("STRASSE", "straße", "straße"), "straße"),
    ],
)
def test_owners_that_differ_in_case_alone_are_one_as_most_rows_write_it(
    owners: tuple[str, ...], expected: str
) -> None:
    (file,) = owner_files(owned(*owners))
    assert (file.owner, file.name, len(file.rows)) == (expected, expected, len(owners))
    (line,) = index_of([file], "csv")
    assert (line["owner"], line["proposed"]) == (expected, len(owners))


def test_what_is_asked_stands_before_the_answer_and_the_evidence_after_it() -> None:
    asked = ["deployment", "reasons", "monthly_run_rate", "saving_if_retired", "proposed"]
    places = [COLUMNS.index(name) for name in [*asked, "decision", "until", "reason", "verdict"]]
    assert places == sorted(places)
    assert len(set(COLUMNS)) == len(COLUMNS)


@pytest.mark.parametrize("verdict", NAMES)
def test_a_saving_is_stated_where_retirement_is_proposed_alone(verdict: str) -> None:
    row = replace(made("e/d", verdict=verdict), currency="USD", **amount("10.005"))
    line = line_of(row, {}, None)
    proposed = verdict in RETIRABLE
    assert line["proposed"] == ("retire" if proposed else None)
    assert line["saving_if_retired"] == (Decimal("10.005") if proposed else None)
    assert line["monthly_run_rate"] == Decimal("10.005")


def test_one_that_is_marked_already_is_proposed_with_its_day() -> None:
    marked = replace(made("e/d", verdict="idle"), role="retire", retire_after="2026-12-14")
    assert line_of(marked, {}, None)["proposed"] == "retire after 2026-12-14"


def test_the_lines_of_a_file_add_up_to_its_line_of_the_index() -> None:
    thirds = [replace(row, owner="ann", currency="USD", **amount("0.3333335")) for row in rows()]
    (file,) = owner_files(thirds)
    (line,) = index_of([file], "csv")
    lines = [line_of(row, {}, None) for row in file.rows]
    for name, summed in (("saving_if_retired", "saving_proposed"), ("monthly_run_rate",) * 2):
        assert sum((one[name] or 0 for one in lines), Decimal(0)) == line[summed]


def test_sums_are_by_currency_and_what_is_unknown_is_counted_and_not_zero() -> None:
    lines = {
        (line["owner"], line["currency"]): line for line in index_of(owner_files(rows()), "csv")
    }
    assert lines["ann", "USD"]["monthly_run_rate"] == Decimal("110.00")
    assert lines["ann", "USD"]["saving_proposed"] == Decimal("10.01")
    assert lines["ann", "EUR"]["monthly_run_rate"] == Decimal(5)
    assert lines["ann", None]["monthly_run_rate"] is None
    assert lines["ann", None]["without_price"] == 1
    assert lines[None, None]["file"] == "_without-owner.csv"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_comes_back_as_it_was_written(tmp_path: Path, form: str) -> None:
    created = datetime(2026, 8, 1, 10, 30, 15, tzinfo=UTC)
    hostile = replace(
        made("e/d", verdict="idle"), owner=HOSTILE[0], purpose="=1+1", created_at=created
    )
    line = line_of(hostile, {}, "https://portal.example")
    line |= {"decision": "Extend", "until": "2027-01-31", "reason": '=needed, "still"'}
    path = tmp_path / f"f.{form}"
    write_lines(path, [line], head_of(TODAY))
    (answer,) = read_answers(path, TODAY).answers
    assert answer.id == hostile.id
    assert answer.decision == "extend"
    assert str(answer.until) == "2027-01-31"
    assert answer.created_at == created
    assert answer.reason == '=needed, "still"'


def test_a_csv_has_a_mark_for_spreadsheets_and_quotes_by_the_standard(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    write_csv(path, ("a", "b"), [{"a": 'x,"y"\nz', "b": Decimal("1E+3")}, {"a": None, "b": -1.5}])
    content = path.read_bytes()
    assert content == b'\xef\xbb\xbfa,b\r\n"x,""y""\nz",1000\r\n,-1.5\r\n'
    assert [p.name for p in tmp_path.iterdir()] == ["f.csv"]


def lines(*rows: str, heading: str = "id,decision,until,reason") -> bytes:
    return "\n".join((heading, *rows)).encode()


def test_wrong_lines_are_named_by_number_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(
        lines(
            "/a,keep,,why",
            "/b,burn,,",
            "/c,extend,soon,x",
            "/d,,,",
            ",keep,,x",
            "/e,,,forgot",
            "/A,retire,,",
            "/f,retire,,",
        )
    )
    reported = read_answers(path, TODAY)
    assert [(a.line, a.id) for a in reported.answers] == [(9, "/f")]
    fixes = {wrong.line: wrong.fix for wrong in reported.wrong}
    assert set(fixes) == {2, 3, 4, 6, 7, 8}
    assert "'burn' is no decision" in fixes[3]
    assert "not a date such as 2027-01-31" in fixes[4]
    # Which of the two is meant cannot be determined.
    assert "line 8 decides on the same deployment" in fixes[2]
    assert "line 2 decides on the same deployment" in fixes[8]
    assert reported.undecided == 1


@pytest.mark.parametrize(
    "content",
    [
        "id;decision;until;reason\r\n/a;retire;2027-01-31;Müller\r\n".encode("cp1252"),
        "id\tdecision\tuntil\treason\r\n/a\tretire\t2027-01-31\tMüller\r\n".encode("utf-16"),
        "\ufeffID,Decision,Until,Reason\n/a,RETIRE,2027-01-31T00:00:00,Müller\n".encode(),
    ],
)
def test_a_file_is_read_as_spreadsheet_programs_save_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    (answer,) = read_answers(path, TODAY).answers
    assert (answer.id, answer.decision, answer.reason) == ("/a", "retire", "Müller")
    assert str(answer.until) == "2027-01-31"


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"PK\x03\x04 no zip", b'id,decision,until,reason\n"a']
)
def test_what_is_no_owners_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(NoAnswers, match=r"f\.csv"):
        read_answers(path, TODAY)


def test_values_in_a_csv_parse_back_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    write_csv(path, ("n",), [{"n": Decimal("12345.678900")}])
    (text,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    assert text["n"] == "12345.6789"
