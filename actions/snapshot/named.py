"""Whether what is named for one snapshot is there: looked up before anything of it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches

from collectors.connection.errors import AzureFailure, Missing, SignInFailed
from collectors.connection.reading import Reader
from collectors.inventory.inventory import ML_API
from collectors.inventory.scope import Scope, members_of, subscriptions_seen
from collectors.records import key_of
from queries.intake.snapshots import scopes_known
from queries.store.file import Store

# Two ids are a slip apart where so much of them is alike, from 0 to 1.
A_SLIP = 0.85


class NoSuchScope(Exception):
    """What was named is not there, or not to be seen, and no snapshot ever read it."""


def checked(store: Store, reader: Reader, scope: Scope) -> Scope:
    """The scope, with a management group as its subscriptions, once all that it names is there.

    What a snapshot of this store has read may have gone, or its role: that is no slip, and becomes
    a read error. Raises NoSuchScope for anything else that is not there, AzureFailure where it
    cannot be looked up.
    """
    named = [_key(each) for each in scope.subscriptions]
    homes = ["/".join(key.split("/")[:3]) for key in scope.narrowed_to]
    known = scopes_known(store, [*named, *homes, *scope.narrowed_to])
    _check_subscriptions(reader, [key for key in (*named, *homes) if key not in known])
    for workspace in scope.workspaces:
        if key_of(workspace) not in known:
            _check_workspace(reader, workspace)
    if scope.management_group is None:
        return scope
    members = _members(reader, scope.management_group)
    return replace(scope, subscriptions=(*scope.subscriptions, *members), management_group=None)


def _check_subscriptions(reader: Reader, keys: Iterable[str]) -> None:
    wanted = [key.rpartition("/")[2] for key in dict.fromkeys(keys)]
    if not wanted:
        return
    try:
        seen = [each.subscription_id.lower() for each in subscriptions_seen(reader)]
    except SignInFailed:
        raise
    except AzureFailure:
        return  # the snapshot says so, and goes on with what is named
    for name in wanted:
        if name not in seen:
            raise NoSuchScope(_unseen(name, seen))


def _unseen(name: str, seen: Collection[str]) -> str:
    near = get_close_matches(name, seen, n=1, cutoff=A_SLIP)
    hint = f"did you mean {near[0]}?" if near else "check the id, or ask for the role Reader on it"
    return f"the sign-in does not see the subscription {name}: {hint}"


def _check_workspace(reader: Reader, workspace: str) -> None:
    try:
        reader.get(key_of(workspace), **{"api-version": ML_API})
    except Missing as failure:
        raise NoSuchScope(f"there is no workspace {workspace}: check the id") from failure


def _members(reader: Reader, group: str) -> tuple[str, ...]:
    try:
        return tuple(members_of(reader, group))
    except Missing as failure:
        raise NoSuchScope(f"{failure.message}: check its id") from failure


def _key(subscription_id: str) -> str:
    return key_of(f"subscriptions/{subscription_id}")
