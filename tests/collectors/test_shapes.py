"""What of an answer has not its shape: named with its source and scope, and unknown from there."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.snapshot.request import Money, SnapshotRequest
from actions.snapshot.take import take_snapshot
from collectors.connection.errors import Misshapen, NotUnderstood
from collectors.connection.parsing import DEEPEST, MOST_CHARACTERS, BadJson, json_of
from collectors.connection.reading import Reader
from collectors.connection.shapes import each_whole, has_fields, has_id, is_text, odd_fields
from collectors.costs.bill import CostQuestion, ask_costs
from collectors.inventory.inventory import read_inventory
from collectors.inventory.related import read_diagnostics
from collectors.inventory.scope import Scope, visible_subscriptions
from collectors.logs.callers import read_callers
from collectors.metrics.metrics import ask
from collectors.metrics.questions import REQUESTS, MetricQuestion
from collectors.records import Inventory
from emulator import Deployment, Workspace, at
from queries.policy import Policy
from tests.scene import NOW, Bent, Scene, ago

GRAPH = "ResourceGraph"


@pytest.fixture
def blue(workspace: Workspace) -> Deployment:
    return workspace.endpoint("fraud", traffic={"blue": 100}).deployment(
        "blue", requests=at(ago(2), 7)
    )


def inventory(reader: Reader) -> Inventory:
    return read_inventory(reader, Scope(), lambda _what, _done, _all: None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": NaN}', {"a": "NaN"}),
        ('{"a": -Infinity}', {"a": "-Infinity"}),
        ('{"a": 1e999}', {"a": "1e999"}),
        ('{"a": 1.5, "b": 2}', {"a": 1.5, "b": 2}),
        ('{"a": ' + "9" * 5000 + "}", {"a": "9" * 5000}),
        (r'{"a": "\ud800x"}', {"a": "\ufffdx"}),
        (r'{"a": "\uDC00"}', {"a": "\ufffd"}),
        (r'{"a": "\u0000x\\u0000"}', {"a": "\ufffdx\\u0000"}),
        (r'{"a": "\ud83d\ude00"}', {"a": "\U0001f600"}),
        (r'{"a": "\\ud800"}', {"a": r"\ud800"}),
    ],
)
def test_what_no_column_could_hold_is_left_as_its_text(text: str, value: Any) -> None:
    assert json_of(text) == value


def test_an_amount_that_is_too_large_for_money_is_left_as_its_text() -> None:
    assert json_of('{"a": 1e30, "b": 0.1}', exactly=True)["a"] == "1e30"


@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}"), ("[0,[0],", "]")])
def test_json_that_nests_too_deeply_is_refused_in_words(depth: int, left: str, right: str) -> None:
    with pytest.raises(BadJson, match=f"deeper than {DEEPEST} levels"):
        json_of(left * depth + "0" + right * depth)


def test_json_may_nest_as_deeply_as_no_real_answer_does() -> None:
    assert json_of("[" * DEEPEST + "]" * DEEPEST) != []


@pytest.mark.parametrize(
    "text", ["[{" * DEEPEST, "]" * 9, '"[' * DEEPEST, "\\[\n[" * DEEPEST, '\\"']
)
def test_brackets_in_texts_neither_nest_nor_hide_what_does(text: str) -> None:
    body = {text: [text, "", {"a": text}]}
    assert json_of(json.dumps(body)) == body
    deep = "[" * DEEPEST + json.dumps(text) + "]" * DEEPEST
    with pytest.raises(BadJson, match="deeper"):
        json_of(f'{{"a": {json.dumps(text)}, "b": {deep}}}')


def json_values() -> st.SearchStrategy[Any]:
    numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
    texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    plain = st.none() | st.booleans() | numbers | texts
    return st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(texts, inner))


@given(json_values(), st.booleans())
def test_json_is_read_as_it_is_written_but_for_numbers_that_no_column_could_hold(
    body: Any, is_ascii: bool
) -> None:
    text = json.dumps(body, ensure_ascii=is_ascii)
    read = json.loads(text, parse_int=lambda one: one if len(one.lstrip("-")) > 18 else int(one))
    assert json_of(text) == read


def test_an_answer_beyond_reason_is_refused_unread() -> None:
    with pytest.raises(BadJson, match="larger than 64 MB"):
        json_of(" " * (MOST_CHARACTERS + 1))


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"[" * 5000, "TooDeep"), (b"{}", "WrongShape"), (b"\xff", "NotJson")],
)
def test_an_answer_that_is_none_names_why(
    azure: Bent, reader: Reader, body: bytes, code: str
) -> None:
    azure.bend(r"/subscriptions\?", lambda _body: body)
    with pytest.raises(NotUnderstood) as caught:
        reader.get("/subscriptions", **{"api-version": "2022-12-01"})
    assert caught.value.code == code


@pytest.mark.parametrize("link", [5, {"href": "x"}, ["x"], True, "https://[x", "https://h:port/"])
def test_a_next_page_that_is_no_address_is_misshapen(
    azure: Bent, reader: Reader, link: Any
) -> None:
    azure.bend(r"/subscriptions\?", lambda body: body | {"nextLink": link})
    with pytest.raises(Misshapen):
        list(reader.pages("/subscriptions", **{"api-version": "2022-12-01"}))


def test_what_is_odd_is_named_by_its_id_or_its_place() -> None:
    given = [{"id": "/a"}, None, {"id": "/b", "tags": []}, {"id": "/c"}]
    elements = each_whole(given, lambda one: has_id(one) and "tags" not in one)
    assert [next(elements), next(elements)] == [given[0], given[3]]
    with pytest.raises(Misshapen, match=r"2 of 4 .*: number 2, /b") as caught:
        next(elements)
    assert caught.value.share == 0.5


@pytest.mark.parametrize(
    ("element", "odd"),
    [
        ({}, []),
        ({"a": None}, []),
        ({"a": {"b": "x"}}, []),
        ({"a": {"b": 3}}, ["a.b"]),
        ({"a": "x"}, ["a"]),
        ({"a": []}, ["a"]),
    ],
)
def test_odd_fields_are_named_by_their_path(element: Any, odd: list[str]) -> None:
    assert odd_fields(element, {"a.b": is_text, "a.c": is_text}) == odd
    assert has_fields({"a.b": is_text})(element) is (odd == [])


@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, {"id": 3}])
def test_a_subscription_that_is_none_is_a_read_error_beside_the_others(
    azure: Bent, reader: Reader, blue: Deployment, odd: Any
) -> None:
    azure.bend(r"/subscriptions\?", lambda body: body | {"value": [*body["value"], odd]})
    found, [error] = visible_subscriptions(reader, Scope())
    assert [one.subscription_id for one in found] == [blue.subscription_id]
    assert (error.source, error.scope, error.code) == ("subscriptions", "tenant", "WrongShape")


def _set(path: str, value: Any) -> Any:
    def changed(body: Any) -> Any:
        for row in body["data"]:
            if row.get("type", "").lower().endswith("deployments"):
                inner = row
                for name in path.split(".")[:-1]:
                    inner = inner.setdefault(name, {})
                inner[path.split(".")[-1]] = value
        return body

    return changed


@pytest.mark.parametrize(
    ("path", "value", "name"),
    [
        ("sku.capacity", "two", "instance_count"),
        ("sku.capacity", "²", "instance_count"),
        ("sku.capacity", -1, "instance_count"),
        ("properties.instanceType", 3, "instance_type"),
        ("systemData.createdAt", "yesterday", "created_at"),
        ("properties.environmentId", ["x"], "environment"),
    ],
)
def test_a_field_of_another_type_is_a_read_error_of_its_row_and_unknown(
    azure: Bent, reader: Reader, blue: Deployment, path: str, value: Any, name: str
) -> None:
    azure.bend(GRAPH, _set(path, value))
    found = inventory(reader)
    [row], [error] = found.deployments, found.read_errors
    assert getattr(row, name) is None
    assert (error.source, error.scope, error.code) == ("inventory", blue.id, "WrongShape")
    assert path in error.message


@pytest.mark.parametrize(
    ("path", "value"),
    [("properties.provisioningState", 5), ("tags", {"role": 5}), ("tags", []), ("kind", {})],
)
def test_a_row_whose_state_or_tags_are_odd_is_refused_by_name(
    azure: Bent, reader: Reader, blue: Deployment, path: str, value: Any
) -> None:
    azure.bend(GRAPH, _set(path, value))
    found = inventory(reader)
    [error] = found.read_errors
    assert found.deployments == ()
    assert (error.source, error.scope) == ("inventory", blue.subscription_id)
    assert blue.id in error.message


def test_of_a_few_odd_rows_the_others_count_as_read_in_part(
    azure: Bent, reader: Reader, workspace: Workspace
) -> None:
    for number in range(4):
        workspace.endpoint(f"e{number}").deployment("main")

    def odd(body: Any) -> Any:
        body["data"][-1]["properties"] = None
        return body

    azure.bend(GRAPH, odd)
    found = inventory(reader)
    assert [one.source for one in found.reads] == ["inventory in part"]
    assert len(found.raw) == 8


@pytest.mark.parametrize("share", ["50", True, float("nan"), -5, 10**400, 1000])
def test_a_share_of_traffic_that_is_no_percentage_is_a_read_error(
    azure: Bent, reader: Reader, blue: Deployment, share: Any
) -> None:
    def odd(body: Any) -> Any:
        for row in body.get("data", body.get("value", [])):
            if row.get("type", "").lower().endswith("onlineendpoints"):
                row["properties"]["traffic"] = {"blue": share}
        return body

    azure.bend(f"{GRAPH}|onlineEndpoints", odd)
    found = inventory(reader)
    assert [one.traffic for one in found.endpoints] == [None]
    assert [(one.source, one.code) for one in found.read_errors] == [("endpoints", "WrongShape")]


VALUES: list[Any] = ["1e999", float("inf"), float("nan"), "7", -1, True, [], {}]


@pytest.mark.parametrize("value", VALUES)
def test_a_metric_value_that_is_no_number_is_a_read_error_and_never_a_silent_day(
    azure: Bent, reader: Reader, blue: Deployment, value: Any
) -> None:
    def odd(body: Any) -> Any:
        for metric in body["values"][0]["value"]:
            if metric["name"]["value"] == REQUESTS:
                metric["timeseries"][0]["data"][0]["average"] = value
        return body

    azure.bend("getBatch", odd)
    today = NOW.date()
    question = MetricQuestion(
        "deployment", blue.subscription_id, "westeurope", (blue.id,), today, today
    )
    answer = ask(reader, question, NOW)
    [error] = answer.read_errors
    assert (error.source, error.scope, error.code) == ("metrics", blue.id, "WrongShape")
    answered = {name for one in answer.reads if one.state == "answered" for name in one.metrics}
    assert answered
    assert REQUESTS not in answered


TABLES: list[Any] = [
    {"columns": [{"name": "Cost", "type": "Number"}], "rows": [[None], ["x"], 3]},
    {"columns": "x", "rows": "y"},
    {"columns": [None], "rows": []},
    {"rows": []},
    {"columns": []},
    None,
    [],
    "x",
]


@pytest.mark.parametrize("table", TABLES)
def test_a_bill_of_another_shape_is_a_read_error_and_no_bill_of_nothing(
    azure: Bent, reader: Reader, blue: Deployment, table: Any
) -> None:
    azure.bend("CostManagement", lambda _body: {"properties": table})
    question = CostQuestion(blue.subscription_id, date(2026, 11, 1), "tags")
    answer = ask_costs(reader, question, NOW.date())
    assert (answer.lines, [one.source for one in answer.read_errors]) == ([], ["cost"])


@pytest.mark.parametrize("table", TABLES[:2])
def test_a_snapshot_commits_whatever_the_bill_looks_like(
    scene: Scene, blue: Deployment, table: Any
) -> None:
    scene.azure.bend("CostManagement", lambda _body: {"properties": table})
    money = Money((date(2026, 11, 1),))
    request = SnapshotRequest(scene.cloud.name, None, Scope(), Policy(), money=money)
    with scene.reader() as reader:
        report = take_snapshot(scene.store, reader, request, scene.clock.now, lambda *_: None)
    assert {error.source for error in report.errors} == {"cost"}
    assert list(scene.rows()) == ["fraud/blue"]


def test_a_row_that_tells_no_call_leaves_the_other_callers_and_is_named(
    azure: Bent, reader: Reader, workspace: Workspace, blue: Deployment
) -> None:
    endpoint = workspace.endpoints[0]
    azure.world.diagnose(endpoint, "11111111-2222-3333-4444-555555555555")
    azure.world.log_call(blue, ago(1), caller="x", auth_type="AADToken")

    def odd(body: Any) -> Any:
        body["tables"][0]["rows"].append(None)
        return body

    azure.bend("/v1/.*/query", odd)
    found = read_callers(reader, endpoint.id, None, ago(35), NOW)
    assert len(found.calls) == 1
    assert "number 2" in (found.refused or "")


@pytest.mark.parametrize("logs", ["x", [None], [{"enabled": "true"}], {}])
def test_a_diagnostic_setting_that_cannot_be_read_is_not_one_that_sends_nothing(
    azure: Bent, reader: Reader, workspace: Workspace, blue: Deployment, logs: Any
) -> None:
    endpoint = workspace.endpoints[0]
    setting = azure.world.diagnose(endpoint, "11111111-2222-3333-4444-555555555555")
    setting["properties"]["logs"] = logs
    with pytest.raises(Misshapen):
        read_diagnostics(reader, endpoint.id)
    assert read_callers(reader, endpoint.id, None, ago(35), NOW).refused
