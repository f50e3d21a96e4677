"""What a plan to delete comes to, in words: what bars it, its run rate, what to type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tui.grid.deployment_columns import run_rates
from tui.grid.targets import target_content
from tui.words.ages import as_of
from tui.words.untrusted import harmless
from tui.words.wrapping import Parts

if TYPE_CHECKING:
    from datetime import datetime

    from actions.deletion.plan import Plan, PlannedTarget
    from queries.estate.rows import DeploymentRow
    from tui.grid.target_columns import TargetLine


def keys_of(*, is_whole: bool, is_old: bool, asks: bool, types: bool) -> str:
    """The keys that work now. `asks`: there is a phrase to type; `types`: it is being typed."""
    if types:
        return "enter goes to Delete   ↑ ↓ target   pgup pgdn scroll   esc close"
    hints = ["all or nothing"] if is_whole else []
    hints.append("j k target")
    if is_old:
        return "   ".join([*hints, "tab snapshot", "esc close"])
    hints += [] if is_whole else ["space out or in"]
    return "   ".join([*hints, "o override", *(["tab phrase"] if asks else []), "esc close"])


def title_of(words: str, hidden: int, rows: Sequence[DeploymentRow], now: datetime) -> Content:
    """What would be deleted, how many of it the filter hides, and how old the data is."""
    parts = [(f"Delete {words}", "bold")]
    if hidden:
        parts.append((f"   {hidden} hidden by the filter", "bold $text-warning"))
    age = as_of(min(row.as_of for row in rows), now)
    return Content.assemble(*parts, (f"   data as of {age}", "$text-muted"))


def barred_by(plan: Plan) -> str | None:
    """Why nothing of a plan can go on; None where something may."""
    if plan.brakes:
        return "; ".join(plan.brakes)
    if plan.endpoint_id is not None and any(map(_is_held, plan.targets)):
        return "a check of one deployment stands in the way of the whole endpoint"
    if all(map(_is_held, plan.targets)):
        return "a check stands in the way of every target"
    return None


def summary_of(plan: Plan, barred: str | None, overrides: Mapping[str, str]) -> Parts:
    """What the plan ends, what of it will be refused, and the phrase that confirms it."""
    going = [target for target in plan.targets if not _is_held(target)]
    parts: Parts = [(f"run rate {run_rates([one.row for one in going or plan.targets])}", "bold")]
    parts += [(f"\n! {harmless(note)}", "$text-warning") for note in general_notes(plan)]
    parts += [
        (f"\n! {check} is overridden: {harmless(reason)}", "bold $text-warning")
        for check, reason in overrides.items()
    ]
    if barred is not None:
        return [*parts, (f"\n✗ cannot be deleted: {harmless(barred)}", "bold $text-error")]
    if held := len(plan.targets) - len(going):
        parts.append((f"\n! {held} of {len(plan.targets)} will be refused", "$text-warning"))
    parts.append(("\neach is read afresh right before; what does not pass then is refused", ""))
    return [*parts, ("\nto delete, type   ", ""), (harmless(plan.phrase), "bold reverse")]


def close_to_end(plan: Plan) -> Parts:
    """What became of it all: how many are gone, and why the others are not."""
    counts = Counter(target.outcome for target in plan.targets)
    deleted = counts.pop("deleted", 0)
    parts = [f"{deleted} of {len(plan.targets)} deleted"]
    parts += [
        f"{count} {'left as it was' if outcome == 'planned' else outcome}"
        for outcome, count in counts.items()
    ]
    more = "; each target says how it comes back" if deleted else "; each target says why"
    return [(", ".join(parts), "bold"), (f"{more}\nthe journal has it all", "")]


def notes_for(row: DeploymentRow, plan: Plan | None) -> Iterator[str]:
    """What there is to know of one target beside its checks."""
    if plan is not None:
        yield from (note.text for note in plan.notes if note.about == row.id)


def general_notes(plan: Plan) -> Iterator[str]:
    """What there is to know of the whole."""
    own = {target.row.id for target in plan.targets}
    return (plan.line_of(note) for note in plan.notes if note.about not in own)


def by_hand_for(row: DeploymentRow, plan: Plan | None) -> Iterator[tuple[str, str]]:
    """What each step of the same work by `az ml` is called, and its command."""
    if plan is not None:
        targets = (row.id, plan.endpoint_id)
        yield from ((each.what, each.command) for each in plan.by_hand if each.target in targets)


def content_of(
    line: TargetLine, plan: Plan | None, notes: Sequence[str], now: datetime, width: int
) -> Content:
    """All that is known of one target, with what was noted of it while it was being deleted."""
    every = [*notes_for(line.row, plan), *notes]
    return target_content(line, every, by_hand_for(line.row, plan), now, width)


def _is_held(target: PlannedTarget) -> bool:
    return any(check.state == "fail" for check in target.obstacles)
