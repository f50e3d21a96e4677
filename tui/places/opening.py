"""The screen of every place; imported when the first place but the home is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.places.archives import Archives
from tui.places.deployments import Deployments
from tui.places.diff import Diff
from tui.places.doctor import Doctor
from tui.places.endpoints import Endpoints
from tui.places.findings import Findings
from tui.places.gatherings import Owners, Subscriptions, Workspaces
from tui.places.journal import Journal
from tui.places.money import Money
from tui.places.place import Place
from tui.places.read_errors import ReadErrors
from tui.places.snapshots import Snapshots

if TYPE_CHECKING:
    from tui.state.history import Address

SCREENS: Mapping[str, type[Place]] = {
    "deployments": Deployments,
    "endpoints": Endpoints,
    "workspaces": Workspaces,
    "subscriptions": Subscriptions,
    "owners": Owners,
    "money": Money,
    "findings": Findings,
    "journal": Journal,
    "archives": Archives,
    "snapshots": Snapshots,
    "diff": Diff,
    "holes": ReadErrors,
    "doctor": Doctor,
}


def open_place(address: Address) -> Place:
    """A screen of the place at an address."""
    return SCREENS[address.place](address)
