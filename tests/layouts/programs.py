"""The programs that write an export, or save it again: each makes a file or a folder of a bill."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import duckdb

from tests.layouts.bills import Bill

Write = Callable[[Bill, Path], Path]
_COSTS = {"costinbillingcurrency", "cost", "pretaxcost", "billedcost", "effectivecost", "quantity"}
_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})|(\d{4})-(\d\d)-(\d\d)")


def _put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _csv(bill: Bill, folder: Path) -> Path:
    return _put(folder, "october.csv", bill.text())


def _gzip(bill: Bill, folder: Path) -> Path:
    return _put(folder, "october.csv.gz", gzip.compress(bill.text()))


def _parquet(bill: Bill, folder: Path) -> Path:
    """With numbers and times as such, tags as text."""
    source, path = _put(folder, "rows.txt", bill.text(mark=False)), folder / "october.parquet"
    names = [name for name in bill.columns if name.lower() in _COSTS]
    typed = [f'"{name}"::decimal(38, 18) as "{name}"' for name in names]
    if "ChargePeriodStart" in bill.columns:
        typed.append("ChargePeriodStart::timestamp as ChargePeriodStart")
    with duckdb.connect() as connection:
        rows = connection.read_csv(str(source), all_varchar=True).select(
            f"* replace ({', '.join(typed)})"
        )
        rows.write_parquet(str(path), compression="snappy")
    return path


def _scheduled(bill: Bill, folder: Path) -> Path:
    """Two parts beside their manifest, as a scheduled export with partitions leaves them."""
    run = folder / "ml/20261001-20261031/6f9b0d6e-0000-4000-8000-00000000000b"
    blobs = []
    for number, row in enumerate(bill.rows):
        part = Bill(bill.title, bill.columns, (row,)).text()
        path = _put(run, f"part_{number}_0001.csv", part)
        blob = {"blobName": f"ml/{path.name}", "byteCount": len(part), "dataRowCount": 1}
        blobs.append(blob)
    kind = "FocusCost" if "FOCUS" in bill.title else "ActualCost"
    kind = "AmortizedCost" if "amortized" in bill.title else kind
    manifest = {
        "exportConfig": {"exportName": "ml", "type": kind},
        "runInfo": {"submittedTime": "2026-11-02T04:00:00.0000000Z", "runId": run.name},
        "blobs": blobs,
    }
    _put(run, "manifest.json", json.dumps(manifest).encode())
    return folder


def _dated(form: str, text: str) -> str:
    """A text that a spreadsheet takes for a date, as it shows it afterwards."""
    found = _DAY.fullmatch(text)
    if not found:
        return text
    month, day, year, *iso = found.groups()
    if not year:
        year, month, day = iso
    return form.format(d=int(day), m=int(month), y=year, short=year[2:])


def _excel(bill: Bill, folder: Path) -> Path:
    again = bill.with_rows(lambda _name, text: _dated("{m}/{d}/{y}", text))
    return _put(folder, "again.csv", again.text())


def _german(name: str, text: str) -> str:
    if name.lower() in _COSTS:
        return text.replace(".", ",")
    form = "{d:02}.{m:02}.{y} 00:00"
    zoned = re.fullmatch(r"(\d{4}-\d\d-\d\d)T00:00:00Z", text)
    return _dated(form, zoned[1] if zoned else text)


def _excel_in_german(bill: Bill, folder: Path) -> Path:
    return _put(folder, "wieder.csv", bill.with_rows(_german).text(";"))


def _libreoffice(bill: Bill, folder: Path) -> Path:
    again = bill.with_rows(lambda _name, text: _dated("{m:02}/{d:02}/{short}", text))
    return _put(folder, "again.csv", again.text(mark=False))


PROGRAMS: Final[Mapping[str, Write]] = {
    "CSV": _csv,
    "gzip": _gzip,
    "Parquet": _parquet,
    "scheduled, in parts": _scheduled,
    "Excel, again": _excel,
    "Excel in German, again": _excel_in_german,
    "LibreOffice, again": _libreoffice,
}
