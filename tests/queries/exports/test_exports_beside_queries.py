"""An imported export stands in for the query API until it is a day old, and loses no money."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from emulator import Workspace
from queries.exports.imports import import_exports
from tests.queries.bills import cents, months_asked, read_bill, truth
from tests.queries.exports.test_exports import ea, text
from tests.scene import NOW, Scene, ago

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
BILL = "select sum(cost) from billed_lines"


@pytest.fixture
def seen(scene: Scene, workspace: Workspace) -> Scene:
    """A scene whose store holds a snapshot without money."""
    endpoint = workspace.endpoint("score", traffic={"blue": 100}, created_at=ago(200))
    endpoint.deployment("blue", created_at=ago(200))
    scene.snapshot()
    scene.azure.forget()
    return scene


def load(scene: Scene, folder: Path, first: date, last: date, cost: str = "9") -> None:
    """An export that bills `cost` on each day from `first` to `last`."""
    place = scene.world.find("ws")
    own = {"SubscriptionId": place.subscription_id, "ResourceId": place.id}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    path = folder / "export.csv"
    path.write_bytes(text(ea(cost, f"{day:%m/%d/%Y}", **own) for day in days))
    import_exports(scene.store, [str(path)], scene.clock.now())


def test_a_month_imported_through_yesterday_is_not_asked_today(seen: Scene, tmp_path: Path) -> None:
    load(seen, tmp_path, NOVEMBER, date(2026, 11, 22))
    assert read_bill(seen, [NOVEMBER]).errors == ()
    assert seen.asked("cost") == []
    assert seen.sql(BILL) == [(Decimal(22 * 9),)]
    assert seen.rows()["score/blue"].cost_in_window is None  # October was not read


def test_a_day_later_the_api_takes_its_place(seen: Scene, tmp_path: Path) -> None:
    load(seen, tmp_path, NOVEMBER, date(2026, 11, 22))
    seen.clock.advance(timedelta(days=1))
    assert read_bill(seen, [NOVEMBER]).errors == ()
    assert months_asked(seen.asked("cost")) == ["2026-11"] * 2
    billed = truth(seen, lambda charge: charge.day <= date(2026, 11, 23), first=NOVEMBER)
    assert cents(seen.sql(BILL)[0][0]) == cents(billed)
    assert seen.sql("select distinct source from cost_lines") == [("query",)]


@pytest.mark.parametrize(
    ("imported_on", "last", "asked"),
    [
        (date(2026, 11, 10), date(2026, 10, 31), 0),  # settled when it was imported
        (date(2026, 11, 3), date(2026, 10, 31), 2),  # could change until its fifth day
        (date(2026, 11, 10), date(2026, 10, 20), 2),  # only the beginning of the month
    ],
)
def test_a_past_month_is_asked_only_where_it_could_still_change(
    seen: Scene, tmp_path: Path, imported_on: date, last: date, asked: int
) -> None:
    seen.clock.set(NOW.replace(day=imported_on.day))
    load(seen, tmp_path, OCTOBER, last)
    seen.clock.set(NOW)
    assert read_bill(seen, [OCTOBER]).errors == ()
    assert len(seen.asked("cost")) == asked


def test_an_answer_with_fewer_days_does_not_replace_an_export(seen: Scene, tmp_path: Path) -> None:
    load(seen, tmp_path, NOVEMBER, date(2026, 11, 22))
    seen.clock.advance(timedelta(days=1))

    def without_its_end(body: Any) -> Any:
        names = [column["name"] for column in body["properties"]["columns"]]
        at = names.index("UsageDate")
        rows = body["properties"]["rows"]
        body["properties"]["rows"] = [row for row in rows if row[at] < 20261120]
        return body

    seen.azure.bend("CostManagement", without_its_end)
    report = read_bill(seen, [NOVEMBER])
    assert [(read_error.source, read_error.code) for read_error in report.errors] == [
        ("cost", "ExportStands")
    ]
    assert "lacks 3 billed days" in report.errors[0].message
    assert "2026-11-20" in report.errors[0].message
    assert seen.sql(BILL) == [(Decimal(22 * 9),)]
    seen.azure.straighten()
    assert read_bill(seen, [NOVEMBER]).errors == ()
    assert seen.sql("select distinct source from cost_lines") == [("query",)]


def test_an_answer_of_nothing_does_not_replace_an_export(seen: Scene, tmp_path: Path) -> None:
    load(seen, tmp_path, NOVEMBER, date(2026, 11, 22))
    seen.clock.advance(timedelta(days=1))
    seen.azure.bend("CostManagement", lambda _body: {"properties": {"columns": [], "rows": []}})
    assert [read_error.code for read_error in read_bill(seen, [NOVEMBER]).errors] == [
        "ExportStands"
    ]
    assert seen.sql(BILL) == [(Decimal(22 * 9),)]
