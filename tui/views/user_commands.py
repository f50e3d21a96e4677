"""The user's own commands: what an argument may hold, and how it is filled from a row.

A command is a program and its arguments, and never goes through a shell. What Azure reports of a
row is text of strangers: control characters are left out of it, and no value becomes an option, or
the name of a file that a program reads in its place.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import Any

from queries.text.json_text import iso
from queries.text.untrusted import disarmed
from tui.views.preferences import UserCommand

# An option; and what az and others take for the name of a file to read.
_MEANT_OTHERWISE = ("-", "@")
# Windows runs these through a shell, which reads all other characters in its own way.
_BATCH_FILES = (".bat", ".cmd")
_SAFE_FOR_BATCH_FILES = re.compile(r"[\w./@:+=-]*")

Parts = list[tuple[str, str | None]]
"""Text, and the field whose value follows it; None: the end."""


class CannotRun(Exception):
    """A command that cannot run on a row; the text says why in one line."""


def mistake_in_command(command: UserCommand, fields: Collection[str]) -> str | None:
    """What is wrong with a command in one line; None: nothing. `fields` are those of a row."""
    if not command.run or not command.run[0].strip():
        return "`run` needs a program"
    try:
        parts = [_parts(argument) for argument in command.run]
    except ValueError as error:
        return f"{error}; a brace that is none of a field is written twice"
    if any(field is not None for _text, field in parts[0]):
        return "the program itself is no field"
    named = (field for argument in parts for _text, field in argument if field is not None)
    wrong = next((field for field in named if field not in fields), None)
    return None if wrong is None else f"a row has no field {wrong!r}"


def arguments_for(command: UserCommand, row: Mapping[str, Any]) -> list[str]:
    """The program, found, and its arguments with the fields of a row; CannotRun says why not."""
    program = _found(command.run[0])
    is_batch_file = Path(program).suffix.lower() in _BATCH_FILES
    return [program, *(_filled(each, row, is_batch_file) for each in command.run[1:])]


def _found(program: str) -> str:
    path = shutil.which(Path(program).expanduser() if program.startswith("~") else program)
    if path is None:
        raise CannotRun(f"there is no program {program!r}")
    return path


def _parts(argument: str) -> Parts:
    """The argument apart; ValueError where its braces are not those of fields."""
    parts: Parts = []
    for text, field, form, conversion in Formatter().parse(argument):
        if form or conversion or field == "":
            raise ValueError(f"{argument!r} is not filled by names such as {{deployment}} alone")
        parts.append((text, field))
    return parts


def _filled(argument: str, row: Mapping[str, Any], is_batch_file: bool) -> str:
    made = ""
    for text, field in _parts(argument):
        made += text
        if field is None:
            continue
        value = _text_of(row, field)
        if not made and value.startswith(_MEANT_OTHERWISE):
            raise CannotRun(
                f"its {field} begins with {value[0]!r}, which the program would not take for a"
                f" value: write --option={{{field}}}"
            )
        if is_batch_file and not _SAFE_FOR_BATCH_FILES.fullmatch(value):
            raise CannotRun(f"its {field} holds what the shell of a batch file would read")
        made += value
    return made


def _text_of(row: Mapping[str, Any], field: str) -> str:
    """The value of a field without control characters; what is not known fills nothing."""
    value = row[field]
    if value is None:
        raise CannotRun(f"its {field} is not known")
    text = iso(value) if isinstance(value, datetime) else str(value)
    return disarmed(text or "", lambda _character: "")
