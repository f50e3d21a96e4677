"""The Retail Prices API: nine rows for each size and region, values compared with case."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlencode

from emulator.apis.wire import Answer, Call, route
from emulator.tenant.rates import PER_USD, REGION_FACTORS, USD_PER_HOUR, hourly
from emulator.tenant.resources import stable_uuid
from emulator.tenant.shapes import Json

PAGE = 100
FIELDS = {
    "armRegionName",
    "location",
    "meterId",
    "meterName",
    "productId",
    "skuId",
    "productName",
    "skuName",
    "serviceName",
    "serviceId",
    "serviceFamily",
    "priceType",
    "armSkuName",
}
WORDS = re.compile(r"'(?:[^']|'')*'|[(),]|\w+")
Test = Callable[[Json], bool]


class BadFilterError(Exception):
    """The filter cannot be read."""


def prices(call: Call) -> Answer:
    """One page of the price rows that fit the filter; anonymous."""
    currency = (call.query.get("currencycode") or "USD").strip("'")
    if currency not in PER_USD:
        return _refused(f"Invalid currency code: {currency}")
    try:
        test = _Filter(call.query.get("$filter", "")).parse()
        start = int(call.query.get("$skip") or 0)
    except (BadFilterError, ValueError) as error:
        return _refused(f"Invalid OData parameters supplied: {error}")
    found = [row for row in rows(currency) if test(row)]
    page = found[start : start + PAGE]
    following = None
    if start + PAGE < len(found):
        kept = {name: text for name, text in call.query.items() if name != "$skip"}
        query = urlencode({**kept, "$skip": start + PAGE}, safe="$")
        following = f"{call.address_for_links}?{query}"
    body = {
        "BillingCurrency": currency,
        "CustomerEntityId": "Default",
        "CustomerEntityType": "Retail",
        "Items": page,
        "NextPageLink": following,
        "Count": len(page),
    }
    return Answer(200, body)


@lru_cache(maxsize=8)
def rows(currency: str) -> list[Json]:
    """Every row of the price list in one currency."""
    return [
        row
        for size in USD_PER_HOUR
        for region in REGION_FACTORS
        for row in _of(size, region, currency)
    ]


def _of(size: str, region: str, currency: str) -> list[Json]:
    price = hourly(size, region, currency) or 0.0
    short = size.removeprefix("Standard_").replace("_", " ")
    family = f"Virtual Machines {short.split()[0]} Series"
    shown: list[Json] = []
    for system, factor in (("", 1.0), (" Windows", 1.63)):
        for ending, part in (("", 1.0), (" Spot", 0.21), (" Low Priority", 0.2)):
            meter = stable_uuid(size, region, system, ending)
            amount = round(price * factor * part, 6)
            row = _row(currency, region, size, family + system, short + ending, amount, meter)
            row["isPrimaryMeterRegion"] = not (region == "northeurope" and not system + ending)
            shown.append(row)
    tests = {**shown[3], "type": "DevTestConsumption", "retailPrice": price, "unitPrice": price}
    for term, years in (("1 Year", 1), ("3 Years", 3)):
        amount = round(price * 8760 * years * (0.62 if years == 1 else 0.42), 2)
        meter = shown[0]["meterId"]
        row = _row(currency, region, size, family, short, amount, meter)
        shown.append({**row, "type": "Reservation", "reservationTerm": term})
    return [*shown, tests]


def _row(
    currency: str, region: str, size: str, product: str, sku: str, price: float, meter: str
) -> Json:
    return {
        "currencyCode": currency,
        "tierMinimumUnits": 0.0,
        "retailPrice": price,
        "unitPrice": price,
        "armRegionName": region,
        "location": region,
        "effectiveStartDate": "2024-01-01T00:00:00Z",
        "meterId": meter,
        "meterName": sku,
        "productId": f"DZH318Z0{stable_uuid(product)[:4].upper()}",
        "skuId": f"DZH318Z0{stable_uuid(product)[:4].upper()}/{stable_uuid(sku)[:4].upper()}",
        "productName": product,
        "skuName": sku,
        "serviceName": "Virtual Machines",
        "serviceId": "DZH313Z7MMC8",
        "serviceFamily": "Compute",
        "unitOfMeasure": "1 Hour",
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        "armSkuName": size,
    }


class _Filter:
    """`name eq 'value'`, `ne`, `contains(name, 'part')`, and, or, brackets."""

    def __init__(self, text: str) -> None:
        if WORDS.sub("", text).strip():
            raise BadFilterError(text)
        self.words = WORDS.findall(text)

    def parse(self) -> Test:
        if not self.words:
            return lambda row: True
        test = self.either()
        if self.words:
            raise BadFilterError(self.words[0])
        return test

    def either(self) -> Test:
        tests = [self.both()]
        while self.peek() == "or":
            self.take()
            tests.append(self.both())
        return lambda row: any(test(row) for test in tests)

    def both(self) -> Test:
        tests = [self.single()]
        while self.peek() == "and":
            self.take()
            tests.append(self.single())
        return lambda row: all(test(row) for test in tests)

    def single(self) -> Test:
        word = self.take()
        if word == "(":
            test = self.either()
            self.expect(")")
            return test
        if word == "contains":
            self.expect("(")
            name = self.field(self.take())
            self.expect(",")
            part = self.literal()
            self.expect(")")
            return lambda row: part in str(row.get(name))
        name, operator, value = self.field(word), self.take(), self.literal()
        if operator not in ("eq", "ne"):
            raise BadFilterError(operator)
        return lambda row: (str(row.get(name)) == value) == (operator == "eq")

    def field(self, name: str) -> str:
        if name not in FIELDS:
            raise BadFilterError(name)
        return "type" if name == "priceType" else name

    def literal(self) -> str:
        word = self.take()
        if not word.startswith("'"):
            raise BadFilterError(word)
        return word[1:-1].replace("''", "'")

    def peek(self) -> str:
        return self.words[0] if self.words else ""

    def take(self) -> str:
        if not self.words:
            raise BadFilterError("it ends too early")
        return str(self.words.pop(0))

    def expect(self, word: str) -> None:
        if self.take() != word:
            raise BadFilterError(f"expected {word}")


def _refused(text: str) -> Answer:
    return Answer(400, {"Error": {"Code": "BadRequest", "Message": text}})


ROUTES = [route("GET", "/api/retail/prices", "prices", prices, anonymous=True)]
