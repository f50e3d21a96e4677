"""Why so many targets at once are refused: their number, and their share of what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from actions.session import Brakes
from collectors.records import counted
from queries.estate.naming import Names
from queries.estate.rows import DeploymentRow
from queries.vocabulary import ONLINE

Rows = Sequence[DeploymentRow]


def brakes_on(rows: Rows, estate: Rows, brakes: Brakes, names: Names) -> tuple[str, ...]:
    """Why these deployments are refused as a whole; the shares count from two targets up."""
    if len(rows) < 2:
        return tuple(_count(rows, brakes))
    online = _online(estate)
    return (
        *_count(rows, brakes),
        *_share_of_endpoint(rows, online, brakes, names),
        *_share_of_tenant(rows, online, brakes),
        *_share_of_money(rows, online, brakes),
    )


def brakes_on_endpoint(rows: Rows, estate: Rows, brakes: Brakes) -> tuple[str, ...]:
    """What makes deleting an endpoint with all in it large; its share of itself is always whole."""
    if len(rows) < 2:
        return tuple(_count(rows, brakes))
    online = _online(estate)
    return (
        *_count(rows, brakes),
        *_share_of_tenant(rows, online, brakes),
        *_share_of_money(rows, online, brakes),
    )


def unknown_money(rows: Rows, names: Names) -> str | None:
    """That the brake on money cannot weigh some of several targets; None: it weighs them all.

    An unknown amount is neither 0 nor guessed: the brakes on numbers hold for it.
    """
    unknown = [names.of(row.id) for row in rows if _amount(row) is None]
    if len(rows) < 2 or not unknown:
        return None
    return (
        f"the brake on money weighs {len(rows) - len(unknown)} of {len(rows)} targets: what a month"
        f" costs is not known for {', '.join(unknown)}"
    )


def _online(estate: Rows) -> Rows:
    return [row for row in estate if row.kind in ONLINE]


def _count(rows: Rows, brakes: Brakes) -> list[str]:
    if len(rows) <= brakes.targets:
        return []
    verb = "is" if len(rows) == 1 else "are"
    return [f"{counted(len(rows), 'target')} {verb} more than the {brakes.targets} of the settings"]


def _share_of_endpoint(rows: Rows, online: Rows, brakes: Brakes, names: Names) -> Iterable[str]:
    whole = Counter(row.endpoint_key for row in online)
    for endpoint_key, count in Counter(row.endpoint_key for row in rows).items():
        if count > whole[endpoint_key] * brakes.share_of_endpoint:
            yield (
                f"{count} of the {whole[endpoint_key]} deployments of {names.of(endpoint_key)}"
                f" are more than {brakes.share_of_endpoint:.0%}"
            )


def _share_of_tenant(rows: Rows, online: Rows, brakes: Brakes) -> Iterable[str]:
    if len(rows) > len(online) * brakes.share_of_tenant:
        yield (
            f"{len(rows)} of {len(online)} deployments are more than {brakes.share_of_tenant:.0%}"
            " of the tenant"
        )


def _share_of_money(rows: Rows, online: Rows, brakes: Brakes) -> Iterable[str]:
    for currency in sorted({row.currency for row in rows if row.currency}):
        here, whole = _sum(rows, currency), _sum(online, currency)
        if here > whole * brakes.share_of_money:
            yield (
                f"{here:,.2f} of {whole:,.2f} {currency} a month are more than"
                f" {brakes.share_of_money:.0%}"
            )


def _sum(rows: Rows, currency: str) -> Decimal:
    amounts = (_amount(row) for row in rows if row.currency == currency)
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _amount(row: DeploymentRow) -> Decimal | None:
    return row.monthly_run_rate if row.currency else None
