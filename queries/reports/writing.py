"""A review as a page that prints well, as Markdown, as one table for a pivot, as a workbook."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from queries.reports.charts import KINDS, SAVED, charts_of
from queries.reports.review import Review
from queries.reports.sections import NUMERIC, Cell, Column, Section
from queries.reports.sheets import write_csv, write_whole
from queries.reports.workbook import as_workbook
from queries.text.cells import printable

HERE = Path(__file__).parent
FORMS = (".html", ".md", ".csv", ".xlsx")
AMOUNTS = frozenset({"money", "price"})
CSV_COLUMNS = ("section", "line", "column", "value")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&#|~])")


def write_review(review: Review, path: Path) -> None:
    """Write it in the form that the suffix names; ValueError for another suffix."""
    forms = {".html": as_html, ".md": as_markdown}
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_csv(path, CSV_COLUMNS, _tidy(review))
    elif suffix == ".xlsx":
        write_whole(path, as_workbook(review, standing(review)))
    elif suffix in forms:
        write_whole(path, forms[suffix](review).encode("utf-8", "replace"))
    else:
        raise ValueError(f"{path.name}: a review is written as {', '.join(FORMS)}")


def as_html(review: Review) -> str:
    """One file that asks for nothing else: style, charts and tables are in it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("review.html.jinja")
    kinds = dict((*KINDS, *SAVED))
    fields = {"shown": shown, "kinds": kinds, "numeric": NUMERIC}
    return template.render(review=review, charts=charts_of(review), **fields)


def as_markdown(review: Review) -> str:
    """The review as Markdown tables."""
    parts = [f"# Review of {review.quarter.name}", standing(review)]
    for part in review.sections:
        parts += [f"## {part.question}", escaped(part.note), _markdown_table(part)]
    return "\n\n".join(part for part in parts if part) + "\n"


def shown(value: Cell, column: Column) -> str:
    """A cell as people read it; what is not known is a dash, or what the column says."""
    if value is None or value == "":
        return column.absent if value is None else ""
    if column.kind == "money":
        return f"{Decimal(str(value)):,.2f}"
    if column.kind == "price":
        return f"{Decimal(str(value)):,.4f}"
    if column.kind == "percent":
        return f"{value:.1f} %"
    text = f"{value:,}" if column.kind == "count" and isinstance(value, int) else str(value)
    return printable(text)


def standing(review: Review) -> str:
    """Which days it is of, and as of when."""
    text = (
        f"{review.quarter.first_day} to {review.quarter.last_day}, frozen"
        f" {review.frozen_at:%Y-%m-%d %H:%M} UTC."
    )
    if review.as_of is not None:
        text += f" Deployments as of {review.as_of:%Y-%m-%d %H:%M} UTC."
    if review.is_preliminary:
        text += " The quarter had not ended."
    return text


def _markdown_table(part: Section) -> str:
    if not part.rows:
        return escaped(part.empty)
    lines = [[column.title for column in part.columns]]
    lines += [[shown(v, c) for v, c in zip(row, part.columns, strict=True)] for row in part.rows]
    rule = ["---:" if c.kind in NUMERIC else "---" for c in part.columns]
    table = [[escaped(cell) for cell in line] for line in lines]
    for place in part.totals:
        table[place + 1] = [f"**{cell}**" if cell else "" for cell in table[place + 1]]
    return "\n".join(f"| {' | '.join(line)} |" for line in [table[0], rule, *table[1:]])


def escaped(text: str) -> str:
    """Text that no Markdown reader takes for markup, and no terminal for a command."""
    return _MARKDOWN.sub(r"\\\1", printable(text))


def _tidy(review: Review) -> list[dict[str, Any]]:
    """A row for each cell that is known: what a pivot table can turn into any of the tables."""
    about: list[dict[str, Any]] = [
        {"section": "review", "line": 1, "column": name, "value": value}
        for name, value in (
            ("quarter", review.quarter.name),
            ("first_day", review.quarter.first_day.isoformat()),
            ("last_day", review.quarter.last_day.isoformat()),
            ("frozen_at", review.frozen_at.strftime("%Y-%m-%dT%H:%M:%SZ")),
        )
    ]
    return about + [
        {
            "section": part.name,
            "line": line,
            "column": column.name,
            "value": Decimal(str(value)) if column.kind in AMOUNTS else value,
        }
        for part in review.sections
        for line, row in enumerate(part.rows, start=1)
        for value, column in zip(row, part.columns, strict=True)
        if value not in (None, "")
    ]
