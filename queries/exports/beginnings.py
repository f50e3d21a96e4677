"""What a file is by its first bytes, whatever its name: an export, or what to make one of it."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# As much as shows a header of many columns, and what an archive holds.
SIZE: Final = 1 << 16
_SAVE = "save it as CSV UTF-8"
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_WORKBOOK = f"is a workbook: {_SAVE}, or import the file that Cost Management wrote"
_PACKED: Final[Mapping[bytes, str]] = {
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
}
_IN_WORKBOOKS = (b"xl/", b"docProps/", b"[Content_Types].xml", b"opendocument.spreadsheet")


class Damaged(ValueError):
    """A packed or Parquet file that is not whole; the text says what it is and what to do."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first bytes of a file. `packing` is gzip, parquet or none; `data` is without gzip."""

    packing: str
    data: bytes

    @property
    def text(self) -> str:
        """The text without marks of byte order, as far as its last whole character."""
        text = codecs.getincrementaldecoder("utf-8")("replace").decode(self.data)
        return text.lstrip("\ufeff")


def beginning_of(path: Path) -> Beginning:
    """The first bytes; OSError or Damaged where they cannot be read."""
    with path.open("rb") as file:
        data = file.read(SIZE)
    if data.startswith(_PARQUET):
        _check_end(path)
        return Beginning("parquet", data)
    if not data.startswith(_GZIP):
        return Beginning("none", data)
    try:
        # To its end: DuckDB takes a file that breaks off for a shorter one.
        with gzip.open(path) as unpacked:
            begin = unpacked.read(SIZE)
            while unpacked.read(1 << 20):
                pass
        return Beginning("gzip", begin)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Damaged("is a damaged gzip file: fetch it again") from error


def _check_end(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(-len(_PARQUET), 2)
        if file.read() != _PARQUET:
            raise Damaged("cannot be read to its end: it was cut; fetch it again")


def why_no_export(beginning: Beginning) -> str | None:
    """What the file is in place of an export, and what to do; None: nothing speaks against it."""
    data = beginning.data
    if beginning.packing == "parquet":
        return None
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        return "is empty, so it is no export: fetch it again"
    return _archive(data) or _wide(data) or _other_text(beginning)


def _archive(data: bytes) -> str | None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _WORKBOOK
    if data.startswith(b"PK\x03\x04"):
        if any(name in data for name in _IN_WORKBOOKS):
            return _WORKBOOK
        return "is a zip archive: unpack it and import what it holds"
    for begin, name in _PACKED.items():
        if data.startswith(begin):
            return f"is packed by {name}: unpack it (only gzip is read)"
    return None


def _wide(data: bytes) -> str | None:
    """Text of two bytes a character has a zero in each; other text has none."""
    zeros = max(data[0::2].count(0), data[1::2].count(0))
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or zeros * 4 > len(data):
        return f"is UTF-16 text: {_SAVE}"
    if 0 in data:
        return "is no text and no Parquet, so it is no export"
    return None


def _other_text(beginning: Beginning) -> str | None:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning.data)
    except UnicodeDecodeError:
        return f"is not UTF-8 text: {_SAVE}"
    text = beginning.text.lstrip()
    if text.startswith(("{", "[")):
        return "is JSON: give the export itself, CSV or Parquet"
    if text.startswith("<"):
        return "is a web page or XML, as a sign-in or an error answers: fetch the export again"
    return None
