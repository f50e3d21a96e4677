"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mothball.door import Door
from mothball.wording import days_from

F = TypeVar("F", bound=Callable[..., Any])


def shared_options(*, from_environment: bool = False) -> Callable[[F], F]:
    """--store, --config, --cloud and --read-only, before or after the command's name.

    The environment is read once, before the command, so that an option beats it everywhere.
    """

    def keep(attribute: str) -> Callable[[click.Context, click.Parameter, Any], None]:
        def kept(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
            if value not in (None, False):
                setattr(ctx.ensure_object(Door), attribute, value)

        return kept

    def variable(name: str) -> str | None:
        return name if from_environment else None

    def decorated(function: F) -> F:
        for option in (
            click.option(
                "--read-only",
                is_flag=True,
                envvar=variable("MOTHBALL_READ_ONLY"),
                expose_value=False,
                callback=keep("read_only"),
                help="Refuse every write to Azure.",
            ),
            click.option(
                "--cloud",
                metavar="NAME|FILE",
                envvar=variable("MOTHBALL_CLOUD"),
                expose_value=False,
                callback=keep("cloud_name"),
                help="AzureCloud, AzureUSGovernment, AzureChinaCloud, or a cloud profile.",
            ),
            click.option(
                "--config",
                metavar="FILE",
                type=click.Path(path_type=Path, dir_okay=False),
                envvar=variable("MOTHBALL_CONFIG"),
                expose_value=False,
                callback=keep("config"),
                help="The settings; by default config.toml in your configuration folder.",
            ),
            click.option(
                "--store",
                metavar="PATH|NAME",
                envvar=variable("MOTHBALL_STORE"),
                expose_value=False,
                callback=keep("store_name"),
                help="A DuckDB file, or a store that the settings name.",
            ),
        ):
            function = option(function)
        return function

    return decorated


def format_option(function: F) -> F:
    """--format table|json|csv."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
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


def key_and_value(text: str) -> tuple[str, str]:
    """`k=v` as a pair, or a usage error."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise click.UsageError(f"{text!r} is not of the form NAME=VALUE")
    return key.strip(), value
