"""The delete dialog: every target with its checks, the phrase to type, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.ages import as_of
from tui.estate import is_old
from tui.failures import told_to
from tui.messages import DeletionEnded, PlanMade, TargetTold, WorkFailed
from tui.untrusted import harmless
from tui.widgets.targets import outcomes_of, targets_of

if TYPE_CHECKING:
    from actions.plan import Plan, PlannedTarget
    from queries.rows import DeploymentRow
    from tui.app import MothballApp


class Deletion(ModalScreen[frozenset[str]]):
    """Dismissed with the keys of what was deleted. Cancel has the focus; enter alone never deletes.

    It goes from planning (or `-old` data, where it ends) to `-planned`, `-deleting`, `-ended`.
    """

    app: MothballApp

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close"),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, targets: Sequence[DeploymentRow], hidden_keys: frozenset[str]) -> None:
        """Keep the targets, hidden ones included; nothing is planned before it is on screen."""
        super().__init__()
        self._targets = targets
        self._hidden_keys = hidden_keys
        self._plan: Plan | None = None
        self._told: dict[str, str] = {}
        self._deleted: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Targets, summary, phrase, buttons; Cancel comes first."""
        with Vertical(classes="dialog wide"):
            yield Static(self._title(), markup=False, classes="dialog-title")
            with VerticalScroll(id="targets", can_focus=True):
                yield Static(id="targets-told", markup=False)
            yield Static(id="summary", markup=False)
            yield Input(id="phrase", compact=True, disabled=True)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button("Take a snapshot", id="refresh", variant="primary", compact=True)
                yield Button("Delete", id="delete", variant="error", disabled=True, compact=True)

    def on_mount(self) -> None:
        """Plan, unless the data is too old to plan by."""
        self.query_one("#cancel", Button).focus()
        if is_old(self._targets, self.app.operator.now()):
            self.add_class("-old")
            self._summary(("Take a fresh snapshot first, then delete.", "bold"))
            self._show("the data is older than a day; nothing is planned by it")
        else:
            self._show("planning …")
            self._make_plan()

    def on_plan_made(self, message: PlanMade) -> None:
        """Show the plan, and ask for the phrase where anything may go on."""
        self._plan = message.plan
        self.add_class("-planned")
        self._tell_plan()
        barred = barred_by(message.plan)
        self._summary(*_summary_of(message.plan, barred))
        phrase = self.query_one("#phrase", Input)
        phrase.disabled = barred is not None
        phrase.placeholder = "" if barred else "the phrase"
        self.set_class(barred is not None, "-barred")

    @on(Input.Changed, "#phrase")
    def compare_phrase(self, message: Input.Changed) -> None:
        """Only the exact phrase frees the button."""
        self.query_one("#delete", Button).disabled = not self._is_confirmed(message.value)

    @on(Input.Submitted, "#phrase")
    def go_to_button(self, message: Input.Submitted) -> None:
        """Enter deletes nothing: it leads to the button where the phrase is right."""
        if self._is_confirmed(message.value):
            self.query_one("#delete", Button).focus()
        else:
            self.app.notify("that is not the phrase; nothing was done", severity="warning")

    @on(Button.Pressed, "#cancel")
    def action_close(self) -> None:
        """Close, unless a deletion is under way."""
        if self.app.is_writing:
            self.app.notify("the deletion is under way: wait for its end", severity="warning")
            return
        self.dismiss(self._deleted)

    @on(Button.Pressed, "#refresh")
    def refresh_first(self) -> None:
        """Take the fresh snapshot that the old data asks for."""
        self.dismiss(frozenset())
        if self.app.sweep is None:
            self.app.toggle_snapshot()

    @on(Button.Pressed, "#delete")
    def start(self) -> None:
        """Guard and delete what was confirmed."""
        phrase = self.query_one("#phrase", Input).value
        if self._plan is None or not self._is_confirmed(phrase):
            return
        self.app.is_writing = True
        self.add_class("-deleting")
        for each in (*self.query(Input), *self.query(Button)):
            each.disabled = True
        self.query_one("#targets").focus()
        self._summary(("Deleting, one after another. This cannot be closed before it ends.", ""))
        self._show_progress()
        self._delete(self._plan, phrase)

    def on_target_told(self, message: TargetTold) -> None:
        """A line a target."""
        self._told[message.deployment_key] = message.text
        self._show_progress()

    def on_deletion_ended(self, message: DeletionEnded) -> None:
        """Show what became of each."""
        targets = message.plan.targets
        self._deleted = frozenset(t.row.deployment_key for t in targets if t.outcome == "deleted")
        self._plan = message.plan
        self.add_class("-ended")
        self._tell_plan()
        count = len(self._deleted)
        self._end(f"{count} of {len(targets)} deleted. `mothball journal` has it all.")

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say why; nothing more can be done here."""
        message.stop()
        self._end(f"✗ {message.doing} failed: {message.text}", "bold $text-error")

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._tell_plan()

    def action_page(self, direction: int) -> None:
        """Scroll the targets whatever has the focus."""
        targets = self.query_one("#targets", VerticalScroll)
        targets.scroll_relative(y=direction * targets.size.height, animate=False)

    @work(thread=True, exclusive=True, exit_on_error=False, group="planning")
    def _make_plan(self) -> None:
        with told_to(self, "planning"):
            from actions.delete import plan_deletion

            self.post_message(PlanMade(plan_deletion(self.app.operator, self._targets)))

    @work(thread=True, exclusive=True, exit_on_error=False, group="deleting")
    def _delete(self, plan: Plan, phrase: str) -> None:
        with told_to(self, "the deletion"):
            from actions.delete import delete

            done = delete(self.app.operator, plan, phrase, {}, self._tell)
            self.post_message(DeletionEnded(done))

    def _tell(self, target: PlannedTarget, text: str) -> None:
        self.post_message(TargetTold(target.row.deployment_key, text))

    def _is_confirmed(self, typed: str) -> bool:
        plan = self._plan
        return plan is not None and barred_by(plan) is None and typed == plan.phrase

    def _tell_plan(self) -> None:
        width = self.query_one("#targets", VerticalScroll).scrollable_content_region.width
        if self._plan is None:
            return
        if self.has_class("-ended"):
            told = outcomes_of(self._plan, width)
        elif self.has_class("-deleting"):
            return
        else:
            told = targets_of(self._plan, self._hidden_keys, self.app.operator.now(), width)
        self.query_one("#targets-told", Static).update(told)

    def _end(self, text: str, style: str = "bold") -> None:
        self.app.is_writing = False
        self.add_class("-ended")
        self._summary((text, style))
        self.query_one("#phrase", Input).disabled = True
        self.query_one("#delete", Button).disabled = True
        close = self.query_one("#cancel", Button)
        close.label = "Close"
        close.disabled = False
        close.focus()

    def _title(self) -> Content:
        count = len(self._targets)
        what = harmless(self._targets[0].name) if count == 1 else f"{count} deployments"
        oldest = min(row.as_of for row in self._targets)
        age = as_of(oldest, self.app.operator.now())
        return Content.assemble((f"Delete {what}", "bold"), (f"   data as of {age}", "$text-muted"))

    def _summary(self, *parts: tuple[str, str]) -> None:
        self.query_one("#summary", Static).update(Content.assemble(*parts))

    def _show(self, text: str) -> None:
        lines = [(f"{harmless(row.path)}\n", "") for row in self._targets]
        told = Content.assemble((f"{text}\n\n", "$text-muted"), *lines)
        self.query_one("#targets-told", Static).update(told)

    def _show_progress(self) -> None:
        lines = [
            f"{harmless(row.path)}: {harmless(self._told.get(row.deployment_key, 'waiting'))}\n"
            for row in self._targets
        ]
        self.query_one("#targets-told", Static).update(Content("".join(lines)))


def barred_by(plan: Plan) -> str | None:
    """Why nothing of a plan can go on; None where something may."""
    if plan.brakes:
        return "; ".join(plan.brakes)
    if all(any(c.state == "fail" and not c.override for c in t.checks) for t in plan.targets):
        return "a check stands in the way of every target"
    return None


def _summary_of(plan: Plan, barred: str | None) -> list[tuple[str, str]]:
    parts = [(f"saves {saving_of(plan)}\n", "bold")]
    parts += [(f"! {harmless(warning)}\n", "$text-warning") for warning in plan.warnings]
    if barred is not None:
        return [*parts, (f"✗ cannot be deleted: {harmless(barred)}", "bold $text-error")]
    held = sum(any(c.state == "fail" for c in t.obstacles) for t in plan.targets)
    if held:
        parts.append((f"! {held} of {len(plan.targets)} will be refused\n", "$text-warning"))
    parts.append(("each is read afresh right before; what does not pass then is refused\n", ""))
    return [*parts, ("to delete, type   ", ""), (harmless(plan.phrase), "bold reverse")]


def saving_of(plan: Plan) -> str:
    """The monthly saving by currency; what is not known is counted, never taken as nothing."""
    sums: dict[str, Decimal] = {}
    unknown = 0
    for target in plan.targets:
        if target.monthly_saving is None:
            unknown += 1
        else:
            currency = target.currency or ""
            sums[currency] = sums.get(currency, Decimal(0)) + target.monthly_saving
    told = [f"{amount:,.0f} {currency}".strip() + " a month" for currency, amount in sums.items()]
    if unknown:
        told.append(f"– (not known for {unknown} of {len(plan.targets)})")
    return " + ".join(told)
