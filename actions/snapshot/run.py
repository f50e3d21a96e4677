"""A snapshot under way: what each of its steps is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from collectors.connection.reading import Reader
from collectors.records import Progress
from queries.intake.snapshots import Begun
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class Run:
    """What asks Azure, where the answers are kept, for which snapshot, and who hears how far it is.

    `now` is the clock; days are counted from the start that `begun` holds.
    """

    store: Store
    reader: Reader
    begun: Begun
    now: Callable[[], datetime]
    progress: Progress
