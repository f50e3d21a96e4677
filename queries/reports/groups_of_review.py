"""A review's questions of whom the money is for, what could run on less, and what has an owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from queries.estate.rows import DeploymentRow
from queries.reports.gathered import ReviewData, Rows
from queries.reports.money_of_review import of_currency, percent, sum_known
from queries.reports.sections import Column, Section, section

# Each grouping of review_groups: its section, its question, its column, and what None says.
GROUPINGS = (
    ("team", "teams", "by team", "Team", "without a team"),
    ("cost_center", "cost_centers", "by cost centre", "Cost centre", "without a cost centre"),
    ("subscription", "subscriptions", "by subscription", "Subscription", "not known"),
    ("gpu_family", "gpu_families", "by GPU family", "GPU family", "size not known"),
)
HAS_OWNER = {False: "named by a tag", True: "a guess: who created it or changed it last"}


def spent(gathered: ReviewData) -> Iterable[Section]:
    """What was spent and what served nobody, by each grouping; the lines add up to serving."""
    for grouping, name, words, title, absent in GROUPINGS:
        rows = [row for row in gathered.groups if row["grouping_name"] == grouping]
        lines = [line for bill in gathered.now.bills for line in _of(gathered, bill, rows)]
        columns = (
            Column("name", title, absent=absent),
            Column("deployments", "Deployments", "count"),
            Column("spent", "Serving", "money"),
            Column("served_nobody", "Served nobody", "money"),
            Column("share", "of its serving", "percent", ""),
            Column("share_of_waste", "of all that served nobody", "percent", ""),
            Column("currency", "Currency", "word"),
        )
        question = f"What was spent, and what served nobody, {words}?"
        yield section(name, question, columns, lines, _untagged(gathered), "No bill was read.")


def _of(gathered: ReviewData, bill: Mapping[str, Any], rows: Rows) -> Rows:
    """The lines of one currency, and their sum as the bill has it."""
    currency = bill["currency"]
    whole = of_currency(gathered.now, currency).get("served_nobody")
    lines = [_shares(row, whole) for row in rows if row["currency"] == currency]
    if not lines:
        return []
    total = {
        "name": "All",
        "spent": bill["serving"],
        "served_nobody": bill["served_nobody"],
        "deployments": sum(row["deployments"] for row in lines),
        "currency": currency,
        "is_total": True,
    }
    return [*lines, _shares(total, whole)]


def _shares(row: Mapping[str, Any], whole: Any) -> dict[str, Any]:
    return {
        **row,
        "share": percent(row["served_nobody"], row["spent"]),
        "share_of_waste": percent(row["served_nobody"], whole),
    }


def _untagged(gathered: ReviewData) -> str:
    names = [r["name"] for r in gathered.groups if r["spent"] is None]
    if not names:
        return ""
    return f"The bill of {', '.join(names)} carries no deployment tags: it is in no other line."


def right_sizing(gathered: ReviewData) -> Section:
    """Which deployments could do with less, and what that would save in all."""
    rows: Rows = [{**row, "run_on": _run_on(row)} for row in gathered.right_sizing]
    currencies = sorted({row["currency"] for row in rows if row["currency"]})
    totals = [_sum_of_sizes(currency, rows) for currency in currencies]
    columns = (
        Column("deployment", "Deployment"),
        Column("instance_type", "Size", "word"),
        Column("instance_count", "Instances", "count"),
        Column("run_on", "Would do with"),
        Column("saving_per_month", "Saving a month", "money"),
        Column("run_rate_source", "By", "word"),
        Column("days_measured", "Days measured", "count"),
        Column("currency", "Currency", "word"),
    )
    question = "What could run on less, and what would that save?"
    return section(
        "right_sizing", question, columns, [*rows, *totals], empty="Nothing is known to."
    )


def _run_on(row: Mapping[str, Any]) -> str:
    """Both ways to less; the larger saving of the two counts."""
    ways = []
    if row["could_run_on_instances"] is not None:
        ways.append(f"{row['could_run_on_instances']} of its {row['instance_count']} instances")
    if row["could_run_on_size"] is not None:
        ways.append(str(row["could_run_on_size"]))
    return " or ".join(ways)


def _sum_of_sizes(currency: str, rows: Rows) -> dict[str, Any]:
    held = [row for row in rows if row["currency"] == currency]
    blank = dict.fromkeys(("instance_type", "instance_count", "run_on", "run_rate_source"), "")
    return blank | {
        "deployment": f"{len(held)} that could run on less",
        "saving_per_month": sum_known(row["saving_per_month"] for row in held),
        "days_measured": "",
        "currency": currency,
        "is_total": True,
    }


def owner_tags(gathered: ReviewData) -> Section:
    """The share of the deployments, and of their money, whose owner a tag names."""
    by_currency: dict[str | None, list[DeploymentRow]] = defaultdict(list)
    for row in gathered.rows:
        by_currency[row.currency].append(row)
    rows = [
        line
        for currency in sorted(by_currency, key=lambda name: (name is None, name))
        for line in _coverage(currency, by_currency[currency])
    ]
    columns = (
        Column("owner", "Owner"),
        Column("deployments", "Deployments", "count"),
        Column("share", "of all", "percent", ""),
        Column("monthly_run_rate", "Run rate a month", "money"),
        Column("share_of_money", "of all", "percent", ""),
        Column("currency", "Currency", "word"),
    )
    return section("owner_tags", "How much of it has an owner's tag?", columns, rows)


def _coverage(currency: str | None, held: list[DeploymentRow]) -> Rows:
    grouped: dict[str, list[DeploymentRow]] = {name: [] for name in HAS_OWNER.values()}
    grouped["not known"] = []
    for row in held:
        grouped[HAS_OWNER[row.owner_is_hint] if row.owner else "not known"].append(row)
    whole = sum_known(row.monthly_run_rate for row in held)
    lines: Rows = [
        _covered(name, rows, len(held), whole) | {"currency": currency}
        for name, rows in grouped.items()
        if rows
    ]
    total = _covered("All", held, len(held), whole)
    return [*lines, total | {"currency": currency, "is_total": True}]


def _covered(name: str, rows: list[DeploymentRow], count: int, whole: Any) -> dict[str, Any]:
    money = sum_known(row.monthly_run_rate for row in rows)
    return {
        "owner": name,
        "deployments": len(rows),
        "share": round(len(rows) / count * 100, 1),
        "monthly_run_rate": money,
        "share_of_money": percent(money, whole),
    }
