"""The views that lie on 1 to 9: those that Mothball ships, the settings' and the user's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from tui.views.preferences import SavedView

DIGITS = range(1, 10)
ME = "{me}"
# Columns by the names that kept views may know them by.
RENAMED = {"ranking": "run_rate"}
_FRONT = ("verdict", "name", "workspace", "run_rate")

SHIPPED = (
    SavedView(
        "Idle by money",
        "verdict:idle,idle-endpoint",
        "run_rate",
        descending=True,
        columns=(
            *("verdict", "name", "workspace", "run_rate", "idle", "requests", "size"),
            "owner",
        ),
        key=1,
    ),
    SavedView(
        "Silent endpoints",
        "verdict:idle-endpoint",
        "run_rate",
        descending=True,
        group="name",
        key=2,
    ),
    SavedView(
        "GPU",
        "size:/^standard_n[cdgv]/",
        "run_rate",
        descending=True,
        columns=(*_FRONT, "size", "requests", "idle", "live", "region", "owner"),
        key=3,
    ),
    SavedView(
        "Expired",
        "finding=expired,old-test,exemption-ended",
        "expires",
        columns=(*_FRONT, "expires", "finding", "owner", "role"),
        key=4,
    ),
    SavedView("Mine", f"owner={ME}", key=5),
    SavedView(
        "Unknown",
        "verdict:unknown",
        "run_rate",
        descending=True,
        columns=(*_FRONT, "reason", "live", "requests", "state", "kind"),
        key=6,
    ),
    SavedView(
        "Failed",
        "verdict:failed",
        "run_rate",
        descending=True,
        columns=(*_FRONT, "state", "created", "size", "owner"),
        key=7,
    ),
    SavedView(
        "Retiring",
        "role=retire",
        "retire_after",
        columns=(*_FRONT, "retire_after", "requests", "live", "owner"),
        key=8,
    ),
    SavedView(
        "Barely used",
        "finding=barely-used",
        "run_rate",
        descending=True,
        columns=(*_FRONT, "requests", "live", "size", "finding", "owner"),
        key=9,
    ),
)


def shelved(*shelves: Iterable[SavedView]) -> tuple[SavedView, ...]:
    """All views of some shelves, those with a digit first; a later shelf wins.

    A view takes the place of one with the same name (and its digit, where it asks for none), and
    the digit that it asks for; whoever had that is found by its name alone.
    """
    found: dict[str, SavedView] = {}
    for view in (_by_todays_columns(view) for shelf in shelves for view in shelf):
        same = found.pop(view.name.casefold(), None)
        if view.key is None and same is not None:
            view = replace(view, key=same.key)
        for name, other in found.items():
            if view.key is not None and other.key == view.key:
                found[name] = replace(other, key=None)
        found[view.name.casefold()] = view
    return tuple(sorted(found.values(), key=lambda view: view.key or len(DIGITS) + 1))


def _by_todays_columns(view: SavedView) -> SavedView:
    """A view that may have been kept under earlier names of columns."""
    columns = view.columns
    if columns is not None:
        columns = tuple(dict.fromkeys(RENAMED.get(each, each) for each in columns))
    sort, then = RENAMED.get(view.sort, view.sort), view.then
    then = None if then is None else RENAMED.get(then, then)
    return replace(view, columns=columns, sort=sort, then=then)


def view_on(views: Iterable[SavedView], digit: int) -> SavedView | None:
    """The view on a digit."""
    return next((view for view in views if view.key == digit), None)


def filled(view: SavedView, me: Sequence[str]) -> str:
    """The filter of a view with the names of whoever asks put in."""
    names = ",".join('"{}"'.format(name.replace('"', "")) for name in me)
    return view.filter.replace(ME, names)


def needs_me(view: SavedView) -> bool:
    """Whether the view depends on who asks."""
    return ME in view.filter


def mistake_in(view: SavedView, column_ids: Iterable[str]) -> str | None:
    """What is wrong with a view in one line; None: nothing."""
    from queries.filter import FilterError, parsed

    try:
        parsed(filled(view, ["me"]))
    except FilterError as error:
        return f"view {view.name!r}: {error}"
    known = set(column_ids)
    named = [view.sort, *(view.columns or ()), *filter(None, (view.group, view.then))]
    lacking = next((each for each in named if each not in known), None)
    return None if lacking is None else f"view {view.name!r}: there is no column {lacking!r}"


def as_saved(view: SavedView) -> dict[str, Any]:
    """A view as it is kept in a file."""
    return asdict(view)


def read_back(given: Any) -> SavedView | None:
    """A view out of a file; None where it has not the form of one."""
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        return None
    known = {each.name: given[each.name] for each in fields(SavedView) if each.name in given}
    is_text = all(isinstance(known.get(name, ""), str) for name in ("filter", "sort"))
    columns, key, group = known.get("columns"), known.get("key"), known.get("group")
    is_list = isinstance(columns, list) and all(isinstance(each, str) for each in columns)
    if not is_text or not (columns is None or is_list) or key not in (None, *DIGITS):
        return None
    known["columns"] = None if columns is None else tuple(columns)
    known["group"] = group if isinstance(group, str) else None
    then = known.get("then")
    known["then"] = then if isinstance(then, str) else None
    for name in ("descending", "then_descending"):
        known[name] = known.get(name) is True
    return SavedView(**known)
