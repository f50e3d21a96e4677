"""Asks the list prices of the sizes in use that are not known or old, smaller sizes with them."""

from __future__ import annotations

import re
from datetime import timedelta

from actions.snapshot.run import Run
from collectors.costs.prices import read_prices
from collectors.records import Inventory, ListPrice, ReadError
from collectors.sources import PRICES
from queries.intake.prices import KnownPrices, keep_prices, known_prices

PRICES_KEEP_DAYS = 7


def gather_prices(run: Run, found: Inventory, currency: str) -> list[ReadError]:
    """Ask and keep them; `currency` counts where no bill names one."""
    now = run.now()
    known = known_prices(run.store, now - timedelta(days=PRICES_KEEP_DAYS))
    wanted = _prices_to_ask(known, found, currency)
    read_errors: list[ReadError] = []
    prices: dict[tuple[str, str, str], ListPrice] = {}
    for done, (region, size, asked_in) in enumerate(wanted):
        run.progress(PRICES.name, done, len(wanted))
        if (region, size.lower(), asked_in) in prices:
            continue  # it came with a larger one of its family
        smaller = known.smaller.get(size.lower(), ())
        answer = read_prices(run.reader, region, size, asked_in, now, smaller)
        if isinstance(answer, ReadError):
            read_errors.append(answer)
        else:
            prices |= {(one.region, one.instance_type, one.currency): one for one in answer}
    run.progress(PRICES.name, len(wanted), len(wanted))
    keep_prices(run.store, prices.values(), now)
    return read_errors


def _prices_to_ask(
    known: KnownPrices, found: Inventory, otherwise: str
) -> list[tuple[str, str, str]]:
    """(region, size, currency) in use whose price is not known or is old."""
    wanted: dict[tuple[str, str, str], tuple[str, str, str]] = {}
    for deployment in found.deployments:
        if deployment.kind != "managed" or not deployment.instance_type or not deployment.region:
            continue
        currency = known.currencies.get(deployment.subscription_id.lower(), otherwise)
        key = (deployment.region, deployment.instance_type.lower(), currency)
        if key not in known.fresh:
            wanted[key] = (deployment.region, deployment.instance_type, currency)
    return sorted(wanted.values(), key=_large_first)


def _large_first(place: tuple[str, str, str]) -> tuple[str, str, int, str]:
    """By region and currency, larger sizes first: their answers hold the smaller ones' prices."""
    region, size, currency = place
    number = re.search(r"\d+", size)
    return region, currency, -int(number[0]) if number else 0, size.lower()
