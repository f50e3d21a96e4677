"""`mothball show`: one deployment with every piece of evidence behind its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from mothball import completion, exits
from mothball.context import AppContext
from mothball.money import money_facts, money_fields
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_json, write_rows
from mothball.sizing import Sizes, print_sizing, sizes_of, sizing_fields
from mothball.targets import nearest
from mothball.unread import errors_option, note_worst, sentence_of, worst_first
from queries.estate.fields import as_fields
from queries.estate.rows import DayRow, DeploymentRow, ShareRow
from queries.text.cells import printable
from queries.text.json_text import iso
from queries.text.untrusted import UNKNOWN

if TYPE_CHECKING:
    from actions.ask import Asked
    from queries.estate.facts import Evidence, Fact
    from queries.estate.tag_ledger import WrittenTag
    from queries.store.file import Store

DAY_FIELDS = (
    "day",
    "requests",
    "own_requests",
    "split_requests",
    "was_asked",
    "is_alive",
    "capacity",
    "cpu_percent",
    "memory_percent",
    "gpu_percent",
    "latency_p95_ms",
)

FACT_FIELDS = ("fact", "state", "known", "source", "days_known", "days_wanted", "read_at", "code")
FACTS_FIRST_TO_GO = ("code", "days_wanted", "days_known", "read_at", "source")

CALLER_FIELDS = (
    "auth_type",
    "identity",
    "user_agent",
    "calls",
    "failures",
    "last_call_at",
    "is_pinned",
)


@click.command("show")
@click.argument("target", shell_complete=completion.targets_to_read)
@click.option("--callers", "asks", is_flag=True, help="Ask Azure for the callers and the assets.")
@errors_option
@format_option
@shared_options()
@click.pass_obj
def command(context: AppContext, target: str, asks: bool, all_errors: bool, form: Format) -> int:
    """Show one deployment and the evidence behind its verdict.

    TARGET is an ARM id, workspace/endpoint/deployment, or the shortest tail that is unambiguous.
    Only the store is read, unless --callers asks the traffic log who called it, and whether its
    model, environment and code still exist.

    \b
    Examples:
      mothball show fraud/green
      mothball show fraud/green --callers
      mothball show mlw-payments/fraud/green --format json
    """
    known = _known(context.store, target)
    row, days = known.row, known.evidence.days
    asked = _asked(context, row) if asks else None
    if asked is not None:
        row = replace(row, findings=row.findings + asked.findings)
    if form == "json":
        fields: dict[str, Any] = {"days": _as_rows(days), "traffic": _as_rows(known.history)}
        fields["facts"] = _as_rows(known.evidence.facts)
        fields["tags_written"] = _as_rows(known.written)
        fields |= sizing_fields(known.sizes)
        fields["money"] = money_fields(row)
        write_json(as_fields(row) | fields | _answers(asked))
    elif form == "csv":
        write_rows(_as_rows(days), DAY_FIELDS, form)
    else:
        _print(row, context.clock())
        _print_evidence(known.evidence.facts, days, known.history)
        print_sizing(known.sizes)
        _print_written(known.written)
        _print_answers(asked)
    unread = [*(asked.read_errors if asked is not None else ()), *known.unread]
    note_worst(unread, all_errors=all_errors)
    return exits.PARTIAL if unread else exits.DONE


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store says of one deployment; `unread` is what its snapshot could not read."""

    row: DeploymentRow
    evidence: Evidence
    history: list[ShareRow]
    written: list[WrittenTag]
    sizes: Sizes
    unread: list[str]


def _known(store: Store, target: str) -> _Known:
    """Everything that is shown without asking Azure; the store is opened once for it."""
    from queries.estate import questions as estate
    from queries.estate.facts import evidence_of
    from queries.estate.tag_ledger import tags_written

    with store.reading():
        row = nearest(estate.deployments_called(store, target), target)
        key, last = row.deployment_key, row.as_of.date()
        first = last - timedelta(days=row.window_days)
        errors = worst_first(estate.read_errors_of(store, row.snapshot_id), [row])
        return _Known(
            row,
            evidence_of(store, key, row.snapshot_id, first, last),
            estate.traffic_of(store, row.endpoint_key),
            tags_written(store, key),
            sizes_of(store, key),
            [sentence_of(error) for error in errors],
        )


def _asked(context: AppContext, row: DeploymentRow) -> Asked:
    from actions.ask import ask

    note("asking Azure for the callers and the assets")
    return ask(context.session, row)


def _answers(asked: Asked | None) -> dict[str, Any]:
    if asked is None:
        return {"callers": None, "assets": None}
    return {"callers": asdict(asked.callers), "assets": [asdict(one) for one in asked.assets]}


def _print_answers(asked: Asked | None) -> None:
    if asked is None:
        click.echo("\ncallers: not asked (--callers asks)")
        return
    click.echo(f"\ncallers: {printable(asked.callers.summary)}")
    if asked.callers.calls:
        write_rows([asdict(one) for one in asked.callers.calls], CALLER_FIELDS, "table")
    for asset in asked.assets:
        click.echo(f"asset: {printable(asset.summary)}")


def _as_rows(rows: Sequence[DayRow | Fact | ShareRow | WrittenTag]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def _print(row: DeploymentRow, now: datetime) -> None:
    click.echo(f"{printable(row.path)}: {row.verdict}")
    for sentence in row.reasons.sentences:
        click.echo(f"  because {printable(sentence)}")
    for sentence in row.findings.sentences:
        click.echo(f"  also    {printable(sentence)}")
    for name, value in _facts(row, now):
        click.echo(f"{name:>20}  {UNKNOWN if value is None else printable(str(value))}")


def _print_evidence(facts: list[Fact], days: list[DayRow], history: list[ShareRow]) -> None:
    click.echo("\nwhat the verdict rests on")
    write_rows(_as_rows(facts), FACT_FIELDS, "table", FACTS_FIRST_TO_GO)
    click.echo("\nday by day")
    write_rows(_as_rows(days), DAY_FIELDS[:8], "table")
    if history:
        click.echo("\ntraffic of the endpoint, as each snapshot saw it")
        names = ("seen_at", "deployment", "live_percent", "mirror_percent")
        write_rows(_as_rows(history), names, "table")


def _print_written(written: list[WrittenTag]) -> None:
    if written:
        click.echo("\ntags that were written here")
        rows = [
            asdict(tag) | {"value": "(removed)" if tag.value is None else tag.value}
            for tag in written
        ]
        write_rows(rows, ("written_at", "name", "value", "reason", "written_by"), "table")


def _change(row: DeploymentRow) -> str | None:
    """When and by whom, as far as the Activity Log says."""
    if row.last_changed_at is None:
        return None
    return f"{iso(row.last_changed_at)} by {row.last_changed_by or 'somebody who is not named'}"


def _facts(row: DeploymentRow, now: datetime) -> list[tuple[str, Any]]:
    size = (
        None if row.instance_type is None else f"{row.instance_count or '?'} × {row.instance_type}"
    )
    owner = None if row.owner is None else f"{row.owner} (from {row.owner_source})"
    return [
        ("id", row.id),
        ("state", row.provisioning_state),
        ("size", size),
        ("model", row.model),
        ("environment", row.environment),
        ("created", f"{iso(row.created_at)} by {row.created_by}" if row.created_at else None),
        ("last changed", _change(row)),
        ("owner", owner),
        ("purpose", row.purpose),
        ("role", row.role),
        ("tags", ", ".join(f"{k}={v}" for k, v in row.tags.items()) or "none"),
        ("locks", ", ".join((*row.lock_names, *row.inherited_lock_names)) or "none"),
        *money_facts(row, now),
        ("as of", f"{iso(row.as_of)}, snapshot {row.snapshot_id}"),
    ]
