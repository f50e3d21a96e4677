"""What every command reads: options before environment before settings, made into an Operator."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
import platformdirs

from mothball.settings import Settings, SettingsError, TeamStore, read_settings

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from actions.archive.container import ArchiveContainer
    from actions.session import Session
    from collectors.connection.cloud import Cloud
    from queries.policy import Policy
    from queries.store.file import Store
    from queries.store.heads import Sign

# The permissions that files and folders do not get.
PRIVATE = 0o077


@dataclass
class AppContext:
    """The options that were given, and what follows from them; built when first needed."""

    store_name: str | None = None
    config: Path | None = None
    cloud_name: str | None = None
    read_only: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    umask: int = 0o022

    @cached_property
    def settings(self) -> Settings:
        """The settings file, or the defaults."""
        path = self.config or platformdirs.user_config_path("mothball") / "config.toml"
        return read_settings(path, must_exist=self.config is not None)

    @cached_property
    def data_folder(self) -> Path:
        """Where the store and the archives lie by default."""
        return platformdirs.user_data_path("mothball")

    @property
    def views(self) -> Path:
        """Where the interface keeps the order and columns of its tables."""
        return platformdirs.user_state_path("mothball") / "views.json"

    @cached_property
    def store(self) -> Store:
        """The store that is meant, for what reads snapshots; NoSnapshot where none is finished.

        A later one that is not finished is named on standard error: what follows is older.
        """
        from queries.estate.questions import need_snapshot

        unfinished = need_snapshot(self.store_as_it_is)
        if unfinished is not None:
            _print_notice(unfinished.sentence)
        return self.store_as_it_is

    @cached_property
    def store_as_it_is(self) -> Store:
        """The same, whatever is in it; not opened yet."""
        return self.store_named(self.store_name)

    def store_named(self, name: str | None) -> Store:
        """A store of the settings by its name, or a file; not opened yet."""
        if name is not None and name in self.settings.stores:
            from queries.store.shared import SharedStore

            team = self.settings.stores[name]
            # Its data are files that the whole team reads.
            os.umask(self.umask)
            try:
                return SharedStore(
                    name,
                    team.catalogue,
                    team.data,
                    _print_notice,
                    self.settings.database,
                    account=team.account,
                )
            except ValueError as error:
                raise SettingsError(str(error)) from error
        from queries.store.file import Store

        limits = self.settings.database
        path, is_default = self._path_of(name), name is None
        return Store(path, report=_print_notice, limits=limits, makes_parents=is_default)

    @cached_property
    def cloud(self) -> Cloud:
        """The cloud that is meant."""
        from mothball.profiles import cloud_named

        return cloud_named(self.cloud_name or "AzureCloud")

    def check_cloud(self) -> None:
        """Raise ProfileError where a cloud is named that there is none of."""
        if self.cloud_name is not None:
            from mothball.profiles import cloud_named

            cloud_named(self.cloud_name)

    @cached_property
    def clock(self) -> Callable[[], datetime]:
        """What tells the time: as given, but where the cloud's own stands still."""
        at = self.cloud.now
        return self.now if at is None else lambda: at.astimezone(UTC)

    @cached_property
    def policy(self) -> Policy:
        """What verdicts rest on."""
        from queries.policy import Policy

        settings = self.settings
        return Policy(
            window_days=settings.window_days,
            minimum_age_days=settings.minimum_age_days,
            rollbacks_kept=settings.rollbacks_kept,
            tags=settings.tags,
        )

    @cached_property
    def session(self) -> Session:
        """The session that actions and the interface are given."""
        from actions.session import Limits, Session

        return Session(
            store=self.store_as_it_is,
            cloud=self.cloud,
            sign_in=_once(self._sign_in),
            policy=self.policy,
            limits=Limits(
                read_only=self.read_only,
                protected_subscriptions=frozenset(
                    name.lower() for name in self.settings.protected_subscriptions
                ),
                grace_days=self.settings.grace_days,
                brakes=self.settings.brakes,
            ),
            archive_folder=self._archives(),
            now=self.clock,
            subscriptions=self.settings.subscriptions,
            prices=self.settings.prices,
            cost_basis=self.settings.cost_basis,
            fiscal_year_start=self.settings.fiscal_year_start,
            without_bill=frozenset(name.lower() for name in self.settings.without_bill),
            archive_folder_given=self.settings.archive_folder or self._archives_of_a_team(),
            archive_container=self._archive_container(),
            sign=None if self.settings.journal_key is None else self._sign,
            timeouts=self.settings.timeouts,
        )

    def _sign(self, text: str) -> str:
        return self._signer(text)

    @cached_property
    def _signer(self) -> Sign:
        """The key of the settings, read once: what a snapshot began with signs its end."""
        from actions.signing import BadKey, signer_of

        assert self.settings.journal_key is not None
        try:
            return signer_of(self.settings.journal_key)
        except BadKey as error:
            raise SettingsError(f"journal_key: {error}") from error

    def _sign_in(self) -> TokenCredential:
        from collectors.connection.signin import credential_for
        from mothball.logs import quiet_libraries

        quiet_libraries()
        return credential_for(self.cloud, self.settings.timeouts)

    def _path_of(self, name: str | None) -> Path:
        return self.data_folder / "mothball.duckdb" if name is None else Path(name).expanduser()

    def _archives_of_a_team(self) -> Path | None:
        """Beside the data of a shared store: what one operator deletes, another one restores."""
        team = self._team
        if team is None or "://" in team.data:
            return None
        data = Path(team.data).expanduser()
        return data.with_name(f"{data.name}-archives")

    def _archive_container(self) -> ArchiveContainer | None:
        """Where the settings want it in Azure Storage, or the data of the team are there."""
        from queries.store.urls import CONNECTION_STRING, archives_beside, name_of_account

        team, url = self._team, self.settings.archive_url
        if team is not None and "://" in team.data and self.settings.archive_folder is None:
            url = url or archives_beside(team.data.rstrip("/"))
        if url is None:
            return None
        account = name_of_account(None if team is None else team.account)
        if account is None:
            needed = f"{CONNECTION_STRING} in the environment, or a store with an `account`"
            raise SettingsError(f"archives in {url} need {needed}")
        from actions.archive.container import ArchiveContainer

        # Not among the archives of the stores on this machine.
        copies = self.data_folder / "team-archives" / f"{account}.{url[5:].replace('/', '.')}"
        return ArchiveContainer(url, account, copies, _once(self._sign_in))

    @property
    def _team(self) -> TeamStore | None:
        return self.settings.stores.get(self.store_name or "")

    def _archives(self) -> Path:
        # Beside the store, so that a store and its way back are kept together. A git checkout may
        # hold no raw definition; those of a team are beside its data, and this is where the lock
        # of this machine is.
        from actions.archive.checkout import has_git_above

        folder = self._path_of(self.store_name).parent
        if self.store_name in self.settings.stores or has_git_above(folder):
            return self.data_folder / "archives"
        return folder / "archives"


def _print_notice(text: str) -> None:
    click.echo(text, err=True)


T = TypeVar("T")


def _once(make: Callable[[], T]) -> Callable[[], T]:
    kept: list[T] = []

    def given() -> T:
        if not kept:
            kept.append(make())
        return kept[0]

    return given
