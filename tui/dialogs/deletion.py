"""The plan of a deletion: every target to look at and to take out, the phrase, the run, its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from collectors.records import counted
from tui.dialogs.deletion_run import DeletionRun
from tui.dialogs.deletion_words import (
    barred_by,
    close_to_end,
    content_of,
    keys_of,
    summary_of,
    title_of,
)
from tui.dialogs.plan_targets import TargetsView
from tui.grid.grid import Grid
from tui.grid.target_columns import lines_of, way_back
from tui.grid.targets import Targets
from tui.state.estate import is_old
from tui.state.failures import report_failures_to, work_failure_line
from tui.state.history import Address
from tui.state.messages import DeletionEnded, PlanMade, TargetStageChanged, Work, WorkFailed
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from actions.deletion.plan import Plan, PlannedTarget
    from actions.states import Progress
    from collectors.connection.patience import Stop
    from queries.estate.naming import Names
    from queries.estate.rows import DeploymentRow
    from tui.state.interface import Interface


class DeletionDialog(ModalScreen[frozenset[str]]):
    """Dismissed with the keys of what was deleted. Cancel has the focus; enter alone never deletes.

    It goes from planning (or `-old` data, where it ends) to `-planned`, `-deleting`, `-ended`. A
    target that is unmarked leaves the plan, which is made anew: its phrase is of those that stay.
    """

    app: Interface

    whole: ClassVar[bool] = False
    """Whether all targets go or none, so that none can be taken out."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close"),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("space", "turn", show=False),
        Binding("o", "override", show=False),
        Binding("c", "copy_way_back", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, targets: Sequence[DeploymentRow], hidden_keys: frozenset[str]) -> None:
        """Keep the targets, hidden ones included; nothing is planned before it is on screen."""
        super().__init__()
        self.rows = tuple(targets)
        self._hidden_keys = hidden_keys
        self._overrides: dict[str, str] = {}
        self.plan: Plan | None = None
        self._planned_for: tuple[tuple[str, ...], dict[str, str]] | None = None
        self._confirmed: list[DeploymentRow] | None = None
        self._is_planning = False
        self._deletion = DeletionRun()
        self._view = TargetsView(self, Targets(id="targets"))

    def compose(self) -> ComposeResult:
        """Targets, what is known of the one under the cursor, then Cancel, phrase and Delete.

        The phrase is one tab from Cancel, and so is the button from it: letters are text at once.
        """
        with Vertical(classes="dialog wide"):
            yield Static(self._title(), markup=False, classes="dialog-title")
            yield from self._view.compose()
            yield Static(id="summary", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Override …", id="override", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
                yield Button("Journal", id="journal", compact=True)
                yield Button("Take a snapshot", id="refresh", variant="primary", compact=True)
                yield Input(id="phrase", compact=True, disabled=True)
                yield Button("Delete", id="delete", variant="error", disabled=True, compact=True)
            yield Static(classes="hint", markup=False)

    def on_mount(self) -> None:
        """Plan, unless the data is too old to plan by."""
        self.query_one("#cancel", Button).focus()
        self._view.open(is_settled=self.whole)
        self._show_targets()
        self.targets.mark(row.deployment_key for row in self.rows)
        if is_old(self.rows, self.app.session.now()):
            self.add_class("-old")
            self._show_targets()
            self.targets.is_settled = True
            self._summary(
                ("the data is older than a day; nothing is planned by it\n", "$text-warning"),
                ("Take a fresh snapshot first, then delete.", "bold"),
            )
        else:
            self._plan_again()
        self.update_keys()

    def on_descendant_focus(self) -> None:
        """Letters are text in the phrase, and keys everywhere else."""
        self.update_keys()

    def update_keys(self) -> None:
        """Name the keys that work now, until the deletion begins."""
        if self.has_class("-deleting") or self.has_class("-ended"):
            return
        phrase, is_old = self.query_one("#phrase", Input), self.has_class("-old")
        asks, types = not phrase.disabled, self.focused is phrase
        self._hint(keys_of(is_whole=self.whole, is_old=is_old, asks=asks, types=types))

    @property
    def targets(self) -> Targets:
        """The table of targets."""
        return self._view.table

    @property
    def kept(self) -> list[DeploymentRow]:
        """The targets that were not taken out, in their order."""
        if self._confirmed is not None:
            return self._confirmed
        return list(self.rows) if self.whole else self._view.marked_of(self.rows)

    @on(Grid.MarksChanged)
    def plan_anew(self) -> None:
        """Other targets make another plan, with another phrase; the same have theirs already."""
        if not self._is_open or self._is_planning:
            return
        if self.plan is not None and self._asked == self._planned_for:
            self._show_plan(self.plan)
        else:
            self._plan_again()

    @on(Grid.CursorMoved)
    def describe(self) -> None:
        """Show all that is known of the target under the cursor."""
        line = self.targets.current
        if line is not None:
            notes, now = self._deletion.notes.get(line.key, ()), self.app.session.now()
            self._view.describe(content_of(line, self.plan, notes, now, self._view.width))

    def on_plan_made(self, message: PlanMade) -> None:
        """Show the plan, and ask for the phrase where anything may go on."""
        self._is_planning = False
        self.plan = message.plan
        self.take_over(message.plan)
        if self._asked == self._planned_for:
            self._show_plan(message.plan)
        else:
            self._plan_again()

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
        """Close; while a deletion is under way, ask it to stop after the current target."""
        if not self.has_class("-deleting") or self.has_class("-ended"):
            self.dismiss(self._deletion.deleted)
        elif self._deletion.stop is not None:
            self._deletion.stop.set()
            self._summary(("Stopping after the current target; the rest is left as it is.", "bold"))

    @on(Button.Pressed, "#journal")
    def show_journal(self) -> None:
        """Go where all of it is written down."""
        self.dismiss(self._deletion.deleted)
        self.app.call_later(self.app.jump, Address("journal"))

    @on(Button.Pressed, "#refresh")
    def refresh_first(self) -> None:
        """Take the fresh snapshot that the old data asks for."""
        self.dismiss(frozenset())
        self.app.take_snapshot()

    @on(Button.Pressed, "#override")
    def action_override(self) -> None:
        """Open the dialog that overrides one check, with a reason."""
        if self.plan is None or not self._is_open or self._is_planning:
            return
        from tui.dialogs.overriding import Overriding

        self.app.push_screen(Overriding(self.plan), self._override)

    @on(Button.Pressed, "#delete")
    def start(self) -> None:
        """Guard and delete what was confirmed."""
        phrase = self.query_one("#phrase", Input).value
        if self.plan is None or not self._is_open or not self._is_confirmed(phrase):
            return
        self.app.is_writing = True
        self._confirmed = self.kept
        self._view.settle()
        self.add_class("-deleting")
        for each in (*self.query(Input), *self.query(Button)):
            each.disabled = True
        self.targets.focus()
        stop = self._deletion.begin(self.plan)
        self._summary(
            ("Deleting, one after another. This cannot be closed before it ends.", "bold")
        )
        self._hint("j k target   esc stops after the current target")
        self._show_targets()
        self._delete(self.plan, phrase, stop)

    def on_target_stage_changed(self, message: TargetStageChanged) -> None:
        """How far a target is; whatever else is reported of it is kept beside."""
        if self._deletion.hear(message.deployment_key, message.progress):
            self.targets.go_to(message.deployment_key)
        self._show_targets()

    def on_deletion_ended(self, message: DeletionEnded) -> None:
        """Show what became of each."""
        self.plan = message.plan
        to_look_at = self._deletion.end(message.plan)
        self._end(*close_to_end(message.plan))
        self._show_targets()
        self.targets.go_to(to_look_at)

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say why, beside what had become of each by then; nothing more can be done here."""
        message.stop()
        self._is_planning = False
        self._deletion.break_off()
        self._end((f"✗ {work_failure_line(message)}", "bold $text-error"))
        self._show_targets()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self.describe)

    def action_step(self, by: int) -> None:
        """Go to the next target or the one before, whatever has the focus."""
        self._view.step(by)

    def action_turn(self) -> None:
        """Take the target under the cursor out of the plan, or back in."""
        self._view.turn()

    def action_page(self, direction: int) -> None:
        """Scroll what is known of the target."""
        self._view.page(direction)

    def action_copy_way_back(self) -> None:
        """Copy the command that brings the target under the cursor back, and show it."""
        line = self.targets.current
        command = way_back(line.planned) if line is not None and line.planned else None
        if command is not None:
            self.app.copy_to_clipboard(command)
            self.app.notify(command, title="copied", markup=False)

    def make_plan(self, rows: Sequence[DeploymentRow], overrides: Mapping[str, str]) -> Plan:
        """The plan for these targets; called from a worker."""
        from actions.deletion.delete import plan_deletion

        return plan_deletion(self.app.session, rows, overrides)

    def take_over(self, plan: Plan) -> None:
        """Whatever of a plan is not known before it is made; called before it is shown."""

    def title_words(self) -> str:
        """What would be deleted, in a few words."""
        if len(self.rows) == 1:
            return harmless(self.names.of(self.rows[0].id))
        return counted(len(self.rows), "deployment")

    @property
    def names(self) -> Names:
        """How the targets are distinguished: among all that the store knows, once it is planned."""
        return self._names if self.plan is None else self.plan.names

    @cached_property
    def _names(self) -> Names:
        return self.app.names

    @property
    def _asked(self) -> tuple[tuple[str, ...], dict[str, str]]:
        return tuple(row.deployment_key for row in self.kept), self._overrides

    @property
    def _is_open(self) -> bool:
        """Whether the plan may still be changed."""
        return not any(map(self.has_class, ("-old", "-deleting", "-ended")))

    def _plan_again(self) -> None:
        """Plan for what is marked; a plan that is being made is waited for, and made anew."""
        self.remove_class("-planned", "-barred")
        phrase = self.query_one("#phrase", Input)
        phrase.value = phrase.placeholder = ""
        phrase.disabled = not self.kept
        self.update_keys()
        self._show_targets()
        if not self.kept:
            self._summary(("nothing is left to delete: space takes a target back in", "bold"))
        elif not self._is_planning:
            self._is_planning = True
            self._summary(("planning …", "$text-muted"))
            self._planned_for = self._asked
            self._make_plan(self.kept, self._overrides)

    def _show_plan(self, plan: Plan) -> None:
        barred = barred_by(plan)
        self.add_class("-planned")
        self.set_class(barred is not None, "-barred")
        self._show_targets()
        self._summary(*summary_of(plan, barred, self._overrides))
        phrase = self.query_one("#phrase", Input)
        if barred is not None and phrase.has_focus:
            self.set_focus(self.query_one("#cancel", Button))
        phrase.disabled = barred is not None
        phrase.placeholder = f"type {harmless(plan.phrase)}"
        self.query_one("#delete", Button).disabled = not self._is_confirmed(phrase.value)
        self.update_keys()

    def _override(self, given: tuple[str, str] | None) -> None:
        if given is not None:
            check, reason = given
            self._overrides = {**self._overrides, check: reason}
            self._plan_again()

    # Textual describes a worker by all that it is given, here every row, unless told otherwise.
    @work(thread=True, exit_on_error=False, group="planning", description="planning")
    def _make_plan(self, rows: Sequence[DeploymentRow], overrides: Mapping[str, str]) -> None:
        with report_failures_to(self, Work.PLANNING):
            self.post_message(PlanMade(self.make_plan(rows, overrides)))

    @work(thread=True, exclusive=True, exit_on_error=False, group="deleting", description="delete")
    def _delete(self, plan: Plan, phrase: str, stop: Stop) -> None:
        with report_failures_to(self, Work.DELETION):
            from actions.deletion.delete import delete

            session, overrides = self.app.session, self._overrides
            done = delete(session, plan, phrase, overrides, self._report_stage, stop.is_set)
            self.post_message(DeletionEnded(done))

    def _report_stage(self, target: PlannedTarget, progress: Progress) -> None:
        self.post_message(TargetStageChanged(target.row.deployment_key, progress))

    def _is_confirmed(self, typed: str) -> bool:
        plan = self.plan
        if plan is None or self._is_planning or self._asked != self._planned_for:
            return False
        return barred_by(plan) is None and typed == plan.phrase

    def _show_targets(self) -> None:
        kept = {row.deployment_key for row in self.kept}
        stages = self._deletion.stages
        lines = lines_of(self.rows, self.plan, kept, self._hidden_keys, stages, self.names)
        self.targets.show_targets(lines, is_any_hidden=any(line.is_hidden for line in lines))

    def _end(self, *parts: tuple[str, str]) -> None:
        self.app.is_writing = False
        self._confirmed = self.kept
        self._view.settle()
        self._hint("j k target   c copies the way back   esc close")
        self.add_class("-ended")
        self._summary(*parts)
        close = self.query_one("#cancel", Button)
        close.label = "Close"
        close.disabled = False
        self.query_one("#journal", Button).disabled = False
        close.focus()

    def _hint(self, text: str) -> None:
        self.query_one(".hint", Static).update(text)

    def _title(self) -> Content:
        hidden = len(self._hidden_keys & {row.deployment_key for row in self.rows})
        return title_of(self.title_words(), hidden, self.rows, self.app.session.now())

    def _summary(self, *parts: tuple[str, str]) -> None:
        self.query_one("#summary", Static).update(Content.assemble(*parts))
