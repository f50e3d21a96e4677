"""`mothball delete`: prints the plan; with the phrase it guards and deletes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from mothball import exits
from mothball.door import Door
from mothball.options import format_option, key_and_value, shared_options
from mothball.output import UNKNOWN, Format, note, write_json, write_rows
from mothball.wording import printable

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


@click.command("delete")
@click.argument("targets", metavar="TARGET…", nargs=-1, required=True)
@click.option("--confirm", metavar="PHRASE", help="The phrase that the plan prints.")
@click.option("--override", "overrides", metavar="CHECK=REASON", multiple=True, help="Repeatable.")
@format_option
@shared_options()
@click.pass_obj
def command(
    door: Door,
    targets: tuple[str, ...],
    confirm: str | None,
    overrides: tuple[str, ...],
    form: Format,
) -> int:
    """Plan a deletion; with --confirm, guard each target afresh, archive it and delete it.

    Without --confirm nothing is written to Azure. The phrase for one target is
    endpoint/deployment.

    \b
    Examples:
      mothball delete lexnlp/clause-extract/distil
      mothball delete lexnlp/clause-extract/distil --confirm clause-extract/distil
    """
    given = dict(key_and_value(text) for text in overrides)
    _check_overrides(given)
    from actions.delete import delete, plan_deletion
    from mothball.each import rows_for

    plan = plan_deletion(door.operator, rows_for(door.operator, targets), given)
    if confirm is not None:
        plan = delete(door.operator, plan, confirm, given, _tell)
    _write(plan, form)
    for target in plan.targets:
        if target.outcome not in ("planned", "deleted"):
            note(f"{target.row.name}: {target.outcome}: {target.message}")
    return exits.of_deeds(CODES[target.outcome] for target in plan.targets)


def _check_overrides(given: dict[str, str]) -> None:
    from actions.plan import CHECKS

    for check, reason in given.items():
        if check not in CHECKS:
            raise click.UsageError(f"there is no check {check!r}; there are: {', '.join(CHECKS)}")
        if not reason.strip():
            raise click.UsageError(f"an override needs a reason: --override {check}=REASON")


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
