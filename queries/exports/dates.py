"""In which order a file writes day and month: as it shows, as documented, or as asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from queries.exports.files import BadExport

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "dmy", "mdy", "ymd"
ORDERS: Final = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)
_NAME_IT = "name the order with --dates dmy or --dates mdy"
# What is read where a file does not show its order: EA and MCA document MM/DD/YYYY (azure.md A50).
_USUAL: Final[Mapping[str, str]] = {"/": MONTH_FIRST, ".": DAY_FIRST}


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a file's dates (None: they need none); assumed where it shows none."""

    name: str | None
    is_assumed: bool = False


def order_of(path: Path, seen: Mapping[str, Any], wanted: str | None, today: date) -> Order:
    """The order of a file; `seen` is a row of export_orders. BadExport where it may be either."""
    if not seen["forms"]:
        return Order(None)
    if wanted:
        _refuse_disproved(path, seen, wanted)
        return _past(path, seen, wanted, today)
    _refuse_mixed(path, seen)
    if seen["only_day_first"]:
        return _past(path, seen, DAY_FIRST, today)
    if seen["only_month_first"]:
        return _past(path, seen, MONTH_FIRST, today)
    return _assumed(path, seen, today)


def _past(path: Path, seen: Mapping[str, Any], name: str, today: date) -> Order:
    """The order, unless it reads days that have not come yet: nothing is billed ahead."""
    last = {DAY_FIRST: seen["day_first_to"], MONTH_FIRST: seen["month_first_to"]}.get(name)
    if last and last > today:
        raise BadExport(
            f"{path} has days after today ({last}) in the order {name}: look at its dates, or"
            " import the file that Cost Management wrote"
        )
    return Order(name)


def _refuse_disproved(path: Path, seen: Mapping[str, Any], wanted: str) -> None:
    against = {DAY_FIRST: "only_month_first", MONTH_FIRST: "only_day_first"}.get(wanted)
    if against and seen[against]:
        raise BadExport(
            f"{path} has the date {seen[against]}, which is none in the order --dates {wanted}"
        )


def _refuse_mixed(path: Path, seen: Mapping[str, Any]) -> None:
    one, other = seen["only_day_first"], seen["only_month_first"]
    if one and other:
        raise BadExport(
            f"{path} writes dates in two orders ({one} and {other}), as a spreadsheet leaves them:"
            " import the file that Cost Management wrote"
        )
    if len(seen["forms"]) > 1 or seen["has_fixed"]:
        raise BadExport(
            f"{path} writes dates in two forms ({seen['first_form']} and {seen['last_form']}), as a"
            f" spreadsheet leaves them: import the file that Cost Management wrote, or {_NAME_IT}"
        )


def _assumed(path: Path, seen: Mapping[str, Any], today: date) -> Order:
    """The usual order, where it reads the file as days of one month and none after today."""
    [form] = seen["forms"]
    usual = _USUAL.get(form)
    if usual == DAY_FIRST and (seen["day_first_to"] or today) <= today:
        return Order(usual)
    if usual == MONTH_FIRST and _is_likely(seen, today):
        return Order(usual, is_assumed=True)
    raise _either(str(path), seen, today)


def _is_likely(seen: Mapping[str, Any], today: date) -> bool:
    # One day in several months, which are several days of one month the other way round.
    is_scattered = seen["month_first_months"] > seen["day_first_months"]
    return not is_scattered and (seen["month_first_to"] or today) <= today


def refuse_assumed_beside(path: Path, orders: Mapping[Path, Order]) -> None:
    """Refuse a file whose order was assumed beside one that writes the day first."""
    for other, order in orders.items():
        if order.name == DAY_FIRST:
            raise BadExport(
                f"{path} does not show whether its dates begin with the month, and {other} begins"
                f" them with the day: {_NAME_IT}, or import the two one after the other"
            )


def refuse_scattered(path: Path, seen: Mapping[str, Any], today: date) -> None:
    """Refuse files whose order was assumed, where their days together speak against it.

    `seen` is a row of export_assumed_days.
    """
    if not _is_likely(seen, today):
        raise _either(f"{path} and its neighbours", seen, today)


def _either(what: str, seen: Mapping[str, Any], today: date) -> BadExport:
    month_first = _span(seen["month_first_from"], seen["month_first_to"], today)
    day_first = _span(seen["day_first_from"], seen["day_first_to"], today)
    return BadExport(
        f"{what}: the dates may be read month first ({month_first}) or day first"
        f" ({day_first}): {_NAME_IT}"
    )


def _span(start: date, end: date, today: date) -> str:
    span = f"{start}" if start == end else f"{start} to {end}"
    return f"{span}, which is after today" if end > today else span
