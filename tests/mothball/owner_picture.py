"""A picture of an owner's workbook for the documentation, as LibreOffice opens it.

python -m tests.mothball.owner_picture docs/    needs LibreOffice and Chromium
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from actions.session import Limits
from emulator import sample_tenant
from queries.policy import Policy
from queries.reports.asking import note_asked, read_questions, waiting_days
from queries.reports.owners import head_of, line_of, read_owners, write_lines
from tests.actions.stage import staged
from tests.queries.bills import read_bill
from tests.scene import NOW

OWNER = "legal-ai@contoso.example"
ANSWERS = {
    "bert-large": ("retire", None, "longformer replaced it"),
    "pitch": ("extend", date(2027, 1, 31), "shown again at the fair in January"),
}
# The program's page has the widths, colours and formats; a window shows one line above the heads.
LOOK = """<style>
body { margin: 8px; zoom: 0.72; } table { table-layout: fixed; width: 0; }
* { font-family: Carlito, Calibri, "DejaVu Sans", sans-serif !important; }
* { font-size: 14px !important; }
td { padding: 2px 5px; border-right: 1px solid #eee; } tr:first-child td { white-space: nowrap; }
</style></head>"""


def draw(folder: Path) -> None:
    """Write the file of one owner of the sample tenant, open it, take a screenshot."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    assert browser is not None, "needs Chromium"
    with tempfile.TemporaryDirectory() as aside:
        book = Path(aside) / "owner.xlsx"
        _write(Path(aside), book)
        program = ["soffice", "--headless", f"-env:UserInstallation=file://{aside}/profile"]
        words = [*program, "--convert-to", "html", "--outdir", aside, str(book)]
        subprocess.run(words, check=True, capture_output=True)
        page = book.with_suffix(".html")
        text = page.read_text(encoding="utf-8").replace("</head>", LOOK)
        page.write_text(re.sub(r'height="\d+"', "", text), encoding="utf-8")
        picture = (folder / "owners.png").absolute()
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--screenshot={picture}",
             "--window-size=1700,430", "--hide-scrollbars", page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip


def _write(folder: Path, book: Path) -> None:
    today = NOW.date()
    with staged(folder, sample_tenant(NOW), Limits(), Policy()) as stage:
        store = stage.scene.store
        read_bill(stage.scene, [date(2026, month, 1) for month in (9, 10, 11)])
        files, limits = read_owners(store)
        (file,) = [file for file in files if file.owner == OWNER]
        before = NOW - timedelta(days=21)
        note_asked(store, file.rows, {row.deployment_key for row in file.rows[1:]}, today, before)
        questions = read_questions(store)
        lines = [
            line_of(row, limits, stage.scene.cloud.portal, waiting_days(row, questions, today))
            for row in file.rows
        ]
    for line in lines:
        answer = ANSWERS.get(line["deployment"], (None, None, None))
        line["decision"], line["until"], line["reason"] = answer
    write_lines(book, lines, head_of(today + timedelta(days=14), 21))


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
