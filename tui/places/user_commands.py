"""The user's own commands on the row under the cursor, with the terminal lent to the program."""

from __future__ import annotations

import shlex
import signal
import subprocess
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from tui.keys.command_ids import COMMAND_IDS
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from queries.estate.rows import DeploymentRow
    from tui.places.place import Handler, Place
    from tui.views.preferences import UserCommand


class UserCommands:
    """Runs those of the settings on `subject()` of a place."""

    def __init__(self, place: Place, subject: Callable[[], DeploymentRow]) -> None:
        """Nothing is run yet."""
        self._place, self._subject = place, subject

    def handlers(self) -> dict[str, Handler]:
        """An action for each."""
        pairs = zip(COMMAND_IDS, self._place.app.user_commands, strict=False)
        return {action_id: partial(self.ask, command) for action_id, command in pairs}

    def ask(self, command: UserCommand) -> None:
        """Run a command, after a question where it wants one; or say why it cannot run."""
        from queries.estate.fields import as_fields
        from tui.views.user_commands import CannotRun, arguments_for

        row = self._subject()
        try:
            arguments = arguments_for(command, as_fields(row))
        except CannotRun as reason:
            self._notify(command, str(reason), is_bad=True)
            return
        if not command.confirm:
            self._run(command, arguments)
            return
        from tui.dialogs.question import Question

        line = harmless(shlex.join([*command.run[:1], *arguments[1:]]))
        question = f"{harmless(command.name)}: {harmless(row.path)}\n\n{line}"
        run = partial(self._run_if, command, arguments)
        self._place.app.push_screen(Question(question, "Run it", "Leave"), run)

    def _run_if(self, command: UserCommand, arguments: Sequence[str], wanted: bool | None) -> None:
        if wanted:
            self._run(command, arguments)

    def _run(self, command: UserCommand, arguments: Sequence[str]) -> None:
        try:
            with self._place.app.suspend():
                code = run_in_terminal(arguments)
        except SuspendNotSupported:
            self._notify(command, "this terminal cannot be lent to a program", is_bad=True)
        except OSError as error:
            self._notify(command, f"cannot be run: {error.strerror or error}", is_bad=True)
        else:
            self._notify(command, _ended(code), is_bad=code != 0)

    def _notify(self, command: UserCommand, text: str, *, is_bad: bool) -> None:
        line = harmless(f"{command.name}: {text}")
        app = self._place.app
        app.notify(line, severity="warning" if is_bad else "information", markup=False)


def run_in_terminal(arguments: Sequence[str]) -> int:
    """Run a program on the terminal, and keep what it printed there until enter is pressed.

    Its exit code; below 0 the signal that ended it. Ctrl+c is for the program: a handler that does
    nothing is not inherited, where ignoring the signal would be.
    """
    before = signal.signal(signal.SIGINT, lambda *_signal: None)
    try:
        print(f"\n$ {harmless(shlex.join(arguments))}\n", flush=True)
        code = subprocess.run(arguments, check=False).returncode
        print(f"\n{_ended(code)}; enter returns to Mothball ", end="", flush=True)
        _wait_for_enter()
        return code
    finally:
        signal.signal(signal.SIGINT, before)


def _ended(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"ended by signal {-code}"


def _wait_for_enter() -> None:
    try:
        input()
    except EOFError:
        print()
