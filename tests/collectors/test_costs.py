"""The cost table in every known layout; what cannot be read is a read error, never a sum."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from collectors.connection.reading import Reader
from collectors.costs.bill import CostAnswer, CostQuestion, ask_costs
from emulator import Workspace
from tests.scene import Bent, body_of

MONTH, TODAY = date(2026, 11, 1), date(2026, 11, 23)
ENDPOINT, DEPLOYMENT = "azuremlendpoint", "azuremldeployment"
Ask = Callable[..., CostAnswer]


@pytest.fixture
def ask(azure: Bent, reader: Reader, workspace: Workspace) -> Ask:
    """Asks for the bill by tags, where the service gives this table in place of its own."""

    def asked(columns: list[str], *rows: list[Any], by: str = "tags") -> CostAnswer:
        table = {"columns": [{"name": name} for name in columns], "rows": list(rows)}
        azure.bend("CostManagement", lambda _body: {"properties": table | {"nextLink": None}})
        question = CostQuestion(workspace.subscription_id, MONTH, by)
        return ask_costs(reader, question, TODAY)

    return asked


ROWS: list[tuple[Any, ...]] = [
    (1.5e-05, 20261103, "Fraud", "BLUE", "eur"),
    (Decimal("2.00000001"), 20261104, "fraud", None, "EUR"),
    (0, 20261105, "", "", "EUR"),
]
EXPECTED = [
    (date(2026, 11, 3), "fraud", "blue", Decimal("0.000015"), "EUR"),
    (date(2026, 11, 4), "fraud", None, Decimal("2.00000001"), "EUR"),
    (date(2026, 11, 5), None, None, Decimal(0), "EUR"),
]


def layouts() -> dict[str, tuple[list[str], list[list[Any]]]]:
    """Three rows as each layout has them; amounts as JSON numbers."""
    plain = [[float(cost), *rest] for cost, *rest in ROWS]
    twice = [[c, d, ENDPOINT, e, DEPLOYMENT, n, k] for c, d, e, n, k in plain]
    pairs = ["Cost", "UsageDate", "TagKey", "TagValue", "TagKey", "TagValue", "Currency"]
    swapped = [[c, d, DEPLOYMENT, n, ENDPOINT, e, k] for c, d, e, n, k in plain]
    turned = [[row[-1], *row[:-1]] for row in twice]
    keyless = [[c, d, e and ENDPOINT, e, n and DEPLOYMENT, n, k] for c, d, e, n, k in plain]

    def result(name: str, value: str | None) -> str:
        return f'"{name}":"{value}"' if value else ""

    old = [[c, d, result(ENDPOINT, e), result(DEPLOYMENT, n), k] for c, d, e, n, k in plain]
    return {
        "each column twice": (pairs, twice),
        "the other tag first": (pairs, swapped),
        "numbered": (
            ["Cost", "UsageDate", "TagKey", "TagValue", "TagKey2", "TagValue2", "Currency"],
            twice,
        ),
        "turned": ([pairs[-1], *pairs[:-1]], turned),
        "no key where untagged": (pairs, keyless),
        "columns named by tag": (
            ["PreTaxCost", "UsageDate", "AzureMLEndpoint", DEPLOYMENT, "Currency"],
            plain,
        ),
        "the older form": (["Cost", "UsageDate", "Tag", "Tag", "Currency"], old),
        "numbered and shuffled": (
            ["TagValue2", "TagKey1", "Currency", "TagKey2", "Cost", "TagValue1", "UsageDate"],
            [[n, ENDPOINT, k, DEPLOYMENT, c, e, d] for c, d, e, n, k in plain],
        ),
        "keys before values": (
            ["totalCost", "UsageDate", "TagKey", "TagKey", "TagValue", "TagValue", "Currency"],
            [[c, d, ENDPOINT, DEPLOYMENT, e, n, k] for c, d, e, n, k in plain],
        ),
        "split over a turn": (
            ["TagValue", "Currency", "Cost", "UsageDate", "TagKey", "TagValue", "TagKey"],
            [[n, k, c, d, ENDPOINT, e, DEPLOYMENT] for c, d, e, n, k in plain],
        ),
    }


@pytest.mark.parametrize("name", layouts())
def test_every_layout_of_the_table_says_the_same(ask: Ask, name: str) -> None:
    columns, rows = layouts()[name]
    answer = ask(columns, *rows)
    assert answer.read_errors == []
    found = [(o.day, o.endpoint, o.deployment, o.cost, o.currency) for o in answer.lines]
    assert found == EXPECTED


def test_the_workspace_of_an_endpoint_is_read_in_lower_case(ask: Ask) -> None:
    columns = ["ResourceId", "TagKey", "TagValue", "Cost", "UsageDate", "Currency"]
    row = ["subscriptions/S/RG/ws", ENDPOINT, "Fraud", 1, 20261103, "EUR"]
    [line] = ask(columns, row, by="workspace").lines
    assert (line.resource_key, line.endpoint) == ("/subscriptions/s/rg/ws", "fraud")


GOOD = ["Cost", "UsageDate", "TagKey", "TagValue", "TagKey", "TagValue", "Currency"]
ROW = [1, 20261103, ENDPOINT, "fraud", DEPLOYMENT, "blue", "EUR"]


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        (GOOD, ROW[:-1]),
        (["Price", *GOOD[1:]], ROW),
        (["Cost", "Day", *GOOD[2:]], ROW),
        ([*GOOD[:-1], "Money"], ROW),
        (["Cost", "UsageDate", "Currency"], [1, 20261103, "EUR"]),
        (GOOD, ["much", *ROW[1:]]),
        (GOOD, [None, *ROW[1:]]),
        (GOOD, [1, 20261303, *ROW[2:]]),
        (GOOD, [*ROW[:-1], None]),
        (GOOD, [1, 20261103, ENDPOINT, "fraud", ENDPOINT, "fraud", "EUR"]),
    ],
)
def test_a_table_that_cannot_be_read_is_a_read_error_and_no_line(
    ask: Ask, columns: list[str], row: list[Any]
) -> None:
    answer = ask(columns, row)
    assert answer.lines == []
    assert [(read_error.source, read_error.scope[-7:]) for read_error in answer.read_errors] == [
        ("cost", "2026-11")
    ]


def test_a_column_that_mixes_two_tags_is_a_read_error(ask: Ask) -> None:
    turned = [1, 20261103, DEPLOYMENT, "blue", ENDPOINT, "fraud", "EUR"]
    answer = ask(GOOD, ROW, turned)
    assert (answer.lines, [read_error.code for read_error in answer.read_errors]) == (
        [],
        ["NoTags"],
    )


def test_pages_that_go_round_in_a_circle_are_a_read_error(
    azure: Bent, reader: Reader, workspace: Workspace
) -> None:
    path = f"/subscriptions/{workspace.subscription_id}/providers/Microsoft.CostManagement/query"
    link = f"{azure.url}{path}?api-version=2025-03-01&$skiptoken=MQ%3D%3D"
    page = {"columns": [{"name": name} for name in GOOD], "rows": [ROW], "nextLink": link}
    azure.bend("CostManagement", lambda _body: {"properties": page})
    answer = ask_costs(reader, CostQuestion(workspace.subscription_id, MONTH, "tags"), TODAY)
    assert (answer.lines, [read_error.code for read_error in answer.read_errors]) == (
        [],
        ["EndlessPages"],
    )


def test_a_question_names_its_basis_its_days_and_who_asks(
    azure: Bent, reader: Reader, workspace: Workspace
) -> None:
    for basis in ("ActualCost", "AmortizedCost"):
        question = CostQuestion(workspace.subscription_id, MONTH, "tags", basis)
        assert ask_costs(reader, question, TODAY).read_errors == []
    received = [one for one in azure.requests if one.source == "cost"]
    assert [one.headers["clienttype"] for one in received] == ["Mothball"] * 2
    asked = [body_of(one) for one in received]
    assert [body["type"] for body in asked] == ["ActualCost", "AmortizedCost"]
    assert asked[0]["timePeriod"] == {
        "from": "2026-11-01T00:00:00Z",
        "to": "2026-11-23T23:59:59Z",
    }
    assert asked[0]["dataset"]["granularity"] == "Daily"
