"""What could not be read, on standard error: how much, and what most deployments rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import click

from collectors.records import counted
from collectors.sources import EXISTENCE, SOURCES
from mothball.options import F
from mothball.output import note
from queries.estate.rows import DeploymentRow

FEW = 3
FINDING = {source.name for source in SOURCES if EXISTENCE in source.rests_on_it}


class Unread(Protocol):
    """Something that could not be read, of a snapshot that is taken or of one in the store."""

    @property
    def source(self) -> str:
        """Which question it was."""

    @property
    def scope(self) -> str:
        """`tenant`, an ARM id, or a subscription, alone or with a region or month behind it."""

    @property
    def code(self) -> str:
        """Azure's code, or ours."""

    @property
    def message(self) -> str:
        """What Azure said."""


def errors_option(function: F) -> F:
    """--errors: every read error, not only the worst."""
    return click.option(
        "--errors",
        "all_errors",
        is_flag=True,
        help=f"Name everything that could not be read, not only the worst {FEW}.",
    )(function)


def note_unread(
    errors: Sequence[Unread], rows: Iterable[DeploymentRow], *, all_errors: bool
) -> None:
    """Name the errors on which most of these deployments rest, or all of them."""
    note_worst([sentence_of(each) for each in worst_first(errors, rows)], all_errors=all_errors)


def note_worst(named: Iterable[str], *, all_errors: bool) -> None:
    """Name the first few of the errors, or all; how many there are comes first."""
    sentences = list(named)
    shown = sentences if all_errors else sentences[:FEW]
    if len(shown) < len(sentences):
        note(f"{counted(len(sentences), 'read error')}; the worst {FEW} (--errors names all):")
    for sentence in shown:
        note(f"not read: {sentence}")


def sentence_of(error: Unread) -> str:
    """`metrics sub/region: Forbidden: …`."""
    return f"{error.source} {error.scope}: {error.code}: {error.message}"


def worst_first(errors: Sequence[Unread], rows: Iterable[DeploymentRow]) -> list[Unread]:
    """What deployments of a whole subscription were not found by, then by how many rest on it."""
    resting = Resting(errors)
    for _row in resting.of(rows if errors else ()):
        pass
    return resting.worst_first()


class Resting:
    """How many of the deployments that go by rest on what could not be read."""

    def __init__(self, errors: Sequence[Unread]) -> None:
        """No deployment went by yet."""
        self.errors = errors
        scopes = [_scope_of(error) for error in errors]
        self._scopes = {each for scope in scopes for each in (scope, _subscription_of(scope))}
        self._held: Counter[str] = Counter()

    def of(self, rows: Iterable[DeploymentRow]) -> Iterator[DeploymentRow]:
        """The deployments as they go by, each counted in every scope that it lies in."""
        for row in rows:
            if self._scopes:
                self._held.update(self._scopes.intersection(_scopes_of(row)))
            yield row

    def worst_first(self) -> list[Unread]:
        """What deployments of a whole subscription were not found by comes first."""
        return sorted(self.errors, key=self._rank)

    def _rank(self, error: Unread) -> tuple[bool, bool, int]:
        scope = _scope_of(error)
        is_whole = "/" not in scope
        finds = is_whole and error.source in FINDING
        held = self._held[scope] or self._held[_subscription_of(scope)]
        return (not finds, not is_whole, -held)


def _scope_of(error: Unread) -> str:
    return error.scope.strip("/").casefold()


def _subscription_of(scope: str) -> str:
    """Of `subscription/2026-11`: a bill is asked by the month."""
    return scope.partition("/")[0]


def _scopes_of(row: DeploymentRow) -> Iterator[str]:
    """What a deployment lies in: each part of its id, its region, its size with its price."""
    subscription = row.subscription_id.casefold()
    yield from ("tenant", subscription)
    yield f"{subscription}/{row.region}".casefold()
    yield f"{row.region}/{row.instance_type}".casefold()
    words = row.id.strip("/").casefold().split("/")
    yield from ("/".join(words[:end]) for end in range(2, len(words) + 1, 2))
