"""Asks Azure about one deployment what no snapshot does: who called it, and is it still whole?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from actions.session import Session
from collectors.connection.errors import AzureFailure, SignInFailed, Stopped, Unreachable
from collectors.connection.patience import Stop, Waiting
from collectors.connection.reading import Reader
from collectors.inventory.assets import Asset, ask_asset, read_assets, unread_asset
from collectors.inventory.endpoint import get_resource
from collectors.inventory.resources import endpoint_from, parent
from collectors.logs.callers import Callers, read_callers, with_pins
from collectors.records import Endpoint
from queries.estate.rows import DeploymentRow
from queries.estate.shares import had_share, map_seen, maps_of
from queries.text.conclusions import Conclusion, Conclusions
from queries.vocabulary import ONLINE


@dataclass(frozen=True, slots=True)
class Asked:
    """Who called a deployment in its window, and whether what it was made from still exists."""

    callers: Callers
    assets: tuple[Asset, ...]

    @property
    def findings(self) -> Conclusions:
        """One for each asset that is gone or archived."""
        return Conclusions.of(
            Conclusion("asset-lost", {"role": asset.role, "id": asset.id, "summary": asset.summary})
            for asset in self.assets
            if asset.exists is False
        )

    @property
    def read_errors(self) -> tuple[str, ...]:
        """What was asked and could not be read; empty: nothing."""
        return tuple(self._read_errors())

    def _read_errors(self) -> Iterator[str]:
        if self.callers.refused is not None:
            yield f"callers: {self.callers.refused}"
        for asset in self.assets:
            if asset.was_asked and asset.exists is None:
                yield f"assets: {asset.summary}"


def ask(
    session: Session, row: DeploymentRow, stop: Stop | None = None, report: Waiting | None = None
) -> Asked:
    """Ask for the callers in the window and for the assets; reads only, no refusal is raised.

    Raises Stopped when `stop` is set; `report` hears of waits that Azure asks for.
    """
    if row.kind not in ONLINE:
        return Asked(Callers(False, None, (), f"not asked: {row.kind} has no traffic log"), ())
    with session.reader(stop, report) as reader:
        try:
            endpoint = endpoint_from(get_resource(reader, parent(row.id)), row.kind)
        except (SignInFailed, Unreachable) as failure:
            # Whoever is not reached by one question is not reached by five.
            return _unreached(row, failure)
        except AzureFailure:
            endpoint = None
        found = _callers(session, reader, row, endpoint)
        assets = read_assets(reader, row.id, row.model, row.environment, row.code)
    return Asked(found, assets)


def ask_assets(
    session: Session,
    rows: Iterable[DeploymentRow],
    report: Callable[[DeploymentRow, str], None],
    stop: Stop | None = None,
) -> dict[str, tuple[Asset, ...]]:
    """Ask whether what these deployments were made from still exists, by deployment key.

    Reads only; no refusal is raised. Raises Stopped where that is wanted.
    """
    found = {}
    with session.reader(stop) as reader:
        asking = _Asking(reader)
        for row in rows:
            if reader.stop.is_set():
                raise Stopped
            report(row, "looking for its model, environment and code")
            found[row.deployment_key] = asking.assets_of(row)
    return found


class _Asking:
    """Asks for each asset once, and for none any more once Azure was not reached."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, str, str], Asset] = {}
        self._unreached: AzureFailure | None = None

    def assets_of(self, row: DeploymentRow) -> tuple[Asset, ...]:
        workspace_id = parent(parent(row.id))
        return tuple(self._one(workspace_id, role, spelt) for role, spelt in _named(row))

    def _one(self, workspace_id: str, role: str, spelt: str) -> Asset:
        key = (workspace_id, role, spelt)
        if key not in self._known:
            self._known[key] = self._asked(*key)
        return self._known[key]

    def _asked(self, workspace_id: str, role: str, spelt: str) -> Asset:
        if self._unreached is not None:
            return unread_asset(role, spelt, self._unreached)
        try:
            return ask_asset(self._reader, workspace_id, role, spelt)
        except AzureFailure as failure:
            if isinstance(failure, SignInFailed | Unreachable):
                self._unreached = failure
            return unread_asset(role, spelt, failure)


def _named(row: DeploymentRow) -> Iterator[tuple[str, str]]:
    for role, spelt in (("model", row.model), ("environment", row.environment), ("code", row.code)):
        if spelt:
            yield role, spelt


def _callers(
    session: Session, reader: Reader, row: DeploymentRow, endpoint: Endpoint | None
) -> Callers:
    now = session.now()
    since = now - timedelta(days=row.window_days)
    if row.created_at is not None:
        since = max(since, row.created_at)
    found = read_callers(reader, parent(row.id), row.deployment, since, now)
    maps = maps_of(session.store, row.endpoint_key)
    if endpoint is not None and endpoint.traffic is not None:
        maps.append(map_seen(now, endpoint.traffic, endpoint.mirror or {}))
    return with_pins(found, partial(had_share, maps))


def _unreached(row: DeploymentRow, failure: AzureFailure) -> Asked:
    why = f"{failure.message} ({failure.code}): {failure.fix}"
    callers = Callers(True, why, (), f"could not be asked: {why}")
    assets = (
        Asset(role, spelt, None, False, f"{role} not asked: Azure was not reached")
        for role, spelt in _named(row)
    )
    return Asked(callers, tuple(assets))
