"""The targets of a plan in words: each check with its state, evidence and age, then the outcome."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from tui.ages import as_of, span
from tui.columns import money
from tui.untrusted import UNKNOWN, harmless
from tui.verdicts import OUTCOME_SYMBOLS, STATE_SYMBOLS, STATE_TONES, look_of
from tui.widgets.detail import TONE_STYLES
from tui.wrapping import hanging

if TYPE_CHECKING:
    from collections.abc import Set

    from actions.plan import Check, Plan, PlannedTarget

CHECK_WIDTH = 15


def targets_of(plan: Plan, hidden_keys: Set[str], now: datetime, width: int) -> Content:
    """Every target of a plan, hidden ones labelled; what stands in the way comes first."""
    parts: list[tuple[str, str]] = []
    for target in plan.targets:
        parts += _head(target)
        if target.row.deployment_key in hidden_keys:
            parts.append(("  hidden by the filter", "bold $text-warning"))
        saving = money(target.monthly_saving, target.currency) or UNKNOWN
        parts.append((f"\n  saves {saving} a month · as of {as_of(target.row.as_of, now)}\n", ""))
        parts += _checks(target, width)
        parts.append(("\n", ""))
    return Content.assemble(*parts)


def outcomes_of(plan: Plan, width: int) -> Content:
    """What became of each target; the checks where it was refused."""
    parts: list[tuple[str, str]] = []
    for target in plan.targets:
        symbol = OUTCOME_SYMBOLS[target.outcome]
        style = "$text-success" if target.outcome == "deleted" else "$text-warning"
        parts.append((f"{symbol} {target.outcome}  ", f"bold {style}"))
        parts.append((harmless(target.row.path), "bold"))
        if target.message:
            parts.append((f"\n  {hanging(harmless(target.message), width, 2)}", ""))
        parts.append(("\n", ""))
        if target.outcome != "deleted":
            parts += [part for check in target.obstacles for part in _check(check, width)]
        parts.append(("\n", ""))
    return Content.assemble(*parts)


def _head(target: PlannedTarget) -> list[tuple[str, str]]:
    look = look_of(target.row.verdict)
    return [
        (f"{look.symbol} {harmless(target.row.verdict)}  ", f"bold {TONE_STYLES[look.tone]}"),
        (harmless(target.row.path), "bold"),
    ]


def _checks(target: PlannedTarget, width: int) -> list[tuple[str, str]]:
    ordered = sorted(target.checks, key=lambda check: check.lets_through)
    return [part for check in ordered for part in _check(check, width)]


def _check(check: Check, width: int) -> list[tuple[str, str]]:
    age = (
        "age unknown"
        if check.age_seconds is None
        else span(timedelta(seconds=max(check.age_seconds, 0)))
    )
    style = TONE_STYLES[STATE_TONES[check.state]]
    override = f" · overridden: {harmless(check.override)}" if check.override else ""
    evidence = f"{harmless(check.evidence)}{override} · {age}"
    return [
        (f"  {STATE_SYMBOLS[check.state]} {check.check:<{CHECK_WIDTH}}", f"bold {style}"),
        (f"{hanging(evidence, width, CHECK_WIDTH + 4)}\n", ""),
    ]
