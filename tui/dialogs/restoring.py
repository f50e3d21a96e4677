"""The plan of a restore: what is in the way, what it costs, the phrase, the run, the comparison."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from tui.dialogs.plan_targets import TargetsView
from tui.dialogs.restore_targets import RestoreLine, RestoreTargets, lines_of, needed_among
from tui.grid.columns import money
from tui.grid.grid import Grid
from tui.grid.targets import by_hand_parts
from tui.state.failures import report_failures_to, work_failure_line
from tui.state.messages import RestoreEnded, RestorePlanned, RestoreStepChanged, Work, WorkFailed
from tui.words.untrusted import UNKNOWN, harmless
from tui.words.verdicts import STATE_SYMBOLS, STATE_TONES, TONE_STYLES
from tui.words.wrapping import hanging

if TYPE_CHECKING:
    from actions.archive.reading import Archive
    from actions.restore.planning import RestorePlan
    from tui.state.interface import Interface

CHECK_WIDTH = 10
KEYS = "pgup pgdn scroll   esc close"
TARGET_KEYS = "j k target   space out or in"
PHRASE_KEYS = f"tab phrase   {KEYS}"
TYPING_KEYS = f"enter goes to Restore   {KEYS}"
RUNNING_KEYS = "pgup pgdn scroll"
LOOKING = "looking at what exists now …"


class Restoring(ModalScreen[None]):
    """Reads what exists now and shows the plan; creates only what is confirmed by its phrase.

    It goes from planning to `-planned`, `-restoring`, `-ended`; a barred plan can only be read. Of
    an endpoint, a deployment that is unmarked leaves the plan, which is made anew.
    """

    app: Interface

    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close"),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("space", "turn", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, archive: Archive, path: str) -> None:
        """Keep which, and what it is called; nothing is read before it is on screen."""
        super().__init__()
        self._archive, self._path = archive, path
        self._plan: RestorePlan | None = None
        self._steps: list[str] = []
        self._lines: list[RestoreLine] = []
        self._is_planning = True
        self._view = TargetsView(self, RestoreTargets(id="targets"))

    def compose(self) -> ComposeResult:
        """The plan, what it comes to, then Cancel, phrase and Restore."""
        archive = self._archive
        title = f"Restore {harmless(self._path)}"
        age = f"   archived {archive.archived_at:%Y-%m-%d %H:%M} UTC"
        with Vertical(classes="dialog wide"):
            yield Static(
                Content.assemble((title, "bold"), (age, "$text-muted")), classes="dialog-title"
            )
            yield from self._view.compose()
            yield Static(id="summary", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Input(id="phrase", compact=True, disabled=True)
                yield Button("Restore", id="restore", variant="primary", compact=True)
            yield Static(KEYS, classes="hint", markup=False)

    def on_mount(self) -> None:
        """Look at what exists."""
        self.query_one("#cancel", Button).focus()
        self.query_one("#restore", Button).disabled = True
        self._view.open(is_settled=True)
        self.add_class("-single")
        self._summary((LOOKING, "$text-muted"))
        self._make_plan(frozenset())

    def on_restore_planned(self, message: RestorePlanned) -> None:
        """Show the plan, unless others are taken out by now: then it is made anew."""
        plan = self._plan = message.plan
        self._is_planning = False
        if not self._lines:
            self._offer(lines_of(plan))
        if plan.left_out == self.left_out:
            self._show(plan)
        else:
            self._plan_again()

    @property
    def left_out(self) -> frozenset[str]:
        """The keys of the deployments that were taken out."""
        if self._view.table.is_settled:
            return frozenset() if self._plan is None else self._plan.left_out
        marked = {line.key for line in self._view.table.marked}
        return frozenset(line.key for line in self._lines if line.key not in marked)

    @on(Grid.MarksChanged)
    def plan_anew(self) -> None:
        """Make another plan; whoever holds archived traffic comes back in, with the reason."""
        needed = needed_among(self._lines, self.left_out)
        if needed is not None:
            self._view.table.mark([needed.key])
            self.app.notify(f"not left out: {needed.needed}", severity="warning", markup=False)
        elif self._plan is not None and self.left_out != self._plan.left_out:
            self._plan_again()

    def action_step(self, by: int) -> None:
        """Go to the next target or the one before, whatever has the focus."""
        self._view.step(by)

    def action_turn(self) -> None:
        """Take the target under the cursor out of the plan, or back in."""
        self._view.turn()

    def _offer(self, lines: list[RestoreLine]) -> None:
        """Let deployments be taken out of an endpoint that has several."""
        self._lines = lines
        if len(lines) > 1:
            self.remove_class("-single")
            self._view.table.is_settled = False
            self._view.table.show_targets(lines, is_any_hidden=False)
            self._view.table.mark(line.key for line in lines)

    def _plan_again(self) -> None:
        """Plan for what is marked; a plan that is being made is waited for, and made anew."""
        out = self.left_out
        lines = [replace(line, is_out=line.key in out) for line in self._lines]
        self._view.table.show_targets(lines, is_any_hidden=False)
        phrase = self.query_one("#phrase", Input)
        phrase.value, phrase.disabled = "", True
        self._summary((LOOKING, "$text-muted"))
        self.update_keys()
        if not self._is_planning:
            self._is_planning = True
            self._make_plan(out)

    def _show(self, plan: RestorePlan) -> None:
        """What it costs, what is in the way, and the phrase where nothing is."""
        self.add_class("-planned")
        self.set_class(bool(plan.obstacles), "-barred")
        cost = money(plan.monthly_cost, plan.currency) or UNKNOWN
        parts = [(f"costs {cost} a month by the price list\n", "bold")]
        if plan.obstacles:
            count = len(plan.obstacles)
            text = f"✗ cannot be restored: {count} check{'s' if count > 1 else ''} in the way"
            parts.append((text, "bold $text-error"))
        else:
            parts += [("to restore, type   ", ""), (harmless(plan.phrase), "bold reverse")]
        self._summary(*parts)
        phrase = self.query_one("#phrase", Input)
        phrase.disabled = bool(plan.obstacles)
        phrase.placeholder = f"type {harmless(plan.phrase)}"
        self.update_keys()
        self._show_plan()

    def on_descendant_focus(self) -> None:
        """Enter means something else in the phrase."""
        self.update_keys()

    def update_keys(self) -> None:
        """Name the keys that work now."""
        phrase = self.query_one("#phrase", Input)
        if self._is_running:
            text = RUNNING_KEYS
        elif phrase.disabled:
            text = KEYS
        else:
            text = TYPING_KEYS if self.focused is phrase else PHRASE_KEYS
        if not self._view.table.is_settled and self.focused is not phrase:
            text = f"{TARGET_KEYS}   {text}"
        self.query_one(".hint", Static).update(text)

    @on(Input.Changed, "#phrase")
    def compare_phrase(self, message: Input.Changed) -> None:
        """Only the exact phrase frees the button."""
        self.query_one("#restore", Button).disabled = not self._is_confirmed(message.value)

    @on(Input.Submitted, "#phrase")
    def go_to_button(self, message: Input.Submitted) -> None:
        """Enter restores nothing: it leads to the button where the phrase is right."""
        if self._is_confirmed(message.value):
            self.query_one("#restore", Button).focus()
        else:
            self.app.notify("that is not the phrase; nothing was done", severity="warning")

    @on(Button.Pressed, "#cancel")
    def action_close(self) -> None:
        """Close, unless something is being created: half a restore is reported at its end."""
        if self._is_running:
            self.app.notify("the restore is under way: wait for its end", severity="warning")
        else:
            self.dismiss(None)

    @on(Button.Pressed, "#restore")
    def start(self) -> None:
        """Create what was confirmed."""
        phrase = self.query_one("#phrase", Input).value
        has_begun = self.has_class("-restoring")
        if self._plan is None or has_begun or not self._is_confirmed(phrase):
            return
        self.app.is_writing = True
        self._view.settle()
        self.add_class("-restoring")
        for each in (*self.query(Input), *self.query(Button)):
            each.disabled = True
        self.update_keys()
        self._summary(("Restoring. This cannot be closed before it ends.", "bold"))
        self._restore(self._plan, phrase)

    def on_restore_step_changed(self, message: RestoreStepChanged) -> None:
        """Another step."""
        self._steps.append(message.text)
        self._show_plan()

    def on_restore_ended(self, message: RestoreEnded) -> None:
        """What came of it, and what is not as it was."""
        plan = self._plan = message.plan
        good = plan.outcome == "restored"
        style = "bold $text-success" if good else "bold $text-error"
        symbol = "✓" if good else "✗"
        text = f"{symbol} {plan.outcome}: {plan.message or ''}\n"
        self._end((harmless(text.rstrip()) + "\n", style), ("r takes a fresh snapshot", ""))

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say why; nothing more can be done here."""
        message.stop()
        self._view.settle()
        self._end((f"✗ {work_failure_line(message)}", "bold $text-error"))

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.call_after_refresh(self._show_plan)

    def action_page(self, direction: int) -> None:
        """Scroll the plan whatever has the focus."""
        self._view.page(direction)

    @work(thread=True, exclusive=True, exit_on_error=False, group="planning")
    def _make_plan(self, left_out: frozenset[str]) -> None:
        with report_failures_to(self, Work.PLANNING):
            from actions.restore.restore import plan_restore

            plan = plan_restore(self.app.session, self._archive, left_out=left_out)
            self.post_message(RestorePlanned(plan))

    @work(thread=True, exclusive=True, exit_on_error=False, group="restoring")
    def _restore(self, plan: RestorePlan, phrase: str) -> None:
        with report_failures_to(self, Work.RESTORE):
            from actions.restore.restore import restore

            done = restore(self.app.session, plan, phrase, self._report_step)
            self.post_message(RestoreEnded(done))

    def _report_step(self, text: str) -> None:
        self.post_message(RestoreStepChanged(text))

    @property
    def _is_running(self) -> bool:
        return self.has_class("-restoring") and not self.has_class("-ended")

    @property
    def _sign_of_last(self) -> str:
        if self._is_running:
            return "›"
        is_done = self._plan is not None and self._plan.outcome in ("restored", "differs")
        return "✓" if is_done else "✗"

    def _is_confirmed(self, typed: str) -> bool:
        plan = self._plan
        if plan is None or self._is_planning or plan.left_out != self.left_out:
            return False
        return not plan.obstacles and typed == plan.phrase

    def _end(self, *parts: tuple[str, str]) -> None:
        self.app.is_writing = False
        self.add_class("-ended")
        self.update_keys()
        self._summary(*parts)
        self._show_plan()
        close = self.query_one("#cancel", Button)
        close.label = "Close"
        close.disabled = False
        close.focus()

    def _show_plan(self) -> None:
        width = self._view.width
        parts: list[tuple[str, str]] = []
        for place, step in enumerate(self._steps, start=1):
            sign = self._sign_of_last if place == len(self._steps) else "✓"
            parts.append((f"{sign} {hanging(harmless(step), width, 2)}\n", "bold"))
        if self._plan is not None:
            parts += plan_parts(self._plan, width)
        self._view.describe(Content.assemble(*parts))

    def _summary(self, *parts: tuple[str, str]) -> None:
        self.query_one("#summary", Static).update(Content.assemble(*parts))


def plan_parts(plan: RestorePlan, width: int) -> list[tuple[str, str]]:
    """What would be created, the checks, what to know; once it is done, what differs."""
    parts: list[tuple[str, str]] = []
    for line in plan.differences:
        parts.append((f"✗ {hanging(harmless(line), width, 2)}\n", "bold $text-error"))
    parts.append(("creates\n", "$text-muted"))
    parts += [(f"  {hanging(harmless(each), width, 2)}\n", "") for each in plan.ids]
    for check in plan.checks:
        style = TONE_STYLES[STATE_TONES[check.state]]
        head = f"{STATE_SYMBOLS[check.state]} {check.check:<{CHECK_WIDTH}}"
        parts.append((head, f"bold {style}"))
        parts.append((f"{hanging(harmless(check.evidence), width, CHECK_WIDTH + 2)}\n", ""))
    for line in plan.warnings:
        parts.append((f"! {hanging(harmless(line), width, 2)}\n", "$text-warning"))
    return parts + by_hand_parts(((step.what, step.command) for step in plan.by_hand), width)
