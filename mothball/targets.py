"""Finds the deployment that a person means by an id, a path or a tail of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from queries.rows import DeploymentRow


class NoTarget(Exception):
    """Nothing, or more than one thing, is called that; the text says which."""


def exactly(rows: Sequence[DeploymentRow], target: str) -> DeploymentRow:
    """The deployment of that ARM id or `workspace/endpoint/deployment`."""
    return _only([row for row in rows if _is(row, target)], target)


def nearest(rows: Sequence[DeploymentRow], target: str) -> DeploymentRow:
    """The same, or the shortest tail of the path that means one deployment only."""
    found = [row for row in rows if _is(row, target)]
    return _only(found or [row for row in rows if _ends(row, target)], target)


def _is(row: DeploymentRow, target: str) -> bool:
    asked = target.strip().strip("/").lower()
    return asked in (row.deployment_key.strip("/"), row.path.lower())


def _ends(row: DeploymentRow, target: str) -> bool:
    asked = target.strip().strip("/").lower()
    return bool(asked) and f"/{row.path.lower()}".endswith(f"/{asked}")


def _only(found: Sequence[DeploymentRow], target: str) -> DeploymentRow:
    if len(found) == 1:
        return found[0]
    if not found:
        raise NoTarget(
            f"the store knows no deployment {target!r}: name it as workspace/endpoint/deployment"
            " or by its ARM id; `mothball list` shows them"
        )
    raise NoTarget(f"{target!r} may mean {_several(found)}: name one by its ARM id")


def _several(found: Iterable[DeploymentRow]) -> str:
    return ", ".join(sorted(row.id for row in found))
