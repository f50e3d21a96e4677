"""The list price of a size in a region, from the Retail Prices API; public, without a sign-in.

Facts: azure.md A52 to A54. Of the nine rows that a size has, one is the plain Linux
machine at the ordinary rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from collectors.connection.errors import AzureFailure, NotUnderstood
from collectors.connection.reading import Reader
from collectors.connection.shapes import (
    each_whole,
    has_fields,
    is_flag,
    is_number,
    is_text,
    next_page,
)
from collectors.connection.splitting import may_be_one_of_many
from collectors.inventory.resources import moment
from collectors.inventory.row_shapes import is_moment
from collectors.records import ListPrice, ReadError
from collectors.sources import PRICES

PRICES_API = "2023-01-01-preview"
# What the names of rows say that are no plain Linux machine; of products, without spaces.
OTHER_PRODUCTS = ("windows", "cloudservices", "dedicatedhost")
OTHER_OFFERS = ("windows", "spot", "low priority", "expired")
_NAMES = (
    "serviceName",
    "type",
    "priceType",
    "unitOfMeasure",
    "armRegionName",
    "armSkuName",
    "productName",
    "skuName",
    "meterName",
    "meterId",
    "currencyCode",
    "reservationTerm",
)
# A row of the list, by what is looked at to choose it.
is_price = has_fields(
    dict.fromkeys(_NAMES, is_text)
    | dict.fromkeys(("tierMinimumUnits", "retailPrice"), is_number)
    | dict.fromkeys(("effectiveStartDate", "effectiveEndDate"), is_moment)
    | {"isPrimaryMeterRegion": is_flag}
)
_SIZE = re.compile(r"standard_([a-z]+)(\d[\d-]*)([a-z]*)(.*)", re.IGNORECASE)


def read_prices(
    reader: Reader,
    region: str,
    size: str,
    currency: str,
    now: datetime,
    smaller: Sequence[str] = (),
) -> list[ListPrice] | ReadError:
    """The price of a size, and in the same request those of `smaller` that the list has.

    A size is asked by its usual spelling and then by the one that it was given: the list
    compares spellings with their case (azure.md A52), Azure's other answers do not.
    """
    try:
        for spelt in _spellings(size, smaller):
            prices = _prices(reader, region, spelt, currency, now)
            if size.lower() in prices:
                return list(prices.values())
    except AzureFailure as failure:
        return ReadError(PRICES.name, f"{region}/{size}", failure.code, failure.message)
    return [ListPrice(region, size.lower(), currency, None)]


def _spellings(size: str, smaller: Sequence[str]) -> Iterable[tuple[str, ...]]:
    usual = usual_spelling(size)
    return dict.fromkeys([(*smaller, usual), (usual,), (size,)])


def _prices(
    reader: Reader, region: str, spelt: Sequence[str], currency: str, now: datetime
) -> dict[str, ListPrice]:
    """The sizes that the list has, by size in lower case."""
    try:
        rows = list(_rows(reader, region, spelt, currency))
    except AzureFailure as failure:
        if len(spelt) == 1 or not may_be_one_of_many(failure):
            raise
        return {}  # asked one by one instead
    chosen = {size.lower(): plain_linux_row(rows, region, size, now) for size in spelt}
    return {
        size: ListPrice(
            region,
            size,
            str(row.get("currencyCode") or currency).upper(),
            _price(row),
            row.get("productName"),
            row.get("meterId"),
        )
        for size, row in chosen.items()
        if row is not None
    }


def plain_linux_row(
    rows: Iterable[Mapping[str, Any]], region: str, size: str, now: datetime
) -> Mapping[str, Any] | None:
    """The one row of an ordinary Linux machine: no spot, low priority, dev/test, Windows or term.

    Of several it is the newest in force, and among equals that of the primary meter region; the
    plain row may be alone and not of it.
    """
    fitting = [row for row in rows if _is_plain(row, region, size, now)]
    return max(fitting, key=_preference, default=None)


def usual_spelling(size: str) -> str:
    """`STANDARD_NC24ADS_A100_V4` as the price list spells it: `Standard_NC24ads_A100_v4`."""
    match = _SIZE.fullmatch(size.strip())
    if match is None:
        return size
    family, number, features, rest = match.groups()
    tail = re.sub(r"_v(\d+)", r"_v\1", rest.upper(), flags=re.IGNORECASE)
    return f"Standard_{family.upper()}{number}{features.lower()}{tail}"


def _rows(
    reader: Reader, region: str, spelt: Sequence[str], currency: str
) -> Iterable[Mapping[str, Any]]:
    address = reader.cloud.retail_prices
    assert address is not None
    place = f"serviceName eq 'Virtual Machines' and armRegionName eq '{_quoted(region)}'"
    text = " or ".join(f"{place} and armSkuName eq '{_quoted(size)}'" for size in spelt)
    query = {"api-version": PRICES_API, "currencyCode": f"'{currency}'", "$filter": text}
    page = reader.get_public(address, **query)
    seen: set[str] = set()
    while True:
        items = page.get("Items")
        if not isinstance(items, list):
            raise NotUnderstood("a price page has no items", "NoItems")
        yield from each_whole(items, is_price)
        link = next_page(page, "NextPageLink", seen)
        if link is None:
            return
        page = reader.get_public(link)


def _preference(row: Mapping[str, Any]) -> tuple[datetime, bool]:
    oldest = datetime.min.replace(tzinfo=UTC)
    return moment(row.get("effectiveStartDate")) or oldest, row.get("isPrimaryMeterRegion") is True


def _is_plain(row: Mapping[str, Any], region: str, size: str, now: datetime) -> bool:
    product, sku = str(row.get("productName") or ""), str(row.get("skuName") or "")
    names = f"{sku} {row.get('meterName') or ''}".lower()
    starts, ends = moment(row.get("effectiveStartDate")), moment(row.get("effectiveEndDate"))
    return (
        str(row.get("serviceName")) == "Virtual Machines"
        and str(row.get("type") or row.get("priceType")) == "Consumption"
        and str(row.get("unitOfMeasure")) == "1 Hour"
        and str(row.get("armRegionName")).lower() == region
        and str(row.get("armSkuName")).lower() == size.lower()
        and not row.get("reservationTerm")
        and not any(word in product.lower().replace(" ", "") for word in OTHER_PRODUCTS)
        and not any(word in names for word in OTHER_OFFERS)
        and not row.get("tierMinimumUnits")
        and (starts is None or starts <= now)
        and (ends is None or ends > now)
        and _price(row) is not None
    )


def _price(row: Mapping[str, Any]) -> Decimal | None:
    try:
        price = Decimal(str(row.get("retailPrice")))
    except InvalidOperation:
        return None
    return price if price.is_finite() and price > 0 else None


def _quoted(value: str) -> str:
    return value.replace("'", "''")
