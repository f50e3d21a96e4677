"""`mothball journal`: every plan, refusal, write and result; and whether its chain holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from collectors.records import counted
from mothball import exits
from mothball.context import AppContext
from mothball.options import format_option, shared_options
from mothball.output import Format, note, write_rows
from mothball.picking import Fields, Picked, picking_of, write_picked
from queries.text.cells import printable

if TYPE_CHECKING:
    from queries.estate.naming import Names
    from queries.store.journal import Entry

FIELDS = (
    "sequence",
    "at",
    "actor",
    "action",
    "target",
    "outcome",
    "reason",
    "correlation_id",
    "evidence",
    "hash",
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
HEAD_FIELDS = ("sequence", "hash", "first_hash")
DEEDS = ("deleted", "raced", "done")
TABLE = Fields(
    FIELDS,
    for_people=("sequence", "at", "action", "target", "outcome", "reason", "actor"),
    first_to_go=("actor", "reason", "at"),
)


@click.group("journal", invoke_without_command=True)
@click.option("--by-hand", is_flag=True, help="The az commands that do the same, as a runbook.")
@picking_of(TABLE)
@format_option
@shared_options()
@click.pass_context
def command(ctx: click.Context, by_hand: bool, form: Format, picked: Picked) -> int:
    """Show what was planned, refused, written and found, oldest first.

    \b
    Examples:
      mothball journal --format csv
      mothball journal --reverse --columns at,target,outcome
      mothball journal --by-hand > runbook.txt
      mothball journal verify
      mothball journal head
    """
    if ctx.invoked_subcommand is not None:
        return exits.DONE
    from queries.estate.questions import names_in
    from queries.store.journal import entries

    store = ctx.ensure_object(AppContext).store_as_it_is
    with store.reading():
        found = entries(store)
    if by_hand:
        _print_by_hand(found, names_in(store, (entry.target for entry in found)))
        return exits.DONE
    rows = [asdict(entry) for entry in found]
    if form == "table":
        if not rows:
            note("the journal is empty")
            return exits.DONE
        names = names_in(store, (entry.target for entry in found))
        rows = [row | {"target": names.path(row["target"])} for row in rows]
    write_picked(rows, TABLE, form, picked)
    return exits.DONE


@command.command("head")
@click.option("--signed", "is_signed", is_flag=True, help="As a line of JSON, with a signature.")
@format_option
@shared_options()
@click.pass_obj
def head(context: AppContext, is_signed: bool, form: Format) -> int:
    """Show the newest entry and its hash, to be kept where nobody who writes to the store can.

    `journal verify --head SEQUENCE:HASH` checks later that this entry is still there. --signed
    signs it by the `journal_key` of the settings, for `journal verify --heads FILE`.

    \b
    Examples:
      mothball journal head
      mothball journal head --signed >> heads-of-the-journal.jsonl
    """
    from queries.store.heads import line_of
    from queries.store.journal import end_of_journal

    sign = context.session.sign if is_signed else None
    if is_signed and sign is None:
        raise click.UsageError("--signed needs `journal_key` in the settings: an Ed25519 key")
    store = context.store_as_it_is
    with store.reading():
        anchor = end_of_journal(store)
    if anchor is None:
        note("the journal is empty")
    elif is_signed:
        click.echo(line_of(anchor, context.clock(), None, sign))
        return exits.DONE
    elif form == "table":
        click.echo(f"{anchor.sequence}:{anchor.hash}")
    if form != "table":
        write_rows([] if anchor is None else [asdict(anchor)], HEAD_FIELDS, form)
    return exits.DONE


@command.command("verify")
@click.option(
    "--head",
    "kept",
    metavar="SEQUENCE:HASH",
    help="Also check that this entry is there, as `journal head` showed it.",
)
@click.option("--heads", type=FILE, help="Also check each line of `journal head --signed`.")
@click.option("--public-key", type=FILE, help="That those heads are signed by this key (PEM).")
@shared_options()
@click.pass_obj
def verify(
    context: AppContext, kept: str | None, heads: Path | None, public_key: Path | None
) -> int:
    """Check the chain of hashes: an entry that was changed, added or taken out shows.

    That its end was cut off, or all of it, shows by what is known of it elsewhere: the archives and
    the notes that each snapshot makes beside the store know the newest entry of their time.

    \b
    Examples:
      mothball journal verify
      mothball journal verify --head 214:5b1f0c
      mothball journal verify --heads heads-of-the-journal.jsonl --public-key journal.pub
    """
    from actions.archive.journal_check import is_lost, lost_entries, lost_heads
    from queries.store.journal import entries, first_broken

    wanted = None if kept is None else _head_of(kept)
    if public_key is not None and heads is None:
        raise click.UsageError("--public-key is of the heads in a file: name it by --heads")
    is_signed = None if public_key is None else _checker(public_key)

    broken = first_broken(context.store_as_it_is)
    lost = lost_entries(context.session)
    if wanted is not None and is_lost(context.session, *wanted):
        lost.append(f"entry {wanted[0]} with that hash is not there any more")
    if heads is not None:
        lost += lost_heads(context.session, heads, is_signed)
    for line in lost:
        note(line)
    if broken is None and lost:
        return exits.FAILED
    if broken is None:
        count = len(entries(context.store_as_it_is))
        click.echo(f"the journal is whole: {counted(count, 'entry', 'entries')}")
        return exits.DONE
    note(f"the journal does not hold from entry {broken} on: it was changed outside of mothball")
    return exits.FAILED


def _checker(public_key: Path) -> Callable[[str, str], bool]:
    from actions.signing import BadKey, checker_of

    try:
        return checker_of(public_key)
    except BadKey as error:
        raise click.UsageError(f"--public-key: {error}") from error


def _head_of(text: str) -> tuple[int, str]:
    found = re.fullmatch(r"(\d{1,12}):([0-9a-fA-F]{6,64})", text.strip())
    if found is None:
        raise click.UsageError(f"--head is an entry as `journal head` shows it, not {text!r}")
    return int(found[1]), found[2]


def _print_by_hand(found: Sequence[Entry], names: Names) -> None:
    """What was deleted and restored, and the commands for it; all of it is a comment.

    Nothing of it runs by accident: a line is to be chosen, and its `# ` taken away.
    """
    for entry in found:
        steps = entry.evidence.get("by_hand")
        if not isinstance(steps, dict) or entry.outcome not in DEEDS:
            continue
        name = names.path(entry.target)
        head = f"{entry.at:%Y-%m-%d %H:%M} {entry.action} {name}: {entry.outcome}"
        click.echo(f"# {printable(head)}")
        for what, command in steps.items():
            click.echo(printable(f"#   {what}: {command}"))
