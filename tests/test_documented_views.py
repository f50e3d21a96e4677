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
    """The columns named in the first cells of the table that begins so."""
    _, _, table = PAGE.partition(f"\n| {heading} |")
    rows = table.partition("\n\n")[0].splitlines()[2:]
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
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, section = readme.partition("## Ask your own questions")
    rows = section.partition("\n## ")[0].splitlines()
    offered = [
        name
        for row in rows
        if row.startswith("| `")
        for name in re.findall(r"`(\w+)`", row.split("|")[1])
    ]
    assert set(offered) - set(OF_MONEY) <= {*HEADED, *OF_DEPLOYMENTS}
    assert {"judged_costs", "right_sizing", "current_endpoints"} <= set(offered)
