"""Which key does what, once the settings have had their say."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.keys.command_ids import COMMAND_IDS
from tui.keys.registry import ACTIONS, Action
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from tui.views.preferences import UserCommand

_NAMED = {f"f{number}" for number in range(1, 25)} | {
    *("tab", "space", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"),
    *("up", "down", "left", "right", "comma"),
}
_MODIFIERS = ("ctrl", "shift", "alt")
_KEPT = {"ctrl+c": "leaves", "escape": "closes what is open", "enter": "opens and confirms"}
NO_KEY = "no key; write a character, or as in ctrl+x, f5, pageup"


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys by action id as Textual names them; those of the registry for all others."""

    changed: Mapping[str, str] = field(default_factory=dict)

    def shown(self, action: Action) -> str:
        """The key of an action as people read it."""
        keys = self.changed.get(action.id)
        return action.shown if keys is None else " ".join(map(_readable, keys.split(",")))


def keys_from(
    wanted: Mapping[str, str], commands: Sequence[UserCommand] = ()
) -> tuple[Keys, list[str]]:
    """The keys that the settings want, and a line for each that cannot be met.

    `wanted` has keys by action id; several are parted by spaces. The default stands where a key
    is no key, the action is not known, or another action has the key. A command of the user's has
    no key then.
    """
    complaints: list[str] = []
    granted: dict[str, str] = {}
    ids = {action.id for action in ACTIONS}
    for action_id, typed in wanted.items():
        names = list(map(_name_of, typed.split()))
        wrong = next((text for name in names if (text := _why_not(name)) is not None), None)
        if action_id not in ids:
            complaints.append(f"[keys] there is no action {action_id!r}")
        elif wrong is not None or not names:
            complaints.append(f"[keys] {action_id} = {typed!r}: {wrong or NO_KEY}")
        else:
            granted[action_id] = ",".join(name for name in names if name)
    complaints += _settled(granted)
    of_commands, more = _keys_of(commands, granted)
    return Keys(granted | of_commands), complaints + more


def _keys_of(
    commands: Sequence[UserCommand], granted: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """The keys of the user's commands by their ids; a line for each that has none after all."""
    found: dict[str, str] = {}
    complaints: list[str] = []
    holders = _holders(granted)
    for action_id, command in zip(COMMAND_IDS, commands, strict=False):
        for typed in (command.key or "").split():
            name = _name_of(typed)
            holder = None if name is None else holders.get(_readable(name))
            taken = None if holder is None else f"is already {holder}; `:` finds it by its name"
            if (wrong := _why_not(name) or taken) is not None:
                complaints.append(harmless(f"[[commands]] {command.name}: {typed!r} {wrong}"))
            elif name is not None:
                holders[_readable(name)] = command.name
                found[action_id] = ",".join(filter(None, (found.get(action_id), name)))
    return found, complaints


def _settled(granted: dict[str, str]) -> list[str]:
    """Withdraw requested keys until no key stands for two actions; a line for each."""
    complaints = []
    while (clash := _clash(granted)) is not None:
        loser, holder, key = clash
        complaints.append(f"[keys] {loser}: {key!r} is already {holder}; the default stands")
        del granted[loser]
    return complaints


def _clash(granted: Mapping[str, str]) -> tuple[str, str, str] | None:
    """An action that wants a key which is another's, whose that is, and the key."""
    holders = _holders({}, without=granted)
    for action_id, keys in granted.items():
        for key in map(_readable, keys.split(",")):
            if key in holders:
                return action_id, holders[key], key
            holders[key] = action_id
    return None


def _holders(granted: Mapping[str, str], without: Container[str] = ()) -> dict[str, str]:
    """Whose each key is, by the registry and by what the settings were granted."""
    holders: dict[str, str] = {}
    for action in ACTIONS:
        keys = "" if action.id in without else granted.get(action.id, action.key)
        holders |= {_readable(key): action.id for key in keys.split(",") if key}
    return holders


def _name_of(typed: str) -> str | None:
    """Textual's name of a key; None where it is none."""
    if len(typed) == 1:
        return "comma" if typed == "," else typed
    *modifiers, last = typed.split("+")
    if any(each not in _MODIFIERS for each in modifiers):
        return None
    is_letter = len(last) == 1 and last.isalnum() and bool(modifiers)
    return typed if is_letter or last in _NAMED or typed in _KEPT else None


def _why_not(name: str | None) -> str | None:
    if name is None:
        return NO_KEY
    return f"{name} {_KEPT[name]}, and stays so" if name in _KEPT else None


def _readable(key: str) -> str:
    """`/` for `slash`: one spelling for each key."""
    from textual.keys import format_key

    return format_key(key)
