"""The page of what `mothball costs import` reads, made by reading small files that are built here.

python -m tests.layouts.page                    prints it
python -m tests.layouts.page docs/exports.md    writes it
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import duckdb

from queries.exports.files import BadExport
from queries.exports.reading import ACTUAL, read_files
from tests.layouts.bills import bills
from tests.layouts.oddities import oddities
from tests.layouts.programs import PROGRAMS

# Day, deployment and cost.
Lines: TypeAlias = tuple[tuple[date, str, Decimal], ...]
TODAY = date(2026, 11, 23)
HEAD = """\
<!-- Made by `python -m tests.layouts.page docs/exports.md` from files that the tests build. -->

# Exports

What `mothball costs import` reads, and what it says of the rest. A file is known by its first bytes
and its columns, not by its name; one that cannot be read for sure is refused whole with exit code
1, and what the store knew stays. How exports and the bill go together is in
[Money](money.md#exports-in-place-of-the-api).

Each cell is tried by the tests with a bill of two deployments: `loads` means that days, deployments
and costs are those of the bill to the last decimal.

## Layouts by program
"""
KEY = """\
"Again" is a file that was opened in that program and saved as CSV: Excel writes dates as its
language does, in German with semicolons and decimal commas. FOCUS 1.3 and 1.4 are read though
Azure's own exports were seen up to 1.2. What a FOCUS file bills follows `basis` of the
[settings](settings.md).

## Other files

Where a folder or a pattern is given, files that end in `.csv`, `.csv.gz` or `.parquet` count; any
other one has to be named itself.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the import takes in, or why it was refused."""

    bill: Lines
    refused: str | None = None

    @property
    def text(self) -> str:
        """For a cell of the page."""
        if self.refused:
            return f"refused: {self.refused}".replace("|", "\\|")
        return "loads"


def outcome(made: Path, folder: Path, dates: str | None = None) -> Outcome:
    """What comes of reading what lies in `folder`/in; the page does not show where that is."""
    try:
        read = read_files([str(made)], folder, None, ACTUAL, TODAY, dates, lambda *_: None)
    except BadExport as error:
        return Outcome((), str(error).replace(f"{folder}/in/", ""))
    assert not read.left_out
    assert not read.unreadable_tags
    with duckdb.connect() as connection:
        lines = connection.read_parquet(str(read.lines))
        return Outcome(tuple(lines.select("day, deployment, cost").order("day").fetchall()))


def layouts() -> Iterator[tuple[str, str, Outcome]]:
    """Title of the layout, program and outcome."""
    for bill in bills():
        for name, write in PROGRAMS.items():
            with TemporaryDirectory() as place:
                folder = Path(place).resolve()
                yield bill.title, name, outcome(write(bill, folder / "in"), folder)


def others() -> Iterator[tuple[str, Outcome]]:
    """Title and outcome of each other file."""
    for oddity in oddities():
        with TemporaryDirectory() as place:
            folder = Path(place).resolve()
            (folder / "in").mkdir()
            oddity.make(folder / "in")
            [made, *more] = (folder / "in").iterdir()
            named = folder / "in" if more or made.is_dir() else made
            yield oddity.title, outcome(named, folder, dates=oddity.dates)


def markdown(
    tried: Iterable[tuple[str, str, Outcome]], beside: Iterable[tuple[str, Outcome]]
) -> str:
    """The whole page, of what `layouts` and `others` found."""
    cells: dict[str, list[str]] = {}
    for title, _program, one in tried:
        cells.setdefault(title, []).append(one.text)
    first = _table(["layout", *PROGRAMS], [[title, *texts] for title, texts in cells.items()])
    second = _table(["file", "what comes of it"], [[title, one.text] for title, one in beside])
    return f"{HEAD}\n{first}\n{KEY}\n{second}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(arguments: Sequence[str]) -> int:
    """Print the page, or write it."""
    page = markdown(layouts(), others())
    if arguments:
        Path(arguments[0]).write_text(page, encoding="utf-8")
    else:
        print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
