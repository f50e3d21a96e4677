"""What the two commands that delete have in common: overrides, ctrl+c, and how a plan is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from mothball import exits
from mothball.door import Door
from mothball.options import key_and_value
from mothball.output import UNKNOWN, Format, note, write_json, write_rows
from mothball.stopping import stopped_by_ctrl_c
from queries.cells import printable

if TYPE_CHECKING:
    from actions.plan import Plan, PlannedTarget

CODES = {
    "planned": exits.DONE,
    "deleted": exits.DONE,
    "refused": exits.REFUSED,
    "failed": exits.FAILED,
    "raced": exits.FAILED,
}
CHECK_FIELDS = ("target", "check", "state", "evidence", "age_seconds", "override")


def overrides_in(given: Sequence[str]) -> dict[str, str]:
    """`CHECK=REASON`, repeated, as a mapping; a usage error for a check that there is none of."""
    from actions.plan import CHECKS, SILENT

    overrides = dict(key_and_value(text) for text in given)
    for check, reason in overrides.items():
        if check not in (*CHECKS, SILENT):
            known = ", ".join((*CHECKS, SILENT))
            raise click.UsageError(f"there is no check {check!r}; there are: {known}")
        if not reason.strip():
            raise click.UsageError(f"an override needs a reason: --override {check}=REASON")
    return overrides


def confirmed(door: Door, plan: Plan, phrase: str, overrides: Mapping[str, str]) -> Plan:
    """Carry the plan out; ctrl+c ends it after the target that is under way."""
    from actions.delete import delete
    from collectors.patience import Stop

    stop = Stop()
    told = "stopping after this target; the rest is left as it is"
    with stopped_by_ctrl_c(stop, told):
        return delete(door.operator, plan, phrase, overrides, _tell, stop.is_set)


def told(plan: Plan, form: Format, *, is_confirmed: bool) -> int:
    """Write the plan or what it came to; the exit code that counts."""
    _write(plan, form)
    for target in plan.targets:
        if target.message is not None and target.outcome != "deleted":
            note(f"{target.row.name}: {target.outcome}: {target.message}")
    codes = [CODES[target.outcome] for target in plan.targets]
    if is_confirmed and any(target.outcome == "planned" for target in plan.targets):
        codes.append(exits.FAILED)
    return exits.of_deeds(codes)


def _tell(target: PlannedTarget, stage: str) -> None:
    note(f"{target.row.name}: {stage}")


def _write(plan: Plan, form: Format) -> None:
    checks = [
        {"target": target.row.id} | asdict(check)
        for target in plan.targets
        for check in target.checks
    ]
    if form == "json":
        write_json({"phrase": plan.phrase, "targets": [_target(t) for t in plan.targets]})
    elif form == "csv":
        write_rows(checks, CHECK_FIELDS, form)
    else:
        _print(plan)


def _target(target: PlannedTarget) -> dict[str, Any]:
    return {
        "id": target.row.id,
        "verdict": target.row.verdict,
        "monthly_saving": target.monthly_saving,
        "currency": target.currency,
        "checks": [asdict(check) for check in target.checks],
        "outcome": target.outcome,
    }


def _print(plan: Plan) -> None:
    for target in plan.targets:
        click.echo(f"{printable(target.row.path)}: {target.row.verdict}, {target.outcome}")
        saving = "not known" if target.monthly_saving is None else f"{target.monthly_saving:,.2f}"
        click.echo(f"  saving a month: {saving} {target.currency or ''}".rstrip())
        rows = [asdict(check) for check in target.checks]
        for row in rows:
            row["age"] = UNKNOWN if row["age_seconds"] is None else _age(row["age_seconds"])
        write_rows(rows, ("check", "state", "evidence", "age", "override"), "table")
    for line in (*plan.warnings, *plan.brakes):
        click.echo(f"  note: {printable(line)}")
    if all(target.outcome == "planned" for target in plan.targets):
        click.echo(f'to go on, add: --confirm "{printable(plan.phrase)}"')


def _age(seconds: int) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
