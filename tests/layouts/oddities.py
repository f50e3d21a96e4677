"""Files that are not what they seem, each made of the small bill."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb
from openpyxl import Workbook

from tests.layouts import columns
from tests.layouts.bills import Bill, bills
from tests.layouts.programs import PROGRAMS

Make = Callable[[Path], None]
OWN = ["x_Part", "x_Verdict", "x_Owner", "x_WorkspaceId"]
_BILLS: Final[Mapping[str, Bill]] = {bill.title: bill for bill in bills()}
_EA = _BILLS["EA, actual cost"]
_BARE = [name for name in columns.EA if not name.startswith("BillingPeriod")]


@dataclass(frozen=True, slots=True)
class Oddity:
    """A folder's content in words, how to make it, and what of its order is named."""

    title: str
    make: Make
    dates: str | None = None


def workbook() -> bytes:
    """A workbook of one sheet with the header of an export."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(columns.EA)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def archive(members: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def _file(name: str, content: bytes) -> Make:
    def make(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return make


def _days(*days: str) -> bytes:
    """The bill without its billing period, on other days."""
    rows = tuple(
        row | {"Date": day} for row, day in zip((*_EA.rows, *_EA.rows), days, strict=False)
    )
    rows = tuple({name: row[name] for name in row if name in _BARE} for row in rows)
    return replace(_EA, columns=_BARE, rows=rows).text()


def _translated() -> bytes:
    usage = _BILLS["Legacy usage"]
    head, _, rest = usage.text().decode("utf-8-sig").partition("\r\n")
    names = ",".join(f"Übersetzt ({name})" for name in head.split(","))
    return f"{names}\r\n{rest}".encode("utf-8-sig")


def _hub(folder: Path) -> None:
    """Parquet below folders of year and month, with tags as a list of keys and values."""
    path = folder / "Costs/2026/10/1234/run__part_0.parquet"
    path.parent.mkdir(parents=True)
    source = folder / "rows.txt"
    source.write_bytes(_BILLS["FOCUS 1.0"].text(mark=False))
    tags = "list_transform(map_entries(Tags::json::map(varchar, varchar)), lambda tag: tag) as Tags"
    costs = "BilledCost::decimal(38, 18) as BilledCost, EffectiveCost::double as EffectiveCost"
    with duckdb.connect() as connection:
        rows = connection.read_csv(str(source), all_varchar=True)
        rows.select(f"* replace ({tags}, {costs})").write_parquet(str(path), compression="snappy")
    source.unlink()


def _cloud(name: str) -> bytes:
    rows = tuple(
        row | {"ProviderName": name, "SubAccountId": "123456789012", "ResourceId": "arn:x"}
        for row in _BILLS["FOCUS 1.2"].rows
    )
    return replace(_BILLS["FOCUS 1.2"], rows=rows).text()


def _own() -> bytes:
    focus = _BILLS["FOCUS 1.2"]
    return replace(focus, columns=[*columns.FOCUS_12, *OWN], rows=_without_x(focus)).text()


def _without_x(bill: Bill) -> tuple[dict[str, str], ...]:
    return tuple(
        {name: text for name, text in row.items() if not name.startswith("x_")} for row in bill.rows
    )


def _lost(folder: Path) -> None:
    PROGRAMS["scheduled, in parts"](_EA, folder)
    next(folder.rglob("part_1_0001.csv")).unlink()


def _two_runs(folder: Path) -> None:
    for run, factor in (("monday", ""), ("tuesday", "1")):
        rows = tuple(
            row | {"CostInBillingCurrency": factor + row["CostInBillingCurrency"]}
            for row in _EA.rows
        )
        (folder / run).mkdir()
        (folder / run / "part_0_0001.csv").write_bytes(replace(_EA, rows=rows).text())


def oddities() -> Iterable[Oddity]:
    """Each with what it is; the order is that of the page."""
    whole = _EA.text()
    half = whole.splitlines()[1]
    yield Oddity("FinOps hub: Parquet in folders, tags as keys and values", _hub)
    yield Oddity("Header translated: `… (InstanceId)`", _file("usage.csv", _translated()))
    yield Oddity("A second mark of byte order", _file("marks.csv", b"\xef\xbb\xbf" + whole))
    yield Oddity("An export by another name", _file("october.csv.txt", whole))
    yield Oddity(
        "Day before month, as a 31st shows", _file("dmy.csv", _days("05/10/2026", "31/10/2026"))
    )
    either = _days("05/10/2026", "06/10/2026")
    yield Oddity("Day or month first: nothing shows", _file("either.csv", either))
    yield Oddity("The same with `--dates dmy`", _file("either.csv", either), "dmy")
    both = _days("10/31/2026", "31/10/2026")
    yield Oddity("Both orders in one file", _file("both.csv", both))
    commas = whole.replace(b",2.5,", b',"2,5",').replace(b",1234.25,", b',"1234,25",')
    yield Oddity("Decimal commas between commas", _file("commas.csv", commas))
    soon = _days("soon", "later")
    yield Oddity("No row that can be read", _file("soon.csv", soon))
    yield Oddity("FOCUS of another cloud", _file("aws.csv", _cloud("AWS")))
    yield Oddity("`mothball report focus`", _file("own.csv", _own()))
    yield Oddity("Other columns", _file("list.csv", b"Date,Name,Cost\n2026-10-05,x,1\n"))
    yield Oddity("Excel or LibreOffice workbook", _file("october.xlsx", workbook()))
    yield Oddity("Zip archive", _file("october.zip", archive({"october.csv": whole})))
    yield Oddity("JSON", _file("answer.csv", json.dumps({"rows": []}).encode()))
    yield Oddity("Page of a sign-in or an error", _file("page.csv", b"<!DOCTYPE html><html>"))
    yield Oddity("UTF-16", _file("wide.csv", whole.decode("utf-8-sig").encode("utf-16")))
    yield Oddity("Windows-1252", _file("ansi.csv", whole.replace(b"fraud", b"fr\xe4ud")))
    above = b"Costs of October\r\n\r\n" + whole[3:]
    yield Oddity("Lines above the header", _file("above.csv", above))
    yield Oddity("Half a row at the end", _file("half.csv", whole + half[:90]))
    packed = gzip.compress(whole)[:-20]
    yield Oddity("Gzip that breaks off", _file("cut.csv.gz", packed))
    yield Oddity("Parquet that breaks off", _file("cut.parquet", b"PAR1" + b"\0" * 99))
    yield Oddity("Empty", _file("empty.csv", b""))
    yield Oddity("A run without one of its parts", _lost)
    yield Oddity("Two runs without manifests", _two_runs)
