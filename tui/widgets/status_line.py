"""The top line: product, cloud, age of the data, holes, limits, and a snapshot that is running."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.ages import as_of, span
from tui.estate import OLD, Estate
from tui.sweep import Sweep
from tui.untrusted import harmless

if TYPE_CHECKING:
    from tui.app import MothballApp

TICK_SECONDS = 1.0


class StatusLine(Static):
    """One line that follows the app's estate and sweep, and the passing of time."""

    app: MothballApp

    def on_mount(self) -> None:
        """Follow what the line tells of."""
        for name in ("estate", "sweep"):
            self.watch(self.app, name, self.tell)
        self.set_interval(TICK_SECONDS, self.tell)

    def tell(self) -> None:
        """Write the line anew."""
        operator = self.app.operator
        parts = [("Mothball ", "bold"), (f" {harmless(operator.cloud.name)} ", "$text-muted")]
        parts += _data(self.app)
        if operator.limits.read_only:
            parts.append((" READ-ONLY ", "bold reverse"))
        if self.app.sweep is not None:
            parts.append((f"  {_running(self.app.sweep)}", "bold $text-accent"))
        self.update(Content.assemble(*parts))


def _running(sweep: Sweep) -> str:
    return "⟳ " + sweep.told(monotonic())


def _data(app: MothballApp) -> list[tuple[str, str]]:
    estate = app.estate
    if estate is None:
        return [(" no data ", "$text-muted")] if not app.is_reading else [(" reading … ", "")]
    now = app.operator.now()
    style = "bold $text-warning" if now - estate.as_of > OLD else ""
    parts = [(f" as of {as_of(estate.as_of, now)} ", style)]
    parts += _stragglers(estate, app)
    if estate.holes:
        holes = len(estate.holes)
        text = f" {holes} hole{'s' if holes > 1 else ''} (H) "
        parts.append((text, "bold $text-warning"))
    return parts


def _stragglers(estate: Estate, app: MothballApp) -> list[tuple[str, str]]:
    if estate.oldest == estate.as_of:
        return []
    return [(f" oldest {span(app.operator.now() - estate.oldest)} ", "$text-warning")]
