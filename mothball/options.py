"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from mothball import completion
from mothball.context import AppContext
from mothball.encoding import expect_json
from queries.text.typed import days_from, month_from

F = TypeVar("F", bound=Callable[..., Any])


_SHARED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "--store",
        "store_name",
        {
            "metavar": "PATH|NAME",
            "shell_complete": completion.stores,
            "help": "A DuckDB file, or a store that the settings name.",
        },
    ),
    (
        "--config",
        "config",
        {
            "metavar": "FILE",
            "type": click.Path(path_type=Path, dir_okay=False),
            "help": "The settings; by default config.toml in your configuration folder.",
        },
    ),
    (
        "--cloud",
        "cloud_name",
        {
            "metavar": "NAME|FILE",
            "shell_complete": completion.clouds,
            "help": "AzureCloud, AzureUSGovernment, AzureChinaCloud, or a cloud profile.",
        },
    ),
    ("--read-only", "read_only", {"is_flag": True, "help": "Refuse every write to Azure."}),
)


def shared_options(
    *, from_environment: bool = False, has_own_cloud: bool = False
) -> Callable[[F], F]:
    """--store, --config, --cloud and --read-only, before or after the command's name.

    The environment is read once, before the command, so that an option beats it everywhere. A
    command with a cloud of its own does not care which one is named.
    """

    def decorated(function: F) -> F:
        for flag, attribute, how in reversed(_SHARED):
            variable = f"MOTHBALL_{flag.strip('-').upper().replace('-', '_')}"
            function = click.option(
                flag,
                envvar=variable if from_environment else None,
                expose_value=False,
                callback=_kept_as(attribute, checks_cloud=not has_own_cloud),
                **how,
            )(function)
        return function

    return decorated


def _kept_as(
    attribute: str, *, checks_cloud: bool
) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        context = ctx.ensure_object(AppContext)
        if value not in (None, False):
            setattr(context, attribute, value)
        # Of a group that comes before a command, the command's own option may still replace it.
        is_command = not isinstance(ctx.command, click.Group)
        if attribute == "cloud_name" and checks_cloud and is_command:
            context.check_cloud()

    return keep


def _noted_format(_ctx: click.Context, _parameter: click.Parameter, form: str) -> str:
    expect_json(form == "json")
    return form


def format_option(function: F) -> F:
    """--format table|json|csv."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
        callback=_noted_format,
        help="A table for people; json and csv keep their field names.",
    )(function)


class Days(click.ParamType[int]):
    """A number of days: 30d, 30, 2w."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The days, or a usage error."""
        if isinstance(value, int):
            return value
        try:
            return days_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Month(click.ParamType[date]):
    """A month: 2026-10."""

    name = "month"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands in its place in the help."""
        return "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Its first day, or a usage error."""
        if isinstance(value, date):
            return value
        try:
            return month_from(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Day(click.ParamType[date]):
    """A day: 2026-10-31."""

    name = "day"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands in its place in the help."""
        return "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day such as 2026-10-31", param, ctx)


def key_and_value(text: str) -> tuple[str, str]:
    """`k=v` as a pair, or a usage error."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise click.UsageError(f"{text!r} is not of the form NAME=VALUE")
    return key.strip(), value
