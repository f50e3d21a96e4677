"""What a size costs and how it counts, for what does not run at the moment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from queries.store import library
from queries.store.file import NoStore, Store

HOURS_A_MONTH = 730


@dataclass(frozen=True, slots=True)
class Size:
    """A size in a region; `per_month` is the list price of one instance. None: not known."""

    per_month: Decimal | None
    currency: str | None
    family: str | None
    cores: int | None
    skips_reserve: bool | None

    def cores_for(self, instances: int) -> int | None:
        """Cores of quota that so many instances take, with Azure's reserve of a fifth."""
        if self.cores is None:
            return None
        held = instances if self.skips_reserve else ceil(instances * 6 / 5)
        return held * self.cores


def size_in(store: Store, region: str, instance_type: str) -> Size:
    """What the store knows of a size; two currencies without a bill leave its price unknown."""
    values = {"region": region, "instance_type": instance_type}
    try:
        with store.reading() as connection:
            rows = library.ask(connection, "size_in_region", values)
    except NoStore:
        return Size(None, None, None, None, None)
    row = rows[0]
    known = row["per_hour"] is not None and len(rows) == 1
    return Size(
        per_month=row["per_hour"] * HOURS_A_MONTH if known else None,
        currency=row["currency"] if known else None,
        family=row["family"],
        cores=row["cores"],
        skips_reserve=row["skips_reserve"],
    )
