"""`mothball tags restore`: where tags that were written here were lost, and puts them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from actions.batch import STOPPED
from mothball import completion, exits
from mothball.context import AppContext
from mothball.failures import line_for
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows
from mothball.unread import errors_option, note_unread

if TYPE_CHECKING:
    from actions.tags.lost import LostTag
    from queries.estate.naming import Names

FIELDS = (
    "id",
    "workspace",
    "endpoint",
    "deployment",
    "name",
    "value",
    "found",
    "drift",
    "written_at",
    "written_by",
    "missing_since",
    "was_recreated",
    "outcome",
    "why",
    "as_of",
)
FIRST_TO_GO = ("written_at", "missing_since")
FOR_PEOPLE = ("deployment", "name", "value", "found", "written_at", "missing_since", "outcome")


@click.group("tags")
@shared_options()
def command() -> None:
    """The ledger of the tags that mothball wrote.

    \b
    Examples:
      mothball tags restore
      mothball tags restore --apply
    """


@command.command("restore")
@click.argument("targets", metavar="[TARGET…]", nargs=-1, shell_complete=completion.targets)
@click.option("--apply", "is_applied", is_flag=True, help="Put them back. This writes at once.")
@errors_option
@format_option
@shared_options()
@click.pass_obj
def restore(
    context: AppContext, targets: tuple[str, ...], is_applied: bool, all_errors: bool, form: Format
) -> int:
    """Show which tags that were written by mothball the newest snapshot misses in Azure.

    With --apply a lost tag is put back where it is absent still. A tag that somebody gave another
    value, or that was removed by `mothball tag --remove` or `retire --undo`, is left alone, and so
    is a retire mark whose deployment was recreated, is in use, or has another role since.

    \b
    Examples:
      mothball tags restore
      mothball tags restore mlw-payments/fraud/red --apply
      mothball tags restore --format csv
    """
    from actions.tags.lost import plan_tag_restore
    from mothball.each import rows_for
    from queries.estate import questions as estate
    from queries.estate.tag_ledger import tag_drift

    rows = (
        rows_for(context.session, targets) if targets else estate.current_deployments(context.store)
    )
    names = estate.names_in(context.store)
    drifted = plan_tag_restore(context.session, rows, tag_drift(context.store))
    codes: list[int] = []
    if is_applied:
        drifted, codes = _applied(context, drifted, names)
    _write(drifted, names, form)
    read_errors = estate.current_read_errors(context.store)
    if read_errors:
        current = estate.current_deployments(context.store) if targets else rows
        note_unread(read_errors, current, all_errors=all_errors)
    return exits.which([*codes, exits.PARTIAL] if read_errors else codes)


def _applied(
    context: AppContext, drifted: Sequence[LostTag], names: Names
) -> tuple[list[LostTag], list[int]]:
    from actions.tags.lost import restore_each
    from mothball.each import stopping

    codes: list[int] = []

    def heard(group: Sequence[LostTag]) -> None:
        for failure in {id(one.failure): one.failure for one in group if one.failure}.values():
            line, code = line_for(failure)
            note(f"{names.of(group[0].row.id)}: {line}")
            codes.append(code)

    with stopping() as stop:
        ended = restore_each(context.session, drifted, heard, stop.is_set)
    left = {one.row.id: None for one in ended if one.outcome == "planned"}
    for target in left:
        note(f"{names.of(target)}: {STOPPED}")
    return ended, [*codes, exits.FAILED] if left else codes


def _write(drifted: Sequence[LostTag], names: Names, form: Format) -> None:
    if form != "table":
        write_rows([_fields(one) for one in drifted], FIELDS, form)
        return
    if not drifted:
        note("every tag that was written here is as it was, in the newest snapshot")
        return
    paths = [names.path(one.row.id) for one in drifted]
    rows = [_fields(one) | {"deployment": path} for one, path in zip(drifted, paths, strict=True)]
    write_rows(rows, FOR_PEOPLE, form, FIRST_TO_GO)
    for one, path in zip(drifted, paths, strict=True):
        if why := _why(one):
            note(f"{path}: {one.drift.name}: {one.outcome}: {why}")


def _fields(one: LostTag) -> dict[str, Any]:
    row, drift = one.row, one.drift
    return {
        "id": row.id,
        "workspace": row.workspace,
        "endpoint": row.endpoint,
        "deployment": row.deployment,
        "name": drift.name,
        "value": drift.value,
        "found": drift.found,
        "drift": "lost" if drift.found is None else "changed",
        "written_at": drift.written_at,
        "written_by": drift.written_by,
        "missing_since": drift.missing_since,
        "was_recreated": drift.was_recreated,
        "outcome": one.outcome,
        "why": _why(one),
        "as_of": row.as_of,
    }


def _why(one: LostTag) -> str | None:
    return one.why if one.failure is None else line_for(one.failure)[0]
