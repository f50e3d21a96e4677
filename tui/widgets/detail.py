"""All that is known of the row under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.columns import money, number, percent
from tui.deployment_columns import run_rate_of, size_of
from tui.untrusted import UNKNOWN, harmless
from tui.verdicts import look_of
from tui.widgets.chart import charts
from tui.wrapping import hanging

if TYPE_CHECKING:
    from queries.rows import DeploymentRow
    from tui.estate import Details

TONE_STYLES = {
    "act": "$text-warning",
    "broken": "$text-error",
    "doubt": "$text-primary",
    "quiet": "$text-muted",
    "kept": "$text-secondary",
    "alive": "$text-success",
}
LABEL_WIDTH = 13


class Detail(VerticalScroll, can_focus=False):
    """The detail pane: what the row says at once, and the chart when it has been read."""

    _row: DeploymentRow | None = None

    def compose(self) -> ComposeResult:
        """Three pieces, so that the chart can come later than the words."""
        yield Static(id="detail-verdict", markup=False)
        yield Static(id="detail-chart", markup=False)
        yield Static(id="detail-facts", markup=False)

    def show_row(self, row: DeploymentRow | None) -> None:
        """Show what the row itself says; the chart says that it is being read."""
        self._row = row
        self.scroll_home(animate=False)
        self._tell()
        waiting = "reading the days …" if row is not None else "no deployment is selected"
        self._chart.update(Content.styled(waiting, "$text-muted"))

    def show_group(self, name: str, told: Sequence[str]) -> None:
        """Show what a group of deployments comes to."""
        self.show_row(None)
        lines = [(f"{name}\n", "bold"), *((f"• {harmless(line)}\n", "") for line in told)]
        self.query_one("#detail-verdict", Static).update(Content.assemble(*lines))
        self._chart.update("")

    def show_details(self, details: Details) -> None:
        """Show what was read for the row."""
        width = self.scrollable_content_region.width
        self._chart.update(charts(details.days, details.bill, width))

    def show_failure(self, text: str) -> None:
        """Say in the place of the chart why there is none."""
        self._chart.update(Content.styled(text, "$text-error"))

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._tell()

    def _tell(self) -> None:
        row, width = self._row, self.scrollable_content_region.width
        verdict = verdict_of(row, width) if row is not None else Content("")
        self.query_one("#detail-verdict", Static).update(verdict)
        facts = facts_of(row, width) if row is not None else Content("")
        self.query_one("#detail-facts", Static).update(facts)

    @property
    def _chart(self) -> Static:
        return self.query_one("#detail-chart", Static)


def verdict_of(row: DeploymentRow, width: int) -> Content:
    """Verdict, reasons and findings."""
    look = look_of(row.verdict)
    parts: list[tuple[str, str]] = [
        (f"{look.symbol} {harmless(row.verdict)}", f"bold {TONE_STYLES[look.tone]}"),
        (f"  {harmless(row.name)}\n", "bold"),
    ]
    for reason in row.reasons:
        parts.append((f"• {hanging(harmless(reason), width, 2)}\n", ""))
    for finding in row.findings:
        parts.append((f"! {hanging(harmless(finding), width, 2)}\n", "$text-warning"))
    return Content.assemble(*parts)


def facts_of(row: DeploymentRow, width: int) -> Content:
    """Label and value, a line each; what is not known says so."""
    parts: list[tuple[str, str]] = []
    for label, value in _facts(row):
        parts.append((f"{label:<{LABEL_WIDTH}}", "$text-muted"))
        told = UNKNOWN if value is None else hanging(harmless(value), width, LABEL_WIDTH)
        parts.append((f"{told}\n", ""))
    parts.append(("tags\n" if row.tags else "no tags\n", "$text-muted"))
    for name, value in row.tags.items():
        tag = hanging(f"{harmless(name)} = {harmless(value)}", width, 4)
        parts.append((f"  {tag}\n", ""))
    return Content.assemble(*parts)


def _facts(row: DeploymentRow) -> list[tuple[str, str | None]]:
    return [
        ("traffic", _traffic(row)),
        ("requests", _requests(row)),
        ("last asked", f"{row.last_request_at:%Y-%m-%d}" if row.last_request_at else None),
        ("state", row.provisioning_state),
        ("size", size_of(row)),
        ("run rate", run_rate_of(row)),
        ("billed", _billed(row)),
        ("since idle", money(row.cost_since_idle, row.currency)),
        (
            "bill, list",
            row.explanation or "as the price list says" if row.run_rate_source else None,
        ),
        ("owner", _owner(row)),
        ("purpose", row.purpose),
        ("role", row.role),
        ("model", asset(row.model)),
        ("environment", asset(row.environment)),
        ("created", f"{row.created_at:%Y-%m-%d}" if row.created_at else None),
        ("locks", _locks(row)),
        ("exempt", _exemption(row)),
        ("expires", row.expires_on or "no date"),
        ("retire", row.retire_after or "not marked"),
        ("rollback", f"of {row.rollback_for}" if row.rollback_for else "no"),
        ("workspace", f"{row.workspace} ({row.region or UNKNOWN}, {row.kind})"),
        ("group", row.resource_group),
        ("subscript.", row.subscription_id),
        ("as of", f"{row.as_of:%Y-%m-%d %H:%M} UTC"),
    ]


def _traffic(row: DeploymentRow) -> str:
    live, mirror = percent(row.live_traffic_percent), percent(row.mirror_traffic_percent)
    return f"{live or UNKNOWN} % live, {mirror or UNKNOWN} % mirrored"


def _requests(row: DeploymentRow) -> str | None:
    if row.requests_in_window is None:
        return None
    proven = ", proven" if row.requests_proven else ""
    return f"{number(row.requests_in_window)} in {row.window_days} days{proven}"


def _billed(row: DeploymentRow) -> str | None:
    """In the window, this month and the last, as far as the bill goes."""
    amounts = (
        (row.cost_in_window, "in the window"),
        (row.month_to_date, "this month"),
        (row.last_full_month, "last month"),
    )
    told = [
        f"{money(amount, row.currency)} {word}" for amount, word in amounts if amount is not None
    ]
    return ", ".join(told) or None


def _owner(row: DeploymentRow) -> str | None:
    if row.owner is None:
        return None
    if row.owner_source == "created_by":
        return f"{row.owner} (only its creator: a hint)"
    return f"{row.owner} (tag of the {(row.owner_source or '').replace('_', ' ')})"


def _locks(row: DeploymentRow) -> str | None:
    if not row.locks_known:
        return None
    names = [*row.lock_names, *(f"{name} (from above)" for name in row.inherited_lock_names)]
    return ", ".join(names) or "none"


def _exemption(row: DeploymentRow) -> str:
    if row.exempt_until is None:
        return "no"
    return f"until {row.exempt_until}" + ("" if row.exemption_in_force else " (over)")


def asset(identity: str | None) -> str | None:
    """`name:version` of a model or environment, with its registry if it has one."""
    if identity is None:
        return None
    parts = [part for part in identity.removeprefix("azureml:").split("/") if part]
    if len(parts) < 4 or parts[-2].lower() != "versions":
        return identity
    folded = [part.lower() for part in parts]
    is_shared = "registries" in folded[:-1]
    registry = f" ({parts[folded.index('registries') + 1]})" if is_shared else ""
    return f"{parts[-3]}:{parts[-1]}{registry}"
