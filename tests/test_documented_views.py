"""Every view of `mothball sql` stands in docs/sql.md with all its columns and no others."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from queries.store.migrate import migrate
from tests.test_documented_money import VIEWS as OF_MONEY

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "sql.md").read_text(encoding="utf-8")
HEADED = tuple(re.findall(r"^\| `(\w+)` \| .*\n\| --- ", PAGE, re.MULTILINE))
OF_DEPLOYMENTS = ("current_deployments", "judged_deployments")


@pytest.fixture(scope="module")
def columns() -> dict[str, list[str]]:
    """The columns of every view and table of a store."""
    with duckdb.connect() as connection:
        migrate(connection)
        found = connection.execute(
            "select table_name, list(column_name) from duckdb_columns() group by table_name"
        ).fetchall()
    return dict(found)


def documented(heading: str) -> list[str]:
    """The columns named in the first cells of the table that has this heading."""
    head = re.search(rf"^\| {heading} \| .*\n\| --- .*\n", PAGE, re.MULTILINE)
    assert head is not None
    rows = PAGE[head.end() :].partition("\n\n")[0].splitlines()
    return [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]


@pytest.mark.parametrize("view", HEADED)
def test_every_column_of_a_view_is_documented(view: str, columns: dict[str, list[str]]) -> None:
    assert sorted(documented(f"`{view}`")) == sorted(columns[view])


@pytest.mark.parametrize("view", OF_DEPLOYMENTS)
def test_the_columns_of_deployments_are_documented(
    view: str, columns: dict[str, list[str]]
) -> None:
    assert sorted(documented("column")) == sorted(columns[view])


def test_every_view_that_is_offered_is_documented() -> None:
    offered = documented("view")
    assert set(offered) - set(OF_MONEY) <= {*HEADED, *OF_DEPLOYMENTS}
    assert {"judged_costs", "right_sizing", "current_endpoints"} <= set(offered)
