"""The shapes of a metrics answer: an odd metric is named, and the others of it stay whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec

from collectors.connection.errors import NotUnderstood
from collectors.connection.parsing import shaped
from collectors.connection.reading import parsed
from collectors.connection.shapes import objects_in
from collectors.inventory.row_shapes import is_moment
from collectors.records import key_of

if TYPE_CHECKING:
    from azure.core.rest import HttpResponse

# A count that no service reaches is none.
Amount: TypeAlias = Annotated[float, msgspec.Meta(ge=0, lt=1e18)]
_OF_A_RESULT = ("starttime", "endtime", "interval")
_PLACE = re.compile(r"`\$\.?(.*)`$")


class Point(msgspec.Struct, frozen=True, gc=False, rename={"starts_at": "timeStamp"}):
    """A bucket of a series by its start; a value that is missing is not there."""

    starts_at: str
    average: Amount | None = None
    maximum: Amount | None = None
    total: Amount | None = None


class Label(msgspec.Struct, frozen=True):
    """What a series of a split answer speaks of."""

    name: Any = None
    value: str | None = None


class Series(msgspec.Struct, frozen=True, rename={"labels": "metadatavalues"}):
    """One series of a metric."""

    data: list[Point]
    labels: list[Label] | None = None


class Metric(msgspec.Struct, frozen=True, rename={"code": "errorCode", "message": "errorMessage"}):
    """A metric of a resource; `code` is its error, where it is not Success."""

    timeseries: list[Series]
    name: Any = None
    code: str | None = None
    message: Any = None


@dataclass(frozen=True, slots=True)
class OddMetric:
    """A metric that is not what Azure promises, by the fields that are odd, or its own error."""

    odd: str
    code: str | None
    message: Any

    @property
    def sentence(self) -> str:
        """What is wrong with it."""
        return f"{self.odd} of the answer is not what Azure promises"


class _Result(msgspec.Struct, frozen=True):
    resourceid: str
    value: list[Metric]
    starttime: str | None = None
    endtime: str | None = None
    interval: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    values: list[_Result]


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer says of a resource: the span and interval that it has, and its metrics.

    Times and interval are as Azure writes them; None: it does not say. Metrics are by their names
    in small letters.
    """

    starttime: str | None
    endtime: str | None
    interval: str | None
    metrics: Mapping[str, Metric | OddMetric]


NOTHING = Result(None, None, None, {})
_ANSWER = msgspec.json.Decoder(_Answer)


def results_of(response: HttpResponse) -> dict[str, Result]:
    """What the answer of a batch says of each resource, by its key; raises NotUnderstood."""
    with suppress(UnicodeDecodeError):
        if (answer := shaped(response.text(), _ANSWER)) is not None:
            return {key_of(one.resourceid): _whole(one) for one in answer.values}
    body = parsed(response)
    if not isinstance(body.get("values"), list):
        raise NotUnderstood("a metrics answer has no values", "NoValues")
    named = [one for one in objects_in(body["values"]) if isinstance(one.get("resourceid"), str)]
    return {key_of(one["resourceid"]): result_of(one) for one in named}


def result_of(body: Mapping[str, Any]) -> Result:
    """What an answer says of one resource, metric by metric."""
    texts = {name: body.get(name) for name in _OF_A_RESULT}
    odd = [name for name, value in texts.items() if not isinstance(value, str | None)]
    known = {name: None if name in odd else value for name, value in texts.items()}
    metrics = {}
    for one in objects_in(body.get("value")):
        metrics[name_of(one.get("name"))] = _metric_of(one, odd or _odd_times(known))
    return Result(**known, metrics=metrics)


def name_of(name: Any) -> str:
    """The name of a metric or label in small letters; empty where it is none."""
    spelt = name.get("value") if isinstance(name, dict) else name
    return spelt.lower() if isinstance(spelt, str) else ""


def _whole(result: _Result) -> Result:
    times = {name: getattr(result, name) for name in _OF_A_RESULT}
    odd = ", ".join(_odd_times(times))
    metrics: dict[str, Metric | OddMetric] = {}
    for one in result.value:
        metrics[name_of(one.name)] = OddMetric(odd, one.code, one.message) if odd else one
    return Result(**times, metrics=metrics)


def _odd_times(texts: Mapping[str, str | None]) -> list[str]:
    """The names of the times that are none."""
    given = [name for name in ("starttime", "endtime") if texts[name] is not None]
    return [name for name in given if not is_moment(texts[name])]


def _metric_of(body: Mapping[str, Any], odd: Sequence[str]) -> Metric | OddMetric:
    if not odd:
        try:
            return msgspec.convert(body, Metric)
        except msgspec.ValidationError as error:
            odd = [_place_of(error)]
    code = body.get("errorCode")
    text = code if isinstance(code, str) else None
    return OddMetric(", ".join(odd), text, body.get("errorMessage"))


def _place_of(error: msgspec.ValidationError) -> str:
    """The field that an error is about: `timeseries.data.average`."""
    found = _PLACE.search(str(error))
    return found[1].replace("[...]", "") if found else "timeseries"
