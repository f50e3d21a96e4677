"""The owners' workbook: numbers as numbers, dates as dates, and cells that help to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from queries.reports.excel import Sheet, write_workbook
from queries.reports.owners import COLUMNS, head_of, line_of, write_lines
from tests.tui.rows import row as made

FORMULA = '=HYPERLINK("http://attacker.example";"x")'
CREATED = datetime(2026, 8, 1, 10, 30, 15, tzinfo=UTC)


@pytest.fixture
def sheet(tmp_path: Path) -> Worksheet:
    """A workbook with one proposal and one deployment that serves, read back."""
    money: dict[str, Any] = {
        "monthly_run_rate": Decimal("1234.567891"),
        "cost_in_window": Decimal(7),
    }
    idle = replace(
        made("e/idle", verdict="idle"),
        created_at=CREATED,
        currency="EUR",
        expires_on="2027-03-01",
        owner=FORMULA,
        purpose="long words " * 20,
        **money,
    )
    odd = replace(made("e/odd", verdict="serving"), currency='"];x', expires_on="soon", **money)
    lines = [line_of(row, {}, "https://portal.example") for row in (idle, odd)]
    write_lines(tmp_path / "f.xlsx", lines, head_of(date(2026, 12, 14)))
    found = load_workbook(tmp_path / "f.xlsx").worksheets[0]
    assert isinstance(found, Worksheet)
    return found


def cell(sheet: Worksheet, name: str, line: int = 3) -> Cell:
    found = sheet.cell(line, COLUMNS.index(name) + 1)
    assert isinstance(found, Cell)
    return found


def test_money_is_a_number_with_its_currency(sheet: Worksheet) -> None:
    rate = cell(sheet, "monthly_run_rate")
    assert (rate.value, rate.number_format) == (1234.567891, '#,##0.00 "EUR"')
    assert cell(sheet, "saving_if_retired").value == rate.value
    assert cell(sheet, "saving_if_retired", 4).value is None
    # What is no code of a currency gets no place in a format.
    assert cell(sheet, "monthly_run_rate", 4).number_format == "#,##0.00"


def test_dates_are_dates_in_utc(sheet: Worksheet) -> None:
    created, expires = cell(sheet, "created_at"), cell(sheet, "expires_on")
    assert (created.value, created.number_format) == (
        CREATED.replace(tzinfo=None),
        "yyyy-mm-dd hh:mm",
    )
    assert expires.is_date
    assert expires.number_format == cell(sheet, "until").number_format == "yyyy-mm-dd"
    assert cell(sheet, "expires_on", 4).value == "soon"


def test_the_portal_is_a_link_that_keeps_what_stands_after_its_mark(sheet: Worksheet) -> None:
    portal = cell(sheet, "portal")
    assert portal.hyperlink is not None
    assert portal.hyperlink.target == "https://portal.example/"
    assert str(portal.hyperlink.location).startswith("resource/subscriptions/")
    assert portal.value == "open"


def test_the_heads_stay_and_filter_and_the_first_line_asks(sheet: Worksheet) -> None:
    assert str(sheet["A1"].value).startswith("Answer by 2026-12-14. ")
    assert [one.value for one in sheet[2]] == list(COLUMNS)
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == f"A2:{sheet.cell(4, len(COLUMNS)).coordinate}"


def test_a_decision_is_chosen_and_a_day_is_a_day(sheet: Worksheet) -> None:
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert rules["list"].formula1 == '"keep,retire,extend"'
    assert cell(sheet, "decision").coordinate in rules["list"].sqref
    assert cell(sheet, "until", 4).coordinate in rules["date"].sqref
    colours = [cell(sheet, "reason", line).fill.fgColor.rgb[-6:] for line in (3, 4)]
    assert colours == ["FFF6D5", "000000"]


def test_long_text_is_wrapped_into_rows_that_are_high_enough(sheet: Worksheet) -> None:
    assert cell(sheet, "purpose").alignment.wrap_text
    width = sheet.column_dimensions[cell(sheet, "purpose").column_letter].width
    height = sheet.row_dimensions[3].height
    assert 30 < width < 60
    assert height is not None
    assert height >= 15 * 220 / width
    assert sheet.row_dimensions[4].height is None  # that of one line


def test_no_cell_is_a_formula(sheet: Worksheet) -> None:
    owner = cell(sheet, "owner")
    assert (owner.value, owner.data_type) == (f"'{FORMULA}", "s")
    assert not any(one.data_type == "f" for line in sheet.iter_rows() for one in line)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_owners_file_is_readable_by_its_owner_alone(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"f.{form}"
    path.write_text("")
    path.chmod(0o644)
    write_lines(path, [], head_of(date(2026, 12, 14)))
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_line_that_asks_is_one_cell_by_every_separator() -> None:
    assert not set(head_of(date(2026, 12, 14))) & set(',;\t|"\n')


def test_a_workbook_holds_what_excel_can_and_every_text_as_text(tmp_path: Path) -> None:
    long, address = "x" * 40_000, "https://elsewhere.example"
    row = {"long": long, "sum": "=1+1", "old": date(1, 2, 3), "address": address, "is": True}
    write_workbook(tmp_path / "f.xlsx", [Sheet("one", list(row), [row])])
    book = load_workbook(tmp_path / "f.xlsx")["one"]
    values = [one.value for one in book[2]]
    assert values == ["x" * 32_767, "'=1+1", "0001-02-03", address, True]
    assert not any(one.hyperlink for one in book[2])


def test_an_address_that_is_too_long_for_a_link_is_a_text(tmp_path: Path) -> None:
    addresses = ["https://portal.example/" + "x" * 1_900, "https://portal.example/" + "ä" * 1_900]
    rows = [{"portal": address} for address in addresses]
    write_workbook(tmp_path / "f.xlsx", [Sheet("one", ["portal"], rows, links={"portal"})])
    book = load_workbook(tmp_path / "f.xlsx")["one"]
    assert [book.cell(line, 1).hyperlink is not None for line in (2, 3)] == [True, False]
    assert book.cell(3, 1).value == addresses[1]
