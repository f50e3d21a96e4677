"""What Azure bills for Machine Learning workspaces, by day and by the tags of their endpoints.

Facts: azure.md A40 to A49. Managed endpoints are billed on the
workspace and distinguished by the tags `azuremlendpoint` and `azuremldeployment` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from collectors.connection.errors import AzureFailure, Misshapen, Missing, NotUnderstood
from collectors.connection.reading import Reader
from collectors.connection.shapes import each, is_number, is_text, next_page
from collectors.records import CostLine, ReadError
from collectors.sources import COST, NO_BILL

COST_API = "2025-03-01"
PAGE_ROWS = 5000
# A bill of so many days has the lines of all that runs (azure.md A45).
BILLED_AFTER = timedelta(days=3)
RESOURCE_TYPE = "microsoft.machinelearningservices/workspaces"
ENDPOINT_TAG, DEPLOYMENT_TAG = "azuremlendpoint", "azuremldeployment"
# How Cost Management refuses an offer that it keeps no costs of (azure.md A121).
_NO_BILL_CODE, _NO_BILL_WORDS = "SubscriptionTypeNotSupported", re.compile(r"offer ?type", re.I)
_OLD_TAG = re.compile(r'"([^"]*)"\s*:\s*"(.*)"')


@dataclass(frozen=True, slots=True)
class CostQuestion:
    """One month of one subscription.

    `by` is `tags` (endpoint and deployment: the bill), `workspace` (workspace and endpoint), or
    `set` (by tags, of the named workspaces only). `basis` is ActualCost or AmortizedCost.
    """

    subscription_id: str
    month: date
    by: str
    basis: str = "ActualCost"
    workspace_ids: tuple[str, ...] = ()


@dataclass
class CostAnswer:
    """The lines of a question, or the read error that it left."""

    question: CostQuestion
    lines: list[CostLine] = field(default_factory=list)
    pages: int = 0
    read_errors: list[ReadError] = field(default_factory=list)


def ask_costs(reader: Reader, question: CostQuestion, today: date) -> CostAnswer:
    """Ask for all pages; a refusal or a missing page is a read error and no line at all."""
    answer = CostAnswer(question)
    try:
        for page in _pages(reader, question, today):
            answer.pages += 1
            answer.lines += _lines(page, question)
    except AzureFailure as failure:
        answer.lines.clear()
        answer.read_errors.append(_read_error(question, failure))
    return answer


def _read_error(question: CostQuestion, failure: AzureFailure) -> ReadError:
    """What a month left; that an offer has no bill is a subscription's, whatever the month."""
    refused = isinstance(failure, NotUnderstood | Missing)
    if failure.code == _NO_BILL_CODE or (refused and _NO_BILL_WORDS.search(failure.message)):
        text = f"this subscription has no bill to read: {failure.message}"
        return ReadError(COST.name, question.subscription_id, NO_BILL, text)
    scope = f"{question.subscription_id}/{question.month:%Y-%m}"
    return ReadError(COST.name, scope, failure.code, failure.message)


def last_day_of(month: date) -> date:
    """The last day of the month that a day lies in."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _pages(reader: Reader, question: CostQuestion, today: date) -> Iterator[Mapping[str, Any]]:
    """Post the body to each next link too (the SDK follows none)."""
    body = _body(question, today)
    path = f"/subscriptions/{question.subscription_id}/providers/Microsoft.CostManagement/query"
    query = {"api-version": COST_API, "$top": str(PAGE_ROWS)}
    page = reader.ask_costs(path, body, **query)
    if not page:
        return  # 204: nothing was billed (azure.md A120)
    seen: set[str] = set()
    while True:
        properties = _table(page)
        yield properties
        link = next_page(properties, "nextLink", seen)
        if link is None:
            return
        page = reader.ask_costs(link, body)


def _table(page: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = page.get("properties")
    if (
        isinstance(properties, dict)
        and each(_is_column)(properties.get("columns"))
        and each(each(_is_cell))(properties.get("rows"))
    ):
        return properties
    raise Misshapen("a cost answer without columns and rows")


def _is_column(column: Any) -> bool:
    return isinstance(column, dict) and is_text(column.get("name"))


def _is_cell(cell: Any) -> bool:
    return cell is None or is_text(cell) or is_number(cell)


def _body(question: CostQuestion, today: date) -> dict[str, Any]:
    last = min(last_day_of(question.month), today)
    tags = [{"type": "TagKey", "name": name} for name in (ENDPOINT_TAG, DEPLOYMENT_TAG)]
    workspace = {"type": "Dimension", "name": "ResourceId"}
    filters = [_is_in("ResourceType", [RESOURCE_TYPE])]
    if question.workspace_ids:
        filters.append(_is_in("ResourceId", list(question.workspace_ids)))
    return {
        "type": question.basis,
        "timeframe": "Custom",
        "timePeriod": {
            "from": f"{question.month:%Y-%m-%d}T00:00:00Z",
            "to": f"{last:%Y-%m-%d}T23:59:59Z",
        },
        "dataset": {
            "granularity": "Daily",
            "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
            "grouping": [workspace, tags[0]] if question.by == "workspace" else tags,
            "filter": filters[0] if len(filters) == 1 else {"and": filters},
        },
    }


def _is_in(name: str, values: Sequence[str]) -> dict[str, Any]:
    return {"dimensions": {"name": name, "operator": "In", "values": list(values)}}


def _lines(page: Mapping[str, Any], question: CostQuestion) -> Iterator[CostLine]:
    """Rows are positional and their columns move, so each page is mapped by its own names."""
    columns = [column["name"].lower() for column in page["columns"]]
    rows = page["rows"]
    grouped = (ENDPOINT_TAG,) if question.by == "workspace" else (ENDPOINT_TAG, DEPLOYMENT_TAG)
    if any(len(row) != len(columns) for row in rows):
        raise NotUnderstood("a cost row has other columns than its table", "BadRow")
    places = _tag_places(columns, rows, grouped) if rows else {}
    for row in rows:
        tags = {name: _tag_value(row[at]) for name, at in places.items()}
        yield CostLine(
            day=_day(_cell(columns, row, "usagedate")),
            resource_key=_resource(columns, row) if question.by == "workspace" else None,
            endpoint=tags[ENDPOINT_TAG],
            deployment=tags.get(DEPLOYMENT_TAG),
            cost=_amount(columns, row),
            currency=_currency(columns, row),
        )


def _tag_places(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], grouped: Sequence[str]
) -> dict[str, int]:
    """The column that holds each tag's value, in any layout that is known (azure.md A42).

    Two TagKey groupings repeat the columns TagKey and TagValue, or number them. Which tag a pair
    is of, its keys tell, or where all of them are empty, the order of the grouping.
    """
    if all(name in columns for name in grouped):
        return {name: columns.index(name) for name in grouped}
    pairs = _pairs(columns)
    if len(pairs) == len(grouped):
        keyed = [_key_in(rows, key) for key, _value in pairs]
        left = [name for name in grouped if name not in keyed]
        names = [name if name and name in grouped else left.pop(0) for name in keyed]
        if len(set(names)) == len(grouped):
            return dict(zip(names, (value for _key, value in pairs), strict=True))
    old = [at for at, name in enumerate(columns) if _is("tag", name)]
    if len(old) == len(grouped):
        return dict(zip(grouped, old, strict=True))
    raise NotUnderstood(f"a cost table without its tags: {', '.join(columns)}", "NoTags")


def _pairs(columns: Sequence[str]) -> list[tuple[int, int]]:
    """Where each TagKey stands, and its TagValue: by their numbers, else the column after it (the
    first after the last), else in the order in which they come.
    """
    keys = {at: name[len("tagkey") :] for at, name in enumerate(columns) if _is("tagkey", name)}
    values = {
        at: name[len("tagvalue") :] for at, name in enumerate(columns) if _is("tagvalue", name)
    }
    by_number = {number: at for at, number in values.items()}
    if len(by_number) == len(values) and sorted(keys.values()) == sorted(by_number):
        return [(at, by_number[number]) for at, number in keys.items()]
    neighbours = [(at + 1) % len(columns) for at in keys]
    return list(zip(keys, neighbours if set(neighbours) == values.keys() else values, strict=False))


def _is(name: str, column: str) -> bool:
    """Whether a column is of this name, with a number behind it or without."""
    return re.fullmatch(rf"{name}(_?\d+)?", column) is not None


def _key_in(rows: Sequence[Sequence[Any]], at: int) -> str | None:
    """The one tag that a column of keys names; an untagged row may leave it empty."""
    keys = {_words(row[at]).lower() for row in rows} - {""}
    if len(keys) > 1:
        raise NotUnderstood(f"a cost table that mixes tags: {', '.join(sorted(keys))}", "NoTags")
    return next(iter(keys), None)


def _tag_value(value: Any) -> str | None:
    """Null and empty both mean untagged; the older form is `"name":"value"` in one column."""
    text = _words(value)
    old = _OLD_TAG.fullmatch(text)
    return (old[2] if old else text).strip().lower() or None


def _resource(columns: Sequence[str], row: Sequence[Any]) -> str:
    resource_id = _words(_cell(columns, row, "resourceid")).strip("/").lower()
    if not resource_id:
        raise NotUnderstood("a cost row of no resource", "BadRow")
    return f"/{resource_id}"


def _amount(columns: Sequence[str], row: Sequence[Any]) -> Decimal:
    name = next(
        (n for n in ("cost", "pretaxcost", "totalcost", "costinbillingcurrency") if n in columns),
        "",
    )
    amount = _cell(columns, row, name)
    if not is_number(amount):
        raise NotUnderstood("a cost row without an amount", "BadRow")
    return Decimal(str(amount))


def _currency(columns: Sequence[str], row: Sequence[Any]) -> str:
    currency = _words(_cell(columns, row, "currency")).upper()
    if not currency:
        raise NotUnderstood("a cost row without a currency", "BadRow")
    return currency


def _day(value: Any) -> date:
    """UsageDate is the number 20260401."""
    text = str(value).strip()[:10].replace("-", "")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError as error:
        raise NotUnderstood(f"a cost row of no day: {value!r}", "BadRow") from error


def _words(value: Any) -> str:
    """A text without the spaces around it; empty for null."""
    if not isinstance(value, str | None):
        raise NotUnderstood(f"a cost row with {value!r} for a text", "BadRow")
    return (value or "").strip()


def _cell(columns: Sequence[str], row: Sequence[Any], name: str) -> Any:
    if name not in columns:
        raise NotUnderstood(f"a cost table without the column {name or 'cost'}", "NoColumn")
    return row[columns.index(name)]
