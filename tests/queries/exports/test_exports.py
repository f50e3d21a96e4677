"""Exports in place of the query API: every layout and oddity, and not a digit of money lost."""

from __future__ import annotations

import csv
import gzip
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator import Workspace
from queries.exports.files import BadExport
from queries.exports.imports import ImportReport, import_exports
from queries.exports.reading import ACTUAL, AMORTIZED
from queries.store.file import Store
from tests.scene import Scene
from tests.stores import new_store

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
SUB = "11111111-0000-4000-8000-000000000001"
OTHER = "22222222-0000-4000-8000-000000000002"
ML = "Microsoft.MachineLearningServices/workspaces"
EA = [
    "SubscriptionId",
    "Date",
    "MeterCategory",
    "Quantity",
    "CostInBillingCurrency",
    "ResourceId",
    "Tags",
    "ChargeType",
    "PricingModel",
    "BillingCurrencyCode",
]
MCA = [
    "invoiceId",
    "date",
    "subscriptionId",
    "resourceId",
    "quantity",
    "costInBillingCurrency",
    "costInPricingCurrency",
    "billingCurrency",
    "pricingCurrency",
    "tags",
    "chargeType",
    "pricingModel",
]
FOCUS = [
    "BilledCost",
    "EffectiveCost",
    "BillingCurrency",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ConsumedQuantity",
    "ResourceId",
    "ResourceType",
    "SubAccountId",
    "Tags",
    "x_ResourceType",
]

Rows = Iterable[Mapping[str, str]]


def ws(name: str = "ws", subscription: str = SUB) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/rg-ML/providers/{ML}/{name}"


def tags(endpoint: str, deployment: str = "") -> str:
    """As EA writes them: JSON without its braces."""
    tag = f'"azuremlendpoint": "{endpoint}"'
    return f'{tag},"azuremldeployment": "{deployment}"' if deployment else tag


def ea(cost: str, day: str = "10/05/2026", **more: str) -> dict[str, str]:
    usual = {
        "SubscriptionId": SUB,
        "Date": day,
        "MeterCategory": "Virtual Machines",
        "Quantity": "24",
        "CostInBillingCurrency": cost,
        "ResourceId": ws(),
        "Tags": tags("fraud", "blue"),
        "ChargeType": "Usage",
        "PricingModel": "OnDemand",
        "BillingCurrencyCode": "USD",
    }
    return usual | more


def focus(billed: str, effective: str, **more: str) -> dict[str, str]:
    usual = {
        "BilledCost": billed,
        "EffectiveCost": effective,
        "BillingCurrency": "USD",
        "ChargePeriodStart": "2026-10-05T00:00:00.0000000Z",
        "ChargePeriodEnd": "2026-10-06T00:00:00.0000000Z",
        "ResourceId": ws().lower(),
        "ResourceType": "Machine Learning workspace",
        "SubAccountId": f"/subscriptions/{SUB}",
        "Tags": '{"azuremlendpoint": "fraud", "azuremldeployment": "blue"}',
        "x_ResourceType": ML,
    }
    return usual | more


def text(rows: Rows, columns: Iterable[str] = EA, bom: bool = True) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


class Desk:
    """A folder to put exports in, and the store that they are loaded into."""

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self.folder = folder
        self.store = store or new_store(folder / "store.duckdb")

    def put(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return str(path)

    def load(self, *names: str, **options: Any) -> ImportReport:
        return import_exports(self.store, names, NOW, **options)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with self.store.reading() as connection:
            return connection.execute(sql).fetchall()

    def bill(self) -> list[tuple[Any, ...]]:
        return self.ask(
            "select day, resource_key, endpoint, deployment, cost, currency from billed_lines"
            " order by all"
        )

    def total(self) -> Decimal:
        [(cost,)] = self.ask("select sum(cost) from billed_lines")
        return Decimal(cost)

    def by_basis(self) -> dict[str, Decimal]:
        return dict(
            self.ask("select basis, sum(cost) from cost_lines where kind = 'bill' group by all")
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def ends(report: ImportReport) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for one in report.counted:
        key = (one.outcome, one.reason)
        found[key] = found.get(key, 0) + one.row_count
    return found


def test_an_ea_export_becomes_the_bill_by_day_and_tags(desk: Desk) -> None:
    rows = [
        ea("2.5"),
        ea("1.5E-05"),
        ea("-0.5", Quantity="-4", MeterCategory="Bandwidth"),
        ea("3", "10/06/2026"),
        ea("0.25", Tags="NULL"),
        ea("0.75", Tags=tags("fraud")),
        ea("900", ResourceId=f"/subscriptions/{SUB}/resourceGroups/rg/providers/A.B/c/d", Tags=""),
    ]
    report = desk.load(desk.put("ea.csv", text(rows)))
    key, fifth = ws().lower(), date(2026, 10, 5)
    assert desk.bill() == [
        (fifth, key, "fraud", "blue", Decimal("2.000015"), "USD"),
        (fifth, key, "fraud", None, Decimal("0.75"), "USD"),
        (fifth, None, None, None, Decimal("0.25"), "USD"),
        (date(2026, 10, 6), key, "fraud", "blue", Decimal(3), "USD"),
    ]
    assert ends(report) == {
        ("unallocated", "deleted deployment"): 4,
        ("unallocated", "endpoint without deployment"): 1,
        ("unallocated", "training and shared"): 1,
        ("skipped", "not of a workspace"): 1,
    }
    assert not report.is_partial
    assert [file.layout for file in report.files] == ["EA or MCA"]


@pytest.mark.parametrize(
    "day",
    [
        "10/05/2026",
        "2026-10-05",
        "2026-10-05T00:00:00Z",
        "2026-10-05T00:00:00.0000000Z",
        "10/5/2026",
        "20261005",
    ],
)
def test_every_form_of_a_date_is_the_same_day(desk: Desk, day: str) -> None:
    desk.load(desk.put("ea.csv", text([ea("1", day)])))
    assert [row[0] for row in desk.bill()] == [date(2026, 10, 5)]


@pytest.mark.parametrize(
    "written",
    [
        '"azuremlendpoint": "Fraud","azuremldeployment": "BLUE"',
        '{"azuremlendpoint": "fraud", "azuremldeployment": "blue", "org": "a", " org": "b"}',
        '{" azuremlendpoint": "fraud", " azuremldeployment": "blue"}',
        '{"azuremldeployment": "blue", "note": "say \\"x\\", {y}", "AzureMLEndpoint": "fraud"}',
    ],
)
def test_tags_are_read_with_braces_and_without(desk: Desk, written: str) -> None:
    desk.load(desk.put("ea.csv", text([ea("1", Tags=written)])))
    assert [row[2:4] for row in desk.bill()] == [("fraud", "blue")]


def test_an_mca_export_is_read_by_its_own_names_in_billing_currency(desk: Desk) -> None:
    row = {
        "date": "10/05/2026",
        "subscriptionId": SUB,
        "resourceId": ws(),
        "costInBillingCurrency": "7.25",
        "costInPricingCurrency": "8",
        "billingCurrency": "EUR",
        "pricingCurrency": "USD",
        "tags": tags("fraud", "blue"),
    }
    desk.load(desk.put("mca.csv", text([row], MCA)))
    assert [row[4:] for row in desk.bill()] == [(Decimal("7.25"), "EUR")]


def test_focus_bills_the_billed_cost_and_amortized_the_effective_one(desk: Desk) -> None:
    path = desk.put("focus.csv", text([focus("0", "4.5"), focus("1.25", "1.25")], FOCUS))
    desk.load(path)
    desk.load(path, basis=AMORTIZED)
    assert desk.by_basis() == {ACTUAL: Decimal("1.25"), AMORTIZED: Decimal("5.75")}


def test_the_basis_of_the_settings_is_taken_from_focus_and_counts(desk: Desk) -> None:
    path = desk.put("focus.csv", text([focus("0", "4.5"), focus("1.25", "1.25")], FOCUS))
    assert desk.load(path).notes == ()
    assert desk.total() == Decimal("1.25")
    assert desk.load(path, counted=AMORTIZED).notes == ()
    assert desk.total() == Decimal("5.75")
    report = desk.load(path, basis=ACTUAL, counted=AMORTIZED)
    assert desk.total() == Decimal("5.75")
    assert [note for note in report.notes if "ActualCost is loaded, but AmortizedCost" in note]


def test_amortized_cost_counts_where_it_is_all_there_is(desk: Desk) -> None:
    path = desk.put("amortized.csv", text([ea("3", PricingModel="Reservation")]))
    assert desk.load(path).notes == ()
    assert desk.total() == Decimal(3)


def test_rows_of_a_reservation_show_that_an_export_is_amortized(desk: Desk) -> None:
    reserved = ea("3", PricingModel="Reservation")
    unused = ea("9", ChargeType="UnusedReservation", ResourceId="", Tags="")
    desk.load(desk.put("amortized/1.csv", text([reserved, unused])))
    charged = ea("0", PricingModel="Reservation")
    desk.load(desk.put("actual/1.csv", text([charged, ea("1")])))
    assert desk.by_basis() == {AMORTIZED: Decimal(3), ACTUAL: Decimal(1)}


def test_a_part_without_reservations_is_of_the_basis_of_its_neighbours(desk: Desk) -> None:
    desk.put("run/part_0.csv", text([ea("3", PricingModel="Reservation")]))
    desk.put("run/part_1.csv", text([ea("4")]))
    desk.load(str(desk.folder / "run"))
    assert desk.by_basis() == {AMORTIZED: Decimal(7)}


def test_parquet_says_the_same_as_csv_with_its_own_types(desk: Desk) -> None:
    path = desk.folder / "focus.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 1.25::decimal(38, 18) as BilledCost, 1.5e-5::double as EffectiveCost,"
            " 'USD' as BillingCurrency, timestamp '2026-10-05' as ChargePeriodStart,"
            " $key as ResourceId, $sub as SubAccountId,"
            " map {'azuremlendpoint': 'fraud', 'azuremldeployment': 'blue'} as Tags) to $path",
            {"key": ws(), "sub": f"/subscriptions/{SUB}", "path": str(path)},
        )
    desk.load(str(path))
    desk.load(str(path), basis=AMORTIZED)
    query = "select distinct day, endpoint, deployment from cost_lines where kind = 'bill'"
    assert desk.ask(query) == [(date(2026, 10, 5), "fraud", "blue")]
    assert desk.by_basis() == {ACTUAL: Decimal("1.25"), AMORTIZED: Decimal("0.000015")}


def test_a_day_is_utc_wherever_the_machine_stands(desk: Desk) -> None:
    path = desk.folder / "focus.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 1.25 as BilledCost, 1.25 as EffectiveCost, 'USD' as BillingCurrency,"
            " timestamptz '2026-10-05T00:00:00Z' as ChargePeriodStart, $key as ResourceId,"
            " '' as Tags) to $path",
            {"key": ws(), "path": str(path)},
        )
    # DuckDB looks at the zone of the machine once a process.
    importing = ("-m", "mothball", "--store", str(desk.store.path), "costs", "import", str(path))
    far_west = os.environ | {"TZ": "Pacific/Honolulu"}
    subprocess.run([sys.executable, *importing], check=True, env=far_west, capture_output=True)
    assert desk.ask("select distinct day from cost_lines") == [(date(2026, 10, 5),)]


def test_many_files_gzip_patterns_and_partitioned_folders_are_one_bill(desk: Desk) -> None:
    bare = [name for name in EA if name != "SubscriptionId"]
    row = ea("4", "10/07/2026", ResourceId=ws("ws", OTHER))
    del row["SubscriptionId"]
    desk.put("a/part[1].csv", text([ea("1")]))
    desk.put("a/part 2.csv.gz", gzip.compress(text([ea("2", "10/06/2026")])))
    desk.put(f"b/SubscriptionId={OTHER}/data.csv", text([row], bare))
    desk.put("b/manifest.json", b"{}")
    desk.load(str(desk.folder / "a" / "*"), str(desk.folder / "b"))
    assert desk.ask(
        "select subscription_id, sum(cost) from billed_lines group by all order by all"
    ) == [
        (SUB, Decimal(3)),
        (OTHER, Decimal(4)),
    ]


def test_layouts_may_be_mixed_each_recognised_by_itself(desk: Desk) -> None:
    other = focus("5", "5", SubAccountId=f"/subscriptions/{OTHER}", ResourceId=ws("ws", OTHER))
    report = desk.load(
        desk.put("ea.csv", text([ea("1")])), desk.put("focus.csv", text([other], FOCUS))
    )
    assert [file.layout for file in report.files] == ["EA or MCA", "FOCUS"]
    assert desk.total() == Decimal(6)


def test_loading_an_export_twice_changes_nothing(desk: Desk) -> None:
    path = desk.put("ea.csv", text([ea("1"), ea("2", ResourceId=ws("lab")), ea("3", Tags="")]))
    everything = "select * from cost_lines order by all"
    desk.load(path)
    before = desk.ask(everything)
    desk.load(path, path)
    assert desk.ask(everything) == before
    assert len(before) == 2 + 3 + 2  # bill, place, split
    assert len(desk.ask("from cost_reads")) == 1


def test_an_empty_part_beside_others_is_nothing_to_refuse(desk: Desk) -> None:
    desk.load(desk.put("run/a.csv", text([])), desk.put("run/b.csv", text([ea("1")])))
    assert desk.total() == Decimal(1)


def test_a_copy_of_a_file_is_read_once_and_said(desk: Desk) -> None:
    content = text([ea("1")])
    report = desk.load(desk.put("a.csv", content), desk.put("b.csv", content))
    assert desk.total() == Decimal(1)
    assert any("copy" in note for note in report.notes)


def test_two_runs_of_one_export_are_refused_together(desk: Desk) -> None:
    early = [ea("1"), ea("2", "10/06/2026")]
    first = desk.put("run1/a.csv", text(early))
    second = desk.put("run2/a.csv", text([*early, ea("3", "10/07/2026")]))
    with pytest.raises(BadExport, match="hold the same rows"):
        desk.load(first, second)
    assert desk.bill() == []


def test_one_bill_in_two_layouts_is_refused(desk: Desk) -> None:
    files = desk.put("a.csv", text([ea("1")])), desk.put("b.csv", text([focus("1", "1")], FOCUS))
    with pytest.raises(BadExport, match="two layouts"):
        desk.load(*files)


def test_parts_with_equal_sums_but_other_rows_are_added_up(desk: Desk) -> None:
    files = (
        desk.put("a.csv", text([ea("1")])),
        desk.put("b.csv", text([ea("1", MeterCategory="Bandwidth")])),
    )
    desk.load(*files)
    assert desk.total() == Decimal(2)


def test_a_newer_export_takes_the_place_of_its_months_whole(desk: Desk) -> None:
    desk.load(desk.put("a.csv", text([ea("1"), ea("5", "09/30/2026")])))
    desk.load(desk.put("b.csv", text([ea("1.5"), ea("2", "10/06/2026", Tags="")])))
    months = "select month, sum(cost) from billed_lines group by all order by all"
    assert desk.ask(months) == [
        (date(2026, 9, 1), Decimal(5)),
        (date(2026, 10, 1), Decimal("3.5")),
    ]


def test_a_month_is_not_shrunk_by_a_part_of_it_unless_told_to(desk: Desk) -> None:
    desk.load(desk.put("a.csv", text([ea("1"), ea("2", "10/20/2026")])))
    part = desk.put("b.csv", text([ea("7"), ea("4", "11/02/2026")]))
    report = desk.load(part)
    assert report.is_partial
    assert ends(report)[("skipped", "the store has more of the month")] == 1
    assert [note for note in report.notes if "2026-10" in note and "--replace" in note]
    assert desk.total() == Decimal(1 + 2 + 4)
    assert not desk.load(part, replace_longer=True).is_partial
    assert desk.total() == Decimal(7 + 4)


def test_an_export_of_one_resource_group_does_not_take_the_place_of_all(desk: Desk) -> None:
    desk.load(desk.put("all.csv", text([ea("1"), ea("2", ResourceId=ws("lab"))])))
    part = desk.put("part.csv", text([ea("7")]))
    report = desk.load(part)
    assert report.is_partial
    assert [note for note in report.notes if "lacks 1 billed workspace that" in note]
    assert desk.total() == Decimal(1 + 2)
    assert not desk.load(part, replace_longer=True).is_partial
    assert desk.total() == Decimal(7)


def test_a_workspace_whose_rows_came_to_nothing_may_be_missing(desk: Desk) -> None:
    back = [ea("2", ResourceId=ws("lab")), ea("-2", ResourceId=ws("lab"))]
    desk.load(desk.put("all.csv", text([ea("1"), *back])))
    assert not desk.load(desk.put("part.csv", text([ea("7")]))).is_partial
    assert desk.total() == Decimal(7)


def test_a_day_without_any_usage_of_machine_learning_is_still_told_of(desk: Desk) -> None:
    desk.load(desk.put("a.csv", text([ea("1"), ea("2", "10/20/2026")])))
    vm = ea("3", "10/20/2026", ResourceId="/subscriptions/x/y", Tags="")
    assert not desk.load(desk.put("b.csv", text([ea("4"), vm]))).is_partial
    assert desk.total() == Decimal(4)


def test_a_month_is_noted_with_the_last_day_of_the_export(desk: Desk) -> None:
    desk.load(desk.put("a.csv", text([ea("1"), ea("2", "10/20/2026"), ea("9", "09/30/2026")])))
    read = "select month, source, last_day, queries from cost_reads order by all"
    assert desk.ask(read) == [
        (date(2026, 9, 1), "export", date(2026, 9, 30), 0),
        (date(2026, 10, 1), "export", date(2026, 10, 20), 0),
    ]


def test_an_endpoint_name_in_two_workspaces_is_distinguished(desk: Desk) -> None:
    rows = [ea("1"), ea("2", ResourceId=ws("lab")), ea("0.5", Tags=tags("solo", "main"))]
    desk.load(desk.put("ea.csv", text(rows)))
    assert [(row[1], row[2], row[4]) for row in desk.bill()] == [
        (ws("lab").lower(), "fraud", Decimal(2)),
        (ws().lower(), "fraud", Decimal(1)),
        (ws().lower(), "solo", Decimal("0.5")),
    ]


def test_currencies_stay_apart(desk: Desk) -> None:
    rows = [ea("1"), ea("2", BillingCurrencyCode="EUR", ResourceId=ws("lab")), ea("3")]
    report = desk.load(desk.put("ea.csv", text(rows)))
    assert {(one.cost, one.currency) for one in report.counted} == {
        (Decimal(4), "USD"),
        (Decimal(2), "EUR"),
    }
    assert sorted((row[4], row[5]) for row in desk.bill()) == [
        (Decimal(2), "EUR"),
        (Decimal(4), "USD"),
    ]


def test_a_tagged_row_that_is_not_of_a_workspace_is_counted_and_named(desk: Desk) -> None:
    disk = f"/subscriptions/{SUB}/resourceGroups/rg/providers/Microsoft.Compute/disks/d"
    value = ea("3", ResourceId=disk, Tags='"note": "not azuremlendpoint"')
    report = desk.load(desk.put("ea.csv", text([ea("1"), ea("2", ResourceId=disk), value])))
    outside = [one for one in report.counted if one.outcome == "outside"]
    assert [(one.row_count, one.cost, one.currency) for one in outside] == [(1, Decimal(2), "USD")]
    assert ends(report)[("skipped", "not of a workspace")] == 1
    assert report.is_partial
    assert desk.total() == Decimal(1)


@pytest.mark.parametrize(
    ("bent", "reason"),
    [
        ({"Date": "13/45/2026"}, "no date that can be read"),
        ({"CostInBillingCurrency": "NULL"}, "no cost that can be read"),
        ({"BillingCurrencyCode": ""}, "no currency"),
    ],
)
def test_a_row_that_cannot_count_is_skipped_with_its_reason(
    desk: Desk, bent: dict[str, str], reason: str
) -> None:
    report = desk.load(desk.put("ea.csv", text([ea("1"), ea("2") | bent])))
    assert ends(report)[("skipped", reason)] == 1
    assert report.is_partial
    assert desk.total() == Decimal(1)


def test_rows_that_fit_a_known_deployment_are_reported_from_the_rest(
    scene: Scene, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.endpoint("fraud").deployment("blue")
    scene.snapshot()
    desk = Desk(tmp_path, scene.store)
    sub = workspace.id.split("/")[2]
    mine = {"ResourceId": workspace.id.lower(), "SubscriptionId": sub.upper()}
    rows = [
        ea("2", "11/20/2026", **mine),
        ea("3", "11/20/2026", **mine, Tags=tags("fraud", "gone")),
    ]
    report = desk.load(desk.put("ea.csv", text(rows)))
    assert ends(report) == {
        ("fitted", "deployment"): 1,
        ("unallocated", "deleted deployment"): 1,
    }
    parts = "select part, sum(cost) from costs group by all order by all"
    assert desk.ask(parts) == [("deleted deployment", Decimal(3)), ("deployment", Decimal(2))]


def broken(content: bytes) -> bytes:
    return gzip.compress(content)[:-20]


Make = Callable[[Desk], str]
BAD: dict[str, tuple[Make, str]] = {
    "absent": (lambda desk: str(desk.folder / "none.csv"), "there is no file"),
    "address": (lambda _desk: "https://localhost/x.csv", "there is no file"),
    "pattern": (lambda desk: str(desk.folder / "*.csv"), "holds no export"),
    "strange": (lambda d: d.put("x.csv", b"Date,Tags,Cost\n1,2,3\n"), "BillingCurrency, Resource"),
    "empty": (lambda d: d.put("x.csv", b""), "is no export"),
    "head alone": (lambda d: d.put("x.csv", text([])), "no row below its head"),
    "gzip": (lambda d: d.put("x.csv.gz", broken(text([ea("1")] * 500))), "damaged gzip"),
    "cut": (lambda d: d.put("x.csv", text([ea("1")] * 500)[:-60]), "cannot be read to its end"),
    "parquet": (lambda d: d.put("x.parquet", b"PAR1" + b"\0" * 100), "cannot be read to its end"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_line_and_nothing_is_lost(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    desk = Desk(tmp_path / "in")
    good = Desk(tmp_path / "good", desk.store)
    path = good.put("good.csv", text([ea("1")]))
    good.load(path)
    make, match = BAD[name]
    beside = [] if name == "head alone" else [good.put("better.csv", text([ea("9")]))]
    with pytest.raises(BadExport, match=match) as failure:
        desk.load(*beside, make(desk))
    assert "\n" not in str(failure.value)
    assert desk.total() == Decimal(1)


def number() -> st.SearchStrategy[str]:
    plain = st.decimals(
        min_value=-(10**9), max_value=10**9, places=18, allow_nan=False, allow_infinity=False
    ).map(lambda value: f"{value:f}")
    small = st.decimals(min_value=-1, max_value=1, places=16, allow_nan=False).map(
        lambda value: f"{value:E}"
    )
    return st.one_of(plain, small, st.integers(-(10**12), 10**12).map(str))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            number(),
            st.integers(1, 30),
            st.sampled_from(["ws", "lab", "west"]),
            st.sampled_from(["", tags("a", "x"), tags("a", "y"), tags("b"), tags("c", "x")]),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_lines_of_the_store_sum_up_to_the_bill_of_the_file(
    rows: list[tuple[str, int, str, str]],
) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        made = [
            ea(cost, f"10/{day:02d}/2026", ResourceId=ws(name), Tags=value)
            for cost, day, name, value in rows
        ]
        desk.load(desk.put("ea.csv", text(made)))
        with localcontext(prec=60):
            whole = sum((Decimal(cost) for cost, *_ in rows), Decimal(0))
        assert desk.total() == whole
        kinds = "select kind, sum(cost) from cost_lines where kind <> 'split' group by all"
        assert {cost for _kind, cost in desk.ask(kinds)} == {whole}


def test_what_lies_beyond_the_eighteenth_decimal_adds_up(desk: Desk) -> None:
    # Three thirds of the last digit that the store keeps, on three days.
    cost = "1.0000000000000000003333333333"
    rows = [ea(cost, f"10/0{day}/2026") for day in (1, 2, 3)]
    desk.load(desk.put("ea.csv", text(rows)))
    assert desk.total() == Decimal("3.000000000000000001")


def test_quantities_are_kept_by_meter_where_an_export_names_units(desk: Desk) -> None:
    counted = [
        {"MeterId": "m-1", "Quantity": "18", "UnitOfMeasure": "10 Hours"},
        {"MeterId": "m-1", "Quantity": "6", "UnitOfMeasure": "1 Hour"},
        {"MeterId": "m-2", "Quantity": "1.5", "UnitOfMeasure": "1 GB"},
        {"MeterId": "m-3", "Quantity": "3", "UnitOfMeasure": ""},
    ]
    columns = [*EA, "MeterId", "UnitOfMeasure"]
    desk.load(desk.put("october.csv", text([ea("2", **row) for row in counted], columns)))
    assert desk.ask(
        "select meter, quantity, unit, cost from cost_lines where kind = 'bill' order by meter"
    ) == [
        ("m-1", Decimal(24), "Hours", Decimal(4)),
        ("m-2", Decimal("1.5"), "GB", Decimal(2)),
        (None, None, None, Decimal(2)),
    ]
