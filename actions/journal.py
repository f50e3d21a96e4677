"""Who does it, and the journal of it: without a journal nothing is written to Azure."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Any

from actions.operator import Operator
from collectors.errors import AzureFailure
from collectors.identity import who_is
from queries import journal as chain
from queries.journal import Happening


def note(
    operator: Operator,
    action: str,
    target: str,
    outcome: str,
    reason: str | None = None,
    correlation_id: str | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry; raises where the journal cannot be written."""
    happening = Happening(
        at=operator.now(),
        actor=actor_of(operator),
        action=action,
        target=target,
        outcome=outcome,
        reason=reason,
        correlation_id=correlation_id,
        evidence=evidence,
    )
    chain.write(operator.store, [happening])


def actor_of(operator: Operator) -> str:
    """`name (object id), OS user`; a plan made without a sign-in says so."""
    try:
        person = who_is(operator.sign_in(), operator.cloud)
    except AzureFailure:
        return f"not signed in, {_os_user()}"
    return f"{person.name or 'unnamed'} ({person.object_id or 'no object id'}), {_os_user()}"


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown user"
