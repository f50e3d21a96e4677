"""Where a request goes, by the cloud profile's addresses and not by the hosts behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args
from urllib.parse import parse_qsl, unquote

from collectors.connection.cloud import REGION, Cloud
from collectors.sources import Address, api_of

# In place of the cloud's own hosts in links; whoever replays it puts its own address there.
HOST = "https://recording.invalid"
PRICES_PATH = "/api/retail/prices"
_ADDRESSES: tuple[Address, ...] = get_args(Address)
_HTTPS_PORT = re.compile(r"^(https://[^/?#]+):443(?=[/?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A path below an address of the profile, as one host would serve all of them.

    `start` is what tells the address by (a region's metrics, the price list), `path` the rest.
    """

    start: str
    path: str
    query: tuple[tuple[str, str], ...]


def place_of(cloud: Cloud, url: str) -> Place | None:
    """The place of a URL; None where it is on none of the cloud's hosts.

    A link may lead to another address than its path speaks of.
    """
    plain = _HTTPS_PORT.sub(r"\1", url)
    addresses = dict.fromkeys((api_of(plain).address, *_ADDRESSES))
    places = (_place_below(cloud, address, plain) for address in addresses)
    return next((place for place in places if place is not None), None)


def _place_below(cloud: Cloud, address: Address, plain: str) -> Place | None:
    base: str | None = getattr(cloud, address)
    if base is None:
        return None
    pattern = re.escape(base).replace(re.escape("{region}"), f"(?P<region>{REGION.pattern})")
    found = re.match(rf"{pattern}(?=[/?#]|$)", plain, re.IGNORECASE)
    if found is None:
        return None
    path, _, rest = plain[found.end() :].partition("#")[0].partition("?")
    query = parse_qsl(rest, keep_blank_values=True)
    return Place(_start(address, found), unquote(path), tuple(query))


def _start(address: Address, found: re.Match[str]) -> str:
    if address == "metrics":
        region = found.groupdict().get("region")
        return f"/{region.lower()}" if region else ""
    return PRICES_PATH if address == "retail_prices" else ""
