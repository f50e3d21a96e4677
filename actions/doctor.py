"""The check-up: the sign-in, then each source that Azure has, as each answers; reads only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from collectors.connection.errors import AzureFailure
from collectors.connection.identity import Person, who_is
from collectors.doctor.checkup import SourceCheck, look_at_all, requests_of_snapshot

if TYPE_CHECKING:
    from actions.session import Session
    from collectors.connection.patience import Stop

NAMELESS = "a person whom the token does not name"


def check_up(session: Session, stop: Stop | None = None) -> Iterator[SourceCheck]:
    """The sign-in, each source, and what a snapshot asks of it; Stopped where that is wanted.

    Without a sign-in no source is asked.
    """
    sign_in = _sign_in(session)
    yield sign_in
    if not sign_in.ok:
        return
    found = []
    with session.reader(stop) as reader:
        for finding in look_at_all(reader, session.now()):
            found.append(finding)
            yield finding
    yield from requests_of_snapshot(found)


def _sign_in(session: Session) -> SourceCheck:
    source, cloud = "sign-in", session.cloud
    try:
        person = who_is(session.sign_in(), cloud)
    except AzureFailure as failure:
        text = f"{failure.message} ({failure.code})"
        return SourceCheck(source, cloud.name, False, text, failure.fix)
    return SourceCheck(source, cloud.name, True, f"signed in as {_name_of(person)}")


def _name_of(person: Person) -> str:
    return person.name or person.object_id or NAMELESS
