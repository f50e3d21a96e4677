"""The money views and every column of them stand in docs/money.md, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from queries.store.migrate import migrate

PAGE = Path(__file__).parents[1] / "docs" / "money.md"
VIEWS = (
    "costs",
    "unallocated_costs",
    "deployment_money",
    "money_by_group",
    "savings_by_quarter",
    "savings_by_month",
    "deletions",
    "rates_before_deletions",
    "days_of_deletions",
    "settled_bills",
    "known_bills",
)


def documented(view: str) -> list[str]:
    """The columns named in the first cells of the table that the view heads."""
    text = PAGE.read_text(encoding="utf-8")
    _, _, table = text.partition(f"\n| `{view}` |")
    rows = table.partition("\n\n")[0].splitlines()[2:]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


@pytest.mark.parametrize("view", VIEWS)
def test_every_column_of_a_money_view_is_documented(view: str) -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        found = connection.execute(
            "select column_name from duckdb_columns() where table_name = $view", {"view": view}
        ).fetchall()
    assert sorted(documented(view)) == sorted(name for (name,) in found)
