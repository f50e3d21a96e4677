"""What a table shows, as a file for a spreadsheet, a program, a page."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from queries.reports.shown import Shown, write_shown

SHOWN = Shown(
    what="deployments",
    filter="verdict:idle  cost>5",
    scope=None,
    total=42,
    as_of=datetime(2026, 11, 23, 17, 54, tzinfo=UTC),
    names=("endpoint", "cost_in_window", "owner", "tags", "reasons"),
    records=[
        {
            "endpoint": "fraud",
            "cost_in_window": Decimal("12.50"),
            "owner": "=cmd|' /C calc'!A0",
            "tags": {"team": "law"},
            "reasons": ("0 requests", "no share"),
        },
        {"endpoint": "churn", "cost_in_window": None, "owner": None, "tags": {}, "reasons": ()},
    ],
    titles=("endpoint", "cost"),
    lines=[["fr|aud", "13 USD"], ["churn", "–"]],
)


def test_a_csv_has_the_filter_in_its_head_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "shown.csv"
    write_shown(path, SHOWN)
    lines = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert lines[0] == ["# filter: verdict:idle cost>5"]
    assert lines[1] == ["# 2 of 42 deployments, as of 2026-11-23 17:54 UTC"]
    assert lines[2] == list(SHOWN.names)
    assert lines[3] == [
        "fraud",
        "12.5",
        "'=cmd|' /C calc'!A0",
        '{"team": "law"}',
        "0 requests; no share",
    ]
    assert lines[4] == ["churn", "", "", "{}", ""]


def test_a_filter_in_the_head_of_a_csv_is_no_formula_and_one_line(tmp_path: Path) -> None:
    path = tmp_path / "shown.csv"
    write_shown(path, replace(SHOWN, filter="=1+1\n@x"))
    assert path.read_text("utf-8-sig").splitlines()[0] == "# filter: =1+1 @x"


def test_the_head_names_what_the_rows_are_narrowed_to(tmp_path: Path) -> None:
    path = tmp_path / "shown.csv"
    write_shown(path, replace(SHOWN, scope="mlw/fraud"))
    assert "# 2 of 42 deployments of mlw/fraud, as of" in path.read_text("utf-8-sig")


def test_a_json_has_the_filter_beside_the_fields_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "shown.json"
    write_shown(path, SHOWN)
    saved = json.loads(path.read_text("utf-8"))
    assert saved["filter"] == "verdict:idle  cost>5"
    assert (saved["shown"], saved["total"], saved["as_of"]) == (2, 42, "2026-11-23T17:54:00Z")
    assert saved["deployments"][0]["cost_in_window"] == 12.5
    assert saved["deployments"][1]["cost_in_window"] is None


def test_markdown_has_the_columns_that_are_shown_and_no_markup_of_azures(tmp_path: Path) -> None:
    path = tmp_path / "shown.md"
    write_shown(path, SHOWN)
    text = path.read_text("utf-8")
    assert "> filter: verdict:idle cost\\>5" in text
    assert "| fr\\|aud | 13 USD |" in text
    assert "| churn | – |" in text


def test_no_file_is_replaced_unless_that_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "shown.csv"
    path.write_text("mine")
    with pytest.raises(ValueError, match=r"shown\.csv is there already"):
        write_shown(path, SHOWN)
    assert path.read_text() == "mine"
    write_shown(path, SHOWN, replaces=True)
    assert path.read_text("utf-8-sig").startswith("# filter")


@pytest.mark.parametrize(
    ("name", "text"),
    [("shown.txt", "has to end in"), ("none/shown.csv", "there is no such folder"), ("", "end in")],
)
def test_a_path_that_cannot_be_written_is_reported_in_one_line(
    tmp_path: Path, name: str, text: str
) -> None:
    with pytest.raises(ValueError, match=text) as caught:
        write_shown(tmp_path / name, SHOWN)
    assert "\n" not in str(caught.value)


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    write_shown(tmp_path / "shown.csv", SHOWN)
    assert [path.name for path in tmp_path.iterdir()] == ["shown.csv"]
