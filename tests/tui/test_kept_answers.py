"""What the quick tests of the interface share, and what they must not."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from queries.store.file import Store
from tests.tui.kept_answers import Kept
from tui.state import estate


def test_copies_of_a_store_that_nobody_changed_are_read_once(
    sample_store: Path, store: Path, kept: Kept
) -> None:
    assert estate.read_first(Store(sample_store)) is not None
    held = dict(kept)
    assert held
    assert estate.read_first(Store(store)) is not None
    assert kept == held


def test_a_store_that_was_changed_is_read_anew(store: Path, kept: Kept) -> None:
    estate.read_first(Store(store))
    known = len(kept)
    _change(store)
    estate.read_first(Store(store))
    assert len(kept) == known + 1


@pytest.mark.journey
def test_a_journey_reads_a_store_anew(store: Path, kept: Kept) -> None:
    _change(store)  # what a quick test has kept already would tell nothing
    known = dict(kept)
    assert estate.read_first(Store(store)) is not None
    assert kept == known


def _change(store: Path) -> None:
    """Give a store a time of change that no other has."""
    changed = time.time_ns()
    os.utime(store, ns=(changed, changed))
