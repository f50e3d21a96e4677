"""`mothball decisions import`: owners' files come back as tags, exemptions and retire marks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from actions.batch import STOPPED
from collectors.records import counted
from mothball import exits
from mothball.context import AppContext
from mothball.failures import line_for
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows

if TYPE_CHECKING:
    from actions.tags.decisions import Decision
    from queries.reports.answers import WrongLine

FIELDS = ("line", "id", "decision", "until", "reason", "change", "outcome")
FOR_PEOPLE = ("line", "deployment", "decision", "until", "outcome", "change")
CODES = {"wrong": exits.FAILED, "failed": exits.FAILED, "refused": exits.REFUSED}


@click.group("decisions")
@shared_options()
def command() -> None:
    """What owners decided.

    \b
    Examples:
      mothball decisions import owners/fraud-team@contoso.example.csv
      mothball decisions import owners/fraud-team@contoso.example.csv --apply
    """


@command.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--apply", "applying", is_flag=True, help="Do it: this writes tags.")
@format_option
@shared_options()
@click.pass_obj
def read_back(context: AppContext, file: Path, applying: bool, form: Format) -> int:
    """Read an owner's file back (CSV or Excel) and show what would change; --apply does it.

    \b
    keep     takes a retire mark away; with `until` it is an exemption; needs a reason
    retire   marks for deletion after the grace, or on the day `until`
    extend   an exemption up to and including `until`; needs a reason

    A wrong line is named with its fix, and does not stop the others. Dates are read as
    spreadsheet programs write them; one that may be two is refused with both readings.

    \b
    Examples:
      mothball decisions import owners/legal.csv
      mothball decisions import owners/legal.xlsx --apply
    """
    from actions.tags import decisions as decide
    from mothball.each import stopping
    from queries.reports.answers import read_answers
    from queries.reports.returned import NoAnswers

    try:
        filled = read_answers(file, context.now().date())
    except NoAnswers as error:
        raise click.ClickException(str(error)) from error
    decisions = decide.look(context.session, filled.answers)
    if applying:
        with stopping() as stop:
            decisions = decide.apply(context.session, decisions, _show, stop.is_set)
    lines = sorted(
        [_line(decision) for decision in decisions] + [_wrong(line) for line in filled.wrong],
        key=lambda line: int(line["line"]),
    )
    if lines or form != "table":
        write_rows(lines, FOR_PEOPLE if form == "table" else FIELDS, form)
    for line in lines:
        if line["outcome"] in CODES:
            note(f"{file.name}, line {line['line']}: {line['change']}")
    _sum_up(decisions, filled.undecided, applying=applying)
    codes = {**CODES, "done": exits.DONE} | ({"would change": exits.FAILED} if applying else {})
    return exits.of_deeds(codes[word] for line in lines if (word := str(line["outcome"])) in codes)


def _show(decision: Decision) -> None:
    note(f"line {decision.answer.line}: {decision.outcome}: {_change(decision)}")


def _change(decision: Decision) -> str:
    """What would change, or what was in the way of it."""
    return decision.change if decision.failure is None else line_for(decision.failure)[0]


def _line(decision: Decision) -> dict[str, Any]:
    answer = decision.answer
    return {
        "line": answer.line,
        "id": answer.id,
        "deployment": decision.row.path if decision.row else answer.id,
        "decision": answer.decision,
        "until": answer.until,
        "reason": answer.reason,
        "change": _change(decision),
        "outcome": decision.outcome,
    }


def _wrong(line: WrongLine) -> dict[str, Any]:
    fields = dict.fromkeys((*FIELDS, "deployment"))
    return fields | {
        "line": line.line,
        "id": line.id or None,
        "deployment": line.id.rsplit("/", 1)[-1] or None,
        "change": line.fix,
        "outcome": "wrong",
    }


def _sum_up(decisions: list[Decision], undecided: int, *, applying: bool) -> None:
    pending = sum(decision.outcome == "would change" for decision in decisions)
    if pending and applying:
        note(f"{pending} {STOPPED}")
    elif pending:
        note(f"{pending} would change; --apply does it")
    if undecided:
        note(f"without a decision yet: {counted(undecided, 'proposal')}")
