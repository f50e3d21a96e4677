"""Pictures of the review for the documentation: the page, light and dark, and a sheet.

python -m tests.mothball.pictures docs/    needs Chromium, LibreOffice and Poppler
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from actions.deletion.delete import delete, plan_deletion
from actions.session import Brakes, Limits
from actions.tags import decisions as decide
from emulator import sample_tenant
from queries.policy import Policy
from queries.reports.answers import Answer
from queries.reports.quarters import quarter_before, quarter_named
from queries.reports.review import Review, review_of
from queries.reports.writing import write_review
from tests.actions.stage import Stage, staged
from tests.queries.bills import read_bill
from tests.scene import NOW

QUARTER = quarter_named("2026-Q4")
MONTHS = [date(2026, month, 1) for month in range(7, 13)]
# What the owners of the sample tenant answer, and what comes of it.
RETIRED = ("clause-extract/bert-large", "clause-extract/distil", "chargeback/v0")
EXTENDED = ("churn-trial/gru",)
SHEET = "idle"


def main(folder: Path) -> None:
    """Live through a quarter of the sample tenant, write its review, picture it."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    assert browser is not None, "needs Chromium"
    with tempfile.TemporaryDirectory() as aside:
        page = Path(aside) / "review.html"
        review = _write(Path(aside), page)
        _picture_sheet(review, Path(aside), folder / "review-workbook.png")
        for scheme, option in (("light", "1"), ("dark", "0")):
            picture = (folder / f"review-{scheme}.png").absolute()
            subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--screenshot={picture}",
                 f"--blink-settings=preferredColorScheme={option}", "--window-size=1180,1320",
                 "--hide-scrollbars", page.as_uri()],
                check=True, capture_output=True,
            )  # fmt: skip


def _picture_sheet(review: Review, aside: Path, picture: Path) -> None:
    """One sheet of the workbook, as LibreOffice prints it."""
    only = replace(review, sections=(review.section(SHEET),))
    write_review(only, aside / "sheet.xlsx")
    profile = (aside / "office").as_uri()
    _run("soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf",
         "--outdir", str(aside), str(aside / "sheet.xlsx"))  # fmt: skip
    _run("pdftoppm", "-png", "-singlefile", "-r", "190", "-x", "60", "-y", "100", "-W", "2020",
         "-H", "520", str(aside / "sheet.pdf"), str(picture.with_suffix("")))  # fmt: skip


def _run(program: str, *words: str) -> None:
    found = shutil.which(program)
    assert found is not None, f"needs {program}"
    subprocess.run([found, *words], check=True, capture_output=True)


def _write(folder: Path, page: Path) -> Review:
    began = NOW - timedelta(days=45)
    limits = Limits(brakes=Brakes(share_of_money=Decimal(1), share_of_tenant=Decimal(1)))
    with staged(folder, sample_tenant(began), limits, Policy()) as stage:
        _look(stage)
        before = quarter_before(QUARTER)
        review_of(stage.scene.store, before, quarter_before(before), stage.clock.now())
        _decide(stage)
        stage.clock.advance(timedelta(days=15))
        _look(stage)
        _retire(stage, RETIRED)
        stage.clock.advance(timedelta(days=26))
        _look(stage)
        _retire(stage, EXTENDED)
        stage.clock.advance(timedelta(days=4))
        _look(stage)
        review = review_of(
            stage.scene.store, QUARTER, before, stage.clock.now(), budgets={"EUR": Decimal(100000)}
        )
        write_review(review, page)
        return review


def _look(stage: Stage) -> None:
    today = stage.clock.now().date()
    read_bill(stage.scene, [month for month in MONTHS if month <= today])
    stage.known = stage.ready = None


def _decide(stage: Stage) -> None:
    rows = stage.scene.rows()
    until = stage.clock.now().date() + timedelta(days=40)
    answers = [
        Answer(line, rows[name].id, None, None, "retire", None, "replaced since")
        for line, name in enumerate(RETIRED)
    ] + [
        Answer(9, rows[name].id, None, None, "extend", until, "wanted for the audit")
        for name in EXTENDED
    ]
    looked = decide.look(stage.session, answers)
    done = decide.apply(stage.session, looked, lambda _text: None)
    assert {decision.outcome for decision in done} <= {"done", "nothing to change"}


def _retire(stage: Stage, names: Sequence[str]) -> None:
    for name in names:
        row = stage.scene.rows()[name]
        plan = plan_deletion(stage.session, [row], {})
        plan = delete(stage.session, plan, plan.phrase, {}, lambda _target, _text: None)
        assert plan.targets[0].outcome == "deleted", plan.targets[0].message


if __name__ == "__main__":
    main(Path(sys.argv[1]))
