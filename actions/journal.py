"""Who does it, and the journal of it: without a journal nothing is written to Azure."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Any

from actions.session import Session
from collectors.connection.errors import AzureFailure
from collectors.connection.identity import who_is
from queries.store import journal as chain
from queries.store.journal import Happening


def note(
    session: Session,
    action: str,
    target: str,
    outcome: str,
    reason: str | None = None,
    correlation_id: str | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry; raises where the journal cannot be written."""
    note_each(session, action, {target: evidence or {}}, outcome, reason, correlation_id)


def note_each(
    session: Session,
    action: str,
    targets: Mapping[str, Mapping[str, Any]],
    outcome: str,
    reason: str | None = None,
    correlation_id: str | None = None,
) -> None:
    """Append an entry for each target with its evidence, all or none of them."""
    if not targets:
        return
    at, actor = session.now(), actor_of(session)
    chain.write(
        session.store,
        [
            Happening(at, actor, action, target, outcome, reason, correlation_id, evidence)
            for target, evidence in targets.items()
        ],
    )


def actor_of(session: Session) -> str:
    """`name (object id), OS user`; a plan made without a sign-in says so."""
    try:
        person = who_is(session.sign_in(), session.cloud)
    except AzureFailure:
        return local_actor()
    return f"{person.name or 'unnamed'} ({person.object_id or 'no object id'}), {_os_user()}"


def local_actor() -> str:
    """Who does what Azure is not asked for: the OS user."""
    return f"not signed in, {_os_user()}"


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown user"
