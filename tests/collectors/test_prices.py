"""The one row of the price list that is meant, among all the others of its size."""

from __future__ import annotations

from typing import Any

import pytest

from collectors.connection.reading import Reader
from collectors.costs.prices import plain_linux_row, read_prices, usual_spelling
from collectors.records import ReadError
from emulator import Fault
from tests.scene import NOW, Bent

PLAIN = {
    "serviceName": "Virtual Machines",
    "type": "Consumption",
    "unitOfMeasure": "1 Hour",
    "armRegionName": "westeurope",
    "armSkuName": "Standard_DS3_v2",
    "productName": "Virtual Machines DSv2 Series",
    "skuName": "DS3 v2",
    "meterName": "DS3 v2",
    "tierMinimumUnits": 0.0,
    "retailPrice": 0.27,
    "isPrimaryMeterRegion": False,
    "effectiveStartDate": "2024-01-01T00:00:00Z",
}
TRICKY: list[dict[str, Any]] = [
    {"productName": "Virtual Machines DSv2 Series Windows"},
    {"skuName": "DS3 v2 Spot"},
    {"meterName": "DS3 v2 Spot"},
    {"skuName": "DS3 v2 Low Priority"},
    {"type": "DevTestConsumption"},
    {"type": "Reservation", "reservationTerm": "1 Year", "retailPrice": 1500.0},
    {"reservationTerm": "3 Years"},
    {"unitOfMeasure": "100 Hours"},
    {"armRegionName": "northeurope"},
    {"armSkuName": "Standard_DS3"},
    {"productName": "DSv2 Series CloudServices"},
    {"tierMinimumUnits": 100.0},
    {"effectiveStartDate": "2027-01-01T00:00:00Z"},
    {"effectiveEndDate": "2026-10-31T00:00:00Z"},
    {"retailPrice": 0.0},
    {"retailPrice": None},
    {"retailPrice": "NaN"},
    {"productName": "DSv2 Series Cloud Services"},
    {"productName": "DSv2 Series Dedicated Host"},
    {"skuName": "DS3 v2 Windows"},
    {"meterName": "DS3 v2 - Expired"},
    {"tierMinimumUnits": "many"},
    {"type": None, "priceType": "Reservation"},
    {"serviceName": "Cloud Services"},
]


@pytest.mark.parametrize("change", TRICKY, ids=str)
def test_a_row_of_a_wrong_kind_is_never_chosen(change: dict[str, Any]) -> None:
    wrong = PLAIN | change
    assert plain_linux_row([wrong], "westeurope", "Standard_DS3_v2", NOW) is None
    both = [wrong, PLAIN, wrong]
    assert plain_linux_row(both, "westeurope", "standard_ds3_V2", NOW) == PLAIN


def test_of_several_plain_rows_the_one_in_force_counts() -> None:
    newer = PLAIN | {"retailPrice": 0.29, "effectiveStartDate": "2026-01-01T00:00:00Z"}
    assert plain_linux_row([newer, PLAIN], "westeurope", "Standard_DS3_v2", NOW) == newer


def test_of_two_rows_of_one_day_the_primary_meter_region_counts() -> None:
    primary = PLAIN | {"retailPrice": 0.28, "isPrimaryMeterRegion": True}
    for rows in ([primary, PLAIN], [PLAIN, primary]):
        assert plain_linux_row(rows, "westeurope", "Standard_DS3_v2", NOW) == primary


def test_a_row_that_says_no_start_or_an_end_to_come_is_in_force() -> None:
    open_ended = PLAIN | {"effectiveStartDate": None, "effectiveEndDate": "2027-01-01T00:00:00Z"}
    assert plain_linux_row([open_ended], "westeurope", "Standard_DS3_v2", NOW) == open_ended


def test_pages_of_prices_that_go_round_in_a_circle_are_a_read_error(
    azure: Bent, reader: Reader
) -> None:
    def circling(body: dict[str, Any]) -> dict[str, Any]:
        return body | {"NextPageLink": f"{azure.url}/api/retail/prices?$skip=100"}

    azure.bend("retail/prices", circling)
    reported = read_prices(reader, "westeurope", "Standard_DS3_v2", "EUR", NOW)
    assert isinstance(reported, ReadError)
    assert reported.code == "EndlessPages"


@pytest.mark.parametrize("status", [400, 404, 501])
def test_a_size_that_spoils_the_question_of_its_family_leaves_the_others_their_price(
    azure: Bent, reader: Reader, status: int
) -> None:
    azure.faults.add(Fault("unavailable", "retail/prices.*Standard_DS2_v2", status=status))
    asked = ("westeurope", "Standard_DS3_v2", "EUR", NOW, ("Standard_DS2_v2",))
    prices = read_prices(reader, *asked)
    assert isinstance(prices, list)
    assert [(one.instance_type, one.per_hour is not None) for one in prices] == [
        ("standard_ds3_v2", True)
    ]


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("STANDARD_DS3_V2", "Standard_DS3_v2"),
        ("Standard_DS2_V2", "Standard_DS2_v2"),
        ("STANDARD_NC24ADS_A100_V4", "Standard_NC24ads_A100_v4"),
        ("standard_f4s_v2", "Standard_F4s_v2"),
        ("STANDARD_ND96AMSR_A100_V4", "Standard_ND96amsr_A100_v4"),
        ("STANDARD_B2MS", "Standard_B2ms"),
        ("cpuinstance", "cpuinstance"),
    ],
)
def test_sizes_are_asked_as_the_list_spells_them(text: str, usual: str) -> None:
    assert usual_spelling(text) == usual
