"""The table of what a plan would do to which target, and all that is known of one of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from collectors.records import counted
from tui.grid.columns import Column, Row, number, percent
from tui.grid.deployment_columns import run_rate_of, size_of
from tui.grid.grid import Grid
from tui.grid.target_columns import TARGETS, TargetLine, locks_of, standing, tags_of, way_back
from tui.views.view import Sort
from tui.words.ages import as_of, span
from tui.words.untrusted import UNKNOWN, harmless
from tui.words.verdicts import STATE_SYMBOLS, STATE_TONES, TONE_STYLES, look_of
from tui.words.wrapping import Parts, hanging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from actions.deletion.plan import Check, PlannedTarget

CHECK_WIDTH = 16
# What nothing is known of yet: it passes until it is asked.
OPEN = "·"


class PlanTable(Grid[Row]):
    """The targets of a plan: what is marked stays in it; once it is settled, no mark changes."""

    def __init__(
        self, columns: Sequence[Column[Row]], key: Callable[[Row], str], *, id: str | None = None
    ) -> None:
        """Nothing is planned yet; the targets keep the order in which they are given."""
        super().__init__(columns, key, Sort(columns[0].id), id=id)
        self.is_settled = False

    def may_mark(self) -> bool:
        """Whether the plan is still open."""
        return not self.is_settled

    def show_targets(self, lines: Sequence[Row], *, is_any_hidden: bool) -> None:
        """Show the targets; the column of the filter only where it hides one of them."""
        names = (column.id for column in self.every_column)
        self.choose([name for name in names if is_any_hidden or name != "hidden"])
        self.show(lines)


class Targets(PlanTable[TargetLine]):
    """Those of a deletion."""

    def __init__(self, *, id: str | None = None) -> None:
        """Nothing is planned yet."""
        super().__init__(TARGETS, lambda line: line.key, id=id)


def target_content(
    line: TargetLine,
    notes: Sequence[str],
    by_hand: Iterable[tuple[str, str]],
    now: datetime,
    width: int,
) -> Content:
    """All that is known of a target: what stands in the way first, the same work by hand last."""
    row, planned = line.row, line.planned
    look = look_of(row.verdict)
    parts: Parts = [
        (f"{look.symbol} {harmless(row.verdict)}  ", f"bold {TONE_STYLES[look.tone]}"),
        (harmless(line.path), "bold"),
    ]
    if line.is_hidden:
        parts.append(("  hidden by the filter", "bold $text-warning"))
    parts.append(("\n", ""))
    if planned is not None and planned.outcome != "planned":
        parts += _outcome(line, planned, width)
    checks = () if planned is None or planned.outcome == "deleted" else planned.checks
    parts += [part for check in checks if not check.lets_through for part in _check(check, width)]
    parts += [(f"{hanging(harmless(fact), width, 2)}\n", "") for fact in _facts(line, now)]
    parts += [(f"! {hanging(harmless(note), width, 2)}\n", "$text-warning") for note in notes]
    parts += [part for check in checks if check.lets_through for part in _check(check, width)]
    return Content.assemble(*parts, *by_hand_parts(by_hand, width))


def by_hand_parts(steps: Iterable[tuple[str, str]], width: int) -> Parts:
    """The steps by `az ml` with a command each; nothing where there is no step."""
    parts: Parts = []
    for what, command in steps:
        head = "" if parts else "\nthe same by hand\n"
        parts.append((f"{head}  {harmless(what)}\n", "$text-muted"))
        parts.append((f"    {hanging(harmless(command), width, 4)}\n", ""))
    return parts


def _outcome(line: TargetLine, planned: PlannedTarget, width: int) -> Parts:
    text, tone = standing(line)
    style = TONE_STYLES[tone]
    parts: Parts = [(f"{text.strip()}", f"bold {style}")]
    if planned.message:
        parts.append((f": {hanging(harmless(planned.message), width, 2)}", ""))
    parts.append(("\n", ""))
    back = way_back(planned)
    if back is not None:
        parts += [("the way back (c copies it):\n", "bold"), (f"  {harmless(back)}\n", "")]
    return parts


def _facts(line: TargetLine, now: datetime) -> list[str]:
    row = line.row
    live, mirror = percent(row.live_traffic_percent), percent(row.mirror_traffic_percent)
    requests = number(row.requests_in_window)
    return [
        f"run rate {run_rate_of(row) or UNKNOWN} a month · {size_of(row) or UNKNOWN}",
        f"{live or UNKNOWN} % live, {mirror or UNKNOWN} % mirrored,"
        f" {requests or UNKNOWN} request{'' if requests == '1' else 's'} in"
        f" {counted(row.window_days, 'day')}",
        f"locks: {locks_of(row) or UNKNOWN} · tags: {tags_of(row)}",
        f"as of {as_of(row.as_of, now)}",
    ]


def _age(check: Check) -> str:
    if check.is_open:
        return ""
    if check.age_seconds is None:
        return " · age unknown"
    return f" · {span(timedelta(seconds=max(check.age_seconds, 0)))}"


def _check(check: Check, width: int) -> Parts:
    style = TONE_STYLES["quiet" if check.is_open else STATE_TONES[check.state]]
    sign = OPEN if check.is_open else STATE_SYMBOLS[check.state]
    override = f" · overridden: {harmless(check.override)}" if check.override else ""
    evidence = f"{harmless(check.evidence)}{override}{_age(check)}"
    return [
        (f"{sign} {check.check:<{CHECK_WIDTH}}", f"bold {style}"),
        (f"{hanging(evidence, width, CHECK_WIDTH + 2)}\n", ""),
    ]
