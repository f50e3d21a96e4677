"""The user's own commands: arguments of a row's fields, keys, and a program on the terminal."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.session import Limits
from queries.estate.fields import SINGLE_FIELDS, as_fields
from tests.tui.conftest import MakeApp
from tests.tui.demo import frame_of, settled
from tests.tui.rows import row
from tests.tui.terminal import Terminal, terminal
from tests.tui.test_deployments import go_to, home
from tui.app import MothballApp
from tui.keys.keymap import keys_from
from tui.views.preferences import Preferences, UserCommand
from tui.views.user_commands import CannotRun, arguments_for, mistake_in_command

__all__ = ["terminal"]

WIDE = (120, 40)
ECHO = UserCommand("Echo", (sys.executable, "-c", "pass", "{deployment}"), key="z", reads_only=True)


def arguments(*run: str, **changes: str | datetime | None) -> list[str]:
    command = UserCommand("x", (sys.executable, *run))
    return arguments_for(command, as_fields(row("fraud/blue", **changes)))[1:]


def with_commands(app: MothballApp, *commands: UserCommand) -> MothballApp:
    return MothballApp(app.session, preferences=Preferences(commands=commands))


def notices(app: MothballApp) -> list[str]:
    return [str(each.message) for each in app._notifications]


def test_fields_are_filled_in_as_whole_arguments_whatever_they_hold() -> None:
    made = arguments(
        *("--name", "{deployment}", "--to={owner};x", "{{literal}}", "{created_at}"),
        owner="a b; rm -rf '/' $(id)",
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    assert made[:3] == ["--name", "blue", "--to=a b; rm -rf '/' $(id);x"]
    assert made[3:] == ["{literal}", "2026-11-23T00:00:00Z"]


def test_control_characters_are_left_out_of_an_argument() -> None:
    assert arguments("--for={owner}", owner="a\x1b[2J\nb\x00\u202ec") == ["--for=a[2Jbc"]


@pytest.mark.parametrize("value", ["--yes", "-", "\x1b-rf", "@/etc/passwd"])
def test_a_value_becomes_no_option_and_no_file_to_read(value: str) -> None:
    with pytest.raises(CannotRun, match=r"owner begins with .*--option=\{owner\}"):
        arguments("--for", "{owner}", owner=value)
    assert arguments("--for={owner}", owner=value)[0].startswith("--for=")


def test_two_fields_in_one_argument_become_no_option_either() -> None:
    with pytest.raises(CannotRun, match="owner begins with"):
        arguments("{purpose}{owner}", purpose="\x1b", owner="-x")


def test_what_is_not_known_fills_no_argument() -> None:
    with pytest.raises(CannotRun, match="its owner is not known"):
        arguments("{owner}")


def test_a_batch_file_is_given_no_sign_that_its_shell_would_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "az.cmd").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    command = UserCommand("x", ("az.cmd", "{owner}"))
    fields = as_fields(row(owner="ada@contoso.example"))
    assert arguments_for(command, fields)[1:] == ["ada@contoso.example"]
    with pytest.raises(CannotRun, match="the shell of a batch file"):
        arguments_for(command, fields | {"owner": "a & calc"})


@pytest.mark.parametrize(
    ("run", "mistake"),
    [
        ((), "`run` needs a program"),
        (("",), "`run` needs a program"),
        (("{deployment}",), "the program itself is no field"),
        (("az", "{deploymnt}"), "a row has no field 'deploymnt'"),
        (("az", "{tags}"), "a row has no field 'tags'"),
        (("az", "{}"), "names such as {deployment} alone"),
        (("az", "{owner!r}"), "names such as {deployment} alone"),
        (("az", "{owner:>9}"), "names such as {deployment} alone"),
        (("az", "{owner.__class__}"), "a row has no field 'owner.__class__'"),
        (("az", "{"), "a brace that is none of a field is written twice"),
    ],
)
def test_a_mistake_in_a_command_is_one_line(run: tuple[str, ...], mistake: str) -> None:
    found = mistake_in_command(UserCommand("x", run), SINGLE_FIELDS)
    assert found is not None
    assert mistake in found
    assert "\n" not in found


def test_a_key_that_is_taken_or_is_none_is_one_line_and_the_command_stays() -> None:
    commands = [replace(ECHO, name=name, key=key) for name, key in zip("abcd", "dxzz", strict=True)]
    commands.append(replace(ECHO, name="e", key="hyper+x"))
    keys, complaints = keys_from({"extend": "f6"}, commands)
    assert keys.changed == {"extend": "f6", "command_2": "x", "command_3": "z"}
    assert complaints[0].startswith("[[commands]] a: 'd' is already delete")
    assert complaints[1].startswith("[[commands]] d: 'z' is already c")
    assert complaints[2].startswith("[[commands]] e: 'hyper+x' no key")


async def test_a_command_is_in_footer_help_and_palette_and_reports_what_keeps_it_from_running(
    app: MothballApp,
) -> None:
    broken = UserCommand("Broken", ("no-such-program", "{deployment}"), key="Z", reads_only=True)
    other = with_commands(app, ECHO, broken)
    async with other.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        assert " z Echo   Z Broken   ? help" in frame_of(other).splitlines()[-1]
        await pilot.press("Z")
        assert notices(other)[-1] == "Broken: there is no program 'no-such-program'"
        await go_to(pilot, "llama-playground")
        await pilot.press("z")
        assert notices(other)[-1] == "Echo: its deployment is not known"
        await go_to(pilot, "fraud/red")
        await pilot.press("z")
        assert notices(other)[-1] == "Echo: this terminal cannot be lent to a program"
        await pilot.press("colon", *"yours: ec")
        await settled(pilot)
        assert "yours: Echo" in frame_of(other)
        await pilot.press("escape", "W")
        await settled(pilot)
        await pilot.press("z")
        assert "not in this place" in notices(other)[-1]


async def test_a_command_with_confirm_asks_and_enter_alone_runs_nothing(app: MothballApp) -> None:
    other = with_commands(app, replace(ECHO, confirm=True))
    async with other.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await go_to(pilot, "fraud/red")
        await pilot.press("z")
        await settled(pilot)
        frame = frame_of(other)
        assert "Echo: mlw-payments/fraud/red" in frame
        assert "-c pass red" in frame
        await pilot.press("enter")
        await settled(pilot)
        assert other.screen is home(other)
        assert notices(other) == []
        await pilot.press("z", "right", "enter")
        await settled(pilot)
        assert notices(other) == ["Echo: this terminal cannot be lent to a program"]


async def test_what_may_write_is_not_run_in_read_only_mode(app_within: MakeApp) -> None:
    writing = replace(ECHO, name="Poke", reads_only=False, key="Z")
    app = with_commands(app_within(Limits(read_only=True)), ECHO, writing)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        last = frame_of(app).splitlines()[-1]
        assert "z Echo" in last
        assert "Poke" not in last
        await pilot.press("Z")
        assert "Z (Poke): read-only mode is on" in notices(app)[-1]


@pytest.mark.journey
def test_a_program_has_the_terminal_and_its_exit_code_is_noted(
    terminal: Terminal, tmp_path: Path
) -> None:
    program = "import sys; print('seen by the program:', sys.argv[1:]); sys.exit(3)"
    run = [sys.executable, "-c", program, "{endpoint}", "--flag={workspace}"]
    config = tmp_path / "config.toml"
    sleep = ["sh", "-c", "echo asleep; exec sleep 99"]
    config.write_text(
        f'[[commands]]\nname = "Peek"\nkey = "z"\nrun = {run!r}\n'
        f'[[commands]]\nname = "Sleep"\nkey = "Z"\nrun = {sleep!r}\n'
    )
    terminal.start(f"{sys.executable} -m mothball demo --config {config}")
    terminal.shows("clause-extract/bert-large", "z Peek")
    terminal.press("z")
    terminal.shows("seen by the program: ['", "--flag=", "exit code 3; enter returns")
    assert not terminal.is_alternate()
    terminal.press("Enter")
    terminal.shows("clause-extract/bert-large", "Peek: exit code 3")
    assert terminal.is_alternate()
    terminal.press("Z")
    terminal.shows("asleep")
    terminal.press("C-c")
    terminal.shows("ended by signal 2; enter returns")
    terminal.press("Enter")
    terminal.shows("clause-extract/bert-large", "Sleep: ended by signal 2")
    terminal.press("q")
    terminal.shows("left with 0")
