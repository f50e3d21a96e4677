"""What `mothball show` says of sizes: right-sizing, autoscale, and the quota that comes back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

from queries.text.cells import printable

if TYPE_CHECKING:
    from queries.money.sizing import AutoscaleRow, QuotaRow, SizingRow
    from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the store knows of one deployment's size."""

    sizing: SizingRow | None
    settings: list[AutoscaleRow]
    quota: QuotaRow | None


def sizes_of(store: Store, deployment_key: str) -> Sizes:
    """All of it. Raises StoreFailure."""
    from queries.money.sizing import autoscale_of, quota_returned, right_sizing

    returned = quota_returned(store, [deployment_key])
    settings = autoscale_of(store, deployment_key)
    return Sizes(right_sizing(store, deployment_key), settings, returned[0] if returned else None)


def sizing_fields(sizes: Sizes) -> dict[str, Any]:
    """`right_sizing`, `autoscale` and `quota_returned` as JSON shows them."""
    sizing, settings, quota = sizes.sizing, sizes.settings, sizes.quota
    return {
        "right_sizing": _sizing(sizing) if sizing else None,
        "autoscale": [asdict(setting) for setting in settings],
        "quota_returned": asdict(quota) if quota else None,
    }


def _sizing(sizing: SizingRow) -> dict[str, Any]:
    why_not = {"why_not": sizing.why_not.sentences, "why_not_codes": sizing.why_not.codes}
    return asdict(sizing) | why_not


def print_sizing(sizes: Sizes) -> None:
    """Print the sizing for people; nothing where there are no instances of its own."""
    from queries.money.sizing_words import autoscale_line, load_lines, quota_line, saving_lines

    sizing, settings, quota = sizes.sizing, sizes.settings, sizes.quota
    if sizing is None:
        return
    click.echo("\nright-sizing")
    for line in (*load_lines(sizing), *saving_lines(sizing)):
        click.echo(f"  {printable(line)}")
    click.echo("\nautoscale")
    for line in [autoscale_line(one) for one in settings] or [
        "no setting seen that has it as target"
    ]:
        click.echo(f"  {printable(line)}")
    if quota is not None:
        click.echo(f"\nquota that its retirement gives back\n  {printable(quota_line(quota))}")
