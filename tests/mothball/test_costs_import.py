"""`mothball costs import` from the outside: what it loads, what it says, and how it ends."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.mothball.shop import Shop, now

COLUMNS = (
    "SubscriptionId",
    "Date",
    "Quantity",
    "CostInBillingCurrency",
    "ResourceId",
    "Tags",
    "BillingCurrency",
)

# The snapshot read more days of the running month than these exports have.
REPLACING = ("--replace", "--format", "json")


def lived(day: datetime) -> str:
    return f"{day:%m/%d/%Y}"


def rows_of(shop: Shop) -> list[dict[str, str]]:
    """Two rows of `fraud/blue`, one of a deployment that is gone, and one of a machine."""
    target = shop.rows()["ws/fraud/blue"]
    workspace = target["id"].lower().partition("/onlineendpoints/")[0]
    usual = {
        "SubscriptionId": target["subscription_id"],
        "Date": lived(now() - timedelta(days=1)),
        "Quantity": "24",
        "CostInBillingCurrency": "2.5",
        "ResourceId": workspace,
        "Tags": '"azuremlendpoint": "fraud","azuremldeployment": "blue"',
        "BillingCurrency": "USD",
    }
    gone = '"azuremlendpoint": "fraud","azuremldeployment": "gone"'
    machine = f"/subscriptions/{target['subscription_id']}/resourceGroups/rg/providers/A.B/c/d"
    return [
        usual,
        usual | {"Quantity": "1", "CostInBillingCurrency": "0.25"},
        usual | {"Tags": gone, "CostInBillingCurrency": "4"},
        usual | {"ResourceId": machine, "Tags": "", "CostInBillingCurrency": "100"},
    ]


def export(folder: Path, rows: list[dict[str, str]], name: str = "export.csv") -> str:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def by_reason(rows: list[dict[str, Any]]) -> Mapping[str, tuple[str, int, float | None]]:
    return {row["reason"]: (row["outcome"], row["row_count"], row["cost"]) for row in rows}


def test_an_import_says_what_fitted_and_what_did_not(shop: Shop, tmp_path: Path) -> None:
    result = shop.run("costs", "import", export(tmp_path, rows_of(shop)), *REPLACING)
    assert result.code == 0
    assert by_reason(result.json) == {
        "deployment": ("fitted", 2, 2.75),
        "deleted deployment": ("unallocated", 1, 4),
        "not of a workspace": ("skipped", 1, None),
    }
    assert {row["currency"] for row in result.json if row["cost"]} == {"USD"}


def test_one_of_a_thing_is_counted_in_the_singular(shop: Shop, tmp_path: Path) -> None:
    result = shop.run("costs", "import", export(tmp_path, rows_of(shop)), "--replace")
    assert "loaded ActualCost: 1 month of 1 subscription from 1 file" in result.err


def test_csv_and_table_say_the_same(shop: Shop, tmp_path: Path) -> None:
    path = export(tmp_path, rows_of(shop))
    rows = shop.run("costs", "import", path, "--replace", "--format", "csv").csv
    assert {row["reason"]: row["row_count"] for row in rows}["deployment"] == "2"
    table = shop.run("costs", "import", path, "--replace").out
    assert [line.split() for line in table.splitlines() if line.startswith("fitted")] == [
        ["fitted", "deployment", "ActualCost", "2", "2.75", "USD"]
    ]


def test_an_import_twice_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    path = export(tmp_path, rows_of(shop))
    question = "select source, count(*) as lines, sum(cost) as cost from cost_lines group by all"
    seen = []
    for _time in range(2):
        assert shop.run("costs", "import", path, "--replace").code == 0
        seen.append(shop.run("sql", question, "--format", "json").json)
    assert seen[0] == seen[1]
    assert "export" in {row["source"] for row in seen[0]}


def test_a_row_that_is_missing_in_the_bill_makes_the_import_partial(
    shop: Shop, tmp_path: Path
) -> None:
    rows = rows_of(shop)
    rows[2]["CostInBillingCurrency"] = "NULL"
    result = shop.run("costs", "import", export(tmp_path, rows), *REPLACING)
    assert result.code == 3
    assert by_reason(result.json)["no cost that can be read"] == ("skipped", 1, None)
    assert "not in the bill: 1 row: no cost that can be read" in result.err


def test_a_tagged_row_elsewhere_is_named(shop: Shop, tmp_path: Path) -> None:
    rows = rows_of(shop)
    rows[3]["Tags"] = rows[0]["Tags"]
    result = shop.run("costs", "import", export(tmp_path, rows), "--replace")
    assert result.code == 3
    assert "tagged with an endpoint, but not of a workspace" in result.err


def test_a_part_of_a_month_leaves_it_as_it_was(shop: Shop, tmp_path: Path) -> None:
    row = rows_of(shop)[0]
    days = [row | {"Date": "2025-03-01"}, row | {"Date": "2025-03-02"}]
    assert shop.run("costs", "import", export(tmp_path, days)).code == 0
    result = shop.run("costs", "import", export(tmp_path, days[:1], "part.csv"), "--format", "json")
    assert result.code == 3
    assert by_reason(result.json) == {"the store has more of the month": ("skipped", 1, 2.5)}
    assert "--replace takes the export's" in result.err


def test_bad_files_are_one_line(shop: Shop, tmp_path: Path) -> None:
    strange = tmp_path / "strange.csv"
    strange.write_text("Date,Cost\n1,2\n", encoding="utf-8")
    damaged = tmp_path / "damaged.csv.gz"
    damaged.write_bytes(gzip.compress(Path(export(tmp_path, rows_of(shop))).read_bytes())[:-9])
    for path, why in (
        (tmp_path / "none.csv", "there is no file"),
        (tmp_path / "*.parquet", "holds no export"),
        (strange, "lacks the columns BillingCurrency, ResourceId, Tags"),
    ):
        result = shop.run("costs", "import", str(path))
        assert result.code == 1
        assert why in result.one_line()
    result = shop.run("costs", "import", str(damaged))
    assert (result.code, "damaged gzip" in result.one_line()) == (1, True)


def test_an_import_without_a_file_is_wrong_usage(shop: Shop) -> None:
    assert shop.run("costs", "import").code == 2


def test_two_runs_of_one_month_fail_and_touch_nothing(shop: Shop, tmp_path: Path) -> None:
    row = rows_of(shop)[0] | {"Date": "2025-03-01"}
    assert shop.run("costs", "import", export(tmp_path, [row], "known.csv")).code == 0
    paths = []
    for folder, cost in (("monday", "3"), ("tuesday", "4")):
        (tmp_path / folder).mkdir()
        paths.append(
            export(tmp_path / folder, [row | {"CostInBillingCurrency": cost}], "part_0.csv")
        )
    result = shop.run("costs", "import", *paths)
    assert result.code == 1
    assert all(path in result.err for path in paths)
    bill = "select sum(cost) as cost from billed_lines where month = date '2025-03-01'"
    assert shop.run("sql", bill, "--format", "json").json == [{"cost": 2.5}]


def test_a_month_that_shrank_is_kept_until_it_is_replaced(shop: Shop, tmp_path: Path) -> None:
    row = rows_of(shop)[0] | {"Date": "2025-03-01"}
    assert shop.run("costs", "import", export(tmp_path, [row])).code == 0
    tenth = export(tmp_path, [row | {"CostInBillingCurrency": "0.25"}], "tenth.csv")
    result = shop.run("costs", "import", tenth)
    assert result.code == 3
    [line] = [line for line in result.err.splitlines() if "--replace" in line]
    assert "bills 0.25 USD where the store knows 2.50 USD" in line
    assert shop.run("costs", "import", tenth, "--replace").code == 0


def test_the_order_of_dates_is_asked_for_where_a_file_does_not_show_it(
    shop: Shop, tmp_path: Path
) -> None:
    row = rows_of(shop)[0]
    path = export(tmp_path, [row | {"Date": day} for day in ("01/03/2025", "02/03/2025")])
    refused = shop.run("costs", "import", path)
    assert refused.code == 1
    assert "2025-01-03 to 2025-02-03" in refused.err
    assert "--dates dmy" in refused.err
    question = "select distinct day from cost_lines where month = '2025-03-01' order by day"
    assert shop.run("sql", question, "--format", "json").json == []
    assert shop.run("costs", "import", path, "--dates", "dmy").code == 0
    days = shop.run("sql", question, "--format", "json").json
    assert [row["day"][:10] for row in days] == ["2025-03-01", "2025-03-02"]
