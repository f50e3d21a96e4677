"""The layouts of exports (azure.md A50): which columns show one, and which file has which."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

# What a layout must have; each by one of several names; case does not matter.
LAYOUTS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "FOCUS": (
        ("ChargePeriodStart",),
        ("BilledCost",),
        ("EffectiveCost",),
        ("BillingCurrency",),
        ("ResourceId",),
        ("Tags",),
    ),
    "EA or MCA": (
        ("Date", "UsageDateTime", "UsageDate"),
        ("CostInBillingCurrency", "Cost", "PreTaxCost"),
        ("BillingCurrency", "BillingCurrencyCode", "Currency"),
        ("ResourceId", "InstanceId", "InstanceName"),
        ("Tags",),
    ),
}
_ALSO = {"subaccountid", "subscriptionid", "subscriptionguid", "x_resourcetype", "resourcetype"}
_ALSO |= {
    "chargetype",
    "pricingmodel",
    "quantity",
    "billingperiodstartdate",
    "billingperiodenddate",
}
_ALSO |= {"meterid", "x_skumeterid", "skumeter", "metername", "metercategory"}
_ALSO |= {"unitofmeasure", "consumedquantity", "consumedunit", "pricingquantity", "pricingunit"}
_ALSO |= {"providername", "hostprovidername", "serviceprovidername", "publishername"}
_ALSO |= {"invoiceissuername"}
NAMES: Final = sorted(
    _ALSO | {n.lower() for roles in LAYOUTS.values() for role in roles for n in role}
)
# Columns of the bill as Mothball itself writes it; two of them show it.
_OWN: Final = {"x_part", "x_verdict", "x_owner", "x_workspaceid"}
_SEPARATORS: Final = (",", ";", "\t")
_LINES_SEARCHED: Final = 40
# A portal in another language writes `Ressourcengruppe (ResourceGroup)`.
_TRANSLATED = re.compile(r"\(([^()]*)\)\W*$")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a CSV file: its separator, its columns in lower case, the lines above it."""

    separator: str
    columns: tuple[str, ...]
    lines_above: int = 0


def layout_of(columns: Iterable[str]) -> tuple[str, list[str]]:
    """The layout that fits best, and the columns that it lacks."""
    there = {name.lower() for name in columns}
    lacks = {
        layout: [role[0] for role in roles if not there & {name.lower() for name in role}]
        for layout, roles in LAYOUTS.items()
    }
    best = min(lacks, key=lambda layout: len(lacks[layout]))
    return best, lacks[best]


def is_own(columns: Iterable[str]) -> bool:
    """Whether `mothball report focus` wrote the file: its cost is no second source of the bill."""
    return len(_OWN & {name.lower() for name in columns}) > 1


def header_of(text: str) -> Header:
    """The header in the text that a file begins with: the first line, unless a later one fits."""
    lines = enumerate(text.splitlines()[:_LINES_SEARCHED])
    headers = [replace(_header(line), lines_above=above) for above, line in lines if line.strip()]
    headers = headers or [Header(",", ("column 0",))]
    fitting = (header for header in headers if not layout_of(header.columns)[1])
    return next(fitting, replace(headers[0], lines_above=0))


def _header(line: str) -> Header:
    """A line as the separator reads it that gives the most of a layout."""
    headers = [
        Header(separator, tuple(_distinct(next(csv.reader([line], delimiter=separator), []))))
        for separator in _SEPARATORS
    ]
    return min(headers, key=lambda header: len(layout_of(header.columns)[1]))


def _distinct(cells: Sequence[str]) -> Iterable[str]:
    seen: set[str] = set()
    for number, cell in enumerate(cells):
        name = _meaning(cell)
        if not name or name in seen:
            name = f"column {number}"
        seen.add(name)
        yield name


def _meaning(cell: str) -> str:
    """A column's name in lower case, without translation, blanks and marks."""
    translated = _TRANSLATED.search(cell)
    return re.sub(r"\W", "", translated[1] if translated else cell).lower()
