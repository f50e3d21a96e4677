"""The check-up: the sign-in, each source, what a snapshot asks, and the facts; reads only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from actions.facts import batches_of_first_contact, compare_thoroughly
from actions.snapshot.cost_pace import new_pace, recall_pace
from actions.snapshot.metrics import daily_questions, first_questions
from collectors.connection.errors import AzureFailure
from collectors.connection.identity import Person, who_is
from collectors.doctor.checkup import (
    SourceCheck,
    look_at_all,
    look_at_prices,
    not_asked,
    requests_of_snapshot,
)
from queries.estate.azure_facts import facts_of_tenant
from queries.intake.cost_pace import keep_pace
from queries.store.file import NoStore

if TYPE_CHECKING:
    from actions.session import Session
    from collectors.connection.patience import Stop
    from collectors.connection.reading import Reader
    from collectors.records import Inventory

NAMELESS = "a person whom the token does not name"


def check_up(
    session: Session, stop: Stop | None = None, *, compare_facts: bool = False
) -> Iterator[SourceCheck]:
    """The sign-in, each source, what a snapshot asks of it, and the facts of Azure as last found.

    Without a sign-in the price list alone is asked. `compare_facts`: asks the tenant for the facts
    anew, and keeps them in the store. Stopped where that is wanted.
    """
    sign_in, person = _sign_in(session)
    yield sign_in
    if person is None:
        yield from _without_sign_in(session, stop)
    else:
        with session.reader(stop) as reader:
            yield from _look(session, reader, person, compare_facts=compare_facts)
    yield from _facts(session)


def _look(
    session: Session, reader: Reader, person: Person, *, compare_facts: bool
) -> Iterator[SourceCheck]:
    """Every source by a sign-in that works."""
    has_store = _recall_queries(session, reader)
    now = session.now()
    seen = yield from look_at_all(reader, session.subscriptions, session.cost_basis, now)
    if has_store:
        keep_pace(session.store, new_pace(reader, now), now)
    if seen is None:
        return
    found = seen.inventory
    yield from requests_of_snapshot(found, _metric_batches(session, found))
    if compare_facts:
        home = session.cloud.name, person.tenant_id
        compare_thoroughly(session.store, home, reader, found, seen.lines, now)


def _without_sign_in(session: Session, stop: Stop | None) -> Iterator[SourceCheck]:
    try:
        with session.reader(stop) as reader:
            yield from look_at_prices(reader, session.now())
    except AzureFailure:
        pass  # the line of the sign-in says it
    yield from not_asked("no sign-in")


def _metric_batches(session: Session, found: Inventory) -> int:
    """How many batches the next snapshot sends, by what it will ask itself."""
    policy, now = session.policy, session.now()
    first = batches_of_first_contact(session.store, found)
    try:
        return first + len(daily_questions(session.store, found, policy, now, resume=False))
    except NoStore:
        return first + len(first_questions(found, policy, now))


def _recall_queries(session: Session, reader: Reader) -> bool:
    """Let the cost queries of a moment ago count, where there is a store that knows of them."""
    try:
        recall_pace(session.store, reader, session.now())
    except NoStore:
        return False
    return True


def _facts(session: Session) -> Iterator[SourceCheck]:
    """Every fact as it was last found; nothing where the tenant was never asked."""
    try:
        facts = facts_of_tenant(session.store)
    except NoStore:
        return
    if not any(fact.tested_at for fact in facts):
        return
    for fact in facts:
        fix = fact.consequence
        yield SourceCheck("fact", fact.fact, fact.state, fact.sentence, fix, fact.compared)


def _sign_in(session: Session) -> tuple[SourceCheck, Person | None]:
    source, cloud = "sign-in", session.cloud
    try:
        person = who_is(session.sign_in(), cloud)
    except AzureFailure as failure:
        text = f"{failure.message} ({failure.code})"
        return SourceCheck(source, cloud.name, "does not answer", text, failure.fix), None
    text = f"signed in as {_name_of(person)}"
    return SourceCheck(source, cloud.name, "answers", text), person


def _name_of(person: Person) -> str:
    return person.name or person.object_id or NAMELESS
