"""The page of what happens where something fails, made from the results that the tests keep.

python -m tests.reliability                         prints it
python -m tests.reliability docs/reliability.md     writes it
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path

from tests.reliability.cells import DEFAULT, Cell
from tests.reliability.endings import MEANS, STAGES
from tests.reliability.faults import FAULTS, SNAPSHOT, SOURCES
from tests.reliability.kills import Kills
from tests.reliability.results import Results, results_kept
from tests.reliability.writers import Tried

HEAD = """\
<!-- Made by `python -m tests.reliability docs/reliability.md` off the tests' results.json. -->

# Reliability

What Mothball does where Azure, the network or the machine fails. The tests try it against the
stand-in for Azure, and hold this page against what comes of it: one source after the other is
disturbed in one way after the other, while the command line takes a snapshot of a small tenant
into an empty store (of the traffic log: while `show --callers` asks it).
"""
READING = """\
An exit code of 0 says that nothing was lost: what passes is asked again, and another source
stands in where there is one. With 3 the snapshot is kept as *partial*, what could not be read is
named, and what rests on it is unknown. With 1 no snapshot comes about, and the store shows the
one before.
"""
TOLD = """\
## What is told

On standard error, of the faults that are not made up for. SUBSCRIPTION and HOST stand for names
of the tenant; where several things were not read, the first is shown.
"""
ENDED = """\
## Ended at any moment

Commands were ended by SIGKILL at a moment drawn by chance: at one of their requests to Azure or
statements of the database, or up to a tenth of a second later. After each the store was whole, and
the next run went on; what came of all of them was compared with a run that nobody ended.
"""
FULL = """\
## A full disk

No test mounts a small disk: the system's limit of a file's size stands in for one that is full. A
snapshot, an import of a bill, a deletion (its entry in the journal, and its archive) and reports
then end with exit code 1 and one line, which ends in `the disk is full: make room and run it
again`. Nothing was sent to Azure, no half of a report or an archive was left, and the store held
what it held before.
"""
IN_TERMINAL = """\
## Ended in a terminal

The interface and commands were ended by a signal and by ctrl+c while they were at work. After each
the modes of the terminal were those of before, the cursor was seen, the mouse and the other screen
were off, and the store was whole. In the table are the exit codes; below 0 is the signal itself. A
deletion in the interface ends with its current target: until then ctrl+c says so, and does nothing.
"""
DAY = """\
## A day in fast motion

24 hours pass on one store, with the clock passed in: two operators write a tag each at the same
time, again and again, snapshots are taken, a bill is imported, old snapshots are pruned, and an
interface stays open and follows. Afterwards every tag is in Azure and in the journal, whose chain
holds, the bill is the file's, the store is whole, and the interface shows the newest. In its second
half it holds no more objects in memory than in its first, but for fewer than one estate has.
"""
HARM = """\
## What means harm, and what is secret

A tenant whose names, tags, sizes, regions and descriptions, and a journal whose people and reasons,
are texts that act on what shows them: formulas, control sequences of a terminal, turned directions,
markup, scripts, paths, SQL. In its environment variables are secrets, which Azure repeats in an
error. Every command that prints or writes is run on it, and the interface is opened. Counted is
what got through: a secret anywhere but in the raw JSON of an archive; a control character or one
without width; a cell that is a formula; a tag of HTML or Markdown that acts; a file name that some
system refuses; a value that JSON does not give back; an answer that the product did not expect.
"""


def page(results: Results) -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            _totals(results),
            READING,
            _matrix(results.cells),
            TOLD,
            *_sources(results.cells),
            ENDED,
            _kills(results.kills),
            FULL,
            IN_TERMINAL,
            _endings(),
            DAY,
            HARM,
            _writers(results.writers),
        ]
    )


def _totals(results: Results) -> str:
    cells = results.cells
    rows = [
        ("sources × faults", f"{len(SOURCES)} × {len(FAULTS)} = {len(cells)}"),
        ("tracebacks", str(sum(cell.has_traceback for cell in cells))),
        ('"unexpected"', str(sum(cell.is_unexpected for cell in cells))),
        ("faults told without their source or host", str(sum(not cell.is_named for cell in cells))),
        ("deployments called idle that are not, or whose proof was not read", _false_idle(cells)),
        (
            f"longest command in which a source is silent, by the limits of"
            f" {DEFAULT.read_seconds:g} and {DEFAULT.total_seconds:g} s, its other work included"
            f" ({len(results.silences)} measured)",
            f"{max(one.seconds for one in results.silences)} s",
        ),
    ]
    return _table(("measured", "result"), rows)


def _false_idle(cells: Sequence[Cell]) -> str:
    return str(sum(cell.false_idle for cell in cells))


def _matrix(cells: Sequence[Cell]) -> str:
    found = {(cell.source, cell.fault): str(cell.code) for cell in cells}
    rows = [(fault, *(found[source, fault] for source in SOURCES)) for fault in FAULTS]
    return _table(("fault", *SOURCES), rows)


def _sources(cells: Sequence[Cell]) -> Iterable[str]:
    for source, asked in SOURCES.items():
        of_it = [cell for cell in cells if cell.source == source and cell.code]
        command = " ".join(("mothball", *asked.words))
        beside = "" if asked.words is SNAPSHOT else f" (`{command}`)"
        faults: dict[str, list[str]] = {}
        for cell in of_it:
            faults.setdefault(cell.told[0], []).append(cell.fault)
        rows = [(", ".join(names), f"`{_cut(told)}`") for told, names in faults.items()]
        yield f"### {source.capitalize()}{beside}\n\n{_table(('fault', 'told'), rows)}"


def _cut(told: str, longest: int = 160) -> str:
    plain = told.replace("|", "\\|").replace("`", "'")
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _kills(kills: Sequence[Kills]) -> str:
    rows = [(k.work, str(k.kills), str(k.lost), str(k.doubled), str(k.seed)) for k in kills]
    return _table(("in a", "ended", "lost", "doubled", "seed"), rows)


def _endings() -> str:
    rows = [(one.what, str(one.by_sigterm), str(one.by_ctrl_c)) for one in STAGES]
    return _table(("while at work", *MEANS), rows)


def _writers(tried: Sequence[Tried]) -> str:
    titles = [one.name.replace("_", " ") for one in fields(Tried)]
    return _table(titles, [[str(value) for value in astuple(one)] for one in tried])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(arguments: Sequence[str]) -> int:
    """Print the page, or write it."""
    text = page(results_kept())
    if arguments:
        Path(arguments[0]).write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
