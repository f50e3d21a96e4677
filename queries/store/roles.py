"""Rights to a team's store: three database roles, and a journal that is only added to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

POSTGRESQL = Path(__file__).with_name("postgresql")
# What each may do, in the order in which each has the rights of those before it.
ROLES: Mapping[str, str] = {
    "reader": "reads everything",
    "operator": "takes snapshots, tags and deletes, and adds to the journal",
    "owner": "brings the store to a newer version, and prunes it",
}


def names_of_roles(store_name: str) -> dict[str, str]:
    """The name of each role in the database; ValueError: the store's name is not fit for it."""
    if not (store_name.isascii() and store_name.isidentifier() and len(store_name) <= 40):
        raise ValueError(
            f"{store_name!r} cannot be part of a role's name: call the store by letters, digits"
            " and underscores"
        )
    return {role: f"{store_name.lower()}_{role}" for role in ROLES}


def grants(store_name: str) -> str:
    """What an administrator runs in the catalogue's database, in PostgreSQL's dialect."""
    files = (POSTGRESQL / "roles.sql", POSTGRESQL / "journal.sql")
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for role, name in names_of_roles(store_name).items():
        text = text.replace(f"{{{role}}}", name)
    return text
