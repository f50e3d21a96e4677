"""The documented table of what reading needs, off the sources.

python -m collectors.source_table                    prints it
python -m collectors.source_table docs/tenant.md     puts it in place of the one there
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from collectors.sources import SOURCES, Right

HEAD = "| to read | role or right | without it, unknown |"


def markdown() -> str:
    """A line for each right: the sources that need it, and what rests on them."""
    rights = dict.fromkeys(source.right for source in SOURCES)
    return "\n".join([HEAD, "| --- | --- | --- |", *map(_line, rights)]) + "\n"


def renewed(text: str) -> str:
    """A text with the table in place of the one that it holds."""
    return re.sub(re.escape(HEAD) + r"\n(\|.*\n)*", lambda _found: markdown(), text)


def _line(right: Right | None) -> str:
    sources = [source for source in SOURCES if source.right == right]
    resting = dict.fromkeys(fact for source in sources for fact in source.rests_on_it)
    names = ", ".join(source.name for source in sources)
    return f"| {names} | {_named(right)} | {', '.join(resting)} |"


def _named(right: Right | None) -> str:
    if right is None:
        return "none: the list is public"
    action = f" (`{right.action}`)" if right.action else ""
    return f"*{right.role}*, {right.on}{action}"


if __name__ == "__main__":
    if sys.argv[1:]:
        path = Path(sys.argv[1])
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(markdown(), end="")
