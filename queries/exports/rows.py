"""What a file of the bill is by its columns, and its rows: how they are written, what they bill."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from collectors.records import counted
from queries.exports.dates import Order, order_of
from queries.exports.files import BadExport, ExportFile, begin
from queries.exports.layouts import NAMES, Header, header_of, is_own, layout_of
from queries.store import library

_LINE = re.compile(r"CSV Error on Line: (\d+)")
_WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read rows: FOCUS by its effective cost or its billed one, and dates in which order.

    `dates` is None where each file decides; one that leaves it open has no day after `today`.
    """

    effective: bool
    dates: str | None
    today: date


def recognised(connection: duckdb.DuckDBPyConnection, path: Path) -> ExportFile:
    """What a file is, by its first bytes and its columns."""
    beginning = begin(path)
    file = ExportFile(path, "", beginning.packing)
    if beginning.packing != "parquet":
        header = header_of(beginning.text)
        _refuse_preamble(path, header)
        file = replace(file, separator=header.separator, columns=header.columns)
    columns = _columns(connection, file)
    if is_own(columns):
        raise BadExport(
            f"{path} is a file of mothball report focus, not an export: give the export"
        )
    layout, missing = layout_of(columns)
    if missing:
        # A partitioned folder may hold a column in the names of its folders alone.
        file = replace(file, partitioned=True)
        layout, still_missing = layout_of(_columns(connection, file))
        if still_missing:
            raise BadExport(
                f"{path} is no export of Cost Management: as {layout} it lacks the columns"
                f" {', '.join(still_missing)}"
            )
    return replace(file, layout=layout)


def _refuse_preamble(path: Path, header: Header) -> None:
    if header.lines_above:
        lines = counted(header.lines_above, "line")
        what = "it" if header.lines_above == 1 else "them"
        raise BadExport(f"{path} has {lines} above its header: delete {what}")


def sum_up(
    connection: duckdb.DuckDBPyConnection, file: ExportFile, number: int, reading: Reading
) -> Order:
    """Add a file's rows, summed, to `export_read`; the order in which its dates were read."""
    _do(connection, file, _question("export_raw", file), _place(file) | {"names": NAMES})
    _do(connection, file, "export_roles", {})
    _do(connection, file, "export_dates", {})
    [forms] = library.ask(connection, "export_forms")
    _refuse_elsewhere(file, forms)
    has_commas = _has_commas(file, forms)
    [dates] = library.ask(connection, "export_orders")
    order = order_of(file.path, dates, reading.dates, reading.today)
    values = {"file": number, "effective": reading.effective, "dates": order.name}
    _do(connection, file, "export_read", values | {"commas": has_commas})
    return order


def _columns(connection: duckdb.DuckDBPyConnection, file: ExportFile) -> list[str]:
    _do(connection, file, _question("export_columns", file), _place(file))
    return [str(column[0]) for column in connection.description or []]


def _refuse_elsewhere(file: ExportFile, forms: Mapping[str, Any]) -> None:
    """Refuse FOCUS of another cloud."""
    if file.layout != "FOCUS" or not forms["row_count"]:
        return
    if not forms["rows_here"]:
        names = " and ".join(forms["elsewhere"])
        raise BadExport(f"{file.path} is the bill of {names}, not of Azure: nothing was loaded")
    if not forms["rows_of_azure"]:
        raise BadExport(
            f"{file.path} names no provider and has no row of an Azure subscription: nothing was"
            " loaded"
        )


def _has_commas(file: ExportFile, forms: Mapping[str, Any]) -> bool:
    """Whether costs have a decimal comma: only a file whose columns no comma separates may."""
    comma = forms["with_comma"]
    if not comma:
        return False
    if forms["has_points"]:
        raise BadExport(
            f"{file.path} writes costs with a comma ({comma}) and with a point: import the file"
            " that Cost Management wrote"
        )
    if file.separator in ("", ","):
        raise BadExport(
            f"{file.path} writes the cost {comma} with a comma: save it with a decimal point, or"
            " import the file that Cost Management wrote"
        )
    return True


def _question(name: str, file: ExportFile) -> str:
    return f"{name}_parquet" if file.packing == "parquet" else f"{name}_csv"


def _place(file: ExportFile) -> dict[str, Any]:
    place = {"file": glob.escape(str(file.path)), "partitioned": file.partitioned}
    if file.packing == "parquet":
        return place
    columns = dict.fromkeys(file.columns, "VARCHAR")
    return place | {"packing": file.packing, "separator": file.separator, "columns": columns}


def _do(
    connection: duckdb.DuckDBPyConnection, file: ExportFile, name: str, values: Mapping[str, Any]
) -> None:
    try:
        library.do(connection, name, values)
    except duckdb.Error as error:
        raise BadExport(f"{file.path} {_in_words(str(error))}") from error


def _in_words(error: str) -> str:
    """What DuckDB says of a file, without its advice on its own options."""
    line, width = _LINE.search(error), _WIDTH.search(error)
    where = f"line {line[1]}" if line else "a line"
    if "unicode" in error.lower():
        return f"is not UTF-8 text ({where}): save it as CSV UTF-8, or fetch it again"
    if width:
        return (
            f"cannot be read to its end: the header has {width[1]} columns and {where} has"
            f" {width[2]}; fetch it again"
        )
    if "unterminated quote" in error:
        return f"cannot be read to its end: {where} breaks off within quotes; fetch it again"
    return f"cannot be read to its end: {error.strip().splitlines()[0]}"
