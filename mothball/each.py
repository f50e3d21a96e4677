"""Does one thing to several targets: a line each, errors of one do not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from actions.batch import STOPPED, to_each
from actions.session import Session
from collectors.connection.patience import Stop
from mothball import exits
from mothball.failures import line_for
from mothball.output import Format, note, write_rows
from mothball.stopping import stopped_by_ctrl_c
from mothball.targets import NoTarget, exactly
from mothball.where import sifted
from queries.estate import questions as estate
from queries.estate.rows import DeploymentRow
from queries.filter import Filter
from queries.store.file import Store
from queries.vocabulary import ONLINE

STOPPING = "stopping after this one; the rest is left as it is"
Act = Callable[[DeploymentRow], Mapping[str, str]]


def rows_for(session: Session, targets: Sequence[str]) -> list[DeploymentRow]:
    """The deployments that are meant, each once; NoTarget before anything is done."""
    rows = _current(session)
    found = [exactly(rows, target) for target in targets]
    for row in found:
        if row.kind not in ONLINE:
            raise NoTarget(f"{row.name} is a {row.kind} endpoint; this works on online deployments")
    return list({row.deployment_key: row for row in found}.values())


def rows_where(session: Session, where: Filter) -> list[DeploymentRow]:
    """The online deployments that a filter shows; NoTarget where it shows none."""
    rows = [row for row in _current(session) if row.kind in ONLINE]
    found = list(sifted(rows, where))
    if not found:
        raise NoTarget(f"no online deployment matches {where.text.strip()!r}")
    return found


def _current(session: Session) -> list[DeploymentRow]:
    """What the newest snapshots saw; NoSnapshot where none is finished."""
    estate.need_snapshot(session.store)
    return estate.current_deployments(session.store)


@contextmanager
def stopping() -> Iterator[Stop]:
    """A stop that ctrl+c sets while one target after another is written to."""
    stop = Stop()
    with stopped_by_ctrl_c(stop, STOPPING):
        yield stop


def for_each(store: Store, rows: Sequence[DeploymentRow], act: Act, form: Format) -> int:
    """Act on each; show the tags read back; the exit code that counts. Ctrl+c leaves the rest."""
    done: list[dict[str, Any]] = []
    codes: list[int] = []
    names = estate.names_in(store)
    with stopping() as stop:
        for one in to_each(rows, act, stop.is_set):
            row = one.target
            if one.result is not None:
                done.append({"id": row.id, "deployment": names.path(row.id), "tags": one.result})
                codes.append(exits.DONE)
                for line in row.above:
                    note(f"{names.of(row.id)}: {line}")
                continue
            line, code = (STOPPED, exits.FAILED) if one.failure is None else line_for(one.failure)
            note(f"{names.of(row.id)}: {line}")
            codes.append(code)
    columns = ("deployment", "tags") if form == "table" else ("id", "deployment", "tags")
    if done or form != "table":
        write_rows(done, columns, form)
    return exits.of_deeds(codes)
