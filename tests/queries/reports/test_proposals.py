"""Proposals as dashboards read them: the columns of FinOps hubs, the same ids the next day."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook

from emulator import World, steady
from queries.reports.proposals import COLUMNS, Proposal, line_of, read_proposals
from queries.reports.proposals_file import write_proposals
from tests.queries.bills import read_bill
from tests.scene import NOW, Scene, ago, day, playing

# Of the managed data set Recommendations, less what a hub adds itself.
HUB = {
    *("ProviderName", "ResourceId", "ResourceName", "ResourceType", "SubAccountId"),
    *("SubAccountName", "x_EffectiveCostAfter", "x_EffectiveCostBefore", "x_EffectiveCostSavings"),
    *("x_RecommendationCategory", "x_RecommendationDate", "x_RecommendationDescription"),
    *("x_RecommendationDetails", "x_RecommendationId", "x_ResourceGroupName", "x_SourceName"),
    *("x_SourceProvider", "x_SourceType", "x_SourceVersion"),
}
OF_EACH = {
    "x_RecommendationProvider",
    "x_RecommendationSolution",
    "x_RecommendationTypeId",
    "x_ResourceType",
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    world = World()
    world.clock.set(NOW)
    group = world.subscription("production").resource_group("rg-ML")
    fraud = group.workspace("ws").endpoint("Fraud", traffic={"roomy": 100}, created_at=ago(200))
    fraud.deployment(
        "roomy", instances=3, requests=steady(5), cpu_percent=10.0, created_at=ago(200)
    )
    fraud.deployment("old", created_at=ago(150), tags={"owner": "=1+1"})
    world.lock(fraud.deployment("locked", created_at=ago(150)))
    for name, until in (("soon", day(20)), ("long", day(200)), ("unclear", "next summer")):
        fraud.deployment(name, created_at=ago(150), tags={"mothball-exempt-until": until})
    with playing(world, tmp_path_factory.mktemp("proposals")) as scene:
        read_bill(scene, ())
        yield scene


def proposed(scene: Scene) -> list[Proposal]:
    return read_proposals(scene.store)


def lines(scene: Scene) -> dict[str, dict[str, Any]]:
    return {line["ResourceName"]: line for line in map(line_of, proposed(scene))}


def test_what_serves_nobody_is_to_be_retired_and_what_is_kept_on_purpose_is_not_asked_again(
    scene: Scene,
) -> None:
    assert {one.row.deployment: one.kind.name for one in proposed(scene)} == {
        "old": "retire",
        "roomy": "resize",
        "locked": "unprotect",
        "soon": "unprotect",
        "unclear": "unprotect",
    }
    assert scene.verdicts()["Fraud/long"] == "protected"


def test_a_row_has_the_columns_of_a_hub_and_details_that_are_json(scene: Scene) -> None:
    for line in lines(scene).values():
        assert line.keys() >= HUB
        assert tuple(line) == COLUMNS
        details = json.loads(line["x_RecommendationDetails"])
        assert all(details[name] for name in OF_EACH)
        assert details["costs_are_of"] == "month"
        assert details["verdict"] == line["x_Verdict"]
        assert (line["x_RecommendationCategory"], line["ProviderName"]) == ("Cost", "Microsoft")
        assert line["ResourceId"] == line["ResourceId"].lower()
        assert line["x_ResourceGroupName"] == "rg-ml"
        assert line["SubAccountName"] == "production"
        assert line["ResourceType"] == (
            "microsoft.machinelearningservices/workspaces/onlineendpoints/deployments"
        )
    assert json.loads(lines(scene)["fraud/old"]["Tags"]) == {"owner": "=1+1"}


def test_retiring_saves_the_run_rate_and_resizing_its_better_way(scene: Scene) -> None:
    found = lines(scene)
    rows = scene.rows()
    rate = rows["Fraud/old"].monthly_run_rate
    assert rate is not None
    assert found["fraud/old"]["x_EffectiveCostBefore"] == rate.quantize(Decimal("0.000001"))
    assert found["fraud/old"]["x_EffectiveCostSavings"] == rate.quantize(Decimal("0.000001"))
    assert found["fraud/old"]["x_EffectiveCostAfter"] == 0
    roomy = found["fraud/roomy"]
    assert roomy["x_EffectiveCostBefore"] == 3 * roomy["x_EffectiveCostAfter"]
    details = json.loads(roomy["x_RecommendationDetails"])
    assert details["less"]["could_run_on_instances"] == 1
    assert details["x_RecommendationSolution"] == (
        "Run it on 1 of 3 instances, or create it anew on Standard_DS2_v2 in place of"
        " Standard_DS3_v2"
    )


def test_the_ids_are_the_same_the_next_day_and_each_is_there_once(scene: Scene) -> None:
    before = {line["x_RecommendationId"] for line in lines(scene).values()}
    scene.clock.advance(timedelta(days=1))
    read_bill(scene, ())
    after = [line["x_RecommendationId"] for line in lines(scene).values()]
    assert len(after) == len(before)
    assert set(after) == before


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_each_form_has_the_same_rows(scene: Scene, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"proposals.{suffix}"
    found = proposed(scene)
    write_proposals(scene.store, found, path)
    expected = [
        (line["x_RecommendationId"], line["x_EffectiveCostSavings"]) for line in map(line_of, found)
    ]
    rows = READERS[suffix](path)
    assert tuple(rows[0]) == COLUMNS
    read = [(row["x_RecommendationId"], row["x_EffectiveCostSavings"]) for row in rows]
    assert [(name, round(Decimal(str(saving)), 6)) for name, saving in read] == expected
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o077 == 0 or os.name == "nt"
    assert {row["x_Owner"] for row in rows} >= {"=1+1" if suffix == "parquet" else "'=1+1"}


def test_a_date_in_parquet_is_utc_and_an_amount_a_number(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "proposals.parquet"
    write_proposals(scene.store, proposed(scene), path)
    with duckdb.connect() as connection:
        kinds = connection.execute(
            "select any_value(typeof(x_RecommendationDate)),"
            " any_value(typeof(x_EffectiveCostSavings)) from read_parquet($path)",
            {"path": str(path)},
        ).fetchone()
    assert kinds == ("TIMESTAMP WITH TIME ZONE", "DECIMAL(38,6)")


def test_a_store_without_proposals_gives_a_file_with_columns_alone(
    scene: Scene, tmp_path: Path
) -> None:
    for suffix in ("csv", "xlsx", "parquet"):
        path = tmp_path / f"none.{suffix}"
        write_proposals(scene.store, [], path)
        assert READERS[suffix](path) == []


def _csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _xlsx(path: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(path)["recommendations"]
    names, *rows = sheet.values
    return [dict(zip(map(str, names), row, strict=True)) for row in rows]


def _parquet(path: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = connection.execute(
            "select * exclude (x_RecommendationDate), x_RecommendationDate::varchar"
            " as x_RecommendationDate from read_parquet($path)",
            {"path": str(path)},
        )
        names = [str(column[0]) for column in found.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [{name: row[name] for name in COLUMNS} for row in rows]


READERS = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet}
