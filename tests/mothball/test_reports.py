"""The reports by the command line, and the review as a browser sees it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

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
    said = shop.run("report", "review", "--quarter", quarter(), "--out", str(path))
    assert said.code == 3, "the bill was not read"
    assert "The bill lacks" in said.err
    text = path.read_text(encoding="utf-8-sig")
    assert quarter() in text
    assert "ws/fraud/green" in text
    assert SECRET not in text
    assert "\x1b" not in text
    again = tmp_path / f"again.{suffix}"
    assert shop.run("report", "review", "--quarter", quarter(), "--out", str(again)).code == 3
    assert again.read_bytes() == path.read_bytes()


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
    said = shop.run("report", "review", *words)
    assert said.code == 2
    assert why in said.err


def test_savings_of_nothing_are_an_empty_table(shop: Shop) -> None:
    assert shop.run("report", "savings", "--format", "json").json == []
    assert "nothing was deleted" in shop.run("report", "savings").err


@pytest.mark.journey
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_review_opens_in_a_browser_and_asks_for_nothing(shop: Shop, tmp_path: Path) -> None:
    page, log, picture = (tmp_path / name for name in ("r.html", "net.json", "r.png"))
    shop.run("report", "review", "--quarter", quarter(), "--out", str(page))
    assert CHROMIUM is not None
    said = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--no-first-run", "--enable-logging=stderr",
         "--host-resolver-rules=MAP * ~NOTFOUND", f"--log-net-log={log}",
         f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}",
         "--window-size=1200,1600", page.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "CONSOLE" not in said.stderr
    assert picture.stat().st_size > 10_000
    asked = set(re.findall(r'"url":"(https?://[^"]+)"', log.read_text(encoding="utf-8")))
    # What the browser looks up for itself at its start is none of the page's.
    own = ("google.com", "googleapis.com", "gvt1.com", "gstatic.com")
    assert [url for url in asked if not any(host in url for host in own)] == []


def test_a_diff_of_the_latest_with_itself_is_empty(shop: Shop) -> None:
    assert shop.run("diff", "latest", "latest", "--format", "json").json == []
    said = shop.run("diff", "latest~1", "latest")
    assert said.code == 1
    assert "1 snapshots" in said.one_line()
    assert "no snapshot 'x'" in shop.run("diff", "x", "latest").one_line()
    assert shop.run("diff", "latest~x", "latest").code == 2


def test_a_digest_is_markdown_on_standard_output(shop: Shop) -> None:
    said = shop.run("report", "digest", "--top", "1")
    assert said.code == 0
    assert said.out.startswith("**")
    assert "\x1b" not in said.out
    assert shop.azure.writes == []


def test_a_focus_file_of_a_month_without_a_bill_is_one_line(shop: Shop, tmp_path: Path) -> None:
    said = shop.run("report", "focus", "--month", "2026-10", "--out", str(tmp_path / "f.csv"))
    assert said.code == 1
    assert "no bill of 2026-10" in said.one_line()
    for words in (["--month", "x", "--out", "f.csv"], ["--month", "2026-10", "--out", "f.xls"]):
        assert shop.run("report", "focus", *words).code == 2
