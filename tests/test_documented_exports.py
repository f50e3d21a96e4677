"""The page of exports: every cell of it is what the import does with a file built here."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.layouts import page
from tests.layouts.bills import BILL

DOCS = Path(__file__).parent.parent / "docs"


def by_month(bill: page.Lines) -> list[tuple[str, str, Decimal]]:
    """Some of the files have other days of the month."""
    return [(f"{day:%Y-%m}", deployment, cost) for day, deployment, cost in bill]


@pytest.fixture(scope="module")
def tried() -> list[tuple[str, str, page.Outcome]]:
    return list(page.layouts())


@pytest.fixture(scope="module")
def others() -> list[tuple[str, page.Outcome]]:
    return list(page.others())


def test_every_layout_loads_to_the_last_decimal_whatever_program_wrote_it(
    tried: list[tuple[str, str, page.Outcome]],
) -> None:
    assert {(title, program): one.bill for title, program, one in tried if one.bill != BILL} == {}


def test_every_other_file_loads_whole_or_is_refused_in_one_line(
    others: list[tuple[str, page.Outcome]],
) -> None:
    whole = by_month(BILL)
    loads = {title: by_month(one.bill) for title, one in others if not one.refused}
    assert {title: bill for title, bill in loads.items() if bill != whole} == {}
    assert len(loads) > 5
    assert [one.refused for _title, one in others if "\n" in (one.refused or "")] == []


def test_the_page_of_exports_is_what_the_import_does(
    tried: list[tuple[str, str, page.Outcome]], others: list[tuple[str, page.Outcome]]
) -> None:
    """`python -m tests.layouts.page docs/exports.md` renews it."""
    written = (DOCS / "exports.md").read_text(encoding="utf-8")
    assert written == page.markdown(tried, others)
