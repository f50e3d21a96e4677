"""Groups of commands, each loaded when it is asked for, so that the start stays quick."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Commands(click.Group):
    """Commands by name; `modules` tells which module of `package` holds each as `command`."""

    def __init__(
        self, *given: Any, package: str = "", modules: Mapping[str, str], **named: Any
    ) -> None:
        """Import nothing yet."""
        super().__init__(*given, **named)
        self._package = package
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name."""
        return sorted(self._modules)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, if there is one."""
        if name not in self._modules:
            return None
        command = import_module(f"{self._package}.{self._modules[name]}").command
        assert isinstance(command, click.Command)
        return command
