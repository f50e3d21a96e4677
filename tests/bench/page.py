"""Makes the page about speed from kept results.

python -m tests.bench.page tests/bench/results.json                        prints it
python -m tests.bench.page tests/bench/results.json docs/performance.md    writes it

Runs of other sizes lie beside it as results-SIZE.json, what was measured before as before.json
(and before-SIZE.json), other programs as peers.json, and what was done about it in words.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.bench.results import Cost, Measure, Results, cells, headings, shown, with_ratio

HEAD, PEERS = (Path(__file__).with_name(name) for name in ("head.md", "peers.md"))
COMPARED = {"cpu_seconds": "CPU s", "peak_mb": "peak MB", "requests": "requests"}
KEPT = {**COMPARED, "store_mb": "store MB"}

GROWTH = ["deployments", "measured", *KEPT.values()]


def markdown(path: Path) -> str:
    """The whole page."""
    now, before = _runs(path), _runs(path.with_name("before.json"))
    parts = [HEAD.read_text(encoding="utf-8"), "## Results\n", *(_results(run) for run in now)]
    if growths := list(_growths(now)):
        parts += ["## From one size to ten times as many\n", table([GROWTH, *growths])]
    if before:
        parts += ["## Before and after\n", *map(_run_text, before), _changes(before, now)]
    words, peers = path.with_name("words.md"), path.with_name("peers.json")
    if words.exists():
        parts.append(words.read_text(encoding="utf-8"))
    if peers.exists():
        parts.append(PEERS.read_text(encoding="utf-8"))
        parts.append(_peers(json.loads(peers.read_text(encoding="utf-8"))))
    return "\n".join(parts)


def _runs(path: Path) -> list[Results]:
    others = path.parent.glob(f"{path.stem}-*.json")
    sizes = sorted(others, key=lambda one: int(one.stem.rpartition("-")[2]))
    return [Results.read(one) for one in (path, *sizes) if one.exists()]


def _results(run: Results) -> str:
    sizes = sorted({measure.size for measure in run.measures}, key=lambda size: size or 10**9)
    parts = [_run_text(run)]
    for size in sizes:
        title = f"### {size:,} deployments\n" if size else "### Whatever the tenant\n"
        parts += [title, _measures([one for one in run.measures if one.size == size])]
    return "\n".join(parts)


def _run_text(run: Results) -> str:
    versions = ", ".join(f"{name} {text}" for name, text in run.versions.items())
    cores, memory = run.machine["cores"], run.machine["memory_gb"]
    return f"Of {run.date}: {versions}; {cores} cores, {memory} GB of memory.\n"


def _measures(measures: Sequence[Measure]) -> str:
    """A table without the columns that are empty throughout, nor the one that is in the title."""
    rows = [headings()[1:], *(cells(measure)[1:] for measure in measures)]
    used = [at for at in range(len(rows[0])) if any(row[at] for row in rows[1:])]
    return table([[row[at] for at in used] for row in rows])


def _changes(before: Iterable[Results], now: Iterable[Results]) -> str:
    old = {one.key: one for run in before for one in run.measures}
    new = {one.key: one for run in now for one in run.measures}
    rows = [["deployments", "measured", *KEPT.values()]]
    rows += [list(_change(old[key], new[key])) for key in old if key in new]
    return table([row for row in rows if any(row[2:])])


def _growths(now: Iterable[Results]) -> Iterator[list[str]]:
    """How many times as much ten times as many deployments take."""
    known = {one.key: one for run in now for one in run.measures}
    for small in known.values():
        large = known.get(replace(small, size=small.size * 10).key)
        if large is not None and small.size:
            both = Measure(large.size, large.name, large.cost, "", small.cost)
            ratios = [both.ratio(quantity) for quantity in KEPT]
            texts = ["" if ratio is None else f"{ratio:.1f} x" for ratio in ratios]
            yield [f"{small.size:,} → {large.size:,}", small.name, *texts]


def _change(old: Measure, new: Measure) -> Iterator[str]:
    yield f"{old.size:,}" if old.size else ""
    yield old.name
    for quantity in KEPT:
        values = [getattr(one.cost, quantity) for one in (old, new)]
        yield "" if None in values else f"{shown(values[0])} → {shown(values[1])}"


def _peers(peers: Sequence[dict[str, Any]]) -> str:
    """What other programs took and found, each cost as a ratio to that of the first, Mothball's."""
    own = Cost(**peers[0]["cost"])
    rows = [["program", "versions", *COMPARED.values(), "found", "of which Mothball says"]]
    for peer in peers:
        measure = Measure(peer["size"], peer["name"], Cost(**peer["cost"]), "", own)
        versions = ", ".join(f"{name} {text}" for name, text in peer["versions"].items())
        costs = [with_ratio(measure, quantity) for quantity in COMPARED]
        verdicts = sorted(peer["of_which"].items(), key=lambda one: -one[1])
        said = ", ".join(f"{count:,} {verdict}" for verdict, count in verdicts)
        rows.append([peer["name"], versions, *costs, f"{peer['found']:,}", said])
    return f"Of {peers[0]['size']:,} deployments:\n\n{table(rows)}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    head, *others = rows
    lines = [head, ["---" for _cell in head], *others]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Print the page or write it."""
    path, *target = map(Path, sys.argv[1:])
    text = markdown(path)
    if target:
        target[0].write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
