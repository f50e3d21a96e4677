"""What a restore costs a month, and whether its quota is there: as far as it can be determined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.archive.definitions import Definitions
from actions.session import Session
from collectors.connection.reading import Reader
from collectors.inventory.quota import read_quota
from collectors.inventory.resources import deployment_from
from collectors.records import Deployment, counted
from queries.estate.naming import Names
from queries.money.sizes import Size, size_in


@dataclass(frozen=True, slots=True)
class Sized:
    """A deployment that is to come back, the region that it ran in, and what its size is known."""

    deployment: Deployment
    region: str
    size: Size


def sizes_of(session: Session, definitions: Definitions) -> tuple[Sized, ...]:
    """What the store knows of each size."""
    found = []
    for body in definitions.deployments:
        row = deployment_from(body, "managed")
        location = str(body.get("location") or definitions.endpoint.get("location") or "")
        region = location.lower().replace(" ", "")
        found.append(Sized(row, region, size_in(session.store, region, row.instance_type or "")))
    return tuple(found)


def cost_of(sizes: Sequence[Sized]) -> tuple[Decimal | None, str | None]:
    """The list price a month of all of it; unknown where one is, or where currencies differ."""
    amounts = []
    for one in sizes:
        count = one.deployment.instance_count
        if one.size.per_month is None or count is None:
            return None, None
        amounts.append(one.size.per_month * count)
    currencies = {one.size.currency for one in sizes}
    if len(currencies) != 1:
        return None, None
    return sum(amounts, Decimal(0)), currencies.pop()


def quotas_of(reader: Reader, sizes: Sequence[Sized], names: Names) -> Iterator[str]:
    """A line for each family: the cores that all of it needs together, and what is left."""
    needed: Counter[tuple[str, str, str]] = Counter()
    for one in sizes:
        row, count = one.deployment, one.deployment.instance_count
        cores = None if count is None else one.size.cores_for(count)
        if one.size.family is None or cores is None:
            text = f"its quota is not known: {row.instance_type} is in no list of sizes"
            yield f"{names.of(row.id)}: {text}"
        else:
            needed[row.subscription_id, one.region, one.size.family] += cores
    for (subscription_id, region, family), cores in needed.items():
        quota = read_quota(reader, subscription_id, region, family)
        short = quota.left is not None and quota.left < cores
        yield f"it needs {counted(cores, 'core')}; {quota.summary}" + (": too few" if short else "")
