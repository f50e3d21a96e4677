"""`mothball demo`: the local stand-in for Azure with a sample tenant; touches nothing of yours."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mothball import exits
from mothball.context import AppContext
from mothball.listing import Counted, print_list
from mothball.options import shared_options
from mothball.output import note
from mothball.terminal import require_terminal
from mothball.unread import errors_option, note_unread

if TYPE_CHECKING:
    from emulator import Clock, Emulator

# The demo looks back on snapshots of its own, so that traffic has a history.
SNAPSHOT_AGES_DAYS = (40, 20, 0)
DAY = timedelta(days=1)


@click.command("demo")
@click.option("--no-tui", is_flag=True, help="Print the findings as a table instead.")
@errors_option
@shared_options(has_own_cloud=True)
@click.pass_obj
def command(context: AppContext, no_tui: bool, all_errors: bool) -> int:
    """Open the interface on a sample tenant. It needs no account and touches nothing of yours.

    \b
    Examples:
      mothball demo
      mothball demo --no-tui
    """
    if not no_tui:
        require_terminal("mothball demo --no-tui")
    with opened(context) as demo:
        if no_tui:
            _print(demo, all_errors=all_errors)
        else:
            from tui.app import run

            run(demo.session, preferences=context.settings.preferences)
    return exits.DONE


@contextmanager
def opened(context: AppContext) -> Iterator[AppContext]:
    """The sample tenant with its snapshots, by the settings of `context`; its time goes on."""
    with _sample_tenant() as (azure, clock, folder):
        demo = AppContext(
            store_name=str(folder / "demo.duckdb"),
            config=None,
            cloud_name=str(azure.profile),
            read_only=context.read_only,
            now=clock.now,
        )
        demo.settings = context.settings
        _take_snapshots(demo, clock)
        yield demo


@contextmanager
def _sample_tenant() -> Iterator[tuple[Emulator, Clock, Path]]:
    """The stand-in with its sample tenant, and a folder that goes when it ends."""
    from emulator import Clock, Emulator, sample_tenant

    now = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory(prefix="mothball-demo-") as name:
        folder = Path(name)
        world, clock = sample_tenant(now), Clock.running(now)
        with Emulator(world, clock=clock, directory=folder / "azure") as azure:
            before = dict(os.environ)
            os.environ.update(azure.environment)
            try:
                yield azure, clock, folder
            finally:
                os.environ.clear()
                os.environ.update(before)


def _take_snapshots(demo: AppContext, clock: Clock) -> None:
    from mothball.commands.snapshot import collect

    for age_days in SNAPSHOT_AGES_DAYS:
        clock.set(datetime.now(UTC) - age_days * DAY)
        note(f"snapshot of {clock.now():%Y-%m-%d}")
        collect(demo)


def _print(demo: AppContext, *, all_errors: bool) -> None:
    from queries.estate import questions as estate

    rows = estate.current_deployments(demo.store)
    counted = Counted()
    print_list(counted.of(counted.all(rows)), counted)
    note_unread(estate.current_read_errors(demo.store), rows, all_errors=all_errors)
