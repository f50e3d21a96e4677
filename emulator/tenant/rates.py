"""What machines cost by the hour: the figures behind both the price list and the bill."""

from __future__ import annotations

from typing import Final

USD_PER_HOUR: Final = {
    "Standard_DS1_v2": 0.073,
    "Standard_DS2_v2": 0.146,
    "Standard_DS3_v2": 0.293,
    "Standard_DS4_v2": 0.585,
    "Standard_F2s_v2": 0.085,
    "Standard_F4s_v2": 0.169,
    "Standard_F8s_v2": 0.338,
    "Standard_E2s_v3": 0.126,
    "Standard_E4s_v3": 0.252,
    "Standard_E8s_v3": 0.504,
    "Standard_E16s_v3": 1.008,
    "Standard_NC6s_v3": 3.06,
    "Standard_NC12s_v3": 6.12,
    "Standard_NC24ads_A100_v4": 3.673,
    "Standard_NC48ads_A100_v4": 7.346,
}
REGION_FACTORS: Final = {
    "eastus": 1.0,
    "eastus2": 1.0,
    "westus3": 1.0,
    "westeurope": 1.13,
    "northeurope": 1.08,
    "swedencentral": 1.05,
    "uksouth": 1.16,
    "japaneast": 1.29,
}
PER_USD: Final = {"USD": 1.0, "EUR": 0.92, "GBP": 0.79, "CHF": 0.88}
_BY_NAME: Final = {name.casefold(): price for name, price in USD_PER_HOUR.items()}


def hourly(size: str | None, region: str | None, currency: str) -> float | None:
    """The list price of one machine for one hour, None for a size or currency nobody lists."""
    price = _BY_NAME.get((size or "").casefold())
    if price is None or currency not in PER_USD:
        return None
    return round(price * REGION_FACTORS.get(region or "", 1.1) * PER_USD[currency], 6)
