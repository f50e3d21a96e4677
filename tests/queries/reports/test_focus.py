"""A month's bill by the columns of FOCUS 1.2: names, types, null rules, and every cent once."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from emulator import World
from emulator.tenant.rates import hourly
from queries.exports.imports import import_exports
from queries.reports.focus import NoBill, write_focus
from queries.store.append import append
from queries.store.file import Store
from queries.text.typed import month_from
from tests.queries.exports.test_exports import EA, ea, text
from tests.queries.money.test_money import billed
from tests.scene import Scene, ago, playing

MONTH = date(2026, 10, 1)
# `make focus` brings it, in an environment of its own.
VALIDATOR = shutil.which("focus-validator")
PAGE = Path(__file__).parents[3] / "docs" / "focus.md"
# What the validator finds, each with its reason.
FAILURES = set(re.findall(r"^\| `(\w+-C-\d+-\w)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
CRITERIA = (
    *("ACCOUNT_NAMING_SUPPORTED", "SUB_ACCOUNT_SUPPORTED", "REGION_SUPPORTED", "TAGGING_SUPPORTED"),
    *("USAGE_MEASUREMENT_SUPPORTED", "UNIT_PRICING_SUPPORTED", "NEGOTIATED_PRICING_SUPPORTED"),
    *("PUBLIC_PRICE_LIST_SUPPORTED", "RESOURCE_TYPE_ASSIGNMENT_SUPPORTED"),
    *("MULTIPLE_PRICING_CATEGORIES_SUPPORTED", "MULTIPLE_SUB_ACCOUNT_TYPES_SUPPORTED"),
    *("BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED", "AVAILABILITY_ZONE_SUPPORTED"),
    "MULTIPLE_BILLING_ACCOUNT_TYPES_SUPPORTED",
)
# FOCUS 1.2: the columns that may never be null, and the values that a closed list allows.
NOT_NULL = (
    *("BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodEnd"),
    *("BillingPeriodStart", "ChargeCategory", "ChargePeriodEnd", "ChargePeriodStart"),
    *("ContractedCost", "EffectiveCost", "InvoiceIssuerName", "PricingCurrency", "ProviderName"),
    *("PublisherName", "ServiceCategory", "ServiceName", "ServiceSubcategory"),
)
MANDATORY = (
    *NOT_NULL,
    *("BillingAccountName", "BillingAccountType", "ChargeClass", "ChargeDescription", "ListCost"),
    *("PricingQuantity", "PricingUnit", "PricingCategory", "ConsumedQuantity", "ConsumedUnit"),
    *("ContractedUnitPrice", "ListUnitPrice", "RegionId", "RegionName", "ResourceId"),
    *("ResourceName", "ResourceType", "SkuId", "SkuPriceId", "SkuMeter", "SkuPriceDetails"),
    *("SubAccountId", "SubAccountName", "SubAccountType", "Tags", "ChargeFrequency"),
    *("CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName"),
    *("CommitmentDiscountStatus", "CommitmentDiscountType", "AvailabilityZone", "InvoiceId"),
)
ALLOWED = {
    "ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
    "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
    "ServiceCategory": {"AI and Machine Learning"},
    "ServiceSubcategory": {"Machine Learning"},
}
ADDED_IN_1_3 = {
    *("AllocatedMethodDetails", "AllocatedMethodId", "AllocatedResourceId"),
    *("AllocatedResourceName", "AllocatedTags", "ContractApplied"),
    *("HostProviderName", "ServiceProviderName"),
}
# With a null in the first, FOCUS wants a null in the second.
TOGETHER = (
    ("CommitmentDiscountId", "CommitmentDiscountStatus"),
    ("CommitmentDiscountId", "CommitmentDiscountCategory"),
    ("CommitmentDiscountId", "CommitmentDiscountType"),
    ("CommitmentDiscountId", "CommitmentDiscountQuantity"),
    ("CommitmentDiscountQuantity", "CommitmentDiscountUnit"),
    ("CapacityReservationId", "CapacityReservationStatus"),
    ("BillingAccountName", "BillingAccountId"),
    ("SubAccountName", "SubAccountId"),
    ("ResourceId", "ResourceType"),
    ("ConsumedQuantity", "ConsumedUnit"),
    ("PricingQuantity", "PricingUnit"),
    ("SkuPriceId", "SkuPriceDetails"),
    ("ResourceId", "ResourceName"),
    ("RegionId", "RegionName"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A bill with a deployment, one that is gone, training, and a hostile owner."""
    world = World()
    world.clock.set(ago(0))
    group = world.subscription("production").resource_group("rg")
    workspace = group.workspace("ws")
    endpoint = workspace.endpoint("fraud", traffic={"blue": 100}, created_at=ago(200))
    endpoint.deployment("blue", created_at=ago(100), tags={"owner": "=1+1"})
    endpoint.remove(endpoint.deployment("gone", created_at=ago(150)), ago(20))
    with playing(world, tmp_path_factory.mktemp("focus")) as scene:
        billed(scene)
        yield scene.store


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def rows(store: Store, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    path = tmp_path_factory.mktemp("out") / "focus.csv"
    write_focus(store, MONTH, path)
    return rows_of(path)


def test_the_columns_are_those_of_focus_and_ours_are_marked(rows: list[dict[str, str]]) -> None:
    assert set(MANDATORY) <= rows[0].keys()
    others = {name for name in rows[0] if not name[0].isupper()}
    assert all(name.startswith("x_") for name in others)
    assert "x_ListPricePerMonth" in others


@pytest.mark.parametrize("name", NOT_NULL)
def test_what_may_not_be_null_is_not(rows: list[dict[str, str]], name: str) -> None:
    assert all(row[name] for row in rows)


@pytest.mark.parametrize("name", ALLOWED)
def test_closed_lists_hold_their_values_alone(rows: list[dict[str, str]], name: str) -> None:
    assert {row[name] for row in rows} <= ALLOWED[name]


@pytest.mark.parametrize(("first", "second"), TOGETHER)
def test_what_is_null_together_is_null_together(
    rows: list[dict[str, str]], first: str, second: str
) -> None:
    assert not [row for row in rows if not row[first] and row[second]]


def test_periods_are_whole_days_of_the_month_in_utc(rows: list[dict[str, str]]) -> None:
    for row in rows:
        times = [
            datetime.strptime(row[f"{kind}Period{end}"], "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007
            for kind in ("Billing", "Charge")
            for end in ("Start", "End")
        ]
        assert times[0] == datetime(2026, 10, 1) <= times[2] < times[3] <= times[1]  # noqa: DTZ001
        assert (times[3] - times[2]).days == 1


def test_every_cent_of_the_bill_is_there_once(store: Store, rows: list[dict[str, str]]) -> None:
    with store.reading() as connection:
        (total,) = connection.execute(
            "select sum(cost) from cost_lines where kind = 'bill' and month = '2026-10-01'"
        ).fetchone() or (None,)
    assert sum(Decimal(row["BilledCost"]) for row in rows) == total > 0
    parts = {row["x_Part"] for row in rows}
    assert {"deployment", "deleted deployment"} <= parts


@pytest.mark.journey
@pytest.mark.skipif(VALIDATOR is None, reason="needs focus-validator")
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_validator_of_the_specification_finds_nothing_else(
    store: Store, tmp_path: Path, form: str
) -> None:
    assert VALIDATOR is not None
    path = tmp_path / f"focus.{form}"
    write_focus(store, MONTH, path)
    # It looks for its list of currencies below the folder in which it is run.
    home = next(Path(os.path.realpath(VALIDATOR)).parents[1].glob("lib/*/site-packages"))
    result = subprocess.run(
        [VALIDATOR, "--data-file", str(path), "--validate-version", "1.2.0.1", "--block-download",
         "--applicability-criteria", ",".join(CRITERIA), "--output-type", "console"],
        cwd=home, capture_output=True, text=True, timeout=240, check=True,
    )  # fmt: skip
    assert int(re.findall(r"Pass: (\d+)", result.stdout)[0]) > 250, result.stdout[-2000:]
    assert set(re.findall(r"^- (\S+):", result.stdout, re.MULTILINE)) == FAILURES


def test_a_list_cost_that_is_not_known_is_null_and_never_what_was_billed(
    rows: list[dict[str, str]],
) -> None:
    assert {row["ListCost"] for row in rows} == {""}
    assert all(row["ContractedCost"] == row["BilledCost"] for row in rows)


def test_pricing_is_in_the_currency_of_the_bill(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert row["PricingCurrency"] == row["BillingCurrency"]
        assert row["PricingCurrencyEffectiveCost"] == row["EffectiveCost"]


def test_a_region_has_its_id_and_its_display_name(rows: list[dict[str, str]]) -> None:
    named = {(row["RegionId"], row["RegionName"]) for row in rows if row["RegionId"]}
    assert named == {("westeurope", "West Europe")}


def test_focus_1_3_has_what_azure_bills_and_the_deployment_as_allocated(
    store: Store, rows: list[dict[str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "focus.csv"
    written = write_focus(store, MONTH, path, "1.3")
    newer = rows_of(path)
    assert sum(written.billed.values()) == sum(Decimal(row["BilledCost"]) for row in rows)
    assert newer[0].keys() - rows[0].keys() == ADDED_IN_1_3
    for before, row in zip(rows, newer, strict=True):
        assert row["ServiceProviderName"] == row["HostProviderName"] == "Microsoft"
        assert row["ProviderName"] == row["PublisherName"] == "Microsoft"  # deprecated, not gone
        assert row["ResourceId"] == row["x_WorkspaceId"]
        if before["ResourceType"].endswith("/deployments"):
            assert row["AllocatedResourceId"] == before["ResourceId"]
            assert json.loads(row["AllocatedMethodDetails"]) == {
                "Elements": [{"AllocatedRatio": 1}]
            }
        else:
            assert not any(row[name] for name in ADDED_IN_1_3 if name.startswith("Allocated"))
    assert {json.loads(row["AllocatedTags"])["owner"] for row in newer if row["AllocatedTags"]} == {
        "=1+1"
    }


def test_the_list_cost_is_the_list_price_of_the_hours_that_two_snapshots_enclose(
    scene: Scene, world: World, tmp_path: Path
) -> None:
    workspace = world.subscription("production").resource_group("rg").workspace("ws")
    endpoint = workspace.endpoint("fraud", created_at=ago(200))
    endpoint.deployment("blue", created_at=ago(100), instances=2)
    grown = endpoint.deployment("green", created_at=ago(100), instances=2)
    for days_ago in (50, 40):
        scene.clock.set(ago(days_ago))  # 4 and 14 October
        scene.snapshot()
    grown.instances = 3
    scene.clock.set(ago(0))
    billed(scene)
    path = tmp_path / "focus.csv"
    written = write_focus(scene.store, MONTH, path)
    assert "list costs" not in written.empty
    costs = {
        (row["ResourceName"], row["ChargePeriodStart"][:10]): row["ListCost"]
        for row in rows_of(path)
        if row["x_Part"] == "deployment"
    }
    per_hour = Decimal(str(hourly("Standard_DS3_v2", "westeurope", "EUR")))
    for name, last in (("blue", 31), ("green", 13)):
        known = {int(day[-2:]): cost for (of, day), cost in costs.items() if of == name and cost}
        assert sorted(known) == list(range(5, last + 1))
        assert {Decimal(cost) for cost in known.values()} == {per_hour * 24 * 2}


def test_what_an_export_counts_is_kept_with_its_unit_and_priced_by_its_meter(
    scene: Scene, tmp_path: Path
) -> None:
    with scene.store.writing() as connection:
        price = {"region": "westeurope", "instance_type": "standard_ds3_v2", "currency": "USD"}
        append(connection, "list_prices", [price | {"per_hour": Decimal("0.3"), "meter_id": "M-1"}])
    rows = [
        {"MeterId": "m-1", "Quantity": "18", "UnitOfMeasure": "10 Hours"},
        {"MeterId": "m-1", "Quantity": "6", "UnitOfMeasure": "10 Hours"},
        {"MeterId": "m-2", "Quantity": "1.5", "UnitOfMeasure": "1 GB"},
        {"MeterId": "m-3", "Quantity": "3", "UnitOfMeasure": ""},
    ]
    columns = [*EA, "MeterId", "UnitOfMeasure"]
    export = tmp_path / "export.csv"
    export.write_bytes(text([ea("2", **row) for row in rows], columns))
    import_exports(scene.store, [str(export)], scene.clock.now())
    written = write_focus(scene.store, MONTH, tmp_path / "focus.csv")
    assert written.billed == {"USD": Decimal(8)}
    assert written.empty == ("the invoice",)
    names = ("x_MeterId", "ConsumedQuantity", "ConsumedUnit", "BilledCost", "ListCost")
    found = {tuple(row[name] for name in names) for row in rows_of(tmp_path / "focus.csv")}
    assert found == {
        ("m-1", "24", "Hours", "4", "7.2"),
        ("m-2", "1.5", "GB", "2", ""),
        ("", "", "", "2", ""),
    }


@pytest.mark.parametrize("counted", ["ActualCost", "AmortizedCost"])
def test_both_costs_are_whole_whichever_counts(scene: Scene, tmp_path: Path, counted: str) -> None:
    """A reservation is bought on one day, and used on another."""
    bought = {"ChargeType": "Purchase", "PricingModel": "Reservation"}
    used = {"ChargeType": "Usage", "PricingModel": "Reservation"}
    for name, basis, lines in (
        ("actual", "ActualCost", [ea("90", Tags="", **bought), ea("0", **used), ea("1")]),
        ("amortized", "AmortizedCost", [ea("3", **used), ea("1")]),
    ):
        export = tmp_path / f"{name}.csv"
        export.write_bytes(text(lines))
        import_exports(scene.store, [str(export)], scene.clock.now(), basis=basis, counted=counted)
    written = write_focus(scene.store, MONTH, tmp_path / "focus.csv")
    rows = rows_of(tmp_path / "focus.csv")
    assert written.lacking == ()
    assert written.billed == {"USD": Decimal(91)}
    assert sum(Decimal(row["EffectiveCost"]) for row in rows) == Decimal(4)


def test_a_month_that_was_read_as_amortized_alone_is_named_as_lacking(
    scene: Scene, tmp_path: Path
) -> None:
    export = tmp_path / "amortized.csv"
    export.write_bytes(text([ea("3")]))
    import_exports(scene.store, [str(export)], scene.clock.now(), basis="AmortizedCost")
    written = write_focus(scene.store, MONTH, tmp_path / "focus.csv")
    assert (written.rows, len(written.lacking)) == (0, 1)


def test_without_an_amortized_bill_the_effective_cost_is_the_billed_to_the_last_digit(
    rows: list[dict[str, str]],
) -> None:
    assert [row["EffectiveCost"] for row in rows] == [row["BilledCost"] for row in rows]
    assert any(len(row["BilledCost"].partition(".")[2]) > 2 for row in rows)


def test_no_owner_becomes_a_formula(rows: list[dict[str, str]]) -> None:
    assert {"'=1+1"} <= {row["x_Owner"] for row in rows}


def test_parquet_has_numbers_times_and_the_same_rows(
    store: Store, rows: list[dict[str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "focus.parquet"
    written = write_focus(store, MONTH, path)
    with duckdb.connect() as connection:
        found = connection.execute(
            "select count(*), sum(BilledCost), any_value(typeof(BilledCost)),"
            " any_value(typeof(ChargePeriodStart)) from read_parquet($path)",
            {"path": str(path)},
        ).fetchone()
    assert found is not None
    count, total, number, moment = found
    assert (count, number) == (len(rows), "DECIMAL(38,18)")
    assert moment == "TIMESTAMP WITH TIME ZONE"
    assert total == sum(written.billed.values())
    assert [p.name for p in tmp_path.iterdir()] == ["focus.parquet"]
    assert path.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_the_amortized_cost_is_the_effective_one(
    scene: Scene, world: World, tmp_path: Path
) -> None:
    workspace = world.subscription("production").resource_group("rg").workspace("ws")
    workspace.endpoint("fraud", created_at=ago(200)).deployment("blue", created_at=ago(100))
    billed(scene)
    with scene.store.writing() as connection:
        for table in ("cost_reads", "cost_lines"):
            # The table's name is one of these two.
            more = f"insert into {table} by name select * replace ('AmortizedCost' as basis"  # noqa: S608
            more += (
                ", cost * 2 as cost)"
                if table == "cost_lines"
                else ", timestamp '2026-01-01' as read_at)"
            )
            connection.execute(f"{more} from {table} where basis = 'ActualCost'")
    path = tmp_path / "focus.csv"
    write_focus(scene.store, MONTH, path)
    found = [(Decimal(r["BilledCost"]), Decimal(r["EffectiveCost"])) for r in rows_of(path)]
    assert found
    assert [p for p in found if abs(p[1] - 2 * p[0]) > Decimal("1e-12")][:3] == []


def test_a_month_without_a_bill_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NoBill, match="2025-01"):
        write_focus(store, date(2025, 1, 1), tmp_path / "f.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["2026-13", "october", "2026", "2026-1", ""])
def test_what_is_no_month_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"month"):
        month_from(name)
