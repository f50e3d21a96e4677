"""The documented table of keys, off the registry.

python -m tui.keys.key_table                 prints it
python -m tui.keys.key_table docs/keys.md    puts it in place of the one there
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tui.keys.registry import ACTIONS, GROUPS, Action

_HEAD = "| key | does | name in `[keys]` |"


def markdown() -> str:
    """All keys with what they do and the name that the settings know them by."""
    lines = [_HEAD, "| --- | --- | --- |"]
    for group in GROUPS:
        of_group = [_line(a) for a in ACTIONS if a.group == group and a.digit is None]
        lines += [f"| **{group}** | | |", *of_group] if of_group else []
        if group == "Views":
            lines.append("| `1` … `9` | the saved view on that digit | `view_1` … `view_9` |")
    return "\n".join(lines) + "\n"


def renewed(text: str) -> str:
    """A text with the table in place of the one that it holds."""
    return re.sub(re.escape(_HEAD) + r"\n(\|.*\n)*", lambda _found: markdown(), text)


def _line(action: Action) -> str:
    keys = " ".join(f"`{key}`" for key in action.shown.replace("|", "\\|").split())
    return f"| {keys} | {action.title} | `{action.id}` |"


if __name__ == "__main__":
    if sys.argv[1:]:
        path = Path(sys.argv[1])
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(markdown(), end="")
