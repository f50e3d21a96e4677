"""Asks for what a deployment's containers printed, for one person to look at."""

from __future__ import annotations

from actions.session import Session
from collectors.connection.patience import Stop, Waiting
from collectors.logs.container_logs import ContainerLog, read_log


def ask_log(
    session: Session, deployment_id: str, container: str, stop: Stop, report: Waiting
) -> ContainerLog:
    """The newest lines of a container, scrubbed. Read-only mode allows it: nothing is changed.

    Raises AzureFailure, and Stopped when `stop` is set; `report` hears of waits for Azure.
    """
    with session.reader(stop, report) as reader:
        return read_log(reader, deployment_id, container)
