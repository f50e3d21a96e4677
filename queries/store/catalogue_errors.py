"""What the errors of a catalogue's server, and of a shared data folder, mean and what to do.

They are libpq's and PostgreSQL's own messages (version 15), which DuckDB hands on in one text.
"""

from __future__ import annotations

import re

import duckdb

from queries.store.catalogue import Catalogue

_PASSWORD = (
    "write its password into libpq's password file (~/.pgpass, or what PGPASSFILE names), or"
    " into PGPASSWORD"
)
_RIGHTS = "`mothball store init {name} --print` has what its administrator grants"
# Each message, with what it means and what to do; {0} is what the message names.
_MEANINGS: tuple[tuple[str, str], ...] = (
    (
        r"az://([^/\s]+)\S* failed with ContainerNotFound",
        'there is no container "{0}" in its Azure Storage: create it',
    ),
    (
        r"Fail to get a new connection for: (\S+?)\. Could not|Fail to get a new connection",
        "Azure Storage at {0} cannot be reached: see whether it is well, and run it again",
    ),
    (
        r"Failed to get token|CredentialUnavailable|AuthenticationException",
        "nobody is signed in to Azure Storage: sign in (`az login`), or give the environment"
        " AZURE_STORAGE_CONNECTION_STRING",
    ),
    (
        r"(?:failed with|Reason Phrase:?) *(?:Auth|Server failed to auth|Insufficient"
        r"|This request is not auth)",
        "Azure Storage does not let you in: have the role Storage Blob Data Contributor on {data}"
        " (Reader, to read), or correct AZURE_STORAGE_CONNECTION_STRING",
    ),
    (
        r"Azure\w*FileSystem|azure-sdk|Azure::",
        "Azure Storage did not do what it was asked for {data}: nothing is half done; run it again",
    ),
    (r'database "(.+?)" does not exist', 'there is no database "{0}" on {address}: create it'),
    (
        r"no password supplied|password authentication failed for user \"(.+?)\"",
        "{address} did not sign you in: " + _PASSWORD,
    ),
    (r'role "(.+?)" does not exist', 'there is no role "{0}" on {address}: have it created'),
    (
        r"no schema has been selected to create in|permission denied for schema (\S+)",
        "its schema is not there, or you may not use it: " + _RIGHTS,
    ),
    (
        r'permission denied for (?:table|sequence|database) "?([^\s"]+)',
        "your role may not do that: " + _RIGHTS,
    ),
    (r"must be owner of (.+)", "only its owner may do that: ask for the role of an owner"),
    (
        r"timeout expired|canceling statement due to statement timeout",
        "{address} does not answer: see whether it is well, and run it again",
    ),
    (
        r"Connection refused|could not translate host name|could not connect|No route to host"
        r"|Network is unreachable|No such file or directory\s+Is the server running",
        "{address} cannot be reached: see whether it runs, and what `catalogue` names",
    ),
    (
        r"server closed the connection|terminating connection|connection to server was lost"
        r"|no connection to the server|the database system is (?:starting up|shutting down)"
        r"|Failed to execute query \"(?:ROLLBACK|COMMIT|BEGIN)|SSL SYSCALL|Connection reset"
        r"|unexpectedly",
        "{address} ended the connection: nothing is half done; run it again",
    ),
    (r"the journal can only be added to", "the journal can only be added to"),
    (
        r"does not match existing data path",
        "its catalogue says that its data are in another folder than {data}: correct `data`",
    ),
)
_OF_FILES = re.compile(r"cannot (?:open|read|create)|could not (?:open|read|create)", re.IGNORECASE)


def trouble_with_catalogue(
    name: str, catalogue: Catalogue, data: str, error: duckdb.Error
) -> str | None:
    """A sentence; None: the error is of something else."""
    message = str(error)
    for pattern, meaning in _MEANINGS:
        found = re.search(pattern, message)
        if found:
            named = (found[1] if found.groups() else None) or ""
            words = meaning.format(named, name=name, address=catalogue.address, data=data)
            return f"the store {name!r}: {words}"
    if data in message and _OF_FILES.search(message):
        return (
            f"the store {name!r}: a file of its data folder {data} cannot be read or written: see"
            " whether it is mounted, and whether you may write there"
        )
    return None


def without_secrets(catalogue: Catalogue, error: duckdb.Error) -> str:
    """The first line of an error, without the words of the connection."""
    line = str(error).splitlines()[0]
    if catalogue.is_served:
        line = line.replace(catalogue.connection_with(), "…")
    return re.sub(r"password\s*=\s*\S+", "password=…", line)
