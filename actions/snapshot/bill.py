"""Reads the bill into the store: the months that are missing or can still change, once each."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Lock

from actions.snapshot.cost_pace import new_pace, recall_pace
from actions.snapshot.run import Run
from collectors.connection.reading import Reader
from collectors.costs.bill import CostAnswer, CostQuestion, ask_costs, last_day_of
from collectors.records import CostLine, ReadError, counted
from collectors.sources import COST, NO_BILL
from queries.intake.bills import (
    KnownMonth,
    MonthlyBill,
    keep_read_month,
    known_months,
    subscriptions_without_bill,
)
from queries.intake.cost_pace import keep_pace
from queries.store.file import Store

MONTHS_AT_ONCE = 4
# A month's bill changes until its fifth day after the end (azure.md A45).
SETTLES_AFTER_DAYS = 5


def gather_costs(
    run: Run, subscription_ids: Sequence[str], months: Sequence[date], basis: str
) -> list[ReadError]:
    """Read what is missing or can still change; each month is kept as soon as it is whole.

    Of a subscription that was reported to have no bill, one month is asked, and no more said.
    """
    without = subscriptions_without_bill(run.store, COST.name, NO_BILL)
    wanted = _to_read(run.store, subscription_ids, months, basis, run.now().date())
    wanted = _one_month_of(without, wanted)
    recall_pace(run.store, run.reader, run.now())
    run.progress(COST.name, 0, len(wanted))
    read_errors: list[ReadError] = []
    try:
        with closing(_read_months(run.reader, wanted, basis, run.now().date())) as bills:
            for done, bill in enumerate(bills, start=1):
                found = bill.read_errors or _keep_read(run, bill)
                read_errors += (one for one in found if not _is_known(one, without))
                run.progress(COST.name, done, len(wanted))
    finally:
        at = run.now()
        keep_pace(run.store, new_pace(run.reader, at), at)
    return read_errors


def _one_month_of(
    without: Collection[str], wanted: Sequence[tuple[date, str]]
) -> list[tuple[date, str]]:
    """What to read, with the first month alone of each subscription that is without a bill."""
    first = {own.lower(): month for month, own in reversed(wanted)}
    return [
        (month, own)
        for month, own in wanted
        if own.lower() not in without or month == first[own.lower()]
    ]


def _is_known(error: ReadError, without: Collection[str]) -> bool:
    return error.code == NO_BILL and error.scope.lower() in without


def _read_months(
    reader: Reader, wanted: Sequence[tuple[date, str]], basis: str, today: date
) -> Generator[MonthlyBill]:
    """Each month's bill as it is read; the first failure is raised once no thread reads any more.

    What the other threads hold whole by then comes before it.
    """
    # The limit is a subscription's own, so its months take turns: one whole, not several begun.
    turns = {subscription_id: Lock() for _month, subscription_id in wanted}
    failure: BaseException | None = None
    with ThreadPoolExecutor(MONTHS_AT_ONCE, thread_name_prefix="cost") as pool:
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
    """The bill by tags, where its endpoints lie, and the names that occur twice distinguished."""
    bill = MonthlyBill(subscription_id, month, basis)
    asked = CostQuestion(subscription_id, month, "tags", basis)
    lines = ask_costs(reader, asked, today)
    if lines.read_errors:
        return replace(bill, read_errors=tuple(lines.read_errors))
    if not any(line.endpoint for line in lines.lines):
        return replace(bill, lines=tuple(lines.lines), queries=lines.pages)  # nothing to place
    places = ask_costs(reader, replace(asked, by="workspace"), today)
    if places.read_errors:
        return replace(bill, read_errors=tuple(places.read_errors))
    bill = replace(
        bill,
        lines=tuple(lines.lines),
        places=tuple(places.lines),
        queries=lines.pages + places.pages,
    )
    for homes in sets_without_repetition(places.lines):
        ids = tuple(sorted(set(homes.values())))
        answer = ask_costs(reader, replace(asked, by="set", workspace_ids=ids), today)
        if answer.read_errors:
            return replace(bill, read_errors=tuple(answer.read_errors))
        bill = replace(
            bill,
            splits=(*bill.splits, *_placed(answer, homes)),
            queries=bill.queries + answer.pages,
        )
    return bill


def sets_without_repetition(places: Iterable[CostLine]) -> list[dict[str, str]]:
    """Endpoint name -> workspace, in as few sets as needed for no name to repeat in one.

    Only of names that occur in more than one workspace; no such name, no set. Which workspaces
    share a set follows from the order of the lines and never from how the names are spelt: a
    replayed recording, whose names are other ones, is asked the same.
    """
    homes: dict[str, dict[str, None]] = {}
    for line in places:
        if line.endpoint and line.resource_key:
            homes.setdefault(line.endpoint, {})[line.resource_key] = None
    repeated = {name: keys for name, keys in homes.items() if len(keys) > 1}
    by_workspace: dict[str, set[str]] = {}
    for name, keys in repeated.items():
        for key in keys:
            by_workspace.setdefault(key, set()).add(name)
    sets: list[dict[str, str]] = []
    for key, names in by_workspace.items():
        fitting = next((one for one in sets if not names & one.keys()), None)
        if fitting is None:
            fitting = {}
            sets.append(fitting)
        fitting.update(dict.fromkeys(names, key))
    return sets


def _keep_read(run: Run, bill: MonthlyBill) -> list[ReadError]:
    """Keep a month that was read; where an imported export covers more days, that one stays."""
    at = run.now()
    pace = new_pace(run.reader, at)
    lacking = keep_read_month(run.store, run.begun.snapshot_id, bill, pace, at)
    if lacking is None:
        return []
    text = (
        f"the answer lacks {counted(lacking.days, 'billed day')} that the imported export has, from"
        f" {lacking.first_day} on; the export stands"
    )
    return [
        ReadError(COST.name, f"{bill.subscription_id}/{bill.month:%Y-%m}", "ExportStands", text)
    ]


def _to_read(
    store: Store, subscription_ids: Sequence[str], months: Sequence[date], basis: str, today: date
) -> list[tuple[date, str]]:
    """(month, subscription) that were not read yet, or not since they settled.

    What was never read comes first, the newest months before the older, so that a run goes on
    where the one before ran out of queries; then what was read longest ago.
    """
    read = known_months(store, basis)
    never: list[tuple[date, str]] = []
    again: list[tuple[datetime, date, str]] = []
    for month in sorted(months, reverse=True):
        for subscription_id in subscription_ids:
            known = read.get((month, subscription_id.lower()))
            if known is None:
                never.append((month, subscription_id))
            elif _may_have_changed(month, known, today):
                again.append((known.holds_until, month, subscription_id))
    return never + [(month, subscription_id) for _at, month, subscription_id in sorted(again)]


def _may_have_changed(month: date, known: KnownMonth, today: date) -> bool:
    """Whether the month was not settled by then; an export holds for its own day too."""
    settled = last_day_of(month) + timedelta(days=SETTLES_AFTER_DAYS)
    holds_until = known.holds_until.date()
    is_settled = holds_until > settled
    return not is_settled and not (known.source == "export" and holds_until >= today)


def _placed(answer: CostAnswer, homes: dict[str, str]) -> Iterable[CostLine]:
    for line in answer.lines:
        if line.endpoint in homes:
            yield replace(line, resource_key=homes[line.endpoint])
