"""Does one thing to several targets: a line each, errors of one do not stop the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actions.operator import Operator
from mothball import exits
from mothball.failures import line_for
from mothball.output import Format, note, write_rows
from mothball.targets import NoTarget, exactly
from mothball.where import sifted
from queries import estate
from queries.filter import Filter
from queries.rows import DeploymentRow

ONLINE = ("managed", "kubernetes")
Act = Callable[[DeploymentRow], Mapping[str, str]]


def rows_for(operator: Operator, targets: Sequence[str]) -> list[DeploymentRow]:
    """The deployments that are meant, each once; NoTarget before anything is done."""
    rows = estate.current_deployments(operator.store)
    found = [exactly(rows, target) for target in targets]
    for row in found:
        if row.kind not in ONLINE:
            raise NoTarget(f"{row.name} is a {row.kind} endpoint; this works on online deployments")
    return list({row.deployment_key: row for row in found}.values())


def rows_where(operator: Operator, where: Filter) -> list[DeploymentRow]:
    """The online deployments that a filter shows; NoTarget where it shows none."""
    rows = [row for row in estate.current_deployments(operator.store) if row.kind in ONLINE]
    found = sifted(rows, where)
    if not found:
        raise NoTarget(f"no online deployment matches {where.text.strip()!r}")
    return found


def for_each(rows: Sequence[DeploymentRow], act: Act, form: Format) -> int:
    """Act on each; show the tags read back; the exit code that counts."""
    done: list[dict[str, Any]] = []
    codes: list[int] = []
    for row in rows:
        try:
            tags = act(row)
        except Exception as error:
            line, code = line_for(error)
            note(line if row.name in line else f"{row.name}: {line}")
            codes.append(code)
        else:
            done.append({"id": row.id, "deployment": row.path, "tags": dict(tags)})
            codes.append(exits.DONE)
    names = ("deployment", "tags") if form == "table" else ("id", "deployment", "tags")
    if done or form != "table":
        write_rows(done, names, form)
    return exits.of_deeds(codes)
