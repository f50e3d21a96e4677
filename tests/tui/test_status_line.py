"""The top line: what serves nobody and what that costs, in as many words as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from queries.estate.packed import packed
from queries.estate.rows import DeploymentRow, ReadErrorRow
from queries.money.waste import Amount
from queries.reports.savings import SavedSoFar
from tests.tui.demo import frame_of, settled
from tests.tui.rows import row
from tui.app import MothballApp
from tui.state.estate import Estate
from tui.widgets.status_line import StatusLine

pytestmark = pytest.mark.journey

PRICES = [("EUR", "14000"), ("EUR", "644"), ("USD", "20")]


def priced(number: int, currency: str, amount: str) -> DeploymentRow:
    rate = Decimal(amount)
    return row(f"e/{number}", monthly_run_rate=rate, currency=currency, run_rate_source="billed")


ROWS = [
    *(priced(number, *price) for number, price in enumerate(PRICES)),
    row("e/unpriced", verdict="failed"),
    row("e/serving", verdict="serving", monthly_run_rate=Decimal(9000), currency="EUR"),
]
READ_ERRORS = tuple(ReadErrorRow("one", "metrics", str(n), "Forbidden", "no") for n in range(12))


async def top_line(
    pilot: Pilot[None], rows: Sequence[DeploymentRow], read_errors: tuple[ReadErrorRow, ...]
) -> str:
    app = pilot.app
    assert isinstance(app, MothballApp)
    await settled(pilot)
    assert app.estate is not None
    app.estate = Estate(packed(rows), read_errors, app.estate.as_of)
    await settled(pilot)
    return frame_of(app).splitlines()[0].rstrip()


async def test_the_top_line_tells_what_serves_nobody_by_currency(app: MothballApp) -> None:
    async with app.run_test(size=(140, 40)) as pilot:
        line = await top_line(pilot, ROWS, ())
    assert "4 of 5 serve nobody · 14,644 EUR/mo + 20 USD/mo + 1 without a price" in line


@pytest.mark.parametrize("width", [60, 70, 80, 90, 100, 120])
async def test_the_top_line_drops_words_before_age_or_read_errors_where_it_is_narrow(
    app: MothballApp, width: int
) -> None:
    async with app.run_test(size=(width, 30)) as pilot:
        line = await top_line(pilot, ROWS, READ_ERRORS)
    assert cell_len(line) <= width
    assert "as of 17:54 UTC · 6 min" in line
    assert "12 read errors (H)" in line
    assert ("serve nobody" in line) == (width >= 80)
    assert ("EUR" in line) == ("USD" in line)


async def test_at_80_columns_the_count_and_the_money_of_a_month_are_there(app: MothballApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        line = await top_line(pilot, ROWS[:2], ())
    assert line == "Mothball  emulator  as of 17:54 UTC · 6 min  2 serve nobody · 14,644 EUR/mo"


MARKED: dict[str, Any] = {"role": "retire", "retire_after": "2026-11-23", "verdict": "idle"}
SAVED = SavedSoFar("2026-Q4", (Amount(Decimal(3100), "EUR", is_billed=True),))
READY = [
    replace(ROWS[0], **MARKED),
    replace(ROWS[1], **(MARKED | {"retire_after": "2026-11-24"})),
    replace(ROWS[2], **(MARKED | {"verdict": "serving"})),
    replace(ROWS[2], **(MARKED | {"retire_after": "soon"})),
]


async def test_the_top_line_tells_what_is_ready_to_go_and_what_was_saved(
    app: MothballApp,
) -> None:
    async with app.run_test(size=(160, 30)) as pilot:
        await top_line(pilot, READY, ())
        assert app.estate is not None
        app.estate = replace(app.estate, saved=SAVED)
        line = frame_of(app).splitlines()[0]
    assert "3 of 4 serve nobody" in line
    assert "1 ready to go · 14,000 EUR/mo" in line
    assert "saved 3,100 EUR in 2026-Q4" in line


@pytest.mark.parametrize("news", [None, "newer snapshot of 06:02"])
async def test_the_top_line_never_cuts_a_number(app: MothballApp, news: str | None) -> None:
    amounts = {"14,644 EUR/mo", "14,000 EUR/mo", "3,100 EUR"}
    async with app.run_test(size=(160, 30)) as pilot:
        await top_line(pilot, [*READY, *ROWS[3:]], READ_ERRORS)
        assert app.estate is not None
        app.estate = replace(app.estate, saved=SAVED)
        app.news = news
        for width in range(60, 200, 9):
            await pilot.resize_terminal(width, 30)
            line = "".join(text for text, _style in app.screen.query_one(StatusLine)._parts)
            assert cell_len(line) <= width
            assert "12 read errors (H)" in line
            assert ("ctrl+r" in line) == (news is not None)
    assert all(amount in line for amount in amounts)


async def test_an_estate_in_which_all_serve_says_none_does_not(app: MothballApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        assert "0 of 1 serve nobody" in await top_line(pilot, ROWS[-1:], ())


async def test_a_screenful_is_not_counted_for_the_whole(app: MothballApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await top_line(pilot, ROWS, ())
        assert app.estate is not None
        app.estate = replace(app.estate, is_whole=False)
        await settled(pilot)
        assert "serve nobody" not in frame_of(app).splitlines()[0]
