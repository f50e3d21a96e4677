"""Requests and signs of life from Azure Monitor's batch API, every series of both namespaces.

What an answer leaves open is asked once more in a smaller way; what is open then is a read error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal, TypeAlias

from collectors.connection.errors import AzureFailure, Misshapen, NotUnderstood
from collectors.connection.reading import Reader
from collectors.connection.splitting import ask_apart, may_be_one_of_many
from collectors.metrics.answers import (
    covered_days,
    error_of,
    grain_of,
    left_out,
    series_of,
    sum_of_classes,
)
from collectors.metrics.questions import (
    BY_CLASS,
    TOP,
    MetricQuestion,
    MetricRequest,
)
from collectors.metrics.shapes import NOTHING, Metric, OddMetric, Result, results_of
from collectors.records import MetricRead, MetricSeries, ReadError, counted, key_of
from collectors.sources import METRICS

# The first and the last of some days.
Days: TypeAlias = tuple[date, date]
# Spans in which left out days are asked again: what the portal too would ask (azure.md A32).
LONGEST_SPAN_DAYS = 30
# Of so many resources with gaps of one cause each has a read error of its own.
MOST_NAMED = 3


@dataclass
class MetricAnswer:
    """What a question came to: series, what they cover, and the read errors."""

    series: list[MetricSeries] = field(default_factory=list)
    reads: list[MetricRead] = field(default_factory=list)
    read_errors: list[ReadError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Gap:
    """What a request left open. `why`: Azure failed it, left out days, cut it, or left it out."""

    why: Literal["failed", "days", "cut", "absent"]
    resource_id: str
    metric: str
    first_day: date
    last_day: date
    code: str
    message: str


class Refinements:
    """Where Azure Monitor answers what is asked beyond the plain question, and where it refuses.

    That is the split by status class, and Maximum beside Average; by source and region.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.answered: set[tuple[str, str]] = set()
        self.refused: set[tuple[str, str]] = set()


def ask(
    reader: Reader,
    question: MetricQuestion,
    now: datetime,
    refinements: Refinements | None = None,
) -> MetricAnswer:
    """Ask one batch; a refusal is a read error in the answer, never an exception or a zero.

    `refinements` is what the questions of a snapshot share.
    """
    answer = MetricAnswer()
    aggregation = "average,maximum" if question.source == "deployment" else "average"
    whole = MetricRequest(
        question,
        question.resource_ids,
        question.metrics,
        question.first_day,
        question.last_day,
        aggregation,
        now,
    )
    _Asking(reader, answer, refinements or Refinements()).ask_all(whole)
    return answer


@dataclass(frozen=True, slots=True)
class _Asking:
    """The way of one batch to its answer."""

    reader: Reader
    answer: MetricAnswer
    refinements: Refinements

    def ask_all(self, request: MetricRequest, *, may_split: bool = True) -> None:
        """Ask in one request, then for what is open in smaller ones as long as there are such."""
        split = ask_apart(
            request.resource_ids,
            lambda part, tries: self._ask(replace(request, resource_ids=part, tries=tries)),
            self.reader.splitting,
            lambda failure: may_split and may_be_one_of_many(failure),
        )
        for _part, (asked, gaps) in split.answered:
            self._follow(asked, gaps, may_split)
        failures = [failure for _part, failure in split.refused]
        if not split.answered and _is_malformed(failures[0]):
            self._ask_otherwise(request, failures[0])
            return
        for part, failure in split.refused:
            refused = replace(request, resource_ids=part)
            _refuse(refused, _all_of(refused, failure), self.answer)

    def _ask(self, request: MetricRequest) -> tuple[MetricRequest, list[_Gap]]:
        """One batch, in its plainer form where the region refuses the finer: what was asked.

        A batch that is called malformed is asked plainer, unless the region answers finer ones:
        then it is for one of its resources.
        """
        plainer = request.plainer
        place = request.question.source, request.question.region
        if plainer is None:
            return request, _ask_once(self.reader, request, self.answer)
        if place not in self.refinements.refused:
            try:
                gaps = _ask_once(self.reader, request, self.answer)
                self.refinements.answered.add(place)
                return request, gaps
            except NotUnderstood as failure:
                is_known = request.tries is not None or place in self.refinements.answered
                if is_known or not _is_malformed(failure):
                    raise
        gaps = _ask_once(self.reader, plainer, self.answer)
        self.refinements.refused.add(place)
        return plainer, gaps

    def _ask_otherwise(self, request: MetricRequest, failure: AzureFailure) -> None:
        """Where no part of a batch is answered it is the question: ask for less at a time."""
        if request.question.source == BY_CLASS and request.plainer is not None:
            self.ask_all(request.plainer)
            return
        by_average = replace(request, aggregation="average")
        self._follow(by_average, _all_of(by_average, failure), may_split=False)

    def _follow(self, request: MetricRequest, gaps: Sequence[_Gap], may_split: bool) -> None:
        """Ask again for what a request left open, where there is a smaller way; refuse the rest."""
        open_still = [gap for gap in gaps if _can_ask_again(gap, request)]
        _refuse(request, [gap for gap in gaps if not _can_ask_again(gap, request)], self.answer)
        for smaller in _smaller(request, open_still):
            self.ask_all(smaller, may_split=may_split)


def _is_malformed(failure: AzureFailure) -> bool:
    return isinstance(failure, NotUnderstood) and failure.status == 400


def _ask_once(reader: Reader, request: MetricRequest, answer: MetricAnswer) -> list[_Gap]:
    """One HTTP request: what it answers is kept, what it leaves open is returned."""
    question = request.question
    body = {"resourceids": list(request.resource_ids)}
    results = reader.ask_metrics(
        question.region, question.subscription_id, body, request.tries, results_of, **request.query
    )
    gaps: list[_Gap] = []
    answered: dict[tuple[str, Days], list[str]] = {}
    for resource_id in request.resource_ids:
        result = results.get(key_of(resource_id), NOTHING)
        covered = covered_days(result, request) if result.metrics else None
        for metric in request.metrics:
            series = _series(request, result, resource_id, metric)
            if isinstance(series, _Gap):
                gaps.append(series)
                continue
            for days in left_out(covered, request):
                gaps.append(_left_out_gap(request, resource_id, metric, days))
            if covered is not None:
                answer.series += series
                if question.source == BY_CLASS:
                    answer.series += sum_of_classes(series)
                answered.setdefault((key_of(resource_id), covered), []).append(metric)
    answer.reads += _reads(request, answered, None)
    return gaps


def _series(
    request: MetricRequest, result: Result, resource_id: str, metric: str
) -> list[MetricSeries] | _Gap:
    """All series of a metric; a gap where it has none, or one of them is odd."""
    found = result.metrics.get(metric.lower())
    why = _why_not(found, request)
    if why is None and isinstance(found, Metric):
        grain = grain_of(result, request)
        try:
            return [series_of(one, resource_id, metric, grain, request) for one in found.timeseries]
        except Misshapen as odd:
            why = "failed", odd.code, odd.message
    assert why is not None
    return _gap(request, resource_id, metric, *why)


def _why_not(
    metric: Metric | OddMetric | None, request: MetricRequest
) -> tuple[Literal["failed", "cut", "absent"], str, str] | None:
    """Why a metric of a result is no answer, or None where it is one."""
    if metric is None:
        return "absent", "NotAnswered", "the answer leaves it out"
    error = error_of(metric)
    if error is not None:
        return "failed", *error
    if isinstance(metric, OddMetric):
        return "failed", "WrongShape", metric.sentence
    is_split = request.question.split is not None
    if is_split and len(metric.timeseries) >= TOP:
        return "cut", "SeriesCut", f"the answer was cut at {TOP} series"
    return None


def _can_ask_again(gap: _Gap, request: MetricRequest) -> bool:
    if gap.why == "failed":
        return request.aggregation != "average" or len(request.metrics) > 1
    if gap.why == "cut":
        return request.question.source == BY_CLASS
    return gap.why == "days" and not request.is_again


def _smaller(request: MetricRequest, gaps: Sequence[_Gap]) -> Iterator[MetricRequest]:
    """Failed metrics by Average alone, then each for itself; series that were cut without their
    classes; left out days in shorter spans.
    """
    failed = [gap for gap in gaps if gap.why == "failed"]
    if failed and request.aggregation != "average":
        yield _about(failed, replace(request, aggregation="average"))
    elif failed:
        for metric in _distinct(gap.metric for gap in failed):
            yield _about([gap for gap in failed if gap.metric == metric], request)
    cut = [gap for gap in gaps if gap.why == "cut"]
    if cut and request.plainer is not None:
        yield _about(cut, request.plainer)
    days = [gap for gap in gaps if gap.why == "days"]
    for first_day, last_day in sorted({(gap.first_day, gap.last_day) for gap in days}):
        same = [gap for gap in days if (gap.first_day, gap.last_day) == (first_day, last_day)]
        for first, last in _spans(first_day, last_day):
            part = replace(request, first_day=first, last_day=last, is_again=True)
            yield _about(same, part)


def _about(gaps: Sequence[_Gap], request: MetricRequest) -> MetricRequest:
    return replace(
        request,
        resource_ids=_distinct(gap.resource_id for gap in gaps),
        metrics=_distinct(gap.metric for gap in gaps),
    )


def _spans(first_day: date, last_day: date) -> Iterator[tuple[date, date]]:
    at = first_day
    while at <= last_day:
        until = min(at + timedelta(days=LONGEST_SPAN_DAYS - 1), last_day)
        yield at, until
        at = until + timedelta(days=1)


def _refuse(request: MetricRequest, gaps: Sequence[_Gap], answer: MetricAnswer) -> None:
    """Note gaps that stay open, by cause; of a few resources each is named."""
    needed = [gap for gap in gaps if gap.last_day >= request.question.needed_from]
    question = request.question
    ordered = sorted(needed, key=lambda gap: (gap.code, gap.message))
    for (code, message), found in groupby(ordered, key=lambda gap: (gap.code, gap.message)):
        same = list(found)
        resources = _distinct(gap.resource_id for gap in same)
        what = f"{question.answers}: {', '.join(_distinct(gap.metric for gap in same))}"
        scopes = resources
        if len(resources) > MOST_NAMED:
            scopes = (f"{question.subscription_id}/{question.region}",)
            what = f"{counted(len(resources), 'resource')}, {what}"
        for scope in scopes:
            answer.read_errors.append(ReadError(METRICS.name, scope, code, f"{message} ({what})"))
        refused: dict[tuple[str, Days], list[str]] = {}
        for gap in same:
            place = key_of(gap.resource_id), (gap.first_day, gap.last_day)
            refused.setdefault(place, []).append(gap.metric)
        answer.reads += _reads(request, refused, code)


def _all_of(request: MetricRequest, failure: AzureFailure) -> list[_Gap]:
    return [
        _gap(request, resource_id, metric, "failed", failure.code, failure.message)
        for resource_id in request.resource_ids
        for metric in request.metrics
    ]


def _gap(
    request: MetricRequest,
    resource_id: str,
    metric: str,
    why: Literal["failed", "cut", "absent"],
    code: str,
    message: str,
) -> _Gap:
    first_day, last_day = request.first_day, request.last_day
    return _Gap(why, resource_id, metric, first_day, last_day, code, message)


def _left_out_gap(
    request: MetricRequest, resource_id: str, metric: str, days: tuple[date, date]
) -> _Gap:
    message = f"the answer leaves out {days[0]} to {days[1]}"
    return _Gap("days", resource_id, metric, *days, "DaysLeftOut", message)


def _reads(
    request: MetricRequest, metrics: Mapping[tuple[str, Days], Sequence[str]], code: str | None
) -> Iterator[MetricRead]:
    """Resources of which the same metrics of the same days were answered, or refused, together."""
    together: dict[tuple[tuple[str, ...], Days], list[str]] = {}
    for (key, days), named in metrics.items():
        together.setdefault((tuple(named), days), []).append(key)
    question = request.question
    for (named, days), keys in together.items():
        yield MetricRead(
            tuple(keys),
            question.answers,
            named,
            question.grain_minutes,
            *days,
            "answered" if code is None else "refused",
            code,
            request.read_at,
        )


def _distinct(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
