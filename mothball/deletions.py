"""What the two commands that delete have in common: overrides, ctrl+c, and how a plan is shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from collectors.records import counted
from mothball import exits
from mothball.context import AppContext
from mothball.options import key_and_value
from mothball.output import Format, note, to_the_cent, write_json, write_rows
from mothball.stopping import stopped_by_ctrl_c
from queries.text.cells import printable
from queries.text.untrusted import UNKNOWN

if TYPE_CHECKING:
    from actions.deletion.by_hand import ByHand
    from actions.deletion.plan import Check, Plan, PlannedTarget
    from actions.states import Outcome, Progress
    from collectors.connection.patience import Stop
    from queries.estate.naming import Names

CODES: Mapping[Outcome, int] = {
    "planned": exits.DONE,
    "deleted": exits.DONE,
    "refused": exits.REFUSED,
    "failed": exits.FAILED,
    "raced": exits.FAILED,
    "unverified": exits.FAILED,
}
CHECK_FIELDS = ("target", "check", "state", "evidence", "age_seconds", "override")


def overrides_in(given: Sequence[str]) -> dict[str, str]:
    """`CHECK=REASON`, repeated, as a mapping; a usage error for a check that there is none of."""
    from actions.deletion.plan import CHECKS, SILENT

    overrides = dict(key_and_value(text) for text in given)
    for check, reason in overrides.items():
        if check not in (*CHECKS, SILENT):
            known = ", ".join((*CHECKS, SILENT))
            raise click.UsageError(f"there is no check {check!r}; there are: {known}")
        if not reason.strip():
            raise click.UsageError(f"an override needs a reason: --override {check}=REASON")
    return overrides


@contextmanager
def stoppable() -> Iterator[Stop]:
    """A stop that ctrl+c sets while a plan is made."""
    from collectors.connection.errors import Stopped
    from collectors.connection.patience import Stop

    stop = Stop()
    try:
        with stopped_by_ctrl_c(stop, "stopping"):
            yield stop
    except Stopped:
        raise click.ClickException(
            "stopped before the plan was made; nothing was written"
        ) from None


def confirmed(context: AppContext, plan: Plan, phrase: str, overrides: Mapping[str, str]) -> Plan:
    """Carry the plan out; ctrl+c ends it, and what Azure has taken is settled by the next run."""
    from actions.deletion.delete import delete
    from actions.states import progress_words
    from collectors.connection.patience import Stop

    stop = Stop()
    notice = "stopping; what Azure deletes by now is looked at by the next run"

    def report(target: PlannedTarget, progress: Progress) -> None:
        note(f"{plan.names.of(target.row.id)}: {progress_words(progress)}")

    with stopped_by_ctrl_c(stop, notice):
        return delete(context.session, plan, phrase, overrides, report, stop.is_set, stop)


def show_plan(plan: Plan, form: Format, *, is_confirmed: bool) -> int:
    """Write the plan or what it came to; the exit code that counts.

    Its remarks have no place among rows and fields: they go to standard error there.
    """
    _write(plan, form)
    if form != "table":
        for line in (*plan.warnings, *plan.brakes):
            note(line)
    for target in plan.targets:
        if target.message is not None and target.outcome != "deleted":
            name = plan.names.of(target.row.id)
            note(f"{name}: {target.outcome}: {target.message}")
    codes = [CODES[target.outcome] for target in plan.targets]
    if is_confirmed and any(target.outcome == "planned" for target in plan.targets):
        codes.append(exits.FAILED)
    return exits.of_deeds(codes)


def show_step(name: str, text: str) -> None:
    """A line of progress for whoever sits there; a log needs none of a plan."""
    if sys.stderr.isatty():
        note(f"{name}: {text}")


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
    if len(plan.targets) == 1:
        _print_one(plan.targets[0], plan.names)
    else:
        _print_batch(plan.targets, plan.names)
    for line in (*plan.warnings, *plan.brakes):
        click.echo(f"  note: {printable(line)}")
    print_by_hand(plan.by_hand)
    if all(target.outcome == "planned" for target in plan.targets):
        click.echo(f'\nto go on, add: --confirm "{printable(plan.phrase)}"')


def print_by_hand(steps: Sequence[ByHand]) -> None:
    """The commands that do the same, for a runbook or a rehearsal."""
    if steps:
        click.echo("\nthe same by hand (fill in the masked values of a YAML file first):")
    for step in steps:
        click.echo(f"  {printable(step.what)}: {printable(step.command)}")


def _print_one(target: PlannedTarget, names: Names) -> None:
    click.echo(f"{printable(names.path(target.row.id))}: {target.row.verdict}, {target.outcome}")
    saving = "not known" if target.monthly_saving is None else f"{target.monthly_saving:,.2f}"
    click.echo(f"  run rate a month: {saving} {target.currency or ''}".rstrip())
    rows = [asdict(check) | {"age": _age(check.age_seconds)} for check in target.checks]
    if not write_rows(rows, ("check", "state", "evidence", "age", "override"), "table"):
        _print_obstacles([target], names)


def _print_batch(targets: Sequence[PlannedTarget], names: Names) -> None:
    """One table with a line a target, and below it what stands in the way of each."""
    rows = [
        {
            "target": names.path(target.row.id),
            "verdict": target.row.verdict,
            "run rate a month": target.monthly_saving,
            "currency": target.currency,
            "passed": f"{sum(c.state == 'pass' for c in target.checks)} of {len(target.checks)}",
            "not passed": [f"{c.check} {c.state}" for c in target.checks if c.state != "pass"],
            "outcome": target.outcome,
        }
        for target in targets
    ]
    write_rows(
        [to_the_cent(row) for row in rows], tuple(rows[0]), "table", ("not passed", "passed")
    )
    click.echo(f"  run rate a month: {_saving_of(targets)}")
    _print_obstacles(targets, names)


def _print_obstacles(targets: Sequence[PlannedTarget], names: Names) -> None:
    """What stands in the way of each, in full; what is the same for several is said once."""
    of_each: dict[str, list[str]] = {}
    for target in targets:
        for check in target.checks:
            if check.state != "pass":
                of_each.setdefault(_in_full(check), []).append(names.path(target.row.id))
    for text, named in of_each.items():
        is_all = 1 < len(named) == len(targets)
        head = f"all {counted(len(named), 'target')}" if is_all else ", ".join(named)
        click.echo(printable(f"  {head}: {text}"))


def _in_full(check: Check) -> str:
    over = f"; overridden: {check.override}" if check.override else ""
    age = _age(check.age_seconds)
    return f"{check.check} {check.state}: {check.evidence} (age {age}){over}"


def _saving_of(targets: Sequence[PlannedTarget]) -> str:
    """By currency; what is not known is counted, never taken as nothing."""
    sums: dict[str, Decimal] = {}
    for target in targets:
        if target.monthly_saving is not None:
            currency = target.currency or ""
            sums[currency] = sums.get(currency, Decimal(0)) + target.monthly_saving
    parts = [f"{amount:,.2f} {currency}".strip() for currency, amount in sorted(sums.items())]
    unknown = sum(target.monthly_saving is None for target in targets)
    if unknown:
        parts.append(f"not known for {unknown} of {len(targets)}")
    return " + ".join(parts)


def _age(seconds: int | None) -> str:
    if seconds is None:
        return UNKNOWN
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
