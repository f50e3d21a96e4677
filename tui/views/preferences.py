"""What a person chose for the interface: views, keys, commands, who they are. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter, an order, a group and columns under one name.

    `{me}` in `filter` stands for the names of whoever is asking. `sort`, `group` and `columns`
    are ids of columns; `columns` None: those shown by default. What is equal in `sort` is sorted by
    `then`. `key` is a digit from 1 to 9, or None where the view is found by its name alone.
    """

    name: str
    filter: str = ""
    sort: str = "verdict"
    descending: bool = False
    group: str | None = None
    columns: tuple[str, ...] | None = None
    key: int | None = None
    then: str | None = None
    then_descending: bool = False


@dataclass(frozen=True, slots=True)
class UserCommand:
    """A program of the user's that runs on a row, with its arguments.

    `{deployment}` and the other fields of a row stand for their values. `key` None: the palette
    runs it. What is not `reads_only` may write to Azure, and is there where writing is.
    """

    name: str
    run: tuple[str, ...]
    key: str | None = None
    confirm: bool = False
    reads_only: bool = False


@dataclass(frozen=True, slots=True)
class Preferences:
    """The part of the settings that the interface reads.

    `me` are the names that the owner tag calls this person by; `keys` are keys by action.
    `follow`: what is newer in the store is shown by itself where nothing is in the way.
    """

    me: tuple[str, ...] = ()
    views: tuple[SavedView, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[UserCommand, ...] = ()
    follow: bool = True
