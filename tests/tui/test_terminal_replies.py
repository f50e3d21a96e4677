"""What a terminal says of itself becomes no key, however it is cut; what is typed does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from textual import events
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.terminal.replies import Replies
from tui.terminal.textual_terminal import Parser

ESC, BEL = "\x1b", "\x07"
REPLIES = {
    "background": f"{ESC}]11;rgb:0c0c/0c0c/0c0c{ESC}\\",
    "foreground": f"{ESC}]10;rgb:ffff/ffff/ffff{BEL}",
    "colour of the palette": f"{ESC}]4;12;rgb:00ff/d7d7/8787{ESC}\\",
    "device": f"{ESC}[?62;22c",
    "second device": f"{ESC}[>0;276;0c",
    "third device": f"{ESC}P!|7E565445{ESC}\\",
    "mode": f"{ESC}[?2026;2$y",
    "mode of ANSI": f"{ESC}[4;2$y",
    "state": f"{ESC}[0n",
    "size": f"{ESC}[8;24;80t",
    "keyboard": f"{ESC}[?1u",
    "focus": f"{ESC}[I",
    "no focus": f"{ESC}[O",
    "name": f"{ESC}P>|tmux 3.3a{ESC}\\",
    "capability": f"{ESC}P1+r544e=787465726d2d323536636f6c6f72{ESC}\\",
    "picture": f"{ESC}_Gi=31;OK{ESC}\\",
    "paste": f"{ESC}[200~r d y{ESC}[201~",
}
CUTS = [(name, cut) for name, reply in REPLIES.items() for cut in range(1, len(reply))]
SHORTLY, LATE, VERY_LATE = 0.02, 0.3, 2.0


class Terminal:
    """Reads in chunks, with so many seconds of silence after each."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._parser = Parser(replies=Replies(lambda: self._seconds))

    def reads(self, *chunks: str, quiet_seconds: float = LATE) -> list[Message]:
        messages: list[Message] = []
        for chunk in chunks:
            messages += self._parser.feed(chunk)
            self._seconds += quiet_seconds
            messages += self._parser.tick()
        return messages

    def ends(self) -> list[Message]:
        self._seconds += VERY_LATE
        return list(self._parser.tick())


def keys(messages: Iterable[Message]) -> list[str]:
    return [message.key for message in messages if isinstance(message, events.Key)]


def pasted(messages: Iterable[Message]) -> list[str]:
    return [message.text for message in messages if isinstance(message, events.Paste)]


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_of_the_terminal_is_no_key(name: str) -> None:
    terminal = Terminal()
    read = terminal.reads(REPLIES[name], quiet_seconds=SHORTLY)
    assert keys([*read, *terminal.ends()]) == []
    assert keys(terminal.reads("q", quiet_seconds=SHORTLY)) == ["q"]


@pytest.mark.parametrize(("name", "cut"), CUTS)
def test_a_reply_that_is_cut_in_two_is_no_key(name: str, cut: int) -> None:
    terminal = Terminal()
    reply = REPLIES[name]
    read = terminal.reads(reply[:cut], reply[cut:], quiet_seconds=SHORTLY)
    assert keys([*read, *terminal.ends()]) == []


@pytest.mark.parametrize(("name", "cut"), CUTS)
def test_what_follows_late_is_no_key_and_the_next_key_is_one(name: str, cut: int) -> None:
    terminal = Terminal()
    reply = REPLIES[name]
    read = terminal.reads(reply[:cut], reply[cut:], "q")
    # An escape that nothing follows for so long, or `ESC P`, is what those keys send.
    meant = {ESC: ["escape"], f"{ESC}P": ["alt+shift+p"]}.get(reply[:cut], [])
    assert keys([*read, *terminal.ends()]) == [*meant, "q"]


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_that_comes_letter_by_letter_is_no_key(name: str) -> None:
    terminal = Terminal()
    assert keys(terminal.reads(*REPLIES[name], quiet_seconds=SHORTLY)) == []


def test_a_reply_between_keys_takes_none_of_them() -> None:
    terminal = Terminal()
    typed = "".join(f"{reply}q" for reply in REPLIES.values())
    assert keys(terminal.reads(typed)) == ["q"] * len(REPLIES)


def test_what_textual_asks_the_terminal_for_still_comes_through() -> None:
    read = Terminal().reads(REPLIES["mode"], f"{ESC}[12;40R", REPLIES["focus"], REPLIES["no focus"])
    assert [type(message) for message in read] == [
        TerminalSupportsSynchronizedOutput,
        events.CursorPosition,
        events.AppFocus,
        events.AppBlur,
    ]


def test_what_is_pasted_is_one_paste_and_no_key() -> None:
    read = Terminal().reads(f"{ESC}[200~r {ESC}]0;d", f"y{ESC}", "[201~", "q")
    assert pasted(read) == [f"r {ESC}]0;dy"]
    assert keys(read) == ["q"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ([ESC], ["escape"]),
        ([ESC, ESC], ["escape", "escape"]),
        ([f"{ESC}{ESC}"], ["escape", "escape"]),
        ([ESC, "q"], ["escape", "q"]),
        ([ESC, "]"], ["escape", "right_square_bracket"]),
        ([ESC, "[", "["], ["escape", "left_square_bracket", "left_square_bracket"]),
        ([ESC, "]r"], ["escape", "right_square_bracket", "r"]),
        ([ESC, "]", ESC], ["escape", "right_square_bracket", "escape"]),
        ([ESC, f"{ESC}[A"], ["escape", "up"]),
        ([f"{ESC}q"], ["alt+q"]),
        ([f"{ESC}a{ESC}n"], ["alt+a", "alt+n"]),
        ([f"{ESC}P"], ["alt+shift+p"]),
        ([f"{ESC}X"], ["alt+shift+x"]),
        ([f"{ESC}O"], ["alt+shift+o"]),
        ([f"{ESC}O", "q"], ["alt+shift+o", "q"]),
        ([f"{ESC}O{ESC}a"], ["alt+shift+o", "alt+a"]),
        ([f"{ESC}[A"], ["up"]),
        ([f"{ESC}[", "1;5", "A"], ["ctrl+up"]),
        ([f"{ESC}OA"], ["up"]),
        ([f"{ESC}[[A"], ["f1"]),
        ([f"{ESC}[15~"], ["f5"]),
        ([f"{ESC}[27u"], ["escape"]),
        ([f"{ESC}[97;3u"], ["alt+a"]),
        ([f"{ESC}[3$"], ["shift+delete"]),
        ([f"{ESC}]11;rgb:{ESC}[A"], ["up"]),
        (["[", "]", "P", "_"], ["left_square_bracket", "right_square_bracket", "P", "underscore"]),
    ],
)
def test_what_is_typed_is_typed(typed: Sequence[str], meant: list[str]) -> None:
    terminal = Terminal()
    read = terminal.reads(*typed)
    assert keys([*read, *terminal.ends()]) == meant


def test_a_reply_that_never_ends_does_not_take_the_keyboard_away() -> None:
    terminal = Terminal()
    assert keys(terminal.reads(f"{ESC}]11;rgb:", quiet_seconds=VERY_LATE)) == []
    assert keys(terminal.reads("q")) == ["q"]


def test_the_mouse_still_moves() -> None:
    [read] = Terminal().reads(f"{ESC}[<0;", "5;7M")
    assert isinstance(read, events.MouseDown)
    assert (read.x, read.y) == (4, 6)
