"""Places in Azure Storage by the addresses that settings have for them."""

from __future__ import annotations

import os
import re

SCHEME = "az://"
CONNECTION_STRING = "AZURE_STORAGE_CONNECTION_STRING"
# What Azure allows, less what DuckDB would take for a pattern.
_URL = re.compile(r"az://[a-z0-9](?:-?[a-z0-9]){2,62}(?:/[\w.-]+)+/?")


def url_of(place: str) -> str:
    """`az://container/path` without an end of `/`; ValueError: what is wrong with it."""
    if not place.startswith(SCHEME):
        scheme = place.partition("://")[0]
        raise ValueError(f"data in {scheme}:// is not supported; a folder or {SCHEME} is")
    if not _URL.fullmatch(place):
        raise ValueError(
            f"this is no place in Azure Storage: name {SCHEME}CONTAINER/PATH, and no credential"
        )
    return place.rstrip("/")


def archives_beside(url: str) -> str:
    """Where the archives of data in Azure Storage are: in a container of their own, since whoever
    may read the data need not read the environment values that archives hold.
    """
    container, _, path = url.removeprefix(SCHEME).partition("/")
    return f"{SCHEME}{container}-archives/{path}"


def name_of_account(given: str | None) -> str | None:
    """The storage account that is meant: the environment's before the given one; None: neither."""
    string = os.environ.get(CONNECTION_STRING)
    if not string:
        return given
    named = re.search(r"(?:^|;)AccountName=([a-z0-9]+)", string, re.IGNORECASE)
    return named[1] if named else given
