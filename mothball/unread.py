"""What could not be read, on standard error: how much, and what most deployments rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import click

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
    errors: Sequence[Unread], rows: Sequence[DeploymentRow], *, all_errors: bool
) -> None:
    """Name the errors on which most of these deployments rest, or all of them."""
    note_worst([sentence_of(each) for each in worst_first(errors, rows)], all_errors=all_errors)


def note_worst(sentences: Sequence[str], *, all_errors: bool) -> None:
    """Name the first few of the errors, or all; how many there are comes first."""
    shown = sentences if all_errors else sentences[:FEW]
    if len(shown) < len(sentences):
        note(f"{len(sentences):,} read errors; the worst {FEW} (--errors names all):")
    for sentence in shown:
        note(f"not read: {sentence}")


def sentence_of(error: Unread) -> str:
    """`metrics sub/region: Forbidden: …`."""
    return f"{error.source} {error.scope}: {error.code}: {error.message}"


def worst_first(errors: Sequence[Unread], rows: Sequence[DeploymentRow]) -> list[Unread]:
    """What deployments of a whole subscription were not found by, then by how many rest on it."""
    held = _deployments_by_scope(rows)

    def rank(error: Unread) -> tuple[bool, bool, int]:
        scope = error.scope.strip("/").casefold()
        is_whole = "/" not in scope
        finds = is_whole and error.source in FINDING
        return (not finds, not is_whole, -(held[scope] or held[_subscription_of(scope)]))

    return sorted(errors, key=rank)


def _subscription_of(scope: str) -> str:
    """Of `subscription/2026-11`: a bill is asked by the month."""
    return scope.partition("/")[0]


def _deployments_by_scope(rows: Sequence[DeploymentRow]) -> Counter[str]:
    """How many deployments lie in each scope: of an id, of a region, of a size with its price."""
    held: Counter[str] = Counter(tenant=len(rows))
    for row in rows:
        words = row.id.strip("/").casefold().split("/")
        subscription = row.subscription_id.casefold()
        held[subscription] += 1
        held[f"{subscription}/{row.region}".casefold()] += 1
        held[f"{row.region}/{row.instance_type}".casefold()] += 1
        for end in range(2, len(words) + 1, 2):
            held["/".join(words[:end])] += 1
    return held
