"""What a table shows, as a file: CSV, JSON or Markdown, each with the filter in its head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from queries.reports.sheets import write_csv, write_whole
from queries.reports.writing import escaped
from queries.text.json_text import json_text

FORMS = (".csv", ".json", ".md")


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows that a table shows, in its order, and what it left out.

    `records` are the rows by `names`, for programs; `lines` are their cells as they are on screen
    under `titles`, for people. `filter` is empty where none is set; `scope` names what the rows
    belong to, an endpoint say, where that is not all; `total` counts those too that are hidden.
    """

    what: str
    filter: str
    scope: str | None
    total: int
    as_of: datetime | None
    names: Sequence[str]
    records: Sequence[Mapping[str, Any]]
    titles: Sequence[str]
    lines: Sequence[Sequence[str]]

    @property
    def head(self) -> tuple[str, ...]:
        """What the file says of itself, a line each."""
        text = f"{len(self.records)} of {self.total} {self.what}"
        text += f" of {' '.join(self.scope.split())}" if self.scope else ""
        if self.as_of is not None:
            text += f", as of {self.as_of:%Y-%m-%d %H:%M} UTC"
        return (f"# filter: {' '.join(self.filter.split()) or 'none'}", f"# {text}")


def write_shown(path: Path, shown: Shown, *, replaces: bool = False) -> None:
    """Write it in the form that the suffix names; the file is there whole or not at all.

    CSV and JSON have the records, Markdown the lines. JSON is one object: `filter`, `scope`,
    `shown`, `total`, `as_of`, and the records as an array under the name of what they are. Raises
    ValueError with one line for another suffix, a missing folder, or a file that is there already
    and not to be replaced; OSError where it cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMS:
        raise ValueError(f"{path.name}: the name has to end in .csv, .json or .md")
    if not path.parent.is_dir():
        raise ValueError(f"{path.parent}: there is no such folder")
    if path.is_dir() or (path.exists() and not replaces):
        raise ValueError(f"{path.name} is there already")
    if suffix == ".csv":
        records = [{name: _cell(value) for name, value in r.items()} for r in shown.records]
        write_csv(path, shown.names, records, head=shown.head)
    else:
        text = _as_json(shown) if suffix == ".json" else _as_markdown(shown)
        write_whole(path, text.encode("utf-8", "replace"))


def _as_json(shown: Shown) -> str:
    fields = {
        "filter": shown.filter.strip(),
        "scope": shown.scope,
        "shown": len(shown.records),
        "total": shown.total,
        "as_of": shown.as_of,
        shown.what: [{name: record.get(name) for name in shown.names} for record in shown.records],
    }
    return json_text(fields) + "\n"


def _as_markdown(shown: Shown) -> str:
    head = "\n".join(f"> {escaped(line.removeprefix('# '))}  " for line in shown.head)
    lines = [shown.titles, ["---"] * len(shown.titles), *(map(escaped, x) for x in shown.lines)]
    table = [f"| {' | '.join(line)} |" for line in lines]
    return f"# {shown.what.capitalize()}\n\n{head}\n\n" + "\n".join(table) + "\n"


def _cell(value: Any) -> Any:
    """Tags have no form in a cell but JSON."""
    return json_text(value, indent=None) if isinstance(value, Mapping) else value
