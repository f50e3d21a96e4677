"""Reads the bill into the store: the months that are missing or can still change, once each."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

import duckdb

from collectors.connection.reading import Reader
from collectors.costs.bill import CostAnswer, CostLine, CostQuestion, ask_costs, last_day_of
from collectors.records import Hole
from queries.snapshot.cost_pace import note_pace, recall_pace
from queries.store import library
from queries.store.append import append, row_of
from queries.store.file import Store
from queries.store.listing import forget_listing

AT_ONCE = 4
# A month's bill changes until its fifth day after the end (azure.md A45).
SETTLES_AFTER_DAYS = 5

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class MonthlyBill:
    """One month of one subscription: its answers, whole, or the holes that it left."""

    subscription_id: str
    month: date
    basis: str
    lines: tuple[CostLine, ...] = ()
    places: tuple[CostLine, ...] = ()
    splits: tuple[CostLine, ...] = ()
    queries: int = 0
    holes: tuple[Hole, ...] = ()


def months_of_window(today: date, window_days: int) -> list[date]:
    """First days of the months that a window touches, newest first."""
    first = (today - timedelta(days=window_days)).replace(day=1)
    month, months = today.replace(day=1), []
    while month >= first:
        months.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return months


def newest_months(today: date, count: int) -> list[date]:
    """First days of so many months, the running one first."""
    months = [today.replace(day=1)]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[:count]  # none at all for 0


def gather_costs(
    store: Store,
    reader: Reader,
    snapshot_id: str,
    subscription_ids: Sequence[str],
    months: Sequence[date],
    basis: str,
    now: Callable[[], datetime],
    progress: Progress,
) -> list[Hole]:
    """Read what is missing or can still change; each month is kept as soon as it is whole."""
    wanted = _to_read(store, subscription_ids, months, basis, now().date())
    recall_pace(store, reader, now())
    progress("cost", 0, len(wanted))
    holes: list[Hole] = []
    try:
        with closing(_read_months(reader, wanted, basis, now().date())) as bills:
            for done, bill in enumerate(bills, start=1):
                holes += bill.holes or _keep_read(store, reader, snapshot_id, bill, now())
                progress("cost", done, len(wanted))
    finally:
        with store.noting() as connection:
            note_pace(connection, reader, now())
    return holes


def _read_months(
    reader: Reader, wanted: Sequence[tuple[date, str]], basis: str, today: date
) -> Generator[MonthlyBill]:
    """Each month's bill as it is read; the first failure is raised once no thread reads any more.

    What the other threads hold whole by then comes before it.
    """
    # The limit is a subscription's own, so its months take turns: one whole, not several begun.
    turns = {subscription_id: Lock() for _month, subscription_id in wanted}
    failure: BaseException | None = None
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cost") as pool:
        waiting = [
            pool.submit(_read_in_turn, turns[own], reader, own, month, basis, today)
            for month, own in wanted
        ]
        try:
            for future in as_completed(waiting):
                if (error := future.exception()) is None:
                    yield future.result()
                else:
                    failure = failure or error
                    reader.stop.set()
        except BaseException:
            reader.stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    if failure is not None:
        raise failure


def _read_in_turn(
    turn: Lock, reader: Reader, subscription_id: str, month: date, basis: str, today: date
) -> MonthlyBill:
    with turn:
        return read_month(reader, subscription_id, month, basis, today)


def read_month(
    reader: Reader, subscription_id: str, month: date, basis: str, today: date
) -> MonthlyBill:
    """The bill by tags, where its endpoints lie, and the names that occur twice told apart."""
    bill = MonthlyBill(subscription_id, month, basis)
    asked = CostQuestion(subscription_id, month, "tags", basis)
    lines = ask_costs(reader, asked, today)
    if lines.holes:
        return replace(bill, holes=tuple(lines.holes))
    if not any(line.endpoint for line in lines.lines):
        return replace(bill, lines=tuple(lines.lines), queries=lines.pages)  # nothing to place
    places = ask_costs(reader, replace(asked, by="workspace"), today)
    if places.holes:
        return replace(bill, holes=tuple(places.holes))
    bill = replace(
        bill,
        lines=tuple(lines.lines),
        places=tuple(places.lines),
        queries=lines.pages + places.pages,
    )
    for homes in sets_without_repetition(places.lines):
        ids = tuple(sorted(set(homes.values())))
        answer = ask_costs(reader, replace(asked, by="set", workspace_ids=ids), today)
        if answer.holes:
            return replace(bill, holes=tuple(answer.holes))
        bill = replace(
            bill,
            splits=(*bill.splits, *_placed(answer, homes)),
            queries=bill.queries + answer.pages,
        )
    return bill


def sets_without_repetition(places: Iterable[CostLine]) -> list[dict[str, str]]:
    """Endpoint name -> workspace, in as few sets as needed for no name to repeat in one.

    Only of names that occur in more than one workspace; no such name, no set.
    """
    homes: dict[str, set[str]] = {}
    for line in places:
        if line.endpoint and line.resource_key:
            homes.setdefault(line.endpoint, set()).add(line.resource_key)
    repeated = {name: keys for name, keys in homes.items() if len(keys) > 1}
    by_workspace: dict[str, set[str]] = {}
    for name, keys in repeated.items():
        for key in keys:
            by_workspace.setdefault(key, set()).add(name)
    sets: list[dict[str, str]] = []
    for key, names in sorted(by_workspace.items()):
        fitting = next((one for one in sets if not names & one.keys()), None)
        if fitting is None:
            fitting = {}
            sets.append(fitting)
        fitting.update(dict.fromkeys(names, key))
    return sets


def keep_month(
    connection: duckdb.DuckDBPyConnection,
    snapshot_id: str | None,
    bill: MonthlyBill,
    source: str,
    at: datetime,
) -> None:
    """Put a month in the place of what was known of it; reading it twice changes nothing."""
    place: dict[str, Any] = {
        "subscription_id": bill.subscription_id.lower(),
        "month": bill.month,
        "basis": bill.basis,
    }
    library.do(connection, "forget_cost_lines", place)
    library.do(connection, "forget_cost_reads", place)
    marked = place | {"source": source}
    for kind, lines in (("bill", bill.lines), ("place", bill.places), ("split", bill.splits)):
        rows = (marked | {"kind": kind} | row_of(line) for line in lines)
        append(connection, "cost_lines", rows)
    last_day = min(last_day_of(bill.month), at.date())
    read = {
        "snapshot_id": snapshot_id,
        "last_day": last_day,
        "queries": bill.queries,
        "read_at": at,
    }
    append(connection, "cost_reads", [marked | read])


def _keep_read(
    store: Store, reader: Reader, snapshot_id: str, bill: MonthlyBill, at: datetime
) -> list[Hole]:
    """Keep a month that was read; where an imported export tells of more days, that one stays."""
    known: dict[str, Any] = {
        "subscription_id": bill.subscription_id.lower(),
        "month": bill.month,
        "basis": bill.basis,
        "days": sorted({line.day for line in bill.lines}),
    }
    with store.noting() as connection:
        note_pace(connection, reader, at)
        [lacking] = library.ask(connection, "days_of_export_lacking", known)
        if not lacking["days"]:
            forget_listing(connection)
            keep_month(connection, snapshot_id, bill, "query", at)
            return []
    text = (
        f"the answer lacks {lacking['days']} billed days that the imported export has, from"
        f" {lacking['first_day']} on; the export stands"
    )
    return [Hole("cost", f"{bill.subscription_id}/{bill.month:%Y-%m}", "ExportStands", text)]


def _to_read(
    store: Store, subscription_ids: Sequence[str], months: Sequence[date], basis: str, today: date
) -> list[tuple[date, str]]:
    """(month, subscription) that were not read yet, or not since they settled.

    What was never read comes first, the newest months before the older, so that a run goes on
    where the one before ran out of queries; then what was read longest ago.
    """
    with store.reading() as connection:
        rows = library.ask(connection, "cost_months_read", {"basis": basis})
    read = {(row["month"], row["subscription_id"]): row for row in rows}
    never: list[tuple[date, str]] = []
    again: list[tuple[datetime, date, str]] = []
    for month in sorted(months, reverse=True):
        for subscription_id in subscription_ids:
            known = read.get((month, subscription_id.lower()))
            if known is None:
                never.append((month, subscription_id))
            elif _may_have_changed(month, known["holds_until"], known["source"], today):
                again.append((known["holds_until"], month, subscription_id))
    return never + [(month, subscription_id) for _at, month, subscription_id in sorted(again)]


def _may_have_changed(month: date, holds_until: datetime, source: str, today: date) -> bool:
    """Whether the month was not settled by then; an export holds for its own day too."""
    settled = last_day_of(month) + timedelta(days=SETTLES_AFTER_DAYS)
    is_settled = holds_until.date() > settled
    return not is_settled and not (source == "export" and holds_until.date() >= today)


def _placed(answer: CostAnswer, homes: dict[str, str]) -> Iterable[CostLine]:
    for line in answer.lines:
        if line.endpoint in homes:
            yield replace(line, resource_key=homes[line.endpoint])
