"""The addresses of one Azure-like cloud, and the only hosts that may be spoken to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from collectors.sources import Address

REGION = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Cloud:
    """A cloud profile. Addresses are https and have no slash at the end.

    `now` is the time at which a replayed recording stands still; None: the time goes on.
    """

    name: str
    resource_manager: str
    authority: str
    metrics: str
    logs: str | None = None
    retail_prices: str | None = None
    portal: str | None = None
    ca_bundle: Path | None = None
    resource_manager_scope: str | None = None
    metrics_scope: str | None = None
    logs_scope: str | None = None
    custom: bool = False
    managed_identity: bool = True
    now: datetime | None = None

    def metrics_endpoint(self, region: str) -> str:
        """The metrics address of a region; a region that is no plain word is refused."""
        folded = region.lower().replace(" ", "")
        if not REGION.fullmatch(folded):
            raise ValueError(f"{region!r} is not the name of a region")
        return self.metrics.replace("{region}", folded)

    def scope_for(self, address: Address) -> str:
        """The scope of the token that an address is asked with."""
        given: str | None = getattr(self, f"{address}_scope", None)
        return given or _origin(getattr(self, address) or self.resource_manager) + "/.default"

    def names(self, url: str) -> bool:
        """Whether the profile names this host (and the address is https)."""
        asked = urlsplit(url)
        if asked.scheme != "https" or asked.username is not None:
            return False
        return any(pattern.fullmatch(_host(url)) for pattern in self._hosts())

    def _hosts(self) -> list[re.Pattern[str]]:
        named = (self.resource_manager, self.metrics, self.logs, self.retail_prices)
        return [_host_pattern(_host(address)) for address in named if address]


def _host(address: str) -> str:
    """Host and port, without the port that https has anyway (azure.md A81)."""
    return urlsplit(address).netloc.lower().removesuffix(":443")


def _host_pattern(host: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in host.split("{region}")]
    return re.compile(REGION.pattern.join(parts))


def _origin(address: str) -> str:
    split = urlsplit(address.replace("{region}.", ""))
    return f"{split.scheme}://{split.netloc}"


AZURE = Cloud(
    name="AzureCloud",
    resource_manager="https://management.azure.com",
    authority="https://login.microsoftonline.com",
    metrics="https://{region}.metrics.monitor.azure.com",
    logs="https://api.loganalytics.io",
    retail_prices="https://prices.azure.com/api/retail/prices",
    portal="https://portal.azure.com",
)
GOVERNMENT = Cloud(
    name="AzureUSGovernment",
    resource_manager="https://management.usgovcloudapi.net",
    resource_manager_scope="https://management.core.usgovcloudapi.net/.default",
    authority="https://login.microsoftonline.us",
    metrics="https://{region}.metrics.monitor.azure.us",
    logs="https://api.loganalytics.us",
    portal="https://portal.azure.us",
)
# Azure publishes no metrics or logs host for this cloud that could be confirmed; the host by
# the same pattern is asked, and where it does not answer the evidence is missing.
CHINA = Cloud(
    name="AzureChinaCloud",
    resource_manager="https://management.chinacloudapi.cn",
    authority="https://login.chinacloudapi.cn",
    metrics="https://{region}.metrics.monitor.azure.cn",
    logs="https://api.loganalytics.azure.cn",
    portal="https://portal.azure.cn",
)
KNOWN = {cloud.name.lower(): cloud for cloud in (AZURE, GOVERNMENT, CHINA)}
