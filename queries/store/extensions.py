"""DuckDB's signed extensions, as packages bring them; none is ever downloaded."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from queries.store.quoting import text


class NoExtension(Exception):
    """An extension is not installed; the text says how it can be."""


def load(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load a signed extension of DuckDB, as installed in it or by a package. NoExtension."""
    if load_packed(connection, name):
        return
    try:
        connection.execute("load " + name)
    except duckdb.Error as error:
        wanted = f"duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}"
        raise NoExtension(
            f"a shared store needs DuckDB's extension {name}: pip install {wanted}"
        ) from error


def load_packed(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Load an extension that a package brings; whether there is one."""
    connection.execute("set autoinstall_known_extensions = false")
    package = find_spec(f"duckdb_extension_{name}")
    for folder in package.submodule_search_locations or [] if package else []:
        file = Path(folder, "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension")
        if file.exists():
            connection.execute("load " + text(str(file)))
            return True
    return False
