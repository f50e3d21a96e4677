"""Reads rows from a file of JSON and writes them again, as one or another: table, json or csv.

python -m tests.bench.plain_writer FILE FORM

It is what a list cannot do without: the rows as values of Python, and their text.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path


def main() -> None:
    """Write the rows to standard output."""
    path, form = sys.argv[1:]
    rows = json.loads(Path(path).read_text(encoding="utf-8"))
    if form == "json":
        json.dump(rows, sys.stdout)
        return
    names = list(rows[0])
    if form == "csv":
        writer = csv.DictWriter(sys.stdout, names)
        writer.writeheader()
        writer.writerows(rows)
        return
    for row in rows:
        print("  ".join(f"{row[name]!s:<14.14}" for name in names[:11]))


if __name__ == "__main__":
    main()
