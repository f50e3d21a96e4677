"""The page of all commands, made from the commands themselves.

python -m tests.reference                     prints it
python -m tests.reference docs/commands.md    writes it
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from mothball import exits
from mothball.cli import mothball

HEAD = """\
<!-- Made by `python -m tests.reference docs/commands.md` from the commands; edit those. -->

# Commands

`TARGET` is an ARM id or `workspace/endpoint/deployment`; a command that only reads also takes the
shortest unambiguous tail of it. Results go to standard output, progress and logs to standard error.
`--format table|json|csv` is on every command that prints rows: `table` is for people and may
change, `json` and `csv` keep [their field names](fields.md).
"""
COMPLETION = """\
## Completion in the shell

```console
eval "$(_MOTHBALL_COMPLETE=bash_source mothball)"    # in ~/.bashrc
eval "$(_MOTHBALL_COMPLETE=zsh_source mothball)"     # in ~/.zshrc
_MOTHBALL_COMPLETE=fish_source mothball | source     # in ~/.config/fish/config.fish
```

Commands and options are completed, and from the store that is named, or else the default one,
targets, endpoints, verdicts, owners, snapshots, archives, saved views, and the fields and values of
a filter; stores of the settings, clouds and columns too. A name that a shell would read as more
than a word is left out.
"""
COUNTS = "Where several fit, the first of {} counts."


def markdown() -> str:
    """The whole page."""
    parts = [HEAD, COMPLETION, _exit_codes(), _shared()]
    parts += [_section(path, command) for path, command in commands()]
    return "\n".join(parts)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its words, groups before what is in them."""
    yield "mothball", mothball
    yield from _inside("mothball", mothball)


def _inside(path: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group, info_name=path)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from _inside(f"{path} {name}", command)


def _exit_codes() -> str:
    rows = [(str(code), text) for code, text in exits.MEANINGS.items()]
    real = [str(code) for code in exits.first_of(exits.MEANINGS) if code != exits.DONE]
    order = f"{', '.join(real[:-1])} and {real[-1]}"
    table = _table(("exit code", "meaning"), rows)
    return f"## Exit codes\n\n{table}\n{COUNTS.format(order)}\n"


def _shared() -> str:
    rows = [
        (_names(option), f"`{option.envvar}`", option.help or "")
        for option in _options(mothball)
        if option.envvar
    ]
    table = _table(("option", "environment", "meaning"), rows)
    return (
        "## Options of every command\n\nBefore or after the command's name. An option beats the "
        f"environment, which beats the [settings](settings.md).\n\n{table}"
    )


def _section(path: str, command: click.Command) -> str:
    prose, _, examples = inspect.cleandoc(command.help or "").partition("\b\nExamples:\n")
    context = click.Context(command, info_name=path)
    usage = " ".join((path, *command.collect_usage_pieces(context)[1:]))
    shared = {option.name for option in _options(mothball) if option.envvar}
    own = [option for option in _options(command) if option.name not in shared]
    parts = [f"## {path}\n", f"```\n{usage}\n```\n", f"{_prose(prose)}\n"]
    if own:
        parts.append(_table(("option", "meaning"), [(_names(o), _meaning(o)) for o in own]))
    if examples:
        parts.append(f"```console\n{inspect.cleandoc(examples)}\n```\n")
    return "\n".join(parts)


def _options(command: click.Command) -> list[click.Option]:
    return [one for one in command.params if isinstance(one, click.Option)]


def _names(option: click.Option) -> str:
    context = click.Context(click.Command("any"))
    kind = option.make_metavar(context) if not option.is_flag else ""
    return " ".join(filter(None, (f"`{', '.join(option.opts)}", kind))) + "`"


def _meaning(option: click.Option) -> str:
    notes = ["repeatable"] if option.multiple else []
    if option.show_default and option.default is not None and not option.is_flag:
        notes.append(f"default {option.default}")
    return (option.help or "") + (f" ({', '.join(notes)})" if notes else "")


def _prose(text: str) -> str:
    """A help text as Markdown: its lists stay as they are, and nothing in it is markup."""
    parts = text.strip().split("\n\n")
    return "\n\n".join(_kept(p) if p.startswith("\b\n") else _plain(p) for p in parts)


def _kept(paragraph: str) -> str:
    return "```text\n" + paragraph.removeprefix("\b\n") + "\n```"


def _plain(paragraph: str) -> str:
    return paragraph.replace("<", "&lt;").replace("*", "\\*")


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join(f"| {' | '.join(line)} |" for line in cells) + "\n"


if __name__ == "__main__":
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(markdown(), encoding="utf-8")
    else:
        print(markdown(), end="")
