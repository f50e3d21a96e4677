"""What the judge does grows with the deployments, and never with their square."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from emulator import large_tenant
from queries import judge as rules
from tests.scene import playing

SMALL, TIMES = 40, 4
Rows = dict[str, int]


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Rows]:
    """How many rows all steps of each question make, for a tenant and for one four times it."""
    small, large = (
        _rows_made(size, tmp_path_factory.mktemp(f"of-{size}")) for size in (SMALL, SMALL * TIMES)
    )
    return small, large


@pytest.mark.parametrize("question", rules.QUESTIONS)
def test_no_step_of_the_judge_grows_faster_than_the_deployments(
    worked: tuple[Rows, Rows], question: str
) -> None:
    small, large = worked
    assert large[question] <= small[question] * TIMES * 1.5


def _rows_made(size: int, folder: Path) -> Rows:
    world = large_tenant(deployments=size, workspaces=2, endpoints=size // 2)
    with playing(world, folder) as scene:
        snapshot_id = scene.snapshot().snapshot_id
        with scene.store.noting() as connection:
            return {name: _answer(connection, name, snapshot_id) for name in rules.QUESTIONS}


def _answer(connection: duckdb.DuckDBPyConnection, name: str, snapshot_id: str) -> int:
    """Answer a question as the judge does; the rows that left any step of its plan."""
    sql = (Path(rules.__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    of_all = {"snapshot_id": snapshot_id, "deployment_key": None, "size": 1, "most": 1, "part": 0}
    values = {key: value for key, value in of_all.items() if f"${key}" in sql.split("select", 1)[1]}
    if rules.KINDS.get(name) == "variable":
        connection.execute(f"set variable {name} = ({sql})", values)
        return 1
    plan = connection.execute(
        f"explain (analyze, format json) create temp table {name} as\n{sql}", values
    ).fetchone()
    assert plan is not None
    return sum(step.get("operator_cardinality", 0) for step in _steps(json.loads(plan[1])))


def _steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for below in step["children"]:
        yield from _steps(below)
