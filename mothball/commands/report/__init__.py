"""`mothball report …`: what leaves the store for owners, a meeting, or a chat."""

from __future__ import annotations

import click

from mothball.groups import Commands
from mothball.options import shared_options

REPORTS = {name: name for name in ("digest", "focus", "owners", "proposals", "review", "savings")}


@click.group("report", cls=Commands, package=__name__, modules=REPORTS)
@shared_options()
def command() -> None:
    """Write reports from the store; nothing is asked of Azure.

    \b
    Examples:
      mothball report owners --out owners/
      mothball report review --quarter 2026-Q4 --out review.html
      mothball report savings
      mothball report focus --month 2026-10 --out focus.parquet
      mothball report proposals --out proposals.parquet
      mothball report digest
    """
