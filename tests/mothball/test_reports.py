"""The reports by the command line, and the review as a browser sees it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from emulator import Fault
from tests.mothball.shop import FORMULA, SECRET, Shop, now

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def quarter() -> str:
    at = now()
    return f"{at.year}-Q{(at.month - 1) // 3 + 1}"


@pytest.mark.parametrize("suffix", ["html", "md", "csv"])
def test_the_review_is_written_in_the_form_of_its_suffix(
    shop: Shop, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"review.{suffix}"
    result = shop.run("report", "review", "--quarter", quarter(), "--out", str(path))
    assert result.code == 3, "the bill was not read"
    assert f"The bill of {quarter()} lacks" in result.err
    text = path.read_text(encoding="utf-8-sig")
    assert quarter() in text
    assert "ws/fraud/green" in text
    assert SECRET not in text
    assert "\x1b" not in text
    again = tmp_path / f"again.{suffix}"
    assert shop.run("report", "review", "--quarter", quarter(), "--out", str(again)).code == 3
    assert again.read_bytes() == path.read_bytes()


def test_the_review_is_a_workbook_too_and_names_the_budget_of_the_settings(
    own: Shop, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[quarterly_budget]\neur = 1200.50\n")
    path = tmp_path / "review.xlsx"
    assert own.run("snapshot", "--cost-months", "2").code in (0, 3)
    words = ("--quarter", quarter(), "--out", str(path), "--config", str(config), "--anew")
    assert own.run("report", "review", *words).code in (0, 3)
    book = load_workbook(path)
    assert book.sheetnames[:2] == ["headline", "bill"]
    line = next(row for row in book["forecast"].iter_rows() if row[0].value == "Serving")
    assert 1200.5 in [cell.value for cell in line]
    texts = [str(cell.value) for row in book["endpoints"].iter_rows() for cell in row]
    assert "ws/fraud" in texts
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def answers(shop: Shop, folder: Path, *words: str) -> dict[str, list[dict[str, str]]]:
    """The lines of each section of the review, read from its CSV."""
    path = folder / "answers.csv"
    shop.run("report", "review", "--quarter", quarter(), "--out", str(path), *words)
    sections: dict[str, dict[str, dict[str, str]]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for cell in csv.DictReader(file):
            line = sections.setdefault(cell["section"], {}).setdefault(cell["line"], {})
            line[cell["column"]] = cell["value"]
    return {name: list(lines.values()) for name, lines in sections.items()}


def test_each_endpoint_is_reported_with_what_serves_it_and_what_it_falls_back_on(
    shop: Shop, tmp_path: Path
) -> None:
    rows = answers(shop, tmp_path)["endpoints"]
    fields = {
        (row["endpoint"], row["use"]): row
        for row in rows
        if row["endpoint"] in ("ws/fraud", "ws/quiet", "ws/nulled", "lab/fraud")
    }
    assert set(fields) == {
        ("ws/fraud", "active"),
        ("ws/fraud", "rollback"),
        ("ws/quiet", "active"),
        ("ws/quiet", "no rollback"),
        ("ws/nulled", "traffic not known"),
        ("lab/fraud", "nothing active"),
    }
    blue, green = fields["ws/fraud", "active"], fields["ws/fraud", "rollback"]
    assert (blue["deployment"], blue["live_traffic_percent"]) == ("blue", "100.0")
    assert (blue["instance_count"], green["instance_count"]) == ("2", "1")
    assert green["deployment"] == "green"
    for row in (blue, green):
        assert row["max_concurrent_requests_per_instance"] == "1"
        assert row["request_timeout"].startswith("PT")
    assert "deployment" not in fields["ws/nulled", "traffic not known"]


def test_the_review_names_what_is_kept_what_runs_out_and_who_is_to_answer(
    own: Shop, tmp_path: Path
) -> None:
    until = (now().date() + timedelta(days=40)).isoformat()
    assert own.run("extend", "ws/fraud/spare", "--until", until, "--reason", "audit").code == 0
    assert own.run("snapshot").code == 0
    reported = answers(own, tmp_path)
    kept = {row["deployment"]: row for row in reported["rollbacks"]}
    assert kept["ws/fraud/green"]["why"].endswith("it is tagged role=rollback")
    ends = {(row["deployment"], row["kind"]): row for row in reported["exceptions"]}
    exempt = ends["ws/fraud/spare", "exempt until"]
    assert (exempt["ends_on"], exempt["reason"]) == (until, "audit")
    assert exempt["by"]
    # A date that cannot be read protects all the same.
    assert "cannot be read" in ends["lab/hostile/dates", "exempt until"]["ends_on"]
    owners = {row.get("owner"): row for row in reported["owners"]}
    assert "lab/hostile/tags" in owners[f"'{FORMULA}"]["which"]
    unknown = {row["what"]: row["why"] for row in reported["unknown"]}
    assert "traffic map" in unknown["ws/nulled/main"]


def test_what_could_not_be_read_is_named_by_the_review_too(own: Shop, tmp_path: Path) -> None:
    own.azure.faults.add(Fault("forbid", path="Microsoft.Authorization/locks"))
    assert own.run("snapshot").code == 3
    rows = [row for row in answers(own, tmp_path)["unknown"] if row["kind"] == "not read"]
    assert rows
    result = own.run("report", "review", "--quarter", quarter(), "--out", str(tmp_path / "r.md"))
    assert result.code == 3
    assert all(f"not read: {row['what']}: " in result.err for row in rows)


def test_a_quarter_of_another_fiscal_year_is_frozen_by_itself(shop: Shop, tmp_path: Path) -> None:
    at = now().date()
    config = tmp_path / "config.toml"
    config.write_text(f"fiscal_year_start = {at.month}\n")
    first = f"{at.year}-Q1"
    path = tmp_path / "fiscal.csv"
    words = ("--quarter", first, "--out", str(path), "--config", str(config))
    assert shop.run("report", "review", *words).code == 3
    text = path.read_text(encoding="utf-8-sig")
    assert f"first_day,{at.replace(day=1)}" in text
    # The calendar's own first quarter has the name, and other days.
    again = tmp_path / "calendar.csv"
    assert shop.run("report", "review", "--quarter", first, "--out", str(again)).code == 3
    assert f"first_day,{at.year}-01-01" in again.read_text(encoding="utf-8-sig")


def test_no_cell_of_the_review_is_a_formula(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    shop.run("report", "review", "--quarter", quarter(), "--out", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        values = [row["value"] for row in csv.DictReader(file)]
    assert f"'{FORMULA}" in values
    assert not any(value.startswith(("=", "@", "+", "-")) for value in values)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--quarter", "2026-Q5", "--out", "r.html"], "not a quarter such as 2026-Q4"),
        (["--quarter", "2999-Q1", "--out", "r.html"], "begins on 2999-01-01"),
        (["--quarter", "2026-Q1", "--out", "r.pdf"], "the suffix is one of"),
    ],
)
def test_a_wrong_quarter_or_form_is_wrong_usage(shop: Shop, words: list[str], why: str) -> None:
    result = shop.run("report", "review", *words)
    assert result.code == 2
    assert why in result.err


def test_savings_of_nothing_are_an_empty_table(shop: Shop) -> None:
    assert shop.run("report", "savings", "--format", "json").json == []
    assert "nothing was deleted" in shop.run("report", "savings").err


@pytest.mark.journey
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_review_opens_in_a_browser_and_asks_for_nothing(shop: Shop, tmp_path: Path) -> None:
    page, log, picture = (tmp_path / name for name in ("r.html", "net.json", "r.png"))
    shop.run("report", "review", "--quarter", quarter(), "--out", str(page))
    assert CHROMIUM is not None
    result = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--no-first-run", "--enable-logging=stderr",
         "--host-resolver-rules=MAP * ~NOTFOUND", f"--log-net-log={log}",
         f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}",
         "--window-size=1200,1600", page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "CONSOLE" not in result.stderr
    assert picture.stat().st_size > 10_000
    asked = set(re.findall(r'"url":"(https?://[^"]+)"', log.read_text(encoding="utf-8")))
    # What the browser looks up for itself at its start is none of the page's.
    own = ("google.com", "googleapis.com", "gvt1.com", "gstatic.com")
    assert [url for url in asked if not any(host in url for host in own)] == []


def test_a_diff_of_the_latest_with_itself_is_empty(shop: Shop) -> None:
    assert shop.run("diff", "latest", "latest", "--format", "json").json == []
    result = shop.run("diff", "latest~1", "latest")
    assert result.code == 1
    assert "1 snapshot" in result.one_line()
    assert "no snapshot 'x'" in shop.run("diff", "x", "latest").one_line()
    assert shop.run("diff", "latest~x", "latest").code == 2


def test_a_digest_is_markdown_on_standard_output(shop: Shop) -> None:
    result = shop.run("report", "digest", "--top", "1")
    assert result.code == 0
    assert result.out.startswith("**")
    assert "\x1b" not in result.out
    assert shop.azure.writes == []


def test_a_focus_file_of_a_month_without_a_bill_is_one_line(shop: Shop, tmp_path: Path) -> None:
    result = shop.run("report", "focus", "--month", "2026-10", "--out", str(tmp_path / "f.csv"))
    assert result.code == 1
    assert "no bill of 2026-10" in result.one_line()
    for words in (["--month", "x", "--out", "f.csv"], ["--month", "2026-10", "--out", "f.xls"]):
        assert shop.run("report", "focus", *words).code == 2


def test_proposals_are_counted_and_another_suffix_is_wrong_usage(
    shop: Shop, tmp_path: Path
) -> None:
    path = tmp_path / "proposals.csv"
    result = shop.run("report", "proposals", "--out", str(path))
    assert result.code == 0, result.err
    with path.open(encoding="utf-8", newline="") as file:
        kinds = [row["x_Proposal"] for row in csv.DictReader(file)]
    assert f"in {path}: {len(kinds)} proposals" in result.err
    for kind in ("retire", "resize", "unprotect"):
        assert f"{kind}: {kinds.count(kind)}" in result.err
    assert kinds.count("retire") == sum(
        row["verdict"] in ("idle", "idle-endpoint", "failed") for row in shop.rows().values()
    )
    result = shop.run("report", "proposals", "--out", "proposals.json")
    assert result.code == 2
    assert ".csv, .xlsx, .parquet" in result.err


def test_the_review_names_who_deleted_what_is_gone(own: Shop, tmp_path: Path) -> None:
    fraud = own.world.find("ws/fraud")
    at = own.world.clock.now()
    for name, who in (("old", "ada@contoso.example"), ("spare", None)):
        gone = own.world.find(f"ws/fraud/{name}")
        fraud.remove(gone, at)
        if who is not None:
            own.world.log_operation(
                gone.id, at, who, "delete", takes=timedelta(0), late=timedelta(0)
            )
    assert own.run("snapshot").code == 0
    rows = answers(own, tmp_path, "--anew")["vanished"]
    assert {(row["deployment"], row.get("by"), "deleted_at" in row) for row in rows} == {
        ("ws/fraud/old", "ada@contoso.example", True),
        ("ws/fraud/spare", None, False),
    }
