"""The settings: one frozen object from `config.toml`, every key with a default."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from actions.session import Brakes, Prices
from collectors.connection.timeouts import Timeouts
from mothball import ids
from queries.policy import BASES, DEFAULT_TAGS, LARGEST_FALL
from queries.store.catalogue import catalogue_from
from queries.store.limits import (
    LEAST_MEMORY_MB,
    MOST_MEMORY_MB,
    MOST_THREADS,
    DatabaseLimits,
)
from queries.store.urls import url_of
from queries.text.typed import MOST_DAYS
from tui.keys.command_ids import MOST_COMMANDS
from tui.views.preferences import Preferences, SavedView, UserCommand

# The largest number of each that can be meant.
_WHOLE = {
    "window_days": MOST_DAYS,
    "minimum_age_days": MOST_DAYS,
    "rollbacks_kept": 100,
    "grace_days": MOST_DAYS,
    "fiscal_year_start": 12,
}
_SCOPES = ("protected_subscriptions", "subscriptions")
_SEEN = ("me", "views", "keys", "commands", "interface")
_PLACES = ("archive_folder", "journal_key")
_VIEW_TEXTS = ("name", "filter", "sort", "then", "group")
_VIEW_TICKS = ("descending", "then_descending")
_COMMAND_TEXTS = ("name", "key")
_COMMAND_TICKS = ("confirm", "reads_only")
_TIMEOUTS = ("connect_seconds", "read_seconds", "total_seconds", "sign_in_seconds")
MOST_SECONDS = 3600
MOST_TARGETS = 10_000
MOST_MONEY = 10**12
_BRAKES = ("share_of_endpoint", "share_of_tenant", "share_of_money")


class SettingsError(Exception):
    """A settings file that cannot be read as one; the text names the key and the fix."""


@dataclass(frozen=True, slots=True)
class TeamStore:
    """A store that a team shares: a DuckLake catalogue and where its data are."""

    catalogue: str
    data: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with its default."""

    window_days: int = 35
    minimum_age_days: int = 14
    rollbacks_kept: int = 1
    grace_days: int = 14
    fiscal_year_start: int = 1
    without_bill: tuple[str, ...] = ()
    protected_subscriptions: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(DEFAULT_TAGS))
    brakes: Brakes = field(default_factory=Brakes)
    prices: Prices = field(default_factory=Prices)
    cost_basis: str = BASES["actual"]
    largest_cost_fall: Decimal = LARGEST_FALL
    quarterly_budget: Mapping[str, Decimal] = field(default_factory=dict)
    stores: Mapping[str, TeamStore] = field(default_factory=dict)
    database: DatabaseLimits = field(default_factory=DatabaseLimits)
    archive_folder: Path | None = None
    archive_url: str | None = None
    journal_key: Path | None = None
    preferences: Preferences = field(default_factory=Preferences)
    timeouts: Timeouts = field(default_factory=Timeouts)


def read_settings(path: Path, *, must_exist: bool) -> Settings:
    """The settings of a file; the defaults where there is none and none was asked for."""
    if not path.exists():
        if must_exist:
            raise SettingsError(f"there is no settings file {path}")
        return Settings()
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    try:
        return settings_from(given)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def settings_from(given: Mapping[str, Any]) -> Settings:
    """Settings from a parsed file; an unknown key or a wrong value is named."""
    values: dict[str, Any] = {
        name: _whole(given, name, most) for name, most in _WHOLE.items() if name in given
    }
    values |= {name: _subscriptions(given[name], name) for name in _SCOPES if name in given}
    if "archive_folder" in given:
        values |= _archives(given["archive_folder"])
    if "journal_key" in given:
        values["journal_key"] = _path(given["journal_key"], "journal_key")
    tables = {
        "tags": _tags,
        "brakes": _brakes,
        "prices": _prices,
        "stores": _stores,
        "database": _database,
        "quarterly_budget": _budgets,
        "timeouts": _timeouts,
    }
    values |= {name: read(_table(given, name)) for name, read in tables.items() if name in given}
    if "costs" in given:
        values |= _costs(_table(given, "costs"))
    values["preferences"] = _preferences(given)
    _no_others(given, (*_WHOLE, *_SCOPES, *_PLACES, *tables, "costs", *_SEEN))
    if not 1 <= values.get("fiscal_year_start", 1) <= 12:
        raise SettingsError("fiscal_year_start is a month from 1 to 12")
    return Settings(**values)


def _tags(given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    _no_others(given, tuple(DEFAULT_TAGS), "tags.")
    named = {meaning: _texts(names, f"tags.{meaning}") for meaning, names in given.items()}
    empty = [meaning for meaning, names in named.items() if not names]
    if empty:
        raise SettingsError(f"tags.{empty[0]} needs at least one tag name")
    return dict(DEFAULT_TAGS) | named


def _brakes(given: Mapping[str, Any]) -> Brakes:
    _no_others(given, ("targets", *_BRAKES), "brakes.")
    values: dict[str, Any] = {n: _share(given[n], f"brakes.{n}") for n in _BRAKES if n in given}
    if "targets" in given:
        values["targets"] = _whole(given, "targets", MOST_TARGETS, "brakes.")
    return Brakes(**values)


def _prices(given: Mapping[str, Any]) -> Prices:
    _no_others(given, ("currency", "discount", "overrides"), "prices.")
    overrides = _table(given, "overrides") if "overrides" in given else {}
    return Prices(
        currency=_text(given.get("currency", "USD"), "prices.currency").upper(),
        discount=_share(given.get("discount", 0), "prices.discount"),
        overrides={k: _decimal(v, f"prices.overrides.{k}") for k, v in overrides.items()},
    )


def _costs(given: Mapping[str, Any]) -> dict[str, Any]:
    _no_others(given, ("basis", "largest_fall", "without_bill"), "costs.")
    basis = given.get("basis", "actual")
    if not isinstance(basis, str) or basis not in BASES:
        raise SettingsError(f"costs.basis is {' or '.join(map(repr, BASES))}, not {basis!r}")
    largest = _share(given.get("largest_fall", LARGEST_FALL), "costs.largest_fall")
    without = _subscriptions(given.get("without_bill", []), "costs.without_bill")
    return {
        "cost_basis": BASES[basis],
        "largest_cost_fall": largest,
        "without_bill": without,
    }


def _budgets(given: Mapping[str, Any]) -> dict[str, Decimal]:
    """What serving may cost a quarter, by currency."""
    for name in given:
        if not (len(name) == 3 and name.isascii() and name.isalpha()):
            raise SettingsError(f"quarterly_budget.{name}: EUR, say, and the amount")
    return {k.upper(): _decimal(v, f"quarterly_budget.{k}") for k, v in given.items()}


def _timeouts(given: Mapping[str, Any]) -> Timeouts:
    _no_others(given, _TIMEOUTS, "timeouts.")
    return Timeouts(**{name: _seconds(given[name], f"timeouts.{name}") for name in given})


def _stores(given: Mapping[str, Any]) -> dict[str, TeamStore]:
    stores = {}
    for name, table in given.items():
        if not isinstance(table, dict) or not {"catalogue", "data"} == table.keys() - {"account"}:
            raise SettingsError(
                f"stores.{name} needs `catalogue` and `data` (in Azure Storage also `account`), and"
                " nothing else"
            )
        words = {key: _text(table[key], f"stores.{name}.{key}") for key in table}
        try:
            catalogue_from(words["catalogue"])
        except ValueError as error:
            raise SettingsError(f"stores.{name}.catalogue: {error}") from error
        stores[name] = TeamStore(**words)
    return stores


def _archives(given: Any) -> dict[str, Any]:
    """A folder, or a place in Azure Storage."""
    if "://" not in _text(given, "archive_folder"):
        return {"archive_folder": _path(given, "archive_folder")}
    try:
        return {"archive_url": url_of(given)}
    except ValueError as error:
        raise SettingsError(f"archive_folder: {error}") from error


def _database(given: Mapping[str, Any]) -> DatabaseLimits:
    """Values that no machine has, and those with which nothing could be read, are refused."""
    ranges = {"memory_mb": (LEAST_MEMORY_MB, MOST_MEMORY_MB), "threads": (1, MOST_THREADS)}
    _no_others(given, (*ranges, "temporary_folder"), "database.")
    values: dict[str, Any] = {}
    for name, (least, most) in ranges.items():
        if name in given:
            values[name] = _whole(given, name, most, "database.", least)
    if "temporary_folder" in given:
        name = "temporary_folder"
        values[name] = _path(given[name], f"database.{name}")
    return DatabaseLimits(**values)


def _preferences(given: Mapping[str, Any]) -> Preferences:
    keys = _table(given, "keys") if "keys" in given else {}
    return Preferences(
        me=_texts(given.get("me", []), "me"),
        views=tuple(map(_view, _tables(given, "views"))),
        keys={action: _text(key, f"keys.{action}") for action, key in keys.items()},
        commands=_commands(_tables(given, "commands")),
        follow=_follow(_table(given, "interface") if "interface" in given else {}),
    )


def _commands(given: list[Mapping[str, Any]]) -> tuple[UserCommand, ...]:
    if len(given) > MOST_COMMANDS:
        raise SettingsError(f"there may be {MOST_COMMANDS} of [[commands]], not {len(given)}")
    return tuple(map(_command, given))


def _command(given: Mapping[str, Any]) -> UserCommand:
    from queries.estate.fields import SINGLE_FIELDS
    from tui.views.user_commands import mistake_in_command

    _no_others(given, (*_COMMAND_TEXTS, "run", *_COMMAND_TICKS), "commands.")
    values: dict[str, Any] = {
        name: _text(given[name], f"commands.{name}") for name in _COMMAND_TEXTS if name in given
    }
    if not values.get("name", "").strip():
        raise SettingsError("each of [[commands]] needs a `name`")
    values |= _ticks(given, _COMMAND_TICKS, "commands.")
    command = UserCommand(**values, run=_texts(given.get("run", []), "commands.run"))
    if (mistake := mistake_in_command(command, SINGLE_FIELDS)) is not None:
        raise SettingsError(f"command {command.name!r}: {mistake}")
    return command


def _follow(given: Mapping[str, Any]) -> bool:
    _no_others(given, ("follow",), "interface.")
    follow = given.get("follow", True)
    if not isinstance(follow, bool):
        raise SettingsError(f"interface.follow is true or false, not {follow!r}")
    return follow


def _view(given: Mapping[str, Any]) -> SavedView:
    _no_others(given, (*_VIEW_TEXTS, *_VIEW_TICKS, "columns", "key"), "views.")
    values: dict[str, Any] = {
        name: _text(given[name], f"views.{name}") for name in _VIEW_TEXTS if name in given
    }
    if not values.get("name", "").strip():
        raise SettingsError("each of [[views]] needs a `name`")
    if "columns" in given:
        values["columns"] = _texts(given["columns"], "views.columns")
    if given.get("key", 1) not in range(1, 10):
        raise SettingsError(f"views.key is a digit from 1 to 9, not {given['key']!r}")
    values |= _ticks(given, _VIEW_TICKS, "views.")
    if "then_descending" in given and "then" not in given:
        raise SettingsError("views.then_descending needs `then`, the column that it is of")
    return SavedView(**values, key=given.get("key"))


def _ticks(given: Mapping[str, Any], names: Sequence[str], prefix: str) -> dict[str, bool]:
    """What is true or false; false where nothing is said."""
    for name in names:
        if not isinstance(given.get(name, False), bool):
            raise SettingsError(f"{prefix}{name} is true or false, not {given[name]!r}")
    return {name: given.get(name, False) for name in names}


def _whole(given: Mapping[str, Any], name: str, most: int, prefix: str = "", least: int = 0) -> int:
    value = given[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        words = f"{prefix}{name} is a whole number from {least} to {most}"
        raise SettingsError(f"{words}, not {value!r}")
    if name == "window_days" and value == 0:
        raise SettingsError("window_days is at least 1")
    return value


def _decimal(value: Any, name: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise SettingsError(f"{name} is a number, not {value!r}") from error
    if isinstance(value, bool | str) or not number.is_finite() or number < 0:
        raise SettingsError(f"{name} is a number from 0 up, not {value!r}")
    if number > MOST_MONEY:
        raise SettingsError(f"{name} is at most {MOST_MONEY:,}, not {value!r}")
    return number


def _share(value: Any, name: str) -> Decimal:
    number = _decimal(value, name)
    if number > 1:
        raise SettingsError(f"{name} is a share from 0 to 1, not {value!r}")
    return number


def _seconds(value: Any, name: str) -> float:
    number = _decimal(value, name)
    if not 0 < number <= MOST_SECONDS:
        raise SettingsError(f"{name} is above 0 and at most {MOST_SECONDS} seconds, not {value!r}")
    return float(number)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise SettingsError(f"{name} is a text, not {value!r}")
    return value


def _path(value: Any, name: str) -> Path:
    """An absolute path: a relative one would depend on where the command is run."""
    path = Path(_text(value, name)).expanduser()
    if not path.is_absolute():
        raise SettingsError(f"{name} is an absolute path, not {value!r}")
    return path


def _texts(value: Any, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{name} is a list of texts, not {value!r}")
    return tuple(value)


def _subscriptions(value: Any, name: str) -> tuple[str, ...]:
    """Ids alone: a name or a path would match no subscription, and so protect none."""
    texts = _texts(value, name)
    for text in texts:
        if not ids.is_subscription(text):
            raise SettingsError(
                f"{name} holds {text!r}, which is no subscription id: give its GUID, such as"
                f" {ids.EXAMPLE}"
            )
    return texts


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if not isinstance(given[name], dict):
        raise SettingsError(f"{name} is a table")
    return dict(given[name])


def _tables(given: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    tables = given.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(f"{name} is a list of tables: [[{name}]]")
    return tables


def _no_others(given: Mapping[str, Any], known: tuple[str, ...], prefix: str = "") -> None:
    others = sorted(given.keys() - set(known))
    if others:
        raise SettingsError(f"there is no setting {prefix}{others[0]}")
