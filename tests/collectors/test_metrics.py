"""Metrics: an answer counts for what it covers, never for what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import unquote_plus

import pytest

from collectors.connection.reading import Reader
from collectors.metrics.metrics import MetricAnswer, Refinements, ask
from collectors.metrics.questions import (
    BY_CLASS,
    CAPACITY,
    REQUESTS,
    TOP,
    MetricQuestion,
    MetricTarget,
    questions_for,
)
from emulator import Deployment, Endpoint, Fault, Workspace, at, silent, steady
from tests.scene import NOW, Scene, ago, body_of, query_of

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def reader(scene: Scene, workspace: Workspace) -> Iterator[Reader]:
    with scene.reader() as reading:
        yield reading


@pytest.fixture
def endpoint(workspace: Workspace) -> Endpoint:
    return workspace.endpoint("Fraud")


@pytest.fixture
def blue(endpoint: Endpoint) -> Deployment:
    return endpoint.deployment("Blue", requests=at(ago(2), 7))


def _ask(
    reader: Reader,
    resource: Deployment | Endpoint,
    days: int = 10,
    source: Literal["deployment", "endpoint", "endpoint by class"] = "deployment",
    grain: int = 1440,
    refinements: Refinements | None = None,
) -> MetricAnswer:
    first = TODAY - days * DAY
    question = MetricQuestion(
        source, resource.subscription_id, "westeurope", (resource.id,), first, TODAY, grain
    )
    return ask(reader, question, NOW, refinements)


def _requests(answer: MetricAnswer) -> dict[str, float]:
    """Requests by the last part of the deployment's key."""
    found: dict[str, float] = {}
    for one in answer.series:
        if one.metric == REQUESTS and one.source != BY_CLASS:
            name = one.deployment_key.rsplit("/", 1)[-1]
            minutes = [one.grain_minutes] * len(one.average)
            reported = sum(
                a * m for a, m in zip(one.average, minutes, strict=True) if a is not None
            )
            found[name] = found.get(name, 0.0) + reported
    return found


def _asked(answer: MetricAnswer, metric: str, state: str = "answered") -> set[date]:
    days: set[date] = set()
    for read in answer.reads:
        if metric in read.metrics and read.state == state:
            span = (read.last_day - read.first_day).days
            days |= {read.first_day + number * DAY for number in range(span + 1)}
    return days


def _all_days(days: int = 10) -> set[date]:
    return {TODAY - number * DAY for number in range(days + 1)}


def test_an_ordinary_batch_is_one_question(scene: Scene, reader: Reader, blue: Deployment) -> None:
    answer = _ask(reader, blue, days=92)
    assert len(scene.asked("metrics")) == 1
    assert answer.read_errors == []
    assert _asked(answer, REQUESTS) == _asked(answer, CAPACITY) == _all_days(92)
    assert _requests(answer) == {"blue": pytest.approx(7)}


def test_ids_of_the_answer_match_in_any_spelling(
    scene: Scene, reader: Reader, workspace: Workspace
) -> None:
    endpoint = workspace.endpoint("MiXed")
    names = [f"D{number}" for number in range(9)]
    ids = tuple(endpoint.deployment(name).id for name in names)
    question = MetricQuestion(
        "deployment", endpoint.subscription_id, "westeurope", ids, TODAY - DAY, TODAY
    )
    answer = ask(reader, question, NOW)
    assert answer.read_errors == []
    assert {one.deployment_key for one in answer.series} == {one.lower() for one in ids}


SPELLINGS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "bare": lambda known: known.lstrip("/"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_names_in_the_answer_and_in_dimensions_match_without_case(
    scene: Scene, reader: Reader, endpoint: Endpoint, blue: Deployment, spelling: str
) -> None:
    def spelt(body: Any) -> Any:
        for value in body["values"]:
            value["resourceid"] = SPELLINGS[spelling](value["resourceid"])
            for series in value["value"][0]["timeseries"]:
                for label in series["metadatavalues"]:
                    label["value"] = label["value"].upper()
        return body

    scene.azure.bend("getBatch", spelt)
    answer = _ask(reader, endpoint, source="endpoint")
    assert answer.read_errors == []
    assert _requests(answer) == {"blue": pytest.approx(7)}


def test_a_point_without_a_value_is_neither_null_nor_zero(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    sparse = endpoint.deployment("sparse", requests=silent("nothing") + at(ago(3), 5))
    answer = _ask(reader, sparse)
    (series,) = [one for one in answer.series if one.metric == REQUESTS]
    assert [start.date() for start in series.starts_at] == [ago(3).date()]
    assert None not in series.average


def test_an_answer_without_a_series_is_an_answer(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    never = endpoint.deployment("never", requests=silent("nothing"))
    answer = _ask(reader, never)
    assert not [one for one in answer.series if one.metric == REQUESTS]
    assert _asked(answer, REQUESTS) == _all_days()
    assert answer.read_errors == []


def test_every_series_of_a_split_answer_is_read_and_top_is_set(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    for number in range(20):
        endpoint.deployment(f"d{number:02}", requests=at(ago(2), number + 1))
    answer = _ask(reader, endpoint, source="endpoint")
    assert _requests(answer) == {f"d{n:02}": pytest.approx(n + 1) for n in range(20)}
    (asked,) = scene.asked("metrics")
    assert query_of(asked)["top"] == str(TOP)
    assert unquote_plus(query_of(asked)["filter"]) == "deployment eq '*'"


def test_an_answer_that_reaches_top_counts_as_cut(
    scene: Scene, reader: Reader, endpoint: Endpoint, blue: Deployment
) -> None:
    def many(body: Any) -> Any:
        metric = body["values"][0]["value"][0]
        metric["timeseries"] = metric["timeseries"] * TOP
        return body

    scene.azure.bend("getBatch", many)
    answer = _ask(reader, endpoint, source="endpoint")
    assert _asked(answer, REQUESTS) == set()
    assert [read_error.code for read_error in answer.read_errors] == ["SeriesCut"]


def test_one_request_by_status_class_is_the_plain_split_of_the_endpoint_too(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    endpoint.deployment("d", requests=steady(1).split({"2xx": 0.75, "5xx": 0.25}))
    endpoint.deployment("e", requests=silent("nothing") + at(ago(3), 5))
    endpoint.deployment("f", requests=silent("zeros"))
    answer = _ask(reader, endpoint, source="endpoint by class")
    assert len(scene.asked("metrics")) == 1
    assert {(one.source, one.status_class) for one in answer.series} == {
        ("endpoint by class", "2xx"),
        ("endpoint by class", "5xx"),
        ("endpoint", ""),
    }
    assert {read.source for read in answer.reads} == {"endpoint"}
    plain = _ask(reader, endpoint, source="endpoint")
    assert _by_key(answer) == _by_key(plain)


def _by_key(answer: MetricAnswer) -> dict[str, list[tuple[datetime, float | None]]]:
    """The points of the plain split by deployment."""
    return {
        one.deployment_key: list(zip(one.starts_at, one.average, strict=True))
        for one in answer.series
        if one.source == "endpoint"
    }


def test_a_cloud_that_refuses_status_classes_is_asked_for_the_plain_split_and_remembered(
    scene: Scene, reader: Reader, endpoint: Endpoint, blue: Deployment
) -> None:
    scene.world.status_classes_refused = True
    refinements = Refinements()
    first = _ask(reader, endpoint, source="endpoint by class", refinements=refinements)
    assert len(scene.asked("metrics")) == 2
    second = _ask(reader, endpoint, source="endpoint by class", refinements=refinements)
    assert len(scene.asked("metrics")) == 3
    for answer in (first, second):
        assert answer.read_errors == []
        assert _requests(answer) == {"blue": pytest.approx(7)}
        assert _asked(answer, REQUESTS) == _all_days()


def test_series_by_class_that_reach_top_are_asked_without_their_classes(
    scene: Scene, reader: Reader, endpoint: Endpoint, blue: Deployment
) -> None:
    turn = [0]

    def many(body: Any) -> Any:
        turn[0] += 1
        if turn[0] == 1:
            metric = body["values"][0]["value"][0]
            metric["timeseries"] = metric["timeseries"] * TOP
        return body

    scene.azure.bend("getBatch", many)
    answer = _ask(reader, endpoint, source="endpoint by class")
    assert answer.read_errors == []
    assert _requests(answer) == {"blue": pytest.approx(7)}
    assert _asked(answer, REQUESTS) == _all_days()


BAD_STATUS = pytest.mark.parametrize("status", [400, 404, 500, 501])


@BAD_STATUS
def test_a_batch_that_fails_for_one_resource_is_halved_until_that_one_stands_alone(
    scene: Scene, reader: Reader, endpoint: Endpoint, status: int
) -> None:
    ids = tuple(endpoint.deployment(f"d{number:02}").id for number in range(50))
    scene.azure.faults.add(_spoiled_by("deployments/d17", status))
    answer = ask(reader, _question("deployment", ids), NOW)
    (read_error,) = answer.read_errors
    assert (read_error.scope, read_error.code) == (ids[17], "Spoiled")
    states = {(key, read.state) for read in answer.reads for key in read.resource_keys}
    assert states == {(one.lower(), "refused" if one == ids[17] else "answered") for one in ids}
    assert {one.maximum != (None,) * len(one.maximum) for one in answer.series} == {True}
    # The whole is tried as often as any other request, each half of it once.
    assert len(scene.asked("metrics")) <= 2 + 2 * 6 + (6 if status == 500 else 0)
    assert len(scene.asked("metrics")) == reader.tally.sent["metrics"]
    assert sum(scene.waits) <= 20


@BAD_STATUS
@pytest.mark.parametrize("refuses_classes", [False, True])
def test_the_split_of_endpoints_is_halved_the_same_way(
    scene: Scene, reader: Reader, workspace: Workspace, status: int, refuses_classes: bool
) -> None:
    scene.world.status_classes_refused = refuses_classes
    endpoints = [workspace.endpoint(f"e{number}") for number in range(8)]
    for one in endpoints:
        one.deployment("d", requests=at(ago(2), 7))
    scene.azure.faults.add(_spoiled_by("onlineEndpoints/e3", status))
    ids = tuple(one.id for one in endpoints)
    answer = ask(reader, _question("endpoint by class", ids), NOW)
    assert [read_error.scope for read_error in answer.read_errors] == [ids[3]]
    told = {one.deployment_key.split("/")[-3] for one in answer.series if one.source == "endpoint"}
    assert told == {one.name for one in endpoints if one.name != "e3"}
    classes = {one.status_class for one in answer.series} - {""}
    assert classes == (set() if refuses_classes else {"2xx"})


def test_an_outage_splits_no_batch(scene: Scene, reader: Reader, endpoint: Endpoint) -> None:
    ids = tuple(endpoint.deployment(f"d{number}").id for number in range(8))
    scene.azure.faults.add(Fault("unavailable", "getBatch"))
    answer = ask(reader, _question("deployment", ids), NOW)
    assert len(scene.asked("metrics")) == 6
    assert [read_error.code for read_error in answer.read_errors] == ["ServiceUnavailable"]


def test_a_question_that_is_refused_whoever_it_is_about_is_not_halved_to_the_end(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    ids = tuple(endpoint.deployment(f"d{number:02}").id for number in range(50))
    scene.azure.faults.add(_spoiled_by("resourceids", 400))
    answer = ask(reader, _question("deployment", ids), NOW)
    assert len(scene.asked("metrics")) <= 25
    assert {read.state for read in answer.reads} == {"refused"}
    assert len({key for read in answer.reads for key in read.resource_keys}) == 50


def _spoiled_by(text: str, status: int) -> Fault:
    return Fault("unavailable", "getBatch", status=status, code="Spoiled", shape="flat", holds=text)


def _question(source: str, ids: tuple[str, ...]) -> MetricQuestion:
    subscription_id = ids[0].split("/")[2]
    return MetricQuestion(source, subscription_id, "westeurope", ids, TODAY - 10 * DAY, TODAY)


def test_a_span_that_was_cut_is_asked_again_for_the_missing_days(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    scene.world.metrics_longest_days = 30
    answer = _ask(reader, blue, days=92)
    assert answer.read_errors == []
    assert _asked(answer, REQUESTS) == _all_days(92)
    assert 3 <= len(scene.asked("metrics")) <= 5


def test_days_that_stay_missing_are_never_taken_for_answered(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    scene.world.metrics_longest_days = 5
    answer = _ask(reader, blue, days=20)
    assert TODAY in _asked(answer, REQUESTS)
    assert _asked(answer, REQUESTS) < _all_days(20)
    assert answer.read_errors


def test_a_metric_that_fails_when_missing_days_are_asked_again_is_a_read_error(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    scene.world.metrics_longest_days = 30
    scene.azure.after(path="getBatch", do=lambda world: world.metric_error(REQUESTS, "Throttled"))
    answer = _ask(reader, blue, days=60)
    assert _asked(answer, REQUESTS) < _all_days(60)
    assert "Throttled" in {read_error.code for read_error in answer.read_errors}


def test_a_resource_that_is_left_out_when_asked_again_is_a_read_error(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    scene.world.metrics_longest_days = 30
    turn = [0]

    def only_first(body: Any) -> Any:
        turn[0] += 1
        return body if turn[0] == 1 else {"values": []}

    scene.azure.bend("getBatch", only_first)
    answer = _ask(reader, blue, days=60)
    assert _asked(answer, REQUESTS) < _all_days(60)
    assert answer.read_errors


def test_a_finer_interval_than_asked_is_used_as_it_is(
    scene: Scene, reader: Reader, endpoint: Endpoint
) -> None:
    even = endpoint.deployment("even", requests=steady(1))
    scene.world.metrics_interval = "PT1H"
    answer = _ask(reader, even, days=2)
    (series,) = [one for one in answer.series if one.metric == REQUESTS]
    assert (series.asked_minutes, series.grain_minutes) == (1440, 60)
    assert _requests(answer)["even"] == pytest.approx(2 * 1440 + 18 * 60)


def test_a_coarser_interval_than_asked_proves_nothing(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    scene.world.metrics_interval = "P1D"
    answer = _ask(reader, blue, days=3, grain=60)
    assert _asked(answer, REQUESTS) == set()
    assert answer.read_errors


def test_a_metric_with_an_error_code_is_asked_again_apart_by_average(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    scene.world.metric_error(REQUESTS, "InvalidAggregation", aggregation="maximum")
    answer = _ask(reader, blue)
    first, second = (query_of(request) for request in scene.asked("metrics"))
    assert unquote_plus(first["aggregation"]) == "average,maximum"
    assert second["aggregation"] == "average"
    assert second["metricnames"] == REQUESTS
    assert answer.read_errors == []
    assert _asked(answer, REQUESTS) == _all_days()


def test_a_metric_that_fails_by_average_too_is_a_read_error_of_its_own(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    scene.world.metric_error(REQUESTS, "Throttled")
    answer = _ask(reader, blue)
    assert _asked(answer, REQUESTS) == set()
    assert _asked(answer, REQUESTS, "refused") == _all_days()
    assert _asked(answer, CAPACITY) == _all_days()
    assert {read_error.code for read_error in answer.read_errors} == {"Throttled"}


def test_the_error_of_one_resource_leaves_the_others_of_its_batch(
    scene: Scene, reader: Reader, endpoint: Endpoint, blue: Deployment
) -> None:
    green = endpoint.deployment("Green")
    scene.world.metric_error(REQUESTS, "Forbidden", resource="deployments/Blue")
    question = MetricQuestion(
        "deployment",
        blue.subscription_id,
        "westeurope",
        (blue.id, green.id),
        TODAY - 10 * DAY,
        TODAY,
    )
    answer = ask(reader, question, NOW)
    states = {
        (key.rsplit("/", 1)[-1], read.state)
        for read in answer.reads
        for key in read.resource_keys
        if REQUESTS in read.metrics
    }
    assert states == {("blue", "refused"), ("green", "answered")}


def test_a_resource_that_the_answer_leaves_out_is_a_read_error(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    scene.azure.bend("getBatch", lambda _body: {"values": []})
    answer = _ask(reader, blue)
    assert [read_error.code for read_error in answer.read_errors] == ["NotAnswered"]
    assert _asked(answer, REQUESTS) == set()


@pytest.mark.parametrize("metric", [{"name": None}, {}, {"name": {"value": "Other"}}])
def test_a_metric_that_the_answer_leaves_out_is_a_read_error(
    scene: Scene, reader: Reader, blue: Deployment, metric: dict[str, Any]
) -> None:
    def other(body: Any) -> Any:
        body["values"][0]["value"] = [metric]
        return body

    scene.azure.bend("getBatch", other)
    answer = _ask(reader, blue)
    assert {read_error.code for read_error in answer.read_errors} == {"NotAnswered"}
    assert _asked(answer, REQUESTS) == set()


ODD: list[Any] = [None, "x", [], -1, True, "0", float("nan")]


@pytest.mark.parametrize("value", ODD)
def test_a_value_that_is_no_number_is_no_value_and_but_for_null_a_read_error(
    scene: Scene, reader: Reader, blue: Deployment, value: Any
) -> None:
    def odd(body: Any) -> Any:
        for metric in body["values"][0]["value"]:
            for series in metric["timeseries"]:
                for point in series["data"]:
                    point.update({name: value for name in point if name != "timeStamp"})
        return body

    scene.azure.bend("getBatch", odd)
    answer = _ask(reader, blue)
    assert [start for one in answer.series for start in one.starts_at] == []
    assert {one.code for one in answer.read_errors} == (set() if value is None else {"WrongShape"})


@pytest.mark.parametrize("time", [None, "", "yesterday", 5])
def test_a_point_without_a_readable_time_is_a_read_error(
    scene: Scene, reader: Reader, blue: Deployment, time: Any
) -> None:
    def odd(body: Any) -> Any:
        for metric in body["values"][0]["value"]:
            for series in metric["timeseries"]:
                for point in series["data"]:
                    point["timeStamp"] = time
        return body

    scene.azure.bend("getBatch", odd)
    answer = _ask(reader, blue)
    assert [start for one in answer.series for start in one.starts_at] == []
    assert {one.code for one in answer.read_errors} == {"WrongShape"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"values": None},
        {"values": "x"},
        {"values": [None, 3]},
        {"values": [{}]},
        {"values": [{"resourceid": None, "value": None}]},
    ],
)
def test_an_answer_of_another_shape_is_a_read_error_and_no_crash(
    scene: Scene, reader: Reader, blue: Deployment, body: Any
) -> None:
    scene.azure.bend("getBatch", lambda _body: body)
    answer = _ask(reader, blue)
    assert answer.read_errors
    assert _asked(answer, REQUESTS) == set()


INNER: list[Any] = [
    {"value": [None]},
    {"value": [3]},
    {"value": {}},
    {"value": [{"name": {"value": REQUESTS}, "timeseries": [None, 3]}]},
    {"value": [{"name": {"value": REQUESTS}, "timeseries": [{"data": [None]}]}]},
    {"value": [{"name": {"value": REQUESTS}, "timeseries": [{"metadatavalues": [None]}]}]},
    {"value": [{"name": REQUESTS, "timeseries": [{"data": 3}]}]},
]


@pytest.mark.parametrize("change", INNER)
def test_an_odd_part_of_an_answer_is_no_crash(
    scene: Scene, reader: Reader, blue: Deployment, change: dict[str, Any]
) -> None:
    def odd(body: Any) -> Any:
        body["values"][0].update(change)
        return body

    scene.azure.bend("getBatch", odd)
    answer = _ask(reader, blue)
    assert answer.read_errors


def test_a_region_that_is_no_word_is_a_read_error_and_asks_nobody(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    question = MetricQuestion(
        "deployment", blue.subscription_id, "evil.example/", (blue.id,), TODAY, TODAY
    )
    answer = ask(reader, question, NOW)
    assert [read_error.code for read_error in answer.read_errors] == ["UnknownRegion"]
    assert scene.asked("metrics") == []


def test_batches_hold_at_most_50_of_one_subscription_region_and_span() -> None:
    targets = [
        MetricTarget(f"/{sub}/{region}/{number}", sub, region, first)
        for sub in ("s1", "s2")
        for region in ("r1", "r2")
        for first in (date(2026, 1, 1), date(2026, 1, 2))
        for number in range(60)
    ]
    batches = list(questions_for(targets, "deployment", TODAY))
    assert len(batches) == 16
    assert all(len(batch.resource_ids) <= 50 for batch in batches)
    for batch in batches:
        place = f"/{batch.subscription_id}/{batch.region}/"
        assert all(one.startswith(place) for one in batch.resource_ids)
    assert sum(len(batch.resource_ids) for batch in batches) == len(targets)


def test_each_region_is_asked_at_its_own_address(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    _ask(reader, blue)
    (asked,) = scene.asked("metrics")
    assert asked.path.startswith("/westeurope/subscriptions/")
    assert body_of(asked) == {"resourceids": [blue.id]}
    assert query_of(asked)["interval"] == "P1D"


def test_two_values_of_one_time_are_no_answer(
    scene: Scene, reader: Reader, blue: Deployment
) -> None:
    def doubled(body: Any) -> Any:
        for metric in body["values"][0]["value"]:
            if metric["name"]["value"] == REQUESTS:
                data = metric["timeseries"][0]["data"]
                data[1]["timeStamp"] = data[0]["timeStamp"]
        return body

    scene.azure.bend("getBatch", doubled)
    answer = _ask(reader, blue)
    assert [read_error.code for read_error in answer.read_errors] == ["WrongShape"]
    assert _asked(answer, REQUESTS) == set()
    assert _asked(answer, CAPACITY) == _all_days()
