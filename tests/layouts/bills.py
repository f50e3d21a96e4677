"""One small bill in each layout: two deployments of a workspace, on two days of October."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from tests.layouts import columns

SUB = "11111111-0000-4000-8000-000000000001"
ML = "Microsoft.MachineLearningServices/workspaces"
WORKSPACE = f"/subscriptions/{SUB}/resourceGroups/rg-ml/providers/{ML}/ws"
# Day, deployment and cost: what the store must hold of each that loads.
BILL = (
    (date(2026, 10, 5), "blue", Decimal("2.5")),
    (date(2026, 10, 31), "green", Decimal("1234.25")),
)
Row: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True)
class Bill:
    """The bill in one layout: its title, columns and rows."""

    title: str
    columns: Sequence[str]
    rows: tuple[Row, ...]

    def with_rows(self, change: Callable[[str, str], str]) -> Bill:
        """With each value as `change` makes it of its column's name and itself."""
        rows = ({name: change(name, text) for name, text in row.items()} for row in self.rows)
        return replace(self, rows=tuple(rows))

    def text(self, separator: str = ",", mark: bool = True) -> bytes:
        """As CSV, with or without a mark of byte order."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, restval="", delimiter=separator)
        writer.writeheader()
        writer.writerows(self.rows)
        return out.getvalue().encode("utf-8-sig" if mark else "utf-8")


def _bill(
    title: str, names: Sequence[str], roles: str, day_form: str, *, braces: bool, **fixed: str
) -> Bill:
    """`roles` names the columns of day, cost, resource and tags."""
    day_name, cost_name, resource_name, tags_name = roles.split()
    rows = []
    for day, deployment, cost in BILL:
        pairs = f'"azuremlendpoint": "fraud","azuremldeployment": "{deployment}"'
        row = {
            day_name: day.strftime(day_form),
            cost_name: str(cost),
            resource_name: WORKSPACE,
            tags_name: f"{{{pairs}}}" if braces else pairs,
        }
        rows.append(row | fixed)
    return Bill(title, names, tuple(rows))


def _focus(version: str, names: Sequence[str], **more: str) -> Bill:
    given = {
        "BillingCurrency": "USD",
        "BillingPeriodStart": "2026-10-01T00:00:00Z",
        "BillingPeriodEnd": "2026-11-01T00:00:00Z",
        "ChargeCategory": "Usage",
        "SubAccountId": f"/subscriptions/{SUB}",
        "ResourceType": "Azure Machine Learning workspace",
        **more,
    }
    roles = "ChargePeriodStart BilledCost ResourceId Tags"
    form = "%Y-%m-%dT00:00:00Z"
    bill = _bill(f"FOCUS {version}", names, roles, form, braces=True, **given)
    rows = (row | {"EffectiveCost": row["BilledCost"]} for row in bill.rows)
    return replace(bill, rows=tuple(rows))


def _ea(title: str, **more: str) -> Bill:
    given = {
        "SubscriptionId": SUB,
        "BillingCurrencyCode": "USD",
        "ChargeType": "Usage",
        "PricingModel": "OnDemand",
        "Quantity": "24",
        "PublisherName": "Microsoft",
        "BillingPeriodStartDate": "10/01/2026",
        "BillingPeriodEndDate": "10/31/2026",
        **more,
    }
    roles = "Date CostInBillingCurrency ResourceId Tags"
    return _bill(title, columns.EA, roles, "%m/%d/%Y", braces=False, **given)


def bills() -> Iterable[Bill]:
    """The bill in every layout."""
    yield _ea("EA, actual cost")
    yield _ea("EA, amortized cost", PricingModel="Reservation", ReservationName="gpu")
    roles = "date costInBillingCurrency ResourceId tags"
    given = {"SubscriptionId": SUB, "billingCurrency": "USD", "chargeType": "Usage"}
    yield _bill("MCA", columns.MCA, roles, "%m/%d/%Y", braces=True, **given)
    roles = "Date Cost ResourceId Tags"
    given = {"SubscriptionId": SUB, "BillingCurrency": "USD", "ChargeType": "Usage"}
    yield _bill("Pay-as-you-go", columns.PAY_AS_YOU_GO, roles, "%m/%d/%Y", braces=True, **given)
    roles = "UsageDateTime PreTaxCost InstanceId Tags"
    given = {"SubscriptionGuid": SUB, "Currency": "USD", "ResourceType": ML}
    yield _bill("Legacy usage", columns.USAGE, roles, "%Y-%m-%d", braces=True, **given)
    azure = {"ProviderName": "Microsoft", "PublisherName": "Microsoft"}
    own = {"x_ResourceType": ML}
    yield _focus("1.0", [*columns.FOCUS_10, *columns.OF_AZURE], **azure, **own)
    yield _focus("1.1", columns.FOCUS_11, **azure)
    yield _focus("1.2", [*columns.FOCUS_12, *columns.OF_AZURE], **azure, **own)
    hosts = {"HostProviderName": "Microsoft", "ServiceProviderName": "Microsoft"}
    yield _focus("1.3", columns.FOCUS_13, **azure, **hosts)
    yield _focus("1.4", columns.FOCUS_14, **hosts)
