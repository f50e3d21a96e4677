"""What the journal and the archive keep of a deletion's checks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from actions.deletion.plan import Deletion, PlannedTarget


def evidence_of(target: PlannedTarget) -> dict[str, Any]:
    """The checks of one target, and what they rest on."""
    return {
        "verdict": target.row.verdict,
        "reasons": list(target.row.reasons.sentences),
        "snapshot_id": target.row.snapshot_id,
        "monthly_saving": target.monthly_saving,
        "currency": target.currency,
        "checks": [asdict(check) for check in target.checks],
    }


def evidence_of_all(deletion: Deletion) -> dict[str, Any]:
    """The evidence for all that goes, as an archive keeps it."""
    if not deletion.of_endpoint:
        return evidence_of(deletion.targets[0])
    return {"deployments": {target.row.id: evidence_of(target) for target in deletion.targets}}


def journalled(deletion: Deletion, **more: Any) -> dict[str, dict[str, Any]]:
    """The evidence of each row of the journal: the endpoint's own first, then a row a target.

    The commands that do the same by hand are in the first one.
    """
    rows: dict[str, dict[str, Any]] = {}
    if deletion.of_endpoint:
        rows[deletion.id] = {"deployments": [target.row.id for target in deletion.targets]}
    rows |= {target.row.id: evidence_of(target) for target in deletion.targets}
    # The guard may spell an id otherwise than the plan: the first row is the deletion's own.
    next(iter(rows.values()))["by_hand"] = {step.what: step.command for step in deletion.by_hand}
    return {target: known | more for target, known in rows.items()}
