"""Where a shared store's catalogue is: libpq's words for a database in PostgreSQL, or a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

POSTGRES = "postgres:"
SUFFIX = ".ducklake"
PASSWORDS = frozenset({"password", "sslpassword"})
# What libpq understands of a connection (PostgreSQL 17, "Parameter Key Words").
WORDS = frozenset(
    """
    application_name channel_binding client_encoding connect_timeout dbname
    fallback_application_name gssdelegation gssencmode gsslib host hostaddr keepalives
    keepalives_count keepalives_idle keepalives_interval krbsrvname load_balance_hosts options
    passfile port require_auth requirepeer service ssl_max_protocol_version
    ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey sslmode
    sslnegotiation sslrootcert sslsni target_session_attrs tcp_user_timeout user
    """.split()  # noqa: SIM905
)
# A server that accepts and never answers, a network that is gone: an error, and no endless wait.
PATIENCE: Mapping[str, str] = {
    "connect_timeout": "10",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "application_name": "mothball",
}
# The same seen from the server: what one statement may take, and whoever is gone lets go.
_OPTIONS = (
    "-c statement_timeout=120s -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5"
    " -c tcp_keepalives_count=3"
)
_WORD = re.compile(r"\s*(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)*)(?=\s|$)")
_EXAMPLE = f"`{POSTGRES}host=db dbname=mothball`, or the path of a file that ends in {SUFFIX}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A catalogue by libpq's words, or a file by its path."""

    words: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None

    @property
    def is_served(self) -> bool:
        """Whether a server holds it."""
        return self.file is None

    @property
    def place(self) -> str:
        """What DuckLake attaches."""
        return f"{POSTGRES}{self.connection_with()}" if self.file is None else str(self.file)

    def connection_with(self, more: str = "") -> str:
        """Libpq's words, with limits to every wait; `more` are options of the server."""
        options = f"{_OPTIONS} {self.words.get('options', '')} {more}".strip()
        words = {**PATIENCE, **self.words, "options": options}
        return " ".join(f"{name}={_quoted(value)}" for name, value in words.items())

    @property
    def address(self) -> str:
        """What people call it."""
        if self.file is not None:
            return str(self.file)
        host = self.words.get("host") or self.words.get("hostaddr") or "the default host"
        port = f":{self.words['port']}" if "port" in self.words else ""
        return f"{host}{port}"


def catalogue_from(given: str) -> Catalogue:
    """A catalogue as the settings name it; ValueError: what is wrong, without a password."""
    if given.startswith(POSTGRES):
        return Catalogue(_words(given.removeprefix(POSTGRES)))
    path = Path(given).expanduser()
    if "=" in given or "://" in given or path.suffix != SUFFIX:
        raise ValueError(f"this is no catalogue: name {_EXAMPLE}")
    if not path.is_absolute():
        raise ValueError(f"{given!r} is not an absolute path")
    return Catalogue(file=path)


def _words(given: str) -> dict[str, str]:
    found, place = {}, 0
    while given[place:].strip():
        match = _WORD.match(given, place)
        if match is None:
            raise ValueError(f"libpq would not understand these words: name {_EXAMPLE}")
        found[match[1].lower()] = _bare(match[2])
        place = match.end()
    if PASSWORDS & found.keys():
        raise ValueError(
            "a password does not belong in the settings: write it into libpq's password file"
            " (~/.pgpass, or what PGPASSFILE names), or into PGPASSWORD"
        )
    unknown = sorted(found.keys() - WORDS)
    if unknown:
        raise ValueError(f"libpq has no word {unknown[0]!r}: name {_EXAMPLE}")
    return found


def _bare(value: str) -> str:
    inner = value[1:-1] if value.startswith("'") else value
    return re.sub(r"\\(.)", r"\1", inner)


def _quoted(value: str) -> str:
    return "'" + re.sub(r"(['\\])", r"\\\1", value) + "'"
